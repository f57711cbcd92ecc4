#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin materials` and `elfin response` as a user types them: what they print, how they refuse.
set -uo pipefail
elfin=${ELFIN_PROGRAM:-}
[ -x "$elfin" ] || { echo "skipped: the program is not built"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() { echo "FAILED: $*" >&2; failures=$((failures + 1)); }

# says CODE PATTERN ARGUMENTS…: the exit code, and a line (of either stream) that matches.
says() {
  local code=$1 pattern=$2 found
  shift 2
  "$elfin" "$@" >"$folder/out" 2>&1
  found=$?
  [ "$found" = "$code" ] || fail "elfin $*: exit code $found, not $code"
  grep -qE -- "$pattern" "$folder/out" ||
    { fail "elfin $*: nothing like '$pattern' in:"; head -5 "$folder/out" >&2; }
}

# ---- materials ------------------------------------------------------------------------------------
says 0 '^Si +2.33 +1.11 +3.6 +mermin +silicon$' materials
[ "$(grep -c . "$folder/out")" = 42 ] || fail "elfin materials: 2 + 40 lines expected"
says 0 '^density +2.33 +g/cm3 +DarkELF \(arXiv:2104.12786\)' materials Si
says 0 '^gap +0 +eV +a metal' materials Al
says 0 '^nuclei per cell +1 of Ga, A = 69$' materials GaAs
says 0 'sum of amplitudes 0.8795' materials Si
says 2 '^elfin: unknown material Sii; did you mean Si\?' materials Sii
says 2 'cannot be opened' materials ./absent.yaml
says 2 'one material at a time' materials Si Ge
says 2 'there is no option --all' materials --all
printf 'name: mine\ndensity: {value: 2 g/cm3, source: me}\ngap: 3\n' >"$folder/mine.yaml"
says 2 'mine.yaml:3:6: gap must be' materials "$folder/mine.yaml"
sed -i 's/gap: 3/gap: {value: 3 eV, source: me}/' "$folder/mine.yaml"
says 0 '^gap +3 +eV +me$' materials "$folder/mine.yaml"

# ---- response -------------------------------------------------------------------------------------
says 0 '^omega_eV,k_eV,eps1,eps2,elf$' response Si
[ "$(grep -c . "$folder/out")" = 51 ] || fail "elfin response Si: a header and 50 rows expected"
says 0 '^10,1000,' response Si --omega '10 eV'
says 0 '^10,1000,' response Si --omega 0.01keV --k '1 keV'
says 0 '^100,2000,' response Si --omega-grid 1,100,3,log --k 1000,2000
[ "$(grep -c . "$folder/out")" = 7 ] || fail "2 momenta of 3 energies expected"
says 0 '^10,1000,' response Si --kind lindhard --omega 10 --conventions darkelf
# the ELF is Im eps / |eps|^2 of the columns beside it
"$elfin" response Ge --omega-grid 2,40,20 --k 500,5000 >"$folder/ge.csv" || fail "response Ge"
awk -F, 'NR > 1 { elf = $4 / ($3*$3 + $4*$4); d = elf - $5; if (d < 0) d = -d
                  if (!(d <= 1e-12 * elf) || !($5 > 0)) { print "  " $0; bad = 1 } }
         END { exit bad || NR != 41 }' "$folder/ge.csv" || fail "elf is not Im eps/|eps|^2"
says 2 'did you mean Si' response Sii
says 2 'which material' response
says 2 'unknown unit kg' response Si --omega '10 kg'
says 2 'above 0' response Si --k 0
says 2 'first,last,n' response Si --omega-grid 1,2
says 2 'whole number from 2' response Si --omega-grid 1,2,1
says 2 'first,last,n' response Si --omega-grid 1,2,5,sqrt
says 2 'did you mean --omega' response Si --omga 3
says 2 'expected elfin or darkelf' response Si --conventions other
says 2 'no-such-table' response Si --kind ./no-such-table.dat
says 2 'lindhard' response Si --kind lindhart
says 2 'no response of its own' response "$folder/mine.yaml"

# ---- sum rules: the f-sum of Al's list is complete, and kk agrees with the static limit -------------
says 0 '^k_eV,f_sum,kk,kk_expected$' response Al --sum-rules --k 2000
awk -F, 'NR == 2 { ok = $2 > 0.9 && $2 < 1.05 && ($3 - $4)^2 < 0.02^2 * $4^2 } END { exit !ok }' \
  "$folder/out" || { fail "the sum rules of Al are off:"; cat "$folder/out" >&2; }

# ---- the same for people: of all that a material has, of one, of everything ------------------------------
says 0 '^response +k \[eV\] +f-sum +kk +expected +verdict$' response Al --check
[ "$(grep -cE '^(lindhard|mermin) ' "$folder/out")" = 14 ] || fail "two responses at seven momenta expected"
# the numbers are those of --sum-rules
"$elfin" response Al --sum-rules --k 1e3 | awk -F, 'NR == 2 { printf "%.4f %.5f %.5f\n", $2, $3, $4 }' >"$folder/rules"
awk '$1 == "mermin" && $2 == 1000 { print $3, $4, $5 }' "$folder/out" | cmp - "$folder/rules" ||
  fail "--check and --sum-rules differ"
# the free electron gas lacks its plasmon below the band, and is whole above
says 0 '^lindhard +100 .* both fail$' response Al --check --kind lindhard --k 100,20000
grep -qE '^lindhard +20000 .* both hold$' "$folder/out" || fail "lindhard at 20 keV"
says 0 '^data6K +any +- .* kk fails$' response Si --check
says 0 '^Al2O3_e, extraord. +any ' response Al2O3 --check
# a table knows nothing beyond its last momentum
"$elfin" response Al --kind mermin --omega-grid 0.5,200,800 --k 1e3,2e3,4e3 | awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >"$folder/al.dat"
says 0 '5000 +- +- +- +beyond its momenta' response Al --check --kind "$folder/al.dat" --k 2000,5000
grep -qE ' 2000 +[0-9.]+ +0.79[0-9]+ +0.80[0-9]+ ' "$folder/out" || fail "Al's table at 2 keV: $(cat "$folder/out")"
says 0 '^Ag +mermin +1.000 to 1.000 +0.00 % +both hold$' response --check --k 1e3
for name in $("$elfin" materials | awk 'NR > 2 && $5 != "-" { print $1 }'); do
  grep -q "^$name " "$folder/out" || fail "$name is missing in elfin response --check"
done
says 2 'check takes a material' response --check --kind mermin
says 2 'check takes a material' response Si --check --sum-rules
says 2 'unknown material' response Sii --check

# ---- the structure factor: Debye's solid has closed forms -------------------------------------------
# F_1 = 3 omega/omega_D^3 up to omega_D; with q so small that two phonons do not matter,
# S = 2 pi q^2/(2m) F_1, and beyond omega_D nearly nothing
says 0 '^nucleus,q_eV,omega_eV,S_per_eV,recoil_eV$' response Si --structure-factor --debye '60 meV' \
  --k 10 --omega 0.03,0.061
awk -F, 'NR == 2 { s = 2 * 3.14159265358979 * $5 * 3 * 0.03 / 0.06^3; ok = ($4/s - 1)^2 < 1e-10 }
         NR == 3 { ok = ok && $4 < 1e-5 * s } END { exit !ok || NR != 3 }' "$folder/out" ||
  { fail "S of Debye's solid is off:"; cat "$folder/out" >&2; }
# the sum rules, by trapezoids: 1 - exp(-2W), 2W = q^2/(2m) 1.5/omega_D, and the first moment q^2/(2m)
says 0 '^Si,30000,' response Si --structure-factor --debye 0.06 --k 30000 --omega-grid 1e-4,1.2,12000
awk -F, 'NR > 2 { s += ($3 - w) * ($4 + l) / 2; m += ($3 - w) * ($3*$4 + w*l) / 2 } { w = $3; l = $4; e = $5 }
         END { tau = 6.28318530717959; a = s / tau / (1 - exp(-e * 1.5/0.06)); b = m / tau / e
               exit !((a-1)^2 < 1e-5 && (b-1)^2 < 1e-5) }' "$folder/out" || fail "sum rules of S"
says 1 'more than 100 terms' response Si --structure-factor --debye 0.06 --k 1e6 --phonon-sum
says 0 '^Si,1000000,' response Si --structure-factor --debye 0.06 --k 1e6
says 2 'no phonon density of states' response Cu --structure-factor
says 2 'has no nucleus Ge' response Si --structure-factor --nucleus Ge --debye 0.06
says 2 'go with --structure-factor' response Si --impulse
says 2 'no effect on --structure-factor' response Si --structure-factor --kind mermin
says 2 'above 0' response Si --structure-factor --debye 0

[ "$failures" = 0 ] && echo "all as promised"
exit $((failures > 0))
