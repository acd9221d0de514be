"""Sets of parameter points given by polynomial conditions: the one place that decides signs.

`Cell` is a conjunction of sign conditions, `Region` a union of cells, `Space` the parameter
space with its domains and joint assumptions, which answers the questions (empty? implied?
covered?) with a `Verdict` that carries a witness or says that it could not decide.
"""

from bargain.regions.cells import ANY, EQ, GE, GT, LE, LT, NE, Cell, Region, canonical
from bargain.regions.explore import Oracle, explore
from bargain.regions.merge import merge_cells, strata
from bargain.regions.space import Space, Verdict

__all__ = ["ANY", "EQ", "GE", "GT", "LE", "LT", "NE", "Cell", "Oracle", "Region", "Space", "Verdict", "canonical",
           "explore", "merge_cells", "strata"]
