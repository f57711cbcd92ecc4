#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds elfin and runs its tests; the exit code is CTest's.
#
#   tests/run.sh [--asan] [--long] [--bench] [CTEST OPTIONS…]
#
#   --asan    under AddressSanitizer and UndefinedBehaviorSanitizer
#   --long    also the tests that take minutes (label long)
#   --bench   no tests: print how fast things are (tests/bench)
set -euo pipefail
cd "$(dirname "$0")/.."

preset=dev
long=OFF
bench=no
while [ $# -gt 0 ]; do
  case $1 in
    --asan) preset=asan ;;
    --long) long=ON ;;
    --bench) preset=release; bench=yes ;;
    *) break ;;
  esac
  shift
done

jobs/setup.sh --tests "$preset"
if [ $bench = yes ]; then
  exec tests/bench/run.sh "build/$preset" "$@"
fi
exclude=()
[ $long = ON ] || exclude=(--label-exclude long)
cores=$(nproc 2>/dev/null || echo 2)
ctest --test-dir "build/$preset" --output-on-failure --parallel "$cores" "${exclude[@]}" "$@"
