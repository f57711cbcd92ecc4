#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin import csv`: heads, units, order; a table's way through CSV and back changes no bit; the ELF of
# Drude's metal alone gives its epsilon back; optical data; and every way in which a text is no grid.
source "$(dirname "$0")/../program/common.sh"

"$ELFIN_PROGRAM" response Si --kind mermin --omega-grid 0.5,120,240 --k-grid 373,29800,30,log >grid.csv
from() { ends 0 import csv "$1" -o "$2" --source "Si, its oscillators" "${@:3}"; }

# There and back.
awk -F, 'NR == 1 { print "omega_eV,k_eV,eps1,eps2" } NR > 1 { print $1 "," $2 "," $3 "," $4 }' grid.csv >plain.csv
from plain.csv one.h5
"$ELFIN_PROGRAM" export one.h5 >one.csv
claim "the numbers of the file come out" cmp -s plain.csv one.csv
from one.csv two.h5
"$ELFIN_PROGRAM" export two.h5 >two.csv
claim "the same bits there and back" cmp -s one.csv two.csv
ends 0 show one.h5
says out 'source: Si, its oscillators'
says out 'imported from: csv file plain.csv, SHA-256 '"$(sha256sum plain.csv | cut -d' ' -f1)"

# Order, separators, units, options.
{ echo 'q (keV);omega [eV];eps2;eps1 # of Si'; tail -n +2 plain.csv | sort -r |
  awk -F, '{ printf "%.17g; %s; %s; %s\n", $2 / 1000, $1, $4, $3 }'; } >mixed.csv
from mixed.csv mixed.h5
"$ELFIN_PROGRAM" export mixed.h5 | tail -n +2 | cut -d, -f1,3,4 >mixed.cut
tail -n +2 plain.csv | cut -d, -f1,3,4 | cmp -s - mixed.cut
claim "any order of points and columns" test $? = 0
tail -n +2 plain.csv | awk -F, '{ printf "%.17g %.17g %s %s\n", $1 / 27.211386245988, $2 / (7.2973525693e-3 * 510998.95), $3, $4 }' >bare.dat
from bare.dat bare.h5 --columns omega,k,eps1,eps2 --units Hartree,1/Bohr
tail -n +2 plain.csv >plain.tail
"$ELFIN_PROGRAM" export bare.h5 | tail -n +2 | paste -d, - plain.tail |
  awk -F, '{ if ($1 / $5 > 1 + 1e-9 || $1 / $5 < 1 - 1e-9 || $2 / $6 > 1 + 1e-9 || $2 / $6 < 1 - 1e-9) bad++ } END { exit bad > 0 }'
claim "atomic units" test $? = 0

# Drude: 1/eps = (w^2 + i g w)/(w^2 - wp^2 + i g w); its ELF, far out, says all.
awk 'BEGIN { print "omega,k,elf"; wp = 15; g = 2
  for (k = 1000; k <= 2000; k += 1000) for (w = 0; w <= 400; w += 0.1) {
    d = (w * w - wp * wp) ^ 2 + g * g * w * w; printf "%.10g,%g,%.17g\n", w, k, wp * wp * g * w / d } }' >drude.csv
from drude.csv drude.h5
"$ELFIN_PROGRAM" export drude.h5 | awk -F, 'NR > 1 && $1 >= 5 && $1 <= 60 { wp = 15; g = 2; w = $1
  e1 = 1 - wp * wp / (w * w + g * g); e2 = wp * wp * g / (w * (w * w + g * g))
  off = sqrt(($3 - e1) ^ 2 + ($4 - e2) ^ 2) / sqrt(e1 * e1 + e2 * e2); if (off > worst) worst = off; n++ }
  END { print "worst", worst, n; exit !(n > 1000 && worst < 2e-3) }' >drude.out
claim "epsilon from the ELF: $(cat drude.out)" test "${PIPESTATUS[1]}" = 0
"$ELFIN_PROGRAM" show drude.h5 >out
says out 'epsilon: from the ELF, by Kramers and Kronig'

# Optical data: n and k, and epsilon.
awk 'BEGIN { print "omega [eV],n,k"; for (w = 1; w < 60; w += 0.25) { wp = 15; g = 3
  e1 = 1 - wp * wp / (w * w + g * g); e2 = wp * wp * g / (w * (w * w + g * g)); a = sqrt(e1 * e1 + e2 * e2)
  printf "%.17g,%.17g,%.17g\n", w, sqrt((a + e1) / 2), sqrt((a - e1) / 2) } }' >nk.csv
from nk.csv nk.h5
"$ELFIN_PROGRAM" export nk.h5 >nk.out
says nk.out 'omega_eV,eps1,eps2'
awk -F, 'NR > 1 { wp = 15; g = 3; w = $1; e1 = 1 - wp * wp / (w * w + g * g); if (($2 - e1) ^ 2 > 1e-20 * (1 + e1 * e1)) bad++ }
  END { exit bad > 0 }' nk.out
claim "eps1 = n^2 - kappa^2" test $? = 0
from nk.out nk2.h5
"$ELFIN_PROGRAM" export nk2.h5 | cmp -s - nk.out
claim "optical data there and back" test $? = 0
ends 0 rate --process absorption --material Al --response ./nk.h5 --mass 20eV --kinetic-mixing 1e-14
cut -d, -f6 out >rate.h5.txt
tail -n +2 nk.out | tr , ' ' >nk.dat
ends 0 rate --process absorption --material Al --response ./nk.dat --mass 20eV --kinetic-mixing 1e-14
cut -d, -f6 out >rate.dat.txt
claim "absorbed as from the text" cmp -s rate.h5.txt rate.dat.txt
ends 2 rate --process absorption --material Al --response "./nk.h5 (smooth)" --mass 20eV --kinetic-mixing 1e-14
says err 'omega alone'

# What is no grid.
refused() { # FILE WHAT-IS-SAID…
  ends 2 import csv "$1" -o wrong.h5 --source us
  for text in "${@:2}"; do says err "$text"; done
  claim "nothing is written of $1" test ! -e wrong.h5
}
sed '100d' plain.csv >hole.csv;                          refused hole.csv 'is missing' '30 momenta' '240 energies'
sed '100p' plain.csv >twice.csv;                         refused twice.csv 'twice.csv:101' 'stands in line 100 already'
sed '100s/,[^,]*$/,nan/' plain.csv >nan.csv;             refused nan.csv 'nan.csv:100' 'no value'
sed '100s/,[^,]*$/,-0.5/' plain.csv >negative.csv;       refused negative.csv 'is negative' 'omega[98]'
sed '100s/,[^,]*$/,x/' plain.csv >word.csv;              refused word.csv 'word.csv:100' "'x' is not a number"
sed '100s/,[^,]*$//' plain.csv >short.csv;               refused short.csv 'short.csv:100' 'missing in this line'
sed '100s/$/,1/' plain.csv >long.csv;                    refused long.csv 'long.csv:100' 'more columns'
sed '1s/eps1/epsilom1/' plain.csv >name.csv;             refused name.csv 'name.csv:1' "'epsilom1' is unknown"
sed 1d plain.csv >headless.csv
refused headless.csv 'headless.csv:1' '--columns'
sed '1s/eps1,eps2/eps1,elf/' plain.csv >mix.csv;         refused mix.csv 'no dielectric function'
sed '1s/k_eV/k_furlong/' plain.csv >unit.csv;            refused unit.csv 'k_furlong'
sed '1s/k_eV/k [furlong]/' plain.csv >unit2.csv;         refused unit2.csv "units 'furlong'"
sed '1s/omega_eV/omega_Hartree/' plain.csv >hartree.csv; refused hartree.csv 'divided by 27.21'
sed '1s/k_eV/k [1\/Bohr]/' plain.csv >bohr.csv;          refused bohr.csv 'divided by 3729'
: >empty.csv;                                            refused empty.csv 'no numbers'
refused absent.csv 'cannot be opened'
ends 2 import csv plain.csv -o x.h5
says err '--source'
ends 2 import qcdark2 plain.csv -o x.h5 --columns a,b
finish
