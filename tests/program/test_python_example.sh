#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# share/python/read_result.py reads a result of elfin's: its numbers are those of `elfin export`. The picture is looked
# for where matplotlib is.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
example=$here/../../share/python/read_result.py
"$PYTHON" -c 'import h5py, h5netcdf, xarray' 2>/dev/null ||
  { echo "skipped: no python3-h5py, python3-xarray and python3-h5netcdf"; exit 77; }
export PYTHONDONTWRITEBYTECODE=1

cat >job.yaml <<'YAML'
name: small
sweeps:
  electrons: {process: electron, material: [Si, Ge], response: lindhard, mediator: [massless, massive], mass: [2 MeV, 20 MeV, 200 MeV], cross_section: 1e-38, threshold: 5 eV, spectrum: {linear: [0 eV, 50 eV, 6]}, charge: 3}
  nuclei: {process: nuclear, material: Si, mediator: massive, mass: [100 MeV, 1 GeV], cross_section: 1e-38, threshold: 1 eV}
YAML
ends 0 run job.yaml
"$PYTHON" "$example" small.h5 electrons >printed 2>err
claim "the example runs" test $? = 0
says printed "small.h5: elfin_version 0."
for curve in "Si, massless" "Si, massive" "Ge, massless" "Ge, massive"; do
  claim "the curve '$curve' is there" grep -qxF "$curve" printed
done
# Each rate of the export stands under its material and mediator, at its mass.
"$ELFIN_PROGRAM" export small.h5 --sweep electrons | tr -d '\r' >rates.csv
claim "12 rates" test "$(wc -l <rates.csv)" = 13
claim "the rates are those of elfin export" awk -F, '
  NR == FNR { if (FNR > 1) { rate[$1 ", " $3, $4 + 0] = $7; n++ }; next }
  /^(Si|Ge), / { curve = $0 }
  split($0, word, " ") == 3 && word[1] + 0 > 0 {
    expected = rate[curve, word[1] + 0]
    if (!(expected > 0) || (word[2] / expected - 1)^2 > 1e-10) { print curve, $0, expected; bad = 1 }
    found++ }
  END { exit bad || found != 12 || n != 12 }' rates.csv printed
"$PYTHON" "$example" small.h5 >out 2>err
claim "of two sweeps one must be named" test $? = 1
says err "which sweep? It has electrons, nuclei"
claim "the other sweep, too" "$PYTHON" "$example" small.h5 nuclei >out

# Dates of the job, and days that are counted, become datetime64.
cat >dates.yaml <<'YAML'
name: dates
sweeps:
  electrons: {process: electron, material: Si, response: lindhard, mediator: massless, mass: 10 MeV, cross_section: 1e-38, halo: {date: [2026-06-02, 2026-12-02, 1.25]}}
YAML
ends 0 run dates.yaml
cat >dates.py <<'PYTHON'
import sys
import numpy
sys.path.insert(0, sys.argv[1])
from read_result import read_sweep
data = read_sweep("dates.h5", "electrons")
june = data.rate.sel(date="2026-06-02T12:00").item()
assert data.date.dtype.kind == "M", data.date.dtype
expected = numpy.array(["2026-06-02T12:00", "2026-12-02T12:00", "2000-01-01T18:00"], "datetime64[ns]")
assert (data.date.values == expected).all(), data.date.values
assert june == data.rate.values.flat[0]
PYTHON
claim "dates are datetime64" "$PYTHON" dates.py "$(dirname "$example")"

if "$PYTHON" -c 'import matplotlib' 2>/dev/null; then
  "$PYTHON" "$example" small.h5 electrons rates.png >out 2>err
  claim "a picture" test "$(head -c 4 rates.png | tail -c 3)" = PNG
else
  echo "no python3-matplotlib: no picture"
fi
finish
