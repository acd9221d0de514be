"""The document around a fragment: the packages it needs, the same for pdflatex, lualatex and xelatex."""

_ALWAYS = "booktabs,amsmath,amssymb,amsthm,array,tabularx,longtable,threeparttable"
_IF_USED = ((r"\begin{landscape}", "pdflscape"), ("S[table-format", "siunitx"), (r"\begin{tikzpicture}", "tikz"))
_HEAD = r"""\documentclass{article}
\usepackage{iftex}
\ifPDFTeX
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage[margin=2.5cm]{geometry}
"""


def packages(text: str) -> str:
    """The packages that a fragment needs, as ``\\usepackage`` takes them.

    >>> packages(r"\\begin{landscape}").endswith("pdflscape")
    True
    """
    return ",".join([_ALWAYS, *(name for mark, name in _IF_USED if mark in text)])


def document(text: str) -> str:
    """A complete document with the fragment in it."""
    theorem = "\\newtheorem{proposition}{Proposition}\n"
    return f"{_HEAD}\\usepackage{{{packages(text)}}}\n{theorem}\\begin{{document}}\n{text}\\end{{document}}\n"
