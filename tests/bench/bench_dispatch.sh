#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What handing out costs, by the size of chunks (bench_dispatch.c), in shared memory and over TCP; and
# what the scheduler would do on thousands of ranks (tests/schedule/test_network.c).
set -euo pipefail
: "${ELFIN_BUILD:?use tests/run.sh --bench}"
for n in 2 4; do
  echo "tasks without work, $n ranks, shared memory:"
  mpirun -n $n "$ELFIN_BUILD/bin/bench_dispatch"
done
echo "tasks without work, 2 ranks, TCP on loopback:"
mpirun --mca btl tcp,self --mca pml ob1 -n 2 "$ELFIN_BUILD/bin/bench_dispatch"
echo "simulated networks:"
"$ELFIN_BUILD/tests/schedule/test_network" print
