#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Phonons from ε(ω), Fröhlich's, and absorption in whole runs: the example jobs on 1, 2 and 3 ranks, byte
# for byte; `rate` gives the bits of `run`; both axes of a crystal; what goes with κ and with σ̄.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
input=$here/../../input
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

ends 0 run "$input/phonon.yaml" -o phonon.h5
ends 0 run "$input/absorption.yaml" -o absorption.h5
all="phonon:phonons phonon:axes phonon:closed_form absorption:masses absorption:axes"
for pair in $all; do
  "$ELFIN_PROGRAM" export "${pair%:*}.h5" --sweep "${pair#*:}" >"$pair.csv"
done
"$ELFIN_PROGRAM" export phonon.h5 --sweep axes --dataset spectrum >"phonon:spectrum.csv"
claim "all masses and thresholds are there" test "$(wc -l <phonon:phonons.csv)" = 1137
claim "all lines of Fröhlich's" test "$(wc -l <phonon:closed_form.csv)" = 427
claim "all masses of dark photons" test "$(wc -l <absorption:masses.csv)" = 3007
claim "no rate failed" test "$(cat -- *:*s.csv | grep -c ',2$')" = 0

for n in 2 3; do
  for job in phonon absorption; do
    claim "the run on $n ranks is done" mpi $n run "$input/$job.yaml" -o $job$n.h5
  done
  for pair in $all; do
    "$ELFIN_PROGRAM" export "${pair%:*}$n.h5" --sweep "${pair#*:}" >on$n.csv
    claim "$n ranks give the same bytes: $pair" cmp "$pair.csv" on$n.csv
  done
  "$ELFIN_PROGRAM" export phonon$n.h5 --sweep axes --dataset spectrum >on$n.csv
  claim "$n ranks give the same bytes: spectrum" cmp "phonon:spectrum.csv" on$n.csv
done

# One rate by hand. The shared integration of two thresholds is another one: only `axes` has one.
by_hand() { # ROW-OF-RUN FILE ARGUMENTS…
  local row=$1 file=$2; shift 2
  ends 0 rate "$@"
  claim "rate gives the bits of run: $row" grep -qxF "$(tail -n 1 out)" "$file"
}
by_hand "phonons along the axis" phonon:axes.csv --process phonon --material Al2O3 --mediator massless \
  --configuration extraordinary --mass 3keV --cross-section 1e-38cm2
by_hand "Fröhlich's line" phonon:closed_form.csv --process froehlich --material GaN --mediator massless \
  --mass 10MeV --cross-section 1e-38cm2
by_hand "dark photons" absorption:masses.csv --process absorption --material Ta --mass 1keV \
  --kinetic-mixing 1e-15

# The two axes differ, and below the gap a default names what it stands for.
across=$(grep '^SiO2,phonon,massless,ordinary,10000000,' phonon:axes.csv | cut -d, -f8)
along=$(grep '^SiO2,phonon,massless,extraordinary,10000000,' phonon:axes.csv | cut -d, -f8)
claim "the axes differ by some per cent" awk "BEGIN { x = $along / $across; exit !(x > 1.005 && x < 1.2) }"

# Rates go with κ²: half of the mixing is a fourth, exactly; the reach is a mixing.
ends 0 rate --process absorption --material Si --mass 6eV --kinetic-mixing '[1e-14, 5e-15]'
claim "half of the mixing, a fourth of the rate" awk -F, \
  'NR == 2 { whole = $6 } NR == 3 { half = $6 } END { exit !(whole > 0 && 4 * half == whole) }' out
ends 0 export absorption.h5 --sweep masses --reach 3
says out ",reach_kinetic_mixing"
ends 0 show absorption.h5 --reach 3 --sweep masses
says out "kinetic mixing for 3 events per kg yr"

# A default threshold is the lowest energy of the data; flags say where data ends.
claim "phonons count from the lowest energy of the data" grep -q \
  '^GaN,phonon,massless,ordinary,10000000,1e-38,0.06,' phonon:phonons.csv
ends 0 show absorption.h5
says out "no data between phonons and electrons: counted as 0"
ends 0 show phonon.h5
says out "momenta beyond the Brillouin zone contribute"

ends 0 rate --process absorption --material Si --mass 0.5eV --kinetic-mixing 1e-15
says err "note: no data between phonons and electrons: counted as 0"
ends 0 rate --process absorption --material Si --mass '[5 eV, 0.5 eV, 0.6 eV]' --kinetic-mixing 1e-15 --human
says err "note: 2 of 3 rates: no data between"

# A user's own table of ω, ε1, ε2 is a response as any other.
ends 0 response GaN --kind phonon --omega-grid 0.06,0.12,400
awk -F, 'NR > 1 { print $1, $3, $4 }' out >eps.dat
ends 0 rate --process phonon --material GaN --response ./eps.dat --mediator massless --mass 100keV \
  --cross-section 1e-38cm2
table=$(tail -n 1 out | cut -d, -f8)
ends 0 rate --process phonon --material GaN --mediator massless --mass 100keV --cross-section 1e-38cm2
formula=$(tail -n 1 out | cut -d, -f8)
claim "a table gives its formula's rate" awk "BEGIN { x = $table / $formula; exit !(x > 0.98 && x < 1.02) }"
ends 2 response Al2O3 --kind phonon --configuration sideways
says err "--configuration sideways: expected ordinary or extraordinary"
finish
