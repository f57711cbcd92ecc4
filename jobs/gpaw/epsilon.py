#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""epsilon(omega,k) of a crystal from first principles: random phase approximation, by GPAW.

    epsilon.py CRYSTAL [--folder DIR] [--part I/N] [--step ground|q|collect] [--set key=value ...]

CRYSTAL is a section of crystals.ini. Three steps, each of which leaves files in DIR and skips what is
there: `ground` (wave functions), `q` (a file or two for each momentum of the grid; --part does every N-th) and
`collect` (DIR/CRYSTAL_raw.h5 and CRYSTAL_unscissored_raw.h5, for `elfin import gpaw`). Without --step: all of them.

For each q of the first Brillouin zone GPAW sums the spectral function S_GG'(omega) of chi_0 over its bands;
spectrum.py broadens it. epsilon_GG' = delta - v^1/2 chi_0 v^1/2, and at k = |q+G|, to any k below the cutoff,

    1/epsilon(omega,k) = <(epsilon^-1)_GG> with local fields,   <1/epsilon_GG> without,

averaged over directions. Above it (`large_to`) by large_momenta.py. The scissor shifts all conduction bands, so it shifts the nodes of S: epsilon with
and without it come from the same sums.
"""
import argparse
import configparser
import hashlib
import json
import os
import sys
from pathlib import Path

import numpy as np

import large_momenta
import spectrum

HERE = Path(__file__).parent
HBARC_eV_BOHR = 1973.269804 / 0.529177210903  # a momentum of 1/Bohr in eV
K_ZERO = 1e-3  # [keV] where the row k -> 0 stands


# ---- what to compute -----------------------------------------------------------------------------

def read_settings(crystal, changes):
    """The section of crystals.ini as a dictionary, numbers as numbers."""
    ini = configparser.ConfigParser()
    ini.read(HERE / 'crystals.ini')
    if crystal not in ini:
        sys.exit(f'crystals.ini has no section [{crystal}]; it has {", ".join(ini.sections())}')
    settings = dict(ini[crystal])
    for change in changes:
        key, _, value = change.partition('=')
        if key not in settings:
            sys.exit(f'--set {change}: no such key; there are {", ".join(settings)}')
        settings[key] = value
    for key, value in settings.items():
        try:
            settings[key] = json.loads(value)
        except ValueError:
            pass
    return settings


def digest(settings, keys):
    return hashlib.sha256(json.dumps([settings[k] for k in keys]).encode()).hexdigest()[:12]


GROUND_KEYS = ('xc', 'planewaves', 'bands', 'spare_bands', 'structure', 'a')
Q_KEYS = GROUND_KEYS + ('kpts', 'cutoff', 'sigma_0', 'sigma_slope', 'omega_step',
                        'omega_doubling', 'omega_max', 'gap')


OPTICAL_KEYS = Q_KEYS + ('kpts_optical', 'gamma_optical')
LARGE_KEYS = Q_KEYS + ('k_step', 'large_to', 'large_per_row', 'large_waves')


def save(path, writer):
    """Write under another name first: a killed run leaves no half a file."""
    partial = path.with_name(f'{os.getpid()}-{path.name}')
    writer(str(partial))
    partial.rename(path)


# ---- the ground state ----------------------------------------------------------------------------

def ground_state(crystal, settings, grid, folder):
    """Path of the wave functions on the grid of 'q', the one for k -> 0, 'optical', or, of more waves at the nuclei, for
    'large' momenta; computed if they are not there."""
    optical, waves = grid == 'optical', settings['large_waves'] if grid == 'large' else ''
    n_k = settings['kpts_optical' if optical else 'kpts']
    gamma = not optical or settings['gamma_optical']
    keys = digest(settings, GROUND_KEYS + (('large_waves',) if waves else ()))
    path = folder / f'ground_{n_k}{"" if gamma else "_shifted"}_{keys}.gpw'
    from ase.build import bulk
    from gpaw import GPAW, PW
    atoms = bulk(crystal, settings['structure'], a=settings['a'])
    names = {symbol: make_setup(symbol, settings['xc'], waves, folder) for symbol in set(atoms.symbols)} if waves else {}
    if path.exists():
        return path
    calc = GPAW(mode=PW(settings['planewaves']), xc=settings['xc'], setups=names,
                kpts={'size': (n_k, n_k, n_k), 'gamma': gamma},
                occupations={'name': 'fermi-dirac', 'width': 0.0}, txt=str(path.with_suffix('.txt')))
    atoms.calc = calc
    atoms.get_potential_energy()
    calc.diagonalize_full_hamiltonian(nbands=settings['bands'] + settings['spare_bands'])
    save(path, lambda name: calc.write(name, 'all'))
    return path


def make_setup(symbol, xc, waves, folder):
    """A setup by GPAW's generator, with waves of more energies beside the bound ones: "1 3, 1 3, 0 2" [Hartree] of s, p, d.
    It lies in the folder, where GPAW will look for it. Returns its name."""
    import gpaw
    from gpaw.atom.configurations import parameters
    from gpaw.atom.generator import Generator
    if str(folder) not in gpaw.setup_paths:
        gpaw.setup_paths.insert(0, str(folder))
    name = 'waves_' + hashlib.sha256(waves.encode()).hexdigest()[:8]
    path = folder / f'{symbol}.{name}.{xc}'
    if not path.exists():
        extra = {l: [float(energy) for energy in energies.split()] for l, energies in enumerate(waves.split(','))}
        setup = Generator(symbol, xc, txt=None).run(extra=extra, name=name, write_xml=False, **parameters.get(symbol, {}))

        def write_xml(target):
            setup.stdfilename = target
            setup.write_xml()
        save(path, write_xml)
    return name


def describe(calc, df):
    """Every setting, as the calculation itself has it."""
    import ase
    import gpaw
    from ase.units import Bohr, Ha
    wfs, chi0 = calc.wfs, df.chi0
    n_occupied = chi0.nocc2
    valence = np.array([kpt.eps_n[:n_occupied] for kpt in wfs.kpt_u]) * Ha
    conduction = np.array([kpt.eps_n[n_occupied:chi0.nbands] for kpt in wfs.kpt_u]) * Ha
    return {
        'gpaw_version': gpaw.__version__, 'ase_version': ase.__version__,
        'libxc_version': gpaw.libraries.get('libxc', ''),
        'xc': calc.hamiltonian.xc.name,
        'setups': '; '.join(sorted({f'{s.symbol} {Path(s.filename).name} md5 {s.fingerprint}, {s.Nv} electrons'
                                    for s in wfs.setups})),
        'cell_angstrom': wfs.gd.cell_cv * Bohr, 'volume_angstrom3': wfs.gd.volume * Bohr**3,
        'electrons_per_cell': float(wfs.nvalence),
        'plasma_energy_eV': float(np.sqrt(4 * np.pi * wfs.nvalence / wfs.gd.volume) * Ha),
        'planewave_cutoff_eV': wfs.pd.ecut * Ha, 'k_points': wfs.kd.N_c,
        'gamma': bool((abs(wfs.kd.bzk_kc).max(axis=1) < 1e-9).any()),
        'bands': chi0.nbands, 'bands_diagonalised': wfs.bd.nbands, 'occupied_bands': n_occupied,
        'response_cutoff_eV': chi0.ecut * Ha, 'approximation': 'RPA',
        'gap_computed_eV': float(conduction.min() - valence.max()),
        'complete_below_eV': float(conduction[:, -1].min() - valence.max()),
    }


# ---- one q ---------------------------------------------------------------------------------------

class NoTransform:
    """In place of GPAW's Hilbert transform: leaves the spectral function as it is."""
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, S_wx):
        pass


def response_of(path, settings):
    """GPAW's dielectric function on the wave functions at `path`, which will stop at S; with the calculator."""
    import gpaw.response.chi0 as module
    from ase.units import Ha
    from gpaw import GPAW
    from gpaw.mpi import serial_comm
    from gpaw.response.df import DielectricFunction
    if not hasattr(module, 'HilbertTransform'):
        sys.exit('this GPAW is not the one that epsilon.py knows (22.8): chi0.py has no HilbertTransform')
    module.HilbertTransform = NoTransform
    calc = GPAW(str(path), txt=None, communicator=serial_comm)
    highest = max(kpt.eps_n[settings['bands'] - 1] for kpt in calc.wfs.kpt_u)
    lowest = min(kpt.eps_n[0] for kpt in calc.wfs.kpt_u)
    df = DielectricFunction(
        calc, ecut=settings['cutoff'], nbands=settings['bands'], hilbert=True, intraband=False,
        world=serial_comm, txt=None,
        frequencies={'type': 'nonlinear', 'domega0': settings['omega_step'],
                     'omega2': settings['omega_doubling'],
                     'omegamax': float(highest - lowest) * Ha + 5})
    return calc, df


def spectral_function(calc, df, q_c):
    """S_GG' of chi_0 for one q. Returns S[node][G][G'] (where q = 0: head and wings along x; the
    crystals are cubic), v^1/2[G], |q+G|[G] in keV."""
    from gpaw.response.kernels import get_coulomb_kernel
    pd, S_wGG, S_wxvG, S_wvv = df.calculate_chi0(q_c)
    if pd.kd.gamma:
        S_wGG[:, 0] = S_wxvG[:, 0, 0]
        S_wGG[:, :, 0] = S_wxvG[:, 1, 0]
        S_wGG[:, 0, 0] = S_wvv[:, 0, 0]
    v_G = get_coulomb_kernel(pd, calc.wfs.kd.N_c, truncation=None)**0.5
    k = np.linalg.norm(pd.get_reciprocal_vectors(), axis=1) * HBARC_eV_BOHR / 1e3
    return S_wGG, v_G, k


def inverse_diagonals(omega, nodes, sigma, S_wGG, v_G):
    """1/epsilon at k = |q+G|: [with local fields, without][G][omega]."""
    n_G = len(v_G)
    H = spectrum.transform(omega, nodes, sigma)
    S_wx = S_wGG.reshape(len(nodes), -1)
    inverse = np.empty((2, n_G, len(omega)), complex)
    for first in range(0, len(omega), 16):
        block = slice(first, first + 16)
        chi_wGG = (H[block] @ S_wx).reshape(-1, n_G, n_G)
        epsilon_wGG = np.eye(n_G) - chi_wGG * v_G * v_G[:, None]
        inverse[0, :, block] = np.diagonal(np.linalg.inv(epsilon_wGG), axis1=1, axis2=2).T
        inverse[1, :, block] = 1 / np.diagonal(epsilon_wGG, axis1=1, axis2=2).T
    return inverse


def compute_q(path, settings, q_c):
    """All of one q: |q+G| [keV], omega, 1/epsilon[scissor, none][with local fields, without][G][omega]."""
    from ase.units import Ha
    calc, df = response_of(path, settings)
    S_wGG, v_G, k = spectral_function(calc, df, q_c)
    nodes = df.chi0.wd.omega_w * Ha
    omega, about, shifts = grid_of(calc, df, settings)
    inverse = [inverse_diagonals(omega, nodes + shift, sigma_of(nodes + shift, settings), S_wGG, v_G)
               for shift in shifts]
    return {'k': k, 'omega': omega, 'inverse': np.array(inverse, np.complex64),
            'about': json.dumps(about, default=lambda x: np.asarray(x).tolist())}


def sigma_of(nodes, settings):
    return settings['sigma_0'] + settings['sigma_slope'] * nodes


def grid_of(calc, df, settings):
    """The energies of the table, what is known of the calculation, and how far conduction bands are shifted: by the
    scissor, and not at all."""
    omega = spectrum.energies(settings['omega_step'], settings['omega_doubling'], settings['omega_max'])
    about = describe(calc, df)
    scissor = settings['gap'] - about['gap_computed_eV']
    about.update(scissor_eV=scissor, broadening='Gaussian', sigma_0_eV=settings['sigma_0'],
                 sigma_slope=settings['sigma_slope'])
    return omega, about, (scissor, 0.0)


# ---- large momenta -------------------------------------------------------------------------------

def end_of_matrix(settings):
    """Momentum [keV] at which rows from whole matrices end: half a row below the cutoff."""
    return np.sqrt(2 * 510998.95 * settings['cutoff']) / 1e3 - settings['k_step'] / 2e3


def large_edges(settings):
    """Edges [keV] of the rows above the matrices'."""
    return large_momenta.edges(end_of_matrix(settings), settings['large_to'], settings['k_step'] / 1e3)


def compute_large(calc, df, waves, settings, q_c, seed):
    """A sample of one q's momenta above the cutoff: as compute_q(), and the number that each point stands for."""
    from ase.units import Ha
    unit = HBARC_eV_BOHR / 1e3
    G, K = large_momenta.lattice(calc.wfs.gd.cell_cv, q_c, settings['large_to'] / unit)
    k = np.linalg.norm(K, axis=1)
    low = np.flatnonzero(k**2 / 2 < df.chi0.ecut)
    high, stands_for = large_momenta.sample(k * unit, large_edges(settings), settings['large_per_row'], seed)
    chosen = np.concatenate([low, high])
    S_row, S_diagonal = large_momenta.spectral_function(calc, df, waves, q_c, G[chosen], K[chosen], len(low))
    nodes = df.chi0.wd.omega_w * Ha
    omega, about, shifts = grid_of(calc, df, settings)
    inverse = [large_momenta.inverse_diagonals(omega, nodes + shift, sigma_of(nodes + shift, settings), S_row,
                                               S_diagonal, np.sqrt(4 * np.pi) / k[chosen]) for shift in shifts]
    return {'k': k[high] * unit, 'stands_for': stands_for, 'inverse': np.array(inverse, np.complex64),
            'setups': about['setups']}


def do_large(crystal, settings, folder, i_part, n_parts):
    if settings['large_to'] <= 0:
        return
    path = ground_state(crystal, settings, 'large', folder)
    open_ones = None
    for i, (q, weight) in enumerate(list_q(path, settings)):
        target = large_path(folder, settings, i)
        if i % n_parts != i_part - 1 or target.exists() or not counts(q):
            continue
        if open_ones is None:
            calc, df = response_of(path, settings)
            open_ones = calc, df, large_momenta.Waves(df.chi0.pair, settings['bands'])
        result = compute_large(*open_ones, settings, q, i)
        save(target, lambda name: np.savez(name, q=q, weight=weight, **result))
        print(f'{target.name}: {len(result["k"])} of the momenta of q = {q}', flush=True)


def counts(q):
    """Is it among the q of large momenta? Not zero, whose G = 0 needs the optical limit: it is one of many."""
    return np.abs(q).max() > 1e-9


def large_path(folder, settings, i):
    return folder / f'large_{i:03d}_{digest(settings, LARGE_KEYS)}.npz'


def list_q(path, settings):
    """(q, weight): first k -> 0, on a grid of its own and with weight 0, then the irreducible q."""
    from gpaw import GPAW
    from gpaw.mpi import serial_comm
    kd = GPAW(str(path), txt=None, communicator=serial_comm).wfs.kd
    return [(np.zeros(3), 0.0)] + list(zip(kd.ibzk_kc, kd.weight_k))


def q_path(folder, settings, i):
    return folder / f'q_{i:03d}_{digest(settings, Q_KEYS if i else OPTICAL_KEYS)}.npz'


def do_q(crystal, settings, folder, i_part, n_parts):
    jobs = list_q(ground_state(crystal, settings, 'q', folder), settings)
    for i, (q, weight) in enumerate(jobs):
        path = q_path(folder, settings, i)
        if i % n_parts != i_part - 1 or path.exists():
            continue
        result = compute_q(ground_state(crystal, settings, 'q' if i else 'optical', folder), settings, q)
        save(path, lambda name: np.savez(name, q=q, weight=weight, n_q=len(jobs), **result))
        print(f'{path.name}: {i + 1} of {len(jobs)}, q = {q}', flush=True)


# ---- the table -----------------------------------------------------------------------------------

def load(paths, what):
    """All of these files, or what to do about those that are missing."""
    missing = [i for i, path in paths.items() if not path.exists()]
    if missing:
        sys.exit(f'{len(missing)} of {len(paths)} {what} are missing: {missing}; run --step q again')
    return [np.load(path) for path in paths.values()]


def gather(settings, folder):
    """Of all q files k, weights, 1/epsilon, and in which row each belongs; the file of k -> 0; what all say of themselves."""
    first = q_path(folder, settings, 0)
    if not first.exists():
        sys.exit(f'{first} is not there: run --step q first')
    optical, *files = load({i: q_path(folder, settings, i) for i in range(int(np.load(first)['n_q']))}, 'q')
    k = np.concatenate([f['k'] for f in files])
    weight = np.concatenate([np.full(len(f['k']), f['weight']) for f in files])
    inverse = np.concatenate([f['inverse'] for f in files], axis=2)
    about = json.loads(str(files[0]['about']))
    inside = (k > K_ZERO) & (k < end_of_matrix(settings))
    k, weight, inverse = k[inside], weight[inside], inverse[:, :, inside]
    row = np.floor(k / (settings['k_step'] / 1e3)).astype(int)
    if settings['large_to'] > 0:
        numbers = [i for i, f in enumerate(files, start=1) if counts(f['q'])]
        large = load({i: large_path(folder, settings, i) for i in numbers}, 'samples of large momenta')
        k_large = np.concatenate([f['k'] for f in large])
        row = np.concatenate([row, row.max() + np.searchsorted(large_edges(settings), k_large, side='right')])
        k = np.concatenate([k, k_large])
        weight = np.concatenate([weight] + [f['weight'] * f['stands_for'] for f in large])
        inverse = np.concatenate([inverse] + [f['inverse'] for f in large], axis=2)
        about.update(matrices_below_keV=end_of_matrix(settings), large_waves_Hartree=settings['large_waves'],
                     large_per_row=settings['large_per_row'], setups_large=str(large[0]['setups']))
    return k, weight, inverse, row, optical, about


def collect(crystal, settings, folder):
    k, weight, inverse, row, optical, about = gather(settings, folder)
    omega = optical['omega']
    fine = json.loads(str(optical['about']))
    about.update(k_points_optical=fine['k_points'], gamma_optical=fine['gamma'],
                 gap_computed_optical_eV=fine['gap_computed_eV'],
                 q_points=about['k_points'], k_step_keV=settings['k_step'] / 1e3)
    at_zero = np.argmin(optical['k'])
    for i, name in enumerate(('', '_unscissored')):
        rows = {}
        for j, fields in enumerate(('lfe', 'nolfe')):
            q, mean, count = spectrum.average(k, weight, inverse[i, j], row)
            rows[fields] = np.concatenate([optical['inverse'][i, j, at_zero][None], mean])
        say = dict(about, scissor_eV=about['scissor_eV'] if i == 0 else 0.0,
                   scissor_optical_eV=fine['scissor_eV'] if i == 0 else 0.0)
        write(folder / f'{crystal}{name}_raw.h5', crystal, np.concatenate([[K_ZERO], q]), omega,
              rows, np.concatenate([[1], count]), say, settings)


def quality(q, omega, rows, about, settings):
    """Sum rules of each row, and epsilon(0): printed, and kept as attributes."""
    found = {}
    for fields, inverse in rows.items():
        found[f'f_sum_{fields}'] = spectrum.f_sum(omega, inverse, about['plasma_energy_eV'])
        found[f'kramers_kronig_{fields}'] = spectrum.kramers_kronig(omega, inverse)
        found[f'epsilon_static_{fields}'] = (1 / inverse[0, 0]).real
        gap = about['gap_computed_eV'] + about['scissor_eV']
        below = omega < gap - 5 * settings['sigma_0']
        found[f'loss_below_gap_{fields}'] = -inverse[:, below].imag.min() if below.any() else np.nan
    found['epsilon_static_measured'] = settings['epsilon_measured']
    found['core_losses_missing_above_eV'] = settings['core']
    print(f'scissor {about["scissor_eV"]:.3f} eV, epsilon(0) {found["epsilon_static_lfe"]:.2f} with local '
          f'fields, {found["epsilon_static_nolfe"]:.2f} without, measured {settings["epsilon_measured"]}; '
          f'largest loss 5 sigma below the gap {found["loss_below_gap_lfe"]:.1e}')
    print('  k/keV  peak/eV   f-sum lfe, none   Kramers-Kronig lfe, none')
    for i, k in enumerate(q):
        print(f'{k:7.3f} {omega[np.argmin(rows["lfe"][i].imag)]:8.2f}   {found["f_sum_lfe"][i]:.3f} '
              f'{found["f_sum_nolfe"][i]:.3f}   {found["kramers_kronig_lfe"][i]:.4f} '
              f'{found["kramers_kronig_nolfe"][i]:.4f}')
    return found


def write(path, crystal, q, omega, rows, count, about, settings):
    import h5py
    about = dict(about, **quality(q, omega, rows, about, settings))

    def writer(name):
        with h5py.File(name, 'w') as file:
            file.attrs['format'] = 'elfin raw response'
            file.attrs['source'] = (f'{crystal} by GPAW {about["gpaw_version"]}, {about["xc"]}, random phase '
                                    f'approximation, scissor {about["scissor_eV"]:.3f} eV; jobs/gpaw/epsilon.py')
            group = file.create_group('settings')
            for key, value in about.items():
                if np.ndim(value) == 0:
                    group.attrs[key] = str(value).lower() if isinstance(value, bool) else value
                elif len(value) == len(q):  # of each row
                    file[key] = value
                else:
                    group.attrs[key] = json.dumps(np.asarray(value).tolist())
            for key, value, units in (('omega', omega, 'eV'), ('q', q, 'keV'), ('points', count, '1')):
                file[key] = value
                file[key].attrs['units'] = units
            for fields, inverse in rows.items():
                file.create_dataset(f'epsilon_{fields}', data=1 / inverse, compression='gzip')
                file[f'epsilon_{fields}'].attrs['units'] = '1'
    save(path, writer)
    print(path)


# ---- the command line ----------------------------------------------------------------------------

def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('crystal', help='a section of crystals.ini')
    parser.add_argument('--folder', type=Path, default=Path('.'), help='where files go; default: here')
    parser.add_argument('--part', default='1/1', metavar='I/N', help='every N-th q, from the I-th on')
    parser.add_argument('--step', choices=('ground', 'q', 'collect'), help='one step alone')
    parser.add_argument('--set', action='append', default=[], metavar='key=value')
    asked = parser.parse_args()
    settings = read_settings(asked.crystal, asked.set)
    i_part, _, n_parts = asked.part.partition('/')
    if not (i_part.isdigit() and n_parts.isdigit() and 1 <= int(i_part) <= int(n_parts)):
        parser.error(f'--part {asked.part}: I/N is expected, I from 1 to N')
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.step in (None, 'ground'):
        for grid in ('q', 'optical') + (('large',) if settings['large_to'] > 0 else ()):
            print(ground_state(asked.crystal, settings, grid, asked.folder), flush=True)
    if asked.step in (None, 'q'):
        do_q(asked.crystal, settings, asked.folder, int(i_part), int(n_parts))
        do_large(asked.crystal, settings, asked.folder, int(i_part), int(n_parts))
    if asked.step in (None, 'collect') and (asked.step or n_parts == '1'):
        collect(asked.crystal, settings, asked.folder)


if __name__ == '__main__':
    main()
