# SPDX-License-Identifier: GPL-3.0-or-later
"""Rates with the tables from first principles over those with Mermin's oscillators and edges of
inner shells (diamond: of a free electron gas).

    gpaw_ratios.py --markdown       prints the tables of docs/first_principles.md
    gpaw_ratios.py docs/first_principles.md
                                    checks that the page has these, and that they are what they must be
`elfin` is $ELFIN_PROGRAM. A point where either rate is 0 is a dash.
"""
import csv
import io
import os
import subprocess
import sys
import tempfile

# Compared with, and how many thresholds: the gap; two, three, four electrons.
CASES = {'Si': ('mermin_edges', 4), 'Ge': ('mermin_edges', 4), 'C': ('lindhard', 2)}
TABLES = ('gpaw', 'gpaw_nolfe', 'gpaw_unscissored')
MASSES_MEV = (1, 3, 10, 100, 1000)


def elfin(*words):
    return subprocess.run([os.environ['ELFIN_PROGRAM'], *words], check=True, capture_output=True, text=True).stdout


def thresholds(material, n_columns):
    """The gap and those for n electrons: gap + (n - 1) e0 [eV]."""
    value = {}
    for line in elfin('materials', material).splitlines():
        for name in ('gap', 'pair energy'):
            if line.startswith(name + ' '):
                value[name] = float(line[len(name):].split()[0])
    return [value['gap'] + n * value['pair energy'] for n in range(n_columns)]


def rates(material, usual, n_columns):
    """{(response, mediator, mass in MeV, i_threshold): rate} and the thresholds."""
    at = thresholds(material, n_columns)
    tail = ' (above mermin_edges)' if usual == 'mermin_edges' else ''
    responses = [usual] + [f'"{table}{tail}"' for table in TABLES]
    job = (f'name: ratios\naccuracy: 1e-3\nsweeps:\n  e:\n    process: electron\n    material: {material}\n'
           f'    response: [{", ".join(responses)}]\n    mediator: [massless, massive]\n'
           f'    mass: [{", ".join(f"{m} MeV" for m in MASSES_MEV)}]\n    cross_section: 1e-38 cm2\n'
           f'    threshold: [{", ".join(f"{t:.6g} eV" for t in at)}]\n')
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/job.yaml', 'w') as file:
            file.write(job)
        elfin('run', f'{folder}/job.yaml', '-o', f'{folder}/out.h5')
        for row in csv.DictReader(io.StringIO(elfin('export', f'{folder}/out.h5'))):
            i = min(range(n_columns), key=lambda n: abs(at[n] - float(row['threshold_eV'])))
            key = (row['response'].split(' ')[0], row['mediator'], round(float(row['mass_eV']) / 1e6), i)
            found[key] = float(row['rate_per_kg_yr'])
    return found, at


def lines(material, usual, n_columns):
    """A markdown table, and {(table, mediator, mass, i): ratio}."""
    found, at = rates(material, usual, n_columns)
    ratio = {}
    text = [f'| {material}, over `{usual}` | mass [MeV] | ' + ' | '.join(f'{t:.4g} eV' for t in at) + ' |',
            '|---' * (n_columns + 2) + '|']
    for table in TABLES:
        for mediator in ('massless', 'massive'):
            for mass in MASSES_MEV:
                cells = []
                for i in range(n_columns):
                    below = found[usual, mediator, mass, i]
                    above = found[table, mediator, mass, i]
                    if below > 0 and above > 0:
                        ratio[table, mediator, mass, i] = above / below
                    cells.append(f'{above / below:.3f}' if below > 0 and above > 0 else '-')
                text.append(f'| `{table}`, {mediator} | {mass} | ' + ' | '.join(cells) + ' |')
    return text, ratio


def must_hold(material, ratio):
    """What must be so, whatever the numbers: claims that failed."""
    failed = []
    for (table, mediator, mass, i), value in ratio.items():
        with_fields = ratio.get(('gpaw', mediator, mass, i))
        if table == 'gpaw_nolfe' and with_fields and value < 0.995 * with_fields:
            failed.append(f'{material}: local fields screen, so without them rates are not lower: {mediator} {mass} {i}')
        # Above two electrons and where the whole spectrum is reached, oscillators fitted to measured losses and first
        # principles are two accounts of one plasmon.
        # Three electrons see the flank of the plasmon, which the scissor lifts.
        if (material != 'C' and table == 'gpaw' and i in (1, 2) and mediator == 'massless' and mass >= 10
                and not 0.7 < value < (1.25, 1.5)[i - 1]):
            failed.append(f'{material}: {value:.3f} of the rate of oscillators, {mediator} {mass} MeV, threshold {i}')
        # Oscillators have no gap: from the gap on they find more, the more the lighter the dark matter.
        if material != 'C' and table == 'gpaw' and i == 0 and (mediator == 'massless' or mass < 30) and not value < 1:
            failed.append(f'{material}: above the gap, {value:.3f} of the rate of oscillators without one')
        # Valence electrons near the nuclei take up large momenta, and electron gases do not: heavy mediators see it, the
        # more the higher the threshold.
        before = ratio.get((table, mediator, mass, i - 1))
        if material == 'Si' and mediator == 'massive' and mass >= 100 and before and not 1 < before < value:
            failed.append(f'{material}: {value:.3f} after {before:.3f}: heavy mediators and the nuclei, {table} {mass} {i}')
    return failed


def main():
    page = None if sys.argv[1] == '--markdown' else open(sys.argv[1], encoding='utf-8').read()
    failed = []
    for material, (usual, n_columns) in CASES.items():
        if 'response table' not in elfin('materials', material):
            continue
        text, ratio = lines(material, usual, n_columns)
        if page is None:
            print('\n'.join(text) + '\n')
            continue
        failed += must_hold(material, ratio)
        failed += [f'the page does not have: {line}' for line in text if not nearly_in(line, page)]
    print('\n'.join(failed))
    return bool(failed)


def nearly_in(line, page):
    """Is it there, numbers to 0.003? The integrals' accuracy is 1e-3."""
    if line in page:
        return True
    words = [w.strip() for w in line.split('|')]
    for other in page.splitlines():
        found = [w.strip() for w in other.split('|')]
        if len(found) == len(words) and found[1:3] == words[1:3] and all(near(a, b) for a, b in zip(words[3:], found[3:])):
            return True
    return False


def near(a, b):
    try:
        return abs(float(a) - float(b)) <= 0.003 * max(1, float(a))
    except ValueError:
        return a == b


if __name__ == '__main__':
    sys.exit(main())
