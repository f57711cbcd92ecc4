#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""eta and f1 of the truncated Maxwellian against 200-digit arithmetic.

The formulas are those of docs/halo.md, as they stand there, with error functions: with
so many digits their cancellations do not matter. Usage: halo_mpmath.py DRIVER.
"""
import random
import subprocess
import sys

try:
    import mpmath as mp
except ImportError:
    print("skipped: no python3-mpmath")
    sys.exit(77)

mp.mp.dps = 200  # e^{-z^2} may be 1e-130
KM_S = 1 / 299792.458
# Rounding of the arguments of exp: e^{-t^2} for t up to 20 loses 400 ulp. Where v is close to
# v_max, the rounding of v_max = v_esc + v_lab alone moves the answer; the points keep a distance.
TOLERANCE = 2e-13


def exact(v0, v_esc, v_lab, v):
    v0, v_esc, v_lab, v = map(mp.mpf, (v0, v_esc, v_lab, v))
    z = v_esc / v0
    norm = mp.pi ** 1.5 * v0 ** 3 * (mp.erf(z) - 2 * z * mp.exp(-z * z) / mp.sqrt(mp.pi))
    if v >= v_esc + v_lab:
        return 0, 0
    if v_lab == 0:
        eta = 2 * mp.pi * v0 ** 2 / norm * (mp.exp(-(v / v0) ** 2) - mp.exp(-z * z))
        return eta, 4 * mp.pi * v * v / norm * mp.exp(-(v / v0) ** 2)
    front = mp.pi * v0 ** 2 / (2 * v_lab * norm)
    a = 2 * v * v_lab / v0 ** 2
    gauss = 2 * mp.pi * v * v / norm * mp.exp(-(v * v + v_lab ** 2) / v0 ** 2)
    if v < v_esc - v_lab:
        eta = front * (-4 * mp.exp(-z * z) * v_lab + mp.sqrt(mp.pi) * v0 *
                       (mp.erf((v + v_lab) / v0) - mp.erf((v - v_lab) / v0)))
        return eta, gauss * (2 * mp.sinh(a) / a if a else 2)
    eta = front * (-2 * mp.exp(-z * z) * (v_lab + v_esc - v) + mp.sqrt(mp.pi) * v0 *
                   (mp.erf(z) - mp.erf((v - v_lab) / v0)))
    if v == 0:  # x is 0/0 there if v_lab = v_esc
        return eta, mp.mpf(0)
    x = (v_esc ** 2 - v * v - v_lab ** 2) / (2 * v * v_lab)
    return eta, gauss * (mp.exp(a) - mp.exp(-a * x)) / a


def points():
    random.seed(20210128)
    for speeds in [(220, 500, 240), (238, 544, 250), (220, 500, 0), (220, 500, 500), (40, 700, 300),
                   (2000, 500, 240), (220, 500, 1), (220, 500, 1e-4), (220, 20, 19)]:
        v0, v_esc, v_lab = (speed * KM_S for speed in speeds)
        edges = [v_esc - v_lab, v_esc + v_lab]
        fractions = [0, 1e-9, 1e-3] + [random.random() for _ in range(40)]
        for v in [fraction * edges[1] for fraction in fractions]:
            yield v0, v_esc, v_lab, v
        for distance in [1e-1, 1e-2, 1e-3]:
            yield v0, v_esc, v_lab, edges[1] * (1 - distance)
            yield v0, v_esc, v_lab, abs(edges[0] * (1 - distance))
            yield v0, v_esc, v_lab, min(edges[0] * (1 + distance), edges[1])


def main():
    rows = list(points())
    text = "".join("%.17g %.17g %.17g %.17g\n" % row for row in rows)
    output = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True)
    found = [list(map(float, line.split())) for line in output.stdout.splitlines()]
    assert len(found) == len(rows) > 400
    failures, worst = 0, 0
    for row, (eta, f1) in zip(rows, found):
        v0, v_esc, v_lab, v = row
        # How far the rounding of v_max and of the lower kink (2 ulp) reaches, relative.
        rounding = 4e-16 * (v_esc + v_lab) / max(v_esc + v_lab - v, 1e-300)
        for name, value, truth in zip(("eta", "f1"), (eta, f1), exact(*row)):
            difference = abs(value - truth) / abs(truth) if truth else abs(value)
            worst = max(worst, difference / (TOLERANCE + 2 * rounding))
            if not difference <= TOLERANCE + 2 * rounding:
                failures += 1
                print("%s(%r): expected %s, found %.17g, relative difference %.3g"
                      % (name, row, mp.nstr(truth, 17), value, float(difference)))
    print("%d points, worst difference %.2g of what is allowed, %d failed"
          % (len(rows), worst, failures))
    return 1 if failures else 0


sys.exit(main())
