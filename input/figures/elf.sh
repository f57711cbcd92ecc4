#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The energy loss function of silicon: by the free electron gas (Lindhard) and by measured losses as a sum of
# Mermin oscillators, at three momenta; over energy and momentum, with what dark matter can reach, on linear and on
# logarithmic axes; and of sapphire from its phonons to its electrons, where light is what is lost.
#
#   input/figures/elf.sh [ENDING]     draws elf_cuts.png, elf_map.png, elf_log.png, elf_lindhard.png and elf_optical.png here
set -euo pipefail
elfin=${ELFIN_PROGRAM:-elfin} ending=${1:-png}
"$elfin" response Si --kind lindhard,mermin --k '1 keV,3 keV,6 keV' --omega-grid '0.2 eV,50 eV,250' \
  --plot "elf_cuts.$ending" --overwrite
"$elfin" response Si --k-grid '62.5 eV,14937.5 eV,120' --omega-grid '0.25 eV,49.75 eV,100' \
  --plot "elf_map.$ending" --overwrite
"$elfin" response Si --k-grid '30 eV,15 keV,160,log' --omega-grid '0.1 eV,50 eV,120,log' \
  --plot "elf_log.$ending" --overwrite
"$elfin" response Si --kind lindhard --plot "elf_lindhard.$ending" --overwrite
"$elfin" response Al2O3 --kind joined --plot "elf_optical.$ending" --overwrite
