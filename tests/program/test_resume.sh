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

# Each run is interrupted after a tenth of a second of work: on two idle cores of today it has 3 s to do.
size_job 6000

# ---- killed: every process at once, with SIGKILL ----
kill_all() {
  # shellcheck disable=SC2046
  kill -KILL $(pgrep -P $run) $run
}
interrupt killed.h5 kill_all
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
stop_early timed.h5
says err "--resume"
claim "--max-time stops halfway" is_partial timed.h5
mpi 2 run job.yaml -o timed.h5 --resume --max-time 0.5s
claim "stopped again: code 1" test $? = 1
claim "then finished on 2 ranks" mpi 2 run job.yaml -o timed.h5 --resume
claim "stopped twice and resumed: the same bytes" same_as_whole timed.h5

# ---- a signal, passed on by mpirun ----
on_usr1() { kill -USR1 $run; }
interrupt signalled.h5 on_usr1
claim "SIGUSR1 ends a run with code 1" test $code = 1
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
interrupt asked.h5 touch asked.h5.stop
claim "a stop file ends a run with code 1" test $code = 1
claim "in good order" is_partial asked.h5
says err "stopped by its stop file"
rm asked.h5.stop
claim "resumed by 2 ranks" mpi 2 run job.yaml -o asked.h5 --resume
claim "asked to stop and resumed: the same bytes" same_as_whole asked.h5

# ---- SIGTERM, SIGINT and SIGHUP, without a launcher ----
# (a shell's background jobs ignore SIGINT from the start)
launch=(setsid "$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])')
for signal in TERM INT HUP; do
  on_signal() { kill -$signal $run; }
  interrupt $signal.h5 on_signal
  claim "SIG$signal: code 1" test $code = 1
  claim "in good order" is_partial $signal.h5
  says err "stopped by a signal"
done

# ---- what differs is named ----
sed 's/1e-6/1e-5/' job.yaml >other.yaml
cp killed.h5 other.h5
ends 1 run other.yaml -o other.h5 --resume=force
says err "line 2 is 'accuracy: 1e-5' here and 'accuracy: 1e-6' there"
claim "and the file is as it was" cmp killed.h5 other.h5

# ---- the file of another commit ----
if "$PYTHON" -c 'import h5py' 2>/dev/null; then
  cp timed.h5 older.h5
  "$PYTHON" - <<'PY'
import h5py
with h5py.File("older.h5", "r+") as f:
    runs = f["runs"][...]
    runs["git_commit"] = b"0123456789abcdef"
    f["runs"][...] = runs
PY
  ends 1 run job.yaml -o older.h5 --resume
  says err "older.h5: was computed by elfin"
  says err "(commit 0123456789ab)"
  says err "--resume=force goes on nevertheless"
  ends 0 run job.yaml -o older.h5 --resume=force
  claim "forced: the same bytes" same_as_whole older.h5
fi
finish
