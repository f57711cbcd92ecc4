#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed beside the program and the library: manual page, completion, the Python example. And that
# recipes for Spack are Python.
#   test_share.sh BUILD_FOLDER HELP2MAN
here=$(cd "$(dirname "$0")" && pwd)
source "$here/common.sh"
share=$here/../../share

claim "elfin can be installed" cmake --install "$1" --prefix "$work/here" >install.log
claim "completion is installed" cmp "$share/elfin.bash" here/share/bash-completion/completions/elfin
claim "the example is installed" test -x here/share/elfin/python/read_result.py
if [ -x "$2" ]; then
  page=here/share/man/man1/elfin.1
  claim "the manual page is installed" test -f $page
  claim "it says what elfin is" grep -q '^elfin \\- Rates of dark matter' $page
  for verb in $("$ELFIN_PROGRAM" --help | sed -n 's/^  \([a-z]\{1,\}\)  .*/\1/p'); do
    claim "it has a section on $verb" grep -qi "^.SH \"ELFIN $verb\"" $page
    claim "$verb stands in the list by itself" grep -qx "$verb" $page
    verbs=$((${verbs:-0} + 1))
  done
  claim "all verbs are looked at" test "$verbs" = "$(grep -o '&verb_[a-z]*,' "$here/../../src/cli/main.c" | wc -l)"
  if command -v groff >/dev/null; then
    groff -man -ww -Kutf8 -Tutf8 $page >page.txt 2>warnings
    claim "groff has nothing to say about it" test ! -s warnings
    claim "and shows it" grep -q 'experiments' page.txt
  fi
  claim "and the keys of a job" grep -q '^cross_section  *(required)' $page
  claim "no path of this machine is in it" test "$(grep -cF "$1" $page)" = 0
else
  echo "no help2man: the manual page is not looked at"
fi
for recipe in "$share"/spack/packages/*/package.py; do
  cp "$recipe" recipe.py # py_compile leaves a folder beside
  claim "Python reads $recipe" "$PYTHON" -m py_compile recipe.py
done
# A recipe asks for what the build asks for.
for pair in MPI:mpi HDF5:hdf5 GSL:gsl OpenSSL:openssl CUBATURE:cubature YAML:libyaml; do
  claim "CMake looks for ${pair%:*}" grep -qE "(find_|pkg_).*${pair%:*}" "$here/../../CMakeLists.txt"
  claim "Spack depends on ${pair#*:}" grep -q "depends_on(\"${pair#*:}" "$share/spack/packages/elfin/package.py"
done
version=$(sed -n 's/^project(elfin VERSION \([0-9.]*\).*/\1/p' "$here/../../CMakeLists.txt")
claim "the version $version is Spack's" grep -qF "version(\"$version\")" "$share/spack/packages/elfin/package.py"
claim "and the citation's" grep -qxF "version: $version" "$here/../../CITATION.cff"
finish
