"""Following a curve of solutions: pseudo-arclength predictor and corrector.

F(x, t) = 0 has one equation fewer than unknowns; the curve through a known point is followed in
the direction in which t first grows, and straight on where branches cross. Each step goes along the tangent and back to
the curve by Newton steps of least norm; the step adapts to how fast these contract and to how far the tangent turns. The sign of
det(F'; tangent) is the same all along a curve, so a step after which it differs has jumped to another curve, and is halved; if
it differs however small the step, two branches cross there.
Source: Allgower and Georg (1990), Numerical Continuation Methods, ch. 2, 6 and 8.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import NotDecided

Floats = np.ndarray[Any, np.dtype[np.float64]]
_CONTRACTION, _DISTANCE, _TINY = 0.6, 0.4, 1e-12
_ROUNDING = 1e-7  # size of a correction that may be nothing but rounding
_STRAIGHT = 0.9  # least cosine between the tangents at the ends of a step
_CROSSING = 1e-5  # length of a step at which a change of orientation counts as a crossing of branches


@dataclass(frozen=True)
class Curve:
    """residual(z) -> (n,) and jacobian(z) -> (n, n + 1) of F at z = (x, t), a vector of n + 1 numbers.

    longest: the longest step. drift: the accuracy of points, relative to their norm.
    """

    residual: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]
    longest: float = 1e4
    drift: float = 1e-10

    def points(self, start: Floats, *, step: float = 0.03, most: int = 20_000) -> Iterator[Floats]:
        """Points of the curve from `start` on, without end; `NotDecided` where the corrector no longer converges or after `most` steps.

        >>> import numpy as np
        >>> circle = Curve(lambda z: np.array([z @ z - 1]), lambda z: 2 * z[None, :])
        >>> ends = next(z for z in circle.points(np.array([1.0, 0.0])) if z[0] < -0.9)
        >>> bool(abs(ends @ ends - 1) < 1e-9)
        True
        """
        here = np.array(start, dtype=float)
        yield here
        tangent, side = _tangent(self.jacobian(here), np.append(np.zeros(here.size - 1), 1.0))
        for _ in range(most):
            there, factor = self._corrected(here + step * tangent)
            ahead, other = (tangent, side) if there is None else _tangent(self.jacobian(there), tangent)
            if there is None or (step > _CROSSING and (ahead @ tangent < _STRAIGHT or other != side)):
                step *= 0.5
                if step < _TINY:
                    raise NotDecided(f"the curve could not be followed beyond {here[-1]:.6g}", place="continuation", remedy="ask for a smaller value")
                continue
            here, tangent, side = there, ahead, other
            step = min(step / max(0.5, min(2.0, factor)), self.longest)
            yield here
        raise NotDecided(f"{most} steps reached only {here[-1]:.6g}", place="continuation", remedy="ask for a smaller value")

    def _corrected(self, guess: Floats) -> tuple[Floats | None, float]:
        """A point of the curve near the guess, and by what factor the step should have been smaller; None if Newton does not contract."""
        here, factor, before = guess, 0.5, np.inf
        for _ in range(12):
            change = np.linalg.lstsq(self.jacobian(here), -self.residual(here), rcond=None)[0]
            here, size = here + change, float(np.linalg.norm(change))
            if not np.isfinite(size) or size > _DISTANCE * (1 + 0.01 * float(np.linalg.norm(here))):
                return None, 2.0
            rate = size / before
            if before < np.inf and size > 1e-9:
                if rate > _CONTRACTION:
                    return (here, factor) if size < _ROUNDING else (None, 2.0)
                factor = max(factor, np.sqrt(rate / 0.1))
            if size < 1e-10 + self.drift * float(np.linalg.norm(here)):
                return here, factor
            before = size
        return (here, factor) if before < _ROUNDING else (None, 2.0)

    def at(self, value: float, guess: Floats) -> Floats:
        """The point of the curve with t = value near the guess, by Newton's method; `NotDecided` if it does not converge."""
        here = np.append(guess[:-1], value)
        for _ in range(50):
            change = np.linalg.solve(self.jacobian(here)[:, :-1], -self.residual(here))
            here[:-1] += change
            if float(np.linalg.norm(change)) < 1e-13 * (1 + float(np.linalg.norm(here))):
                return here
        if float(np.linalg.norm(self.residual(here))) < 1e-11 * (1 + float(np.linalg.norm(here))):
            return here
        raise NotDecided(f"Newton's method did not converge at {value:.6g}", place="continuation", remedy="ask for another value")


def _tangent(jacobian: Floats, heading: Floats) -> tuple[Floats, int]:
    """The unit null vector of an (n, n + 1) matrix in the direction of `heading`, and the sign of det(matrix; vector)."""
    vector = np.asarray(np.linalg.qr(jacobian.T, mode="complete")[0][:, -1])
    vector *= 1.0 if vector @ heading >= 0 else -1.0
    return vector, int(np.linalg.slogdet(np.vstack([jacobian, vector]))[0])
