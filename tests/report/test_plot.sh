#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin plot` with the real gnuplot: pictures of each kind and format are what they say, hold the words
# that they should, and nothing is replaced unasked.
command -v gnuplot >/dev/null || { echo "skipped: no gnuplot"; exit 77; }
. "$(dirname "$0")/../program/common.sh"

cat >job.yaml <<'END'
name: kept
sweeps:
  reach:
    process: electron
    material: [Si, Ge]
    response: lindhard
    mediator: [massless, massive]
    mass: {log: [1 MeV, 1 GeV, 13]}
    cross_section: [1e-38 cm2, 1e-37 cm2]
    threshold: 5 eV
  single:
    process: electron
    material: Si
    response: lindhard
    mediator: massless
    screening: [true, false]
    mass: 10 MeV
    cross_section: 1e-38 cm2
    spectrum: {linear: [0 eV, 20 eV, 6]}
    charge: 3
  dark_photons:
    process: absorption
    material: [Si, Al2O3]
    mass: {log: [1 eV, 100 eV, 41]}
    kinetic_mixing: 1e-15
END
ends 0 run job.yaml

is_png() { [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]; }
is_pdf() { [ "$(head -c 5 "$1")" = %PDF- ] && tail -c 8 "$1" | grep -q EOF; }
is_svg() { grep -q '<svg' "$1" && tail -n 2 "$1" | grep -q '</svg>'; }
sized() { local n; n=$(wc -c <"$1"); [ "$n" -gt "$2" ] && [ "$n" -lt "$3" ]; }
# An SVG's letters, without their boxes.
letters() { sed 's/<[^>]*>//g' "$1" | tr -d '\n' >letters; }

# ---- nothing but the name: a picture of each sweep ------------------------------------------------
ends 0 plot kept.h5
for sweep in reach single dark_photons; do
  claim "kept-$sweep.png is a PNG" is_png kept-$sweep.png
  claim "kept-$sweep.png has a plausible size" sized kept-$sweep.png 20000 400000
done
claim "nothing else is left behind" test "$(ls | grep -c tmp-)" = 0

# ---- formats, and the words in them ---------------------------------------------------------------
ends 0 plot kept.h5 --sweep reach -o reach.svg
claim "an SVG" is_svg reach.svg
claim "of a plausible size" sized reach.svg 8000 100000
letters reach.svg
for text in 'Si, massless' 'Ge, massive' 'cross section' '[cm²]' '[MeV]' '3 events per kg yr' 'lindhard response' \
            'DarkELF (arXiv:2104.12786)' 'kept.h5'; do
  says letters "$text"
done
ends 0 plot kept.h5 --sweep reach -o reach.pdf
claim "a PDF" is_pdf reach.pdf
ends 0 plot kept.h5 --sweep dark_photons -o kappa.svg
letters kappa.svg
says letters 'kinetic mixing κ'
says letters '[eV]'

# ---- nothing is replaced unasked ------------------------------------------------------------------
cp reach.svg before.svg
ends 1 plot kept.h5 --sweep single -o reach.svg
says err 'exists already; --overwrite'
claim "it is as it was" cmp reach.svg before.svg
ends 0 plot kept.h5 --sweep single -o reach.svg --overwrite
claim "now it is another" test "$(cmp -s reach.svg before.svg; echo $?)" = 1

# ---- kinds ----------------------------------------------------------------------------------------
cat >thresholds.yaml <<'END'
name: thresholds
process: nuclear
material: [Si, Ge]
mediator: massive
cross_section: 1e-38
sweeps:
  many: {mass: [1 GeV, 10 GeV], threshold: {log: [1 eV, 1 keV, 13]}}
  masses: {mass: {log: [1 GeV, 10 GeV, 13]}, threshold: {log: [1 eV, 1 keV, 13]}}
END
ends 0 run thresholds.yaml
ends 0 plot thresholds.h5 --sweep many --script # the longest axis
says out "set xlabel 'threshold [eV]'"
ends 0 plot thresholds.h5 --sweep masses --script # of two as long that of masses
says out "set xlabel 'dark matter mass"
ends 0 plot kept.h5 --sweep single --script # its one mass: a spectrum
says out "'dR/dω [kg⁻¹ yr⁻¹ eV⁻¹]'"
says out "'energy deposit ω [eV]'"
says out "title 'Si, screened'"
ends 0 plot kept.h5 --sweep single --kind charge --script
says out "'electron–hole pairs Q'"
claim "a bin is from 0.5 to 1.5" grep -q '^1\.5 ' out
ends 0 plot kept.h5 --sweep single --kind spectrum --ratio screening=false --script
says out 'dR/dω relative to unscreened'
ends 0 plot kept.h5 --sweep reach --select mediator=massive --select 'material=Ge' --script
claim "one curve" test "$(grep -c '^\$curve' out)" = 1

# The numbers are those of the table: the reach of Si, massless, at the last mass.
ends 0 export kept.h5 --sweep reach --reach 5
expected=$(grep '^Si,lindhard,massless,.*1e-38' out | tail -1 | tr -d '\r' | awk -F, '{printf "%.9g", $NF}')
ends 0 plot kept.h5 --sweep reach --reach 5 --script
claim "1000 MeV at $expected cm²" grep -qx "1000 $expected" out

# A user's own script is what would be drawn.
gnuplot out >own.png 2>err
claim "gnuplot draws the script" is_png own.png

# ---- bands, and other people's curves -----------------------------------------------------------------
cat >band.yaml <<'END'
name: band
sweeps:
  band:
    process: electron
    material: Si
    response: lindhard
    mediator: massive
    halo: {v0: [200 km/s, 220 km/s, 240 km/s]}
    mass: {log: [2 MeV, 1 GeV, 12]}
    cross_section: 1e-38 cm2
END
ends 0 run band.yaml
ends 0 plot band.h5 --envelope -o band.svg
claim "a band is drawn" grep -q 'fill' band.svg
ends 0 plot band.h5 --envelope --script
claim "its members are three curves within" test "$(grep -c '^\$curve\|^\$member' out)" -ge 1
# Where a member's rate is 0 the band goes on, from below the frame up; and no two bands have one colour.
cat >ends.yaml <<'END'
name: ends
process: electron
response: lindhard
mediator: [massless, massive]
mass: [3 MeV, 100 MeV]
cross_section: 1e-38 cm2
sweeps:
  light: {material: Si, mediator: massless, spectrum: {linear: [1, 20, 20]}}
  many: {material: [Si, Ge, Al2O3, SiC], halo: {v0: [200 km/s, 240 km/s]}, mass: {log: [2 MeV, 1 GeV, 12]}}
END
ends 0 run ends.yaml
ends 0 plot ends.h5 --sweep light --envelope --script
claim "a band over all bins" test "$(sed -n '/^\$curve0 << END/,/^END/p' out | grep -c '^[0-9]')" = 19
ends 0 plot ends.h5 --sweep many --envelope --script
claim "eight bands are too many" test "$(grep -c 'filledcurves' out)" -le 7
says out '1 of 2 values of mediator'
ends 2 plot ends.h5 --sweep light --select mass=3MeV,mediator=massless -o x.png
says err 'mediator=massless wants a --select of its own'
printf '# somebody'"'"'s limit\nmass_MeV,limit\n10,1e-40\n100,2e-40\n' >theirs.csv
ends 0 plot band.h5 --overlay theirs.csv --script
says out 'theirs'
claim "their first point is there" grep -q '^10 1e-40' out
ends 2 plot band.h5 --overlay absent.csv -o x.png
says err 'absent.csv'

# ---- dates ----------------------------------------------------------------------------------------
cat >year.yaml <<'END'
name: year
process: nuclear
material: Si
mediator: massive
cross_section: 1e-41 cm2
threshold: 10 eV
sweeps:
  year: {mass: [1 GeV, 3 GeV], halo: {preset: shm, date: {linear: [1, 366, 74]}}}
  twice: {mass: {log: [1 GeV, 10 GeV, 5]}, halo: {preset: shm, date: [2026-06-02, 2026-12-02]}}
END
ends 0 run year.yaml
ends 0 export year.h5 --sweep twice
says out 'material,mediator,date_d,mass_eV'
claim "2 June 2026 is a number" grep -q '^Si,massive,9650,1000000000,' out
ends 0 export year.h5 --sweep year
awk -F, '$3 == 151 && $4 == 1e9 {printf "%.9g", $7}' out >at_151
ends 0 plot year.h5 --sweep year --script # over the mean of the year
for text in "xlabel 'date'" "rate over its mean of the year" "'1 Jan' 1, '' 32 1, '1 Mar' 61" "title 'Si, mass 1 GeV'"; do
  says out "$text"
done
awk '/^1 / && ++n == 1 {on = 1} /^END/ {on = 0} on {s += $2; k++; if ($2 > top) {top = $2; at = $1}} END {exit !(k == 74 && s/k > 0.999 && s/k < 1.001 && at > 146 && at < 160)}' out
claim "its mean is 1, and the top around 2 June" test $? = 0
ends 0 plot year.h5 --sweep year --kind rate --script
claim "the rate of 30 May" grep -qx "151 $(cat at_151)" out
ends 0 plot year.h5 --sweep twice --script
says out "title 'Si, 2 Jun 2026'"
ends 0 plot year.h5 --sweep twice --select date=2026-12-02 --script
says out 'massive mediator, 2 Dec 2026, above 10 eV'
ends 2 plot year.h5 --sweep twice --kind modulation -o x.png; says err 'no mean of the year is known'

# ---- what an experiment excludes ----------------------------------------------------------------------
cat >excluded.yaml <<'END'
name: excluded
sweeps:
  excluded:
    process: electron
    material: Si
    response: lindhard
    mediator: [massless, massive]
    mass: {log: [2 MeV, 1 GeV, 12]}
    cross_section: 1e-38 cm2
    limit: {experiment: ideal_kg_year, method: total, cl: 0.95}
END
ends 0 run excluded.yaml
ends 0 export excluded.h5 --dataset limit
expected=$(grep '^Si,lindhard,massive' out | tail -1 | tr -d '\r' | awk -F, '{for (i = 1; i <= NF; i++) if ($i + 0 > 0 && $i + 0 < 1e-20) { printf "%.9g", $i; exit }}')
ends 0 plot excluded.h5 --script
says out '95 % C.L. upper limit, ideal'
says out 'Assumed: '
says out "'cross section σ̄_{e} [cm²]'"
claim "1000 MeV at $expected cm²" grep -qx "1000 $expected" out
ends 0 plot excluded.h5 -o excluded.png --overlay theirs.csv
claim "a PNG, with somebody else's curve" is_png excluded.png
ends 0 plot excluded.h5 --kind reach --script
says out '3 events per kg yr'
ends 1 plot kept.h5 --sweep reach --kind limit -o x.png; says err 'its job did not ask for it'

# Limits of several experiments are one picture, whose legend names them; what else is in the file has its own.
cat >mine.yaml <<'END'
name: mine
material: Si
edges_eV: [5, 15, 40]
observed: {values: [2, 1], source: "a paper"}
exposure: {value: 1 kg yr, source: "a paper"}
efficiency: {value: 1, assumed: "that all are found"}
background: {value: 0, source: "a paper"}
END
cat >several.yaml <<'END'
name: several
material: Si
mediator: [massless, massive]
mass: {log: [2 MeV, 1 GeV, 12]}
cross_section: 1e-38 cm2
sweeps:
  ideal: {process: electron, response: lindhard, limit: {experiment: ideal_kg_year, method: total}}
  mine: {process: electron, response: lindhard, limit: {experiment: ./mine.yaml}}
  nuclei: {process: nuclear, threshold: 1 eV}
END
ends 0 run several.yaml
ends 0 plot several.h5
claim "limits together" is_png several-ideal+mine.png
claim "other rates alone" is_png several-nuclei.png
claim "and no other picture" test "$(ls several*.png | wc -l)" = 2
last_limit() { # SWEEP MEDIATOR
  "$ELFIN_PROGRAM" export several.h5 --sweep "$1" --dataset limit | grep "$2" | tail -1 | tr -d '\r' |
    awk -F, '{for (i = 1; i <= NF; i++) if ($i + 0 > 0 && $i + 0 < 1e-20) { printf "%.9g", $i; exit }}'
}
ends 0 plot several.h5 --kind limit --script # the nuclei have none
for text in "title 'ideal kg year, massless'" "title 'mine, massive'" 'ideal kg year (total): ' 'mine (best expected): ' \
            'a paper' 'that all are found' 'Si, lindhard response, 90 % C.L. upper limits' 'sweeps ideal, mine'; do
  says out "$text"
done
claim "four curves" test "$(grep -c '^\$curve' out)" = 4
for sweep in ideal mine; do
  for mediator in massless massive; do
    claim "the last limit of $sweep, $mediator" grep -qx "1000 $(last_limit $sweep $mediator)" out
  done
done
ends 0 plot several.h5 --sweep mine,ideal --kind reach --script # the same rates, with other names
says out "title 'mine, massive'"
says out 'Si, lindhard response, '
ends 0 plot several.h5 --sweep mine --script
says out "title 'Si, massive'"
ends 2 plot several.h5 --sweep ideal,nuclei -o x.png; says err 'cannot share a picture'
ends 2 plot several.h5 --sweep ideal,ideal -o x.png; says err 'ideal twice'
ends 2 plot several.h5 -o x.png; says err 'choose one with --sweep'

# ---- refusals -------------------------------------------------------------------------------------
ends 2 plot kept.h5 --sweep reech; says err "did you mean 'reach'"
ends 2 plot kept.h5 -o all.png; says err 'choose one with --sweep'
ends 2 plot kept.h5 --sweep reach -o reach.gif; says err '.png, .svg or .pdf'
ends 2 plot kept.h5 --sweep reach --kind spectra -o x.png; says err "did you mean 'spectrum'"
ends 1 plot kept.h5 --sweep reach --kind charge -o x.png; says err 'its job did not ask for it'
ends 2 plot kept.h5 --sweep reach --kind modulation -o x.png; says err 'no axis time'
ends 2 plot kept.h5 --sweep reach --along mediator -o x.png; says err 'names, not of numbers'
ends 2 plot kept.h5 --sweep reach --select colour=red -o x.png; says err 'material, response, mediator'
ends 2 plot kept.h5 --sweep reach --select material=Na -o x.png; says err 'Si, Ge'
ends 2 plot kept.h5 --sweep reach --select mass=1MeV -o x.png; says err 'drawn along'
ends 2 plot kept.h5 --sweep single --select mass=1GeV -o x.png; says err '1e+07'
ends 2 plot kept.h5 --sweep reach --ratio material=Na -o x.png; says err 'Si, Ge'
ends 2 plot kept.h5 --sweep reach --reach 0 -o x.png; says err 'above 0'
ends 2 plot absent.h5; says err 'No such file'
ends 2 plot; says err 'which file'
ends 2 plot kept.h5 --sweep reach --script -o x.png; says err 'draws nothing'
ends 1 plot job.yaml; says err 'is no HDF5 file'
claim "no refusal leaves a picture" test ! -e x.png
mkdir empty
(PATH=$PWD/empty && "$ELFIN_PROGRAM" plot kept.h5 --sweep reach -o x.png 2>err)
claim "without gnuplot: exit code 1" test $? = 1
says err 'gnuplot-nox'
claim "and no picture" test ! -e x.png

# ---- fast -----------------------------------------------------------------------------------------
cat >grid.yaml <<'END'
name: grid
sweeps:
  grid:
    process: absorption
    material: Si
    mass: {log: [1 eV, 100 eV, 200]}
    kinetic_mixing: {log: [1e-18, 1e-12, 200]}
END
ends 0 run grid.yaml
TIMEFORMAT=%R
seconds=$({ time "$ELFIN_PROGRAM" plot grid.h5 >/dev/null 2>err; } 2>&1)
claim "200 masses by 200 strengths are a PNG" is_png grid.png
echo "a picture of 40,000 rates took $seconds s"
finish
