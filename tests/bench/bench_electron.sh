#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an electron rate costs on one core, and how honest its estimate is (bench_electron.c).
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
export ELFIN_SHARED=${ELFIN_SHARED:-$PWD/../shared}
"$ELFIN_BUILD/bin/bench_electron"
echo
echo "Against direct evaluation at accuracy 9e-7 (slow):"
"$ELFIN_BUILD/bin/bench_electron" --check Si Al2O3
