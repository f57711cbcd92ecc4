# SPDX-License-Identifier: GPL-3.0-or-later
"""seen.h5 in this folder, by h5py alone, against the CSV files beside it. See test_h5py.sh."""
import csv
import hashlib
import math
import re

import h5py
import numpy

AXES = {  # of `all`: name, length, units
    "material": (2, "1"), "response": (1, "1"), "mediator": (3, "1"), "vearth": (2, "km/s"),
    "mass": (5, "eV"), "cross_section": (2, "cm2"), "threshold": (2, "1"), "omega": (5, "eV"),
    "at": (2, "eV"), "charge": (4, "1"),
}
COMMON = ["material", "response", "mediator", "vearth", "mass", "cross_section"]
LAST = {"rate": "threshold", "spectrum": "omega", "differential": "at", "charge_rate": "charge"}
STATUS = {"rate": "status", "spectrum": "spectrum_status", "differential": "differential_status",
          "charge_rate": "charge_rate_status"}
UNITS = {"rate": "1/kg/yr", "spectrum": "1/kg/yr/eV", "differential": "1/kg/yr/eV",
         "charge_rate": "1/kg/yr"}
HEADER = ("material,response,mediator,vearth_km_s,mass_eV,cross_section_cm2,threshold_eV,"
          "rate_per_kg_yr,rate_error_per_kg_yr,status")


def check_root(f):
    for name in ("elfin_version", "git_commit", "command", "build", "created"):
        assert isinstance(f.attrs[name], str) and f.attrs[name], name
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", f.attrs["created"])
    assert f.attrs["schema_version"] == 1 and f.attrs["complete"] == 1 and f.attrs["ranks"] == 1
    assert f["job"][()] == open("job.yaml", "rb").read()
    inputs = f["inputs"]
    assert len(inputs["path"]) == 3  # Si, Ge, Al
    for path, digest, size in zip(inputs["path"], inputs["sha256"], inputs["bytes"]):
        content = open(path, "rb").read()
        assert hashlib.sha256(content).hexdigest().encode() == digest and len(content) == size
    assert set(f) == {"job", "inputs", "failures", "all", "one"}


def check_axes(group):
    for name, (length, units) in AXES.items():
        axis = group[name]
        assert h5py.h5ds.is_scale(axis.id) and len(axis) == length and axis.attrs["units"] == units, name
    for dataset, last in LAST.items():
        for name in (dataset, dataset + "_error", STATUS[dataset]):
            keys = [dimension.keys()[0] for dimension in group[name].dims]
            assert keys == COMMON + [last], (name, keys)
            assert [dimension.label for dimension in group[name].dims] == keys
    assert [d.keys()[0] for d in group["rank"].dims] == COMMON[:-1]
    assert list(group["material"].asstr()) == ["Si", "Ge"]
    assert list(group["mediator"].asstr()) == ["massless", "10 keV", "massive"]
    assert list(group["mediator_eV"]) == [0, 1e4, math.inf]
    assert list(group["threshold"].asstr()) == ["default", "10 eV"]
    assert [d.keys()[0] for d in group["threshold_eV"].dims] == ["material", "threshold"]
    assert group["threshold_eV"].shape == (2, 2) and (group["threshold_eV"][:, 1] == 10).all()
    assert list(group["omega_edges"]) == [0, 10, 20, 30, 40, 50]
    assert list(group["charge"]) == [1, 2, 3, 4]


def check_results(group):
    for dataset, status in STATUS.items():
        assert group[dataset].attrs["units"] == UNITS[dataset]
        assert group[status].dtype == numpy.uint8 and (group[status][...] == 1).all()
        assert list(group[status].attrs["flag_values"]) == [0, 1, 2]
        assert group[status].attrs["flag_meanings"] == "pending done failed"
        assert numpy.isfinite(group[dataset][...]).all()
        assert (group[dataset + "_error"][...] >= 0).all()
        assert all(group[name].attrs["long_name"] for name in (dataset, status))
    assert "omega_range" in group["flags"].attrs["flag_meanings"].split()
    assert len(group["flags"].attrs["flag_masks"]) == len(
        group["flags"].attrs["flag_meanings"].split())
    # The first point of a task carries its count.
    evaluations = group["evaluations"][...]
    assert (evaluations[..., 0, 0] > 0).any() and evaluations[..., 1, :].sum() == 0
    assert (group["rank"][...] == 0).all()
    # Rates are proportional to the cross section: the same product, rounded once more.
    numpy.testing.assert_allclose(group["rate"][..., 1, :], 20 * group["rate"][..., 0, :], 1e-15)


def check_targets(group):
    targets = group["targets"]
    for name in ("density", "gap", "e0"):
        assert [d.keys()[0] for d in targets[name].dims] == ["material"]
        assert (targets[name][...] > 0).all() and all(targets[name + "_source"])
    assert targets["density"].attrs["units"] == "g/cm3"
    assert targets["response_kind"].asstr()[0, 0] == "lindhard"
    assert targets["omega_max"].shape == (2, 1)
    assert all(path.endswith(b".yaml") for path in targets["material_file"])


def check_csv(group, dataset):
    rows = list(csv.reader(open(dataset + ".csv", newline="")))
    if dataset == "rate":
        assert rows[0] == HEADER.split(","), rows[0]
    values = group[dataset][...].ravel()
    errors = group[dataset + "_error"][...].ravel()
    assert len(rows) == 1 + len(values)
    # Bit for bit, in row-major order.
    assert [float(row[-3]) for row in rows[1:]] == list(values)
    assert [float(row[-2]) for row in rows[1:]] == list(errors)
    assert {row[-1] for row in rows[1:]} == {"1"}
    assert {row[2] for row in rows[1:]} == {"massless", "10000", "massive"}
    if dataset == "rate":
        resolved = numpy.broadcast_to(
            group["threshold_eV"][...][:, None, None, None, None, None, :], group["rate"].shape).ravel()
        assert [float(row[6]) for row in rows[1:]] == list(resolved)
    raw = open(dataset + ".csv", "rb").read()
    assert raw.count(b"\r\n") == raw.count(b"\n") == len(rows)  # RFC 4180


def check_reach():
    rows = list(csv.DictReader(open("reach.csv", newline="")))
    for row in rows:
        rate, reach = float(row["rate_per_kg_yr"]), float(row["reach_cm2"])
        if rate > 0:
            # Two roundings on either side.
            assert abs(reach * rate / float(row["cross_section_cm2"]) / 3 - 1) < 1e-15
        else:
            assert reach == math.inf


with h5py.File("seen.h5", "r") as f:
    check_root(f)
    check_axes(f["all"])
    check_results(f["all"])
    check_targets(f["all"])
    for name in LAST:
        check_csv(f["all"], name)
    assert f["all"].attrs["conventions"] == "elfin" and f["all"].attrs["process"] == "electron"
    assert "conventions" not in f["one"].attrs
    assert list(f["one/conventions"].asstr()) == ["elfin", "darkelf"]
    assert f["one/rate"].shape == (1, 1, 1, 2, 1, 1, 1)
    check_reach()
print("h5py finds everything by its name")
