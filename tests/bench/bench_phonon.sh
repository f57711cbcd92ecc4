#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a rate of phonons costs, with elfin's own data and with DarkELF's tables where they are at hand.
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
"$ELFIN_BUILD/bin/bench_phonon"
tables=${ELFIN_SHARED:-../shared}/tables
for material in Al2O3 SiO2 GaAs GaN; do
  for table in "$tables/$material/${material}"_epsphonon_*; do
    [ -r "$table" ] && "$ELFIN_BUILD/bin/bench_phonon" "$material" "$table" | grep epsphonon
  done
done
