#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an experiment would count: with steps of the pair energy, events are exposure times charge rates; an
# ideal detector of one kilogram and one year counts the rate itself; a table of P(Q|ω) conserves events; two
# ranks write the same bytes; experiments that make no sense are refused with their place.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
$PYTHON -c "import h5py" 2>/dev/null || { echo "skipped: no h5py"; exit 77; }

# Every deposit between 5 and 25 eV makes 2 pairs with 60 % and 3 with 40 %.
cat >split.yaml <<'END'
name: split
material: Si
charges: [2, 3]
observed: {values: [0, 0], assumed: "none"}
exposure: {value: 2 kg yr, assumed: "for this test"}
efficiency: {values: [1, 0.5], assumed: "for this test"}
background: {value: 0, assumed: "none"}
charge_model:
  model: table
  above: nothing
  source: "this test"
  rows:
  - [5, 0, 0.6, 0.4]
  - [25, 0, 0.6, 0.4]
END
cat >job.yaml <<'END'
name: counts
sweeps:
  steps:
    process: electron
    material: Si
    mediator: [massless, massive]
    mass: {log: [2 MeV, 1 GeV, 5]}
    cross_section: [1e-38 cm2, 1e-37 cm2]
    charge: 20
    detector: ideal_kg_year
  shaken:
    process: migdal
    material: [Si, Ge]
    approximation: impulse
    mediator: massive
    mass: {log: [20 MeV, 1 GeV, 3]}
    cross_section: 1e-38 cm2
    charge: 20
    detector: ideal_kg_year
  split:
    process: electron
    material: Si
    mediator: massive
    mass: [10 MeV, 100 MeV]
    cross_section: 1e-38 cm2
    threshold: [5 eV, 25 eV]
    detector: split.yaml
END
ends 0 run job.yaml -o alone.h5
says err "ideal_kg_year: assumed"
cat >look.py <<'END'
import h5py, numpy
f = h5py.File("alone.h5")
for name in ("steps", "shaken"):
    s = f[name]
    bins, charges = s["bin"][:].astype(int), s["charge"][:].astype(int)
    events, rates = s["events"][...], s["charge_rate"][...][..., [list(charges).index(b) for b in bins]]
    assert events.shape == rates.shape and (s["events_status"][...] == 1).all()
    assert numpy.allclose(events, rates, rtol=2e-4, atol=0), name   # asked for again, at 1e-4
    assert (s["events_error"][...] <= 2e-4 * events + 1e-300).all(), name
    assert events.max() > 0 and s["events"].dims[events.ndim - 1].label == "bin"
s = f["split"]
above = s["rate"][...]
between = above[..., 0] - above[..., 1]  # the table's range of energies
events = s["events"][...]
assert numpy.allclose(events[..., 0], 2 * 0.6 * between, rtol=1e-3), events[..., 0] / between
assert numpy.allclose(events[..., 1], 2 * 0.5 * 0.4 * between, rtol=1e-3)
print("counted")
END
claim "events are what the charges say" $PYTHON look.py

claim "the run on 2 ranks is done" mpi 2 run job.yaml -o on2.h5
for sweep in steps shaken split; do
  "$ELFIN_PROGRAM" export alone.h5 --sweep $sweep --dataset events >alone.csv
  "$ELFIN_PROGRAM" export on2.h5 --sweep $sweep --dataset events >on2.csv
  claim "2 ranks count the same bytes: $sweep" cmp alone.csv on2.csv
done
# Limits take the events of the file's own detector, whatever its charge model, or charge rates.
limits() { tr -d '\r' <out | awk -F, 'NR > 1 { print $(NF-4) }'; }
ends 0 limit alone.h5 --sweep steps
limits >by_events
ends 0 limit alone.h5 --sweep steps --experiment ideal_kg_year
claim "named or not, it is the same detector" cmp -s by_events <(limits)
cp "$ELFIN_DATA/experiments/ideal_kg_year.yaml" same.yaml
ends 0 limit alone.h5 --sweep steps --experiment same.yaml
limits >by_charges
claim "events and charge rates give the same limits" $PYTHON - <<'END'
a, b = ([float(x) for x in open(name)] for name in ("by_events", "by_charges"))
assert len(a) == len(b) == 10 and all(abs(x - y) <= 1e-3 * y for x, y in zip(a, b)), (a, b)
END
ends 0 limit alone.h5 --sweep split --method total
claim "a table of charges has limits, too" test "$(limits | grep -c '^[1-9]')" = 2

claim "bins are a column" grep -q '^material,response,mediator,mass_eV,cross_section_cm2,bin,events,events_error,status' alone.csv

wrong() { # DETECTOR LINE:COLUMN TEXT
  printf 'name: wrong\nsweeps:\n  one:\n    process: %s\n    material: Si\n    mediator: massive\n    mass: 100 MeV\n    cross_section: 1e-38 cm2\n    threshold: 5 eV\n    detector: %s\n' "$1" "$2" >wrong.yaml
  ends 2 run wrong.yaml
  says err "$3"
  claim "nothing is written" test ! -e wrong.h5
}
wrong electron SENSEI_SNOLABS "did you mean SENSEI_SNOLAB"
wrong electron absent.yaml "absent.yaml"
wrong nuclear SENSEI_SNOLAB "counts electron-hole pairs, which the process nuclear does not make"
sed 's/values: \[1, 0.5\]/values: [1, 1.5]/' split.yaml >bad.yaml
wrong electron bad.yaml "bad.yaml:6:"
sed 's/values: \[0, 0\]/values: [0, 0, 0]/' split.yaml >bad.yaml
wrong electron bad.yaml "bad.yaml:4:"
sed 's/2 kg yr/-2 kg yr/' split.yaml >bad.yaml
wrong electron bad.yaml "bad.yaml:5:"
finish
