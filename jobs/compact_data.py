#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""compact_data.py TABLES [MATERIAL...]: fits the compact data of data/materials to DarkELF's tables.

TABLES holds DarkELF's data folders (TABLES/Si/Si_pDoS.dat, ...; github.com/tongylin/DarkELF). For each
block named in FITS, the points in the material file and its fit_error are replaced.

A fit is a polyline with knots at a few of the source's energies. Its values are free: those that, with
the fewest knots, stay within a tolerance of the source at all its energies (dynamic programming over
pairs of knots and a ladder of values at each). What is kept small is
  phonon_response, optical  the relative error of the energy loss function; as many knots as FITS says
                            (at most half of the source's points, two thirds for GaAs, whose points
                            jump), the least tolerance that they reach;
                            for GaAs a fifth of it about the longitudinal peak, which carries its
                            rates, and a third below, where it is all that light dark matter reaches
  phonon_dos                |D - D0| <= tolerance D0 + floor; then the values are changed, by as little
                            as may be, to have the source's norm, <omega>, <1/omega> and <omega^2>
"""
import pathlib
import re
import sys

import numpy as np

MATERIALS = pathlib.Path(__file__).resolve().parent.parent / "data" / "materials"
NEVER = 1e9

# (material, block, name, file, knots or tolerance)
FITS = [
    ("Si", "phonon_response", "data6K", "Si_epsphonon_data6K.dat", 80),
    ("Ge", "phonon_response", "data2K", "Ge_epsphonon_data2K.dat", 42),
    ("GaAs", "phonon_response", "GaAs_data10K", "GaAs_epsphonon_data10K.dat", 80),
    ("Ta", "optical", None, "Ta_eps_electron_opticallimit.dat", 40),
    ("Ge", "phonon_dos", "Ge", "Ge_pDoS.dat", 0.03),
    ("Al2O3", "phonon_dos", "Al", "Al_pDoS.dat", 0.03),
    ("Al2O3", "phonon_dos", "O", "O_pDoS.dat", 0.03),
    ("SiO2", "phonon_dos", "Si", "Si_pDoS.dat", 0.03),
    ("SiO2", "phonon_dos", "O", "O_pDoS.dat", 0.03),
]
# Of the tolerance: where the loss is above a tenth of the largest, and at the energies below that.
PEAK, PEAK_SHARE, BELOW_SHARE = 0.1, 0.2, 1 / 3
FLOOR = 1e-4  # of the mean D, what a density may be off where it is small


# ---- polylines ----------------------------------------------------------------------------------

def fewest_knots(x, ladder, error, reach):
    """The polyline with fewest knots that is within 1 everywhere; of those, nearly the closest.

    ladder: channels x [n, L], the values a knot may have; error(rows, values): off by how much of
    the tolerance, for values [..., L or 1, ...] at rows. Returns (knots, values of each channel)."""
    n, L = ladder[0].shape
    at_knot = error(np.arange(n)[:, None], ladder)
    best = np.full((n, L), NEVER)
    best[0] = np.where(at_knot[0] <= 1, 0, NEVER)
    before = np.zeros((n, L, 2), int)
    for j in range(1, n):
        for i in range(max(0, j - reach), j):
            cost = 1 + 1e-3 / n * np.broadcast_to(at_knot[j] ** 2, (L, L))
            worst = np.maximum(at_knot[i][:, None], at_knot[j])
            if j > i + 1:
                between = np.arange(i + 1, j)
                u = ((x[between] - x[i]) / (x[j] - x[i]))[:, None, None]
                off = error(between[:, None, None],
                            [c[i][:, None] * (1 - u) + c[j] * u for c in ladder])
                worst = np.maximum(worst, off.max(0))
                cost = cost + 1e-3 / n * (off ** 2).sum(0)
            total = np.where(worst <= 1, best[i][:, None] + cost, NEVER)
            source = total.argmin(0)
            least = total[source, np.arange(L)]
            better = least < best[j]
            best[j][better] = least[better]
            before[j][better] = np.stack([np.full(L, i), source], 1)[better]
    j, level = n - 1, best[-1].argmin()
    if best[j, level] >= NEVER:
        return None
    path = [(j, level)]
    while j > 0:
        j, level = before[j, level]
        path.append((j, level))
    rows, levels = np.array(path[::-1]).T
    return rows, [c[rows, levels] for c in ladder]


def ladder_about(channels, widths, n_steps):
    """Each channel's values and n_steps offsets from -width to width, in all combinations."""
    steps = np.meshgrid(*[np.linspace(-1, 1, n_steps)] * len(channels), indexing="ij")
    return [c[:, None] + w[:, None] * s.ravel() for c, w, s in zip(channels, widths, steps)]


def closest_with(knots, x, channels, widths, value, n_steps, reach, peaks=False):
    """The polyline of at most so many knots whose value() has the least largest relative error."""
    target = value(x, channels)
    share = np.ones(len(x))
    if peaks:
        share[:target.argmax()] = BELOW_SHARE
        share[target > PEAK * target.max()] = PEAK_SHARE
    low, high, found = 1e-3, 0.5, None
    for _ in range(10):
        tolerance = np.sqrt(low * high)

        def error(rows, values):
            return np.abs(value(x[rows], values) / target[rows] - 1) / (tolerance * share[rows])
        spread = [tolerance * share * w for w in widths]
        made = fewest_knots(x, ladder_about(channels, spread, n_steps),
                            error, reach)
        if made and len(made[0]) <= knots:
            high, found = tolerance, made
        else:
            low = tolerance
    return found


# ---- dielectric functions -----------------------------------------------------------------------

def loss(eps):
    return eps.imag / np.abs(eps) ** 2


def read_epsilon(path):
    rows = np.loadtxt(path, skiprows=1)
    omega = np.unique(rows[:, 0])
    return omega, np.array([np.mean(rows[rows[:, 0] == w, 1:], axis=0) for w in omega])


def constant_eps1(omega, eps, knots, block):
    eps1 = float(re.search(r"eps1: (\S+)", block)[1])

    def value(x, channels):
        return loss(eps1 + 1j * np.exp(channels[0]))
    rows, (ln_eps2,) = closest_with(knots, omega, [np.log(eps[:, 1])], [np.ones(len(omega))], value,
                                    n_steps=11, reach=14)
    return ([omega[rows], np.exp(ln_eps2)],
            lambda points: (omega, [np.log(points[1])], omega, value, points[0]))


def self_energy(omega, eps, knots, block):
    infinity, S, transverse = (float(re.search(rf"{key}: (\S+)", block)[1])
                               for key in ("eps_infinity", "S", "wTO"))

    def value(x, channels):
        R, G = channels[0], np.exp(channels[1])
        return loss(infinity + S / (transverse ** 2 - x ** 2 + R - 1j * x * G))
    z = S / (eps[:, 0] + 1j * eps[:, 1] - infinity) - transverse ** 2 + omega ** 2
    R, ln_G = z.real, np.log(-z.imag / omega)
    off = transverse ** 2 + S / infinity - omega ** 2 + R  # of the longitudinal resonance
    size = off ** 2 + (omega * np.exp(ln_G)) ** 2
    widths = [3 * np.minimum(size / (2 * np.abs(off)), 2 * np.sqrt(size)), 2 * np.ones(len(omega))]
    rows, (R, ln_G) = closest_with(knots, omega, [R, ln_G], widths, value, n_steps=7, reach=8,
                                 peaks=True)
    return ([omega[rows], R, np.exp(ln_G)],
            lambda points: (omega, [points[1], np.log(points[2])], omega, value, points[0]))


def power_laws(omega, eps, knots, _):
    def value(_, channels):
        return loss(np.exp(channels[0]) + 1j * np.exp(channels[1]))
    channels = [np.log(eps[:, 0]), np.log(eps[:, 1])]
    rows, (ln_1, ln_2) = closest_with(knots, np.log(omega), channels, [np.ones(len(omega))] * 2, value,
                                      n_steps=5, reach=10)
    return ([omega[rows], np.exp(ln_1), np.exp(ln_2)],
            lambda points: (np.log(omega), [np.log(points[1]), np.log(points[2])], omega, value,
                            np.log(points[0])))


def fit_response(path, knots, block):
    omega, eps = read_epsilon(path)
    fit = {"constant_eps1": constant_eps1, "self_energy": self_energy, "logarithmic": power_laws}
    points, evaluate = fit[re.search(r"model: (\w+)", block)[1]](omega, eps, knots, block)
    points = rounded(points, 7, 4)
    x, channels, w, value, knots_x = evaluate(points)
    ours = value(w, [np.interp(x, knots_x, c) for c in channels])
    theirs = loss(eps[:, 0] + 1j * eps[:, 1])
    off = ours / theirs - 1
    norm = np.trapz(theirs, w)
    prefix = "elf_" if "elf_max_rel" in block else ""
    error = (f"{{elf_weighted_rms: {np.sqrt(np.trapz(theirs * off ** 2, w) / norm):.2g}, "
             f"{prefix}max_rel: {np.abs(off).max():.2g}, "
             f"{prefix}integral: {np.trapz(ours, w) / norm - 1:.2g}}}")
    return points, error, len(omega)


# ---- densities of states ------------------------------------------------------------------------

def moments_of_polyline(x):
    """Rows: the integrals of D, wD, D/w and w^2 D as sums over the values at the knots."""
    node, weight = np.polynomial.legendre.leggauss(12)
    rows = np.zeros((4, len(x)))
    for i, (a, b) in enumerate(zip(x[:-1], x[1:])):
        w = (a + b) / 2 + (b - a) / 2 * node
        u = (w - a) / (b - a)
        for row, power in zip(rows, (0, 1, -1, 2)):
            row[i] += np.sum((b - a) / 2 * weight * w ** power * (1 - u))
            row[i + 1] += np.sum((b - a) / 2 * weight * w ** power * u)
    return rows


def phonon_functions(x, D, highest, n_terms=4, n=20000):
    """F_1 ... F_4 of a polyline D up to 4 highest energies, by Fourier transforms."""
    h = n_terms * highest / n
    w = (np.arange(n) + 0.5) * h
    first = np.interp(w, x, D, left=0, right=0) / w
    spectrum = np.fft.rfft(first, 8 * n) * h
    F, factorial = [], 1
    for k in range(1, n_terms + 1):
        factorial *= k
        F.append(np.fft.irfft(spectrum ** k)[:n + k] / h / factorial)
    return F


def fit_density(path, tolerance, _):
    table = np.loadtxt(path, comments="#")
    omega, D = table[table[:, 0] > 0, 0], np.maximum(table[table[:, 0] > 0, 1], 0)
    last = np.nonzero(D)[0][-1] + 2
    first = max(np.nonzero(D)[0][0] - 1, 0)
    omega, D = omega[first:last], D[first:last]
    allowed = tolerance * D + FLOOR * D.mean()
    ladder = [np.maximum(c, 0) for c in ladder_about([D], [allowed], 9)]
    rows, (values,) = fewest_knots(omega, ladder, lambda rows, v: np.abs(v[0] - D[rows]) / allowed[rows], 60)
    x = omega[rows]
    theirs = np.array([np.trapz(D * omega ** p, omega) for p in (0, 1, -1, 2)])
    A = moments_of_polyline(x) * values  # what relative changes of the values do
    values = values * (1 + A.T @ np.linalg.solve(A @ A.T, theirs - A.sum(1)))
    points = rounded([x, values], 7, 6)
    ours = moments_of_polyline(points[0]) @ points[1]
    F0, F = (phonon_functions(*curve, omega[-1]) for curve in ((omega, D), points))
    size = [np.sum(f) for f in F0]
    L1 = ", ".join(f"{np.sum(np.abs(f - g)) / s:.2g}" for f, g, s in zip(F, F0, size))
    sums = ", ".join(f"{np.abs(np.cumsum(f - g)).max() / s:.2g}" for f, g, s in zip(F, F0, size))
    error = (f"{{norm: {ours[0] / theirs[0] - 1:.2g}, omega_bar: {ours[1] / theirs[1] - 1:.2g}, "
             f"omega_inverse_bar: {ours[2] / theirs[2] - 1:.2g},\n"
             f"    Fn_L1: [{L1}], Fn_cumulative: [{sums}]}}")
    return points, error, len(table)


# ---- material files -----------------------------------------------------------------------------

def rounded(points, digits, digits_of_rest):
    return [np.array([float(f"{v:.{digits_of_rest if i else digits}g}") for v in column])
            for i, column in enumerate(points)]


def block_of(text, key, name):
    """Start and end of a block in a material file."""
    start = re.search(rf"^{key}:\n", text, re.M).end()
    end = start + re.search(r"^\S(?<!-)|\Z", text[start:], re.M).start()
    if name:
        start += re.search(rf"^- name: {name}\n", text[start:end], re.M).start()
        another = re.search(r"^- name:", text[start + 1:end], re.M)
        end = start + 1 + another.start() if another else end
    return start, end


def refit(folder, material, key, name, file, size):
    path = MATERIALS / f"{material}.yaml"
    text = path.read_text()
    start, end = block_of(text, key, name)
    block = text[start:end]
    fit = fit_density if key == "phonon_dos" else fit_response
    points, error, n_source = fit(folder / material / file, size, block)
    rows = "".join("  - [" + ", ".join(f"{v:.8g}" for v in row) + "]\n" for row in zip(*points))
    said = f"  # {len(points[0])} knots, fitted to {n_source} points of the source by jobs/compact_data.py\n"
    block = re.sub(r"  # \d+ knots, fitted .*\n", "", block)
    block = re.sub(r"fit_error: \{[^}]*\}", lambda _: f"fit_error: {error}", block)
    block = re.sub(r"  rows:\n(  - \[.*\]\n)+", lambda _: f"{said}  rows:\n{rows}", block)
    path.write_text(text[:start] + block + text[end:])
    print(f"{material} {key} {name or ''}: {len(points[0])} knots for {n_source} points, {error}")


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for fit in FITS:
        if len(sys.argv) == 2 or fit[0] in sys.argv[2:]:
            refit(pathlib.Path(sys.argv[1]), *fit)


if __name__ == "__main__":
    main()
