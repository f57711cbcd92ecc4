#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# share/elfin.bash offers what elfin knows, as a shell asks for it.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
source "$here/../../share/elfin.bash"
mkdir elfin_folder
touch job.yaml other.yml result.h5 notes.txt

offered() { # WORD…: the line so far; what is offered for its last word goes to `out`, a line each
  COMP_WORDS=("$ELFIN_PROGRAM" "$@") COMP_CWORD=$# COMPREPLY=()
  _elfin 2>err
  printf '%s\n' "${COMPREPLY[@]}" >out
  claim "nothing is said while completing '$*'" test ! -s err
}
offers() { claim "offered for '$1': $2" grep -qxF -- "$2" out; }
exactly() { # LINE WORDS
  local found; found=$(tr '\n' ' ' <out)
  claim "offered for '$1': exactly '$2', found '$found'" test "$found" = "$2 "
}

claim "elfin has a completion" test "$(complete -p elfin | grep -c -- '-F _elfin elfin')" = 1
"$ELFIN_PROGRAM" --help | sed -n 's/^  \([a-z]\{1,\}\)  .*/\1/p' >verbs
claim "there are verbs" test "$(wc -l <verbs)" -ge 10
offered ""
while read -r verb; do offers "" "$verb"; done <verbs
offered che;                      exactly che check
offered xyz;                      claim "nothing fits xyz" test "$(cat out)" = ""

# Options are those of the verb's help.
while read -r verb; do
  offered "$verb" --
  for option in $("$ELFIN_PROGRAM" help "$verb" | grep -oE '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+'); do
    offers "$verb --" "$option"
  done
done <verbs
offered run --retr;               exactly "run --retr" --retry-failed
offered rate --kine;              exactly "rate --kine" --kinetic-mixing

# Keys and names.
offered materials S;              exactly "materials S" "Si SiC SiO2"
offered response Al2;             exactly "response Al2" Al2O3
offered rate --material Ge;       exactly "rate --material Ge" "Ge Ge_Sun"
offered rate --process absorp;    exactly "rate --process absorp" absorption
offered rate --mediator "";       exactly "rate --mediator" "massless massive"
offered rate --operator "do";     exactly "rate --operator do" "double A'"
offered response Si --kind lin;   exactly "response Si --kind lin" lindhard
offered help cross;               exactly "help cross" cross_section
offered help resp;                exactly "help resp" response

# Files by what the verb reads.
offered run "";                   exactly run "job.yaml other.yml elfin_folder/"
offered check j;                  exactly "check j" job.yaml
offered show "";                  exactly show "result.h5 elfin_folder/"
offered merge r;                  exactly "merge r" result.h5
touch elf.png
offered response Si --plot e;     exactly "response Si --plot e" "elf.png elfin_folder/"
offered plot result.h5 -o elf.;   exactly "plot result.h5 -o elf." elf.png
finish
