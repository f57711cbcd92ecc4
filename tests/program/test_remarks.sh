#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What run says at its end about the result, and check and run about masses without a unit: what is worth it, and
# nothing else.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"

job() { # NAME PROCESS MASS THRESHOLD
  cat >"$1.yaml" <<YAML
name: $1
sweeps:
  s: {process: $2, material: Si, mediator: massive, mass: $3, cross_section: 1e-38, threshold: $4}
YAML
}
silent() { claim "nothing is said of the result" test -z "$(grep -E 'note|warning' err)"; }

job forgotten nuclear '[10, 100]' '[1 eV, 10 eV]'
ends 0 check forgotten.yaml
says err "elfin: warning: sweep s, line 3: mass 10 has no unit and is taken in eV"
says err "mass: 10 MeV"
ends 0 run forgotten.yaml
says err "elfin: warning: sweep s, line 3: mass 10 has no unit"
says err "elfin: note: sweep s: all 4 rates are 0: dark matter of up to 100 eV is too slow; is the mass meant in eV"
claim "one note" test "$(grep -c note: err)" = 1
ends 0 run forgotten.yaml --resume
claim "of a run that had nothing to do nothing is said" test -z "$(grep note: err)"
mpi 2 run forgotten.yaml --overwrite
claim "once, on any number of ranks" test "$(grep -c note: err)" = 1

for process in electron migdal multiphonon; do
  job grid $process '{log: [1, 1e6, 3]}' '10 eV'
  ends 0 check grid.yaml
  says err "warning: sweep s, line 3: mass 1 has no unit"
done
job units nuclear '[10 eV, 1e9]' '1 eV'
ends 0 check units.yaml
silent
job light nuclear '[1 MeV, 2 MeV]' '10 eV'
ends 0 run light.yaml
says err "note: sweep s: all 2 rates are 0: dark matter of up to 2e+06 eV is too slow for the least energy"

# A curve that begins with zeros is none of that, and a plain result has nothing to say.
job curve nuclear '[1 MeV, 1 GeV]' '10 eV'
ends 0 run curve.yaml
silent
ends 0 show curve.h5
says out "1: no dark matter is fast enough"

# Otherwise as show has it.
job heavy nuclear '[1 GeV, 100 GeV, 1000 GeV]' '1 keV'
ends 0 run heavy.yaml
says err "note: sweep s: 2 of 3 rates: the size of nuclei would change it"
ends 0 show heavy.h5
says out "  2: the size of nuclei would change it"
finish
