#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every figure of input/figures/ into one folder, with a page that shows them all.
#
#   jobs/figures.sh [FOLDER]     default: figures/
#
# The head of each input file holds the commands that make its figures; this script runs those, as a reader
# would. `elfin` is $ELFIN_PROGRAM, or the newest of build/*/bin/elfin. Existing results are kept: they are
# resumed, and complete ones are left as they are; pictures are drawn anew.
set -euo pipefail
cd "$(dirname "$0")/.."
elfin=${ELFIN_PROGRAM:-$(ls -t build/*/bin/elfin 2>/dev/null | head -n 1)}
[ -x "$elfin" ] || { echo "figures: build elfin first, with jobs/setup.sh" >&2; exit 1; }
elfin=$(cd "$(dirname "$elfin")" && pwd)/$(basename "$elfin")
here=$PWD
folder=${1:-figures}
mkdir -p "$folder"
cd "$folder"
[ -d "$here/data" ] && export ELFIN_DATA=$here/data

run=("$elfin")
if command -v mpirun >/dev/null && [ "$(nproc)" -gt 1 ]; then
  [ "$(id -u)" != 0 ] || export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  run=(mpirun --oversubscribe -n "$(nproc)" "$elfin")
fi

page() { printf '%s\n' "$*" >>index.html.new; }
rm -f index.html.new
page '<!doctype html><meta charset="utf-8"><title>elfin: figures</title>'
page '<style>body{font-family:sans-serif;max-width:60em;margin:auto}img{width:100%}pre{background:#eee;padding:1em}</style>'
page '<h1>Figures by elfin</h1>'
failed=0
for job in "$here"/input/figures/*.yaml; do
  name=$(basename "$job" .yaml)
  echo "$name"
  page "<h2 id=\"$name\">$name</h2><p>$(sed -n '/^# /{s/^# //;/^ *elfin /!p}; /^[^#]/q' "$job" | sed 's/&/\&amp;/g; s/</\&lt;/g')</p>"
  if ! "${run[@]}" run "$job" --resume 2>"$name.log"; then
    echo "figures: $name is not complete: $(tail -n 1 "$name.log")" >&2
    failed=1
  fi
  while read -r -a command; do # elfin plot FILE -o PICTURE …, each word as it stands
    if "$elfin" "${command[@]:1}" --overwrite 2>>"$name.log"; then
      page "<img src=\"${command[4]}\" alt=\"${command[4]}\">"
    else
      echo "figures: ${command[*]}: $(tail -n 1 "$name.log")" >&2
      failed=1
    fi
  done < <(sed -n 's/^# *\(elfin plot .*\)/\1/p' "$job")
  page "<details><summary>input/figures/$name.yaml</summary><pre>$(sed 's/&/\&amp;/g; s/</\&lt;/g' "$job")</pre></details>"
done
mv index.html.new index.html
echo "$(ls ./*.png | wc -l) pictures; look at $(pwd)/index.html"
exit $failed
