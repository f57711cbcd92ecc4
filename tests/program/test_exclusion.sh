#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `limit:` in a job: limits are ln 10 over events where nothing was seen, for cross sections and kinetic
# mixing, with the relative error of the events; between energies of events they solve Yellin's eq. 2,
# written down here once more; ranks, parts and resuming change no byte; `elfin limit` says the same.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
command -v mpirun >/dev/null || { echo "skipped: no mpirun"; exit 77; }
$PYTHON -c "import h5py, numpy" 2>/dev/null || { echo "skipped: no h5py"; exit 77; }

cat >clean.yaml <<'END'
name: clean
material: Si
charges: [2, 3, 4]
observed: {value: 0, source: none}
exposure: {value: 2 kg yr, source: none}
efficiency: {values: [0.3, 0.6, 0.9], source: none}
background: {value: 0, source: none}
charge_model: {model: fano, gap: 1.1 eV, pair_energy: 3.75 eV, fano: 0.119, source: none}
END
cat >energies.yaml <<'END'
name: energies
material: Si
edges_eV: [5, 15, 40]
observed: {values: [2, 1], source: none}
exposure: {value: 1 kg yr, source: none}
efficiency: {values: [0.5, 1], source: none}
background: {value: 0, source: none}
events: {energies_eV: [30, 5.5, 6], source: none}
END
cat >job.yaml <<'END'
name: result
limit: {experiment: clean.yaml, method: total}
sweeps:
  electrons:
    process: electron
    material: Si
    mediator: [massless, massive]
    mass: {log: [200 keV, 1 GeV, 9]}
    cross_section: 1e-37 cm2
    threshold: [default, 10 eV]
  hidden:
    process: absorption
    material: Si
    mass: {linear: [2 eV, 20 eV, 7]}
    kinetic_mixing: 1e-14
  gap:
    process: electron
    material: Si
    mediator: massive
    mass: [20 MeV, 100 MeV, 1 GeV]
    cross_section: 1e-38 cm2
    spectrum: {linear: [5 eV, 40 eV, 71]}
    limit: {experiment: energies.yaml, method: maximum_gap}
  interval:
    process: electron
    material: Si
    mediator: massive
    mass: [20 MeV, 100 MeV, 1 GeV]
    cross_section: 1e-38 cm2
    detector: energies.yaml
    limit: {method: optimum_interval, cl: 0.95}
  crystal:
    process: migdal
    material: Si
    mediator: massive
    mass: [100 MeV, 1 GeV]
    cross_section: 1e-38 cm2
    recoil_threshold: 0 eV
    limit: {experiment: DAMIC_M_2025, method: likelihood}
END
ends 0 run job.yaml -o alone.h5
claim "the table of charges is an input" grep -q "^charges .*Si_100K_charges.dat" <("$ELFIN_PROGRAM" show alone.h5)
cat >look.py <<'END'
import math, h5py, numpy
f = h5py.File("alone.h5")
e = f["electrons"]
assert e["limit"].attrs["units"] == "cm2" and e["limit"].attrs["method"] == "total"
assert e["limit"].attrs["confidence_level"] == "0.9" and e["limit"].attrs["experiment"].endswith("clean.yaml")
assert [d.label for d in e["limit"].dims] == ["material", "response", "mediator", "mass"]
assert (e["limit_status"][...] == 1).all()
events, limit = e["events"][..., 0, :].sum(axis=-1), e["limit"][...]
some = events > 0
assert 10 < some.sum() < events.size and numpy.isinf(limit[~some]).all()
assert numpy.allclose(limit[some] * events[some] / 1e-37, math.log(10), rtol=1e-12, atol=0)
each = e["events"][..., 0, :][some]
relative = (e["events_error"][..., 0, :][some] / numpy.where(each > 0, each, numpy.inf)).max(axis=-1)
found = e["limit_error"][...][some] / limit[some]
assert (found > 0).all() and (found <= relative * (1 + 1e-12)).all() and (found < 1e-3).all()

h = f["hidden"]
assert h["limit"].attrs["units"] == "1"
events, limit = h["events"][..., 0, :].sum(axis=-1), h["limit"][...]
some = events > 0
assert some.sum() >= 3
assert numpy.allclose(limit[some], 1e-14 * numpy.sqrt(math.log(10) / events[some]), rtol=1e-12, atol=0)
# A line: at one mass all of the rate has the charges that the model gives it.
rate, mass = h["rate"][0, 0, 0, :, 0], h["mass"][:]
def below(t): return 0.5 * math.erfc(-t / math.sqrt(2))
def fano(q, w):
    most, mean = math.floor(w / 1.1), w / 3.75
    sigma = math.sqrt(0.119 * mean)
    return (below((q + .5 - mean) / sigma) if q < most else 1) - below((q - .5 - mean) / sigma)
for i, m in enumerate(mass):
    for b, (q, kg_yr) in enumerate(((2, 0.6), (3, 1.2), (4, 1.8))):
        want = kg_yr * rate[i] * max(0, fano(q, m) if q <= math.floor(m / 1.1) else 0)
        assert abs(h["events"][0, 0, 0, i, 0, b] - want) <= 1e-9 * kg_yr * rate[i], (m, q)

# Yellin's eq. 2, by bisection, for the largest gap in expected events.
def c0(x, mu):
    return sum((k * x - mu) ** k * math.exp(-k * x) / math.factorial(k) * (1 + k / (mu - k * x))
               for k in range(int(mu / x) + 1) if mu != k * x)
def gap_limit(share):
    low, high = 2.3, 60
    for _ in range(200):
        mu = (low + high) / 2
        low, high = (mu, high) if c0(share * mu, mu) < 0.9 else (low, mu)
    return low
g = f["gap"]
edges = g["omega_edges"][:]
for i in range(3):
    n = numpy.diff(edges) * g["spectrum"][0, 0, 0, i, 0] * numpy.where(edges[:-1] < 15, 0.5, 1)
    at = [0] + [n[edges[1:] <= x + 1e-9].sum() for x in (5.5, 6, 30)] + [n.sum()]
    share = max(b - a for a, b in zip(at, at[1:])) / n.sum()
    want = gap_limit(share) / n.sum() * 1e-38
    assert abs(g["limit"][0, 0, 0, i] / want - 1) < 2e-3, (i, g["limit"][0, 0, 0, i], want)
    assert abs(g["events"][0, 0, 0, i, 0].sum() / n.sum() - 1) < 1e-3
print("limits are right")
END
claim "limits are what events say" $PYTHON look.py

# elfin limit, from the same events, or from the spectrum, says the same.
limits() { tr -d '\r' | awk -F, 'NR > 1 { print $(NF-'$1') }'; }
near() { # FILE FILE TOLERANCE: line by line
  $PYTHON - "$@" <<'END'
import sys
a, b = ([float(x) for x in open(name)] for name in sys.argv[1:3])
tolerance = float(sys.argv[3])
assert len(a) == len(b) > 0 and all(x == y or abs(x - y) <= tolerance * y for x, y in zip(a, b)), (a, b)
END
}
for sweep in electrons hidden; do
  ends 0 export alone.h5 --sweep $sweep --dataset limit
  limits 2 <out >in_file
  ends 0 limit alone.h5 --sweep $sweep --method total
  limits 4 <out >by_hand
  claim "elfin limit says what limit: says: $sweep" near in_file by_hand 1e-12
done
ends 0 export alone.h5 --sweep gap --dataset limit
says out "material,response,mediator,mass_eV,limit_cm2,limit_error_cm2,status"
limits 2 <out >in_file
ends 0 limit alone.h5 --sweep gap --method maximum_gap
limits 4 <out >by_spectrum
claim "gaps from the file's spectrum" near by_spectrum in_file 2e-3
ends 0 limit alone.h5 --sweep gap --method optimum_interval
ends 0 limit alone.h5 --sweep gap --method total
limits 4 <out >by_events
ends 0 limit alone.h5 --sweep gap --method total --experiment ./energies.yaml
limits 4 <out >by_spectrum
claim "totals from the file's spectrum" near by_spectrum by_events 1e-3
ends 0 limit alone.h5 --sweep gap --method total --experiment ./clean.yaml
says err "note: the spectrum covers 5 to 40 eV, and clean sees deposits of 1.1"
ends 2 limit alone.h5 --sweep electrons --method maximum_gap
says err "clean.yaml: --method maximum_gap looks between energies of events, and it has bins of charge"
ends 2 limit alone.h5 --sweep interval --method maximum_gap
says err 'has no spectrum to look between its events; put `spectrum: {linear: [5, 40, 200]}` into its job'
ends 0 show alone.h5
says out "limit: 18 of 18 done"

# One limit more or less on the command line: elfin rate.
ends 0 rate --process electron --material Si --mediator massive --mass 100MeV --cross-section 1e-38 \
  --limit '{experiment: ideal_kg_year}' --dataset limit
says out "material,response,mediator,mass_eV,limit_cm2,limit_error_cm2,status"

export_all() { # FILE
  for sweep in electrons hidden gap interval crystal; do
    "$ELFIN_PROGRAM" export "$1" --sweep $sweep --dataset limit || return
  done
}
export_all alone.h5 >alone.csv
claim "there is something to compare" test "$(wc -l <alone.csv)" = 38
for n in 2 3 5; do
  claim "the run on $n ranks is done" mpi $n run job.yaml -o on$n.h5
  export_all on$n.h5 >on$n.csv
  claim "$n ranks give the same limits, byte for byte" cmp alone.csv on$n.csv
done
ends 0 run job.yaml -o one.h5 --part 1/2
ends 0 run job.yaml -o two.h5 --part 2/2
ends 0 merge one.h5 two.h5 -o merged.h5
export_all merged.h5 >merged.csv
claim "parts give the same limits" cmp alone.csv merged.csv
ends 0 run job.yaml -o one.h5 --resume
export_all one.h5 >resumed.csv
claim "a file of half of them, resumed: the same limits" cmp alone.csv resumed.csv
finish
