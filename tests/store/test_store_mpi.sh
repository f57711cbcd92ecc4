#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Several ranks write one file, in batches that cut through every axis; and a rank that crashes
# takes nothing along that was put. Argument: the test program.
set -uo pipefail
program=$1
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

for ranks in 1 2 3; do
  for batch in 1 5 40; do
    rm -f ./*.h5
    timeout 60 mpirun -n $ranks "$program" $batch live >out 2>&1 ||
      { echo "$ranks ranks, batches of $batch:"; cat out; exit 1; }
  done
done

PYTHON=python3
[ -x /usr/bin/python3 ] && PYTHON=/usr/bin/python3
"$PYTHON" -c 'import h5py' 2>/dev/null || { echo "without h5py: the crash is not looked at"; exit 0; }

# Batches of 5 tasks in turn: with two from each of two ranks, tasks 0 to 19.
timeout 60 mpirun -n 2 "$program" 5 die >out 2>&1 && { echo "a killed rank was not noticed"; exit 1; }
"$PYTHON" - crash.h5 <<'PY' || { cat out; exit 1; }
import sys, h5py, numpy as np
with h5py.File(sys.argv[1], "r") as f:
    assert f.attrs["complete"] == 0
    status = f["many/status"][...].reshape(36, 4)
    assert (status[:20] == 1).all() and (status[20:] == 0).all(), status
    rate = f["many/rate"][...].reshape(-1)
    assert (rate[:80] == 1e6 + np.arange(80) + 0.1).all()
    assert np.isnan(rate[80:]).all()
    rank = f["many/rank"][...].reshape(-1)
    assert (rank[:20] == np.repeat([0, 1, 0, 1], 5)).all() and (rank[20:] == -1).all(), rank
print("what was put is there")
PY
