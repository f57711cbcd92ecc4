# SPDX-License-Identifier: GPL-3.0-or-later
"""jobs/gpaw/spectrum.py against closed forms."""
import sys

try:
    import numpy as np
    from scipy.special import dawsn
except ImportError as missing:
    print(f'skipped: {missing} (Debian: python3-scipy)')
    sys.exit(77)
sys.path.insert(0, sys.argv[1])
import spectrum  # noqa: E402

failures = 0


def check_close(claim, found, expected, tolerance):
    global failures
    off = np.max(np.abs(np.asarray(found) - expected))
    if not off <= tolerance:
        print(f'{claim}: off by {off:.3g}, allowed {tolerance:.3g}')
        failures += 1


def one_transition(omega, at, sigma):
    """chi_0 of a transition of weight 1 that stands on a node: three nodes, the middle one filled."""
    nodes = np.array([at - 1, at, at + 1.0])
    return spectrum.transform(omega, nodes, np.full(3, sigma)) @ np.array([0, 1, 0])


# A transition is a Gaussian in Im chi_0, and Dawson's integral in Re: int g(y)/(x - y) dy =
# (sqrt 2/sigma) D(x/(sqrt 2 sigma)) [Abramowitz and Stegun 7.1.4].
omega = np.linspace(0, 12, 400)
at, sigma = 4.0, 0.7
gauss = lambda x: np.exp(-x**2 / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))  # noqa: E731
principal = lambda x: np.sqrt(2) / sigma * dawsn(x / (np.sqrt(2) * sigma))  # noqa: E731
chi = one_transition(omega, at, sigma)
check_close('Im is a Gaussian', chi.imag, -np.pi * (gauss(omega - at) - gauss(omega + at)), 1e-14)
check_close("Re is Dawson's", chi.real, principal(omega - at) - principal(omega + at), 1e-14)

# A width that vanishes leaves 2 omega_j/(omega^2 - omega_j^2): off by 3 sigma^2/(omega - omega_j)^2 relative.
far = np.array([0.0, 1.0, 2.0, 9.0])
for sigma in (0.1, 0.01):
    exact = 2 * at / (far**2 - at**2)
    check_close('narrow', one_transition(far, at, sigma) / exact, 1, 2 * sigma**2 / 4 * 3)
# At omega = 0 it is real, and far from the transition the loss is gone: no Lorentzian tail.
check_close('static is real', one_transition(np.zeros(1), at, 0.3).imag, 0, 1e-16)
check_close('the gap is empty', one_transition(np.array([0.5]), at, 0.3).imag, 0, np.pi / 0.3 * np.exp(-(3.5 / 0.3)**2 / 2))

# Widening a transition conserves its f-sum: -(1/pi) int_0^oo omega Im chi domega = omega_j.
fine = np.linspace(0, 40, 8001)
for sigma in (0.3, 1.0, 3.0):
    found = -(fine * one_transition(fine, at, sigma).imag * spectrum.trapezoid(fine)).sum() / np.pi
    check_close(f'f-sum at width {sigma}', found, at, 1e-4)

# Both sum rules of a Drude gas, 1/epsilon = 1 + omega_p^2/(omega^2 - omega_p^2 + i gamma omega), as far as the
# energies reach: what lies above omega_max is (2/pi) gamma/omega_max of the f-sum, + O(omega_max^-3).
omega_p, gamma, omega_max = 16.0, 2.0, 2000.0
omega = np.linspace(0, omega_max, 400001)
drude = 1 + omega_p**2 / (omega**2 - omega_p**2 + 1j * gamma * omega)
drude[0] = 0
check_close('f-sum of Drude', spectrum.f_sum(omega, drude, omega_p), 1 - 2 / np.pi * gamma / omega_max, 1e-6)
check_close('Kramers-Kronig of Drude', spectrum.kramers_kronig(omega, drude), 1, 1e-4)

# The mean over directions has the mean momentum of its points: functions linear in k stay as they are.
k = np.array([0.1, 0.2, 0.24, 0.3, 0.9])
weight = np.array([1, 2, 3, 4, 5.0])
mean_k, mean, count = spectrum.average(k, weight, np.stack([1 + 2 * k, k * 1j], axis=1), np.floor(k / 0.25))
check_close('rows', count, [3, 1, 1], 0)
check_close('linear in k', mean, np.stack([1 + 2 * mean_k, mean_k * 1j], axis=1), 1e-14)

# Energies: the first spacing, twice that at `doubling`; the last is at most 1 eV below omega_max, and not above.
grid = spectrum.energies(0.1, 20, 89)
check_close('first step', grid[1] / 0.1, 1, 0.005)
at_doubling = np.argmin(abs(grid - 20))
check_close('doubled', (grid[at_doubling + 1] - grid[at_doubling]) / 0.2, 1, 0.01)
check_close('last', 89 - grid[-1], 0.5, 0.5)

print(f'{failures} failures')
sys.exit(failures != 0)
