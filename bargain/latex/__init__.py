"""LaTeX for papers: equilibrium tables, propositions with proofs, bimatrices, payoff lists and notation tables (booktabs, byte-stable)."""

import sys
from types import ModuleType
from typing import Any

from bargain.latex.document import latex
from bargain.latex.proposition import Proposition, proposition
from bargain.latex.statics import statics_proposition

__all__ = ["Proposition", "latex", "proposition", "statics_proposition"]


class _Callable(ModuleType):
    """The package under which `latex` lives has the same name; calling it calls the function."""

    def __call__(self, thing: Any, **options: Any) -> str:
        return latex(thing, **options)


sys.modules[__name__].__class__ = _Callable
