#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# jobs/*.sbatch, submitted with sbatch to a slurmctld and a slurmd that this test starts for itself, on
# loopback. Needs root and Debian's packages; skipped, saying so, where they cannot be had.
#
#   test_slurm.sh SOURCE          each script once, one of them interrupted by its time limit's signal
#   test_slurm.sh SOURCE long [MS]  a chain that hits its limit twice and finishes on the third start, or later
#                                 on a busy machine; MS: processor time of its job
source_folder=$1
long=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../program/common.sh"
skip() { echo "skipped: $*"; exit 77; }
[ "$(id -u)" = 0 ] || skip "only root can start SLURM's daemons"
command -v mpirun >/dev/null || skip "no mpirun"
packages=(slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge)
have_slurm() { command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null && command -v sbatch >/dev/null; }
if ! have_slurm; then
  command -v apt-get >/dev/null || skip "no SLURM, and no apt-get to install it"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 200 apt-get install -y --no-install-recommends "${packages[@]}"; } >install.log 2>&1
  have_slurm || skip "SLURM cannot be installed: $(tail -n 1 install.log)"
fi

# ---- a cluster of one node ----
host=$(hostname -s)
mkdir -p spool state run
chmod 755 "$work"
head -c 1024 /dev/urandom >munge.key
chmod 400 munge.key
cat >slurm.conf <<CONF
ClusterName=elfin
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/run/slurmctld.pid
SlurmdPidFile=$work/run/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=2,bf_interval=2
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
MpiDefault=none
ReturnToService=2
KillWait=10
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
export SLURM_CONF=$work/slurm.conf
daemons=()
start_daemon() { "$@" >>daemons.log 2>&1 & daemons+=($!); }
end_cluster() {
  scancel --user=root 2>/dev/null
  sleep 0.5
  for pid in "${daemons[@]}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
  rm -rf "$work"
}
trap end_cluster EXIT
start_daemon munged -F --force --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munged.seed"
for _ in $(seq 50); do [ -S munge.socket ] && break; sleep 0.1; done
start_daemon slurmctld -D -f "$SLURM_CONF"
start_daemon slurmd -D -f "$SLURM_CONF" -N "$host"
for _ in $(seq 150); do sinfo -h -o %T 2>/dev/null | grep -q idle && break; sleep 0.2; done
sinfo -h -o %T 2>/dev/null | grep -q idle || {
  tail -n 3 daemons.log slurmctld.log slurmd.log 2>/dev/null
  skip "SLURM does not start here"
}

# ---- jobs ----
export ELFIN=$ELFIN_PROGRAM OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
submit() { # SBATCH ARGUMENTS…: prints the number
  sbatch --parsable --ntasks-per-node=2 --nodes=1 --output=slurm-%A_%a.out "$@" 2>err
}
state() { scontrol -o show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z_]*\).*ExitCode=\([0-9]*\):.*/\1 \2/p' | sort -u; }
wait_for() { # SECONDS COMMAND…: until it succeeds
  local end=$((SECONDS + $1)); shift
  until "$@"; do
    [ $SECONDS -lt $end ] || return 1
    sleep 0.5
  done
}
ended() { ! squeue -h -j "$1" 2>/dev/null | grep -q .; }
waits() { squeue -h -j "$1" -o %T 2>/dev/null | grep -q PENDING; }
waits_or_ended() { waits "$1" || ended "$1"; }
is_state() { [ "$(state "$1")" = "$2" ]; }
has_points() { [ -f "$1" ] && [ "$(done_points "$1")" -gt 0 ]; }

write_job() { # NAME MASSES MATERIAL
  cat >"$1.yaml" <<YAML
name: $1
accuracy: 1e-6
sweeps:
  rates: {process: electron, material: $3, response: lindhard, mediator: [massless, massive], mass: {log: [1 MeV, 1 GeV, $2]},
          cross_section: 1e-38, threshold: [default, 10 eV]}
YAML
}
reference() { # JOB: its CSV by one process outside of SLURM
  ends 0 run "$1.yaml" -o "$1.whole.h5" --overwrite
  "$ELFIN_PROGRAM" export "$1.whole.h5" >"$1.csv"
}
same() { # JOB FILE
  "$ELFIN_PROGRAM" export "$2" >found.csv && cmp "$1.csv" found.csv
}

if [ -z "$long" ]; then
  write_job small 100 Si
  reference small

  id=$(submit "$source_folder/jobs/one_node.sbatch" small.yaml one.h5)
  claim "one_node.sbatch ends" wait_for 60 ended "$id"
  claim "with code 0" is_state "$id" "COMPLETED 0" || cat slurm-*.out
  claim "one_node.sbatch: the same bytes" same small one.h5

  id=$(submit "$source_folder/jobs/many_nodes.sbatch" small.yaml many.h5)
  claim "many_nodes.sbatch ends" wait_for 60 ended "$id"
  claim "with code 0" is_state "$id" "COMPLETED 0" || cat slurm-*.out
  claim "many_nodes.sbatch: the same bytes" same small many.h5
  claim "srun's ranks were one run" grep -q "^run 0: .*2 ranks" <("$ELFIN_PROGRAM" show many.h5)

  sed 's/Si/MATERIAL/; s/name: small/name: small-MATERIAL/' small.yaml >each.yaml
  id=$(submit --array=0-1 "$source_folder/jobs/materials.sbatch" each.yaml Si Ge)
  claim "materials.sbatch ends" wait_for 90 ended "$id"
  claim "with code 0" is_state "$id" "COMPLETED 0" || cat slurm-*.out
  for m in Si Ge; do
    cp $m.yaml array$m.yaml
    reference array$m
    claim "materials.sbatch, $m: the same bytes" same array$m $m.h5
  done

  # One interruption: the signal that SLURM sends before the limit, sent as SLURM sends it.
  make_job() { write_job chain "$1" Si && mv chain.yaml job.yaml; }
  size_job 12000
  for try in 1 2 3; do # (a machine that stalls may let it finish before the signal)
    rm -f job.h5
    id=$(submit "$source_folder/jobs/chain.sbatch" job.yaml job.h5 --save-every 0.05s)
    claim "the chain begins" wait_for 60 has_points job.h5
    scancel --batch --signal=USR1 "$id"
    wait_for 60 waits_or_ended "$id"
    waits "$id" && break
    echo "try $try: $(done_points job.h5) of $n_points points done before it was interrupted"
  done
  claim "it puts itself back into the queue" waits "$id"
  claim "interrupted in good order" grep -q "stopped by a signal" slurm-"$id"*.out
  claim "and ended with code 1" grep -q "start 0 ended with code 1" slurm-"$id"*.out
  claim "halfway" is_partial job.h5
  # SLURM waits two minutes before a requeued start: here a run of ours takes its place.
  scancel "$id"
  claim "the file goes on" mpi 2 run job.yaml -o job.h5 --resume
  claim "chain.sbatch, interrupted and resumed: the same bytes" same_as_whole job.h5
else
  # A limit is a minute, and the signal comes 10 to 28 s after the start: on two idle cores, three starts of work.
  make_job() { write_job chain "$1" Si && mv chain.yaml job.yaml; }
  size_job "${3:-85000}"
  id=$(submit --time=1 --signal=B:USR1@30 "$source_folder/jobs/chain.sbatch" job.yaml job.h5)
  claim "the chain ends by itself" wait_for 3600 is_state "$id" "COMPLETED 0"
  cat slurm-"$id"*.out
  claim "it was stopped twice and more" test "$(grep -c "stopped by a signal" slurm-"$id"*.out)" -ge 2
  claim "it is complete" grep -q "complete$" <("$ELFIN_PROGRAM" show job.h5 | head -n 1)
  "$ELFIN_PROGRAM" show job.h5 | grep '^run '
  claim "after all its starts: the same bytes" same_as_whole job.h5
fi
finish
