#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin import` as a user types it, and a campaign on what it made: the tables are listed under
# /inputs, and a rate is that of the table given by its path.
source "$(dirname "$0")/../program/common.sh"

mkdir X
printf 'rhoT: 2.5\nA: 28\nZion: 4\nE_gap: 1.1\ne0: 3.6\nunitcell: {"X":{"A":28,"mult":2}}\n' >X/X.yaml
printf '0 4\n1000 10\n' >X/X_Zion.dat
awk 'BEGIN { print "A citation"
  for (k = 500; k <= 20000; k += 1500) for (w = 1; w <= 60; w += 1)
    print w, k, 3 + k / 10000 - w / 40, 2 / (1 + (w - 16) ^ 2 / 9) }' >X/X_mermin.dat

ends 2 import
says err 'elfin knows darkelf'
ends 2 import abinit X -o made
says err "'abinit' is not known"
ends 2 import darkelf X
says err 'where to?'
ends 2 import darkelf -o made
says err 'takes one folder'
ends 2 import darkelf X --overwirte -o made
says err 'did you mean --overwrite'
ends 2 import darkelf Y -o made
says err 'Y: No such file or directory'
claim "nothing was made" test ! -e made
ends 0 import darkelf X -o made
says out 'X_mermin.dat'
says out 'made/X.yaml is complete'
ends 1 import darkelf X -o made
says err 'made/X.yaml: exists already; --overwrite replaces it'
ends 0 import darkelf X/ -o made --overwrite
ends 0 materials made/X.yaml
says out 'A citation. DarkELF (arXiv:2104.12786), data/X/X_mermin.dat'

job() { # RESPONSE
  printf 'name: %s\nsweeps:\n  a:\n    process: electron\n    material: made/X.yaml\n%s    mediator: massless\n    mass: [10 MeV, 100 MeV]\n    cross_section: 1e-38\n' "$1" "$2"
}
job own '' >own.yaml
job path '    response: made/X/X_mermin.dat
' >path.yaml
ends 0 run own.yaml
ends 0 run path.yaml
"$ELFIN_PROGRAM" export own.h5 | tail -n +2 | cut -d, -f4- >own.csv
"$ELFIN_PROGRAM" export path.h5 | tail -n +2 | cut -d, -f4- >path.csv
claim "two rates" test "$(wc -l <own.csv)" = 2
claim "the default response is the table" cmp -s own.csv path.csv
if "$PYTHON" -c 'import h5py' 2>/dev/null; then
  "$PYTHON" - >inputs <<'PY'
import h5py, hashlib
with h5py.File("own.h5") as f:
    for path, role, sha256 in zip(*(f["inputs/" + key].asstr()[:] for key in ("path", "role", "sha256"))):
        print(path, "as", role, hashlib.sha256(open(path, "rb").read()).hexdigest() == sha256)
PY
  says inputs 'made/X.yaml as material True'
  says inputs 'made/X/X_mermin.dat as table of a material True'
  says inputs 'made/X/X_Zion.dat as table of a material True'
fi
echo '1 1 1 1' >>made/X/X_mermin.dat
ends 2 check own.yaml
says err 'made/X/X_mermin.dat has not this checksum'
finish
