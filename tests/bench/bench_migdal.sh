#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Migdal effect in the soft limit: seconds and evaluations per rate, with D(ω) cold and ready.
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
"$ELFIN_BUILD/bin/bench_migdal"
