"""Backward induction by outcome, exact, with every tie kept.

V(h) is the list of subgame-perfect outcomes after history h. At a decision node of player i
with moves a, an outcome v in V(h, a) is supportable iff v_i >= max over b != a of
min { w_i : w in V(h, b) }, because after any other move the least attractive equilibrium may
follow. The cost grows with the number of outcomes, not of strategy profiles.

The same code runs on numbers and on symbols: every comparison goes to an `Oracle`.
Source: Selten (1975), International Journal of Game Theory 4:25-55; ties after
Osborne and Rubinstein (1994), ch. 6.
"""

from collections.abc import Mapping
from itertools import combinations, product

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.nodes import Bargain, Chance, Decision, History, Node, Offer, Simultaneous, Terminal, show
from bargain.regions import Oracle
from bargain.solvers.alternating.tables import table_outcomes
from bargain.solvers.matrices.supports import extreme_points
from bargain.solvers.trees.offers import offer_plays
from bargain.solvers.trees.plays import Play, distinct
from bargain.solvers.trees.stage_equilibria import stage_equilibria
from bargain.solvers.trees.stage_plays import staged
from bargain.solvers.trees.stages import Stage

_LIMIT = 5_000
ONE = sp.Integer(1)


class Induction:
    """Backward induction for the players of one game under one oracle.

    stages: the subgames that information sets connect, by the history at which they start. `partial` turns true
    where equilibria beyond those listed may exist. `families` are the plays of the stage at the root by component of
    equilibria, with the subsets (positions in a family) that mix independently.
    """

    def __init__(self, players: tuple[str, ...], oracle: Oracle, stages: Mapping[History, Stage] | None = None) -> None:
        self.players, self.oracle, self.stages, self.partial = players, oracle, stages or {}, False
        self.families: list[tuple[tuple[Play, ...], tuple[tuple[int, ...], ...]]] = []

    def plays(self, node: Node, history: History = ()) -> list[Play]:
        """Every subgame-perfect outcome after `history`, each with supporting strategies."""
        if isinstance(node, Terminal):
            return [Play(tuple(node.payoffs[player] for player in self.players), label=node.label)]
        if history in self.stages:
            found = self._stage(self.stages[history])
        elif isinstance(node, Decision):
            found = self._decision(node, history)
        elif isinstance(node, Chance):
            found = self._chance(node, history)
        elif isinstance(node, Offer):
            found = offer_plays(self, node, history)
        elif isinstance(node, Simultaneous):
            found = self._simultaneous(node, history)
        else:
            found = self._bargain(node, history)
        found = distinct(found)
        if len(found) > _LIMIT:
            raise TooLarge(f"more than {_LIMIT} equilibrium outcomes", place=f"node {show(history)}", remedy="solve a subgame, or break ties by a small cost")
        return found

    def lowest(self, plays: list[Play], player: int) -> Play:
        """The play that is worst for a player (the first such)."""
        worst = plays[0]
        for play in plays[1:]:
            if self.oracle.sign(play.payoffs[player] - worst.payoffs[player]) < 0:
                worst = play
        return worst

    def _decision(self, node: Decision, history: History) -> list[Play]:
        mover = self.players.index(node.player)
        after = {name: self.plays(child, (*history, name)) for name, child in node.moves}
        floors = {name: self.lowest(plays, mover) for name, plays in after.items()}
        names = list(after)
        top = {names[k] for k in self.oracle.greatest([floors[name].payoffs[mover] for name in names])}
        level = floors[next(name for name in names if name in top)].payoffs[mover]
        found = []
        for name in names:
            for play in after[name]:
                if name in top or (len(after[name]) > 1 and self.oracle.sign(play.payoffs[mover] - level) >= 0):
                    found.append(self._choose(node, history, name, play, after, floors))
        if self.stages:  # mixing between equally good actions would make outcomes of its own
            self.partial |= any(f.path[0] != g.path[0] and f.payoffs != g.payoffs and self.oracle.equal(f.payoffs[mover], g.payoffs[mover])
                                for f, g in combinations(found, 2))
        return found

    def _choose(self, node: Decision, history: History, name: str, play: Play, after: dict[str, list[Play]],
                floors: dict[str, Play]) -> Play:
        mover, place = self.players.index(node.player), show(history)
        below, ties = [], []
        for other, _ in node.moves:
            if other == name:
                below.append(play)
                continue
            first = after[other][0]
            keep = len(after[other]) == 1 or self.oracle.sign(first.payoffs[mover] - play.payoffs[mover]) <= 0
            below.append(first if keep else floors[other])
            if self.oracle.equal(below[-1].payoffs[mover], play.payoffs[mover]):
                ties.append(other)
        own = ((node.player, node.information_set or place, {name: ONE}),)
        return Play(play.payoffs, (name, *play.path), play.label, own, tuple(below), tuple(ties), place)

    def _chance(self, node: Chance, history: History) -> list[Play]:
        branches = [self.plays(child, (*history, name)) for name, _, child in node.draws]
        self._guard([len(branch) for branch in branches], history)
        found = []
        for combination in product(*branches):
            payoffs = tuple(sp.Add(*(p * play.payoffs[i] for (_, p, _), play in zip(node.draws, combination, strict=True)))
                            for i in range(len(self.players)))
            story = " | ".join("/".join((name, *play.path)) for (name, _, _), play in zip(node.draws, combination, strict=True))
            found.append(Play(payoffs, (f"{{{story}}}",), "", (), tuple(combination), place=show(history)))
        return found

    def _simultaneous(self, node: Simultaneous, history: History) -> list[Play]:
        if len(node.players) != 2:
            raise NotApplicable(f"{len(node.players)} players move at once", place=f"node {show(history)}", remedy="two movers are supported")
        cells = list(node.cells)
        branches = [self.plays(node.cells[cell], (*history, ",".join(cell))) for cell in cells]
        self._guard([len(branch) for branch in branches], history)
        found = []
        for combination in product(*branches):
            after = dict(zip(cells, combination, strict=True))
            found += self._matrix(node, history, after)
        return found

    def _matrix(self, node: Simultaneous, history: History, after: dict[tuple[str, ...], Play]) -> list[Play]:
        rows, columns = node.actions
        first, second = (self.players.index(player) for player in node.players)
        a = [[after[r, c].payoffs[first] for c in columns] for r in rows]
        b = [[after[r, c].payoffs[second] for c in columns] for r in rows]
        place, found = show(history), []
        for x, y in extreme_points(self.oracle, a, b):
            weight = {(r, c): x[i] * y[j] for i, r in enumerate(rows) for j, c in enumerate(columns)}
            reached = [cell for cell, w in weight.items() if w != 0]
            payoffs = tuple(sp.together(sp.Add(*(weight[cell] * after[cell].payoffs[i] for cell in reached))) for i in range(len(self.players)))
            if len(reached) == 1:
                path = (",".join(reached[0]), *after[reached[0]].path)
            else:
                path = ("{" + " | ".join("/".join((",".join(cell), *after[cell].path)) for cell in reached) + "}",)
            own = ((node.players[0], place, dict(zip(rows, x, strict=True))), (node.players[1], place, dict(zip(columns, y, strict=True))))
            found.append(Play(payoffs, path, "", own, tuple(after.values()), place=place))
        if self.stages:  # a continuum of equilibria with different payoffs
            self.partial |= any(p.payoffs != q.payoffs and any(u[2] == v[2] for u, v in zip(p.own, q.own, strict=True)) for p, q in combinations(found, 2))
        return found

    def _stage(self, stage: Stage) -> list[Play]:
        branches = [self.plays(end.node, end.history) for end in stage.ends]
        self._guard([len(branch) for branch in branches], stage.start)
        found: list[Play] = []
        for combination in product(*branches):
            paid = tuple(play.payoffs for play in combination)
            equilibria = stage_equilibria(self.oracle, stage, self.players, paid)
            plays = [staged(self.players, stage, profile, combination) for profile in equilibria.profiles]
            varied = any(len({plays[k].payoffs for k in inside}) > 1 for inside, _ in equilibria.groups)
            self.partial |= not equilibria.complete or (bool(stage.start) and varied)
            self.families += [(tuple(plays[k] for k in inside), subsets) for inside, subsets in equilibria.groups if not stage.start]
            found += plays
        if not found:
            raise NotApplicable(f"no pure equilibrium among {', '.join(stage.sets)}, and mixed ones of more than two players are not searched",
                                place=f"subgame after {show(stage.start)}", remedy="fix all parameters, or give at most two players moves there")
        return found

    def _bargain(self, node: Bargain, history: History) -> list[Play]:
        walks = {player: self.plays(child, (*history, f"{player} walks away")) for player, child in node.outside.items()}
        self._guard([len(plays) for plays in walks.values()], history)
        place, found = show(history), []
        for combination in product(*walks.values()):
            outside = dict(zip(walks, combination, strict=True))
            for outcome in table_outcomes(self.oracle, node.table, self.players, outside):
                payoffs = outcome.payoffs
                if payoffs is None:
                    if node.spectators and outcome.shares[node.table.states[0].name, node.table.players[0]] is None:
                        raise NotApplicable("talks fail, and what the other players then get is not stated", place=f"node {place}",
                                            remedy="give every side an outside= node, or restrict the domains so that talks succeed")
                    spectators = {player: e.subs(node.table.share, outcome.share) for player, e in node.spectators.items()}
                    payoffs = tuple({**spectators, **outcome.sides}[player] for player in self.players)
                own = tuple((player, place, {action: ONE}) for player, action in outcome.rules.items())
                found.append(Play(payoffs, outcome.path, "", own, tuple(combination), place=place, found=outcome.quantities))
        return found

    def _guard(self, sizes: list[int], history: History) -> None:
        total = 1
        for size in sizes:
            total *= size
        if total > _LIMIT:
            raise TooLarge(f"{total} combinations of continuation equilibria", place=f"node {show(history)}", remedy="solve the subgames first")
