"""Problems that are neither trees nor matrices, as tables: what is to be shared, by whom, under which rules."""

from typing import Any

from bargain.games import BargainingProblem
from bargain.games.coalitional import CoalitionalGame
from bargain.games.issues import Issues
from bargain.games.legislative import RandomProposer
from bargain.games.power_shift import PowerShift
from bargain.games.stochastic import StochasticGame
from bargain.games.unanimity import Unanimity
from bargain.tables.profile import readable
from bargain.tables.table import Phrase, Table, Utility


def problem_rows(problem: Any) -> Table:
    """The data of a bargaining set, a coalitional game, a random-proposer model or a stochastic game.

    >>> from bargain.games.coalitional import voting_game
    >>> problem_rows(voting_game("Council", {"P": 1, "Q": 1}, 2)).records()
    [{'Coalition': 'P, Q', 'Worth': 1}]
    """
    if isinstance(problem, BargainingProblem):
        return _set(problem)
    if isinstance(problem, CoalitionalGame):
        return _worths(problem)
    if isinstance(problem, PowerShift):
        return _shift(problem)
    if isinstance(problem, Issues):
        return _issues(problem)
    if isinstance(problem, Unanimity):
        rows = tuple((player, factor) for player, factor in problem.discount.items())
        return Table(problem.title, ("Player", "Discount factor"), rows, ("Whoever accepts leaves." if problem.exit else "All must accept.",))
    if hasattr(problem, "rules"):
        return Table(problem.title, ("Rule", "For", "Value"), tuple(problem.rules())).without_empty()
    return _rules(problem) if isinstance(problem, RandomProposer) else _stages(problem)


def extent(problem: Any) -> str:
    """How large such a problem is, in words."""
    if hasattr(problem, "extent"):
        return str(problem.extent)
    if isinstance(problem, CoalitionalGame):
        return f"{len(problem.worth) - 1} coalitions"
    if isinstance(problem, RandomProposer):
        return f"random proposer, {problem.quota} of {len(problem.players)} votes"
    if isinstance(problem, Issues):
        return f"{len(problem.issues)} issues"
    if isinstance(problem, Unanimity):
        return f"unanimity of {len(problem.players)}" + (" with exit" if problem.exit else "")
    if isinstance(problem, PowerShift):
        return "power shift in continuous time" if problem.continuous else f"power shift over {problem.last} periods"
    if isinstance(problem, StochasticGame):
        return f"stochastic game, {len(problem.states)} states"
    corners = len(problem.vertices) or len(problem.points)
    return f"{problem.kind}, {corners} points" if corners else str(problem.kind)


def _set(problem: BargainingProblem) -> Table:
    rows: list[tuple[Any, ...]] = [("disagreement", *(problem.disagreement[player] for player in problem.players))]
    rows += [(f"corner {k + 1}", *point) for k, point in enumerate(problem.vertices)]
    rows += [(f"alternative {k + 1}", *point) for k, point in enumerate(problem.points)]
    notes: tuple[Any, ...] = ()
    if problem.curve is not None:
        symbol, (low, high), utilities = problem.curve
        rows += [("frontier", *(utilities[player] for player in problem.players))]
        notes = (Phrase.of("Frontier for ", symbol, " from ", low, " to ", high, "."),)
    if problem.division is not None:
        share, size, own = problem.division
        rows += [("utility of the own share", *(own[player] for player in problem.players))]
        notes = (Phrase.of("Shares ", share, " sum to ", size, "."),)
    return Table("", ("Point", *problem.players), tuple(rows), notes)


def _worths(problem: CoalitionalGame) -> Table:
    rows = tuple((", ".join(p for p in problem.players if p in coalition), value) for coalition, value in problem.worth.items() if value != 0)
    return Table(problem.title, ("Coalition", "Cost" if problem.costs else "Worth"), rows, ("Coalitions not listed are worth 0.",))


def _rules(problem: RandomProposer) -> Table:
    rows: list[tuple[Any, ...]] = [("votes needed", "", problem.quota)]
    rows += [("veto", player, "") for player in problem.vetoes]
    rows += [("recognition probability", player, problem.recognition[player]) for player in problem.players]
    rows += [("discount factor", player, problem.discount[player]) for player in problem.players]
    return Table(problem.title, ("Rule", "For", "Value"), tuple(rows)).without_empty()


def _shift(problem: PowerShift) -> Table:
    rate = "discount rate" if problem.continuous else "discount factor"
    rows: list[tuple[Any, ...]] = [("offers", problem.players[0], ""), ("answers", problem.players[1], "")]
    rows += [(Phrase.of("war begun at ", problem.time), player, problem.war[player]) for player in problem.players]
    rows += [(rate, player, problem.patience[player]) for player in problem.players]
    rows += [("largest share offered", problem.players[1], problem.most), ("burden of peace", problem.players[0], problem.burden),
             ("end of the shift", "", problem.last)]
    return Table(problem.title, ("Rule", "For", "Value"), tuple(rows))


def _issues(problem: Issues) -> Table:
    rows: list[tuple[Any, ...]] = [(f"worth of {issue.name}" + ("" if issue.divisible else " (indivisible)"), *(issue.worth[p] for p in problem.players))
                                   for issue in problem.issues]
    rows += [("discount factor", *(problem.discount[p] for p in problem.players))]
    rows += [("flow of disagreement", *((problem.disagreement or {})[p] for p in problem.players))]
    return Table(problem.title, ("Value", *problem.players), tuple(rows))


def _stages(problem: StochasticGame) -> Table:
    rows = []
    for state, stage in problem.states.items():
        for profile, result in stage.results.items():
            moves: Any = Phrase.join(", ", (Phrase.of(f"{readable(other)}: ", chance) for other, chance in result.moves.items())) if result.moves else ""
            rows.append((readable(state), ", ".join(map(readable, profile)), *(result.payoffs[player] for player in problem.players), moves))
    kind = "hazards" if problem.continuous else "probabilities"
    patience = "discount rates" if problem.continuous else "discount factors"
    stated = Phrase.join(", ", (Phrase.of(f"{player}: ", problem.patience[player]) for player in problem.players))
    return Table(problem.title, ("State", "Actions", *map(Utility, problem.players), "Moves"), tuple(rows),
                 (f"Payoffs are flows; moves to other states by {kind}.", Phrase.of(f"{patience.capitalize()}: ", stated, "."))).without_empty()
