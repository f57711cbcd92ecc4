#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A result file as the world reads it: h5py finds axes, units and provenance by their names, and the
# numbers that elfin exports.
set -uo pipefail
: "${ELFIN_PROGRAM:?is set by CTest: the program under test}"
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
"$python" -c 'import h5py, numpy' 2>/dev/null || { echo "skipped: no h5py"; exit 77; }

cat >job.yaml <<'YAML'
name: seen
sweeps:
  all:
    process: electron
    material: [Si, Ge]
    response: lindhard
    mediator: [massless, 10 keV, massive]
    mass: {log: [1 MeV, 100 MeV, 5]}
    cross_section: [1e-38, 2e-37]
    threshold: [default, 10 eV]
    vearth: [232 km/s, 244 km/s]
    spectrum: {linear: [0 eV, 50 eV, 6]}
    at: [5 eV, 10 eV]
    charge: 4
  one: {process: electron, material: Al, response: lindhard, mediator: massive, mass: 10 MeV, cross_section: 1e-38, conventions: [elfin, darkelf]}
YAML
"$ELFIN_PROGRAM" run job.yaml 2>err || { cat err; exit 1; }
for dataset in rate spectrum differential charge_rate; do
  "$ELFIN_PROGRAM" export seen.h5 --sweep all --dataset $dataset >$dataset.csv || exit 1
done
"$ELFIN_PROGRAM" export seen.h5 --sweep all --reach 3 >reach.csv || exit 1
"$python" "$here/test_h5py.py"
