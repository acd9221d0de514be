"""Sweeps: a game or a solution at many parameter points, in chunks that are stored, resumed and shared out."""

from bargain.sweeping.run import sweep
from bargain.sweeping.store import read_sweep

__all__ = ["read_sweep", "sweep"]
