"""Following a curve of solutions: pseudo-arclength predictor and corrector.

F(x, t) = 0 has one equation fewer than unknowns; the curve through a known point is followed in
the direction in which t first grows, and straight on where branches cross. Each step goes along the tangent and back to
the curve by Newton steps of least norm; the step adapts to how fast these contract.
Source: Allgower and Georg (1990), Numerical Continuation Methods, ch. 6.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.errors import NotDecided

Floats = np.ndarray[Any, np.dtype[np.float64]]
_CONTRACTION, _DISTANCE, _TINY = 0.6, 0.4, 1e-12


@dataclass(frozen=True)
class Curve:
    """residual(z) -> (n,) and jacobian(z) -> (n, n + 1) of F at z = (x, t), a vector of n + 1 numbers."""

    residual: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]

    def points(self, start: Floats, *, step: float = 0.03, most: int = 20_000) -> Iterator[Floats]:
        """Points of the curve from `start` on, without end; `NotDecided` where the corrector no longer converges or after `most` steps.

        >>> import numpy as np
        >>> circle = Curve(lambda z: np.array([z @ z - 1]), lambda z: 2 * z[None, :])
        >>> ends = next(z for z in circle.points(np.array([1.0, 0.0])) if z[0] < -0.9)
        >>> bool(abs(ends @ ends - 1) < 1e-9)
        True
        """
        here = np.array(start, dtype=float)
        before = np.append(np.zeros(here.size - 1), 1.0)
        yield here
        for _ in range(most):
            tangent = _tangent(self.jacobian(here))
            tangent *= 1.0 if tangent @ before >= 0 else -1.0
            there, factor = self._corrected(here + step * tangent)
            if there is None:
                step *= 0.5
                if step < _TINY:
                    raise NotDecided(f"the curve could not be followed beyond {here[-1]:.6g}", place="continuation", remedy="ask for a smaller value")
                continue
            here, before = there, tangent
            step = min(step / max(0.5, min(2.0, factor)), 1e4)
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
                    return None, 2.0
                factor = max(factor, np.sqrt(rate / 0.1))
            if size < 1e-10 * (1 + float(np.linalg.norm(here))):
                return here, factor
            before = size
        return None, 2.0

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


def _tangent(jacobian: Floats) -> Floats:
    """The unit null vector of an (n, n + 1) matrix."""
    return np.asarray(np.linalg.qr(jacobian.T, mode="complete")[0][:, -1])
