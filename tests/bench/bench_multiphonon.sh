#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a rate of phonons in a crystal costs, beside DarkELF.
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
"$ELFIN_BUILD/bin/bench_multiphonon"
