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
  timeout 300 "$ELFIN_PROGRAM" "$@" >out 2>err
  found=$?
  claim "exit code $code, found $found: elfin $*" test "$found" = "$code"
}

# mpi N ARGUMENTS…: elfin on N ranks.
mpi() {
  local n=$1; shift
  timeout 1500 mpirun -n "$n" "$ELFIN_PROGRAM" "$@" >out 2>err
}

says() { # FILE TEXT: the file contains it
  claim "'$2' is said" grep -qF -- "$2" "$1"
}

# ---- runs that are to be interrupted, on a machine of whatever speed ----

done_points() { # FILE: prints how many are done
  "$ELFIN_PROGRAM" export "$1" 2>/dev/null | tr -d '\r' | grep -c ',1$'
}

# size_job MS: job.yaml, made by make_job MASSES, with so many masses that one process needs some MS of
# processor time – not of time, which a busy machine stretches. whole.h5 and whole.csv are its results.
size_job() {
  local TIMEFORMAT=%3U ms
  masses=100
  while :; do
    make_job $masses
    { time "$ELFIN_PROGRAM" run job.yaml -o whole.h5 --overwrite >out 2>err; } 2>ms ||
      { claim "a run that nothing befalls" false; finish; }
    ms=$((10#$(tr -dc 0-9 <ms)))
    [ $ms -ge $(($1 * 3 / 4)) ] && break
    masses=$((ms < 300 ? masses * 10 : masses * $1 / ms + 1))
  done
  "$ELFIN_PROGRAM" export whole.h5 >whole.csv
  n_points=$(done_points whole.h5)
  echo "$masses masses, $n_points points, take $ms ms of one processor"
}

same_as_whole() { # FILE
  "$ELFIN_PROGRAM" export "$1" >found.csv && cmp whole.csv found.csv
}

is_partial() { # FILE
  local n
  n=$(done_points "$1")
  echo "$1: $n of $n_points points done"
  [ "$n" -gt 0 ] && [ "$n" -lt "$n_points" ]
}

# stop_early FILE: job.yaml by one process that stops by itself, in good order, when some points are done.
stop_early() {
  local seconds
  for seconds in 0.2 0.4 0.8 1.6 3.2 6.4; do
    ends 1 run job.yaml -o "$1" --resume --max-time $seconds
    [ "$(done_points "$1")" -gt 0 ] && return
  done
}

wait_for_points() { # FILE N RUN: until more than N are done, while process RUN lives
  until [ -f "$1" ] && [ "$(done_points "$1")" -gt "$2" ]; do
    kill -0 "$3" 2>/dev/null || return 1
    sleep 0.02
  done
}

# interrupt FILE COMMAND…: runs job.yaml with "${launch[@]}", COMMAND as soon as it has done some points.
# The process is $run, and then $code its exit code. A machine may stall between a look and a deed: if
# the run was faster, once more.
launch=(mpirun -n 2)
interrupt() {
  local file=$1 try; shift
  for try in 1 2 3 4 5; do
    rm -f "$file" "$file.stop" "$file.rescued"
    "${launch[@]}" "$ELFIN_PROGRAM" run job.yaml -o "$file" --save-every 0.05s >out 2>err &
    run=$!
    wait_for_points "$file" 0 $run && "$@"
    wait $run 2>/dev/null
    code=$?
    [ "$(done_points "$file")" = "$n_points" ] || break
    echo "$file was complete before '$*': try $try"
  done
  claim "a run is interrupted by '$*'" test $code != 0
}

finish() {
  echo "$checks checks, $failures failed"
  [ "$failures" = 0 ] && [ "$checks" -gt 0 ]
  exit $?
}

# The Python that has h5py, if any.
export PYTHON=python3
[ -x /usr/bin/python3 ] && PYTHON=/usr/bin/python3
