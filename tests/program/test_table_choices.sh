#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tables in a job, with what is between their nodes and beyond their momenta: both spellings mean the
# same, mistakes are shown where they stand, the result file says what was used, and ranks change no bit.
source "$(dirname "$0")/common.sh"

"$ELFIN_PROGRAM" response Si --kind mermin --omega-grid 1,50,99 --k-grid 200,5000,21,log |
  awk -F, 'NR > 1 { print $1, $2, $3, $4 }' >table.dat

job() { # RESPONSE
  printf 'name: tables\nsweeps:\n  a:\n    process: electron\n    material: Si\n    response: %s\n' "$1"
  printf '    mediator: [massless, massive]\n    mass: [2 MeV, 8 MeV]\n    cross_section: 1e-38\n'
}
job '[./table.dat, {table: ./table.dat, interpolation: smooth}, {table: ./table.dat, interpolation: smooth, above: mermin}]' >maps.yaml
job '[./table.dat, "./table.dat (smooth)", "./table.dat (smooth, above mermin)"]' >texts.yaml
ends 0 run maps.yaml -o maps.h5
ends 0 run texts.yaml -o texts.h5
"$ELFIN_PROGRAM" export maps.h5 >maps.csv
"$ELFIN_PROGRAM" export texts.h5 >texts.csv
claim "a map and its text are the same" cmp -s maps.csv texts.csv
says maps.csv '"./table.dat (smooth, above mermin)"'
claim "12 rates" test "$(wc -l <maps.csv)" = 13
claim "that differ between the three" test "$(tail -n +2 maps.csv | sed 's/.*,\(.*\),.*,1\r*$/\1/' | sort -u | wc -l)" -ge 9
ends 0 show maps.h5
says out 'Mermin oscillators in its place'

job '["./table.dat (above mermin)", "./table.dat (above mermin_edges)", {table: ./table.dat, above: mermin_edges, below: mermin_edges}]' |
  sed 's/8 MeV/100 MeV/' >edges.yaml
ends 0 run edges.yaml -o edges.h5
"$ELFIN_PROGRAM" export edges.h5 | tr -d '\r' >edges.csv
claim "with edges a table's tail loses less, of heavy dark matter and a heavy mediator a tenth" awk -F, '
  /massive/ && /,100000000,/ { value[++n] = $(NF - 2) } END { exit !(n == 3 && value[1] > 5 * value[2]) }' edges.csv

# Smooth tables on any number of ranks, of electrons and of nuclei that shake them out, with rates and spectra.
cat >shaken.yaml <<'END'
name: shaken
material: Si
response: ["./table.dat (smooth)", "./table.dat (smooth, above mermin)"]
mediator: [massless, massive]
mass: [20 MeV, 100 MeV, 1 GeV]
cross_section: 1e-38
spectrum: {linear: [5 eV, 40 eV, 4]}
sweeps:
  electrons: {process: electron}
  nuclei: {process: migdal, approximation: [free, impulse]}
END
all_of() { # FILE
  local sweep dataset
  for sweep in electrons nuclei; do
    for dataset in rate spectrum; do "$ELFIN_PROGRAM" export "$1" --sweep $sweep --dataset $dataset || return 1; done
  done
}
ends 0 run shaken.yaml -o shaken.h5
claim "all of it can be printed" all_of shaken.h5 >shaken.csv
claim "12 and 24 rates, three bins of each" test "$(grep -c ',1.$' shaken.csv)" = $((4 * 36))
for n in 1 2 3 5; do
  mpi $n run shaken.yaml -o shaken$n.h5
  all_of shaken$n.h5 >shaken_ranks.csv
  claim "the same bits of smooth tables on $n ranks" cmp -s shaken.csv shaken_ranks.csv
done
for n in 2 3; do
  mpi $n run maps.yaml -o ranks$n.h5
  "$ELFIN_PROGRAM" export ranks$n.h5 >ranks.csv
  claim "the same bits on $n ranks" cmp -s maps.csv ranks.csv
done

if "$PYTHON" -c 'import h5py' 2>/dev/null; then
  "$PYTHON" - >kept <<'PY'
import h5py, hashlib
with h5py.File("maps.h5") as f:
    print(*(t.decode() for t in f["a/targets/response_interpolation"][...].ravel()), sep=" | ")
    print(set(t.decode() for t in f["a/targets/response_file"][...].ravel()))
    for path, role, sha256 in zip(*(f["inputs/" + key].asstr()[:] for key in ("path", "role", "sha256"))):
        if role == "response":
            print(path, hashlib.sha256(open(path, "rb").read()).hexdigest() == sha256)
PY
  says kept 'bilinear, below hold, above nothing | smooth, below hold, above nothing | smooth, below hold, above mermin'
  says kept "{'./table.dat'}"
  says kept './table.dat True'
fi

wrong() { # RESPONSE WHAT-IS-SAID…
  job "$1" >wrong.yaml; shift
  ends 2 check wrong.yaml
  for text in "$@"; do says err "$text"; done
}
wrong '{table: ./table.dat, interpolation: smoth}' 'wrong.yaml:6:' 'interpolation: smoth is unknown, did you mean smooth?'
wrong '{tabel: ./table.dat}' 'wrong.yaml:6:16' 'did you mean table?'
wrong '{interpolation: smooth}' 'needs the path of its table'
wrong '{table: mermin}' 'the path of a table is wanted'
wrong '{table: ./table.dat, above: vacuum}' 'above: vacuum is unknown' 'nothing, hold, mermin or mermin_edges'
wrong '"./table.dat (smoth)"' 'wrong.yaml:6:' "'smoth' in the brackets"
wrong '[./table.dat, "./table.dat (above mermin, above hold)"]' 'wrong.yaml:6:' 'second word about the same'
wrong '"./table.dat (below mermin, above mermin_edges)"' 'wrong.yaml:6:' 'one kind of oscillators continues a table'
wrong '{table: ./absent.dat, interpolation: smooth}' 'absent.dat' 'wrong.yaml:6:'
wrong '["./table.dat (smooth)", {table: ./table.dat, interpolation: smooth}]' 'in the list twice'
job '{table: ./table.dat, above: mermin}' | sed 's/material: Si/material: SiC/' >wrong.yaml
ends 2 check wrong.yaml
says err 'needs the material'
says err 'wrong.yaml:6:'
ends 0 response Si --kind "./table.dat (smooth)" --k 1000
ends 2 response Si --kind "./table.dat (rough)" --k 1000
finish
