#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The rules of the house that a compiler does not see: who may include whom, where the big libraries
# are known, headers that stand alone, licence lines, sizes, names. Prints every breach.
set -uo pipefail
cd "$(dirname "$0")/.." || exit

breaches=0
breach() { echo "$*" >&2; breaches=$((breaches + 1)); }

# ---- who may include whom: a room, and the rooms below that it may know ---------------------------
declare -A may=(
  [base]=""
  [numerics]="base"
  [document]="base"
  [halo]="numerics base"
  [material]="document numerics base"
  [elf]="material numerics base"
  [crystal]="material numerics base"
  [rates]="crystal elf material halo numerics base"
  [detector]="document material numerics base"
  [limits]="base"
  [import]="store campaign document elf material numerics base"
  [fit]="import elf material document numerics base"
  [campaign]="document detector limits rates elf material halo base"
  [schedule]="base"
  [store]="campaign document detector limits rates elf material halo base"
  [report]="store campaign document limits detector rates crystal elf material halo base"
  [cli]="import fit report store campaign schedule document limits detector rates crystal elf material halo base"
)
# The program's rooms know libelfin by its public headers only.
declare -A face_only=([campaign]=1 [schedule]=1 [store]=1 [report]=1 [cli]=1)
# Whose public header is it?
declare -A face=([base]=base [constants]=base [halo]=halo [flux]=halo [material]=material [response]=elf [rate]=rates [crystal]=crystal [limit]=limits [experiment]=detector)
library=" base numerics halo material elf crystal rates detector limits "

allowed() { # ROOM OTHER
  [ "$1" = "$2" ] || [[ " ${may[$1]} " == *" $2 "* ]]
}

n_includes=0
while IFS=: read -r file line included; do
  room=${file#src/}; room=${room%%/*}
  if [ -z "${may[$room]+x}" ]; then
    breach "$file: a room that tests/house.sh does not know"
    continue
  fi
  n_includes=$((n_includes + 1))
  case $included in
    *\"*)
      header=${included#*\"}; header=${header%\"*}
      if [[ $header == commit.h ]]; then continue; fi
      other=${header%%/*}
      if [[ $header != */* ]]; then
        breach "$file:$line: \"$header\": write the room, \"$room/$header\""
      elif [ ! -f "src/$header" ]; then
        breach "$file:$line: \"$header\" is not in src/"
      elif ! allowed "$room" "$other"; then
        breach "$file:$line: $room must not know $other"
      elif [ -n "${face_only[$room]-}" ] && [[ $library == *" $other "* ]]; then
        breach "$file:$line: $room knows libelfin by <elfin/…> only"
      fi ;;
    *\<elfin/*)
      header=${included#*<elfin/}; header=${header%.h>*}
      other=${face[$header]-}
      if [ -z "$other" ]; then
        breach "$file:$line: <elfin/$header.h>: a header that tests/house.sh does not know"
      elif ! allowed "$room" "$other"; then
        breach "$file:$line: $room must not know <elfin/$header.h>, the face of $other"
      fi ;;
  esac
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include' src --include='*.[ch]')
[ "$n_includes" -gt 0 ] || breach "no #include found: is this the right folder?"

# ---- where the big libraries are known ------------------------------------------------------------
only_in() { # WHAT PATTERN FILES-PATTERN
  local file
  while IFS= read -r file; do
    [[ $file =~ ^($3)$ ]] || breach "$file: $1 is known to $3 only"
  done < <(grep -rlE "#[[:space:]]*include[[:space:]]*[<\"]$2" src include --include='*.[ch]')
}
only_in MPI 'mpi\.h' 'src/schedule/schedule_mpi\.c|src/schedule/share_mpi\.c|src/store/access_mpi\.c'
only_in HDF5 'hdf5' 'src/store/.*'
only_in libyaml 'yaml\.h' 'src/document/yaml_reader\.c'
only_in Cubature 'cubature' 'src/numerics/integrate\.c'
only_in OpenSSL 'openssl' 'src/base/checksum\.c'

# ---- public headers: alone, in C and in C++ -------------------------------------------------------
for header in include/elfin/*.h; do
  name=elfin/${header##*/}
  echo "#include <$name>" | ${CC:-cc} -std=c17 -Wall -Wextra -Wpedantic -Wstrict-prototypes -Werror \
    -Iinclude -fsyntax-only -x c - || breach "$header: does not stand alone in C"
  if command -v "${CXX:-c++}" >/dev/null; then
    echo "#include <$name>" | ${CXX:-c++} -std=c++17 -Wall -Wextra -Wpedantic -Werror \
      -Iinclude -fsyntax-only -x c++ - || breach "$header: does not stand alone in C++"
  fi
done

# ---- every file -----------------------------------------------------------------------------------
# What git knows or would take; in an unpacked archive, everything.
files() {
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- "$@"
  else
    local pattern
    for pattern in "$@"; do find . -name "$pattern" -not -path './build*' | sed 's,^\./,,'; done
  fi
}

most_lines=600
while IFS= read -r file; do
  [ -f "$file" ] || continue
  head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
    breach "$file: no SPDX line among the first three"
  case $file in
    *.c | *.h)
      lines=$(wc -l <"$file")
      [ "$lines" -le $most_lines ] || breach "$file: $lines lines want to be two files" ;;
  esac
done < <(files '*.c' '*.h' '*.sh' '*.py' '*CMakeLists.txt' '*.cmake')

while IFS= read -r name; do
  breach "two files are called $name"
done < <(files '*.c' '*.h' | sed 's,.*/,,' | sort | uniq -d)

# The page of each file: a newcomer reads what it is for.
while IFS= read -r file; do
  [ -f "$file" ] || continue
  head -n 5 "$file" | grep -q '@file' || breach "$file: does not open with @file and what it is for"
done < <(files 'src/*.c' 'src/*.h' 'include/*.h')

if [ $breaches -gt 0 ]; then
  echo "$breaches breaches of the house rules" >&2
  exit 1
fi
echo "$n_includes includes, all as the house is drawn"
