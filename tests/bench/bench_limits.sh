#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What limits cost beside the rates that they come from: one process, 200 masses and 11 mediators of dark
# matter scattering off electrons in Si; seconds of processor time of a whole run, start and file included.
set -euo pipefail
: "${ELFIN_PROGRAM:?use tests/run.sh --bench}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
job() { # MEDIATORS EXTRA
  cat <<YAML
name: plane
sweeps:
  plane: {process: electron, material: Si, mediator: $1, mass: {log: [1 MeV, 1 GeV, 200]},
          cross_section: 1e-37 cm2, $2}
YAML
}
seconds() { # COMMAND…: user and system time of the best of three
  local TIMEFORMAT='%3U %3S' best=1000
  for _ in 1 2 3; do
    { time "$@" >/dev/null 2>&1; } 2>time
    best=$(awk -v best="$best" '{ t = $1 + $2; print t < best ? t : best }' time)
  done
  echo "$best"
}
plane='{log: [1 keV, 1 MeV, 11]}'
say() { # WORDS MEDIATORS EXTRA
  job "$2" "$3" >job.yaml
  printf '%-52s %6.2f s\n' "$1" "$(seconds "$ELFIN_PROGRAM" run job.yaml -o out.h5 --overwrite)"
}
say "200 masses, massless: rates alone" massless "threshold: default"
say "200 masses, massless: events in DAMIC-M's bins, too" massless "detector: DAMIC_M_2025"
say "200 masses, massive: events in DAMIC-M's bins, too" massive "detector: DAMIC_M_2025"
say "200 masses, massless: events in SENSEI's bins, too" massless "detector: SENSEI_SNOLAB"
say "200 masses, massless: ten charges, too" massless "charge: 10"
say "200 masses, massless: 98 bins of a spectrum, too" massless "spectrum: {linear: [1 eV, 50 eV, 99]}"
for method in total best_expected best_observed likelihood; do
  say "200 masses, massless: DAMIC-M's limit, $method" massless "limit: {experiment: DAMIC_M_2025, method: $method}"
done
for method in maximum_gap optimum_interval; do
  say "200 masses, massless: 11 energies, $method" massless "limit: {experiment: example_energies, method: $method}"
done
say "200 masses x 11 mediators: rates alone" "$plane" "threshold: default"
say "200 masses x 11 mediators: events in DAMIC-M's bins" "$plane" "detector: DAMIC_M_2025"
for method in total best_expected likelihood; do
  say "200 masses x 11 mediators: DAMIC-M's limit, $method" "$plane" "limit: {experiment: DAMIC_M_2025, method: $method}"
done
job "$plane" "detector: DAMIC_M_2025" >job.yaml
"$ELFIN_PROGRAM" run job.yaml -o events.h5 2>/dev/null
for method in total best_expected likelihood; do
  printf '%-52s %6.2f s\n' "elfin limit of that file, $method" "$(seconds "$ELFIN_PROGRAM" limit events.h5 --method $method)"
done
