#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What ranks gain, and what a point costs that needs no integration: scheduling and storing alone.
set -euo pipefail
: "${ELFIN_PROGRAM:?use tests/run.sh --bench}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Seconds of the tasks, without start and preparation: elfin says them in its last progress line.
seconds() { # RANKS JOB
  mpirun -n "$1" "$ELFIN_PROGRAM" run "$2" -o "on$1.h5" --overwrite 2>&1 |
    sed -n 's/.* tasks in \([0-9.]*\) s.*/\1/p' | tail -n 1
}
wall() { # COMMAND…
  local begin
  begin=$(date +%s%N)
  "$@" >/dev/null 2>&1
  echo $((($(date +%s%N) - begin) / 1000000))
}

cat >points.yaml <<'YAML'
name: points
sweeps:
  rates: {process: electron, material: [Si, Ge], mediator: [massless, massive],
          mass: {log: [1 MeV, 1 GeV, 500]}, cross_section: 1e-38, threshold: [default, 10 eV, 20 eV]}
YAML
echo "2000 tasks of 3 thresholds: seconds of the tasks; of all, from start to end"
for n in 1 2; do
  tasks=$(seconds $n points.yaml)
  all=$(wall mpirun -n $n "$ELFIN_PROGRAM" run points.yaml -o "all$n.h5" --overwrite)
  echo "  $n ranks: $tasks s; $all ms"
done

# Dark matter too light to reach the threshold: the rate is 0 at once.
cat >light.yaml <<'YAML'
name: light
sweeps:
  rates: {process: electron, material: Si, response: lindhard, mediator: massless,
          mass: {log: [1 eV, 1 keV, 1000000]}, cross_section: 1e-38}
YAML
echo "10^6 points without work: seconds of the tasks (= microseconds a point); of all"
for n in 1 2 4; do
  tasks=$(seconds $n light.yaml)
  all=$(wall mpirun -n $n "$ELFIN_PROGRAM" run light.yaml -o "all$n.h5" --overwrite)
  echo "  $n ranks: $tasks; $all ms"
done

# Long tasks beside short ones: 250 oscillators at a high accuracy, spectra, the free electron gas, and
# points without work.
cat >mixed.yaml <<'YAML'
name: mixed
cross_section: 1e-38
sweeps:
  light: {process: electron, material: Si, response: lindhard, mediator: massless, mass: {log: [1 eV, 1 keV, 200000]}}
  long: {process: electron, material: Ge, mediator: [massless, massive], accuracy: 1e-6, mass: {log: [1 MeV, 1 GeV, 60]},
         threshold: [default, 10 eV, 20 eV]}
  spectra: {process: electron, material: Al, response: lindhard, mediator: massless, mass: {log: [1 MeV, 1 GeV, 100]},
            spectrum: {linear: [0 eV, 50 eV, 26]}}
  short: {process: electron, material: [Si, Al], response: lindhard, mediator: [massless, massive],
          mass: {log: [1 MeV, 1 GeV, 2000]}, threshold: 10 eV}
YAML
one=$(seconds 1 mixed.yaml)
two=$(seconds 2 mixed.yaml)
echo "a mixed campaign: $one s on 1 rank, $two s on 2: parallel efficiency $(awk "BEGIN { printf \"%.3f\", $one / (2 * $two) }")"
