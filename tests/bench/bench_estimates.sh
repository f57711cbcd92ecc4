#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How many rates at accuracy 1e-4 lie within their estimates, judged by the same job at 1e-5.
set -euo pipefail
: "${ELFIN_PROGRAM:?use tests/run.sh --bench}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for material in Si Ge GaN GaAs Al2O3 SiO2 Al; do
  cat >"$work/job.yaml" <<YAML
name: estimates
sweeps:
  rates: {process: electron, material: $material, mediator: [massless, massive], accuracy: [1e-4, 1e-5],
          mass: {log: [2 MeV, 1 GeV, 25]}, cross_section: 1e-38, threshold: [default, 10 eV, 20 eV, 35 eV]}
YAML
  "$ELFIN_PROGRAM" run "$work/job.yaml" -o "$work/$material.h5" 2>/dev/null
  "$ELFIN_PROGRAM" export "$work/$material.h5" | awk -F, -v material=$material '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i; next }
    { key = $column["mediator"] " " $column["mass_eV"] " " $column["threshold_eV"]
      rate = $column["rate_per_kg_yr"]; error = $column["rate_error_per_kg_yr"]
      if ($column["accuracy"] + 0 > 5e-5) { coarse[key] = rate; estimate[key] = error; next }
      if (rate > 0) {
        n++; d = coarse[key] - rate; if (d < 0) d = -d
        if (d <= estimate[key] + error) within++
        if (d / rate > worst) worst = d / rate } }
    END { printf "%-6s %d of %d rates within their estimates, worst difference %.1e\n", material, within, n, worst }'
done
