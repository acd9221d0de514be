"""Certificates checked again, from the file alone: ``bargain verify FILE``; docs/trust.md says what "verified" promises, and what not.

The demands of a concept, derived from the problem in the file, become "this cannot be on the regime", for exact arithmetic or, as SMT-LIB text, z3 and cvc5.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.util import find_spec
from itertools import combinations, product
from pathlib import Path
from typing import Any

import sympy as sp
import z3

from bargain.errors import BadInput
from bargain.expressions import parse, terms
from bargain.inputs import each, read_json

FORMAT, HIDDEN = "bargain certificate 3", ("sequential equilibrium", "weak perfect Bayesian equilibrium")
_SIGNS = {"<": sp.Lt, "<=": sp.Le, "is": sp.Eq, ">": sp.Gt, ">=": sp.Ge, "!=": sp.Ne}
_WORDS, _TERMS, _PLAYERS, _LIMIT = {"is": "=", "!=": "distinct"}, 60_000, 12, 20_000  # the last: milliseconds for one question


@dataclass
class Report:
    """What was established: how many claims were proved, and which were refuted or left open; `verified` if all of them were proved."""

    concept: str
    stands_for: str = ""  # what the problem was written for, where that is another one: a step that is not checked
    proved: int = 0
    refuted: list[str] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    verified = property(lambda self: self.proved > 0 and not self.refuted and not self.undecided)


def _bad(rule: str, place: str) -> BadInput:
    return BadInput(rule, place=place[-120:], remedy="write the certificate again with bargain solve --certificate")


class _Check:
    """Claims "this cannot be" about an answer `found` to a problem `game` on one region, and the SMT-LIB text they are decided by."""

    def __init__(self, report: Report, game: Any) -> None:
        self.report, self.game, self.found, self.base = report, game, dict[str, Any](), "true"
        self.names, self.facts, self.seen = dict[Any, str](), list[str](), dict[tuple[str, str], bool | None]()
        module = [sys.executable, "-P", str(Path(__file__).with_name("cvc5_program.py")), str(_LIMIT)] if find_spec("cvc5") else []
        self.cvc5 = [program, f"--tlimit={_LIMIT}", "--lang=smt2"] if (program := shutil.which("cvc5")) else module

    def put(self, value: Any, names: Mapping[sp.Symbol, sp.Expr]) -> Any:
        return each(value, lambda part, _: part if isinstance(part, str) else part.xreplace(names))

    def sum(self, parts: Iterable[sp.Expr]) -> sp.Expr:
        return sp.cancel(total) if terms(total := sp.Add(*parts)) <= _TERMS else total

    def join(self, word: str, parts: Iterable[str]) -> str:
        """A conjunction or disjunction, constants dropped."""
        absorbing, neutral = ("false", "true") if word == "and" else ("true", "false")
        kept = [part for part in dict.fromkeys(parts) if part != neutral]
        return absorbing if absorbing in kept else neutral if not kept else kept[0] if len(kept) == 1 else f"({word} {' '.join(kept)})"

    def after(self, node: Any) -> dict[tuple[str, ...], Any]:
        """What follows each profile of actions at a node; every profile must be there once."""
        after = dict(node["after"])
        if not after or set(after) != set(product(*node["actions"])) or len(set(node["players"])) != len(node["actions"]):
            raise _bad("different movers, and every profile of their actions, are expected", f"node {node['place']}")
        return after

    def within(self, *claims: Any, found: Any = None) -> "_Check":
        smaller = copy(self)
        smaller.base, smaller.found = self.all((self.base, *claims)), found or self.found
        return smaller

    def all(self, claims: Iterable[Any]) -> str:
        return self.join("and", [claim if isinstance(claim, str) else self.atom(*claim) for claim in claims])

    def never(self, what: str, *claims: Any) -> None:
        """Record whether all claims, texts or (expression, operator), can hold at one point of the region."""
        answer = self.possible(self.all(claims))
        self.report.proved += answer is False
        (self.report.undecided if answer is None else self.report.refuted).extend([what] * (answer is not False))

    def lottery(self, what: str, weights: Iterable[sp.Expr]) -> None:
        self.never(f"{what} is no lottery", self.join("or", [self.atom(sp.Add(*weights) - 1, "!="), *(self.atom(weight, "<") for weight in weights)]))

    def equal(self, what: str, values: Mapping[str, sp.Expr], claimed: Mapping[str, sp.Expr], *where: Any) -> None:
        for player, value in claimed.items():
            self.never(f"{what}: {player} is not paid {value}", *where, (values[player] - value, "!="))

    def atom(self, e: sp.Expr, sign: str) -> str:
        """The sign of n/d is that of n*d; where d = 0 every condition is taken to hold, so that claims about it fail."""
        if terms(e) > _TERMS:
            self.report.undecided.append(f"too large to write: {str(e)[:60]}")
            return "false"
        top, below = sp.fraction(sp.cancel(e))
        if top.is_Rational and below.is_Rational:
            return str(bool(_SIGNS[sign](top / below, 0))).lower()
        claim = f"({_WORDS.get(sign, sign)} {self.term(top * (1 if sign in _WORDS else sp.sign(below) if below.is_Rational else below))} 0.0)"
        return claim if below.is_Rational else f"(or {claim} (= {self.term(below)} 0.0))"

    def term(self, e: Any) -> str:
        """Roots, exponentials, irrational numbers and unknown functions become fresh reals with what is known of them."""
        if e.is_Rational:
            return f"(/ {int(e.p)}.0 {int(e.q)}.0)" if e.p >= 0 else f"(- {self.term(-e)})"
        if e.is_Add or e.is_Mul or (e.is_Pow and e.args[1].is_Integer and e.args[1] > 0):
            return f"({'+' if e.is_Add else '*'} {' '.join(map(self.term, e.args if not e.is_Pow else [e.args[0]] * int(e.args[1])))} {int(not e.is_Add)}.0)"
        if isinstance(e, sp.Min | sp.Max | sp.Abs):
            parts, sign = e.args if not isinstance(e, sp.Abs) else (e.args[0], -e.args[0]), "<=" if isinstance(e, sp.Min) else ">="
            return reduce(lambda a, b: f"(ite ({sign} {a} {b}) {a} {b})", map(self.term, parts))
        if e not in self.names:
            name = self.names[e] = f"v{len(self.names)}"
            u, known = self.term(e.args[0]) if e.args and (e.is_Pow or not e.is_number) else "", "true"
            if e.is_number and e.is_real and not (e.is_Pow and e.args[1] == sp.Rational(1, 2)):
                low, high = (sp.Rational(sp.N(e, 60)) + side * (1 + abs(sp.Rational(sp.N(e, 60)))) / 10**40 for side in (-1, 1))
                known = f"(< {self.term(low)} {name} {self.term(high)})"
            elif isinstance(e, sp.exp):
                known = f"(and (> {name} 0.0) (= (< {u} 0.0) (< {name} 1.0)) (= (= {u} 0.0) (= {name} 1.0)))"
            elif e.is_Pow and e.args[1] in (-1, sp.Rational(1, 2)):
                known = f"(=> (>= {u} 0.0) (and (>= {name} 0.0) (= (* {name} {name}) {u})))" if e.args[1] > 0 else f"(=> (distinct {u} 0.0) (= (* {name} {u}) 1.0))"
            self.facts.append(known)
        return self.names[e]

    def possible(self, claim: str) -> bool | None:
        """Satisfiable on the region? None if neither program says, or if they disagree."""
        if claim == "false" or claim == self.base == "true":
            return claim == "true"
        if (key := (self.base, claim)) not in self.seen:
            script = "".join([*(f"(declare-const {n} Real)\n" for n in self.names.values()), *(f"(assert {c})\n" for c in (*key, *self.facts))])
            solver, text = z3.Solver(), f"(set-logic {'' if '(exists ' in script else 'QF_'}NRA)\n{script}(check-sat)\n"
            solver.set("timeout", _LIMIT)
            solver.from_string(script)
            other = subprocess.run(self.cvc5, input=text, capture_output=True, text=True).stdout if self.cvc5 else ""
            self.seen[key] = {"sat": True, "unsat": False}.get(" ".join({str(solver.check()), other.strip()} & {"sat", "unsat"}))
        return self.seen[key]

    def chance(self, node: Any, plan: Any, profile: tuple[str, ...], skip: str = "") -> sp.Expr:
        """The chance of a profile of actions, the choice of one mover left out."""
        return sp.Mul(*((node.get("chances") or plan[m][node["place"]])[a] for m, a in zip(node["players"], profile, strict=True) if m != skip))

    def worth(self, node: Any, plan: Any, visited: dict[str, list[Any]], way: tuple[Any, ...] = ()) -> Mapping[str, sp.Expr]:
        """What the strategies pay from a node on; `visited` gathers the nodes at which players move, with the way there and what they are worth."""
        if "after" not in node:
            return self.offer(node, plan) if "shares" in node else node["payoffs"]
        for mover, actions in zip(node["players"], node["actions"], strict=True):
            self.lottery(f"lottery of {mover} at {node['place']}", [(node.get("chances") or plan[mover][node["place"]])[a] for a in actions])
        below = {a: self.worth(child, plan, visited, (*way, (node, a))) for a, child in self.after(node).items()}
        total = {p: self.sum(self.chance(node, plan, a) * v[p] for a, v in below.items()) for p in self.found["payoffs"]}
        if "chances" not in node:
            visited.setdefault(node["place"], []).append((node, way, below, total))
        return total

    def play(self, root: Any = None, plan: Any = None) -> Mapping[str, sp.Expr]:
        """What the strategies pay; nobody gains by one other action at a node, or at an information set under the beliefs listed, which obey Bayes' rule."""
        plan, visited = plan or self.found["strategies"], dict[str, list[Any]]()
        total = self.worth(root or self.game, plan, visited)
        for place, members in visited.items():
            movers, beliefs = members[0][0]["players"], self.found["beliefs"].get(place, (sp.Integer(1),) * (len(members) == 1))
            pasts = {(n["players"], n["actions"], *((m["place"], a) for m, a in way if m["players"] == movers)) for n, way, _, _ in members}
            if len(beliefs) != len(members) or len(members) > 1 and not (self.report.concept in HIDDEN and len(movers) == 1 == len(pasts)):
                raise _bad("one mover with perfect recall, and a belief in every node, are expected", place)
            self.lottery(f"belief at {place}", beliefs)
            reach = [sp.Mul(*(self.chance(n, plan, a) for n, a in way)) for _, way, _, _ in members]
            for weight, here in zip(beliefs, reach, strict=True):
                self.never(f"Bayes: the belief at {place}", (weight * sp.Add(*reach) - here, "!="))
            for k, mover in enumerate(movers):
                for action in members[0][0]["actions"][k]:
                    gains = [sp.Add(*(self.chance(n, plan, a, mover) * v[mover] for a, v in below.items() if a[k] == action)) - own[mover]
                             for n, _, below, own in members]
                    self.never(f"deviation: {mover} gains by {action} at {place}", (sp.Add(*(b * g for b, g in zip(beliefs, gains, strict=True))), ">"))
        return total

    def offer(self, node: Any, plan: Any) -> Mapping[str, sp.Expr]:
        """No proposal (a number or several), answered as listed on every piece of what is allowed, pays the proposer more than the value claimed."""
        place, mover, worth, shares = node["place"], node["player"], self.found["values"][node["place"]], node["shares"]
        names = {symbol: sp.Dummy(name, real=True) for name, symbol in shares.items()}
        proposed = {names[symbol]: plan[mover][place][name] for name, symbol in shares.items()}
        node, plan, found = self.put(node, names), self.put(plan, names), self.put(self.found, names)
        inside, pieces = node["inside"], found["pieces"][place]
        self.never(f"offer: a proposal without answer at {place}", *inside, f"(not {self.join('or', [self.all(piece['atoms']) for piece in pieces])})")
        self.never(f"offer: what is proposed is not allowed at {place}", f"(not {self.all(self.put(inside, proposed))})")
        for piece in pieces:
            there = self.within(*inside, *piece["atoms"], found=found)
            paid = there.play(node["answer"], {p: {**plan.get(p, {}), **piece["strategies"].get(p, {})} for p in worth})
            there.never(f"offer: {mover} gains by another proposal at {place}", (paid[mover] - worth[mover], ">"))
            self.equal(f"offer: at {place}", self.put(dict(paid), proposed), worth, *self.put(piece["atoms"], proposed))
        return worth  # type: ignore[no-any-return]

    def stages(self) -> Mapping[str, sp.Expr]:
        """The values claimed are what play pays in every stage; what its ends refer to, as values of stages, measures less than the stage."""
        values, measures, own, nodes = self.found["values"], self.found["measures"], self.game["values"], [(s, n, ()) for s, n in self.game["stages"].items()]
        known = {name: self.put(values[stage][p], dict(self.game["drift"])) for stage, names in own.items() for p, name in names.items()}
        for stage, node, inside in nodes:
            nodes += [(stage, n, (*inside, *node.get("inside", ()))) for n in (*dict(node.get("after", ())).values(), node.get("answer")) if n is not None]
            for p, paid in node.get("payoffs", {}).items():
                weights = [(q, sp.diff(paid, name), measures[s]) for s, names in own.items() for q, name in names.items() if paid.has(name)]
                far = (sp.Add(*(w * self.put(m, dict(self.game["drift"])) for _, w, m in weights)) - measures[stage], ">=")
                self.never(f"patience: of {p}", *inside, self.join("or", [self.atom(*far), *(self.atom(w, "<" if q == p else "!=") for q, w, _ in weights)]))
        for stage, root in self.game["stages"].items():
            self.never(f"patience: the measure of {stage}", (measures[stage], "<="))
            self.equal(f"value: of {stage}", self.play(self.put(root, known), self.found["strategies"]), values[stage])
        return self.put(dict(values[self.game["start"]]), dict(self.game["now"]))  # type: ignore[no-any-return]

    def correlated(self) -> Mapping[str, sp.Expr]:
        """Obedience: told her action (coarse: told nothing), nobody gains by another."""
        lottery, paid, concept = dict(self.found["lottery"]), {cell: end["payoffs"] for cell, end in self.after(self.game).items()}, self.report.concept
        self.lottery("the joint lottery", lottery.values())
        for k, mover in enumerate(self.game["players"]):
            for told, other in product(self.game["actions"][k] if concept == "correlated equilibrium" else [None], self.game["actions"][k]):
                gains = [w * (paid[*c[:k], other, *c[k + 1 :]][mover] - paid[c][mover]) for c, w in lottery.items() if told in (None, c[k])]
                self.never(f"obedience: {mover}, told {told or 'nothing'}, gains by {other}", (sp.Add(*gains), ">"))
        return {p: sp.Add(*(w * paid[c][p] for c, w in lottery.items())) for p in self.found["payoffs"]}

    def coalitions(self) -> Mapping[str, sp.Expr]:
        """Values: average marginal contributions. Core: everything is shared, and no coalition gets less than its worth."""
        given, paid, concept, n = {frozenset(s): v for s, v in self.game["worth"]}, self.found["payoffs"], self.report.concept, len(self.found["payoffs"])
        worth = {frozenset(s): given.get(frozenset(s), sp.Integer(0)) for size in range(n + 1) for s in combinations(paid, size)}
        weight = [sp.factorial(k) * sp.factorial(n - k - 1) / sp.factorial(n) if concept[0] == "S" else sp.Rational(1, 2 ** (n - 1)) for k in range(n)]
        found = {p: sp.Add(*(weight[len(s)] * (worth[s | {p}] - worth[s]) for s in worth if p not in s)) for p in paid}
        scale = sp.Add(*found.values()) if concept == "normalised Banzhaf value" else sp.Integer(1)
        for s, value in worth.items() if concept == "core" else ():
            excess = (value - sp.Add(*(paid[p] for p in s))) * (-1 if self.game["costs"] == "yes" else 1)
            self.never(f"coalition: {', '.join(sorted(s))}", (excess, ">" if len(s) < n else "!="))
        return {p: value / scale if concept != "core" else paid[p] for p, value in found.items()}

    def bargaining(self) -> Mapping[str, sp.Expr]:
        """Feasible, and nothing feasible is better: by the hyperplane that supports the product (Nash) or the sum, or for all at once (equal gains)."""
        game, u, w, x, s = self.game, self.found["payoffs"], self.game["weights"], sp.Dummy("x"), {p: sp.Dummy(p) for p in self.found["payoffs"]}
        inside, share = ((game["share"] - game["low"], ">="), (game["share"] - game["high"], "<=")), {game["share"]: self.found["values"]["share"]["share"]}
        arcs = [{p: a[p] + game["share"] * (b[p] - a[p]) for p in u} for a, b in combinations(game["vertices"], 2)] or [game["curve"]]
        none, kind, gains = self.found["gains"] == "none", self.report.concept[0], {p: u[p] - game["disagreement"][p] for p in u}
        if game["vertices"] and not none:  # no direction separates the point from the hull
            self.never("feasible: beyond the set", *((d, ">=") for d in s.values()), *((sp.Add(*(s[p] * (u[p] - v[p]) for p in u)), ">") for v in game["vertices"]))
        elif not none:
            self.never("feasible: off the interval", f"(not {self.all(self.put(inside, share))})")
            self.equal("feasible", self.put(game["curve"], share), u)
        slopes = {p: w[p] * sp.Mul(*(gains[q] for q in u if q != p)) if kind == "N" else w[p] for p in u}
        for p, q in product(u, u if kind in "Nep" else ()):
            self.never(f"gains: of {p} and {q}", (gains[p], "!=" if none else "<=") if none or kind == "N" else (w[q] * gains[p] - w[p] * gains[q], "!="))
        for arc in arcs:
            rise = {p: self.put(arc[p] - u[p], {game["share"]: x}) for p in u}
            better = [(sp.Add(*(slopes[p] * rise[p] for p in u)), ">")] if kind in "Nu" and not none else [(rise[p], ">") for p in u]
            self.never("better: a feasible point", *self.put(inside, {game["share"]: x}), *better)
        return u  # type: ignore[no-any-return]


CONCEPTS = {**dict.fromkeys(("Nash equilibrium", "subgame-perfect equilibrium", *HIDDEN), "play"), "Markov perfect equilibrium": "stages",
            "Rubinstein equilibrium": "stages", **dict.fromkeys(("correlated equilibrium", "coarse correlated equilibrium"), "correlated"),
            **dict.fromkeys(("Shapley value", "Banzhaf value", "normalised Banzhaf value", "core"), "coalitions"),
            **dict.fromkeys(("Nash bargaining solution", "egalitarian solution", "proportional solution", "utilitarian solution"), "bargaining")}


def verify(path: Path) -> Report:
    """Check a certificate file again; `BadInput`, with the place, if it is malformed."""
    try:
        return _verified(read_json(path))
    except (ArithmeticError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _bad(f"not a readable certificate ({type(error).__name__}: {str(error)[:80]})", str(path)) from error


def _verified(given: Any) -> Report:
    names, players = [*given["parameters"], *given["variables"]], given["players"]
    symbols, report = {name: sp.Symbol(name, real=True) for name in names}, Report(given["concept"], given["stands for"])
    if given["format"] != FORMAT or report.concept not in CONCEPTS or not 0 < len(set(players)) == len(players) <= _PLAYERS or len(symbols) < len(names):
        raise _bad(f"the format is {FORMAT!r}, at most {_PLAYERS} different players, different parameters, and the concept one of " + ", ".join(CONCEPTS), "file")
    read = cache(lambda text: parse(text[1:], symbols))

    def parsed(text: Any, place: str) -> Any:
        if not isinstance(text, str):
            raise _bad("texts, such as '=1/2' for a number, are expected in lists and objects", place)
        try:
            return read(text) if text[:1] == "=" else text
        except BadInput as error:
            raise _bad(str(error)[:200], place) from error

    check = _Check(report, (data := each(given, parsed))["problem"])
    text, boundary = [[check.all(cell["atoms"]) for cell in regime["cells"]] for regime in data["regimes"]], [check.all(part) for part in data["boundary"]]
    space, listed = check.within(*data["domain"]), [regime["equilibria"] if regime["cells"] else () for regime in data["regimes"]]
    if not listed or not all(listed) or any(set(found["payoffs"]) != set(players) for own in listed for found in own):
        raise _bad("at least one regime, each with a cell and equilibria that pay all players, is expected", "regimes")
    for k, regime in enumerate(data["regimes"]):
        region = space.within(check.join("or", text[k]))
        for found in regime["equilibria"]:
            own = {s.name: s for gap, _ in found["free"] for s in gap.free_symbols if s.name in data["variables"]}
            bound = " ".join(f"({check.term(own[name])} Real)" for name in sorted(own))
            region.never("family: empty somewhere", f"(not (exists ({bound}) {check.all(found['free'])}))" if bound else "false")
            here = region.within(*(found["free"] if bound else ()), found=found)
            here.equal("payoff", getattr(here, CONCEPTS[report.concept])(), found["payoffs"])
        for cell in regime["cells"]:
            point = {symbols[name]: value for name, value in cell["witness"].items()}
            check.never(f"regime {k + 1}: the witness is not inside", f"(not {check.all(check.put((*data['domain'], *cell['atoms']), point))})")
        others = [t for j in range(k) if data["regimes"][j]["equilibria"] != regime["equilibria"] and data["overlapping"] == "no" for t in text[j]]
        region.never(f"regime {k + 1} shares points with another one", check.join("or", others))
    report.refuted += ["boundary: not on a hypersurface" for part in data["boundary"] if not any(s == "is" and sp.cancel(e).free_symbols for e, s in part)]
    space.never("the regimes do not cover the domain", f"(not {check.join('or', [*boundary, *(t for cells in text for t in cells)])})")
    return report
