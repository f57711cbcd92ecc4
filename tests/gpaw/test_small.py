# SPDX-License-Identifier: GPL-3.0-or-later
"""jobs/gpaw/epsilon.py on silicon so coarse that it takes seconds: right for what it computes, not for silicon."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import gpaw
    import h5py
    import numpy as np
except ImportError as missing:
    print(f'skipped: {missing} (jobs/gpaw/run.sh --install)')
    sys.exit(77)
if not gpaw.__version__.startswith('22.8'):
    print(f'skipped: GPAW {gpaw.__version__}; jobs/gpaw is written for 22.8')
    sys.exit(77)

jobs = Path(sys.argv[1])
sys.path.insert(0, str(jobs))
import epsilon  # noqa: E402
import large_momenta  # noqa: E402
os.environ['OMP_NUM_THREADS'] = '1'
COARSE = {'kpts': 2, 'kpts_optical': 3, 'bands': 16, 'spare_bands': 2, 'cutoff': 25, 'planewaves': 200,
          'omega_max': 40, 'large_to': 60, 'large_per_row': 1}
failures = 0


def check(claim, holds, found=''):
    global failures
    if not holds:
        print(f'{claim}: {found}')
        failures += 1


def run(folder, *options, expect=0):
    changes = [text for key, value in COARSE.items() for text in ('--set', f'{key}={value}')]
    done = subprocess.run([sys.executable, jobs / 'epsilon.py', 'Si', '--folder', folder, *changes, *options],
                          capture_output=True, text=True)
    check(f'exit code of {options}', done.returncode == expect, done.stdout[-500:] + done.stderr[-2000:])
    return done.stdout + done.stderr


def read(path):
    with h5py.File(path) as file:
        data = {name: file[name][()] for name in file if name != 'settings'}
        return data, dict(file['settings'].attrs)


def own_epsilon(path, about):
    """epsilon(0) without and with local fields as GPAW itself has it, with a Lorentzian of 1 meV."""
    from gpaw.response.df import DielectricFunction
    df = DielectricFunction(str(path), ecut=about['response_cutoff_eV'], nbands=int(about['bands']), eta=1e-3,
                            intraband=False, txt=None,
                            frequencies={'type': 'nonlinear', 'domega0': 0.1, 'omega2': 20, 'omegamax': 60})
    without, with_fields = df.get_dielectric_function(filename=None)
    return without[0].real, with_fields[0].real


def settings_of():
    return epsilon.read_settings('Si', [f'{key}={value}' for key, value in COARSE.items()])


def same_as_the_matrix(ground):
    """chi_0 by large_momenta.py is GPAW's wherever GPAW has it, and one G at a time gives what whole matrices give."""
    settings = settings_of()
    calc, df = epsilon.response_of(ground, settings)
    q = calc.wfs.kd.ibzk_kc[-1]
    S, v_G, k = epsilon.spectral_function(calc, df, q)
    G, K = large_momenta.lattice(calc.wfs.gd.cell_cv, q, 1.0001 * k.max() * 1e3 / epsilon.HBARC_eV_BOHR)
    order = np.argsort((K**2).sum(axis=1), kind='stable')
    n_low = int(0.4 * len(order))
    G, K = G[order], K[order]
    theirs = df.chi0.create_chi0(q).pd.get_reciprocal_vectors()
    place = np.array([np.argmin(((theirs - one)**2).sum(axis=1)) for one in K])
    check('the same momenta', len(K) == len(theirs) and np.allclose(theirs[place], K, atol=1e-9))
    waves = large_momenta.Waves(df.chi0.pair, settings['bands'])
    S_row, S_diagonal = large_momenta.spectral_function(calc, df, waves, q, G, K, n_low)
    S = S[:, place][:, :, place]
    largest = abs(S).max()
    for name, ours, full in (('rows', S_row, S[:, :, :n_low]),
                             ('diagonal', S_diagonal, np.einsum('wgg->wg', S)[:, n_low:])):
        check(f'{name} of chi_0', abs(ours - full).max() < 1e-5 * largest, abs(ours - full).max() / largest)
    nodes = df.chi0.wd.omega_w * 27.211386
    omega, _, shifts = epsilon.grid_of(calc, df, settings)
    sigma, v = epsilon.sigma_of(nodes + shifts[0], settings), v_G[place]
    found = large_momenta.inverse_diagonals(omega, nodes + shifts[0], sigma, S_row, S_diagonal, v)
    for i in range(0, len(K) - n_low, 3):
        here = np.append(np.arange(n_low), n_low + i)
        expected = epsilon.inverse_diagonals(omega, nodes + shifts[0], sigma, S[:, here][:, :, here].copy(), v[here])
        for j, fields in enumerate(('local fields', 'none')):
            off = abs(found[j, i] - expected[j, -1]).max() / abs(expected[j, -1] - 1).max()
            check(f'one G at a time, {fields}', off < 1e-4, off)


def near_a_nucleus(ground):
    """Augmentation: its norm at k = 0, and to 100 keV what GPAW has from splines."""
    setup = gpaw.GPAW(str(ground), txt=None).wfs.setups[0]
    from gpaw.response.math_func import two_phi_planewave_integrals
    at_zero = large_momenta.augmentation(setup, np.array([[1e-6, 0, 0]]))[0]
    check('norm', np.allclose(at_zero, setup.dO_ii, atol=1e-6), abs(at_zero - setup.dO_ii).max())
    K = np.random.default_rng(1).normal(size=(40, 3)) * 15
    ours = large_momenta.augmentation(setup, K)
    check('as GPAW has it', np.allclose(ours, two_phi_planewave_integrals(K, setup).reshape(ours.shape), atol=1e-5))


with tempfile.TemporaryDirectory() as scratch:
    whole, parts = Path(scratch) / 'whole', Path(scratch) / 'parts'
    run(whole)
    data, about = read(whole / 'Si_raw.h5')
    bare, about_bare = read(whole / 'Si_unscissored_raw.h5')

    # Rows go on above the matrices', and what they lose falls.
    above = data['q'] > about['matrices_below_keV']
    loss = -(1 / data['epsilon_nolfe']).imag.sum(axis=1)
    check('rows to 60 keV', above.sum() > 30 and data['q'][-1] > 55 and (np.diff(data['q']) > 0).all(), data['q'])
    check('loss falls', loss[data['q'] > 40].max() < 1e-2 * loss[(data['q'] > 5) & (data['q'] < 8)].min())

    # Settings are those of the calculation.
    for key, wanted in (('bands', 16), ('planewave_cutoff_eV', 200), ('response_cutoff_eV', 25), ('xc', 'LDA'),
                        ('electrons_per_cell', 8)):
        check(key, about[key] == wanted or np.isclose(about[key], wanted, rtol=1e-9), about[key])
    check('k points', about['k_points'] == '[2, 2, 2]', about['k_points'])
    check('the scissor opens the gap', np.isclose(about['scissor_eV'] + about['gap_computed_eV'], 1.12), about)
    check('and not here', about_bare['scissor_eV'] == 0)

    # The static limit is GPAW's own: a Gaussian of sigma = 0.15 eV raises the mean of 1/omega at the first
    # transitions, 2.5 eV, by sigma^2/omega^2 = 4e-3.
    for own, fields in zip(own_epsilon(next(whole.glob('ground_3_*.gpw')), about), ('nolfe', 'lfe')):
        found = bare[f'epsilon_{fields}'][0, 0].real
        check(f'static epsilon {fields}', 0 < found / own - 1 < 4e-3, f'{found}, GPAW {own}')
    # Local fields screen less; the scissor makes transitions dearer.
    check('local fields', data['epsilon_lfe'][0, 0].real < data['epsilon_nolfe'][0, 0].real)
    check('scissor', data['epsilon_lfe'][0, 0].real < bare['epsilon_lfe'][0, 0].real)

    # Passive: no gain anywhere but for single precision; no loss in the gap.
    for table in (data, bare):
        for fields in ('lfe', 'nolfe'):
            eps = table[f'epsilon_{fields}']
            check(f'passive {fields}', (eps.imag > -1e-5 * abs(eps)).all(), eps.imag.min())
    check('the gap is empty', (about['loss_below_gap_lfe'] < 1e-4) and (about['loss_below_gap_nolfe'] < 1e-4), about)

    # Kramers-Kronig: what is above 40 eV is missing, at most a few per cent of the small k.
    check('Kramers-Kronig', abs(data['kramers_kronig_nolfe'][0] - 1) < 0.02, data['kramers_kronig_nolfe'][0])

    # From the same wave functions: parts leave nothing to do for the whole; a lost q is done again, and nothing else;
    # the numbers are the same but for rounding (FFTW plans anew each time; what is kept has single precision).
    parts.mkdir()
    for ground in whole.glob('ground_*.gpw'):
        shutil.copy(ground, parts)
    check('missing q are named', 'run --step q' in run(parts, '--step', 'collect', expect=1))
    run(parts, '--part', '1/2', '--step', 'q')
    check('the second half is missing', 'q are missing' in run(parts, '--step', 'collect', expect=1))
    run(parts, '--part', '2/2', '--step', 'q')
    next(parts.glob('q_001_*')).unlink()
    check('one q', run(parts, '--step', 'q').count('q_') == 1)
    run(parts, '--step', 'collect')
    again, _ = read(parts / 'Si_raw.h5')
    for name in data:
        check(f'{name} is the same', np.allclose(data[name], again[name], rtol=1e-5, atol=1e-5, equal_nan=True))

    # The job array, as SLURM would run it: ground, two parts, collect.
    array = Path(scratch) / 'array'
    changes = [text for key, value in COARSE.items() for text in ('--set', f'{key}={value}')]
    for step, task in (('ground', 0), ('q', 1), ('q', 2), ('collect', 0)):
        done = subprocess.run(['bash', jobs / 'array.sbatch', 'Si', array, *changes], capture_output=True, text=True,
                              env=dict(os.environ, STEP=step, SLURM_ARRAY_TASK_ID=str(task), SLURM_ARRAY_TASK_MAX='2',
                                       ELFIN_JOBS=str(jobs), PYTHON=sys.executable))
        check(f'array, {step} {task}', done.returncode == 0, done.stderr[-2000:])
    again, _ = read(array / 'Si_raw.h5')
    check('the array has the same numbers', np.allclose(data['epsilon_nolfe'], again['epsilon_nolfe'], rtol=0.01))

    # Last, for from here on this process has no Hilbert transform.
    ground = epsilon.ground_state('Si', settings_of(), 'large', whole)
    same_as_the_matrix(ground)
    near_a_nucleus(ground)

    # What is asked wrongly is said.
    check('no such crystal', 'no section [Sj]' in subprocess.run(
        [sys.executable, jobs / 'epsilon.py', 'Sj'], capture_output=True, text=True).stderr)
    check('no such key', 'no such key' in run(whole, '--set', 'cutof=3', expect=1))
    run(whole, '--part', '3/2', expect=2)

print(f'{failures} failures')
sys.exit(failures != 0)
