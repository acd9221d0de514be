"""LaTeX for papers: equilibrium tables, bimatrices, payoff lists and notation tables (booktabs, byte-stable)."""

import sys
from types import ModuleType
from typing import Any

from bargain.latex.document import latex

__all__ = ["latex"]


class _Callable(ModuleType):
    """The package under which `latex` lives has the same name; calling it calls the function."""

    def __call__(self, thing: Any, **options: Any) -> str:
        return latex(thing, **options)


sys.modules[__name__].__class__ = _Callable
