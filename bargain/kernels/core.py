"""The compiled twins of the numpy kernels, where the package was installed with a compiler at hand.

``BARGAIN_CORE=numpy`` in the environment turns them off. Both give the same bits (tests compare them); only time
differs. The exceptions: ends of logit branches agree to rounding (1e-13 in games in general position), and equilibria of several players, which
path tracking encloses on one side and bisection on the other, within their proved radii.
"""

import os
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bargain.errors import BadInput
from bargain.kernels.minors import MARGIN, Plan, plan

__all__ = ["compiled", "core_info", "tables"]

_SETTING = "BARGAIN_CORE"


def compiled() -> Any:
    """The extension module, or None where there is none or it is turned off."""
    setting = os.environ.get(_SETTING, "")
    if setting not in ("", "numpy", "c"):
        raise BadInput(f"{_SETTING}={setting} is not known", place="environment", remedy="use numpy, c, or nothing")
    if setting == "numpy":
        return None
    module = _loaded()
    if module is None and setting == "c":
        raise BadInput(f"{_SETTING}=c, but the extension was not built", place="environment", remedy="install again with a C compiler, or unset the variable")
    return module


@lru_cache(maxsize=1)
def _loaded() -> Any:
    try:
        return import_module("bargain._core")
    except ImportError:
        return None


def core_info() -> str:
    """Which implementation of the kernels is in use.

    >>> core_info() in ("numpy", "C (plain C)", "C (AVX2)", "C (AVX-512)")
    True
    """
    module = compiled()
    return "numpy" if module is None else f"C ({module.instructions()})"


@lru_cache(maxsize=64)
def tables(replies: int, strategies: int) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The plan of minors as one array of integers, and the bounds beyond which a minor has a sign."""
    recipe = plan(replies, strategies)
    flat = [replies, strategies, recipe.count, len(recipe.levels), len(recipe.pairs)]
    for k, level in enumerate(recipe.levels, 1):
        flat += [k, len(level.column), *level.row.ravel(), *level.column, *level.child.ravel()]
    for k, pair in enumerate(recipe.pairs, 1):
        flat += [k, *pair.minor.shape[:2], *(2 * pair.minor + pair.negated).ravel(), *pair.support.ravel()]
    return np.array(flat, dtype=np.int32), MARGIN * _bounds(recipe, replies)


def _bounds(recipe: Plan, replies: int) -> NDArray[np.float64]:
    return np.concatenate([np.zeros(replies), *(np.full(len(level.column), level.bound) for level in recipe.levels)])
