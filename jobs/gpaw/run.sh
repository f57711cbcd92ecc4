#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ε(ω,k) of a crystal from first principles, on this machine, and as tables that elfin reads.
#
#   jobs/gpaw/run.sh [--install] CRYSTAL [FOLDER] [OPTIONS of epsilon.py…]
#
#   CRYSTAL    a section of crystals.ini: Si, Ge, GaAs, C
#   FOLDER     for the files on the way and the result; default: CRYSTAL-gpaw
#   --install  as root: install Debian's gpaw, gpaw-data, python3-ase, python3-h5py and, for its matrix products, which
#              are ten times as fast, libopenblas0-serial, if they are missing
#
# A small setting, a minute on a laptop, to see that it works (numbers not converged):
#   jobs/gpaw/run.sh Si small --set kpts=4 --set kpts_optical=6 --set bands=60 --set cutoff=60
# PROCESSES=2 does two momenta at a time. What is there is kept: a run that was killed goes on.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
say() { echo "gpaw: $*" >&2; exit 1; }

packages=(gpaw gpaw-data python3-ase python3-h5py libopenblas0-serial)
install=false
if [ "${1-}" = --install ]; then install=true; shift; fi
crystal=${1:?which crystal? gpaw/run.sh [--install] CRYSTAL [FOLDER]}
folder=${2:-$crystal-gpaw}
shift $(($# > 1 ? 2 : 1))

python=${PYTHON:-/usr/bin/python3}
if ! "$python" -c 'import gpaw, h5py' 2>/dev/null; then
  $install || say "$python has no gpaw or h5py; --install installs them, or: apt-get install ${packages[*]}"
  [ "$(id -u)" = 0 ] || say "not root; the command is: sudo apt-get install ${packages[*]}"
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
fi

export OMP_NUM_THREADS=1 # processes share the cores, threads would fight over them
processes=${PROCESSES:-1}
"$python" "$here/epsilon.py" "$crystal" --folder "$folder" --step ground "$@"
pids=()
for ((i = 1; i <= processes; i++)); do
  "$python" "$here/epsilon.py" "$crystal" --folder "$folder" --step q --part "$i/$processes" "$@" &
  pids+=($!)
done
for pid in "${pids[@]}"; do wait "$pid" || say "a part failed; start again, what is done is kept"; done
"$python" "$here/epsilon.py" "$crystal" --folder "$folder" --step collect "$@"
