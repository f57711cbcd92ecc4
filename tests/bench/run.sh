#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How fast things are, on this machine: runs every tests/bench/bench_*.sh. Nothing is asserted.
#   tests/bench/run.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$(cd "${1:?which build folder? tests/run.sh --bench knows}" && pwd)
export ELFIN_PROGRAM=$build/bin/elfin ELFIN_BUILD=$build
[ -d data ] && export ELFIN_DATA=$PWD/data
if [ "$(id -u)" = 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
export OMPI_MCA_rmaps_base_oversubscribe=1
echo "$(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg), commit $(git describe --always --dirty 2>/dev/null || echo unknown)"
for bench in tests/bench/bench_*.sh; do
  echo
  "$bench"
done
