#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The numbers are the same bit for bit whatever the number of ranks, with and without interruption:
# exported CSVs of 1, 2, 3, 5 and 8 ranks are compared byte for byte, each file having points of all ranks.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

cat >job.yaml <<'YAML'
name: ranks
sweeps:
  rates:
    process: electron
    material: [Si, Al]
    response: [lindhard, mermin, mermin_edges]
    mediator: [massless, massive, 10 keV]
    mass: {log: [200 keV, 1 GeV, 41]}
    cross_section: [1e-38 cm2, 2e-37 cm2]
    threshold: [default, 10 eV]
    vearth: [232 km/s, 244 km/s]
  spectra:
    process: electron
    material: Si
    response: [lindhard, mermin]
    mediator: massless
    mass: {log: [1 MeV, 100 MeV, 30]}
    cross_section: 1e-38
    spectrum: {linear: [0 eV, 50 eV, 26]}
YAML

export_all() { # FILE: everything that it holds
  "$ELFIN_PROGRAM" export "$1" --sweep rates &&
    "$ELFIN_PROGRAM" export "$1" --sweep spectra &&
    "$ELFIN_PROGRAM" export "$1" --sweep spectra --dataset spectrum
}

ends 0 run job.yaml -o alone.h5
claim "the export works" export_all alone.h5 >alone.csv
claim "and says something" test "$(wc -l <alone.csv)" -gt 2000

for n in 1 2 3 5 8; do
  claim "the run on $n ranks is done" mpi $n run job.yaml -o on$n.h5
  export_all on$n.h5 >on$n.csv
  claim "$n ranks give the same bytes as one process" cmp alone.csv on$n.csv
  [ $n -gt 1 ] || continue
  "$PYTHON" -c 'import h5py' 2>/dev/null || continue
  claim "at least two of $n ranks computed points" "$PYTHON" - on$n.h5 <<'PY'
import sys, h5py, numpy
with h5py.File(sys.argv[1]) as f:
    ranks = set(numpy.unique(f["rates/rank"])) | set(numpy.unique(f["spectra/rank"]))
print(f"points of ranks {sorted(int(r) for r in ranks)}")
sys.exit(len(ranks) < 2)
PY
done

# A job of one sweep and some seconds: each rank gets to do some of it; then the same, interrupted, and
# finished on another number of ranks.
cp job.yaml several.yaml
make_job() { # MASSES
  cat >job.yaml <<YAML
name: long
accuracy: 1e-6
sweeps:
  rates: {process: electron, material: [Si, Al], response: lindhard, mediator: [massless, 10 keV],
          mass: {log: [1 MeV, 1 GeV, $1]}, cross_section: 1e-38, threshold: [default, 10 eV]}
YAML
}
size_job 3000
by_usr1() { kill -USR1 $run; }
for n in 1 2 3 5 8; do
  claim "the long run on $n ranks is done" mpi $n run job.yaml -o long$n.h5
  claim "the long run on $n ranks: the same bytes" same_as_whole long$n.h5
  launch=(mpirun -n $n)
  interrupt cut$n.h5 by_usr1
  claim "interrupted: code 1" test $code = 1
  claim "halfway" is_partial cut$n.h5
  claim "then finished on $((9 - n)) ranks" mpi $((9 - n)) run job.yaml -o cut$n.h5 --resume
  claim "interrupted on $n ranks, finished on $((9 - n)): the same bytes" same_as_whole cut$n.h5
  "$PYTHON" -c 'import h5py' 2>/dev/null || continue
  claim "all of $n ranks computed points" "$PYTHON" - long$n.h5 $n <<'PY'
import sys, h5py, numpy
with h5py.File(sys.argv[1]) as f:
    counts = numpy.bincount(f["rates/rank"][...].ravel(), minlength=int(sys.argv[2]))
print("points of each rank:", *counts)
sys.exit(bool(len(counts) != int(sys.argv[2]) or (counts == 0).any()))
PY
done
cp several.yaml job.yaml

# What is wrong is said once, by one rank, and all ranks end alike.
sed 's/material: Si/material: Sii/' job.yaml >wrong.yaml
mpi 3 run wrong.yaml
claim "a wrong job ends 3 ranks with code 2" test $? = 2
claim "and is explained once" test "$(grep -c Sii err)" = 1
finish
