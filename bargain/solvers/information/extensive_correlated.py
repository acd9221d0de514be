"""Extensive-form correlated equilibrium: a mediator recommends moves one information set at a time.

The mediator draws a profile of plans. A player who arrives at an information set is told the plan's move there; if she
disobeys she hears nothing more. In the coarse version she decides at an information set whether to obey from there on,
before she hears the move. In a lottery p over profiles nobody gains by disobeying iff for every trigger (information set and
recommended move; the set alone if coarse) what obeying pays is at least v of the trigger's set, where for every
own set h below, v(h) >= (payoffs after b with no own set to come) + sum of v over the own sets next after b, for each move b of h.
These inequalities are linear in p and v; a linear objective is maximised over them exactly.
Sources: von Stengel and Forges (2008), Mathematics of Operations Research 33:1002-1022; Farina, Bianchi and Sandholm (2020),
AAAI 34:1934-1941 (coarse). Profiles of reduced plans are listed one by one, so chance moves and n players are allowed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp

from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.expressions import exact
from bargain.findings.strategic import JointLottery
from bargain.games.game import Game
from bargain.games.information import information_sets, own_history, place, require_recall, successive
from bargain.games.nodes import Chance, Decision, History, Terminal
from bargain.games.strategic import StrategicForm, planned_form
from bargain.kernels.exact_lp import LinearProgram, Optimal, solve_lp
from bargain.regions import Region
from bargain.solution import Regime, Solution, Status

_PROFILES = 1500
Trigger = tuple[str, str]  # information set, recommended move ("" if coarse)


@dataclass(frozen=True)
class ExtensiveFormCorrelatedEquilibrium:
    """The extensive-form correlated equilibrium that maximises a linear objective, exactly.

    objective: weights of the players' payoffs (the sum of payoffs if none). coarse: players commit at an information set
    before they hear the move. One optimal lottery is listed, over profiles of reduced plans; others may be as good.

    >>> import bargain as bg
    >>> from bargain import Game, decision, payoffs
    >>> reply = lambda u, v: decision("B", L=payoffs(A=u, B=u), R=payoffs(A=v, B=v), information_set="B's")
    >>> game = Game("coordination", ("A", "B"), (), decision("A", l=reply(2, 0), r=reply(0, 1)))
    >>> bg.solve(game, ExtensiveFormCorrelatedEquilibrium()).equilibria[0].payoffs
    {'A': 2, 'B': 2}
    """

    objective: Mapping[str, Any] | None = None
    coarse: bool = False

    def __post_init__(self) -> None:
        if self.objective is not None:
            object.__setattr__(self, "objective", {player: exact(weight) for player, weight in self.objective.items()})

    @property
    def concept(self) -> str:
        """The concept's name."""
        return f"extensive-form {'coarse ' * self.coarse}correlated equilibrium"

    def accepts(self, problem: Any) -> None:
        """Refuse what is not a finite tree with perfect recall and rational payoffs, and objectives that name other players."""
        name = type(self).__name__
        if not isinstance(problem, Game):
            raise NotApplicable(f"needs a game tree, not a {type(problem).__name__}", place=name, remedy="use CorrelatedEquilibrium() for a matrix")
        if problem.notation.symbols:
            raise NotApplicable(f"{problem.notation.symbols[0]} is free", place=name, remedy="fix every parameter: solve(..., free=[])")
        unknown = set(self.objective or ()) - set(problem.players)
        if unknown:
            raise BadInput(f"the objective names {min(unknown)!r}", place=name, remedy="players: " + ", ".join(problem.players))
        require_recall(problem, name)

    def run(self, problem: Game) -> Solution:
        """Write the linear program over profiles of reduced plans and solve it exactly."""
        game = successive(problem)
        form = planned_form(game, reduced=True)
        cells = list(form.matrix)
        if len(cells) > _PROFILES:
            raise TooLarge(f"{len(cells)} profiles of plans", place=f"game {problem.title!r}", remedy=f"at most {_PROFILES} are listed")
        program, aims = _Program(game, form, cells, coarse=self.coarse).written(self.objective)
        outcome = solve_lp(program)
        assert isinstance(outcome, Optimal), "a finite game has a correlated equilibrium"
        lottery = {cell: sp.Rational(w.numerator, w.denominator) for cell, w in zip(cells, outcome.x, strict=False)}
        paid = {player: sp.Add(*(w * form.matrix[cell][k] for cell, w in lottery.items())) for k, player in enumerate(problem.players)}
        played = ", ".join(f"{w} ({'; '.join(cell)})" if w != 1 else f"({'; '.join(cell)})" for cell, w in lottery.items() if w != 0)
        found = JointLottery(self.concept, {}, paid, (played,), played, lottery=lottery, value=sp.Rational(outcome.value.numerator, outcome.value.denominator))
        return Solution(problem, self, Status.INCOMPLETE, (Regime(Region.everything(), (found,)),), stats={"profiles": len(cells)})


class _Program:
    """The linear program: one variable per profile, then the values v of own sets below every trigger."""

    def __init__(self, game: Game, form: StrategicForm, cells: list[tuple[str, ...]], *, coarse: bool) -> None:
        self.game, self.form, self.cells, self.coarse = game, form, cells, coarse
        self.sets = information_sets(game)
        self.past = own_history(game)
        self.ends = list(_ends(game))
        self.before = {s.name: self.past[s.members[0]] for s in self.sets}  # with perfect recall the same at every member

    def written(self, objective: Mapping[str, sp.Expr] | None) -> tuple[LinearProgram, list[Fraction]]:
        weights = [_fraction(objective.get(p, sp.Integer(0))) if objective is not None else Fraction(1) for p in self.game.players]
        aims = [sum((w * _fraction(u) for w, u in zip(weights, self.form.matrix[cell], strict=True)), Fraction(0)) for cell in self.cells]
        rows: list[dict[int, Fraction]] = []
        width = len(self.cells)
        for k, player in enumerate(self.game.players):
            own = [s for s in self.sets if s.player == player]
            for s in own:
                below = [t for t in own if t.name == s.name or any(name == s.name for name, _ in self.before[t.name])]
                for told in [""] if self.coarse else s.actions:
                    value = {t.name: width + number for number, t in enumerate(below)}
                    width += len(below)
                    rows += self._trigger(k, (s.name, told), below, value)
        table = [[row.get(column, Fraction(0)) for column in range(width)] for row in rows]
        total = [Fraction(column < len(self.cells)) for column in range(width)]
        free = range(len(self.cells), width)
        return LinearProgram([*aims, *[Fraction(0)] * (width - len(aims))], table, [Fraction(0)] * len(table), [total], [Fraction(1)], free), aims

    def _trigger(self, k: int, trigger: Trigger, below: list[Any], value: Mapping[str, int]) -> list[dict[int, Fraction]]:
        """The inequalities of one trigger of player k."""
        player, (name, told) = self.game.players[k], trigger
        obeying: dict[int, Fraction] = {value[name]: Fraction(1)}
        after: dict[tuple[str, str], dict[int, Fraction]] = {(t.name, b): {value[t.name]: Fraction(-1)} for t in below for b in t.actions}
        for t in below:
            if t.name != name:
                after[self.before[t.name][-1]][value[t.name]] = Fraction(1)
        for column, cell in enumerate(self.cells):
            plan = self.form.plans[player][cell[k]]
            if plan.get(name, "*") == "*" or (told and plan[name] != told):
                continue
            for moves, chance, payoffs in self.ends:
                own = moves[k]
                if not any(met == name for met, _ in own) or not self._led(cell, moves, but=k):
                    continue
                paid = chance * payoffs[k]
                after[own[-1]][column] = after[own[-1]].get(column, Fraction(0)) + paid
                if all(plan.get(met) == move for met, move in own):
                    obeying[column] = obeying.get(column, Fraction(0)) - paid
        return [obeying, *after.values()]

    def _led(self, cell: tuple[str, ...], moves: tuple[tuple[tuple[str, str], ...], ...], *, but: int) -> bool:
        """Whether the plans of all players but one lead to an end."""
        return all(self.form.plans[player][cell[i]].get(met) == move
                   for i, player in enumerate(self.game.players) if i != but for met, move in moves[i])


End = tuple[tuple[tuple[tuple[str, str], ...], ...], Fraction, tuple[Fraction, ...]]


def _ends(game: Game) -> list[End]:
    """Every end: the own moves of each player on the way, the probability of chance, and the payoffs."""
    found: list[End] = []
    stack: list[tuple[History, Any, tuple[tuple[tuple[str, str], ...], ...], Fraction]] = [((), game.root, ((),) * len(game.players), Fraction(1))]
    while stack:
        history, node, moves, chance = stack.pop()
        if isinstance(node, Terminal):
            found.append((moves, chance, tuple(_fraction(node.payoffs[player]) for player in game.players)))
        elif isinstance(node, Chance):
            stack.extend(((*history, name), child, moves, chance * _fraction(p)) for name, p, child in node.draws)
        else:
            assert isinstance(node, Decision)
            i, here = game.players.index(node.player), place(node, history)
            stack.extend(((*history, name), child, (*moves[:i], (*moves[i], (here, name)), *moves[i + 1:]), chance) for name, child in node.moves)
    return found


def _fraction(value: sp.Expr) -> Fraction:
    if not value.is_Rational:
        raise NotApplicable(f"the payoff {value} is not a rational number", place="ExtensiveFormCorrelatedEquilibrium", remedy="use rational payoffs")
    return Fraction(int(value.p), int(value.q))
