"""What a notebook shows of a value: HTML, LaTeX, SVG and a data frame, each made only when asked for."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Shown:
    """Gives a class the displays of `bargain.tables.notebook`."""

    def to_frame(self) -> "pd.DataFrame":
        """The rows of its table as a pandas DataFrame."""
        from bargain.tables.notebook import frame

        return frame(self)

    def _repr_html_(self) -> str:
        from bargain.tables.notebook import html

        return html(self)

    def _repr_latex_(self) -> str:
        from bargain.tables.notebook import latex

        return latex(self)

    def _repr_svg_(self) -> str:
        from bargain.tables.notebook import svg

        return svg(self)
