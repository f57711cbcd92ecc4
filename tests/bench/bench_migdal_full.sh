#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Where the soft limit of the Migdal effect fails, and what the full expression costs.
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
"$ELFIN_BUILD/bin/bench_migdal_full"
