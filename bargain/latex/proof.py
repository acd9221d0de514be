"""Proofs generated from the game and the certificate: last mover first in trees, best replies in matrices, inequalities otherwise.

Every sentence states comparisons that were decided on the whole case by `bargain.latex.comparisons`, by the
best-reply check here, or by the certificate of the solution; what rests on the search alone is said to.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sympy as sp

from bargain.errors import NotApplicable, NotDecided
from bargain.games import Game, MatrixGame
from bargain.games.nodes import Offer
from bargain.latex.comparisons import Choice, Proposal, Step, steps
from bargain.latex.exclusion import ARGUMENTS, excluded
from bargain.latex.wording import Wording, cases, letter, listed
from bargain.regions.cells import EQ, GE, GT
from bargain.regions.space import Space
from bargain.solution import Solution, Status
from bargain.tables.mathematics import LATEX
from bargain.tables.profile import described, readable

_COVER = "cover of the parameter space: proved"


@dataclass(frozen=True)
class Proof:
    """Sentences in LaTeX. unique: the cases in which the steps prove the equilibrium unique; payoffs: those in which they prove its payoffs unique.

    argued: whether they argue; else they report what the certificate decided, which is called a verification.
    """

    sentences: tuple[str, ...]
    kind: str
    unique: frozenset[int] = frozenset()
    payoffs: frozenset[int] = frozenset()
    argued: bool = True

    @property
    def name(self) -> str:
        """What the sentences are."""
        return "Proof" if self.argued else "Verification"

    def latex(self, of: str = "") -> str:
        """The proof environment; of: what is proved, in words that follow ``Proof``."""
        head = f"[{self.name}{of}]" if of or not self.argued else ""
        return f"\\begin{{proof}}{head}\\emergencystretch=3em\n" + "\n".join(self.sentences) + "\n\\end{proof}\n"


def proof_of(solution: Solution, *, by: Iterable[str | sp.Symbol] = ()) -> Proof:
    """The proof of a solution; ``kind`` says which: ``backward induction``, ``best replies`` or ``inequalities``. by: as for the proposition.

    >>> import bargain as bg
    >>> from bargain.models.classics import deterrence as m
    >>> found = proof_of(bg.solve(m.game, bg.SubgamePerfect()))
    >>> found.kind, sorted(found.unique)
    ('backward induction', [0, 1, 2, 3])
    """
    wording = Wording(solution)
    if isinstance(solution.problem, Game) and solution.solver.concept == "subgame-perfect equilibrium" and solution.stats.get("method") != "discovery":
        try:
            return _by_induction(wording, steps(solution))
        except (NotApplicable, NotDecided):
            return _by_inequalities(wording, tuple(by))
    if isinstance(solution.problem, MatrixGame) and solution.solver.concept == "Nash equilibrium" and len(solution.problem.players) == 2:
        try:
            return Proof((*_replies(wording), _search(solution), *_covered(solution)), "best replies")
        except (NotApplicable, NotDecided):
            return _by_inequalities(wording, tuple(by))
    return _by_inequalities(wording, tuple(by))


def _by_induction(wording: Wording, taken: tuple[Step, ...]) -> Proof:
    solution = wording.solution
    every = frozenset(range(len(solution.regimes)))
    single = {k for k in every if len(list(solution.regimes[k].extreme())) == 1}
    settled = {k for k in single if all(_forced(choice) for step in taken for (case, _), choice in step.found.items() if case == k)}
    spread = {case for step in taken for (case, _), choice in step.found.items() if isinstance(choice, Proposal) and not choice.alone}
    unique = frozenset(settled - spread)
    sentences = [_step(wording, step) for step in taken]
    if settled:  # the proposition says in which cases, and of what
        sentences.append(f"Hence uniqueness{'' if unique else ' of payoffs'}, mixed strategies included.")
    if every - settled and solution.status.complete:
        sentences.append(f"Completeness{_within(wording, sorted(every - settled))} rests on the solver's search.")
    return Proof((*sentences, *_covered(solution)), "backward induction", unique, frozenset(settled))


def _forced(choice: Choice | Proposal) -> bool:
    return bool(choice.settled) if isinstance(choice, Proposal) else choice.strict


def _step(wording: Wording, step: Step) -> str:
    history = ", ".join(wording.phrase(described(move, wording.notation)).replace("offer $", "the offer $") for move in step.history)
    if isinstance(step.node, Offer):
        first, *rest = _proposals(wording, step, step.node)
        return " ".join([f"After {history}, {first}" if step.history else first[0].upper() + first[1:], *rest])
    where = f"After {history}, " if step.history else "At the start, "
    texts: dict[tuple[str, str], list[int]] = {}
    for case in dict.fromkeys(case for case, _ in step.found):
        for text in _together(wording, [choice for (one, _), choice in step.found.items() if one == case]):
            texts.setdefault(text, []).append(case)
    parts = [name + _within(wording, found) + (f": {reason}" if reason else "") for (name, reason), found in texts.items()]
    return f"{where}{LATEX.words(step.player)} plays " + "; ".join(parts) + "."


def _within(wording: Wording, found: list[int]) -> str:
    """`` in (a) and (b)``; nothing where it is every case."""
    return "" if set(found) == set(range(len(wording.solution.regimes))) else f" in {cases(found)}"


def _together(wording: Wording, choices: list[Choice | Proposal]) -> list[tuple[str, str]]:
    """What is played in one case; where several actions are because they pay the same, they are named together."""
    told = [_chosen(wording, choice) for choice in choices if isinstance(choice, Choice)]
    tied = [choice for choice in choices if isinstance(choice, Choice) and len(choice.played) == 1 and [mask for _, mask in choice.signs] == [EQ]]
    if len(tied) < 2 or len(tied) < len(choices) or len({frozenset((choice.played[0], choice.signs[0][0])) for choice in tied}) > 1:
        return told
    if len({_gap(choice) for choice in tied}) > 1:
        return told
    return [(listed(list(dict.fromkeys(name for name, _ in told)), "or"), told[0][1])]


def _gap(choice: Choice) -> frozenset[sp.Expr]:
    """The difference that decides between two actions, of either sign."""
    values = dict(choice.values)
    gap = sp.expand(values[choice.played[0]] - values[choice.signs[0][0]])
    return frozenset((gap, -gap))


def _chosen(wording: Wording, choice: Choice) -> tuple[str, str]:
    """What is played, and the comparisons that decide it."""
    values, played = dict(choice.values), choice.played
    reasons = [wording.compared(values[played[0]], _sign(mask), values[name]) for name, mask in choice.signs]
    return listed([LATEX.words(readable(action)) for action in played], "or"), listed(list(dict.fromkeys(reasons))) if reasons else ""


def _sign(mask: int) -> str:
    return {GT: ">", EQ: "=", GE: ">="}[mask]


def _proposals(wording: Wording, step: Step, node: Offer) -> Iterator[str]:
    """What the replies pay, then the rule that is optimal and the offers that are optimal given it; then why nothing else is."""
    proposer, responder, share = LATEX.words(node.player), LATEX.words(node.answer.player), wording.formula(node.share)
    paid: dict[str, list[int]] = {}
    best: dict[str, list[int]] = {}
    forced: dict[str, list[int]] = {}
    for (case, _), proposal in step.found.items():
        assert isinstance(proposal, Proposal)
        replies = [f"{LATEX.words(readable(reply))} $({wording.formula(mine)}, {wording.formula(yours)})$" for reply, mine, yours in proposal.after]
        paid.setdefault(listed(replies), []).append(case)
        low, high = wording.formula(proposal.low), wording.formula(proposal.high)
        offers = f"${share} = {low}$" if low == high else rf"any ${share} \in [{low}, {high}]$"
        only = " alone" if proposal.settled == "constant" else ""
        text = f"{_rule(wording, proposal)}{only} and {offers}"
        best.setdefault(text, []).append(case)
        if proposal.settled in ("accepted", "rejected"):
            forced.setdefault(_why(wording, proposal, proposer), []).append(case)
    head = [f"replies to ${share}$ pay ({proposer}, {responder}){_within(wording, found)}: {text}" for text, found in paid.items()]
    yield "; ".join(head) + "."
    where = _within(wording, next(iter(best.values())))
    yield f"Optimal are{',' if where else ''}" + ";".join(f"{where}, {text}" if (where := _within(wording, found)) else f" {text}"
                                                          for text, found in best.items()) + "."
    for text, found in forced.items():
        where = _within(wording, found).strip()
        yield f"{where[0].upper()}{where[1:]}, {text}." if where else f"{text[0].upper()}{text[1:]}."


def _rule(wording: Wording, proposal: Proposal) -> str:
    (where, reply), *_ = proposal.rule
    return f"``{LATEX.words(readable(reply))}{'' if where is None else ' iff ' + wording.phrase(where)}''"


def _why(wording: Wording, proposal: Proposal, proposer: str) -> str:
    if proposal.settled == "rejected":
        return f"offers that must be refused pay {proposer} {wording.math(proposal.pays)}, accepted ones less"
    return f"were the indifferent offer ever refused, {proposer} could approach but not attain {wording.math(proposal.pays)}"


def _replies(wording: Wording) -> Iterator[str]:
    """The best-reply inequalities of every extreme equilibrium, decided on its case."""
    game, space = wording.problem, Space(wording.notation)
    several = len(wording.solution.regimes) > 1
    for case, regime in enumerate(wording.solution.regimes):
        sentences = []
        for equilibrium in regime.extreme():
            mixes = [next(iter(equilibrium.strategies[player].values())) for player in game.players]
            reasons = []
            for mine in range(2):
                paid = {action: sp.together(sp.Add(*(mixes[1 - mine].get(other, 0) * game[(action, other) if mine == 0 else (other, action)][mine]
                                                     for other in game.actions[1 - mine]))) for action in game.actions[mine]}
                played = [action for action in game.actions[mine] if mixes[mine].get(action, 0) != 0]
                for action in paid:
                    if action == played[0]:
                        continue
                    mask = 0
                    for cell in regime.condition:
                        mask |= space.sign(sp.together(paid[played[0]] - paid[action]), cell)
                    if mask & ~(EQ if action in played else GE):
                        raise NotDecided("a best reply", place="proof", remedy="the inequalities of the certificate are listed")
                    if action in played:
                        reasons.append("indifference")
                    elif not (paid[played[0]] - paid[action]).is_number:
                        reasons.append(wording.compared(paid[played[0]], _sign(mask), paid[action]))
            sentences.append(wording.strategies(equilibrium, {}) + (": " + listed(list(dict.fromkeys(reasons))) if reasons else ""))
        yield (f"In {letter(case)}, " if several else "The best replies: ") + "; ".join(dict.fromkeys(sentences)) + "."


def _by_inequalities(wording: Wording, by: tuple[str | sp.Symbol, ...]) -> Proof:
    """What each way to fail would need, and that the cases exclude it; for outcomes and families what the certificate counted."""
    solution = wording.solution
    if solution.stats.get("method") in ("discovery", "coexistence"):
        kinds = [LATEX.words(check.split(":")[0]) for check in solution.certificate.checks if check.endswith("checked")]
        said = ["The conditions of the concept were verified exactly" + (" on each case" if len(solution.regimes) > 1 else "")
                + (f": {listed(kinds)}." if kinds else ".")]
    else:
        said = list(excluded(wording, by))
    argued = len(said) > 1 or any(one.startswith(ARGUMENTS) for one in said)
    return Proof((*said, _search(solution), *_covered(solution)), "inequalities", argued=argued)


def _search(solution: Solution) -> str:
    return "Completeness rests on the solver's search." if solution.status.complete else "The list is not proved complete."


def _covered(solution: Solution) -> Iterator[str]:
    if _COVER in solution.certificate.checks and len(solution.regimes) > 1:
        apart = any(check.endswith(" apart") for check in solution.certificate.checks)
        what = "Cases and excluded set" if solution.boundary.cells else "The cases"
        yield f"{what} {'partition' if apart else 'cover'} the parameter space."
    elif solution.status is Status.INCOMPLETE and len(solution.regimes) > 1:
        yield "That the cases cover the parameter space was not proved."


