#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What help2man makes elfin(1) of: $ELFIN_PROGRAM's help, cut to what help2man understands, and the rest as sections
# that stand as they are.
#   man_page.sh --help | --version | sections
set -euo pipefail
elfin=${ELFIN_PROGRAM:?}

verbs() { "$elfin" --help | sed -n 's/^  \([a-z]\{1,\}\)  .*/\1/p'; }

section() { # TITLE: of stdin; no line may look like a request of roff
  printf '[%s]\n.nf\n' "$1"
  sed 's/\\/\\e/g; s/^\([.'"'"']\)/\\\&\1/'
  printf '.fi\n\n'
}

case ${1-} in
  --version) "$elfin" --version | head -n 1 ;;
  --help) "$elfin" --help | sed 's/^usage:/Usage:/; /^A first number/,$d' ;;
  sections)
    "$elfin" --help | sed -n '/^A first number/,/^$/p' | section EXAMPLES
    "$elfin" --help | sed -n '/^Exit codes/,$p' | section 'EXIT STATUS'
    for verb in $(verbs); do "$elfin" help "$verb" | section "elfin $verb"; done
    "$elfin" help keys | section 'keys of a job' ;;
  *) echo "man_page.sh: --help, --version or sections" >&2; exit 2 ;;
esac
