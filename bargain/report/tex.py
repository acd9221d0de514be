"""The report as a LaTeX document: tables by ``\\input``, figures as PDF files beside it."""

from collections.abc import Sequence

from bargain.latex import latex
from bargain.report.content import Block, Explorer, Heading, Picture, Prose, Section, Statement, Tabular
from bargain.tables.symbols import latex_words

TEXT_WIDTH, TEXT_HEIGHT = 6.3, 9.7  # of A4 paper with margins of 2.5 cm, in inches
SAID = "propositions"  # the folder of propositions and proofs
_CAPTION = 0.8  # inches left for a caption
_PREAMBLE = r"""\documentclass[a4paper]{article}
\pdfinfoomitdate=1
\pdftrailerid{}
\pdfsuppressptexinfo=-1
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}
\usepackage[margin=2.5cm]{geometry}
\usepackage{booktabs,amsmath,amssymb,amsthm,array,tabularx,longtable,threeparttable,graphicx,placeins,float}
\setlength{\emergencystretch}{3em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em plus 0.2em}
\setlength{\belowcaptionskip}{4pt}
\setlength{\LTcapwidth}{\textwidth}
\let\floatingtable\table
\renewcommand{\table}[1][]{\floatingtable[H]}
\newtheorem{proposition}{Proposition}
"""


def document(title: str, sections: Sequence[Section]) -> str:
    """The whole document."""
    lines = [_PREAMBLE + rf"\title{{{latex_words(title)}}}", r"\author{}", r"\date{}", r"\begin{document}", r"\maketitle",
             r"{\setlength{\parskip}{0pt}\small\tableofcontents}"]
    for section in sections:
        lines += [r"\FloatBarrier", r"\clearpage", rf"\section{{{latex_words(section.title)}}}"]
        lines += [_block(block) for block in section.blocks]
    return "\n".join([*lines, r"\end{document}"]) + "\n"


def fragment(block: Tabular) -> str:
    """A table as a fragment to ``\\input``."""
    return latex(block.content, caption=block.caption, label="tab:" + block.name)


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return "\n\n".join(map(latex_words, block.paragraphs)) + "\n"
    if isinstance(block, Heading):
        return (r"\FloatBarrier" if block.settled else "") + rf"\subsection*{{{latex_words(block.text)}}}"
    if isinstance(block, Explorer):
        return ""
    if isinstance(block, Tabular):
        return rf"\input{{tables/{block.name}.tex}}"
    if isinstance(block, Statement):
        return rf"\input{{{SAID}/{block.name}{'-proof' if block.proof else ''}.tex}}"
    return _figure(block)


def _figure(block: Picture) -> str:
    """A figure where it is mentioned; one much wider than the page is turned and has a page of its own."""
    wide, high = (float(side) for side in block.figure.get_size_inches())
    turned = wide > 1.35 * TEXT_WIDTH and wide > high
    fitted = rf"width=\textwidth,height={TEXT_HEIGHT - _CAPTION:.1f}in,keepaspectratio"
    size = "angle=90," + fitted if turned else fitted if wide > TEXT_WIDTH or high > TEXT_HEIGHT - _CAPTION else "scale=1"
    return "\n".join([rf"\begin{{figure}}[{'p' if turned else 'H'}]", r"\centering", rf"\includegraphics[{size}]{{figures/{block.name}.pdf}}",
                      rf"\caption{{{latex_words(block.caption)}}}\label{{fig:{block.name}}}", r"\end{figure}"])
