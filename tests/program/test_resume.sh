#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A run that is killed, signalled or out of time leaves a file that opens; resumed, also on another
# number of ranks, it holds the same bytes as a run that nothing befell.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

make_job() { # MASSES
  cat >job.yaml <<YAML
name: long
accuracy: 1e-6
sweeps:
  rates:
    process: electron
    material: [Si, Al]
    response: lindhard
    mediator: [massless, 10 keV]
    mass: {log: [1 MeV, 1 GeV, $1]}
    cross_section: 1e-38
    threshold: [default, 10 eV]
YAML
}

done_points() { # FILE
  "$ELFIN_PROGRAM" export "$1" 2>/dev/null | tr -d '\r' | grep -c ',1$'
}

# A job of some seconds on whatever machine this is.
masses=100
while :; do
  make_job $masses
  begin=$(date +%s%N)
  ends 0 run job.yaml -o whole.h5 --overwrite || finish
  took=$((($(date +%s%N) - begin) / 1000000))
  [ $took -ge 4000 ] || [ $masses -ge 100000 ] && break
  masses=$((took < 400 ? masses * 10 : masses * 5000 / took))
done
echo "$masses masses take $took ms on one rank"
"$ELFIN_PROGRAM" export whole.h5 >whole.csv
n_points=$(done_points whole.h5)

same_as_whole() { # FILE
  "$ELFIN_PROGRAM" export "$1" >resumed.csv && cmp whole.csv resumed.csv
}
is_partial() { # FILE
  local n
  n=$(done_points "$1")
  echo "$1: $n of $n_points points done"
  [ "$n" -gt 0 ] && [ "$n" -lt "$n_points" ]
}
wait_for_points() { # FILE: until there are some, at most 20 s
  local tries=200
  until [ -f "$1" ] && [ "$(done_points "$1")" -gt 0 ]; do
    [ $((tries--)) -gt 0 ] || return 1
    sleep 0.1
  done
}

# ---- killed: every process at once, with SIGKILL ----
mpirun -n 2 "$ELFIN_PROGRAM" run job.yaml -o killed.h5 >out 2>err &
mpirun=$!
claim "the run begins" wait_for_points killed.h5
ranks=$(pgrep -P $mpirun)
# shellcheck disable=SC2086
kill -KILL $ranks $mpirun
wait $mpirun 2>/dev/null
claim "a killed run leaves a file that opens, with points in it" is_partial killed.h5
cp killed.h5 again.h5
ends 0 show killed.h5
claim "3 ranks finish it" mpi 3 run job.yaml -o killed.h5 --resume
claim "resumed by 3 ranks: the same bytes" same_as_whole killed.h5
ends 0 run job.yaml -o again.h5 --resume
claim "resumed by one process: the same bytes" same_as_whole again.h5
cp again.h5 finished.h5
ends 0 run job.yaml -o again.h5 --resume
claim "resuming what is complete changes no result" same_as_whole again.h5

# ---- out of time ----
ends 1 run job.yaml -o timed.h5 --max-time 1.5s
says err "--resume"
claim "--max-time stops halfway" is_partial timed.h5
mpi 2 run job.yaml -o timed.h5 --resume --max-time 0.9s
claim "stopped again: code 1" test $? = 1
claim "then finished on 2 ranks" mpi 2 run job.yaml -o timed.h5 --resume
claim "stopped twice and resumed: the same bytes" same_as_whole timed.h5

# ---- a signal, passed on by mpirun ----
mpirun -n 2 "$ELFIN_PROGRAM" run job.yaml -o signalled.h5 >out 2>err &
mpirun=$!
claim "the run begins" wait_for_points signalled.h5
kill -USR1 $mpirun
wait $mpirun
claim "SIGUSR1 ends a run with code 1" test $? = 1
claim "in good order" is_partial signalled.h5
claim "and says how to go on" grep -q -- '--resume' err
ends 0 run job.yaml -o signalled.h5 --resume
claim "signalled and resumed: the same bytes" same_as_whole signalled.h5

# ---- a stop file, before and during a run ----
touch asked.h5.stop
ends 1 run job.yaml -o asked.h5
says err "asked.h5.stop is there"
claim "nothing was begun" test ! -e asked.h5
rm asked.h5.stop
mpirun -n 2 "$ELFIN_PROGRAM" run job.yaml -o asked.h5 >out 2>err &
mpirun=$!
claim "the run begins" wait_for_points asked.h5
touch asked.h5.stop
wait $mpirun
claim "a stop file ends a run with code 1" test $? = 1
claim "in good order" is_partial asked.h5
says err "stopped by its stop file"
rm asked.h5.stop
claim "resumed by 2 ranks" mpi 2 run job.yaml -o asked.h5 --resume
claim "asked to stop and resumed: the same bytes" same_as_whole asked.h5

# ---- SIGTERM, SIGINT and SIGHUP, without a launcher ----
for signal in TERM INT HUP; do
  # (a shell's background jobs ignore SIGINT from the start)
  setsid "$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$ELFIN_PROGRAM" run job.yaml -o $signal.h5 >out 2>err &
  run=$!
  claim "the run begins" wait_for_points $signal.h5
  kill -$signal $run
  wait $run
  claim "SIG$signal: code 1" test $? = 1
  claim "in good order" is_partial $signal.h5
  says err "stopped by a signal"
done

# ---- what differs is named ----
sed 's/1e-6/1e-5/' job.yaml >other.yaml
cp killed.h5 other.h5
ends 1 run other.yaml -o other.h5 --resume=force
says err "line 2 is 'accuracy: 1e-5' here and 'accuracy: 1e-6' there"
claim "and the file is as it was" cmp killed.h5 other.h5
finish
