#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The energy loss function of silicon from first principles (GPAW; with local fields and without) and by measured losses as
# a sum of Mermin oscillators, at 0.5, 2, 5 and 8 keV.
#
#   input/figures/gpaw_cuts.sh [ENDING]     draws gpaw_low.png and gpaw_high.png here
set -euo pipefail
elfin=${ELFIN_PROGRAM:-elfin} ending=${1:-png}
"$elfin" response Si --kind mermin,gpaw,gpaw_nolfe --k '0.5 keV,2 keV' --omega-grid '0.5 eV,50 eV,199' \
  --plot "gpaw_low.$ending" --overwrite
"$elfin" response Si --kind mermin,gpaw,gpaw_nolfe --k '5 keV,8 keV' --omega-grid '0.5 eV,80 eV,160' \
  --plot "gpaw_high.$ending" --overwrite
