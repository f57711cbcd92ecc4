#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A result file as its readers see it, through h5py, without elfin: names, axes, units, provenance.

Every number is looked up by the names of its axes and compared with what `elfin export` prints.
"""
import csv
import hashlib
import os
import re
import subprocess
import sys
import tempfile

try:
    import h5py
    import numpy as np
except ImportError:
    if sys.executable != "/usr/bin/python3" and os.path.exists("/usr/bin/python3"):
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # where distributions put h5py
    print("skipped: no h5py")
    sys.exit(77)

ELFIN = os.environ["ELFIN_PROGRAM"]
JOB = """\
# the job with a µ in a comment
name: layout
sweeps:
  first:
    process: electron
    material: [Si, Ge]
    response: [lindhard, mermin]
    mediator: [massless, 10 keV, massive]
    conventions: [elfin, darkelf]
    halo: {v0: [210 km/s, 220 km/s], rho: [0.3, 0.4 GeV/cm3]}
    kcut: [none, 5 keV]
    mass: [1 MeV, 30 MeV]
    cross_section: [1e-38 cm2, 2e-37 cm2]
    threshold: [default, gap, 7 eV]
    spectrum: [0 eV, 5 eV, 20 eV, 21 eV]
    at: [6 eV, 18 eV]
    charge: 4
  second:
    process: electron
    material: Al
    response: lindhard
    mediator: 3 MeV
    mass: 100 MeV
    cross_section: 1e-40
"""
PHONONS = """name: phonons
mediator: massless
mass: 100 keV
cross_section: 1e-38 cm2
sweeps:
  branches: {process: froehlich, material: Al2O3, configuration: [ordinary, extraordinary]}
  nuclei: {process: multiphonon, material: Si, threshold: 1 meV}
"""
ORDER = ["material", "response", "mediator", "conventions", "v0", "rho", "kcut", "mass",
         "cross_section", "threshold"]
failures = 0
checks = 0


def check(claim, text):
    global failures, checks
    checks += 1
    if not claim:
        failures += 1
        print("does not hold:", text, file=sys.stderr)


def texts(dataset):
    return [t.decode("utf-8") for t in dataset[...]]


def is_scale(dataset):
    return h5py.h5ds.is_scale(dataset.id)


def axis_names(dataset):
    """The names of the scales, each dimension having exactly one."""
    check(all(len(d) == 1 for d in dataset.dims), f"{dataset.name}: one scale per dimension")
    return [os.path.basename(d[0].name) for d in dataset.dims]


def export(path, sweep, dataset):
    out = subprocess.run([ELFIN, "export", path, "--sweep", sweep, "--dataset", dataset],
                         check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")
    return list(csv.DictReader(out.splitlines()))


def root_says_what_made_it(f):
    for name in ("elfin_version", "git_commit", "created", "command"):
        check(isinstance(f.attrs[name], str), f"{name} is a text")
    check(f.attrs["schema_version"] == 2, "schema_version is 2")
    check(f.attrs["ranks"] == 1 and f.attrs["complete"] == 1, "ranks and complete")
    check(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f.attrs["created"]), "ISO 8601, UTC")
    check(f.attrs["command"].endswith("run job.yaml -o layout.h5"), "command")
    check(f["job"][()].decode("utf-8") == JOB, "/job is the text as read")
    paths = texts(f["inputs/path"])
    check(any(p.endswith("Si.yaml") for p in paths), "inputs name the material files")
    for path, digest in zip(paths, texts(f["inputs/sha256"])):
        with open(path, "rb") as stream:
            check(hashlib.sha256(stream.read()).hexdigest() == digest, f"SHA-256 of {path}")


def axes_are_scales_with_units(sweep):
    units = {"mass": "eV", "cross_section": "cm2", "v0": "km/s", "rho": "GeV/cm3", "kcut": "eV",
             "omega": "eV", "omega_edges": "eV", "at": "eV", "charge": "1"}
    for name, unit in units.items():
        check(is_scale(sweep[name]), f"{name} is a dimension scale")
        check(sweep[name].attrs["units"] == unit, f"{name} has units {unit}")
    for name in ("material", "response", "mediator", "conventions", "threshold"):
        check(is_scale(sweep[name]) and sweep[name].dtype.kind == "S", f"{name} is a text scale")
    check(texts(sweep["material"]) == ["Si", "Ge"], "materials as written")
    check(texts(sweep["mediator"]) == ["massless", "10 keV", "massive"], "mediators as written")
    check(list(sweep["mediator_eV"][...]) == [0, 1e4, np.inf], "mediators in eV")
    check(texts(sweep["threshold"]) == ["default", "gap", "7 eV"], "thresholds as written")
    check(axis_names(sweep["threshold_eV"]) == ["material", "threshold"], "threshold_eV's axes")
    check((sweep["threshold_eV"][:, 1] == sweep["targets/gap"][...]).all(), "gap is the gap")
    check((sweep["threshold_eV"][:, 2] == 7).all(), "7 eV is 7 eV")
    check(list(sweep["omega_edges"][...]) == [0, 5, 20, 21], "edges as written")
    check(list(sweep["omega"][...]) == [2.5, 12.5, 20.5], "centres of the bins")
    check(list(sweep["charge"][...]) == [1, 2, 3, 4], "Q = 1 ... 4")
    check("conventions" not in sweep.attrs, "conventions are an axis here")
    check(sweep.attrs["process"] == "electron", "process")


def observables_have_axes_units_and_status(sweep):
    own = {"rate": ("threshold", "1/kg/yr", "status"),
           "spectrum": ("omega", "1/kg/yr/eV", "spectrum_status"),
           "differential": ("at", "1/kg/yr/eV", "differential_status"),
           "charge_rate": ("charge", "1/kg/yr", "charge_rate_status")}
    for name, (last, unit, status) in own.items():
        expected = ORDER[:-1] + [last]
        for dataset in (name, name + "_error", status):
            check(axis_names(sweep[dataset]) == expected, f"axes of {dataset}")
            check("long_name" in sweep[dataset].attrs, f"{dataset} has a long_name")
        check(sweep[name].attrs["units"] == unit, f"units of {name}")
        check(sweep[name + "_error"].attrs["units"] == unit, f"units of {name}_error")
        check(np.isnan(sweep[name].fillvalue), f"{name} is filled with NaN")
        check((sweep[status][...] == 1).all(), f"all of {name} is done")
        check(np.isfinite(sweep[name][...]).all(), f"all of {name} is finite")
        check(sweep[status].dtype == np.uint8, f"{status} is uint8")
        check(list(sweep[status].attrs["flag_values"]) == [0, 1, 2], "status codes")
        check(sweep[status].attrs["flag_meanings"] == "pending done failed", "status names")
    check(sweep["flags"].dtype == np.uint32, "flags are uint32")
    masks, names = sweep["flags"].attrs["flag_masks"], sweep["flags"].attrs["flag_meanings"].split()
    check(len(masks) == len(names) and (masks & masks - 1 == 0).all(), "a name for each bit")
    check(dict(zip(names, masks))["closed"] == 16, "closed is bit 4")
    check((sweep["flags"][...] & ~np.uint32(masks.sum()) == 0).all(), "no other bits")
    evaluations = sweep["evaluations"]
    check(evaluations.dtype == np.int64, "evaluations are int64")
    check((evaluations[..., 0, 0] > 0).any() and (evaluations[..., 1, :] == 0).all()
          and (evaluations[..., 0, 1:] == 0).all(), "a task's first point carries the count")
    check(axis_names(sweep["rank"]) == ORDER[:-2], "axes of rank: those of tasks")
    check((sweep["rank"][...] == 0).all(), "one process is rank 0")
    check(axis_names(sweep["run"]) == ORDER[:-2], "axes of run: those of tasks")
    check((sweep["run"][...] == 0).all(), "the first run computed everything")


def targets_have_sources(sweep):
    targets = sweep["targets"]
    for name, unit in (("density", "g/cm3"), ("gap", "eV"), ("e0", "eV")):
        check(targets[name].shape == (2,) and targets[name].attrs["units"] == unit, name)
        check(all(texts(targets[name + "_source"])), f"source of {name}")
    check(abs(targets["density"][0] - 2.33) < 0.01, "Si has 2.33 g/cm3")
    check(targets["omega_max"].shape == (2, 2), "range of the response per material and response")
    check(texts(targets["response_kind"][0]) == ["lindhard", "mermin"], "kinds of response")


def halos_are_resolved(sweep):
    halo = sweep["halo_parameters"]
    check(axis_names(halo["v0"]) == ["v0", "rho"] and halo["v0"].attrs["units"] == "km/s", "axes of a halo")
    check(halo["v0"][:, 1].tolist() == [210, 220] and halo["rho"][0].tolist() == [0.3, 0.4], "members")
    check((halo["vesc"][...] == 500).all() and (halo["vearth"][...] == 240).all(), "those of the preset")
    check(set(texts(halo["preset"][0])) == {"shm"} and "beta" not in halo, "of a Maxwellian")


def phonons_have_sources():
    """Branches of polar phonons and densities of states are no responses, but have sources, too."""
    with open("phonons.yaml", "w", encoding="utf-8") as stream:
        stream.write(PHONONS)
    subprocess.run([ELFIN, "run", "phonons.yaml", "-o", "phonons.h5"], check=True,
                   stderr=subprocess.PIPE)
    with h5py.File("phonons.h5", "r") as f:
        branches, nuclei = f["branches/targets"], f["nuclei/targets"]
        check(branches["response_kind"].shape == (1, 1, 2), "one for each configuration")
        check(texts(branches["response_kind"][0, 0]) == ["polar_phonons"] * 2, "kind of branches")
        sources = texts(branches["response_source"][0, 0])
        check(all("Al2O3" in source for source in sources) and sources[0] != sources[1],
              "each configuration's own source")
        low, high = branches["omega_min"][0, 0], branches["omega_max"][0, 0]
        check((low < high).all() and low[0] != low[1], "from the lowest branch to the highest")
        check("_pDoS" in texts(nuclei["phonon_dos_source"])[0], "source of the density of states")


def printed_values(sweep, axis):
    """What export prints for each position on an axis; for a threshold, by material."""
    if axis == "threshold":
        return sweep["threshold_eV"][...]
    if axis == "mediator":
        return ["massless", 1e4, "massive"]
    dataset = sweep[axis + "_eV" if axis + "_eV" in sweep else axis]
    return texts(dataset) if dataset.dtype.kind == "S" else dataset[...]


def export_prints_what_the_file_holds(path, sweep, dataset):
    names = axis_names(sweep[dataset])
    printed = [printed_values(sweep, name) for name in names]
    rows = export(path, "first", dataset)
    values, errors = sweep[dataset][...], sweep[dataset + "_error"][...]
    check(len(rows) == values.size, f"{dataset}: a row for each value")
    wrong = 0
    for row, index in zip(rows, np.ndindex(*values.shape)):
        cells = list(row.values())
        for axis, of_axis, i, cell in zip(names, printed, index, cells):
            expected = of_axis[index[0], i] if axis == "threshold" else of_axis[i]
            wrong += cell != expected if isinstance(expected, str) else float(cell) != expected
        wrong += float(cells[-3]) != values[index] or float(cells[-2]) != errors[index]
        wrong += cells[-1] != "1"
    check(wrong == 0, f"{dataset}: {wrong} cells of the CSV differ from the file")


def a_single_value_is_an_axis_of_length_one(sweep):
    check(axis_names(sweep["rate"]) == ["material", "response", "mediator", "mass",
                                        "cross_section", "threshold"], "axes of the second sweep")
    check(sweep["rate"].shape == (1,) * 6, "shape of the second sweep")
    check(sweep.attrs["conventions"] == "elfin", "conventions are an attribute here")
    check("spectrum" not in sweep and "omega" not in sweep, "no spectrum was asked for")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("job.yaml", "w", encoding="utf-8") as stream:
            stream.write(JOB)
        subprocess.run([ELFIN, "run", "job.yaml", "-o", "layout.h5"], check=True,
                       stderr=subprocess.PIPE)
        with h5py.File("layout.h5", "r") as f:
            check(sorted(f) == ["failures", "first", "inputs", "job", "runs", "second"], "groups")
            root_says_what_made_it(f)
            axes_are_scales_with_units(f["first"])
            observables_have_axes_units_and_status(f["first"])
            targets_have_sources(f["first"])
            halos_are_resolved(f["first"])
            for dataset in ("rate", "spectrum", "differential", "charge_rate"):
                export_prints_what_the_file_holds("layout.h5", f["first"], dataset)
            a_single_value_is_an_axis_of_length_one(f["second"])
            check(f["failures/first"].dtype["reason"].itemsize == 256, "reasons of 256 bytes")
            check((f["failures/first"]["reason"] == b"").all(), "nothing failed")
        phonons_have_sources()
        os.chdir("/")
    print(f"{checks} checks, {failures} failed")
    return failures != 0 or checks == 0


if __name__ == "__main__":
    sys.exit(main())
