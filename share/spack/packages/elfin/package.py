# SPDX-License-Identifier: GPL-3.0-or-later
"""elfin for Spack. From the source tree, until it has an address to be fetched from:

    spack repo add share/spack
    spack dev-build elfin@0.1.0
"""
from spack.package import *


class Elfin(CMakePackage):
    """Rates of dark matter in dielectric detectors, from the energy loss function."""

    license("GPL-3.0-or-later")

    version("0.1.0")

    depends_on("c", type="build")
    depends_on("cmake@3.20:", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("mpi")
    depends_on("hdf5+mpi+hl@1.10.8:")
    depends_on("gsl")
    depends_on("libyaml@0.2.2:")
    depends_on("cubature")  # in this repository; found by cubature.h and libcubature, it has no .pc
    depends_on("openssl")
    depends_on("gnuplot", type="run")

    def cmake_args(self):
        return [
            self.define("BUILD_TESTING", self.run_tests),
            self.define("CUBATURE_INCLUDE_DIR", self.spec["cubature"].prefix.include),
        ]
