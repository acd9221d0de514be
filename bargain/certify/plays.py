"""The plays of a perfect-information tree and what they pay, listed from the game alone.

A play of a subtree is () at an end, (move, play after it) at a decision, and one play per
branch at a chance move.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

import sympy as sp

from bargain.errors import NotApplicable, TooLarge
from bargain.games.game import Game
from bargain.games.nodes import Chance, Decision, History, Node, Terminal, show

Play = tuple[Any, ...]
_PLAYS = 5000  # plays of a subtree that are listed


class Plays:
    """Plays by history; payoffs as numbers that are equal for equal expanded expressions."""

    def __init__(self, game: Game) -> None:
        self.game = game
        self._nodes: dict[History, Node] = dict(game.nodes())
        for history, node in self._nodes.items():
            if not isinstance(node, Terminal | Decision | Chance):
                raise NotApplicable(f"a {type(node).__name__} node", place=show(history), remedy="certified by outcome are trees of decisions and chance moves")
        self._counts: dict[History, int] = {}
        self._count(game.root, ())
        self._below: dict[History, tuple[Play, ...]] = {}
        self._worths: dict[tuple[History, Play, str], int] = {}
        self._numbers: dict[Any, int] = {}
        self._given: dict[sp.Expr, int] = {}
        self._places: dict[sp.Expr, int] = {}
        self._terms: list[Mapping[sp.Expr, sp.Rational]] = []

    def _count(self, node: Node, history: History) -> int:
        parts = [self._count(child, (*history, name)) for name, child in ([] if isinstance(node, Terminal) else node.moves)]
        count = prod(parts) if isinstance(node, Terminal | Chance) else sum(parts)
        if count > _PLAYS:
            raise TooLarge(f"{count} plays after {show(history)}", place="certificate of outcomes", remedy="certified are trees in which they can be listed")
        self._counts[history] = count
        return count

    def below(self, history: History) -> tuple[Play, ...]:
        """Every play of the subtree after a history."""
        if history not in self._below:
            node = self._nodes[history]
            if isinstance(node, Terminal):
                found: Iterator[Play] = iter([()])
            elif isinstance(node, Chance):
                found = product(*(self.below((*history, name)) for name, _ in node.moves))
            else:
                found = ((name, play) for name, _ in node.moves for play in self.below((*history, name)))
            self._below[history] = tuple(found)
        return self._below[history]

    def worth(self, history: History, play: Play, player: str) -> int:
        """The number of what a play of the subtree after a history pays a player."""
        node = self._nodes[history]
        if isinstance(node, Terminal):
            return self._number(node.payoffs[player])
        if isinstance(node, Decision):
            return self.worth((*history, play[0]), play[1], player)
        key = (history, play, player)
        if key not in self._worths:
            assert isinstance(node, Chance)
            parts = [p * self.expression(self.worth((*history, name), play[place], player)) for place, (name, p, _) in enumerate(node.draws)]
            self._worths[key] = self._number(sp.Add(*parts))
        return self._worths[key]

    def _number(self, payoff: sp.Expr) -> int:
        if payoff not in self._given:
            terms = dict(sp.expand(payoff).as_coefficients_dict())
            key = frozenset(terms.items())
            if key not in self._numbers:
                self._numbers[key] = len(self._terms)
                self._terms.append(terms)
            self._given[payoff] = self._numbers[key]
        return self._given[payoff]

    def expression(self, number: int) -> sp.Expr:
        """A payoff by its number."""
        return sp.Add(*(coefficient * term for term, coefficient in self._terms[number].items()))

    def difference(self, left: int, right: int) -> list[tuple[sp.Expr, sp.Rational]]:
        """left - right as (term, coefficient), sorted; empty if the two are equal."""
        first, second = self._terms[left], self._terms[right]
        for term in (*first, *second):
            self._places.setdefault(term, len(self._places))
        gap = {term: first.get(term, sp.Integer(0)) - second.get(term, sp.Integer(0)) for term in {**first, **second}}
        return sorted(((term, value) for term, value in gap.items() if value != 0), key=lambda pair: self._places[pair[0]])

    def named(self, path: tuple[str, ...]) -> Play | None:
        """The play with the given moves; the branches of a chance move are written {name/move/... | name/...}."""
        return self._named((), path)

    def _named(self, history: History, path: tuple[str, ...]) -> Play | None:
        node = self._nodes[history]
        if isinstance(node, Terminal):
            return () if not path else None
        if isinstance(node, Decision):
            if not path or path[0] not in dict(node.moves):
                return None
            rest = self._named((*history, path[0]), path[1:])
            return None if rest is None else (path[0], rest)
        return next((play for play in self.below(history) if self.path(history, play) == path), None)

    def path(self, history: History, play: Play) -> tuple[str, ...]:
        """The moves of a play, as `Equilibrium.path` writes them."""
        node = self._nodes[history]
        if isinstance(node, Terminal):
            return ()
        if isinstance(node, Decision):
            return (play[0], *self.path((*history, play[0]), play[1]))
        branches = ["/".join((name, *self.path((*history, name), play[place]))) for place, (name, _) in enumerate(node.moves)]
        return ("{" + " | ".join(branches) + "}",)

    def payoffs(self, play: Play) -> tuple[int, ...]:
        """What a play of the whole tree pays each player, by number."""
        return tuple(self.worth((), play, player) for player in self.game.players)

    def pays(self, play: Play, claimed: Mapping[str, sp.Expr]) -> bool:
        """Whether a play of the whole tree pays exactly what is claimed."""
        return all(player in claimed and self.worth((), play, player) == self._number(claimed[player]) for player in self.game.players)
