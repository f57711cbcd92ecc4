#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What spectra cost that begin below the gap: README's campaign at 200 masses, and the same for single materials,
# with bins of ω from the gap and from 0 on; seconds of processor time of a whole run, start and file included.
set -euo pipefail
: "${ELFIN_PROGRAM:?use tests/run.sh --bench}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
say() { # WORDS MATERIALS EXTRA
  local TIMEFORMAT='%3U'
  cat >job.yaml <<YAML
name: reach
accuracy: 1e-4
halo: {preset: shm}
sweeps:
  electrons: {process: electron, material: $2, response: mermin, mediator: [massless, massive],
              mass: {log: [500 keV, 1 GeV, 200]}, cross_section: 1e-38 cm2, threshold: [default, 10 eV],
              $3}
YAML
  printf '%-44s %6.2f s\n' "$1" "$({ time "$ELFIN_PROGRAM" run job.yaml -o out.h5 --overwrite >/dev/null 2>&1; } 2>&1)"
}
say "Si and Ge: 100 bins from 0 eV" "[Si, Ge]" "spectrum: {linear: [0 eV, 50 eV, 101]}"
for material in Si Ge Al2O3 SiO2 Al; do
  say "$material: two thresholds alone" $material ""
  say "$material: 90 bins from 5 eV, too" $material "spectrum: {linear: [5 eV, 50 eV, 91]}"
  say "$material: 100 bins from 0 eV, too" $material "spectrum: {linear: [0 eV, 50 eV, 101]}"
done
