# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the tests of whole programs share: source it. Leaves you in an empty folder of its own.
set -uo pipefail
: "${ELFIN_PROGRAM:?is set by CTest: the program under test}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

failures=0
checks=0

# claim WHAT COMMAND…: the command succeeds.
claim() {
  local what=$1; shift
  checks=$((checks + 1))
  "$@" && return 0
  failures=$((failures + 1))
  echo "does not hold: $what" >&2
  echo "  ($*)" >&2
  [ -s err ] && sed 's/^/  stderr: /' err | head -n 8 >&2
  return 1
}

# ends CODE ARGUMENTS…: elfin ends with this code; stdout is in out, stderr in err.
ends() {
  local code=$1 found; shift
  timeout 120 "$ELFIN_PROGRAM" "$@" >out 2>err
  found=$?
  claim "exit code $code, found $found: elfin $*" test "$found" = "$code"
}

# mpi N ARGUMENTS…: elfin on N ranks.
mpi() {
  local n=$1; shift
  timeout 240 mpirun -n "$n" "$ELFIN_PROGRAM" "$@" >out 2>err
}

says() { # FILE TEXT: the file contains it
  claim "'$2' is said" grep -qF -- "$2" "$1"
}

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" = 0 ] && [ "$checks" -gt 0 ]
  exit $?
}

# The Python that has h5py, if any.
export PYTHON=python3
[ -x /usr/bin/python3 ] && PYTHON=/usr/bin/python3
