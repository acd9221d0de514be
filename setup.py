"""The optional C extension; everything else is in setup.cfg. Without a compiler the package installs all the same, on numpy."""

import sys

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "bargain._core",
            ["bargain/csource/core.c"],
            depends=[f"bargain/csource/{name}.h" for name in ("bimatrix", "bimatrix_parts", "induction", "logit", "logit_bindings", "path", "simplex", "ties",
                                                              "tracking", "tracking_bindings")],
            optional=True,
            py_limited_api=True,
            define_macros=[("Py_LIMITED_API", "0x030B0000")],
            extra_compile_args=[] if sys.platform == "win32" else ["-O3", "-ffp-contract=off", "-fno-math-errno"],
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
