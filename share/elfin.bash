# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of elfin in bash. What is offered is asked from elfin itself: verbs and options from
# `elfin help`, keys and their values from `elfin help KEY`, names from `elfin materials`.
# `cmake --install` puts it where bash-completion finds it; else: source share/elfin.bash

_elfin_verbs() { "$1" --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\)  .*/\1/p'; }
_elfin_keys() { "$1" help keys 2>/dev/null | sed -n '2,$s/^ *\([a-z0-9_]\{1,\}\) .*/\1/p'; }
_elfin_materials() { "$1" materials 2>/dev/null | awk 'NR > 2 { print $1 }'; }
_elfin_kinds() { "$1" help response --markdown 2>/dev/null | sed -n 's/^| `\([^`]*\)`.*/\1/p'; }

_elfin_options() { # PROGRAM VERB
  "$1" help "$2" 2>/dev/null | grep -oE -- '--[a-z][a-z-]*' | sort -u
  [ "$2" != rate ] || _elfin_keys "$1" | sed 's/_/-/g; s/^/--/'
}

_elfin_values() { # PROGRAM OPTION: what may follow it
  local key=${2#--}
  key=${key//-/_}
  case $key in
    material) _elfin_materials "$1" ;;
    kind) _elfin_kinds "$1" ;;
    # "a number, more than 0 eV, …; or massless or massive": the words at the end
    *) "$1" help "$key" 2>/dev/null | sed -n 's/^  values: *//p' |
      sed 's/; or the path of a file$//; s/; or a name that.*//; s/^.*; or //; /^a /d; s/ or /, /g; s/, /\n/g' ;;
  esac
}

_elfin_beginning_with() { # WORD: lines of stdin, each once
  local line seen=$'\n'
  while IFS= read -r line; do
    [[ -n $line && $line == "$1"* && $seen != *$'\n'"$line"$'\n'* ]] || continue
    seen+=$line$'\n'
    printf '%s\n' "$line"
  done
}

_elfin_files() { # WORD ENDING…
  local ending
  for ending in "${@:2}"; do compgen -f -X "!*.$ending" -- "$1"; done
  compgen -d -S / -- "$1"
}

_elfin() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]-}
  local before=${COMP_WORDS[COMP_CWORD - 1]} offered=""
  if [ "$COMP_CWORD" = 1 ]; then
    offered=$(_elfin_verbs "$program"; printf '%s\n' --help --version)
  elif [[ $word == -* ]]; then
    offered=$(_elfin_options "$program" "$verb")
  elif [[ $before == --plot || ($verb == plot && ($before == -o || $before == --output)) ]]; then
    mapfile -t COMPREPLY < <(_elfin_files "$word" png svg pdf)
    return
  elif [[ $verb == rate || $verb == response ]] && [[ $before == --* ]]; then
    offered=$(_elfin_values "$program" "$before")
  else
    case $verb in
      help) offered=$(_elfin_verbs "$program"; _elfin_keys "$program"; printf '%s\n' keys units) ;;
      materials) offered=$(_elfin_materials "$program") ;;
      response) [ "$COMP_CWORD" != 2 ] || offered=$(_elfin_materials "$program") ;;
      run | check) mapfile -t COMPREPLY < <(_elfin_files "$word" yaml yml); return ;;
      *) mapfile -t COMPREPLY < <(_elfin_files "$word" h5 hdf5); return ;;
    esac
  fi
  mapfile -t COMPREPLY < <(_elfin_beginning_with "$word" <<<"$offered")
}
complete -o filenames -o nosort -F _elfin elfin 2>/dev/null || complete -F _elfin elfin
