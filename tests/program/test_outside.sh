#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs elfin into a temporary folder; builds and runs a program outside against it, by pkg-config
# and by find_package; checks that the library shows elfin_* only and that the installed program finds
# its installed materials.
#   test_outside.sh BUILD_FOLDER
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset ELFIN_DATA

fail() { echo "test_outside: $*" >&2; exit 1; }

cmake --install "$build" --prefix "$work/moved" >"$work/install.log" || { cat "$work/install.log"; fail "install"; }
prefix=$work/moved
[ -f "$prefix/share/elfin/materials/Si.yaml" ] || fail "no materials were installed"
lib=$(dirname "$(find "$prefix" -name 'libelfin.so')")
export LD_LIBRARY_PATH=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}

# Only elfin_* is visible.
others=$(nm -D --defined-only "$lib/libelfin.so" | awk '$3 !~ /^elfin_/ {print $3}')
[ -z "$others" ] || fail "libelfin shows $others"
nm -D --defined-only "$lib/libelfin.so" | grep ' elfin_rate$' >/dev/null || fail "libelfin hides elfin_rate"
# The physics needs neither MPI nor HDF5.
! ldd "$lib/libelfin.so" | grep -Ei 'libmpi|hdf5' || fail "libelfin needs MPI or HDF5"

export PKG_CONFIG_PATH=$lib/pkgconfig
flags=$(pkg-config --cflags --libs elfin) || fail "pkg-config"
# shellcheck disable=SC2086
${CC:-cc} -std=c17 -Wall -Wextra -Werror "$here/outside/outside.c" -o "$work/by_pkgconfig" $flags -lm ||
  fail "does not build with pkg-config"
first=$("$work/by_pkgconfig") || fail "the program that pkg-config built fails"

generator=$(sed -n 's/^CMAKE_GENERATOR:INTERNAL=//p' "$build/CMakeCache.txt")
if ! { cmake -G "$generator" -S "$here/outside" -B "$work/cmake" -DCMAKE_PREFIX_PATH="$prefix" &&
  cmake --build "$work/cmake"; } >"$work/cmake.log" 2>&1; then
  cat "$work/cmake.log"
  fail "find_package"
fi
second=$("$work/cmake/outside") || fail "the program that find_package built fails"
[ "$first" = "$second" ] || fail "two answers: $first and $second"

# The installed program gives the same number.
program=$("$prefix/bin/elfin" rate --process electron --material Si --response lindhard \
  --mediator massless --mass 10MeV --cross-section 1e-38 | tail -n 1)
python3 - "$first" "$program" <<'PY'
import sys
library, row = float(sys.argv[1]), sys.argv[2].split(",")
rate = float(row[-3])
# The same library and request: only the ten printed digits differ.
assert abs(rate / library - 1) < 1e-9, (library, rate)
PY
echo "outside program: $first events per kg and year"

# What is installed finds its own data, and not those of the source: in the prefix, in a copy of it elsewhere, called
# by a path, by name, through a link, by a program that loads the library. The copy's gap of silicon is another.
data_of() { "$@" --version | sed -n 's/^data //p'; }
[ "$(data_of "$prefix/bin/elfin")" = "$prefix/share/elfin" ] || fail "the installed program does not find its data"
cp -a "$prefix" "$work/else where"
rm -r "$prefix"
copy="$work/else where"
sed -i 's/^gap: {value: 1.11 eV/gap: {value: 1.5 eV/' "$copy/share/elfin/materials/Si.yaml"
ln -s "$copy/bin/elfin" "$work/linked"
cd "$copy/bin"
for found in "$(data_of ./elfin)" "$(PATH="$copy/bin:$PATH" data_of elfin)" "$(data_of "$work/linked")" \
  "$(exec -a elfin ./elfin --version | sed -n 's/^data //p')"; do
  [ "$found" = "$copy/share/elfin" ] || fail "the moved program takes its data from $found"
done
[ "$(ELFIN_DATA=/else data_of ./elfin)" = /else ] || fail "ELFIN_DATA does not come first"
./elfin materials Si | grep '^gap  *1\.5 ' >/dev/null || fail "the moved program does not read its own Si.yaml"
moved=$(LD_LIBRARY_PATH="$copy/${lib#"$prefix/"}" "$work/by_pkgconfig") || fail "the moved library does not work"
[ "$moved" != "$first" ] || fail "the moved library does not read its own Si.yaml"
# Without them it says where it looked.
rm -r "$copy/share/elfin/materials"
case $(data_of ./elfin) in "$copy"*) fail "data that are not there are found" ;; esac
