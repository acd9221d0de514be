"""The one door: run a solver, certify what it returned, and return it or refuse.

    problem --solver.accepts, solver.run--> regimes --certify--> Solution
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import sympy as sp

from bargain.certify import certify
from bargain.errors import NotCertified, TooLarge
from bargain.solution import Solution, Status


class Solver(Protocol):
    """A solver is a frozen value named after its concept; it holds every option and no state."""

    @property
    def concept(self) -> str:
        """The concept, as a paper names it."""

    def accepts(self, problem: Any) -> None:
        """Raise `NotApplicable`, with the reason, if the concept does not apply."""

    def run(self, problem: Any) -> Solution:
        """Find the equilibria; the status says what the search itself established."""


def solve(problem: Any, solver: Solver, *, at: Mapping[Any, Any] | None = None,
          free: Iterable[str | sp.Symbol] | None = None, throw: bool = True) -> Solution:
    """Solve a problem by a concept and certify the answer.

    at: values for some parameters. free: the parameters that stay symbolic; all others take
    their value in `at` or their baseline. With neither, every parameter stays symbolic.
    ``throw=False`` returns an undecided solution instead of raising.

    >>> import bargain as bg
    >>> game = bg.MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> bg.solve(game, bg.Nash()).outcomes
    ('r2,c2',)
    """
    if free is not None:
        symbols = {problem.notation[name].symbol for name in free}
        point = problem.notation.point(at)
        at = {symbol: value for symbol, value in point.items() if symbol not in symbols}
    if at is not None:
        held = solver.held(problem) if hasattr(solver, "held") else set()
        at = {symbol: value for symbol, value in problem.notation.values(at).items() if symbol not in held}
        solver = solver.at(problem.notation.values(at)) if hasattr(solver, "at") else solver  # parameters in its options
        problem = problem.at(at)
    solver.accepts(problem)
    try:
        solution = solver.run(problem)
        certificate = certify(solution)
    except RecursionError as error:
        raise TooLarge("the tree is too deep for this solver", place=repr(solver), remedy="solve its last subgames first and put their values in") from error
    if certificate.refuted:
        raise NotCertified("the certificate refutes the solver's answer: " + certificate.refuted[0], place=repr(solver),
                           remedy="please report this problem; it is a defect")
    status = solution.status
    if certificate.undecided:
        status = Status.UNCERTIFIED
        if throw and solution.status is Status.NOT_DECIDED:
            from bargain.errors import NotDecided

            raise NotDecided(certificate.undecided[0], place=repr(solver), remedy="fix more parameters, or pass throw=False")
    return replace(solution, status=status, certificate=certificate)
