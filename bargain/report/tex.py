"""The report as a LaTeX document: tables by ``\\input``, figures as PDF files beside it."""

from collections.abc import Iterator, Sequence

from bargain.latex import latex
from bargain.latex.tabular import in_words
from bargain.report.content import Block, Explorer, Heading, Picture, Prose, Section, Statement, Tabular
from bargain.report.parts import SUPPLEMENT
from bargain.tables import Table
from bargain.tables.symbols import latex_words
from bargain.tables.writing import latex_prose

TEXT_WIDTH, TEXT_HEIGHT = 6.3, 9.7  # of A4 paper with margins of 2.5 cm, in inches
LINE = 455.0  # the text width in points
SAID = "propositions"  # the folder of propositions and proofs
_HALF = 3.6  # inches: two figures no wider than this stand side by side
_CAPTION = 0.8  # inches left for a caption
_PREAMBLE = r"""\documentclass[a4paper]{article}
\pdfinfoomitdate=1
\pdftrailerid{}
\pdfsuppressptexinfo=-1
\usepackage[utf8]{inputenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}
\usepackage[margin=2.5cm]{geometry}
\usepackage{booktabs,amsmath,amssymb,amsthm,array,tabularx,longtable,threeparttable,graphicx,placeins,etoolbox}
\makeatletter
\patchcmd{\LT@start}{\global\@colroom\@colht}{}{}{} % a float above a long table takes its room from the page,
\patchcmd{\LT@output}{\copy\LT@head\nobreak}{\global\@colroom\@colht\ifvoid\LT@foot\else\global\advance\@colroom-\ht\LT@foot\fi
  \global\vsize\@colroom\copy\LT@head\nobreak}{}{} % but from that page only
\patchcmd{\l@section}{1.5em}{2.3em}{}{} % the contents hold numbers of three digits
\newcommand{\equationswhole}{\AtBeginEnvironment{tabularx}{\relpenalty=9999 }\AtBeginEnvironment{longtable}{\relpenalty=9999 }}
\newcommand{\tablesinplace}{\setlength{\abovecaptionskip}{2pt}%
  \renewenvironment{table}[1][]{\par\addvspace{10pt plus 3pt}\noindent\begin{minipage}{\textwidth}\def\@captype{table}}%
  {\end{minipage}\par\addvspace{10pt plus 3pt}}}
\newenvironment{inplace}{\par\addvspace{\intextsep}\noindent\begin{minipage}{\textwidth}\centering\def\@captype{figure}}%
  {\end{minipage}\par\addvspace{\intextsep}}
\AtBeginEnvironment{proposition}{\@beginparpenalty=10000\relax\@endparpenalty=10000\relax} % its cases stay with what opens and closes it
\AtEndEnvironment{proposition}{\@endparpenalty=-51\relax}
\newcommand{\roomfor}[1]{\par\penalty0\dimen@\pagegoal\advance\dimen@-\pagetotal\ifdim\dimen@<#1\newpage\fi}
\makeatother
\tolerance=3000
\setlength{\emergencystretch}{3em}
\setlength{\parindent}{0pt}
\setlength{\parskip}{0.6em plus 0.2em}
\setlength{\belowcaptionskip}{4pt}
\setlength{\LTcapwidth}{\textwidth}
\setcounter{topnumber}{4}
\setcounter{bottomnumber}{0}
\setcounter{totalnumber}{8}
\renewcommand{\topfraction}{.95}
\renewcommand{\textfraction}{.02}
\renewcommand{\floatpagefraction}{.75}
\setlength{\textfloatsep}{14pt plus 4pt minus 4pt}
\setlength{\intextsep}{12pt plus 3pt minus 3pt}
\setlength{\floatsep}{12pt plus 3pt minus 3pt}
\raggedbottom
\newtheorem{proposition}{Proposition}
"""


def document(title: str, sections: Sequence[Section]) -> str:
    """The whole document."""
    lines = [_PREAMBLE + rf"\title{{{latex_words(title)}}}", r"\author{}", r"\date{}", r"\begin{document}", r"\maketitle",
             r"{\setlength{\parskip}{0pt}\small\tableofcontents}", r"\tablesinplace\equationswhole"]
    part, last = "", None
    for section in sections:
        if section.part != part:
            part = section.part
            lines += [r"\FloatBarrier", r"\clearpage", rf"\part{{{latex_words(part)}}}"]
        blocks = section.blocks if part == SUPPLEMENT else sorted(section.blocks, key=_turned)  # a page of its own comes last: what follows fills the page before
        barrier = [] if last is not None and _turned(last) else [r"\FloatBarrier"]
        lines += [*barrier, r"\roomfor{12\baselineskip}", rf"\section{{{latex_prose(section.title)}}}", *_blocks(blocks, late=not barrier)]
        last = blocks[-1] if blocks else None
    return "\n".join([*lines, r"\end{document}"]) + "\n"


def fragment(block: Tabular) -> str:
    """A table as a fragment to ``\\input``; one of a single row is a sentence."""
    if isinstance(block.content, Table) and len(block.content.rows) == 1:
        return in_words(block.content, block.caption) + "\n"
    return latex(block.content, caption=block.caption, label="tab:" + block.name, line=LINE)


def _blocks(blocks: Sequence[Block], *, late: bool) -> Iterator[str]:
    """The blocks; a heading only before prose, as captions name what floats; two narrow figures of one study side by side. late: a figure is still to come."""
    place = 0
    while place < len(blocks):
        block, after = blocks[place], blocks[place + 1] if place + 1 < len(blocks) else None
        if late and isinstance(block, Picture) and not _turned(block):
            yield r"\FloatBarrier"
            late = False
        if isinstance(block, Picture) and isinstance(after, Picture) and _narrow(block) and _narrow(after):
            yield _beside(block, after)
            place += 2
            continue
        if not isinstance(block, Heading) or isinstance(after, Prose):
            yield _block(block)
        place += 1


def _turned(block: Block) -> bool:
    """Whether a figure is much wider than the page."""
    if not isinstance(block, Picture):
        return False
    wide, high = (float(side) for side in block.figure.get_size_inches())
    return wide > 1.35 * TEXT_WIDTH and wide > high


def _narrow(block: Picture) -> bool:
    return float(block.figure.get_size_inches()[0]) <= _HALF


def _beside(one: Picture, other: Picture) -> str:
    halves = [rf"\begin{{minipage}}[t]{{0.49\textwidth}}\centering\includegraphics[width=\linewidth]{{figures/{block.name}.pdf}}"
              rf"\caption{{{latex_prose(block.caption)}}}\label{{fig:{block.name}}}\end{{minipage}}" for block in (one, other)]
    return "\n".join([r"\begin{inplace}", halves[0] + r"\hfill", halves[1], r"\end{inplace}"])


def _block(block: Block) -> str:
    if isinstance(block, Prose):
        return "\n\n".join(latex_prose(paragraph, block.names) for paragraph in block.paragraphs) + "\n"
    if isinstance(block, Heading):
        return (r"\FloatBarrier" if block.settled else "") + rf"\subsection*{{{latex_words(block.text)}}}"
    if isinstance(block, Explorer):
        return ""
    if isinstance(block, Tabular):
        line = rf"\input{{tables/{block.name}.tex}}"
        if r"\begin{longtable}" in fragment(block):  # it does not float, and TeX misjudges the room below it for what does
            return "\n".join([r"\FloatBarrier", line, r"\suppressfloats"])
        return line
    if isinstance(block, Statement):
        return rf"\input{{{SAID}/{block.name}{'-proof' if block.proof else ''}.tex}}"
    return _figure(block)


def _figure(block: Picture) -> str:
    """A figure where it is mentioned; one that is turned has a page of its own."""
    wide, high = (float(side) for side in block.figure.get_size_inches())
    fitted = rf"width=\textwidth,height={TEXT_HEIGHT - _CAPTION:.1f}in,keepaspectratio"
    size = "angle=90," + fitted if _turned(block) else fitted if wide > TEXT_WIDTH or high > TEXT_HEIGHT - _CAPTION else "scale=1"
    begin, end = (r"\begin{figure}[p]\centering", r"\end{figure}") if _turned(block) else (r"\begin{inplace}", r"\end{inplace}")
    return "\n".join([begin, rf"\includegraphics[{size}]{{figures/{block.name}.pdf}}", rf"\caption{{{latex_prose(block.caption)}}}\label{{fig:{block.name}}}", end])
