"""Errors a user can act on: the place, the rule that was broken, and what to do.

Every error of the package derives from `BargainError`, so one `except` catches
them all; the command line prints its message and exits with code 2.
"""


class BargainError(Exception):
    """Base of all errors raised on purpose.

    >>> str(BargainError("payoffs must be given for every player", place="node 'war'", remedy="add UA=..."))
    "node 'war': payoffs must be given for every player; add UA=..."
    """

    def __init__(self, rule: str, *, place: str = "", remedy: str = "") -> None:
        self.rule, self.place, self.remedy = rule, place, remedy
        text = f"{place}: {rule}" if place else rule
        super().__init__(f"{text}; {remedy}" if remedy else text)


class InvalidModel(BargainError):
    """The model does not add up: a missing payoff, an unknown symbol, a probability that is off."""


class BadInput(BargainError):
    """A value or a file from outside is malformed, unknown or outside its domain."""


class NotApplicable(BargainError):
    """The solution concept does not apply to this problem."""


class NotDecided(BargainError):
    """The decider could not settle a question within its limits; nothing was guessed."""


class TooLarge(BargainError):
    """An estimate says that the work would not end; the message names what to fix first."""


class NotCertified(BargainError):
    """A solver returned an answer that its independent certificate refutes (a defect, never silent)."""
