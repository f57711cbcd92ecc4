#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin fit` as a user types it, and a rate with what it made.
source "$(dirname "$0")/../program/common.sh"

{ echo "# Reflectivity of imaginary silicon, J. Impr. Res. 1 (2026) 1"
  awk 'BEGIN { for (i = 0; i <= 200; i++) { w = exp(log(100) * i / 200)
    print w, 0.9 * 17 ^ 2 * 4 * w / ((w ^ 2 - 17 ^ 2) ^ 2 + 16 * w ^ 2) } }'; } >optical.dat

ends 2 fit
says err 'fit what?'
ends 2 fit lindhard optical.dat
says err 'elfin fits mermin and penn'
ends 2 fit mermin nowhere.dat
says err 'nowhere.dat: cannot be opened'
ends 2 fit mermin optical.dat -o mine.yaml
says err '--material says whose'
ends 2 fit mermin optical.dat --oscillators 0
says err '--oscillators 0'
ends 2 fit mermin optical.dat --columns omega,n,kappa
says err 'optical.dat:2: some columns are missing'
claim "nothing was made" test ! -e mine.yaml

ends 0 fit mermin optical.dat -o mine.yaml --material Si
says out 'mine.yaml is complete'
says out '1/eps(0)'
says mine.yaml 'optical.dat: Reflectivity of imaginary silicon'
ends 1 fit mermin optical.dat -o mine.yaml --material Si
says err 'exists already; --overwrite replaces it'
ends 0 fit mermin optical.dat -o mine.yaml --material Si --overwrite --eps-static 10
ends 0 fit penn optical.dat --oscillators 50
says out 'mermin:'
claim "50 gases" test "$(grep -c '^  - \[' out)" = 50
says err "Penn's integral"
if command -v gnuplot >/dev/null; then
  ends 0 fit mermin optical.dat --plot fit.png
  claim "a picture" test "$(head -c 8 fit.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a
  ends 1 fit mermin optical.dat --plot fit.png
  says err 'fit.png'
fi
{ echo "omega_eV,elf"; grep -v '#' optical.dat | tr ' ' ','; } >optical.csv
ends 0 fit mermin optical.csv
claim "one list, from blanks and from commas" test -n "$(grep '^  - ' out)"
grep '^  - ' out >from_csv
ends 0 fit mermin optical.dat
claim "the same list" cmp -s from_csv <(grep '^  - ' out)
ends 2 fit mermin optical.dat --plot fit.gif
says err 'fit.gif'
ends 0 materials ./mine.yaml
ends 0 rate --process electron --material ./mine.yaml --mediator massless --mass 10MeV --cross-section 1e-38
claim "a rate" grep -qE ',1.?$' out
finish
