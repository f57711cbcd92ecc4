#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `elfin import qcdark2` and `import gpaw`: a grid that silicon's oscillators fill, in each program's
# layout and units, comes out with the same numbers; every way to lie that we could think of is
# refused with its place, and nothing is written.
source "$(dirname "$0")/../program/common.sh"
"$PYTHON" -c 'import h5py, numpy' 2>/dev/null || { echo "skipped: no h5py"; exit 77; }

# Energies from 0.25 to 120 eV, momenta from 0.1 to 8 alpha m_e.
"$ELFIN_PROGRAM" response Si --kind mermin --omega-grid 0.25,120,480 --k-grid 373,29800,40,log >grid.csv
cat >make.py <<'PY'
import h5py, numpy
ALPHA_ME = 7.2973525693e-3 * 510998.95
rows = numpy.loadtxt("grid.csv", delimiter=",", skiprows=1)
n = len(set(rows[:, 1]))
omega, k = rows[:len(rows) // n, 0], rows[::len(rows) // n, 1]
eps = (rows[:, 2] + 1j * rows[:, 3]).reshape(n, -1)

def qcdark2(path, E=omega, q=k / ALPHA_ME, epsilon=eps, names=("E", "q", "epsilon")):
    with h5py.File(path, "w") as f:
        for name, data in zip(names, (E, q, epsilon)):
            f[name] = data
        f.attrs["M_cell"] = 2 * 28.0855 * 931.49410242e6
        f.attrs["V_cell"] = 270.11
        f.attrs["dE"] = 0.25

def raw(path, units=("eV", "eV"), source="ours", lfe=eps, q=k, form="elfin raw response"):
    with h5py.File(path, "w") as f:
        f.attrs["format"] = form
        if source: f.attrs["source"] = source
        f["omega"], f["q"] = omega, q
        f["omega"].attrs["units"], f["q"].attrs["units"] = units
        f["epsilon_lfe"] = lfe
        f["epsilon_nolfe"] = lfe * (1 + 0.1j)
        s = f.create_group("settings")
        s.attrs["ecut_eV"], s.attrs["xc"], s.attrs["kpts"], s.attrs["hilbert"] = 250.0, "LDA", [8, 8, 8], True

def spoilt(i, j, value):
    e = eps.copy(); e[i, j] = value; return e

qcdark2("good_qcdark2.h5")
raw("good_raw.h5")
raw("angstrom.h5", units=("eV", "1/Angstrom"), q=k / 1973.269804)
qcdark2("nan.h5", epsilon=spoilt(7, 30, complex("nan")))
qcdark2("negative.h5", epsilon=spoilt(3, 60, 1 - 0.2j))
qcdark2("rounding.h5", epsilon=spoilt(3, 0, eps[3, 0].real - 1e-12j))
qcdark2("conjugate.h5", epsilon=eps.conj())
qcdark2("hole.h5", E=numpy.delete(omega, 5))
qcdark2("order.h5", q=numpy.concatenate([k[1::-1], k[2:]]) / ALPHA_ME)
qcdark2("real.h5", epsilon=eps.real)
qcdark2("names.h5", names=("omega", "q", "epsilon"))
qcdark2("hartree.h5", E=omega / 27.211386)
qcdark2("twice_hartree.h5", E=omega * 27.211386)
qcdark2("k_in_eV.h5", q=k)
raw("k_is_au.h5", q=k / ALPHA_ME)
raw("k_is_angstrom.h5", q=k / 1973.27)
raw("furlong.h5", units=("eV", "furlong"))
raw("nobody.h5", source=None)
raw("format.h5", form="something else")

PY
"$PYTHON" make.py || { echo "the files cannot be made" >&2; exit 1; }

ends 0 import qcdark2 good_qcdark2.h5 -o q.h5 --material Si
says out 'density of the cell (M_cell in eV, V_cell in Bohr^3): 2.3'
says out '480 energies from 0.25 to 120 eV, 40 momenta from 373 to'
ends 0 import gpaw good_raw.h5 -o g.h5 --material Si
ends 0 import gpaw good_raw.h5 -o g_no.h5 --no-local-fields --source "somebody else"
ends 0 import gpaw angstrom.h5 -o a.h5
ends 0 import qcdark2 rounding.h5 -o r.h5
"$PYTHON" - >same <<'PY'
import h5py, hashlib, numpy
exec(open("make.py").read().split("qcdark2(\"good")[0])
def table(path):
    f = h5py.File(path)
    return f, f["omega"][:], f["k"][:], f["eps1"][:] + 1j * f["eps2"][:]
f, w, q, e = table("q.h5")
print("qcdark2:", (w == omega).all(), numpy.allclose(q, k, rtol=1e-15, atol=0), (e == eps).all())
print("qcdark2 says", f.attrs["origin"], f["settings"].attrs["dE"],
      f.attrs["origin_sha256"] == hashlib.sha256(open("good_qcdark2.h5", "rb").read()).hexdigest())
f, w, q, e = table("g.h5")
print("gpaw:", (w == omega).all(), (q == k).all(), (e == eps).all())
s = f["settings"].attrs
print("gpaw says", f.attrs["source"], s["ecut_eV"], s["xc"], s["kpts"], s["hilbert"], s["local_field_effects"])
f, w, q, e = table("g_no.h5")
print("without:", (e == eps * (1 + 0.1j)).all(), f.attrs["source"], f["settings"].attrs["local_field_effects"])
print("angstrom:", numpy.allclose(table("a.h5")[2], k, rtol=1e-14, atol=0))
PY
says same 'qcdark2: True True True'
says same 'qcdark2 says qcdark2 file good_qcdark2.h5 0.25 True'
says same 'gpaw: True True True'
says same 'gpaw says ours 250 LDA 8 8 8 true true'
says same 'without: True somebody else false'
says same 'angstrom: True'

refused() { # KIND FILE WHAT-IS-SAID…
  local kind=$1 file=$2; shift 2
  ends 2 import "$kind" "$file" -o wrong.h5
  says err "$file"
  for text in "$@"; do says err "$text"; done
  claim "nothing is written of $file" test ! -e wrong.h5
}
refused qcdark2 nan.h5 'k[7] = 818.813 eV' 'omega[30] = 7.75 eV' 'nan' '(1 like this'
refused qcdark2 negative.h5 'k[3] = ' 'omega[60] = 15.25 eV' 'is negative'
refused qcdark2 conjugate.h5 'complex conjugate' 'at 40 of 40 momenta'
claim "one sentence for all of a kind" test "$(grep -c 'is negative' err)" = 1
refused qcdark2 hole.h5 '/epsilon has 2 dimensions, 40 × 480' '40 momenta × 479 energies'
refused qcdark2 order.h5 'k[1] = 373 does not ascend'
refused qcdark2 real.h5 'must hold complex numbers'
refused qcdark2 names.h5 'has no dataset /E'
refused qcdark2 hartree.h5 'times 27.21' 'Hartree' '--force'
refused qcdark2 twice_hartree.h5 'divided by 27.21'
refused qcdark2 k_in_eV.h5 'divided by 3729'
refused gpaw k_is_au.h5 'times 3729'
refused gpaw k_is_angstrom.h5 'times 1973'
refused gpaw furlong.h5 "units 'furlong'"
refused gpaw nobody.h5 '--source'
refused gpaw format.h5 'something else'
refused qcdark2 absent.h5 'cannot be opened'
ends 1 import qcdark2 good_qcdark2.h5 -o q.h5
says err 'q.h5: exists already; --overwrite replaces it'
ends 0 import qcdark2 hartree.h5 -o q.h5 --overwrite --force
says out 'forced, although'
ends 2 import qcdark2 good_qcdark2.h5
says err 'where to?'
ends 2 import qcdark2 good_qcdark2.h5 -o x.h5 --no-local-fields
ends 2 import darkelf X -o x --force

# The table in a job: the rate is that of the same grid as text.
awk -F, 'NR == 1 { print "text" } NR > 1 { print $1, $2, $3, $4 }' grid.csv >grid.dat
for table in ./g.h5 ./grid.dat; do
  ends 0 rate --process electron --material Si --response "$table" --mass 10MeV --mediator massless \
    --cross-section 1e-38
  cut -d, -f7- out >"rate${#table}"
done
claim "the same rate from text and from HDF5" cmp -s rate6 rate10
finish
