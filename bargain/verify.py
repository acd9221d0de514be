"""Certificates checked again, from the file alone: ``bargain verify FILE``.

`bargain.portable` writes a game, an answer and the evidence. Nothing that found the answer is used here: expressions are parsed
as data, payoffs are derived from the game in the file, and every claim becomes "this cannot be on the regime", decided by exact
arithmetic or as SMT-LIB text by z3 (and cvc5, where installed). Verified is: every profile listed is an equilibrium on the whole of its
regime, every cell has a point, and the cells cover the domain but for the boundary named. That nothing else exists is not checked,
nor are beliefs at information sets that the strategies never reach (beyond being probabilities that justify what is done there).
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from math import comb, factorial, prod
from pathlib import Path
from typing import Any

import sympy as sp

from bargain.errors import BadInput
from bargain.expressions import parse

FORMAT, EXPR = "bargain certificate 1", object()
OPERATORS = {"<": "<", "<=": "<=", "=": "=", ">": ">", ">=": ">=", "!=": "distinct"}
_BYTES, _DEPTH, _TERMS, _PLAYERS, _SECONDS = 32 * 2**20, 120, 20_000, 12, 20
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}\Z", re.ASCII)
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
_REMEDY = "write the certificate again with bargain solve --certificate"
Values = Mapping[str, sp.Expr]


@dataclass
class Report:
    """What was established: how many claims were proved, and which were refuted or left open."""

    concept: str
    proved: int = 0
    refuted: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Whether there were claims and all were proved."""
        return self.proved > 0 and not self.refuted and not self.undecided


@dataclass(frozen=True)
class _Node:
    """An end (values: payoffs), a move of nature (values: chances) or of players, simultaneous if several."""

    place: str = ""
    movers: tuple[str, ...] = ()
    actions: tuple[tuple[str, ...], ...] = ()
    after: Mapping[tuple[str, ...], "_Node"] = field(default_factory=dict)
    values: Values = field(default_factory=dict)


class _Reader:
    """Plain JSON, by shape, to exact values; every complaint names its place."""

    def __init__(self, names: Sequence[str], players: Sequence[str]) -> None:
        if not all(map(_NAME.match, names)) or not players or len(set(names)) + len(set(players)) < len(names) + len(players):
            raise BadInput("parameters and players must be named once each", place="file", remedy=_REMEDY)
        self.symbols, self.players, self.known = {name: sp.Symbol(name, real=True) for name in names}, players, dict[str, sp.Expr]()

    def __call__(self, given: Any, shape: Any, place: str) -> Any:
        """Shapes: a type; EXPR; [of each]; (of the first, of the second, ...); {"*": of each} or {key: of its value}; a method of value and place."""
        value: Any = given
        if callable(shape) and not isinstance(shape, type):
            return shape(value, place)
        kind: Any = shape if isinstance(shape, type) else str if shape is EXPR else dict if isinstance(shape, dict) else list
        if not isinstance(value, kind) or (isinstance(shape, tuple) and len(value) != len(shape)):
            raise _bad(f"{_KINDS[kind]}{f' of {len(shape)}' if isinstance(shape, tuple) else ''} is expected", place)
        if isinstance(shape, list | tuple):
            return [self(part, shape[0] if isinstance(shape, list) else shape[k], f"{place}, {k + 1}") for k, part in enumerate(value)]
        if not isinstance(shape, dict):
            return self.expression(value, place) if shape is EXPR else value
        for odd in sorted(set(value) ^ set(shape)) if "*" not in shape else ():
            raise _bad(f"the key {odd[:40]!r} is {'unknown' if odd in value else 'missing'}", place)
        return {name: self(part, shape.get("*", shape.get(name)), f"{place}, {name[:40]}") for name, part in value.items()}

    def expression(self, text: str, place: str) -> sp.Expr:
        if text not in self.known:
            try:
                self.known[text] = parse(text, self.symbols)
            except (BadInput, ArithmeticError, TypeError, ValueError) as error:
                raise _bad(str(error)[:200], place) from error
            if self.known[text].has(sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I):
                raise _bad(f"{text[:40]!r} is not a real number", place)
        return self.known[text]

    def atom(self, value: Any, place: str) -> Any:
        gap, operator = self(value, (EXPR, str), place)
        if operator not in OPERATORS:
            raise _bad(f"the operator {operator[:9]!r} is none of " + " ".join(OPERATORS), place)
        return gap, operator

    def payoffs(self, value: Any, place: str) -> Values:
        return self(value, dict.fromkeys(self.players, EXPR), place)  # type: ignore[no-any-return]

    def node(self, value: Any, place: str) -> _Node:
        if place.count("/") > _DEPTH:
            raise _bad("the tree is too deep", place)
        below, keys = (lambda v, p: self.node(v, p + "/")), set(value) if isinstance(value, dict) else set()
        if "payoffs" in keys:
            return _Node(values=self(value, {"payoffs": self.payoffs}, place)["payoffs"])
        if "chances" in keys:
            draws = self(value, {"chances": {"*": (EXPR, below)}}, place)["chances"]
            return _Node("nature", after={(name,): node for name, (_, node) in draws.items()}, values={name: p for name, (p, _) in draws.items()})
        part = self(value, {"place": str, "players": [str], "actions": [[str]], "profiles": [([str], below)]}, place)
        return _Node(part["place"], tuple(part["players"]), tuple(map(tuple, part["actions"])), self.profiles(part, place))

    def profiles(self, part: Any, place: str) -> dict[tuple[str, ...], Any]:
        listed, movers, actions = [tuple(names) for names, _ in part["profiles"]], part["players"], part["actions"]
        known = len(set(movers)) == len(movers) == len(actions) and {*movers} <= {*self.players} and prod(map(len, actions)) == len(listed) > 0
        if not known or len(set(listed)) != len(listed) or set(listed) != set(product(*actions)):
            raise _bad("movers must be players, and every profile of their actions listed once", place)
        return {tuple(names): result for names, result in part["profiles"]}

    def state(self, value: Any, place: str) -> Any:
        shape = {"players": [str], "actions": [[str]], "profiles": [([str], {"payoffs": self.payoffs, "moves": {"*": EXPR}})]}
        return {**(part := self(value, shape, place)), "results": self.profiles(part, place)}


def _bad(rule: str, place: str) -> BadInput:
    return BadInput(rule, place=place[:120], remedy=_REMEDY)


def _terms(e: sp.Basic) -> int:
    """A bound on the number of terms once multiplied out."""
    if e.is_Pow and e.args[1].is_Integer:
        n, t = abs(int(e.args[1])), min(_terms(e.args[0]), 10**6)  # type: ignore[call-overload]
        return comb(t + n - 1, n) if n <= 400 else 10**9
    return sum(map(_terms, e.args)) if e.is_Add else min(prod(map(_terms, e.args)), 10**12) if e.is_Mul else max(map(_terms, e.args), default=1)


def _tidy(e: sp.Expr) -> sp.Expr:
    return sp.cancel(e) if _terms(e) <= _TERMS else e


class _Prover:
    """Claims "this cannot be" on one region, and the SMT-LIB text they are decided by."""

    def __init__(self, report: Report, base: str, text: "_Prover | None" = None) -> None:
        self.report, self.base = report, base
        self.names: dict[Any, str] = text.names if text else {}
        self.facts: list[str] = text.facts if text else []
        self.seen: dict[str, bool | None] = {}

    def never(self, what: str, *claims: Any) -> None:
        """Record whether all claims, texts or (expression, operator), can hold at one point of the region."""
        try:
            answer = self.possible(join("and", [claim if isinstance(claim, str) else self.atom(*claim) for claim in claims]))
        except OverflowError:
            answer = None
        self.report.proved += answer is False
        (self.report.undecided if answer is None else self.report.refuted).extend([what] * (answer is not False))

    def lottery(self, what: str, weights: Iterable[sp.Expr]) -> None:
        self.never(f"{what} does not sum to one", (sp.Add(*weights) - 1, "!="))
        for weight in weights:
            self.never(f"{what} has a negative part", (weight, "<"))

    def atom(self, e: sp.Expr, operator: str) -> str:
        """The sign of n/d is that of n*d; where d = 0 every condition is taken to hold, so that claims about it fail."""
        if _terms(e) > _TERMS:
            raise OverflowError
        top, below = sp.fraction(sp.cancel(e))
        if top.is_Rational and below.is_Rational:
            ratio = top / below
            return str({"<": ratio < 0, "<=": ratio <= 0, "=": ratio == 0, ">": ratio > 0, ">=": ratio >= 0, "!=": ratio != 0}[operator]).lower()
        claim = f"({OPERATORS[operator]} {self.term(top * (sp.sign(below) if below.is_Rational else 1 if operator in ('=', '!=') else below))} 0.0)"
        return claim if below.is_Rational else f"(or {claim} (= {self.term(below)} 0.0))"

    def term(self, e: Any) -> str:
        """Roots, extrema and unknown functions become fresh reals with what is known of them."""
        if e.is_Rational:
            return f"(/ {int(e.p)}.0 {int(e.q)}.0)" if e.p >= 0 else f"(- {self.term(-e)})"
        if e.is_Add or e.is_Mul or (e.is_Pow and e.args[1].is_Integer and e.args[1] > 0):
            return f"({'+' if e.is_Add else '*'} {' '.join(map(self.term, e.args if not e.is_Pow else [e.args[0]] * int(e.args[1])))} {int(not e.is_Add)}.0)"
        if e not in self.names:
            name = self.names[e] = f"v{len(self.names)}"
            if e.is_number and e.is_real:
                middle = sp.Rational(sp.N(e, 60))
                radius = (1 + abs(middle)) / 10**40
                self.facts.append(f"(and (> {name} {self.term(middle - radius)}) (< {name} {self.term(middle + radius)}))")
            elif isinstance(e, sp.exp):
                u = self.term(e.args[0])
                self.facts.append(f"(and (> {name} 0.0) (= (< {u} 0.0) (< {name} 1.0)) (= (= {u} 0.0) (= {name} 1.0)))")
            if e.is_Pow and e.args[1] == -1:
                self.facts.append(f"(=> (distinct {self.term(e.args[0])} 0.0) (= (* {name} {self.term(e.args[0])}) 1.0))")
            if e.is_Pow and e.args[1] == sp.Rational(1, 2):
                u = self.term(e.args[0])
                self.facts.append(f"(=> (>= {u} 0.0) (and (>= {name} 0.0) (= (* {name} {name}) {u})))")
            if isinstance(e, sp.Min | sp.Max | sp.Abs):
                parts = [self.term(part) for part in (e.args if not isinstance(e, sp.Abs) else (e.args[0], -e.args[0]))]
                sign = "<=" if isinstance(e, sp.Min) else ">="
                self.facts.append(join("and", [*(f"({sign} {name} {part})" for part in parts), join("or", [f"(= {name} {part})" for part in parts])]))
        return self.names[e]

    def possible(self, claim: str) -> bool | None:
        """Satisfiable on the region? None if neither program says, or if they disagree."""
        if claim == "false" or claim == self.base == "true":
            return claim == "true"
        if claim not in self.seen:
            import z3

            script = "".join([*(f"(declare-const {n} Real)\n" for n in self.names.values()), *(f"(assert {c})\n" for c in (self.base, claim, *self.facts))])
            solver, program = z3.Solver(), shutil.which("cvc5")
            solver.set("timeout", 1000 * _SECONDS)
            solver.from_string(script)
            answers = {str(solver.check())}
            if program:
                told = subprocess.run([program, "--lang=smt2", f"--tlimit={1000 * _SECONDS}"], input=f"(set-logic ALL)\n{script}(check-sat)\n",
                                      capture_output=True, text=True, check=False)
                answers.add(told.stdout.strip())
            said = answers & {"sat", "unsat"}
            self.seen[claim] = "sat" in said if len(said) == 1 else None
        return self.seen[claim]


def join(word: str, parts: Iterable[str]) -> str:
    """A conjunction or disjunction, constants dropped."""
    absorbing, neutral = ("false", "true") if word == "and" else ("true", "false")
    kept = [part for part in dict.fromkeys(parts) if part != neutral]
    return absorbing if absorbing in kept else neutral if not kept else kept[0] if len(kept) == 1 else f"({word} {' '.join(kept)})"


def _play(root: _Node, found: Any, prove: _Prover, concept: str) -> None:
    """No mover gains by one other action: at every node, or at every information set under the beliefs listed, which obey Bayes' rule."""
    plan, sets, used, paid = found["strategies"], dict[str, list[Any]](), set(), dict[int, Values]()

    def chance(node: _Node, profile: tuple[str, ...], skip: int = -1) -> sp.Expr:
        own = [plan[mover][node.place] for mover in node.movers] or [node.values] * bool(node.values)
        return sp.Mul(*(lottery[action] for k, (lottery, action) in enumerate(zip(own, profile, strict=True)) if k != skip))

    def visit(node: _Node, way: tuple[Any, ...]) -> None:
        for mover, actions in zip(node.movers, node.actions, strict=True):
            used.add((mover, node.place))
            if set(plan.get(mover, {}).get(node.place, ())) != set(actions):
                raise _bad("a lottery over the actions is expected", f"strategies, {mover}, {node.place}")
            prove.lottery(f"strategy of {mover} at {node.place}", plan[mover][node.place].values())
        if node.movers:
            sets.setdefault(node.place, []).append((node, way))
        elif node.values and node.after:
            prove.lottery("a chance move", node.values.values())
        for profile, child in node.after.items():
            visit(child, (*way, (node, profile)))
        worths = [(chance(node, profile), paid[id(child)]) for profile, child in node.after.items()]
        paid[id(node)] = node.values if not worths else {p: _tidy(sp.Add(*(w * v[p] for w, v in worths))) for p in found["payoffs"]}

    visit(root, ())
    if {(mover, place) for mover, places in plan.items() for place in places} != used or (concept.startswith("Nash") and (len(sets) != 1 or len(root.movers) < 1)):
        raise _bad(f"the strategies do not fit the tree, or the tree not a {concept}", "strategies")
    for place, members in sets.items():
        node, beliefs = members[0][0], found["beliefs"].get(place, [sp.Integer(1)] * (len(members) == 1))
        pasts = {tuple((n.place, a) for n, a in way if n.movers == node.movers) for _, way in members}
        told_apart = len(members) == 1 if concept != "sequential equilibrium" else len(node.movers) == 1 == len(pasts) == len({n.movers for n, _ in members})
        if not told_apart or len(beliefs) != len(members):
            raise _bad("one mover with perfect recall, and a belief in every node of a set, are expected", place)
        prove.lottery(f"belief at {place}", beliefs)
        reach = [sp.Mul(*(chance(n, a) for n, a in way)) for _, way in members]
        for weight, here in zip(beliefs, reach, strict=True):
            prove.never(f"Bayes: the belief at {place}", (weight * sp.Add(*reach) - here, "!="))
        for k, mover in enumerate(node.movers):
            for action in node.actions[k]:
                gain = sp.Add(*(b * (sp.Add(*(chance(n, a, k) * paid[id(c)][mover] for a, c in n.after.items() if a[k] == action)) - paid[id(n)][mover])
                                for b, (n, _) in zip(beliefs, members, strict=True)))
                prove.never(f"deviation: {mover} gains by {action} at {place}", (gain, ">"))
    for player, value in paid[id(root)].items():
        prove.never(f"payoff: {player} is not paid {found['payoffs'][player]}", (value - found["payoffs"][player], "!="))


def _correlated(root: _Node, found: Any, prove: _Prover, concept: str) -> None:
    """Obedience: told her action (coarse: told nothing), nobody gains by another."""
    lottery = {tuple(cell): weight for cell, weight in found["lottery"]}
    if set(lottery) != set(root.after) or len(lottery) != len(found["lottery"]) or any(end.after for end in root.after.values()):
        raise _bad("one weight for every cell of a matrix game is expected", "lottery")
    prove.lottery("the joint lottery", lottery.values())
    for k, (mover, actions) in enumerate(zip(root.movers, root.actions, strict=True)):
        paid = {cell: end.values[mover] for cell, end in root.after.items()}
        prove.never(f"payoff: of {mover}", (sp.Add(*(w * paid[c] for c, w in lottery.items())) - found["payoffs"][mover], "!="))
        for told, other in product(actions if concept == "correlated equilibrium" else [None], actions):
            gains = [w * (paid[*c[:k], other, *c[k + 1 :]] - paid[c]) for c, w in lottery.items() if told in (None, c[k])]
            prove.never(f"obedience: {mover}, told {told or 'nothing'}, gains by {other}", (sp.Add(*gains), ">"))


def _markov(game: Any, found: Any, prove: _Prover, concept: str) -> None:
    """The values claimed are equilibrium payoffs of every state's stage, in which one move is followed by those values."""
    for name, state in game["states"].items():
        value, ends = {p: found["values"][p][name] for p in game["patience"]}, {}
        for profile, result in state["results"].items():
            moves, paid = result["moves"], {}
            for chance in (*moves.values(), 1 - (0 if game["continuous"] else sp.Add(*moves.values()))):
                prove.never(f"chance: of a move from {name}", (sp.sympify(chance, strict=True), "<"))
            for p, rate in game["patience"].items():
                flow, drift = result["payoffs"][p] - value[p], sp.Add(*(q * (found["values"][p][other] - value[p]) for other, q in moves.items()))
                prove.never(f"patience: of {p}", join("or", [prove.atom(rate, "<="), "false" if game["continuous"] else prove.atom(rate - 1, ">=")]))
                paid[p] = value[p] + (rate * flow + drift if game["continuous"] else (1 - rate) * flow + rate * drift)
            ends[profile] = _Node(values=paid)
        own = {mover: {name: found["strategies"][mover][name]} for mover in state["players"]}
        _play(_Node(name, tuple(state["players"]), state["actions"], ends), {"strategies": own, "payoffs": value, "beliefs": {}}, prove, concept)
    for p, paid_ in found["payoffs"].items():
        prove.never(f"payoff: of {p}", (found["values"][p][game["start"]] - paid_, "!="))


def _coalitional(game: Any, found: Any, prove: _Prover, concept: str) -> None:
    """Shapley: average marginal contributions. Core: everything is shared, and no coalition gets less than its worth."""
    worth, players, paid = {frozenset(s): v for s, v in game["worth"]}, list(found["payoffs"]), found["payoffs"]
    if len(worth) != len(game["worth"]) or not all(s and s <= set(players) for s in worth):
        raise _bad("coalitions of players, each listed once, are expected", "problem, worth")
    for player in players if concept == "Shapley value" else ():
        parts = [factorial(k) * factorial(len(players) - k - 1) * (worth.get(frozenset((*s, player)), sp.Integer(0)) - worth.get(frozenset(s), sp.Integer(0)))
                 for k in range(len(players)) for s in combinations([p for p in players if p != player], k)]
        prove.never(f"value: of {player}", (sp.Add(*parts) / factorial(len(players)) - paid[player], "!="))
    for s in [s for size in range(1, len(players) + 1) for s in combinations(players, size) if concept == "core"]:
        excess = (worth.get(frozenset(s), sp.Integer(0)) - sp.Add(*(paid[p] for p in s))) * (-1 if game["costs"] else 1)
        prove.never(f"coalition: {', '.join(s)}", (excess, ">" if len(s) < len(players) else "!="))


CONCEPTS: dict[str, tuple[Any, Any]] = {
    **dict.fromkeys(("Nash equilibrium", "subgame-perfect equilibrium", "sequential equilibrium"), ("node", _play)),
    **dict.fromkeys(("correlated equilibrium", "coarse correlated equilibrium"), ("node", _correlated)),
    **dict.fromkeys(("Shapley value", "core"), ({"worth": [([str], EXPR)], "costs": bool}, _coalitional)),
    "Markov perfect equilibrium": ({"states": "states", "patience": "payoffs", "start": str, "continuous": bool}, _markov)}


def verify(path: Path) -> Report:
    """Check a certificate file again; `BadInput`, with the place, if it is malformed."""
    try:
        if path.stat().st_size > _BYTES:
            raise _bad(f"the file is larger than {_BYTES} bytes", str(path))
        return _verified(json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once))
    except (OSError, ValueError, RecursionError, KeyError) as error:
        raise _bad(f"not a readable certificate ({type(error).__name__}: {str(error)[:80]})", str(path)[-80:]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise _bad("a key is given twice", "file")
    return dict(pairs)


def _verified(data: Any) -> Report:
    head = {"format": str, "concept": str, "parameters": [str], "players": [str], "overlapping": bool}
    whole = _Reader([], ["-"])(data, {**head, **dict.fromkeys(("domain", "problem", "regimes", "boundary"), lambda value, place: value)}, "file")
    if whole["format"] != FORMAT or whole["concept"] not in CONCEPTS or len(whole["players"]) > _PLAYERS:
        raise _bad(f"the format is {FORMAT!r}, at most {_PLAYERS} players, and the concept one of " + ", ".join(CONCEPTS), "file")
    read = _Reader(whole["parameters"], whole["players"])
    (shape, check), cell, payoffs = CONCEPTS[whole["concept"]], [read.atom], read.payoffs
    tables = {"strategies": {"*": {"*": {"*": EXPR}}}, "beliefs": {"*": [EXPR]}, "values": {"*": {"*": EXPR}}, "lottery": [([str], EXPR)]}
    named = {"node": read.node, "states": {"*": read.state}, "payoffs": payoffs}
    wanted: Any = read.node if shape == "node" else {key: named[part] if isinstance(part, str) else part for key, part in shape.items()}
    game = read(data["problem"], wanted, "problem")
    regimes = read(data["regimes"], [{"cells": [{"atoms": cell, "witness": {"*": EXPR}}], "equilibria": [{**tables, "payoffs": payoffs}]}], "regimes")
    if not regimes or not all(regime["cells"] and regime["equilibria"] for regime in regimes):
        raise _bad("at least one regime, each with a cell and an equilibrium, is expected", "regimes")
    report, sure = Report(whole["concept"]), _Prover(Report(""), "true")
    domain, boundary = read(data["domain"], cell, "domain"), read(data["boundary"], [cell], "boundary")
    text = [[join("and", [sure.atom(*atom) for atom in part["atoms"]]) for part in regime["cells"]] for regime in regimes]
    inside, borders = join("and", [sure.atom(*atom) for atom in domain]), [join("and", [sure.atom(*atom) for atom in part]) for part in boundary]
    space = _Prover(report, inside, sure)
    for k, regime in enumerate(regimes):
        prove = _Prover(report, join("and", [inside, join("or", text[k])]), sure)
        for found in regime["equilibria"]:
            check(game, found, prove, whole["concept"])
        for part in regime["cells"]:
            for gap, operator in (*domain, *part["atoms"]):
                there = {read.symbols[name]: value for name, value in part["witness"].items()}
                _Prover(report, "true").never(f"regime {k + 1}: the witness is not inside", f"(not {sure.atom(gap.xreplace(there), operator)})")
        if not whole["overlapping"]:
            others = [t for j in range(k) if data["regimes"][j]["equilibria"] != data["regimes"][k]["equilibria"] for t in text[j]]
            space.never(f"regime {k + 1} shares points with another one", join("or", text[k]), join("or", others))
    for part in boundary:
        if not any(operator == "=" and gap.free_symbols and sp.cancel(gap) != 0 for gap, operator in part):
            report.refuted.append("boundary: a part is not on a hypersurface")
    space.never("the regimes do not cover the domain", f"(not {join('or', [*borders, *(t for cells in text for t in cells)])})")
    return report
