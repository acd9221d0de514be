"""Tables: rows of plain data first, printed last (text, HTML, CSV, JSON; LaTeX in `bargain.latex`)."""

from bargain.tables.conditions import Condition
from bargain.tables.data import to_csv, to_json
from bargain.tables.games import game_rows, matrix_rows
from bargain.tables.html import to_html
from bargain.tables.listing import claims_rows, notation_rows
from bargain.tables.problems import problem_rows
from bargain.tables.solutions import solution_rows
from bargain.tables.table import Phrase, Table, Utility
from bargain.tables.text import to_text

__all__ = ["Condition", "Phrase", "Table", "Utility", "claims_rows", "game_rows", "matrix_rows", "notation_rows", "problem_rows", "solution_rows",
           "to_csv", "to_html", "to_json", "to_text"]
