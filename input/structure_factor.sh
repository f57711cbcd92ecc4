#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From phonons to the recoil of a free nucleus: S(q,omega) of a nucleus in its crystal, scaled so that
# all momenta share one picture. Needs gnuplot; `elfin` is taken from the PATH or $ELFIN_PROGRAM.
#
#   input/structure_factor.sh PICTURE.svg [MATERIAL [NUCLEUS]] [MORE OPTIONS of elfin response]
#
# Abscissa: omega over the free recoil q^2/(2m). At small q single phonons stand out far beyond 1; as
# q grows they pile up into a Gaussian around 1, which narrows to the delta function of a free nucleus.
# input/structure_factor.sh debye.svg Si Si --debye '60 meV' draws Debye's solid.
set -euo pipefail
picture=${1:?which file shall hold the picture?} material=${2:-Si} nucleus=${3:-${2:-Si}}
shift $(($# < 3 ? $# : 3))
table=$(mktemp)
trap 'rm -f "$table"' EXIT
"${ELFIN_PROGRAM:-elfin}" response "$material" --structure-factor --nucleus "$nucleus" "$@" >"$table"

gnuplot <<GNUPLOT
set datafile separator ','
set terminal svg size 900,600 dynamic background 'white'
set output '$picture'
set title 'structure factor of $nucleus in $material'
set xlabel 'omega / (q^2/2m)'
set ylabel '(q^2/2m) S(q,omega)/(2 pi)'
set logscale xy
set xrange [0.05:200]
set yrange [1e-5:10]
set format y '10^{%T}'
qs = system("awk -F, 'NR > 1 && !(\$2 in seen) { seen[\$2]; print \$2 }' '$table'")
plot for [q in qs] '$table' using (strcol(2) eq q ? \$3/\$5 : NaN):(\$4*\$5/(2*pi)) every ::1 \
  with lines title sprintf('q = %.3g keV', q/1000.0)
GNUPLOT
echo "$picture"
