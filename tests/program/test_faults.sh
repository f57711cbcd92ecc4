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

job() { # MASSES
  cat >job.yaml <<YAML
name: faults
accuracy: 1e-6
sweeps:
  rates: {process: electron, material: [Si, Al], response: lindhard, mediator: [massless, 10 keV],
          mass: {log: [1 MeV, 1 GeV, $1]}, cross_section: [1e-38, 2e-38], threshold: [default, 10 eV]}
YAML
}
masses=100
while :; do # some five seconds on one rank of whatever machine this is
  job $masses
  begin=$(date +%s%N)
  ends 0 run job.yaml -o whole.h5 --overwrite || finish
  took=$((($(date +%s%N) - begin) / 1000000))
  [ $took -ge 4000 ] || [ $masses -ge 100000 ] && break
  masses=$((took < 400 ? masses * 10 : masses * 5500 / took))
done
"$ELFIN_PROGRAM" export whole.h5 >whole.csv
same_as_whole() { "$ELFIN_PROGRAM" export "$1" >found.csv && cmp whole.csv found.csv; }

# ---- SIGKILL at random moments: some rank, the master, all ranks, mpirun and all ----
rank_of() { tr '\0' '\n' <"/proc/$1/environ" 2>/dev/null | sed -n 's/^OMPI_COMM_WORLD_RANK=//p'; }
RANDOM=${SEED:-$$}
echo "seed ${SEED:-$$}, $masses masses take $took ms on one rank"
killed=0 finished=0 landed=0
while [ $killed -lt "$kills" ]; do
  n=$((2 + RANDOM % 3))
  before=()
  [ -f kill.h5.done ] && before=(kill.h5.done)
  mpirun -n $n "$ELFIN_PROGRAM" run job.yaml -o kill.h5 --resume >out 2>err &
  mpirun=$!
  sleep "$(printf '%d.%03d' $((RANDOM % 3)) $((RANDOM % 1000)))"
  mapfile -t ranks < <(pgrep -P $mpirun)
  case $((RANDOM % 4)) in
    0) victims=("${ranks[@]:$((RANDOM % (${#ranks[@]} > 0 ? ${#ranks[@]} : 1))):1}") ;;
    1) victims=(); for p in "${ranks[@]}"; do [ "$(rank_of "$p")" = 0 ] && victims=("$p"); done ;;
    2) victims=("${ranks[@]}") ;;
    3) victims=("$mpirun" "${ranks[@]}") ;;
  esac
  [ ${#victims[@]} -gt 0 ] && kill -KILL "${victims[@]}" 2>/dev/null && landed=$((landed + 1))
  wait $mpirun 2>/dev/null
  killed=$((killed + 1))
  [ -f kill.h5 ] || continue # it was killed before there was a file
  claim "kill $killed: the file opens, and what is done is right" right kill.h5 "${before[@]}" || cat counted
  read -r done_now of <counted
  if [ "$done_now" = "$of" ]; then
    finished=$((finished + 1))
    claim "a campaign that was killed again and again: the same bytes" same_as_whole kill.h5
    rm -f kill.h5 kill.h5.done
  fi
done
claim "no temporary file is left but those of killed creations" test "$(find . -name '.kill.h5.tmp-*' | wc -l)" -le "$landed"
claim "4 ranks finish what is left" mpi 4 run job.yaml -o kill.h5 --resume
claim "the same bytes" same_as_whole kill.h5
echo "$kills kills, $landed of them while it ran; $((finished + 1)) campaigns finished in between"

wait_for_points() { # FILE: until there are some, at most 20 s
  local tries=200
  until [ -f "$1" ] && [ "$("$ELFIN_PROGRAM" export "$1" 2>/dev/null | tr -d '\r' | grep -c ',1$')" -gt 0 ]; do
    [ $((tries--)) -gt 0 ] || return 1
    sleep 0.1
  done
}

# ---- deleted, and replaced, under a running job ----
for how in deleted replaced; do
  mpirun -n 2 "$ELFIN_PROGRAM" run job.yaml -o $how.h5 >out 2>err &
  mpirun=$!
  claim "the run begins" wait_for_points $how.h5
  saved=$how.h5
  rm $how.h5
  [ $how = replaced ] && echo "somebody else's" >$how.h5 && saved=$how.h5.rescued
  wait $mpirun
  claim "$how: code 1" test $? = 1
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
  ends 1 run holes.yaml -o disk/holes.h5 --part 1/2 --max-time 0.3s
  used=$(df --output=used -k disk | tail -n 1)
  mount -o remount,size=$((used + 8000))k disk
  mpi 2 run holes.yaml -o disk/holes.h5 --part 1/2 --resume
  claim "a full disk: code 1" test $? = 1
  claim "and it says so" grep -q "^elfin: disk/holes.h5: .*cannot be written" err
  claim "the file opens, and what is done is right" zeros_where_done disk/holes.h5
  mount -o remount,size=400M disk
  claim "with room again it is finished" mpi 2 run holes.yaml -o disk/holes.h5 --part 1/2 --resume
  claim "and right" zeros_where_done disk/holes.h5
  umount disk
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
  ends 1 run job.yaml -o disk/fails.h5 --max-time 1s
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
