#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Parts of a job, computed by runs that know nothing of each other, merge into the file that one run
# would have made; what does not belong together is refused; and each file says who computed what.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

cat >job.yaml <<'YAML'
name: parts
sweeps:
  rates:
    process: electron
    material: [Si, Al]
    response: lindhard
    mediator: [massless, massive]
    mass: {log: [500 keV, 1 GeV, 40]}
    cross_section: [1e-38, 1e-37]
    threshold: [default, 10 eV]
  spectra: {process: electron, material: Ge, response: lindhard, mediator: massless, mass: {log: [1 MeV, 1 GeV, 31]},
            cross_section: 1e-38, spectrum: {linear: [0 eV, 50 eV, 11]}, charge: 4}
YAML
export_all() { # FILE
  "$ELFIN_PROGRAM" export "$1" --sweep rates && "$ELFIN_PROGRAM" export "$1" --sweep spectra &&
    "$ELFIN_PROGRAM" export "$1" --sweep spectra --dataset spectrum &&
    "$ELFIN_PROGRAM" export "$1" --sweep spectra --dataset charge_rate
}
same_as_whole() { # FILE
  export_all "$1" >found.csv && cmp whole.csv found.csv
}
ends 0 run job.yaml -o whole.h5
export_all whole.h5 >whole.csv

for i in 1 2 3; do
  claim "part $i of 3 is done" mpi $i run job.yaml -o part$i.h5 --part $i/3
done
claim "no part is the whole" test "$("$ELFIN_PROGRAM" export part1.h5 --sweep rates | grep -c ',0.$')" -gt 100
ends 0 run job.yaml -o part1.h5 --part 1/3 --resume
says err "0 of them to do"

# A part's file has a name of its own; what another part made is not gone on with.
ends 0 run job.yaml --part 2/3
ends 0 run job.yaml --part 3/3
claim "by default parts have their own files" test -f parts.part2of3.h5 -a -f parts.part3of3.h5
ends 1 run job.yaml --part 1/3 -o parts.part2of3.h5
says err "was made by part 2/3 of its job, and this is part 1/3"
claim "--resume is no way out" test "$(grep -c -- --resume err)" = 0
ends 1 run job.yaml --part 2/3
says err "--resume goes on with it"

# ---- merging ----
ends 1 merge part3.h5 part1.h5 -o two.h5
says err "pending"
says err "no file is of part 2/3"
ends 1 merge part3.h5 -o one.h5
says err "no file is of parts 1/3, 2/3"
ends 0 run job.yaml -o two.h5 --resume
claim "two parts and a run: the same bytes" same_as_whole two.h5
ends 0 merge part3.h5 part1.h5 part2.h5 -o all.h5
claim "three parts in any order: the same bytes" same_as_whole all.h5
ends 1 merge part1.h5 part2.h5 -o all.h5
says err "exists already"
ends 0 merge part1.h5 part2.h5 part3.h5 -o all.h5 --overwrite
claim "overwritten: the same bytes" same_as_whole all.h5
ends 0 show all.h5
says out "all.h5: complete"
ends 0 merge part1.h5 parts.part2of3.h5 parts.part3of3.h5 -o named.h5
claim "under their own names: the same bytes" same_as_whole named.h5

# Parts one after the other in one file are the whole, too.
ends 0 run job.yaml -o turns.h5 --part 2/2
ends 0 show turns.h5
says out "not complete"
ends 0 run job.yaml -o turns.h5 --part 1/2 --resume
claim "part after part in one file: the same bytes" same_as_whole turns.h5
ends 0 show turns.h5
says out "turns.h5: complete"

# ---- what does not belong together ----
sed 's/1 GeV, 40/1 GeV, 41/' job.yaml >other.yaml
ends 0 run other.yaml -o other.h5 --part 2/3
ends 1 merge part1.h5 other.h5 -o no.h5
says err "part1.h5 and other.h5 do not belong together: their jobs"
claim "nothing is left behind" test -z "$(find . -name '*no.h5*')"
for wrong in 0/3 4/3 3 1/0 -1/2 1/2x 1/9999999; do
  ends 2 run job.yaml -o no.h5 --part=$wrong
done
ends 2 merge -o no.h5
ends 2 merge part1.h5
ends 2 merge part1.h5 absent.h5 -o no.h5

# ---- who computed what ----
"$ELFIN_PROGRAM" show all.h5 --job >job_again.yaml 2>made_by
claim "the job is there byte for byte" cmp job.yaml job_again.yaml
for word in "run 0: " "3 ranks on " "part 2/3" "SHA-256 $(sha256sum "$ELFIN_DATA/materials/Ge.yaml" | cut -d ' ' -f 1)" \
  "$("$ELFIN_PROGRAM" --version | sed -n 's/^commit //p')" "-ffp-contract=off" "HDF5 " "Cubature " "MPI"; do
  says made_by "$word"
done
if "$PYTHON" -c 'import h5py' 2>/dev/null; then
  claim "each task names its run, each run its part" "$PYTHON" - all.h5 <<'PY'
import h5py, numpy, sys
with h5py.File(sys.argv[1]) as f:
    runs = f["runs"][...]
    n = (runs["began"] != b"").sum()
    assert n == 3, n
    assert sorted(runs["part"][:n]) == [1, 2, 3] and (runs["n_parts"][:n] == 3).all()
    assert sorted(runs["ranks"][:n]) == [1, 2, 3]
    counted = numpy.zeros(n, int)
    for sweep in ("rates", "spectra"):
        run = f[sweep]["run"][...].ravel()
        assert (run >= 0).all() and (run < n).all()
        counted += numpy.bincount(run, minlength=n)
    assert (counted == runs["tasks"][:n]).all(), (counted, runs["tasks"][:n])
    assert (runs["ended"][:n] >= runs["began"][:n]).all()
PY
fi
finish
