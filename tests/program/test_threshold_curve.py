#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example input/threshold_curve.yaml: one curve of thresholds from 1 meV to 1 keV, whole.

Claims: the curve falls with the threshold, without steps between its regimes other than single phonons'
ends; single and many phonons are all phonons; where it is flagged as free recoil alone it is the rate of
process nuclear, so that this is not to be added; flags follow the parts that they are about; electrons
begin at the gap."""
import os
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
JOB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../input/threshold_curve.yaml")
NUCLEAR = """name: nuclear
accuracy: 1e-3
mediator: massive
cross_section: 1e-38 cm2
material: [Si, GaAs]
mass: [100 keV, 1 MeV, 10 MeV, 100 MeV, 1 GeV, 10 GeV]
threshold: {log: [1 meV, 1 keV, 61]}
sweeps:
  free: {process: nuclear}
"""
ALL, SINGLE, MULTI = 0, 1, 2
GEV = 4  # of the masses
checks = failures = 0


def check(holds, what):
    global checks, failures
    checks += 1
    if not holds:
        failures += 1
        print(f"does not hold: {what}", file=sys.stderr)


def run(job, to):
    subprocess.run([ELFIN, "run", job, "-o", to], check=True, stderr=subprocess.PIPE)


def flag(sweep, name):
    """Where a flag is, by its name."""
    names = sweep["flags"].attrs["flag_meanings"].split()
    return sweep["flags"][...] & sweep["flags"].attrs["flag_masks"][names.index(name)] != 0


def by_axes(sweep, values):
    """[material, phonons, mass, threshold], or without phonons."""
    return values.squeeze(axis=tuple(i for i, n in enumerate(values.shape) if n == 1))


def the_parts_are_the_whole(rate, error):
    parts, whole = rate[:, SINGLE] + rate[:, MULTI], rate[:, ALL]
    allowed = error[:, SINGLE] + error[:, MULTI] + error[:, ALL]
    check((np.abs(parts - whole) <= allowed).all(), "single and many phonons are all phonons")


def it_falls(rate, error):
    fall = rate[..., :-1] - rate[..., 1:]
    check((fall >= -(error[..., :-1] + error[..., 1:])).all(), "a curve falls with the threshold")
    check((rate[:, ALL, :, 0] > 0).all(), "every mass makes phonons above 1 meV")


def it_ends_as_free_recoil(rate, free, threshold):
    # 1 GeV gives at most some 300 eV: near that end the width of the nucleus' motion matters
    for mass, highest, allowed in ((GEV, 60, 2e-3), (GEV + 1, 1000, 2e-4)):
        here = (threshold >= 1) & (threshold <= highest)
        ratio = rate[:, ALL, mass][:, here] / free[:, mass][:, here]
        check((np.abs(ratio - 1) < allowed).all(), "heavy dark matter above 1 eV: process nuclear")


def flags_are_about_their_parts(nuclei, rate, threshold, gaps):
    coherent, recoil, above, closed = (
        by_axes(nuclei, flag(nuclei, name))
        for name in ("coherent", "free_recoil", "above_gap", "closed"))
    share = np.divide(rate[:, SINGLE], rate[:, ALL], out=np.zeros_like(rate[:, ALL]),
                      where=rate[:, ALL] > 0)
    check((coherent[:, ALL] == (share > 0.01))[np.abs(share - 0.01) > 1e-4].all(),
          "coherent where single phonons are more than 1 %")
    check(coherent[:, ALL].any() and not coherent[:, MULTI].any(), "many phonons are not coherent")
    check(not recoil[:, SINGLE].any(), "single phonons are no recoils")
    check(recoil[:, ALL, GEV + 1].all(), "10 GeV: nuclei recoil as if free at all thresholds")
    check(not recoil[:, ALL, 0].any(), "100 keV: nowhere")
    check((above == ((threshold >= gaps[:, None])[:, None, None, :] & ~closed)).all(),
          "above_gap above the gap")


def electrons_begin_at_the_gap(electrons, gaps):
    rate = by_axes(electrons, electrons["rate"][...])
    check((electrons["threshold_eV"][:, 0] == gaps).all(), "the first threshold is the gap")
    check((rate[..., :-1] >= rate[..., 1:]).all(), "electrons fall with the threshold")
    check((rate[:, GEV] > 0).all(), "1 GeV excites them above all thresholds")


def main():
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("nuclear.yaml", "w", encoding="utf-8") as stream:
            stream.write(NUCLEAR)
        run(JOB, "curve.h5")
        run("nuclear.yaml", "free.h5")
        with h5py.File("curve.h5", "r") as f, h5py.File("free.h5", "r") as g:
            nuclei, free = f["nuclei"], g["free"]
            rate, error = (by_axes(nuclei, nuclei[name][...]) for name in ("rate", "rate_error"))
            threshold, gaps = nuclei["threshold_eV"][0], nuclei["targets/gap"][...]
            check(np.isfinite(rate).all() and (nuclei["status"][...] == 1).all(), "all rates are there")
            the_parts_are_the_whole(rate, error)
            it_falls(rate, error)
            it_ends_as_free_recoil(rate, by_axes(free, free["rate"][...]), threshold)
            flags_are_about_their_parts(nuclei, rate, threshold, gaps)
            electrons_begin_at_the_gap(f["electrons"], gaps)
        os.chdir("/")
    print(f"{checks} checks, {failures} failed")
    return failures != 0 or checks == 0


if __name__ == "__main__":
    sys.exit(main())
