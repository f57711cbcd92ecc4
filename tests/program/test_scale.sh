#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A job of 10⁹ tasks: validated in seconds, begun in part, and no rank's memory grows with it.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

make_job() { # NAME MASSES SPEEDS
  cat >"$1.yaml" <<YAML
name: $1
sweeps:
  rates: {process: electron, material: Si, response: lindhard, mediator: massless, halo: {v0: {linear: [220 km/s, 230 km/s, $3]}},
          mass: {log: [1 eV, 1 keV, $2]}, cross_section: 1e-38, threshold: 10 eV}
YAML
}
make_job billion 1000000 1000
make_job thousand 100 10
begin=$(date +%s)
"$ELFIN_PROGRAM" check billion.yaml >out 2>err
code=$? # 1 if its 41 GB would not fit this disk
took=$(($(date +%s) - begin))
claim "checked: code $code" test $code = 0 -o $code = 1
says out "all: 1000000000 tasks"
claim "in seconds: $took" test $took -le 20

peak_kB() { # ARGUMENTS…: of one process; leaves its exit code
  "$PYTHON" - "$ELFIN_PROGRAM" "$@" 2>err <<'PY'
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
PY
}
small=$(peak_kB run thousand.yaml -o small.h5)
claim "a thousand tasks are done" test $? = 0
large=$(peak_kB run billion.yaml -o large.h5 --part 1/5000)
claim "a five-thousandth of 10⁹ tasks is done" test $? = 0
claim "and stored in a file with holes: $(du -k large.h5 | cut -f 1) kB of $(($(stat -c %s large.h5) / 1000000)) MB" \
  test "$(du -k large.h5 | cut -f 1)" -lt 200000
echo "peak memory: $small kB for 10³ tasks, $large kB for 10⁹"
claim "a million times the tasks take little more memory" test "$large" -lt $((small + 40000))
claim "two ranks do another part in the same file" mpi 2 run billion.yaml -o large.h5 --part 2/5000 --resume
says err "200704 of them to do"
finish
