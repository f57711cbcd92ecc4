#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What elfin prints, in docs/: everything between a line <!-- elfin ARGUMENTS --> and the next line
# <!-- end --> is what that command prints; a table as it is, anything else as a block of code.
#
#   jobs/docs.sh           rewrites the pages
#   jobs/docs.sh --check   says which pages have drifted, and fails (a test: docs)
#
# `elfin` is $ELFIN_PROGRAM, or the newest of build/*/bin/elfin.
set -euo pipefail
cd "$(dirname "$0")/.."
elfin=${ELFIN_PROGRAM:-$(ls -t build/*/bin/elfin 2>/dev/null | head -n 1)}
[ -x "$elfin" ] || { echo "docs: build elfin first, with jobs/setup.sh" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printed() { # ARGUMENTS…
  "$elfin" "$@" >"$work/printed" || { echo "docs: elfin $* failed" >&2; return 1; }
  if [ "$(head -c 1 "$work/printed")" = '|' ]; then
    cat "$work/printed"
  else
    printf '```\n'; cat "$work/printed"; printf '```\n'
  fi
}

rewritten() { # PAGE: as it should be
  local line inside=
  local -a arguments
  while IFS= read -r line || [ -n "$line" ]; do
    if [[ $line =~ ^'<!-- elfin '(.*)' -->'$ ]]; then
      [ -z "$inside" ] || { echo "docs: $1: '$inside' is not ended by <!-- end -->" >&2; return 1; }
      inside=$line
      read -ra arguments <<<"${BASH_REMATCH[1]}"
      echo "$line"
      printed "${arguments[@]}" || return 1
    elif [ "$line" = '<!-- end -->' ]; then
      [ -n "$inside" ] || { echo "docs: $1: <!-- end --> of nothing" >&2; return 1; }
      inside=
      echo "$line"
    elif [ -z "$inside" ]; then
      printf '%s\n' "$line"
    fi
  done <"$1"
  [ -z "$inside" ] || { echo "docs: $1: '$inside' is not ended by <!-- end -->" >&2; return 1; }
}

drifted=0
for page in docs/*.md; do
  rewritten "$page" >"$work/page"
  cmp -s "$page" "$work/page" && continue
  drifted=$((drifted + 1))
  if [ "${1-}" = --check ]; then
    echo "docs: $page is not what elfin prints today:" >&2
    diff "$page" "$work/page" >&2 || true
  else
    cp "$work/page" "$page"
    echo "docs: $page rewritten" >&2
  fi
done
if [ "${1-}" = --check ] && [ $drifted -gt 0 ]; then
  echo "docs: run jobs/docs.sh, and commit what it changes" >&2
  exit 1
fi
