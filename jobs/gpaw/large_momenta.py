# SPDX-License-Identifier: GPL-3.0-or-later
"""1/epsilon(omega,k) at momenta far above the cutoff of any matrix, near the nuclei of a crystal. Called by epsilon.py.

Projector augmented waves know the valence electrons' true wave functions: at momentum q+G a transition has

    n(q+G) = <n k|exp(-i(q+G)r)|m k+q> = pseudo part + sum_a,ij P*_i exp(-i(q+G)R_a) Q_ij(q+G) P_j
    Q_ij(k) = int d3r exp(-ikr) (phi_i phi_j - pseudo phi_i pseudo phi_j)

[P. E. Bloechl, Phys. Rev. B 50 (1994) 17953]. The pseudo part ends at twice the momentum of the plane waves; Q does not end.
There are too many G for a matrix, but each G far out is coupled to the others by v_G = 4pi/|q+G|^2, which is small. So a
sample H of G, and of chi_0 its diagonal and its rows to the G below the cutoff, L: of the matrix on L and one G in H,

    1/(epsilon^-1)_GG = epsilon_GG - epsilon_GL (epsilon_LL)^-1 epsilon_LG

Momenta in 1/Bohr and energies in Hartree, as GPAW has them.
"""
import numpy as np

import spectrum

POINTS_RADIAL = 600  # Gauss-Legendre, in an augmentation sphere: k r up to some 500
K_AT_ONCE = 64       # points k whose transitions are sorted and summed together
PANEL = 16           # energies whose matrices are inverted together


# ---- which momenta -------------------------------------------------------------------------------

def edges(first, last, step):
    """Edges of rows from `first` to `last` [keV], in equal ratios of first + step to first, nearly."""
    n_rows = int(np.ceil(np.log(last / first) / np.log1p(step / first)))
    return first * (last / first)**(np.arange(n_rows + 1) / n_rows)


def lattice(cell, q, k_max):
    """All integer G with |q+G| < k_max: G[n][3], q+G[n][3], for the rows of `cell` [Bohr]."""
    reciprocal = 2 * np.pi * np.linalg.inv(cell).T
    reach = np.ceil(k_max * np.linalg.norm(cell, axis=1) / (2 * np.pi)).astype(int) + 1
    G = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in reach), indexing='ij'), axis=-1).reshape(-1, 3)
    K = (G + q) @ reciprocal
    inside = (K**2).sum(axis=1) < k_max**2
    return G[inside], K[inside]


def sample(k, row_edges, n_per_row, seed):
    """Of momenta k[n] some `n_per_row` in each row, one of each n_per_row-th part of those in order of k. Returns their
    indices and how many each stands for."""
    dice = np.random.default_rng(seed)
    order = np.argsort(k, kind='stable')
    bounds = np.searchsorted(k[order], row_edges)
    chosen, stands_for = [], []
    for begin, end in zip(bounds[:-1], bounds[1:]):
        for part in np.array_split(order[begin:end], n_per_row):
            if len(part):
                chosen.append(part[dice.integers(len(part))])
                stands_for.append(len(part))
    return np.array(chosen, int), np.array(stands_for, float)


# ---- matrix elements -----------------------------------------------------------------------------

def augmentation(setup, K):
    """Q_ij(K) of an atom at the origin, [n][i][j], for momenta K[n][3]."""
    from gpaw.gaunt import gaunt
    from gpaw.spherical_harmonics import Y
    from scipy.interpolate import CubicSpline
    from scipy.special import spherical_jn
    k = np.linalg.norm(K, axis=1)
    unit = K / np.maximum(k, 1e-12)[:, None]
    radius = max(setup.rcut_j)
    x, w = np.polynomial.legendre.leggauss(POINTS_RADIAL)
    r, w = radius * (1 + x) / 2, radius * w / 2
    r_g = setup.rgd.r_g
    phi, pseudo = ([CubicSpline(r_g, f[:len(r_g)])(r) for f in functions]
                   for functions in (setup.data.phi_jg, setup.data.phit_jg))
    l_max = max(setup.l_j)
    bessel = [spherical_jn(l, np.outer(k, r)) * (w * r**2) for l in range(2 * l_max + 1)]
    angular = [np.array([Y(l**2 + m, *unit.T) * np.ones(len(K)) for m in range(2 * l + 1)]) * 4 * np.pi * (-1j)**l
               for l in range(2 * l_max + 1)]
    coupling = gaunt(l_max)
    begins = np.cumsum([0] + [2 * l + 1 for l in setup.l_j])
    Q = np.zeros((len(K), setup.ni, setup.ni), complex)
    for j1, l1 in enumerate(setup.l_j):
        for j2, l2 in enumerate(setup.l_j):
            density = phi[j1] * phi[j2] - pseudo[j1] * pseudo[j2]
            for l in range(abs(l1 - l2), l1 + l2 + 1, 2):
                G = coupling[l1**2:(l1 + 1)**2, l2**2:(l2 + 1)**2, l**2:(l + 1)**2]
                Q[:, begins[j1]:begins[j1 + 1], begins[j2]:begins[j2 + 1]] += np.einsum(
                    'abm,mn,n->nab', G, angular[l], bessel[l] @ density)
    return Q


class Waves:
    """Plane waves and projections of all bands at each k point of the Brillouin zone, as they are asked for."""

    def __init__(self, pair, n_bands):
        self.pair, self.n_bands, self.kept = pair, n_bands, {}

    def at(self, i_k):
        """c[band][g] (complex64), g[g][3], projections [band][i of all atoms], energies [band], shift[3]."""
        if i_k not in self.kept:
            kpt = self.pair.get_k_point(0, i_k, 0, self.n_bands)
            shape = np.array(kpt.ut_nR.shape[1:])
            c = np.fft.fftn(kpt.ut_nR, axes=(1, 2, 3)).reshape(self.n_bands, -1) / shape.prod()
            weight = (abs(c)**2).sum(axis=0)
            here = np.flatnonzero(weight > 1e-24 * weight.max())
            g = np.array(np.unravel_index(here, shape)).T
            g = (g + shape // 2) % shape - shape // 2
            self.kept[i_k] = (c[:, here].astype(np.complex64), g,
                              np.concatenate(kpt.P_ani, axis=1).astype(np.complex64), kpt.eps_n, kpt.shift_c)
        return self.kept[i_k]


def shifted(c, g, g_of, G):
    """conj c(g' - G) for each band, G and g' in `g_of`: [band][G][g'], zero where c has no plane wave."""
    low, high = g.min(axis=0), g.max(axis=0)
    size = high - low + 1
    box = np.zeros((len(c), size.prod() + 1), c.dtype)
    box[:, np.ravel_multi_index((g - low).T, size)] = c.conj()
    wanted = g_of - G[:, None] - low
    outside = ((wanted < 0) | (wanted >= size)).any(axis=-1)
    wanted[outside] = 0
    return box[:, np.where(outside, size.prod(), np.ravel_multi_index(np.moveaxis(wanted, -1, 0), size))]


def pair_densities(waves, i_k, i_kq, step, G, Q, volume, n_occupied, n_full):
    """n(q+G) of all transitions at one k point: [transition][G], and their energies.

    step: the reciprocal vector by which k+q differs from its point i_kq in the zone. Q: [G][i][j] of all atoms."""
    c1, g1, P1, e1, shift1 = waves.at(i_k)
    c2, g2, P2, e2, shift2 = waves.at(i_kq)
    by = G + (shift1 - shift2 + step)
    reach = abs(g1).max() + abs(g2).max()
    soft = np.flatnonzero((abs(by) <= reach).all(axis=1))
    c2, P2 = c2[n_full:], P2[n_full:]
    n = (np.einsum('vi,Gij->vGj', P1[:n_occupied].conj(), Q, optimize=True).reshape(-1, Q.shape[2]) @ P2.T)
    n = n.reshape(n_occupied, len(G), -1)
    left = shifted(c1[:n_occupied], g1, g2, by[soft])
    n[:, soft] += volume * (left.reshape(-1, len(g2)) @ c2.T).reshape(n_occupied, len(soft), -1)
    return n.swapaxes(1, 2).reshape(-1, len(G)), (e2[n_full:] - e1[:n_occupied, None]).ravel()


# ---- chi_0 ---------------------------------------------------------------------------------------

def add_to_nodes(energy, n_tG, n_low, nodes, S_row, S_diagonal):
    """Add transitions n_tG[transition][G] of these energies to the spectral function at the two nodes next to each."""
    i_node = np.searchsorted(nodes, energy, side='right') - 1
    width = nodes[i_node + 1] - nodes[i_node]
    parts = ((nodes[i_node + 1] - energy) / width**2, (energy - nodes[i_node]) / width**2)
    order = np.argsort(i_node, kind='stable')
    found, begins = np.unique(i_node[order], return_index=True)
    for i, here in zip(found, np.split(order, begins[1:])):
        n = n_tG[here]
        low = n[:, :n_low].conj()
        high = abs(n[:, n_low:])**2
        for side, part in enumerate(parts):
            p = part[here].astype(np.float32)
            S_row[i + side] += n.T @ (low * p[:, None])
            S_diagonal[i + side] += p @ high


def spectral_function(calc, df, waves, q_c, G, K, n_low):
    """Of chi_0 its rows S[node][G][G' < n_low], and its diagonal S[node][G - n_low] at the others.

    G[n][3], K[n][3]: integer G, and q+G; all n_low of low momentum stand first."""
    kd, chi0 = calc.wfs.kd, df.chi0
    positions = calc.spos_ac @ calc.wfs.gd.cell_cv
    n_i = [setup.ni for setup in calc.wfs.setups]
    Q, begins = np.zeros((len(G), sum(n_i), sum(n_i)), np.complex64), np.cumsum([0] + n_i)
    for a, setup in enumerate(calc.wfs.setups):
        here = slice(begins[a], begins[a + 1])
        Q[:, here, here] = np.exp(-1j * K @ positions[a])[:, None, None] * augmentation(setup, K)
    nodes = chi0.wd.omega_w
    S_row = np.zeros((len(nodes), len(G), n_low), np.complex64)
    S_diagonal = np.zeros((len(nodes), len(G) - n_low), np.float32)
    volume = calc.wfs.gd.volume
    i_kq = kd.find_k_plus_q(q_c)
    for first in range(0, kd.nbzkpts, K_AT_ONCE):
        energy, density = [], []
        for i in range(first, min(first + K_AT_ONCE, kd.nbzkpts)):
            step = (q_c - kd.bzk_kc[i_kq[i]] + kd.bzk_kc[i]).round().astype(int)
            n, e = pair_densities(waves, i, i_kq[i], step, G, Q, volume, chi0.nocc2, chi0.nocc1)
            energy.append(e)
            density.append(n)
        add_to_nodes(np.concatenate(energy), np.concatenate(density), n_low, nodes, S_row, S_diagonal)
    weight = np.float32(2 / (volume * kd.nbzkpts))
    S_row *= weight
    S_diagonal *= weight
    return S_row, S_diagonal


def inverse_diagonals(omega, nodes, sigma, S_row, S_diagonal, v_G):
    """1/epsilon at the momenta of S_diagonal: [with local fields, without][G][omega]; v_G = v^1/2 of all G."""
    n_high, n_low = S_diagonal.shape[1], S_row.shape[2]
    H = spectrum.transform(omega, nodes, sigma)
    inverse = np.empty((2, n_high, len(omega)), complex)
    flat = S_row.reshape(len(nodes), -1)
    low, high = v_G[:n_low], v_G[n_low:]
    for first in range(0, len(omega), PANEL):
        block = slice(first, first + PANEL)
        T = H[block].astype(np.complex64)
        rows = (T @ flat).reshape(-1, n_low + n_high, n_low)
        columns = (T.conj() @ flat).conj().reshape(rows.shape)[:, n_low:]  # [omega][G in H][G']: chi_G'G
        own = 1 - (H[block] @ S_diagonal) * high**2
        eps_LL = np.eye(n_low) - rows[:, :n_low] * low * low[:, None]
        eps_HL = -rows[:, n_low:] * low * high[:, None]
        eps_LH = -np.swapaxes(columns, 1, 2) * high * low[:, None]
        fields = np.einsum('whl,wlh->wh', eps_HL, np.linalg.solve(eps_LL, eps_LH))
        inverse[0, :, block] = (1 / (own - fields)).T
        inverse[1, :, block] = (1 / own).T
    return inverse
