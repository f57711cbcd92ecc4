#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every figure of input/figures/ into one folder, with a page that shows them all.
#
#   jobs/figures.sh [FOLDER]     default: figures/
#   jobs/figures.sh --docs       and draws anew the pictures of the documentation: docs/figures/*.svg
#
# The head of each job holds the commands that make its figures; this script runs those, as a reader would; where a
# figure is of no campaign, a script draws it. `elfin` is $ELFIN_PROGRAM, or the newest of build/*/bin/elfin. Existing
# results are kept: they are resumed, and complete ones are left as they are; pictures are drawn anew.
set -euo pipefail
cd "$(dirname "$0")/.."
elfin=${ELFIN_PROGRAM:-$(ls -t build/*/bin/elfin 2>/dev/null | head -n 1)}
[ -x "$elfin" ] || { echo "figures: build elfin first, with jobs/setup.sh" >&2; exit 1; }
elfin=$(cd "$(dirname "$elfin")" && pwd)/$(basename "$elfin")
export ELFIN_PROGRAM=$elfin
here=$PWD
docs=""
[ "${1-}" != --docs ] || { docs=$here/docs/figures; shift; }
folder=${1:-figures}
mkdir -p "$folder"
cd "$folder"
[ -d "$here/data" ] && export ELFIN_DATA=$here/data

run=("$elfin")
if command -v mpirun >/dev/null && [ "$(nproc)" -gt 1 ]; then
  [ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  run=(mpirun --oversubscribe -n "$(nproc)" "$elfin")
fi

failed=0
fail() { echo "figures: $*" >&2; failed=1; }
page() { printf '%s\n' "$*" >>index.html.new; }
escaped() { sed 's/&/\&amp;/g; s/</\&lt;/g' "$@"; }
show() { page "<img src=\"$1\" alt=\"$1\">"; }

# The comment at the head of a file, without its commands.
head_of() { sed -n '/^[^#]/q; /SPDX/d; /^#!/d; s/^# //; /^#/d; /^ *elfin /d; /^ *input\//d; p' "$1" | escaped; }

# elfin plot FILE -o PICTURE …, each word as it stands; for the documentation, if it shows that picture, also as SVG.
draw() { # LOG WORD…
  local log=$1 picture=$6 svg
  shift
  "$elfin" "${@:2}" --overwrite 2>>"$log" || { fail "$*: $(tail -n 1 "$log")"; return; }
  show "$picture"
  svg=${picture%.png}.svg
  if [ -n "$docs" ] && [ -e "$docs/$svg" ]; then
    "$elfin" plot "$3" -o "$docs/$svg" "${@:6}" --overwrite 2>>"$log" || fail "$docs/$svg: $(tail -n 1 "$log")"
  fi
}

of_job() { # JOB NAME
  local command
  "${run[@]}" run "$1" --resume 2>"$2.log" || fail "$2 is not complete: $(grep '^elfin: ' "$2.log" | tail -n 1)"
  while read -r -a command; do
    draw "$2.log" "${command[@]}"
  done < <(sed -n 's/^# *\(elfin plot .*\)/\1/p' "$1")
}

of_script() { # SCRIPT NAME
  local picture svg
  "$1" 2>"$2.log" || { fail "$2: $(tail -n 1 "$2.log")"; return; }
  while read -r picture; do
    show "$picture"
  done < <(sed -n 's/^elfin: \(.*\.png\)$/\1/p' "$2.log")
  [ -n "$docs" ] || return 0
  "$1" svg 2>"$2.log" || fail "$2: $(tail -n 1 "$2.log")"
  while read -r svg; do
    [ ! -e "$docs/$svg" ] || cp "$svg" "$docs/$svg"
    rm "$svg"
  done < <(sed -n 's/^elfin: \(.*\.svg\)$/\1/p' "$2.log")
}

rm -f index.html.new
page '<!doctype html><meta charset="utf-8"><title>elfin: figures</title>'
page '<style>body{font-family:sans-serif;max-width:60em;margin:auto}img{width:100%}pre{background:#eee;padding:1em}</style>'
page '<h1>Figures by elfin</h1>'
for input in "$here"/input/quickstart.yaml "$here"/input/annual_modulation.yaml "$here"/input/figures/*; do
  file=$(basename "$input")
  name=${file%.*}
  echo "$name"
  page "<h2 id=\"$name\">$name</h2><p>$(head_of "$input")</p>"
  case $file in
    *.yaml) of_job "$input" "$name" ;;
    *.sh) of_script "$input" "$name" ;;
  esac
  page "<details><summary>${input#"$here/"}</summary><pre>$(escaped "$input")</pre></details>"
done
mv index.html.new index.html
echo "$(ls ./*.png | wc -l) pictures; look at $(pwd)/index.html"
exit $failed
