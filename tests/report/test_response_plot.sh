#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin response MATERIAL --plot`: energy losses and structure factors as pictures. The numbers in them are those of
# the tables, the lines are the kinematics they claim to be, and what cannot be drawn is refused in words.
command -v gnuplot >/dev/null || { echo "skipped: no gnuplot"; exit 77; }
. "$(dirname "$0")/../program/common.sh"

hex() { head -c "$2" "$1" | tail -c "$3" | od -An -tx1 | tr -d ' \n'; }
is_png() { [ "$(hex "$1" 8 8)" = 89504e470d0a1a0a ] && [ "$(hex "$1" 24 8)" = 000004b000000384 ]; } # 1200 × 900
is_pdf() { [ "$(head -c 5 "$1")" = %PDF- ] && tail -c 8 "$1" | grep -q EOF; }
is_svg() { grep -q '<svg' "$1" && tail -n 2 "$1" | grep -q '</svg>'; }
sized() { local n; n=$(wc -c <"$1"); [ "$n" -gt "$2" ] && [ "$n" -lt "$3" ]; }
curve() { sed -n "/^\\\$curve$1 << END/,/^END/{/END/d; /^\$/d; p}" "${2:-out}"; }
map() { sed -n '/^\$map << END/,/^END/{/END/d; p}' out; }

# ---- a map, in each format ------------------------------------------------------------------------
ends 0 response Si --plot map.png
claim "a PNG of 1200 by 900" is_png map.png
claim "of a plausible size" sized map.png 20000 400000
for ending in svg pdf; do
  ends 0 response Si --k-grid 100,10000,50 --omega-grid 1,50,40 --plot map.$ending
  claim "map.$ending" is_$ending map.$ending
  claim "of a plausible size" sized map.$ending 8000 200000
done
sed 's/<[^>]*>//g' map.svg | tr -d '\n' >letters
for text in 'Energy loss function of Si' 'mermin response' 'momentum k [keV]' 'energy ω [eV]' 'Im(−1/ε)' \
            'dark matter of 10 MeV' 'Sun'; do
  says letters "$text"
done
claim "nothing else is left behind" test "$(ls | grep -c tmp-)" = 0

# Its cells are those of the table.
grids=(--kind lindhard --k-grid 500,9500,10 --omega-grid 2,38,10)
ends 0 response Si "${grids[@]}"
sed 's/\r//' out | awk -F, 'NR > 1 && $5 > 0 { printf "%.7g %.7g %.4g\n", $2 / 1000, $1, $5 }' | sort >table
ends 0 response Si "${grids[@]}" --mass 3MeV --script
map | sort >cells
claim "100 cells" test "$(wc -l <cells)" = 100
low=$(sed -n 's/^set cbrange \[\([^:]*\):.*/\1/p' out)
awk -v low="$low" '$3 > low' cells >bright
awk -v low="$low" '$3 > low' table >expected
claim "some are bright" test "$(wc -l <bright)" -gt 20
claim "as bright as the table says" cmp bright expected
says out 'a line without width'

# The line of 3 MeV ends where k = 2 m v, or at the frame, and its highest point is m v²/2.
claim "ω = k v − k²/2m" awk -v m=3e6 '
  { k = 1000 * $1; if ($1 > 0) { v = ($2 + k * k / (2 * m)) / k; n++; if (v > most) most = v; if (!least || v < least) least = v } }
  END { exit !(n > 100 && most / least < 1 + 1e-6 && most > 740 / 299793 - 1e-5 && most < 740 / 299792 + 1e-5) }' \
  <(curve 0)

# The same on logarithmic axes: of a grid, and of --log, which chooses one.
grids=(--kind lindhard --k-grid 100,20000,21,log --omega-grid 1,40,11,log)
ends 0 response Si "${grids[@]}"
sed 's/\r//' out | awk -F, 'NR > 1 && $5 > 0 { printf "%.7g %.7g %.4g\n", $2 / 1000, $1, $5 }' | sort >table
ends 0 response Si "${grids[@]}" --mass 3MeV --script
says out 'set logscale x'
says out 'set logscale y'
says out 'using (log10($1)):(log10($2)):3 axes x2y2 with image'
map | sort >cells
claim "231 cells" test "$(wc -l <cells)" = 231
low=$(sed -n 's/^set cbrange \[\([^:]*\):.*/\1/p' out)
awk -v low="$low" '$3 > low' cells >bright
awk -v low="$low" '$3 > low' table >expected
claim "some are bright" test "$(wc -l <bright)" -gt 40
claim "as bright as the table says" cmp bright expected
frame() { sed -n "s/^set $1range \\[\\(.*\\):\\(.*\\)\\]\$/\\1 \\2/p" out; }
claim "the frame is half a step wider than 0.1 to 20 keV" awk '
  { s = exp(log(200) / 40); a = $1 / 0.1 * s; b = $2 / 20 / s; n++ }
  END { exit !(n == 1 && a > 0.9999 && a < 1.0001 && b > 0.9999 && b < 1.0001) }' <(frame x)
claim "the image's axis is its logarithm" awk '
  { a = log($1) / log(10); b = $3; n++ } END { exit !(n == 1 && a - b < 1e-5 && b - a < 1e-5) }' \
  <(paste -d' ' <(frame x) <(frame x2))
claim "ω = k v − k²/2m, down to the frame" awk -v m=3e6 '
  { k = 1000 * $1; v = ($2 + k * k / (2 * m)) / k; n++; if (v > most) most = v; if (!least || v < least) least = v; if (!low || $2 < low) low = $2 }
  END { exit !(n > 100 && low < 0.1 && most / least < 1 + 1e-6 && most > 740 / 299793 - 1e-5 && most < 740 / 299792 + 1e-5) }' \
  <(curve 0)
ends 0 response Si --log --script
claim "steps of --log are even" awk '
  !(($1) in seen) { seen[$1]; k[++n] = log($1) }
  END { step = (k[n] - k[1]) / (n - 1); for (i = 1; i < n; i++) if (k[i + 1] - k[i] > 1.001 * step || k[i + 1] - k[i] < 0.999 * step) exit 1; exit !(n == 240 && k[n] - k[1] > 5) }' <(map)
ends 0 response Si --log --k 1keV,3keV --kind mermin --script
says out 'set logscale x'
claim "two cuts" test "$(grep -c '^\$curve' out)" = 2
ends 0 response Si --log --plot log.png
claim "a PNG" is_png log.png

# ---- cuts, and several responses -------------------------------------------------------------------
ends 0 response Si --kind mermin --k 3keV --omega-grid 1,40,40
sed 's/\r//' out | awk -F, 'NR > 1 { printf "%.9g %.9g\n", $1, $5 }' >table
ends 0 response Si --kind lindhard,mermin --k 1keV,3keV --omega-grid 1,40,40 --script
says out "title 'lindhard, k = 1 keV'"
says out "title 'mermin, k = 3 keV'"
curve 3 >drawn
claim "mermin at 3 keV as in the table" cmp drawn table
claim "four curves" test "$(grep -c '^\$curve' out)" = 4
ends 0 response Si --kind lindhard,mermin --plot cuts.png
claim "a PNG without any numbers given" is_png cuts.png

# Each curve shows, and so does each momentum of a map that somebody asks for, however little they lose.
ends 0 response Si --kind mermin_edges --k 1keV,50keV --omega-grid 1,40,40 --script
bottom=$(sed -n 's/^set yrange \[\([^:]*\):.*/\1/p' out)
claim "the frame reaches the losses of 50 keV" awk -v low="$bottom" '$2 > low { n++ } END { exit !(low > 0 && n > 20) }' <(curve 1)
ends 0 response Si --kind mermin_edges --k-grid 100,50000,40,log --omega-grid 1,40,40 --script
low=$(sed -n 's/^set cbrange \[\([^:]*\):.*/\1/p' out)
claim "cells of 50 keV are not the darkest" awk -v low="$low" '$1 > 49 && $3 > low { n++ } END { exit !(n > 20) }' <(map)

# Commas in parentheses are a table's own.
ends 0 response Si --omega-grid 1,40,40 --k-grid 500,8000,16
sed 's/\r//' out | awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >table.dat
ends 0 response Si --kind 'mermin,./table.dat (smooth, above mermin)' --k 2keV --script
says out "title 'mermin, k = 2 keV'"
claim "two curves" test "$(grep -c '^\$curve' out)" = 2
ends 0 response Si --kind './table.dat (smooth, above mermin)' --k 2keV --omega 17

# ---- ε(ω): one curve ------------------------------------------------------------------------------
ends 0 response Al2O3 --kind phonon --script
claim "one curve" test "$(grep -c '^\$curve' out)" = 1
says out "'energy ω [meV]'"
ends 0 response GaAs --kind joined --plot optical.png
claim "optical losses" is_png optical.png
# Every material that has a response gives a picture from nothing but its name.
for material in Ge GaAs InSb Al Al2O3; do
  ends 0 response $material --script
  says out "Energy loss function of $material"
done

# ---- structure factor -----------------------------------------------------------------------------
ends 0 response Si --structure-factor --debye 60meV --plot debye.png
claim "a PNG" is_png debye.png
ends 0 response Si --structure-factor --debye 60meV --script
says out "Structure factor of Si"
says out 'D = 60 meV'
# A Debye solid's single phonons end at ω_D; at the largest momentum the peak is the free recoil's.
claim "six momenta" test "$(grep -c '^\$curve' out)" = 6
claim "the free nucleus" awk '$2 + 0 > top + 0 { top = $2; at = $1 } END { exit !(at > 0.97 && at < 1.03) }' <(curve 5)
claim "its area is 1" awk 'NR > 1 { sum += 0.5 * ($2 + y) * ($1 - x) } { x = $1; y = $2 } END { exit !(sum > 0.99 && sum < 1.01) }' <(curve 5)
claim "a phonon far beyond it" awk '$2 + 0 > top + 0 { top = $2; at = $1 } END { exit !(at > 100) }' <(curve 0)
ends 0 response GaAs --structure-factor --nucleus As --k 20keV,200keV --script
says out 'Structure factor of As in GaAs'

# ---- the Migdal effect's probability --------------------------------------------------------------
ends 0 response Si --migdal 10eV --kind mermin,atomic --omega 20,120
sed 's/\r//' out | awk -F, 'NR > 1 { printf "%.9g %.9g\n", $4, $5 }' >table
claim "a header and four lines" test "$(wc -l <out)" = 5
ends 0 response Si --migdal 10eV --kind mermin,atomic --omega 20,120 --script
cat <(curve 0) <(curve 1) >drawn
claim "drawn as in the table" cmp drawn table
says out 'recoils with 10 eV'
says out '1707.07258'
ends 0 response Si --migdal 20eV --kind mermin --omega 20
claim "proportional to the recoil" awk -F, -v ten="$(head -n 1 table | cut -d' ' -f2)" \
  'NR == 2 { r = $5 / ten; exit !(r > 2 - 1e-6 && r < 2 + 1e-6) }' out
ends 0 response Si --migdal 10eV --plot migdal.png
claim "a PNG" is_png migdal.png
ends 2 response GaAs --migdal 10eV; says err 'name one'
ends 2 response Si --migdal 0eV; says err 'above 0'
ends 2 response Si --migdal 10eV --k 2keV; says err '--migdal takes'
ends 2 response Si --migdal 10eV --kind joined; says err 'depends on momentum'
ends 2 response Si --nucleus Si; says err '--migdal'

# ---- refusals -------------------------------------------------------------------------------------
cp map.png before.png
ends 1 response Si --plot map.png; says err 'exists already; --overwrite'
claim "it is as it was" cmp map.png before.png
ends 0 response Si --kind lindhard --plot map.png --overwrite
claim "now it is another" test "$(cmp -s map.png before.png; echo $?)" = 1
ends 2 response Si --plot map.gif; says err '.png, .svg or .pdf'
ends 2 response Si --plot x.png --k 1,2,3,4,5,6,7,8,9,11; says err 'even steps'
ends 2 response Si --plot x.png --log --k 1,2,3,4,5,6,7,8,9,10; says err 'even steps'
ends 2 response Si --plot x.png --log --omega-grid 1,50,50; says err 'first,last,n,log'
ends 2 response Si --plot x.png --log --structure-factor; says err 'energy loss'
ends 2 response Si --log; says err 'go with --plot'
ends 2 response Si --plot x.png --kind mermin,lindhard --k-grid 1e3,1e4,20; says err 'told apart'
ends 2 response Si --plot x.png --kind mermim; says err 'mermim'
ends 2 response Si --plot x.png --script; says err 'draws nothing'
ends 2 response Si --plot x.png --sum-rules; says err 'no pictures'
ends 2 response Si --mass 10MeV; says err 'go with --plot'
ends 2 response Si --kind lindhard,mermin; says err 'one at a time'
ends 2 response GaAs --structure-factor --plot x.png; says err '--nucleus Ga'
ends 2 response Si --structure-factor --nucleus Na --plot x.png; says err 'no nucleus Na'
ends 2 response Si --structure-factor --mass 1MeV --plot x.png; says err 'no effect'
ends 2 response C_graphite --structure-factor --plot x.png; says err 'C_graphite'
claim "no refusal leaves a picture" test ! -e x.png
finish
