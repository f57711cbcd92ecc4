# SPDX-License-Identifier: GPL-3.0-or-later
from spack.package import *


class Cubature(Package):
    """Adaptive multidimensional integration (h- and p-adaptive cubature), by S. G. Johnson."""

    homepage = "https://github.com/stevengj/cubature"
    git = "https://github.com/stevengj/cubature.git"

    license("GPL-2.0-or-later")

    version("1.0.4", tag="v1.0.4")

    depends_on("c", type="build")

    def install(self, spec, prefix):
        mkdirp(prefix.lib)
        mkdirp(prefix.include)
        compiler = Executable(spack_cc)
        compiler("-O3", self.compiler.cc_pic_flag, "-shared", "hcubature.c", "pcubature.c",
                 "-lm", "-o", join_path(prefix.lib, "libcubature.so"))
        install("cubature.h", prefix.include)
