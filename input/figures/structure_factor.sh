#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# From phonons to the recoil of a free nucleus: S(q,omega) of a nucleus in its harmonic crystal, scaled so that all
# momenta share one picture. At small q single phonons stand out far beyond the free recoil at 1; as q grows they
# pile up into a Gaussian around 1, which narrows to the line of a free nucleus. Silicon, and Debye's solid.
#
#   input/figures/structure_factor.sh [ENDING]     draws structure_factor.png and structure_debye.png here
set -euo pipefail
elfin=${ELFIN_PROGRAM:-elfin} ending=${1:-png}
"$elfin" response Si --structure-factor --plot "structure_factor.$ending" --overwrite
"$elfin" response Si --structure-factor --debye '60 meV' --plot "structure_debye.$ending" --overwrite
