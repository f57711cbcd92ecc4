#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Migdal effect and nuclear recoil in whole runs: 1, 2 and 3 ranks, byte for byte, with responses that
# the ranks prepare together; `rate` gives the bits of `run`; the pole of the full expression is a reason in
# the file; what cannot be done is refused by name before anything starts.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
input=$here/../../input
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

cat >job.yaml <<'END'
name: shaken
sweeps:
  soft:
    process: migdal
    material: [Si, GaAs]
    response: [mermin, lindhard]
    mediator: [massless, 20 keV]
    approximation: [free, impulse]
    nucleus: all
    ion_charge: [momentum, constant]
    mass: {log: [500 keV, 1 GeV, 5]}
    cross_section: [1e-38 cm2, 1e-36 cm2]
    threshold: [default, 12 eV]
    charge: 3
    at: [7 eV, 20 eV]
  full:
    process: migdal
    material: Si
    mediator: massive
    expansion: full
    accuracy: 1e-3
    mass: [20 MeV, 500 MeV]
    cross_section: 1e-38 cm2
    threshold: [10 eV, 60 eV]
  atoms:
    process: migdal
    material: [Si, Ge]
    response: atomic
    mediator: massive
    shells: [all, 3s+3p]
    mass: {log: [10 MeV, 1 GeV, 5]}
    cross_section: 1e-38 cm2
    threshold: 10 eV
  recoil:
    process: nuclear
    material: [Si, GaAs]
    mediator: [massless, massive]
    mass: {log: [1 MeV, 10 GeV, 9]}
    cross_section: 1e-38 cm2
    threshold: [0.1 eV, 10 eV]
END
sweeps="soft full atoms recoil"
ends 1 run job.yaml -o alone.h5 # the pole
for sweep in $sweeps; do
  claim "$sweep is exported" "$ELFIN_PROGRAM" export alone.h5 --sweep $sweep >$sweep.csv
done
claim "nothing failed but at the pole" test "$(cat soft.csv atoms.csv recoil.csv | grep -c ',2$')" = 0
claim "light masses give an exact 0" test "$(tr -d '\r' <soft.csv | grep -c ',500000,.*,0,0,1$')" = 128
claim "one threshold reaches the pole" test "$(grep -c ',2$' <(tr -d '\r' <full.csv))" = 1
ends 0 show alone.h5
says out "pole"

last3() { tr -d '\r' <"$1" | rev | cut -d, -f1-3 | rev | sort -u; } # value, error, status

for n in 2 3; do
  mpi $n run job.yaml -o on$n.h5
  for sweep in $sweeps; do
    "$ELFIN_PROGRAM" export on$n.h5 --sweep $sweep >on$n.csv
    claim "$n ranks give the same bytes: $sweep" cmp $sweep.csv on$n.csv
  done
done

# The same request alone: with all that it asks for, since thresholds and bins share what is computed.
ends 0 rate --process migdal --material GaAs --response mermin --mediator 20keV --approximation impulse \
  --ion-charge constant --mass 1GeV --cross-section 1e-38cm2 --threshold '[default, 12 eV]' --charge 3 \
  --at '[7 eV, 20 eV]'
claim "rate gives the bits of run" test -n "$(comm -12 <(last3 out) <(grep '^GaAs,mermin,' soft.csv >some.csv; last3 some.csv) | grep -v '^0,')"
claim "and so for both thresholds" test "$(comm -12 <(last3 out) <(last3 some.csv) | grep -vc '^0,')" -ge 2

# The campaign that people run as 40,000 separate files: it is one, and it is accepted.
ends 0 check "$input/migdal_grid.yaml"
says out "160000 rates"

# No ion charge: refused by name, before anything starts.
for material in Al2O3 GaN Ag; do
  ends 2 rate --process migdal --material $material --mediator massless --mass 100MeV \
    --cross-section 1e-38cm2 --threshold 10eV
  says err "material: $material: "
  says err "no charge of the ion"
done
ends 2 rate --process migdal --material Si --shells 3s --mediator massless --mass 100MeV \
  --cross-section 1e-38cm2 --threshold 10eV
says err "shells has no effect on the response mermin"
ends 2 rate --process migdal --material Si --response atomic --shells 5f --mediator massless --mass 100MeV \
  --cross-section 1e-38cm2 --threshold 10eV
says err "Si has no shell 5f; it has 1s, 2s, 2p, 3s, 3p"
finish
