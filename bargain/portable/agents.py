"""Perfect equilibria of trees, written as moves drawn with the chances of the equilibrium and what an auditor answers to every small epsilon.

An inspector proposes any epsilon up to a bound; the auditor answers with a chance for every action at every information set, a function of epsilon.
Allowed are positive chances within epsilon over a constant of the strategies, against which what is played at an information set earns as much as any other
action there, all other sets, the player's own later ones too, trembling; and beliefs that are within epsilon over the constant of the conditional chances. So the
strategies are the limit of completely mixed profiles to which all that is played is a best reply, agent by agent (Selten 1975, International
Journal of Game Theory 4:25-55), and the beliefs are the limits too. What an action earns is written out as a sum over the ends behind it. The bound and the
constant are chances, which the auditor chooses. That other equilibria are not perfect is not written down.
"""

from collections.abc import Iterator
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, place, successive
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show
from bargain.portable.refusals import REMEDY
from bargain.portable.regret import Tree
from bargain.portable.stages import Staged, value_of
from bargain.portable.trembles import EPSILON, holds, orders
from bargain.regions.cells import EQ, GE, GT, LE

_SMALLEST = 40  # halvings of the bound on epsilon, and of the constant
_ENDS = 64  # of the tree: what an action earns is a sum over them
Step = tuple[str, str, str, sp.Expr]  # who moves ("" for nature), the information set, the action, its chance
Gap = tuple[sp.Expr, sp.Expr]  # what vanishes with epsilon, and what it is compared with


def perfect(problem: Game, solver: Any, e: Any) -> Staged:
    """Play, and trembles for every small epsilon."""
    if problem.notation.symbols or e.free.atoms:
        raise NotApplicable("no portable certificate: the trembles of a family are shown inside its range, not on its border (add --at for free parameters)",
                            place="certificate", remedy=REMEDY)
    game = successive(problem)
    table = Tree(game, e)
    draft, sets = table.draft, information_sets(game)
    table.play((), "")
    known, book = dict(table.known), dict[str, tuple[sp.Symbol, sp.Expr]]()

    def share(name: str, value: sp.Expr) -> sp.Symbol:
        book[name] = (sp.Symbol(name, real=True), value)
        known[book[name][0]] = value
        return book[name][0]

    tremble = {(own.name, a): share(f"tremble {a} at {own.name}", sp.cancel(sp.together(e.trembles[own.name][a]))) for own in sets for a in own.actions}
    ends = list(_ends(game.root, (), (), tremble))
    if len(ends) > _ENDS:
        raise NotApplicable(f"no portable certificate: {len(ends)} ends, at most {_ENDS} are written", place="certificate", remedy=REMEDY)
    gaps: list[Gap] = [(tremble[own.name, a] - table.chance[own.player, own.name][a], sp.Integer(1)) for own in sets for a in own.actions]
    replies = []
    for own in sets:
        earned = {a: _earned(own, a, ends) for a in own.actions}
        replies += [(table.chance[own.player, own.name][a], earned[b] - earned[a]) for a in own.actions for b in own.actions if a != b]
        if len(own.members) > 1:
            reach = [sp.Mul(*(chance for _, _, _, chance in _steps(game, member, tremble))) for member in own.members]
            belief = [share(f"belief {show(member)} at {own.name}", e.beliefs[own.name][show(member)]) for member in own.members]
            gaps += [(here - mu * sp.Add(*reach), sp.Add(*reach)) for here, mu in zip(reach, belief, strict=True)]
    positive = list(tremble.values())
    cut = _halved(lambda cut: all(holds(_number(w, known), cut, strictly=True) for w in positive)
                  and all(known[s] == 0 or holds(-_number(gain, known), cut, strictly=False) for s, gain in replies))
    rate = _halved(lambda rate: all(holds(_number(EPSILON * whole + side * rate * gap, known), cut, strictly=False) for gap, whole in gaps for side in (1, -1)))
    least = draft.chances(draft.auditor, "bound of epsilon", {"bound": cut, "rest": 1 - cut})["bound"]
    near = draft.chances(draft.auditor, "constant", {"constant": rate, "rest": 1 - rate})["constant"]
    conditions = [*((sp.Add(*(tremble[own.name, a] for a in own.actions)) - 1, EQ) for own in sets), *((w, GT) for w in (near, *positive)),
                  *((EPSILON * whole + side * near * gap, GE) for gap, whole in gaps for side in (1, -1)), *((s * gain, LE) for s, gain in replies)]
    orders(draft, tuple(conditions), book, least, cut)
    draft.add("start", draft.end({p: value_of("play", p) for p in game.players}), e.payoffs, measure=3)
    return draft.staged("moves drawn with the chances of the equilibrium; for every small epsilon there are completely mixed ones, near them, to which all "
                        "that is played is a best reply", "start")


def _ends(node: Node, history: History, way: tuple[Step, ...], tremble: dict[tuple[str, str], sp.Symbol]) -> Iterator[tuple[tuple[Step, ...], Terminal]]:
    """Every end with the way there."""
    if isinstance(node, Terminal):
        yield way, node
        return
    for name, child in node.moves:
        yield from _ends(child, (*history, name), (*way, _step(node, history, name, tremble)), tremble)


def _step(node: Node, history: History, name: str, tremble: dict[tuple[str, str], sp.Symbol]) -> Step:
    if isinstance(node, Chance):
        return "", "", name, next(weight for other, weight, _ in node.draws if other == name)
    assert isinstance(node, Decision)
    return node.player, place(node, history), name, tremble[place(node, history), name]


def _steps(game: Game, member: History, tremble: dict[tuple[str, str], sp.Symbol]) -> list[Step]:
    """The way to a node."""
    return [_step(game.node(*member[:depth]), member[:depth], name, tremble) for depth, name in enumerate(member)]


def _earned(own: InformationSet, action: str, ends: list[tuple[tuple[Step, ...], Terminal]]) -> sp.Expr:
    """What an action at an information set earns, summed over its nodes with the chances that nature and the others let play arrive there."""
    total = []
    for way, end in ends:
        at = next((k for k, step in enumerate(way) if step[1:3] == (own.name, action)), None)
        if at is not None:
            total.append(sp.Mul(end.payoffs[own.player], *(step[3] for k, step in enumerate(way) if k > at or (k < at and step[0] != own.player))))
    return sp.Add(*total)


def _number(value: sp.Expr, known: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """A polynomial in epsilon of the same sign."""
    top, bottom = sp.fraction(sp.cancel(sp.together(value.xreplace(known))))
    return sp.expand(top * bottom)


def _halved(good: Any) -> sp.Rational:
    """The first of 1/2, 1/4, ... that will do."""
    found = next((half for power in range(1, _SMALLEST) if good(half := sp.Rational(1, 2**power))), None)
    if found is None:
        raise NotApplicable("no portable certificate: the trembles are good for minute epsilon only", place="certificate", remedy=REMEDY)
    return found
