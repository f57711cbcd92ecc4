#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates of a fast flux against an independent integration, through the whole program.

The formulas are those of docs/electron.md, as they stand there: the speed is the outermost
integral, each speed has its own range of momenta, and M is never expanded; elfin integrates the speed
first, in closed form. The response is a table of a damped oscillator, bilinear in eps1 and eps2.
Usage: flux_quadrature.py; the program is $ELFIN_PROGRAM.
"""
import csv
import io
import math
import os
import subprocess
import sys
import tempfile

PROGRAM = os.environ.get("ELFIN_PROGRAM")
if not PROGRAM:
    print("skipped: no program")
    sys.exit(77)

# CODATA 2018, constants.h
ALPHA, M_E, HBAR_C = 7.2973525693e-3, 510998.95, 1.973269804e-5  # 1, eV, eV cm
PER_S, YEAR, C_CM_S = 1.519267447e15, 365.25 * 86400, 299792.458e5
DENSITY = 2.5e-3  # kg/cm3
CROSS_SECTION = 1e-33  # cm2
ACCURACY, TOLERANCE = 1e-6, 2e-6

# (name, mass, mediator, spin, omega) of point values, then of one bin, all in eV
POINTS = [("light", 2e3, 0.0, "vector", 7.3), ("middle", 3e5, 4e3, "scalar", 11.7),
          ("heavy", 2e7, math.inf, "vector", 18.9), ("vector", 5e3, math.inf, "vector", 16.1)]
BIN = (12.0, 12.5)  # within one cell of the table

V = [0.004, 0.01, 0.03, 0.1, 0.3, 0.6, 0.9, 0.97]
FLUX = [0.5, 3.0, 8.0, 5.0, 2.0, 1.0, 0.4, 0.1]

OMEGA = [1.0 + 0.5 * i for i in range(60)]
K = [1.0 * 1.35 ** i for i in range(33)]


def oscillator(omega, k):
    eps = 1 + 15.0 ** 2 / (4.0 ** 2 + 1e-3 * k * k / 1e3 - omega * omega - 3j * omega)
    return eps


EPS = [[oscillator(omega, k) for omega in OMEGA] for k in K]

GAUSS = {
    8: ([0.1834346424956498, 0.5255324099163290, 0.7966664774136267, 0.9602898564975363],
        [0.3626837833783620, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763])}


def gauss(f, low, high):
    middle, half = 0.5 * (low + high), 0.5 * (high - low)
    return half * sum(w * (f(middle - half * x) + f(middle + half * x))
                      for x, w in zip(*GAUSS[8]))


def cell(grid, x):
    low, high = 0, len(grid) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if grid[middle] <= x else (low, middle)
    return low, (x - grid[low]) / (grid[low + 1] - grid[low])


def loss(omega, k):
    i, x = cell(OMEGA, omega)
    j, y = cell(K, max(k, K[0]))
    eps = ((1 - y) * ((1 - x) * EPS[j][i] + x * EPS[j][i + 1]) +
           y * ((1 - x) * EPS[j + 1][i] + x * EPS[j + 1][i + 1]))
    return (-1 / eps).imag


def of_speed(v, omega, mass, mediator, spin):
    """The k integral of dsigma/domega, everything that depends on v included."""
    gamma = 1 / math.sqrt(1 - v * v)
    E, p = gamma * mass, gamma * v * mass
    if E - omega <= mass:
        return 0.0
    p_after = math.sqrt((E - omega) ** 2 - mass ** 2)
    low, high = omega * (2 * E - omega) / (p + p_after), min(p + p_after, K[-1])
    numerator = (ALPHA * M_E) ** 2

    def integrand(log_k):
        k = math.exp(log_k)
        q2 = omega * omega - k * k
        F = 1.0 if math.isinf(mediator) else (numerator + mediator ** 2) / (mediator ** 2 - q2)
        if spin == "scalar":
            M = 4 * mass * mass - q2
        else:
            M = ((2 * E - omega) ** 2 - k * k) * (1 - (omega / k) ** 2) ** 2
        return k ** 4 * M * F * F * loss(omega, k)

    if low >= high:
        return 0.0
    cuts = [low] + [k for k in K if low < k < high] + [high]
    total = 0.0
    for a, b in zip(cuts, cuts[1:]):
        a, b = math.log(a), math.log(b)
        total += gauss(integrand, a, 0.5 * (a + b)) + gauss(integrand, 0.5 * (a + b), b)
    return total / (v * v * E * E)


def differential(omega, mass, mediator, spin):
    """dR/domega in 1/kg/yr/eV."""
    start = math.sqrt(1 - (mass / (mass + omega)) ** 2)
    # where the range of momenta passes a knot or the table's end the integrand has weak kinks
    total = 0.0
    for i in range(len(V) - 1):
        low, high = max(V[i], start), V[i + 1]
        if low >= high:
            continue

        def at(t):  # v = low + (high - low) t^2: the range opens like a square root
            v = low + (high - low) * t * t
            flux = FLUX[i] + (FLUX[i + 1] - FLUX[i]) * (v - V[i]) / (V[i + 1] - V[i])
            return 2 * t * (high - low) * flux * of_speed(v, omega, mass, mediator, spin)

        n = 24
        total += sum(gauss(at, j / n, (j + 1) / n) for j in range(n))
    mu = mass * M_E / (mass + M_E)
    front = CROSS_SECTION / HBAR_C ** 2 / (32 * math.pi ** 2 * ALPHA * mu ** 2)
    return total * front / DENSITY / C_CM_S * PER_S * YEAR


def write_inputs(folder):
    with open(os.path.join(folder, "stuff.yaml"), "w", encoding="utf-8") as f:
        f.write("name: stuff\ndensity: {value: %.17g g/cm3, source: none}\n"
                "nuclei:\n  source: none\n  cell:\n"
                "  - {name: Si, mass_number: 28, multiplicity: 2}\n" % (1e3 * DENSITY))
    with open(os.path.join(folder, "eps.dat"), "w", encoding="utf-8") as f:
        for j, k in enumerate(K):
            for i, omega in enumerate(OMEGA):
                eps = EPS[j][i]
                f.write("%.17g %.17g %.17g %.17g\n" % (omega, k, eps.real, eps.imag))
    with open(os.path.join(folder, "flux.dat"), "w", encoding="utf-8") as f:
        for v, flux in zip(V, FLUX):
            f.write("%.17g %.17g\n" % (v, flux))
    with open(os.path.join(folder, "job.yaml"), "w", encoding="utf-8") as f:
        f.write("name: fast\nprocess: electron\nmaterial: ./stuff.yaml\nresponse: ./eps.dat\n"
                "flux: flux.dat\naccuracy: %g\nthreshold: 5 eV\ncross_section: %g cm2\nsweeps:\n"
                % (ACCURACY, CROSS_SECTION))
        for name, mass, mediator, spin, omega in POINTS:
            word = {0.0: "massless", math.inf: "massive"}.get(mediator, f"{mediator} eV")
            f.write(f"  {name}: {{mass: {mass} eV, mediator: {word}, mediator_spin: {spin}, "
                    f"at: [{omega} eV], spectrum: [{BIN[0]} eV, {BIN[1]} eV]}}\n")


def run(folder):
    def call(*arguments):
        done = subprocess.run([PROGRAM, *arguments], cwd=folder, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(1)
        return done.stdout

    call("run", "job.yaml")
    found = {}
    for name, *_ in POINTS:
        for dataset, column in (("differential", "differential_per_kg_yr_eV"),
                                ("spectrum", "spectrum_per_kg_yr_eV")):
            text = call("export", "fast.h5", "--sweep", name, "--dataset", dataset)
            row = next(csv.DictReader(io.StringIO(text)))
            found[name, dataset] = float(row[column])
    return found


def main():
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        write_inputs(folder)
        found = run(folder)
    expected = {}
    for name, mass, mediator, spin, omega in POINTS:
        expected[name, "differential"] = differential(omega, mass, mediator, spin)
    name, mass, mediator, spin, _ = POINTS[1]
    expected[name, "spectrum"] = gauss(
        lambda omega: differential(omega, mass, mediator, spin), *BIN) / (BIN[1] - BIN[0])
    for key, value in expected.items():
        difference = abs(found[key] / value - 1)
        worst = max(worst, difference)
        print(*key, "found %.9g, expected %.9g, difference %.1e" % (found[key], value, difference))
    print("%d values, worst difference %.1e" % (len(expected), worst))
    return 0 if worst <= TOLERANCE else 1


sys.exit(main())
