#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The Migdal effect: how likely a silicon nucleus that recoils with 10 eV shakes an energy out to its electrons, by the
# free electron gas, by measured losses (Mermin oscillators) and for isolated atoms.
#
#   input/figures/migdal_probability.sh [ENDING]     draws migdal_probability.png here
set -euo pipefail
elfin=${ELFIN_PROGRAM:-elfin} ending=${1:-png}
"$elfin" response Si --migdal '10 eV' --kind lindhard,mermin,atomic --plot "migdal_probability.$ending" --overwrite
