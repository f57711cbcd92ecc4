#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Multiphonons in whole runs: the example job on 1 and 3 ranks, byte for byte; `rate` gives the bits
# of `run`; a threshold of 1 keV is what free nuclei are; targets without phonons are refused by name.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
input=$here/../../input
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }

ends 0 run "$input/multiphonon.yaml" -o alone.h5
for sweep in phonons spins; do
  claim "$sweep is exported" "$ELFIN_PROGRAM" export alone.h5 --sweep $sweep >$sweep.csv
done
claim "all masses and thresholds are there" test "$(wc -l <phonons.csv)" = 9181
claim "the spins are, too" test "$(wc -l <spins.csv)" = 3265
claim "no rate failed" test "$(cat phonons.csv spins.csv | grep -c ',2$')" = 0

for n in 3; do
  claim "the run on $n ranks is done" mpi $n run "$input/multiphonon.yaml" -o on$n.h5
  for sweep in phonons spins; do
    "$ELFIN_PROGRAM" export on$n.h5 --sweep $sweep >on$n.csv
    claim "$n ranks give the same bytes: $sweep" cmp $sweep.csv on$n.csv
  done
done

# One rate by hand: the columns without the axis that it has not.
ends 0 rate --process multiphonon --material GaAs --mediator massive --phonons single --mass 10keV \
  --cross-section 1e-38cm2 --threshold 1meV
claim "rate gives the bits of run" test \
  "$(grep '^GaAs,massive,single,10000,1e-38,0.001,' phonons.csv | cut -d, -f4-)" = "$(tail -n 1 out | cut -d, -f3-)"
ends 0 rate --process multiphonon_sd --material Si --mediator massless --operator "double A'" \
  --mass 1GeV --cross-section 1e-38cm2 --threshold 30meV
claim "rate gives the bits of run for spins" test \
  "$(grep "^Si,massless,double A',1000000000,1e-38,0.03," spins.csv | cut -d, -f4-)" = "$(tail -n 1 out | cut -d, -f3-)"

# The coupling ratio, as an axis and as an option.
ends 0 rate --process multiphonon_sd --material GaAs --mediator massive --operator "A'" --mass 10MeV \
  --coupling-ratio '{gn_over_gp: 0}' --cross-section 1e-38cm2 --threshold 30meV
protons=$(tail -n 1 out | cut -d, -f6)
ends 0 rate --process multiphonon_sd --material GaAs --mediator massive --operator "A'" --mass 10MeV \
  --coupling-ratio '{gp_over_gn: 0}' --cross-section 1e-38cm2 --threshold 30meV
neutrons=$(tail -n 1 out | cut -d, -f6)
claim "the spins of Ga and As are those of protons" awk "BEGIN { exit !($protons > 100 * $neutrons) }"

# A day of sapphire: the same bytes on 2 ranks; 24 h is 0 h; the modulation of heavier dark matter is less.
sed 's/mass: .*/mass: [500 keV, 10 MeV]/; s/linear: .*13\]/linear: [0 h, 24 h, 4]/; s/accuracy: .*/accuracy: 1e-3/' \
  "$input/daily_modulation.yaml" >day.yaml
ends 0 run day.yaml -o day.h5
"$ELFIN_PROGRAM" export day.h5 >day.csv
claim "a day has four times" test "$(wc -l <day.csv)" = 33
claim "2 ranks do the day" mpi 2 run day.yaml -o day2.h5
"$ELFIN_PROGRAM" export day2.h5 >day2.csv
claim "and give the same bytes" cmp day.csv day2.csv
claim "a day later it is the same, eight hours later it is not" awk -F, '
  $4 == 500000 && $2 == "massive" && $6 == 0.001 { rate[$3] = $7 }
  END { exit !(rate[0] > 0 && (rate[24] / rate[0] - 1)^2 < 1e-12 && rate[8] / rate[0] < 0.995) }' day.csv

# What the modulation takes to be seen, against the rates by hand; the example's own flags.
ends 0 export day.h5 --modulation
claim "amplitude, events and exposure are those of the rates" awk -F, '
  NR == 1 { sub("\r", ""); for (i = 1; i <= NF; i++) at[$i] = i; next }
  $4 == 500000 && $2 == "massive" && $6 == 0.001 { rate[$3] = $7; line = $0 }
  END {
    split(line, cell, ",")
    mean = (rate[0] / 2 + rate[8] + rate[16] + rate[24] / 2) / 3; A = rate[0] / mean - 1
    wrong = cell[at["mean_rate_per_kg_yr"]] / mean - 1; off += wrong * wrong
    wrong = cell[at["amplitude"]] / A - 1; off += wrong * wrong
    wrong = cell[at["events_4_over_A2"]] * A * A / 4 - 1; off += wrong * wrong
    wrong = cell[at["exposure_8_over_A2_kg_yr"]] * A * A / 8 * mean - 1; off += wrong * wrong
    exit !(A > 0 && off < 1e-18)
  }' out
ends 2 export alone.h5 --sweep spins --modulation
says err "has no axis time"
ends 2 export day.h5 --modulation --dataset spectrum
says err "--modulation is about rates"
ends 0 show alone.h5
says out "coherent single phonons"
says out "nuclei that recoil as if free"

# Whoever cannot make phonons is named before anything starts, with exit code 2.
for material in Xe GaP Ag; do
  for process in multiphonon "multiphonon_sd --operator phi"; do
    # shellcheck disable=SC2086
    ends 2 rate --process $process --material $material --mediator massless --mass 1MeV \
      --cross-section 1e-38cm2 --threshold 1meV
    says err "material: $material: "
  done
done
ends 2 rate --process multiphonon --material Si --mediator massless --mass 1MeV --cross-section 1e-38cm2
says err "lacks threshold"

# From phonons to free recoil (input/figures/structure_factor.sh): at small momenta the highest point of S is a phonon
# far beyond the recoil of a free nucleus, at large ones that recoil, and the peak narrows.
ends 0 response Si --structure-factor
claim "phonons become a free nucleus" awk -F, '
  NR == 1 { next }
  $2 != q { q = $2; n++ }
  $4 > top[n] { top[n] = $4; peak[n] = $3 / $5; height[n] = $4 * $5 }
  END { exit !(n == 6 && peak[1] > 10 && peak[2] > 3 && peak[6] > 0.95 && peak[6] < 1.05 &&
               height[6] > 1.8 * height[5] && height[5] > 1.8 * height[4]) }' out
finish
