#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tables that a material gives a name: a job takes one as `response: NAME`, which is the same as its path; mistakes are
# shown where they stand.
source "$(dirname "$0")/common.sh"

"$ELFIN_PROGRAM" response Si --kind mermin --omega-grid 1,50,99 --k-grid 200,5000,21,log |
  awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >table.dat
sum=$(sha256sum table.dat | cut -d' ' -f1)

material() { # FILE NAME
  { sed '/^response_tables:/,/^$/d' "$ELFIN_DATA/materials/Si.yaml" | sed '/^phonon_dos/,$d'
    printf '\nresponse_tables:\n- {name: "%s", source: "of our own", file: table.dat, sha256: %s}\n' "$2" "$sum"; } >"$1"
}
job() { # RESPONSE MATERIAL
  printf 'name: tables\nsweeps:\n  a:\n    process: electron\n    material: %s\n    response: %s\n' "$2" "$1"
  printf '    mediator: massless\n    mass: [2 MeV, 8 MeV]\n    threshold: 5 eV\n    cross_section: 1e-38\n'
}
numbers() { "$ELFIN_PROGRAM" export "$1" | sed 's/.*,\([^,]*,[^,]*,[^,]*\)$/\1/'; }

material mine.yaml ours
job '[ours, "ours (smooth)", {table: ours, interpolation: smooth}]' ./mine.yaml >names.yaml
job '[./table.dat, "./table.dat (smooth)", {table: ./table.dat, interpolation: smooth}]' ./mine.yaml >paths.yaml
ends 0 run names.yaml -o names.h5
ends 0 run paths.yaml -o paths.h5
numbers names.h5 >names.csv
numbers paths.h5 >paths.csv
claim "a name is its path" cmp -s names.csv paths.csv
claim "6 rates" test "$(wc -l <names.csv)" = 7
"$ELFIN_PROGRAM" export names.h5 >names.csv
says names.csv ',ours,' ',ours (smooth),'
ends 0 response ./mine.yaml --kind 'ours,mermin' --k 1keV --plot picture.svg --script
ends 0 materials ./mine.yaml
says out 'ours' 'of our own'

# The shipped ones, in HDF5: by name as by path; libelfin and program find the same file.
job '[gpaw, "gpaw (above mermin)"]' Si >shipped.yaml
ends 0 run shipped.yaml -o shipped.h5
ends 0 response Si --kind gpaw --k 2keV --omega 10
cp out by_name
ends 0 response Si --kind "$ELFIN_DATA/tables/Si_gpaw.h5" --k 2keV --omega 10
claim "by name as by path" cmp -s by_name out

wrong() { # RESPONSE MATERIAL WHAT-IS-SAID…
  job "$1" "$2" >wrong.yaml; shift 2
  ends 2 check wrong.yaml
  for text in "$@"; do says err "$text"; done
}
wrong gpw Si 'wrong.yaml:6:15' 'did you mean gpaw?'
wrong gpaw Al 'wrong.yaml:6:15' 'gpaw is unknown'
wrong '{table: mermin}' Si 'the path of a table is wanted' 'or the name'
wrong 'gpaw (smoth)' Si "'smoth' in the brackets"
sed 's/material: Si/material: [Si, Al]/' shipped.yaml >wrong.yaml
ends 2 check wrong.yaml
says err 'wrong.yaml:6:' 'Al has none of this name'
for name in mermin a.b 'a b' default; do
  material wrong_material.yaml "$name"
  ends 2 materials ./wrong_material.yaml
  says err 'wrong_material.yaml:' "name: $name cannot be asked for"
done
echo '# changed' >>table.dat
ends 0 materials ./mine.yaml
ends 2 check names.yaml
says err 'names.yaml:6:' 'table.dat' 'has not the checksum'

# Without oscillators, a material's first table by name is its default response; where there is none, the last resort is said.
keys='--process electron --mediator massless --mass 10MeV --cross-section 1e-38'
ends 0 rate $keys --material C
claim "nothing is said of diamond" test ! -s err
cp out by_default
ends 0 rate $keys --material C --response gpaw
claim "diamond's default is gpaw" cmp -s by_default out
sed 's/gpaw/[default]/; s/material: .*/material: [Si, C, SiC, Ge]/; s/threshold: .*/threshold: default/' shipped.yaml |
  sed 's/response: .*/response: default/' >defaults.yaml
ends 0 check defaults.yaml
says out 'response by default: mermin (Si, Ge); gpaw (C); lindhard (SiC)'
says err 'warning: SiC: its response, by default, is lindhard' 'SiC one of 2.39 eV'
claim "of nobody else" test "$(wc -l <err)" = 1
ends 0 run defaults.yaml -o defaults.h5
says err 'warning: SiC: its response, by default, is lindhard'
ends 0 rate $keys --material C --response lindhard
claim "what was asked for is no warning" test ! -s err
ends 0 rate --process absorption --material C --mass 20 --kinetic-mixing 1e-14
tail -1 out | sed 's/joined/gpaw/' >by_default
ends 0 rate --process absorption --material C --mass 20 --kinetic-mixing 1e-14 --response gpaw
tail -1 out >by_name
claim "absorbed by the same table" cmp -s by_default by_name

# Numbers that nature does not allow are said wherever the material is met.
for verb in "rate $keys --material Te --threshold 5" 'materials Te' 'response Te --check --k 100' \
  'response Te --check --kind mermin --k 100'; do
  ends 0 $verb
  says err 'warning: Te: the amplitudes of its Mermin oscillators add up to 1.48'
  claim "once" test "$(grep -c amplitudes err)" = 1
done
