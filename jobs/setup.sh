#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what elfin needs and is missing, and builds it into build/release. May be run again.
#
#   jobs/setup.sh [--tests] [PRESET] [CMAKE OPTIONS…]
#
#   PRESET    release (the default), dev or asan
#   --tests   build the tests, too, and install what they use (a C++ compiler, h5py, xarray, mpmath, scipy, help2man)
#
# On Debian and Ubuntu, as root, missing packages are installed; without root the one command that is
# needed is printed. On a cluster, load the modules first: an MPI, a parallel HDF5 of that MPI, GSL,
# CMake ≥ 3.21; what is found is used, and nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/.."

tests=OFF
if [ "${1-}" = --tests ]; then
  tests=ON
  shift
fi
preset=release
case "${1-}" in release | dev | asan) preset=$1; shift ;; esac

say() { echo "setup: $*" >&2; }

# What is needed, the Debian package that has it, and how to see that it is there.
have_program() { command -v "$1" >/dev/null 2>&1; }
# Can this line of C be compiled, with these libraries?
have_library() {
  local compiler=$1 header=$2; shift 2
  have_program "$compiler" || return 1
  echo "#include <$header>
int main(void) { return 0; }" | "$compiler" -x c - -o /dev/null "$@" >/dev/null 2>&1
}
have_parallel_hdf5() {
  local compiler
  for compiler in "${HDF5_ROOT:+$HDF5_ROOT/bin/h5pcc}" h5pcc h5pcc.openmpi h5pcc.mpich; do
    [ -n "$compiler" ] && have_program "$compiler" && return 0
  done
  return 1
}

missing=()
need() { # PACKAGE TEST…
  local package=$1; shift
  "$@" || missing+=("$package")
}
need gcc have_program cc
need libc6-dev have_library cc stdio.h
need cmake have_program cmake
need ninja-build have_program ninja
need pkg-config have_program pkg-config
need openmpi-bin have_program mpirun
need libopenmpi-dev have_program mpicc
need libhdf5-openmpi-dev have_parallel_hdf5
need libyaml-dev have_library cc yaml.h -lyaml
need libgsl-dev have_library cc gsl/gsl_math.h -lgsl -lgslcblas -lm
need libssl-dev have_library cc openssl/evp.h -lcrypto
need libcubature-dev have_library cc cubature.h ${CUBATURE_ROOT:+-I"$CUBATURE_ROOT/include" -L"$CUBATURE_ROOT/lib"} -lcubature -lm
if [ $tests = ON ]; then
  # Debian's h5py belongs to Debian's python.
  python=$([ -x /usr/bin/python3 ] && echo /usr/bin/python3 || echo python3)
  need g++ have_program c++
  need python3 have_program "$python"
  need python3-h5py "$python" -c 'import h5py' 2>/dev/null
  need python3-mpmath "$python" -c 'import mpmath' 2>/dev/null
  need python3-scipy "$python" -c 'import scipy' 2>/dev/null
  need python3-xarray "$python" -c 'import xarray' 2>/dev/null
  need python3-h5netcdf "$python" -c 'import h5netcdf' 2>/dev/null
  need help2man have_program help2man
fi

# For pictures alone: installed where that is easy, and otherwise nobody waits for it.
if ! have_program gnuplot; then
  if have_program apt-get && { [ "$(id -u)" = 0 ] || [ ${#missing[@]} -gt 0 ]; }; then
    missing+=(gnuplot-nox)
  else
    say "no gnuplot: elfin plot will say so (Debian: gnuplot-nox; on a cluster: a module)"
  fi
fi

if [ ${#missing[@]} -gt 0 ] && have_program apt-get; then
  if [ "$(id -u)" = 0 ]; then
    say "installing ${missing[*]}"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
  else
    say "missing: ${missing[*]}. Install them with this command, then run $0 again:"
    echo "  sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
elif [ ${#missing[@]} -gt 0 ]; then
  say "missing (by their Debian names): ${missing[*]}"
  for package in "${missing[@]}"; do
    case $package in
      libhdf5-openmpi-dev) say "  HDF5 must be parallel: load the module, or set HDF5_ROOT" ;;
      libopenmpi-dev | openmpi-bin) say "  MPI: load a module, for example: module load openmpi" ;;
      libgsl-dev) say "  GSL: for example: module load gsl" ;;
      libcubature-dev)
        say "  Cubature: https://github.com/stevengj/cubature, then:"
        say "    gcc -O3 -fPIC -shared hcubature.c pcubature.c -lm -o libcubature.so"
        say "    put it into DIR/lib and cubature.h into DIR/include; export CUBATURE_ROOT=DIR" ;;
      ninja-build) say "  ninja: or export CMAKE_GENERATOR='Unix Makefiles'" ;;
      g++ | python3* | help2man) say "  $package: tests that use it are skipped" ;;
      *) say "  $package: a module, or ask your administrators" ;;
    esac
  done
  # CMake has the last word: it may know places that this script does not.
fi

if [ -z "${CMAKE_GENERATOR-}" ] && have_program ninja; then
  export CMAKE_GENERATOR=Ninja
fi
# A folder that was configured with another generator keeps it.
[ -f "build/$preset/CMakeCache.txt" ] && unset CMAKE_GENERATOR
cmake --preset "$preset" -DBUILD_TESTING=$tests ${CUBATURE_ROOT:+-DCMAKE_PREFIX_PATH="$CUBATURE_ROOT"} "$@" >&2
cmake --build --preset "$preset" --parallel "$(nproc 2>/dev/null || echo 2)" >&2
say "built: build/$preset/bin/elfin"
