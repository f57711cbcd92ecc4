#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Disks that are full, at once or later: code 1, a sentence that says so, nothing left behind and
# nothing lost. With a small disk of its own where root may mount one, else with a limit on files.
set -uo pipefail
: "${ELFIN_PROGRAM:?is set by CTest: the program under test}"
work=$(mktemp -d)
trap 'umount "$work/disk" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0
claim() { # WHAT COMMAND…
  local what=$1; shift
  "$@" && return
  failures=$((failures + 1))
  echo "does not hold: $what" >&2
  cat err >&2
}
ends() { # CODE COMMAND…
  local code=$1 found; shift
  timeout 60 "$@" >out 2>err
  found=$?
  claim "exit code $code, found $found: $*" test "$found" = "$code"
}

cat >job.yaml <<'YAML'
name: full
sweeps:
  a: {process: electron, material: Si, response: lindhard, mediator: massless, mass: {log: [1 MeV, 1 GeV, 500]}, cross_section: {log: [1e-40, 1e-38, 20]}, threshold: 10 eV}
YAML
"$ELFIN_PROGRAM" run job.yaml -o whole.h5 2>err || { cat err; exit 1; }
size=$(stat -c %s whole.h5)

# A limit on the size of files, which the disk's own figures do not show.
limited() { # KIB COMMAND…
  (trap '' XFSZ; ulimit -f "$1"; shift; exec "$@")
}
export -f limited
ends 1 bash -c "limited $((size / 2048)) '$ELFIN_PROGRAM' run job.yaml -o limited.h5"
claim "the sentence names file and reason" grep -q "limited.h5: .*File too large" err
claim "nothing is left behind" test -z "$(find . -name '*limited*')"

# Full in the middle of a run (/runs and the first dataset, of 80 kB, just fit): the file stays readable, and
# the run can go on.
"$ELFIN_PROGRAM" run job.yaml -o later.h5 --max-time 0.001s 2>err
ends 1 bash -c "limited 260 '$ELFIN_PROGRAM' run job.yaml -o later.h5 --resume"
claim "the sentence names file and reason" grep -q "later.h5: .*cannot be written: File too large" err
ends 0 "$ELFIN_PROGRAM" show later.h5
ends 0 "$ELFIN_PROGRAM" run job.yaml -o later.h5 --resume
"$ELFIN_PROGRAM" export whole.h5 >whole.csv
"$ELFIN_PROGRAM" export later.h5 >later.csv
claim "and then holds what it should" cmp whole.csv later.csv

mkdir disk
if ! mount -t tmpfs -o size=$((size * 3)) tmpfs disk 2>/dev/null; then
  echo "the small disk is left out: no right to mount one"
else
  ends 0 "$ELFIN_PROGRAM" run job.yaml -o disk/first.h5
  head -c $((size * 3 / 2)) /dev/zero >disk/filler 2>/dev/null
  ends 1 "$ELFIN_PROGRAM" run job.yaml -o disk/second.h5
  claim "the sentence names the file and both sizes" grep -q "disk/second.h5: needs .* bytes, and its disk has" err
  ends 1 "$ELFIN_PROGRAM" run job.yaml -o disk/first.h5 --overwrite
  ends 0 "$ELFIN_PROGRAM" export disk/first.h5
  claim "what was there is not lost" cmp out whole.csv
  claim "nothing is left behind" test -z "$(find disk -name '.*tmp*' -o -name 'second*')"
fi
[ $failures = 0 ] && echo "full disks are met at the door"
exit $((failures > 0))
