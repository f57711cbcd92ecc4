#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever befalls a run – ranks killed at random moments, a full disk, a disk that answers "input/output
# error", a file deleted under it, a point that never converges – the file opens with h5py, what is
# done in it has the right bits, what was done before is still done, and a rerun finishes the rest.
#
#   test_faults.sh [KILLS]      20 of them unless told otherwise
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
kills=${1:-20}
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
"$PYTHON" -c 'import h5py' 2>/dev/null || { echo "skipped: no h5py to look into the files with"; exit 77; }
trap 'umount "$work/disk" "$work/small" 2>/dev/null; umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT

# right FILE [BEFORE]: done points have the bits of whole.h5, and what was done BEFORE (a file of
# flags) still is. Prints how many are done; leaves FILE.done.
cat >right.py <<'PY'
import sys, h5py, numpy
path, whole = sys.argv[1], "whole.h5"
with h5py.File(path, "r") as f, h5py.File(whole, "r") as w:
    done = f["rates/status"][...].ravel()
    assert set(numpy.unique(done)) <= {0, 1, 2}, "no such status"
    is_done = done == 1
    for name in ("rate", "rate_error"):
        a, b = f["rates/" + name][...].ravel(), w["rates/" + name][...].ravel()
        wrong = (a.view("u8") != b.view("u8")) & is_done
        assert not wrong.any(), f"{name}: {wrong.sum()} wrong points that count as done"
    if len(sys.argv) > 2:
        before = numpy.fromfile(sys.argv[2], bool)
        assert (is_done | ~before).all(), f"{(before & ~is_done).sum()} points that were done are lost"
    assert (f["runs"]["began"] != b"").sum() >= 1 or not is_done.any(), "points of no run"
    is_done.tofile(path + ".done")
    print(int(is_done.sum()), is_done.size)
PY
right() { "$PYTHON" right.py "$@" >counted 2>err; }

make_job() { # MASSES
  cat >job.yaml <<YAML
name: faults
accuracy: 1e-6
sweeps:
  rates: {process: electron, material: [Si, Al], response: lindhard, mediator: [massless, 10 keV],
          mass: {log: [1 MeV, 1 GeV, $1]}, cross_section: [1e-38, 2e-38], threshold: [default, 10 eV]}
YAML
}
size_job 6000

# ---- SIGKILL at random moments: some rank, the master, all ranks, mpirun and all ----
rank_of() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }
RANDOM=${SEED:-$$}
echo "seed ${SEED:-$$}"

# moment N RUN: a random one in the life of a run that found N points done: any within half a second from
# its start, or one within a fifth of the campaign, told by what it has done and not by the clock.
moment() {
  if [ $((RANDOM % 4)) = 0 ]; then
    sleep "$(printf '0.%03d' $((RANDOM % 500)))"
  else
    wait_for_points kill.h5 $(($1 + (RANDOM * 32768 + RANDOM) % (n_points / 5))) "$2"
    sleep "$(printf '0.%03d' $((RANDOM % 100)))"
  fi
}
# victims RUN: some rank, the master, all ranks, mpirun and all; mpirun itself while there are no ranks.
victims() {
  local ranks rank
  mapfile -t ranks < <(pgrep -P "$1")
  [ ${#ranks[@]} -gt 0 ] || { echo "$1"; return; }
  case $((RANDOM % 4)) in
    0) echo "${ranks[$((RANDOM % ${#ranks[@]}))]}" ;;
    1) for rank in "${ranks[@]}"; do [ "$(rank_of "$rank")" = 0 ] && echo "$rank"; done ;;
    2) echo "${ranks[@]}" ;;
    3) echo "$1" "${ranks[@]}" ;;
  esac
}
# end_of RUN: waits for it and leaves its code. Open MPI's launcher may hang for ever when a rank is killed in
# MPI_Init (seen in 4.1.4 with PMIx 4.2.2: pmix_rte_finalize waits for a lock): after two minutes it is killed, too.
hung=0
end_of() {
  local i
  for ((i = 0; i < 1200; i++)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null && hung=$((hung + 1))
  wait "$1" 2>/dev/null
}
killed=0 starting=0 tries=0 finished=0 before=0
while [ $killed -lt "$kills" ] && [ $((tries++)) -lt $((2 * kills + 10)) ]; do
  was_done=()
  [ -f kill.h5.done ] && was_done=(kill.h5.done)
  mpirun -n $((2 + RANDOM % 3)) "$ELFIN_PROGRAM" run job.yaml -o kill.h5 --resume --save-every 0.05s >out 2>err &
  run=$!
  moment $before $run
  # shellcheck disable=SC2046
  kill -KILL $(victims $run) 2>/dev/null
  end_of $run
  code=$? # below 128: it had ended, or was not allowed to begin; nobody was killed
  [ $code -ge 128 ] && killed=$((killed + 1))
  [ -f kill.h5 ] || { starting=$((starting + 1)); continue; } # it was killed before there was a file
  claim "kill $killed: the file opens, and what is done is right" right kill.h5 "${was_done[@]}" || cat counted
  read -r now _ <counted
  [ $code -ge 128 ] && [ "$now" = "$before" ] && starting=$((starting + 1))
  before=$now
  if [ $((10 * now)) -gt $((7 * n_points)) ]; then # what is left may be done before it is killed
    claim "3 ranks finish what is left" mpi 3 run job.yaml -o kill.h5 --resume
    claim "a campaign that was killed again and again: the same bytes" same_as_whole kill.h5
    finished=$((finished + 1)) before=0
    rm -f kill.h5 kill.h5.done
  fi
done
echo "$killed kills of running jobs in $tries runs, $starting of them before a point was done; $finished campaigns finished in between; the launcher hung $hung times"
claim "$kills kills" test $killed = "$kills"
claim "no temporary file is left but those of killed creations" test "$(find . -name '.kill.h5.tmp-*' | wc -l)" -le "$starting"
claim "4 ranks finish what is left" mpi 4 run job.yaml -o kill.h5 --resume
claim "the same bytes" same_as_whole kill.h5

# ---- deleted, and replaced, under a running job ----
deleted() { rm deleted.h5; }
replaced() { rm replaced.h5; echo "somebody else's" >replaced.h5; }
for how in deleted replaced; do
  interrupt $how.h5 $how
  saved=$how.h5
  [ $how = replaced ] && saved=$how.h5.rescued
  claim "$how: code 1" test $code = 1
  says err "was deleted or replaced under this run"
  says err "what was computed is saved in $saved"
  claim "$how: the saved file opens, and what is done is right" right $saved
  claim "$how: something is done" test "$(cut -d ' ' -f 1 counted)" -gt 0
  [ $how = replaced ] && claim "what replaced it is as it was" grep -q "somebody else's" $how.h5
  claim "$how: a rerun finishes it" mpi 2 run job.yaml -o $saved --resume
  claim "$how: the same bytes" same_as_whole $saved
done

# ---- a point that never converges: accuracy 1e-10 of a table of noise ----
awk 'BEGIN { srand(1); for (i = 1; i <= 150; i++) for (j = 1; j <= 300; j++) print j * 0.3, i * 250, -1 + rand(), 0.5 + rand() }' >noise.dat
cat >budget.yaml <<'YAML'
name: budget
sweeps:
  rates: {process: electron, material: Ge, response: noise.dat, mediator: massless, mass: [1 keV, 10 MeV],
          accuracy: [1e-3, 1e-10], cross_section: 1e-38, threshold: 10 eV}
YAML
ends 1 run budget.yaml
says err "have points that failed"
claim "it is failed, with its reason; the others are done" "$PYTHON" - budget.h5 <<'PY'
import sys, h5py, numpy
with h5py.File(sys.argv[1]) as f:
    status = f["rates/status"][...].reshape(2, 2) # accuracy, mass
    assert (status == [[1, 1], [1, 2]]).all(), status
    assert numpy.isnan(f["rates/rate"][...].reshape(2, 2)[1, 1])
    reasons = [r for r in f["failures/rates"]["reason"] if r]
    assert len(reasons) == 1 and b"evaluations" in reasons[0], reasons
PY

ends 1 run budget.yaml --resume
says err "0 of them to do"
ends 1 run budget.yaml --retry-failed
says err "1 of them to do"

# ---- a disk that fills in the middle: a part's file has holes, and its room is not promised ----
cat >holes.yaml <<'YAML'
name: holes
sweeps:
  rates: {process: electron, material: Si, response: lindhard, mediator: massless, mass: {log: [1 eV, 1 keV, 1000000]},
          cross_section: {log: [1e-40, 1e-38, 12]}}
YAML
zeros_where_done() {
  "$PYTHON" - "$1" <<'PY'
import sys, h5py
with h5py.File(sys.argv[1], "r") as f:
    status, rate = f["rates/status"], f["rates/rate"]
    n = 0
    for i in range(0, 1000000, 100000): # of the dimension of masses
        done = status[0, 0, 0, i:i + 100000] == 1
        assert (rate[0, 0, 0, i:i + 100000][done] == 0).all()
        n += int(done.sum())
    print(n, "points done")
    sys.exit(n == 0)
PY
}
mkdir disk small
if ! mount -t tmpfs -o size=400M tmpfs disk 2>/dev/null; then
  echo "the disk that fills is left out: no right to mount one"
else
  ends 1 run holes.yaml -o disk/holes.h5 --part 1/2 --max-time 0.001s
  used=$(df --output=used -k disk | tail -n 1)
  mount -o remount,size=$((used + 8000))k disk
  mpi 2 run holes.yaml -o disk/holes.h5 --part 1/2 --resume --save-every 0.01s
  claim "a full disk: code 1" test $? = 1
  claim "and it says so" grep -q "^elfin: disk/holes.h5: .*cannot be written" err
  claim "the file opens, and what is done is right" zeros_where_done disk/holes.h5
  mount -o remount,size=400M disk
  claim "with room again it is finished" mpi 2 run holes.yaml -o disk/holes.h5 --part 1/2 --resume
  claim "and right" zeros_where_done disk/holes.h5
  umount disk
fi

# ---- a disk that vanishes: the file system is shut down under a running job, and answers EIO to all ----
vanish() { # by the ioctl that ext4, XFS and others have for it, without a last flush
  "$PYTHON" - <<'PY'
import fcntl, os, struct
fcntl.ioctl(os.open("disk", os.O_RDONLY), 0x8004587D, struct.pack("I", 2))
PY
}
if ! command -v mkfs.ext4 >/dev/null || ! { truncate -s 100M ground && mkfs.ext4 -q -F -m 0 ground && mount -o loop ground disk; } 2>why; then
  echo "the vanishing disk is left out: no loop device with ext4 here ($(head -n 1 why))"
else
  stop_early disk/gone.h5
  right disk/gone.h5; cp disk/gone.h5.done before.done; rm disk/gone.h5.done
  sync -f disk
  mpirun -n 3 "$ELFIN_PROGRAM" run job.yaml -o disk/gone.h5 --resume --save-every 0.05s >out 2>err &
  run=$!
  wait_for_points disk/gone.h5 "$(cut -d ' ' -f 1 counted)" $run
  vanish
  wait $run
  claim "a vanished disk: code 1" test $? = 1
  says err "disk/gone.h5: its file system takes nothing any more (Input/output error)"
  umount disk
  claim "the disk comes back" mount -o loop ground disk
  cp disk/gone.h5 gone.h5
  umount disk
  claim "a vanished disk: the file opens, what is done is right, nothing is lost" right gone.h5 before.done
  echo "a vanished disk: $(cat counted) points done"
  claim "a rerun finishes it" mpi 2 run job.yaml -o gone.h5 --resume
  claim "the same bytes" same_as_whole gone.h5
  rm -f ground
fi

# ---- a disk that fails: a file system on a loop device, whose own ground can hold no more ----
block=$(mktemp -u "$work/loop.XXXX")
disk_of_loop() {
  mount -t tmpfs -o size=24M tmpfs small && truncate -s 100M small/ground && mkfs.ext4 -q -F -m 0 small/ground &&
    mount -o loop small/ground disk
} 2>"$block"
if ! command -v mkfs.ext4 >/dev/null || ! disk_of_loop; then
  umount small 2>/dev/null
  echo "the failing disk is left out: no loop device with ext4 here ($(head -n 1 "$block" 2>/dev/null))"
else
  stop_early disk/fails.h5
  sync disk/fails.h5; sync -f disk
  right disk/fails.h5; cp disk/fails.h5.done before.done; rm disk/fails.h5.done
  sync -f disk
  dd if=/dev/zero of=small/filler bs=64k 2>/dev/null # the ground is full: new blocks get EIO
  cat /dev/urandom 2>/dev/null | head -c 4000000 >disk/pressure 2>/dev/null; sync -f disk 2>/dev/null
  mpi 2 run job.yaml -o disk/fails.h5 --resume
  code=$?
  echo "a failing disk: exit code $code, $(grep '^elfin: .*fails.h5: ' err | tail -n 1)"
  rm -f small/filler
  umount disk
  e2fsck -fy small/ground >/dev/null 2>&1
  claim "the disk comes back" mount -o loop small/ground disk
  cp disk/fails.h5 fails.h5
  claim "a failing disk: the file opens, what is done is right, nothing is lost" right fails.h5 before.done
  read -r done_now of <counted
  claim "code 1 unless everything got through" test $code = 1 -o "$done_now" = "$of"
  claim "a rerun finishes it" mpi 2 run job.yaml -o fails.h5 --resume
  claim "the same bytes" same_as_whole fails.h5
  umount disk; umount small
fi
finish
