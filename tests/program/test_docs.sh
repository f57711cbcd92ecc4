#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# docs/: what elfin prints there is what it prints today; links lead somewhere; jobs to begin with are jobs.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
top=$(cd "$here/../.." && pwd)

claim "docs/ is what elfin prints: else run jobs/docs.sh" "$top/jobs/docs.sh" --check

# A drift is seen, by page, and mended.
mkdir -p copy/jobs copy/docs
cp "$top/jobs/docs.sh" copy/jobs
cp "$top/docs/electron.md" copy/docs
sed -i 's/^| `mass` | eV /| `mass` | keV /' copy/docs/electron.md
claim "the copy was changed" test "$(cmp copy/docs/electron.md "$top/docs/electron.md" | wc -l)" = 1
copy/jobs/docs.sh --check 2>err
claim "a drift is refused" test $? = 1
says err "docs/electron.md is not what elfin prints today"
says err "run jobs/docs.sh"
copy/jobs/docs.sh 2>err
claim "a drift is mended" cmp copy/docs/electron.md "$top/docs/electron.md"
sed -i '0,/^<!-- end -->$/{//d}' copy/docs/electron.md
copy/jobs/docs.sh --check 2>err
claim "a forgotten end is refused" test $? = 1
says err "is not ended by"

# Every process has its keys on a page.
ends 0 help process
for process in $(sed -n 's/^    \([a-z_]*\) .*/\1/p' out); do
  claim "$process has a page" grep -qxF "<!-- elfin help $process --markdown -->" "$top"/docs/*.md
done

# Links to files of ours.
while IFS=: read -r page link; do
  claim "$page: ($link) is there" test -e "$top/$(dirname "$page")/$link"
done < <(cd "$top" && grep -oE '\]\([^)#]+' README.md docs/*.md tests/README.md | sed 's/\](//' | grep -v '://')

# README's first numbers are lines of what elfin prints.
ends 0 run "$top/input/quickstart.yaml" -o quickstart.h5
ends 0 show quickstart.h5 --reach 3
sed -n '/^    electrons: cross section/,/^         1 GeV/p' "$top/README.md" | sed 's/^    //' >shown
claim "README shows a table" test "$(wc -l <shown)" = 12
while IFS= read -r line; do
  claim "elfin prints: $line" grep -qxF -- "$line" out
done <shown

# Pictures: small, shown on a page, and drawn by a file in input/ (jobs/figures.sh --docs).
for picture in "$top"/docs/figures/*; do
  name=$(basename "$picture" .svg)
  claim "$name.svg is small" test "$(wc -c <"$picture")" -lt 61440
  claim "$name.svg is shown" grep -qF "figures/$name.svg" "$top"/docs/*.md "$top/README.md"
  claim "$name.svg is drawn by a file" grep -qE "(-o|--plot) \"?$name\\.(png|.ending)" "$top"/input/*.yaml "$top"/input/figures/*
done

for job in "$top"/input/*.yaml; do
  ends 0 check "$job"
  claim "it has a page: ${job##*/}" grep -qF "${job##*/}" "$top"/docs/*.md
done
finish
