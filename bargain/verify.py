"""Certificates checked again, from the file alone: ``bargain verify FILE``.

A certificate holds a game, an answer and the evidence (`bargain.portable` writes it). Nothing that found the answer is used
here: expressions are parsed as data, payoffs are derived from the game in the file, and a claim that depends on parameters is
written as SMT-LIB text, "the condition holds and somebody gains", which z3 (and cvc5, where installed) must find contradictory.
A claim is refuted, proved, or undecided; only a file all of whose claims are proved is verified. Verified is: every listed profile is
an equilibrium everywhere on its regime, every cell has a point, and the regimes cover the domain except for the boundary that the
file names. That no further equilibrium exists is not checked.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from math import comb, factorial, prod
from pathlib import Path
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse

FORMAT = "bargain certificate 1"
_BYTES, _DEPTH, _TERMS, _PLAYERS, _DEGREE = 32 * 2**20, 120, 20_000, 12, 400
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}\Z", re.ASCII)
_OPERATORS = {"<": "<", "<=": "<=", "=": "=", ">": ">", ">=": ">=", "!=": "distinct"}
_EPSILON, _ZERO, _ONE = sp.Symbol("epsilon", positive=True), sp.Integer(0), sp.Integer(1)
Formula = tuple[Any, ...]  # (expression, operator) against zero, or ("and" | "or" | "not", formula, ...)
Values = dict[str, sp.Expr]


@dataclass
class Report:
    """What was established: the number of claims proved, and those refuted or left open."""

    concept: str
    proved: int = 0
    refuted: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Whether something was claimed and every claim was proved."""
        return self.proved > 0 and not self.refuted and not self.undecided


@dataclass(frozen=True)
class _Node:
    kind: str
    place: str = ""
    movers: tuple[str, ...] = ()
    actions: tuple[tuple[str, ...], ...] = ()
    after: Mapping[tuple[str, ...], "_Node"] = field(default_factory=dict)
    values: Mapping[Any, sp.Expr] = field(default_factory=dict)  # payoffs of an end, chances of draws, ends of an offer's interval
    share: Any = None


class _Reader:
    """Plain JSON to exact values; every complaint names its place."""

    def __init__(self, names: Sequence[str]) -> None:
        self.symbols = {name: sp.Symbol(name, real=True) for name in names}
        self.known: dict[tuple[str, frozenset[str]], sp.Expr] = {}

    def expression(self, text: Any, place: str) -> sp.Expr:
        key = (_is(text, str, place), frozenset(self.symbols))
        if key not in self.known:
            try:
                self.known[key] = parse(text, self.symbols)
            except (BadInput, ArithmeticError, TypeError, ValueError) as error:
                raise BadInput(str(error)[:200], place=place, remedy="certificates hold exact expressions over the parameters they declare") from error
            if self.known[key].has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I):
                raise BadInput(f"{text[:40]!r} is not a real number", place=place, remedy="write a finite one")
        return self.known[key]

    def table(self, value: Any, place: str) -> Values:
        return {name: self.expression(text, f"{place}, {name}") for name, text in _is(value, dict, place).items()}

    def cell(self, atoms: Any, place: str) -> Formula:
        found = []
        for atom in _is(atoms, list, place):
            if len(_is(atom, list, place)) != 2 or atom[1] not in list(_OPERATORS):
                raise BadInput("a condition is [expression, operator]", place=place, remedy="operators: " + " ".join(_OPERATORS))
            found.append((self.expression(atom[0], place), atom[1]))
        return ("and", *found)

    def rule(self, value: Any, place: str) -> list[tuple[Formula, Values]]:
        """A lottery, or lotteries by conditions on an offered share (the first that holds counts)."""
        if isinstance(value, dict):
            return [(("and",), self.table(value, place))]
        pieces: list[tuple[Formula, Values]] = []
        for piece in _is(value, list, place):
            part = _keys(piece, place, "if", "play")
            met = self.cell(part["if"], place)
            pieces.append((("and", met, *(("not", earlier) for earlier in _tests(pieces))), self.table(part["play"], place)))
        return pieces

    def node(self, value: Any, players: Sequence[str], place: str = "tree", depth: int = 0) -> _Node:
        kind = _is(value, dict, place).get("type")
        if depth > _DEPTH:
            raise BadInput("the tree is too deep", place=place[:80], remedy=f"certificates hold trees of at most {_DEPTH} moves")
        if kind == "end":
            return _Node("end", values=self.payoffs(_keys(value, place, "type", "payoffs")["payoffs"], players, place))
        if kind == "chance":
            draws = {name: _keys(draw, place, "chance", "then") for name, draw in _is(_keys(value, place, "type", "draws")["draws"], dict, place).items()}
            chances = {(name,): self.expression(draw["chance"], place) for name, draw in draws.items()}
            return _Node("chance", f"nature: {place}", after={(n,): self.node(d["then"], players, f"{place}/{n}", depth + 1) for n, d in draws.items()},
                         values=chances)
        if kind == "offer":
            part = _keys(value, place, "type", "player", "place", "share", "low", "high", "then")
            ends = {"low": self.expression(part["low"], place), "high": self.expression(part["high"], place)}
            if not _NAME.match(_is(part["share"], str, place)) or part["share"] in self.symbols or part["player"] not in players:
                raise BadInput("an offer needs a player and a symbol of its own", place=place, remedy="rename the share")
            share = self.symbols[part["share"]] = sp.Symbol(part["share"], real=True)
            answer = self.node(part["then"], players, f"{place}/offer", depth + 1)
            del self.symbols[part["share"]]
            return _Node("offer", _is(part["place"], str, place), (part["player"],), after={("offer",): answer}, values=ends, share=share)
        part = _keys(value, place, "type", "players", "place", "actions", "moves")
        movers, actions = tuple(_words(part["players"], place)), tuple(tuple(_words(names, place)) for names in _is(part["actions"], list, place))
        if kind != "move" or not movers or not set(movers) <= set(players) or len(actions) != len(movers) or not all(actions):
            raise BadInput("a node is an end, chance, an offer or a move of known players with actions", place=place, remedy="write the certificate again")
        cells: dict[tuple[str, ...], _Node] = {}
        for move in _is(part["moves"], list, place):
            own = _keys(move, place, "by", "then")
            names = tuple(_words(own["by"], place, distinct=False))
            if names in cells or len(names) != len(actions) or not all(a in known for a, known in zip(names, actions, strict=True)):
                raise BadInput(f"{names} is not a new profile of actions", place=place, remedy="list every profile once")
            cells[names] = self.node(own["then"], players, f"{place}/{','.join(names)}", depth + 1)
        if len(cells) != prod(map(len, actions)):
            raise BadInput("a profile of actions is missing", place=place, remedy="list every profile once")
        return _Node("move", _is(part["place"], str, place), movers, actions, cells)

    def payoffs(self, value: Any, players: Sequence[str], place: str) -> Values:
        found = self.table(value, place)
        if set(found) != set(players):
            raise BadInput("payoffs must name every player exactly", place=place, remedy="players: " + ", ".join(players))
        return found


def _is(value: Any, kind: type, place: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool) and kind is not bool:
        names = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
        raise BadInput(f"{names[kind]} is expected", place=place[:120], remedy="write the certificate again with bargain solve --certificate")
    return value


def _keys(value: Any, place: str, *names: str) -> dict[str, Any]:
    if set(_is(value, dict, place)) != set(names):
        odd = sorted(set(value) ^ set(names))[0]
        raise BadInput(f"the key {odd[:40]!r} is {'unknown' if odd in value else 'missing'}", place=place[:120], remedy="keys: " + ", ".join(names))
    return value  # type: ignore[no-any-return]


def _words(value: Any, place: str, *, distinct: bool = True) -> list[str]:
    words = [_is(word, str, place) for word in _is(value, list, place)]
    if distinct and len(set(words)) != len(words):
        raise BadInput("a name is listed twice", place=place, remedy="list each once")
    return words


def _tests(pieces: Sequence[tuple[Formula, Values]]) -> Iterator[Formula]:
    return (test for test, _ in pieces)


def _terms(e: sp.Basic) -> int:
    """A bound on the number of terms once multiplied out (a huge number means: do not try)."""
    if e.is_Add:
        return sum(map(_terms, e.args))
    if e.is_Pow and e.args[1].is_Integer:
        n, t = abs(int(e.args[1])), _terms(e.args[0])  # type: ignore[call-overload]
        return 10**9 if n > _DEGREE or t > 10**6 else comb(t + n - 1, n)
    return min(prod(map(_terms, e.args)), 10**12) if e.is_Mul else max(map(_terms, e.args), default=1)


class _Prover:
    """Claims "this cannot be" on one region, by exact arithmetic or by SMT-LIB text."""

    def __init__(self, report: Report, base: Formula, seconds: int) -> None:
        self.report, self.base, self.seconds, self.seen = report, base, seconds, dict[Formula, bool | None]()

    def never(self, what: str, *facts: Formula) -> None:
        """Record whether the facts can hold together somewhere on the region."""
        answer = self.possible(("and", *facts))
        if answer is False:
            self.report.proved += 1
        else:
            (self.report.undecided if answer is None else self.report.refuted).append(what)

    def zero(self, what: str, gap: sp.Expr, where: Formula = ("and",)) -> None:
        """Record whether an expression vanishes identically on the region."""
        self.never(what, where, (gap, "!="))

    def possible(self, formula: Formula) -> bool | None:
        if formula not in self.seen:
            self.seen[formula] = self._possible(formula)
        return self.seen[formula]

    def _possible(self, formula: Formula) -> bool | None:
        text = _Text()
        try:
            claim = text.formula(formula)
            if claim == "false":
                return False
            script = text.script(claim, text.formula(self.base))
        except OverflowError:
            return None
        return _decided(script, self.seconds)


class _Text:
    """SMT-LIB text of formulas; roots, exponentials and logarithms become fresh reals with what is known of them."""

    def __init__(self) -> None:
        self.names: dict[sp.Basic, str] = {}
        self.facts: list[str] = []
        self.written: dict[sp.Basic, str] = {}

    def script(self, *claims: str) -> str:
        declared = "".join(f"(declare-const {name} Real)\n" for name in self.names.values())
        return declared + "".join(f"(assert {claim})\n" for claim in (*claims, *self.facts))

    def formula(self, f: Formula) -> str:
        """Quotients: a condition on n/d is one on n*d, and fails to be excluded where d = 0."""
        if f[0] in ("and", "or", "not"):
            parts = [self.formula(part) for part in f[1:]]
            absorbing, neutral = ("false", "true") if f[0] == "and" else ("true", "false")
            if f[0] == "not":
                return {"true": "false", "false": "true"}.get(parts[0], f"(not {parts[0]})")
            parts = [part for part in dict.fromkeys(parts) if part != neutral]
            return absorbing if absorbing in parts else f"({f[0]} {' '.join(parts)})" if len(parts) > 1 else parts[0] if parts else neutral
        if _terms(f[0]) > _TERMS:
            raise OverflowError
        top, below = sp.fraction(sp.cancel(f[0]))
        if top.is_Rational and below.is_Rational:
            gap = top / below
            return "true" if {"<": gap < 0, "<=": gap <= 0, "=": gap == 0, ">": gap > 0, ">=": gap >= 0, "!=": gap != 0}[f[1]] else "false"
        claim = f"({_OPERATORS[f[1]]} {self.term(top * below if f[1] not in '=!=' else top)} 0.0)"
        return claim if below.is_Rational else f"(or {claim} (= {self.term(below)} 0.0))"

    def term(self, e: sp.Basic) -> str:
        if e not in self.written:
            self.written[e] = self._term(e)
        return self.written[e]

    def _term(self, e: Any) -> str:
        if e.is_Rational:
            return f"(/ {'(- ' * (e.p < 0)}{abs(int(e.p))}.0{')' * (e.p < 0)} {int(e.q)}.0)"
        if e.is_Add or e.is_Mul:
            return f"({'+' if e.is_Add else '*'} {' '.join(map(self.term, e.args))})"
        if e.is_Pow and e.args[1].is_Integer:
            power = f"(* 1.0 {' '.join([self.term(e.args[0])] * min(abs(int(e.args[1])), _DEGREE))})"
            if abs(int(e.args[1])) > _DEGREE or len(power) > 10**6:
                raise OverflowError
            return power if e.args[1] > 0 else f"(/ 1.0 {power})"
        if isinstance(e, sp.Min | sp.Max | sp.Abs):
            parts = [self.term(a) for a in e.args] if not isinstance(e, sp.Abs) else [self.term(e.args[0]), f"(- {self.term(e.args[0])})"]
            best, sign = parts[0], "<=" if isinstance(e, sp.Min) else ">="
            for part in parts[1:]:
                best = f"(ite ({sign} {best} {part}) {best} {part})"
            return best
        name = self.names[e] = f"v{len(self.names)}"
        if isinstance(e, sp.exp):
            u = self.term(e.args[0])
            self.facts.append(f"(and (> {name} 0.0) (= (< {u} 0.0) (< {name} 1.0)) (= (= {u} 0.0) (= {name} 1.0)) (>= {name} (+ 1.0 {u})))")
        elif e.is_Pow and e.args[1] == sp.Rational(1, 2):
            self.facts.append(f"(=> (>= {self.term(e.args[0])} 0.0) (and (>= {name} 0.0) (= (* {name} {name}) {self.term(e.args[0])})))")
        return name


def _decided(script: str, seconds: int) -> bool | None:
    """Whether the text is satisfiable; None if neither program says, or if they disagree."""
    import z3

    solver = z3.Solver()
    solver.set("timeout", 1000 * seconds)
    solver.from_string(script)
    answers = {str(solver.check())}
    program = shutil.which("cvc5")
    if program:
        told = subprocess.run([program, "--lang=smt2", f"--tlimit={1000 * seconds}"], input=f"(set-logic ALL)\n{script}(check-sat)\n",
                              capture_output=True, text=True, check=False)
        answers.add(told.stdout.strip())
    decided = answers & {"sat", "unsat"}
    return decided == {"sat"} if len(decided) == 1 else None
