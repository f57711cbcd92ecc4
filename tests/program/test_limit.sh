#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# elfin limit and elfin experiments: a limit is what rates and counts say by hand; what is assumed is
# said; what makes no sense is refused before anything is printed.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"

cat >job.yaml <<'END'
name: result
sweeps:
  electrons:
    process: electron
    material: Si
    mediator: [massless, massive]
    mass: {log: [1 MeV, 1 GeV, 100]}
    cross_section: [1e-38, 1e-36]
    charge: 4
END
ends 0 run job.yaml
cat >mine.yaml <<'END'
name: mine
material: Si
charges: [3]
observed: {value: 0, source: none}
exposure: {value: 1 kg yr, source: none}
efficiency: {value: 0.5, source: none}
background: {value: 0, source: none}
charge_model: {model: step, source: none}
END

# σ ln(10)/(0.5 kg yr × rate of three electrons), for every mass and mediator.
ends 0 export result.h5 --dataset charge_rate
tr -d '\r' <out | awk -F, '$6 == 3 && $5 == "1e-38" { print $3 "," $4 "," $7 }' >rates
ends 0 limit result.h5 --experiment ./mine.yaml
claim "a head and a line for each mass and mediator" test "$(wc -l <out)" = 201
claim "nothing is assumed, nothing is said" test ! -s err
tr -d '\r' <out | awk -F, 'NR > 1 { print $3 "," $4 "," $5 }' >limits
claim "limits are ln 10 over what is expected" awk -F, '
  NR == FNR { rate[$1 "," $2] = $3; next }
  { n++; r = rate[$1 "," $2]
    if (r == 0) { if ($3 != "inf") bad++ }
    else { x = $3 * 0.5 * r / 1e-38 / log(10); if (x < 1 - 1e-9 || x > 1 + 1e-9) bad++; good++ } }
  END { exit !(n == 200 && good > 150 && !bad) }' rates limits
ends 0 limit result.h5 --experiment ./mine.yaml --cl 0.95
claim "at 95 % ln 20" test "$(tr -d '\r' <out | tail -n 1 | cut -d, -f6)" = 0.95

# Elfin's own: what is assumed, and which bins the file does not reach, are on stderr.
ends 0 limit result.h5 --experiment ideal_kg_year --method likelihood
says err "ideal_kg_year, assumed: efficiency: ideal"
says err 'note: 16 of 19 bins of ideal_kg_year are left out'
says err '`charge: 20` in the job'
says out ",likelihood,all,1"
# Charges of any model, from a spectrum.
sed -e 's/charge: 4/spectrum: {linear: [0 eV, 40 eV, 161]}/' -e 's/1 GeV, 100/1 GeV, 10/' job.yaml >spectra.yaml
ends 0 run spectra.yaml -o spectra.h5
for method in total best_expected best_observed likelihood; do
  ends 0 limit spectra.h5 --experiment DAMIC_M_2025 --method $method
  claim "$method has limits" test "$(grep -c ',1.$' out)" = 20
done
ends 0 limit spectra.h5 --experiment ./mine.yaml
tr -d '\r' <out | awk -F, 'NR > 1 { print $5 }' >by_spectrum
sed 's/1 GeV, 100/1 GeV, 10/' job.yaml >few.yaml
ends 0 run few.yaml -o few.h5
ends 0 limit few.h5 --experiment ./mine.yaml
claim "a spectrum says what charges say" awk -F, 'NR == FNR { of[NR + 1] = $1; next }
  FNR > 1 { n++; if ($5 == "inf" ? of[FNR] != "inf" : of[FNR] < 0.97 * $5 || of[FNR] > 1.03 * $5) bad++ }
  END { exit !(n == 20 && !bad) }' by_spectrum <(tr -d '\r' <out)
ends 2 limit result.h5 --experiment SENSEI_SNOLAB
says err "model: step), which is what its charge_rate has, or a spectrum, or"
ends 0 experiments
says out "DAMIC_M_2025     Si"
ends 0 experiments SENSEI_2020
says out "9.03"
says out "background: 0: nothing is subtracted"

# Refused.
ends 2 limit result.h5
says err "which --experiment? elfin experiments lists them"
ends 2 limit result.h5 --experiment SENSEI_SNOLABS
says err "did you mean SENSEI_SNOLAB?"
ends 2 limit result.h5 --experiment ./mine.yaml --cl 1
says err "a confidence level lies between 0 and 0.999999, 0 excluded"
ends 2 limit result.h5 --experiment ./mine.yaml --cl 0.9999999
ends 2 limit result.h5 --experiment ./mine.yaml --cl 90%
ends 2 limit result.h5 --experiment ./mine.yaml --method likelyhood
says err "did you mean likelihood?"
ends 2 limit result.h5 --experiment ./mine.yaml --sweep electron
says err "did you mean 'electrons'?"
ends 2 limit absent.h5 --experiment ./mine.yaml
sed 's/value: 0.5/value: 1.5/' mine.yaml >wrong.yaml
ends 2 limit result.h5 --experiment ./wrong.yaml
says err "wrong.yaml:6:21: efficiency: 1.5 is out of range"
sed 's/\[3\]/[7]/' mine.yaml >far.yaml
ends 2 limit result.h5 --experiment ./far.yaml
says err "shares no bin with mine"
sed 's/step,/step, pair_energy: 3.8 eV,/' mine.yaml >other.yaml
ends 2 limit result.h5 --experiment ./other.yaml
says err "steps of the material's own gap and pair energy"
sed '/charge:/d' job.yaml >bare.yaml
ends 0 run bare.yaml -o bare.h5
ends 2 limit bare.h5 --experiment ./mine.yaml
says err 'has no charge_rate; put `charge: 3` into its job'
ends 2 experiments nothing
says err "unknown experiment nothing"

finish
