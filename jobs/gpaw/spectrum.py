# SPDX-License-Identifier: GPL-3.0-or-later
"""From a list of transitions to epsilon(omega,k): broadening, averages, sum rules. Needs numpy and scipy only.

Energies in eV, momenta in keV. The spectral function S of chi_0 stands on nodes omega_j as if all
transitions had those energies; each node is a Gaussian of its own width sigma_j. Then

    chi_0(omega) = sum_j W_j S_j [K_j(omega - omega_j) - K_j(omega + omega_j)]
    K_j(x) = int dy g_j(y)/(x - y + i0) = -i sqrt(pi/2)/sigma_j w(x/(sqrt 2 sigma_j))

with Faddeeva's w [Abramowitz and Stegun 7.1.3, 7.1.4]: causal, so Kramers-Kronig holds, and unlike a
Lorentzian it leaves the gap empty but for exp(-gap^2/2 sigma^2).
"""
import numpy as np
from scipy.special import wofz


def energies(step, doubling, last):
    """Energies from 0 to `last`, their spacing growing from `step`, twice that at `doubling` [eV]."""
    beta = (np.sqrt(2) - 1) * step / doubling
    n = np.arange(int(last / (step + beta * last)) + 1)
    return n * step / (1 - beta * n)


def trapezoid(x):
    """Weights of the points x[n] in an integral over them."""
    w = np.zeros_like(x)
    w[:-1] += np.diff(x) / 2
    w[1:] += np.diff(x) / 2
    return w


def transform(omega, nodes, sigma):
    """Matrix [omega][node] that takes S at the nodes to chi_0 at the energies; sigma[node]."""
    def kernel(x):
        return -1j * np.sqrt(np.pi / 2) / sigma * wofz(x / (np.sqrt(2) * sigma))
    return trapezoid(nodes) * (kernel(omega[:, None] - nodes) - kernel(omega[:, None] + nodes))


def average(k, weight, inverse, row):
    """Means of 1/epsilon[n][omega] over the points at momenta k[n] that share a number row[n].

    A row stands at the mean momentum of its points, so the mean has no error of first order in
    their differences. Returns k[row], 1/epsilon[row][omega], number of points[row]; rows without points are absent.
    """
    rows = []
    for i in np.unique(row):
        here = row == i
        w = weight[here] / weight[here].sum()
        rows.append((w @ k[here], w @ inverse[here], here.sum()))
    return [np.array(column) for column in zip(*rows)]


def f_sum(omega, inverse, plasma_energy):
    """2/(pi omega_p^2) int omega Im[-1/epsilon] domega over the energies given, for each row."""
    return 2 / np.pi / plasma_energy**2 * (-inverse.imag * omega * trapezoid(omega)).sum(axis=-1)


def kramers_kronig(omega, inverse):
    """[(2/pi) int Im[-1/epsilon]/omega domega] / [1 - Re 1/epsilon(0)] for each row; omega[0] = 0. NaN where single
    precision, which 1/epsilon may have, leaves less than five digits of 1 - 1/epsilon."""
    loss = (-inverse.imag[..., 1:] / omega[1:] * trapezoid(omega)[1:]).sum(axis=-1)
    static = 1 - inverse[..., 0].real
    return 2 / np.pi * loss / np.where(abs(static) > 0.01, static, np.nan)
