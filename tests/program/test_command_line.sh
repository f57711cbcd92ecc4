#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Exit codes, help, and what is said, as a user meets them.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"

cat >job.yaml <<'YAML'
name: small
sweeps:
  light: {process: electron, material: Si, response: lindhard, mediator: massless, mass: [1 MeV, 10 MeV], cross_section: 1e-38, threshold: [default, 10 eV]}
  heavy: {process: electron, material: Al, response: lindhard, mediator: massive, mass: 10 MeV, cross_section: [1e-38, 1e-37]}
YAML

# ---- help and version ----
ends 0 --help
cp out overview
for verb in run check rate export show materials response help; do
  says overview "  $verb "
  ends 0 help $verb
  says out "usage: elfin $verb"
  ends 0 $verb --help
  says out "usage: elfin $verb"
done
ends 0 help mass;      says out "mass"
ends 0 help keys;      says out "cross_section"
ends 0 help electron;  says out "screening"
ends 2 help massx;     says err "did you mean"
ends 0 help units;     says out "cm2 or cm^2, pb (1e-36), fb (1e-39)"; says out "TeV (1e12)"
ends 0 help electron --markdown; says out '| `mass` | eV | (required) | > 0'
ends 0 help response;  says out "As a key of a job"; says out "sum of damped oscillators"
ends 0 help --markdown halo;     says out '| `v0` | km/s |'
ends 0 --version;      says out "elfin 0."; says out "commit "; says out "HDF5 "
ends 2;                says err "usage: elfin"

# ---- wrong usage: code 2, a sentence, nothing on stdout ----
while read -r text arguments; do
  # shellcheck disable=SC2086
  ends 2 $arguments
  says err "${text//_/ }"
  claim "nothing on stdout: elfin $arguments" test ! -s out
  claim "every line begins with elfin: " test -z "$(grep -v '^elfin: ' err)"
done <<'TABLE'
did_you_mean_'run' rum job.yaml
no_verb_'xyzzy' xyzzy
which_job? run
one_job_at_a_time run job.yaml job.yaml
spelled_out:_--overwrite run job.yaml --overwrit
did_you_mean_--overwrite run job.yaml --overwrote
no_option_-q run -q job.yaml
-o_needs_a_value run job.yaml -o
--max-time_needs_a_value run job.yaml --max-time
--max-time_soon run job.yaml --max-time soon
--max-time_0 run job.yaml --max-time 0
--max-time_1h2h run job.yaml --max-time 1h2h
--save-every_soon run job.yaml --save-every soon
--max-time_00:61:00 run job.yaml --max-time 00:61:00
--overwrite_takes_no_value run job.yaml --overwrite=yes
choose_one run job.yaml --resume --overwrite
--resume=often run job.yaml --resume=often
which_job? check
goes_with_a_process help mass --markdown
goes_with_a_process help --markdown
there_is_no_option_--html help electron --html
one_verb_or_key help electron mass
which_file? export
No_such_file export absent.h5
No_such_file show absent.h5
absent.yaml run absent.yaml
absent.yaml check absent.yaml
belongs_to_no_option rate Si
did_you_mean_--material rate --materiel Si
is_there_twice rate --mass 1MeV --mass 2MeV
TABLE
claim "nothing was written" test -z "$(find . -name '*.h5')"

# ---- run ----
ends 0 check job.yaml
says out "small.h5"
cat >asked.yaml <<'END'
name: asked
process: electron
material: Si
response: lindhard
mass: [10 MeV, 20 MeV]
sweeps:
  bins: {mediator: [massless, massive], cross_section: [1e-38 cm2, 1e-37 cm2], threshold: [5 eV, 6 eV], spectrum: [5, 6]}
  limits: {mediator: massive, cross_section: 1e-38 cm2, limit: {experiment: ideal_kg_year, method: total}}
END
ends 0 check asked.yaml
for text in 'rate: one for each mediator, mass, cross section and threshold' 'limit: one for each mass' \
            'spectrum: 1 bin for each mediator, mass and cross section' 'events: 19 bins for each mass'; do
  says out "$text"
done
ends 0 run job.yaml
claim "the job's name is the file's" test -f small.h5
cp small.h5 before.h5
ends 1 run job.yaml
says err "small.h5"
claim "an output that exists is left as it was" cmp -s small.h5 before.h5
ends 0 run job.yaml --overwrite
ends 0 run job.yaml --resume
ends 0 run job.yaml --resume -o fresh.h5
claim "--resume without a file begins one" test -f fresh.h5
ends 0 run job.yaml --max-time 1h30m -o long.h5

# ---- a job on standard input: its paths begin here, its name is the output's ----
mkdir elsewhere
(cd elsewhere && "$ELFIN_PROGRAM" run - <../job.yaml 2>../err) || claim "a job is read from standard input" false
ends 0 show elsewhere/small.h5 --job
claim "and kept byte for byte" cmp -s out job.yaml
"$ELFIN_PROGRAM" check - <job.yaml >out 2>err
claim "check reads it, too" grep -q small.h5 out
sed 's/Si/Sj/' job.yaml | "$ELFIN_PROGRAM" run - >out 2>err
claim "a wrong one is code 2" test $? = 2
says err "standard input:3:"

# ---- outputs that cannot be: code 1, nothing left behind ----
ends 1 run job.yaml -o elsewhere;  says err "elsewhere: is a folder; -o names a file: elsewhere/NAME.h5"
ends 1 run job.yaml -o absent/x.h5;   says err "absent"
ends 1 run job.yaml -o job.yaml/x.h5; says err "job.yaml/x.h5"
ends 1 run job.yaml -o /proc/x.h5;    says err "/proc/x.h5"
echo "not HDF5" >text.h5
ends 1 run job.yaml -o text.h5
claim "a stranger's file is left as it was" grep -q "not HDF5" text.h5
ends 1 run job.yaml -o text.h5 --resume
claim "a stranger's file is no result" grep -q "not HDF5" text.h5
says err "text.h5: is no HDF5 file"
ends 1 export text.h5
ends 1 show text.h5
says err "text.h5: is no HDF5 file"
: >void.h5
ends 1 show void.h5; says err "void.h5: is empty"
head -c 5000 small.h5 >cut.h5
ends 1 show cut.h5;  says err "cut.h5: ends early: 5000 of $(stat -c %s small.h5) bytes are there"
sed 's/response: lindhard, mediator: massless/response: .\/small.h5, mediator: massless/' job.yaml >tables.yaml
ends 2 check tables.yaml; says err "small.h5: not a table of elfin's"; says err "elfin import gpaw"
echo "omega,eps" >few.csv
sed 's/response: lindhard, mediator: massless/response: .\/few.csv, mediator: massless/' job.yaml >tables.yaml
ends 2 check tables.yaml; says err "elfin import csv"

# ---- everything that is wrong with a file that a job names ----
printf 'name: mine\ngap: 3\nfoo: 4\ndensity: 5\n' >mine.yaml
for verb in 'check -' 'materials mine.yaml' 'response mine.yaml'; do
  # shellcheck disable=SC2086
  sed 's/Si/mine.yaml/' job.yaml | "$ELFIN_PROGRAM" $verb >out 2>err
  for place in 2:6 3:1 4:10; do says err "mine.yaml:$place:"; done
done
for pair in diamond:C graphite:C_graphite quartz:SiO2 Sapphire:Al2O3; do
  ends 2 materials ${pair%:*}; says err "did you mean ${pair#*:}?"
done
if [ "$(id -u)" != 0 ]; then
  mkdir locked && chmod 555 locked
  ends 1 run job.yaml -o locked/x.h5
fi
sed 's/10 MeV\]/11 MeV]/' job.yaml >other.yaml
ends 1 run other.yaml -o small.h5 --resume
says err "small.h5"

# ---- export and show ----
ends 2 export small.h5
says err "light"; says err "heavy"
ends 2 export small.h5 --sweep lihgt; says err "did you mean 'light'"
ends 2 export small.h5 --sweep light --dataset rats
ends 2 export small.h5 --sweep light --reach -3
ends 0 export small.h5 --sweep light
claim "a header and four points" test "$(wc -l <out)" = 5
claim "the last column is the status" test "$(head -n 1 out | tr -d '\r' | sed 's/.*,//')" = status
ends 0 export small.h5 --sweep light --reach 3
says out "reach"
ends 1 export small.h5 --sweep light --dataset spectrum
"$ELFIN_PROGRAM" export small.h5 --sweep light >/dev/full 2>err
claim "a full disk under stdout is code 1" test $? = 1
ends 0 show small.h5
says out "light"; says out "heavy"
ends 0 show small.h5 --job
claim "the job comes back byte for byte" cmp -s out job.yaml
ends 0 show small.h5 --reach 3

# ---- rate: same schema, same bits ----
ends 0 export small.h5 --sweep light
cp out exported
ends 0 rate --process electron --material Si --response lindhard --mediator massless \
  --mass '[1 MeV, 10 MeV]' --cross-section 1e-38 --threshold '[default, 10 eV]'
claim "rate and run print the same bytes" cmp -s out exported
ends 0 rate --process electron --material Si --mediator massless --mass 10MeV \
  --cross-section 1e-38 --response lindhard --human
says out "Si, lindhard, massless, mass 10 MeV, cross_section 1e-38 cm2, above 4.71 eV: "
says out "events per kg and year (estimated error"
ends 0 rate --process electron --material Si --mediator massless --mass 0.1MeV --cross-section 0.01fb \
  --response lindhard --human
says out "mass 100 keV, cross_section 1e-41 cm2, above 4.71 eV: 0 events per kg and year"
claim "what is exactly 0 has no error to estimate" test "$(grep -c 'estimated error' out)" = 0
ends 0 rate --process electron --material Si --mediator massless --mass 10MeV --cross-section 1e-38 \
  --response lindhard --at '[10 eV, 20 eV]' --dataset differential
claim "a header and two energies" test "$(wc -l <out)" = 3
ends 2 rate --process electron --material Sj --mediator massless --mass 10MeV --cross-section 1e-38
says err "Si"
ends 2 rate --process electron --material Si --mediator massless --mass -10MeV --cross-section 1e-38
ends 0 rate --job --process electron --mass 10MeV
says out "mass: 10MeV"
finish
