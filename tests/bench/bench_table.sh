#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How far a rate from oscillators is from the one with DarkELF's table of the same oscillators: the
# table's interpolation error (same conventions, same integrals, accuracy 1e-5).
set -euo pipefail
: "${ELFIN_PROGRAM:?use tests/run.sh --bench}"
tables=$(cd "${ELFIN_SHARED:-../shared}/tables" 2>/dev/null && pwd) ||
  { echo "DarkELF's tables are not here: nothing to compare"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for material in Al Al2O3 GaAs GaN Ge Si SiO2 ZnS; do
  cat >"$work/job.yaml" <<YAML
name: compare
conventions: darkelf
accuracy: 1e-5
sweeps:
  rates: {process: electron, material: $material, mediator: [massless, massive],
          response: [mermin, $tables/$material/${material}_mermin.dat],
          mass: [1 MeV, 3 MeV, 10 MeV, 100 MeV, 1 GeV], cross_section: 1e-38,
          threshold: [$([ $material = Al ] && echo 1 eV || echo default), 10 eV], screening: [true, false]}
YAML
  "$ELFIN_PROGRAM" run "$work/job.yaml" -o "$work/$material.h5" 2>/dev/null
  "$ELFIN_PROGRAM" export "$work/$material.h5" | awk -F, -v material=$material '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { key = $column["mediator"] " " $column["mass_eV"] " " $column["screening"] " " $column["threshold_eV"]
      rate = $column["rate_per_kg_yr"]
      if ($column["response"] == "mermin") { mermin[key] = rate; next }
      if (rate > 0) { d = mermin[key] / rate - 1; if (d < 0) d = -d; all[n++] = d; if (d > worst) { worst = d; at = key } } }
    END { for (i = 0; i < n; i++) for (j = i + 1; j < n; j++) if (all[j] < all[i]) { t = all[i]; all[i] = all[j]; all[j] = t }
          printf "%-6s %3d rates: median %.1e, worst %.1e (mediator, mass, screening, threshold: %s)\n", material, n, all[int(n/2)], worst, at }'
done

# And that it is the table's error: halving both its steps divides the difference by four.
echo
echo "Si, massive, 10 MeV, above 10 eV, from tables made of elfin's own oscillators:"
job() { # RESPONSE
  cat <<YAML
name: compare
conventions: darkelf
accuracy: 1e-6
sweeps: {rates: {process: electron, material: Si, response: $1, mediator: massive, mass: 10 MeV,
                 cross_section: 1e-38, threshold: 10 eV}}
YAML
}
rate() { # RESPONSE
  job "$1" >"$work/job.yaml"
  "$ELFIN_PROGRAM" run "$work/job.yaml" -o "$work/one.h5" --overwrite 2>/dev/null
  "$ELFIN_PROGRAM" export "$work/one.h5" | awk -F, 'NR == 2 { print $7 }'
}
exact=$(rate mermin)
echo "  oscillators  $exact per kg yr"
for n in 1 2 4; do
  "$ELFIN_PROGRAM" response Si --kind mermin --conventions darkelf --omega-grid 0.1,99.3,$((248 * n + 1)) \
    --k-grid 37.2895,37289.5,$((99 * n + 1)) |
    awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >"$work/table.dat"
  echo "  step / $n     $(rate table.dat | awk -v exact="$exact" '{ printf "%s per kg yr: off by %.1e", $1, $1 / exact - 1 }')"
done
