#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Claim: a table of ε(ω,k) made of a material's oscillators tends to them: halving both its steps
# divides the error of a rate by four, since look-ups are bilinear. So the difference between rates
# from DarkELF's tables and from oscillators is the tables' interpolation error.
set -euo pipefail
. "$(dirname "$0")/common.sh"

job() { # RESPONSE
  cat <<YAML
name: limit
accuracy: 1e-6
sweeps: {rates: {process: electron, material: Si, response: $1, mediator: massive, mass: 10 MeV,
                 cross_section: 1e-38, threshold: 10 eV, kcut: 20 keV}}
YAML
}
rate() { # RESPONSE
  job "$1" >limit.yaml
  "$ELFIN_PROGRAM" run limit.yaml -o limit.h5 --overwrite 2>log || { cat log >&2; exit 1; }
  "$ELFIN_PROGRAM" export limit.h5 >limit.csv
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "rate_per_kg_yr") c = i } NR == 2 { print $c }' limit.csv
}
exact=$(rate mermin)
errors=()
for n in 1 2 4; do
  "$ELFIN_PROGRAM" response Si --kind mermin --omega-grid 0.1,32.1,$((80 * n + 1)) \
    --k-grid 100,20100,$((50 * n + 1)) | awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >table.dat
  errors+=("$(rate ./table.dat | awk -v exact="$exact" '{ print $1 / exact - 1 }')")
done
echo "oscillators $exact; errors of tables ${errors[*]}"
awk -v e1="${errors[0]}" -v e2="${errors[1]}" -v e4="${errors[2]}" 'BEGIN {
  if (!(e1 / e2 > 3 && e1 / e2 < 5 && e2 / e4 > 3.5 && e2 / e4 < 4.5)) {
    print "the errors fall by " e1 / e2 " and " e2 / e4 ", not by 4"; exit 1 } }'
