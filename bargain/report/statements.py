"""Propositions of the report, their proofs, and both as HTML."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

from bargain.latex.proposition import Proposition, proposition
from bargain.latex.wording import Wording, listed
from bargain.report.content import Block, Prose, Section, Statement, Tabular
from bargain.report.problems import regimes
from bargain.report.spoken import spoken
from bargain.solution import Solution
from bargain.tables.symbols import latex_name
from bargain.tables.writing import html_prose

CASES = 6  # a solution with more regimes is a table
PROOFS = "Proofs"
_FORM = ("The proofs are generated from the games and their certificates. Trees are solved from the last mover back. Elsewhere a proof goes through the ways in "
         "which an answer can fail its definition: a failure, named in brackets, would need the inequality before it, which its case excludes. Completeness "
         "means that there is no other answer; where no argument shows it, the proof says that it rests on the search of the solver. Where the certificate "
         "alone decided the conditions, there is no argument to print, and what was checked is called a verification.")
_LONG = re.compile(r"\d{6}")  # in a sentence nobody reads such numbers; a table rounds them


def by_regime(name: str, solution: Solution, title: str, *, free: Sequence[str] = ()) -> Tabular | Statement:
    """The equilibria by regime: a proposition where the solution is certified, its cases are few, its numbers short and no chance stays free, else a table."""
    table = regimes(name, solution, title, free=free)
    families = any(equilibrium.free.atoms for regime in solution.regimes for equilibrium in regime.extreme())
    if not solution.status.certified or families or not 1 <= len(solution.regimes) <= CASES:
        return table
    stated = proposition(solution, by=free, label=f"prop:{name}", title=title)
    wording = Wording(solution)
    if any(_LONG.search(case.printed.latex() + wording.item(case.regime)) for case in stated.cases):
        return table
    held = f"Let every parameter but {listed([f'${latex_name(one)}$' for one in free])} stand at its baseline. " if free else ""
    stated = replace(stated, opening=held + stated.opening)
    return Statement(f"{name}-proposition", stated, table)


def proofs(sections: Sequence[Section]) -> Iterator[Section]:
    """The appendix, if anything is proved."""
    found = [block for section in sections for block in section.every if isinstance(block, Statement) and block.proposition.proof is not None]
    if found:
        blocks: list[Block] = [Prose((_FORM,)), *(Statement(block.name, block.proposition, block.table, proof=True) for block in found)]
        yield Section("proofs", PROOFS, tuple(blocks))


def statement(stated: Proposition) -> str:
    """The proposition alone, as a fragment to ``\\input``."""
    return stated.to_latex().removesuffix(_proof(stated))


def proof(stated: Proposition) -> str:
    """Its proof or verification, which names it."""
    return "" if stated.proof is None else stated.proof.latex(rf" of Proposition~\ref{{{stated.label}}}")


def _proof(stated: Proposition) -> str:
    return "" if stated.proof is None else stated.proof.latex()


def statement_html(stated: Proposition, number: int) -> str:
    """The proposition as text of the page."""
    wording = Wording(stated.solution)
    opening, cases = spoken(stated.opening), stated.cases
    if len(cases) == 1 and cases[0].printed.always:
        opening, cases = f"{opening} {spoken(wording.item(cases[0].regime))}.", ()
    lines = [f'<div class="proposition" id="prop-{number}">', f"<p><b>Proposition {number}</b> ({html_prose(stated.title)}). {opening}</p>"]
    for case in cases:
        name = f" ({escape(case.regime.label)})" if case.regime.label else ""
        lines.append(f'<p class="case">{case.name}{name} If {spoken(case.printed.latex())}: {spoken(wording.item(case.regime))}.</p>')
    if stated.closing:
        lines.append(f"<p>{spoken(' '.join(stated.closing))}</p>")
    return "\n".join([*lines, "</div>"])


def proof_html(stated: Proposition, number: int) -> str:
    """The proof as text of the page."""
    assert stated.proof is not None
    return (f'<details><summary>{stated.proof.name} of <a href="#prop-{number}">Proposition {number}</a> ({html_prose(stated.title)})</summary>\n'
            f"<p>{spoken(' '.join(stated.proof.sentences))}</p></details>")

