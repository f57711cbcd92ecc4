#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a result file of elfin's by h5py and xarray, prints rates and draws them against the mass.

    read_result.py FILE.h5 [SWEEP] [PICTURE.png]

On Debian: python3-h5py python3-xarray python3-h5netcdf, and python3-matplotlib for the picture.
"""
import sys

import h5py
import numpy
import xarray

# Day 0 of a halo's date: 1 is noon UTC of 1 January 2000.
DAY_0 = numpy.datetime64("1999-12-31T12:00:00", "ns")


def sweeps_of(path):
    """Names of the sweeps: groups with a dataset `rate`. Says what made the file."""
    with h5py.File(path) as file:
        made_by = {name: file.attrs[name] for name in ("elfin_version", "git_commit", "command")}
        print(path + ":", ", ".join(f"{name} {value}" for name, value in made_by.items()))
        if not file.attrs["complete"]:
            print("not complete: pending points are nan")
        return [name for name in file if isinstance(file[name], h5py.Group) and "rate" in file[name]]


def read_sweep(path, sweep):
    """A sweep as an xarray.Dataset: go by the names of its dimensions, never by their order."""
    data = xarray.open_dataset(path, group=sweep, engine="h5netcdf", phony_dims="sort")
    names = {axis: data[axis].astype(str) for axis in data.dims
             if axis in data and data[axis].dtype.kind in "SO"}
    if "date" in names:
        names["date"] = dates(data["date_d"].values)
    return data.assign_coords(names)


def dates(days):
    """datetime64 of days as `elfin export` counts them in its column date_d."""
    return DAY_0 + numpy.round(days * 86400e9).astype("timedelta64[ns]")


def curves(data):
    """Each combination of the other axes, as (label, rates against mass with their errors)."""
    others = [axis for axis in data.rate.dims if axis != "mass"]
    stacked = data[["rate", "rate_error"]].stack(curve=others)
    varying = [axis for axis in others if data.sizes[axis] > 1]
    for i in range(stacked.sizes["curve"]):
        one = stacked.isel(curve=i)
        label = ", ".join(str(one[axis].item()) for axis in varying) or data.attrs.get("process", "rate")
        yield label, one


def print_curves(data):
    for label, one in curves(data):
        print(f"\n{label}\n{'mass [eV]':>12}  {'rate [1/kg/yr]':>14}  {'error':>8}")
        for mass, rate, error in zip(one.mass.values, one.rate.values, one.rate_error.values):
            print(f"{mass:12.4g}  {rate:14.6g}  {error:8.1e}")


def draw_curves(data, picture):
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for label, one in curves(data):
        axes.errorbar(one.mass, one.rate.where(one.rate > 0), one.rate_error, label=label)
    axes.set(xscale="log", yscale="log", xlabel=f"mass [{data.mass.attrs['units']}]",
             ylabel=f"rate [{data.rate.attrs['units']}]", title=data.attrs.get("process", ""))
    axes.legend()
    figure.savefig(picture)
    print(f"\n{picture}")


def main(path, sweep=None, picture=None):
    sweeps = sweeps_of(path)
    if sweep is None and len(sweeps) == 1:
        sweep = sweeps[0]
    if sweep not in sweeps:
        sys.exit(f"{path}: which sweep? It has {', '.join(sweeps)}")
    data = read_sweep(path, sweep)
    print_curves(data)
    if picture:
        draw_curves(data, picture)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
