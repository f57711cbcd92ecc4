#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# jobs/setup.sh without root, on a machine where things are missing: it says the one command that is
# needed, exits 1 and builds nothing. Missing means here: not on the PATH that it is given.
set -uo pipefail
setup=$(cd "$(dirname "$0")/../../jobs" && pwd)/setup.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "test_setup: $*" >&2; cat "$work/said" >&2; exit 1; }

for program in bash dirname id env apt-get; do
  path=$(command -v $program) || { echo "skipped: no $program here"; exit 77; }
  ln -s "$path" "$work/$program"
done
unprivileged=()
if [ "$(id -u)" = 0 ]; then
  command -v setpriv >/dev/null || { echo "skipped: root, and no setpriv"; exit 77; }
  unprivileged=("$(command -v setpriv)" --reuid=65534 --regid=65534 --clear-groups)
  chmod 755 "$work"
  "${unprivileged[@]}" test -r "$setup" || { echo "skipped: nobody may not read this checkout"; exit 77; }
fi

PATH=$work "${unprivileged[@]}" "$(command -v bash)" "$setup" >"$work/out" 2>"$work/said"
[ $? = 1 ] || fail "expected exit code 1"
[ "$(grep -c 'sudo apt-get install' "$work/said")" = 1 ] || fail "expected one command"
for package in gcc cmake libhdf5-openmpi-dev libcubature-dev libyaml-dev libgsl-dev gnuplot-nox; do
  grep -q "sudo apt-get install .*\b$package\b" "$work/said" || fail "$package is not in it"
done
echo "said: $(grep 'sudo' "$work/said")"
