"""Independent checks: one per concept, sharing no code with the solvers.

A check lists the ways in which an answer could fail (a deviation that gains, a point above
the frontier ...) as `Violation`s; the answer stands where every violation is impossible on
the regime: exactly at a point, by proof where parameters are free.
"""

from bargain.certify.check import Violation, certify

__all__ = ["Violation", "certify"]
