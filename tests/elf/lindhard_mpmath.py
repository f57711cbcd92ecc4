#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lindhard_mpmath.py LINDHARD_DIGITS MERMIN_DIGITS: the dielectric functions against 60 digits.

Claims, over the range that oscillator lists need (k from 1 eV to 40 keV, ω from 1 meV to 1 keV,
widths from 0.003 eV), with points drawn by a fixed generator and placed on purpose at the seams of
the closed form, the artanh form and the series:
  f(u,z) is right to 1e-9 of |f|, on and above the real axis;
  the ELF of one oscillator is right to 1e-8 of itself, or to 1e-13 where it is smaller than 1e-6.
"""
import math
import random
import subprocess
import sys

try:
    from mpmath import mp, mpf, mpc, log, pi, cbrt
except ImportError:
    print("skipped: python3-mpmath is not installed")
    sys.exit(77)

mp.dps = 60
HARTREE, AU = mpf("27.211"), mpf("3728.95")


def f_exact(u, z):
    def g(x):
        return (1 - x * x) * log((x + 1) / (x - 1))
    if u.imag == 0:
        u = mpc(u.real, mpf(10) ** -45)  # retarded: from above
    return mpf(1) / 2 + (g(z - u) + g(z + u)) / (8 * z)


def static_exact(z):
    return mpf(1) / 2 + (1 - z * z) * log(abs((z + 1) / (z - 1))) / (4 * z)


def elf_exact(omega, k, omega_p, gamma):
    w, g, p, q = mpf(omega) / HARTREE, mpf(gamma) / HARTREE, mpf(omega_p) / HARTREE, mpf(k) / AU
    v = cbrt(3 * pi * p * p / 4)
    u, z = mpc(w, g) / (q * v), q / (2 * v)
    scale = 3 * p * p / (q * v) ** 2
    chi, chi0 = scale * f_exact(u, z), scale * static_exact(z)
    eps = 1 + (1 + mpc(0, 1) * g / w) * chi / (1 + mpc(0, 1) * g / w * chi / chi0)
    return 1 / eps


def run(program, lines):
    text = "\n".join(" ".join(repr(x) for x in line) for line in lines) + "\n"
    out = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout
    return [tuple(float(x) for x in line.split()) for line in out.splitlines()]


def log_uniform(r, low, high):
    return math.exp(r.uniform(math.log(low), math.log(high)))


def check_f(program):
    r = random.Random(1954)
    points = []
    for _ in range(600):
        z = log_uniform(r, 1e-5, 100)
        kind = r.randrange(4)
        if kind == 0:
            u = log_uniform(r, 1e-6, 1e4)
        elif kind == 1:
            u = abs(1 - z) * (1 + r.uniform(-1e-3, 1e-3))  # an edge of the band
        elif kind == 2:
            u = z + 3 * (1 + r.uniform(-1e-3, 1e-3))       # where the series takes over
        else:
            u = 1 + z + r.uniform(-1e-3, 1e-3)
        im = 0.0 if r.random() < 0.2 else log_uniform(r, 1e-7, 1e3)
        points.append((u, im, z))
    for z in (0.05 * (1 - 1e-12), 0.05, 0.05 * (1 + 1e-12)):  # the seam of the two closed forms
        for u in (1e-3, 0.3, 0.9, 1.2, 2.9):
            points.append((u, 1e-3, z))
    worst, bad = 0, 0
    for (u, im, z), (re, imag) in zip(points, run(program, points)):
        exact = f_exact(mpc(u, im), mpf(z))
        error = float(abs(mpc(re, imag) - exact) / abs(exact))
        worst = max(worst, error)
        if not error < 1e-9:
            bad += 1
            print(f"f({u!r} + {im!r} i, {z!r}): relative error {error:.2g}")
    print(f"{len(points)} values of f(u,z), worst relative error {worst:.2g}")
    return bad


def check_elf(program):
    r = random.Random(1970)
    points = []
    for _ in range(600):
        omega_p = log_uniform(r, 0.05, 300)
        omega = omega_p * (1 + r.uniform(-0.01, 0.01)) if r.random() < 0.3 else log_uniform(r, 1e-3, 1e3)
        points.append((omega, log_uniform(r, 1, 4e4), omega_p, log_uniform(r, 0.003, 60)))
    worst, bad = 0, 0
    for point, (re, elf) in zip(points, run(program, points)):
        exact = float(-elf_exact(*point).imag)
        error = abs(elf - exact)
        if exact > 1e-6:
            worst = max(worst, error / exact)
        if not error < max(1e-8 * exact, 1e-13):
            bad += 1
            print(f"ELF{point!r}: {elf!r}, exactly {exact!r}, relative error {error / exact:.2g}")
    print(f"{len(points)} values of the ELF, worst relative error {worst:.2g} where it is above 1e-6")
    return bad


sys.exit(1 if check_f(sys.argv[1]) + check_elf(sys.argv[2]) else 0)
