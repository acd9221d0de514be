"""Tables of comparative statics: signs of derivatives by regime, and of jumps by border."""

from typing import TYPE_CHECKING, Any

import sympy as sp

from bargain.analysis.signs import Sign
from bargain.tables.conditions import Condition
from bargain.tables.profile import readable
from bargain.tables.solutions import roman
from bargain.tables.table import Phrase, Table, Utility

if TYPE_CHECKING:
    from bargain.analysis.borders import Border
    from bargain.analysis.measures import Measure
    from bargain.analysis.statics import ComparativeStatics

_KEY = "Signs hold on the whole regime, proved; ≥ 0 and ≤ 0 are proved too, and zero occurs or could not be excluded."


def derivative_rows(statics: "ComparativeStatics") -> Table:
    """One row per regime, equilibrium and measure, one column of signs per parameter; constant probabilities are left out."""
    rows: dict[tuple[int, int, Any], list[Any]] = {}
    for found in statics.derivatives:
        rows.setdefault((found.regime, found.equilibrium, found.measure), []).append(found)
    counts = [len(list(regime.extreme())) for regime in statics.solution.regimes]
    printed = []
    for (regime, equilibrium, measure), signs in rows.items():
        if measure.kind == "probability" and all(one.value == 0 for one in signs):
            continue
        number = str(equilibrium + 1) if counts[regime] > 1 else ""
        printed.append((_label(statics, regime), number, named(measure), *(_sign(one.sign) for one in signs)))
    columns = ("Cell", "No.", "Sign of the change of", *(Phrase.of("in ", parameter) for parameter in statics.parameters))
    return Table(f"Comparative statics: {_title(statics)}", columns, tuple(printed), (_KEY,), stub=2).without_empty()


def jump_rows(statics: "ComparativeStatics") -> Table:
    """One row per border: a column for each payoff and quantity that jumps somewhere, and the actions played more and less."""
    notation = statics.solution.problem.notation
    number = {id(border): index for index, border in enumerate(statics.borders)}
    jumps = {(number[id(jump.border)], jump.measure): jump.sign for jump in statics.jumps}
    listed = [m for m in dict.fromkeys(measure for _, measure in jumps) if m.kind != "probability"]
    shown = [m for m in listed if any(jumps.get((key, m), Sign.ZERO) is not Sign.ZERO for key in range(len(statics.borders)))]
    rows = []
    for key, border in enumerate(statics.borders):
        more, less = (Phrase.join("; ", (_action(m) for (k, m), sign in jumps.items() if k == key and m.kind == "probability" and sign in wanted))
                      for wanted in ((Sign.POSITIVE, Sign.WEAKLY_POSITIVE), (Sign.NEGATIVE, Sign.WEAKLY_NEGATIVE)))
        rows.append((_label(statics, border.below), _label(statics, border.above), Condition.of(border.where, notation), crossed(border),
                     *(_sign(jumps[key, m]) if (key, m) in jumps else "" for m in shown), more, less))
    note = "A border is crossed from the first regime to the second as the parameters move as stated; + means that the value jumps up, 0 that it does not jump."
    columns = ("From", "To", "Where they meet", "Crossed as", *(named(m) for m in shown), "Played more", "Played less")
    return Table(f"Jumps between regimes: {_title(statics)}", columns, tuple(rows), (note,), stub=1).without_empty()


def _action(measure: "Measure") -> str:
    place = "" if not measure.node or measure.node == "(start)" else f" after {readable(measure.node.replace('/', ', '))}"
    return f"{measure.player}: {readable(measure.name)}{place}"


def crossed(border: "Border") -> Phrase:
    """The parameters whose rise or fall leads across: ``w_C rises, a rises``."""
    moves = [Phrase.of(symbol, {"+": " rises", "-": " falls"}[sign.value]) for symbol, sign in border.crossing.items() if sign.value in "+-"]
    return Phrase.join(", ", moves)


def named(measure: "Measure") -> Any:
    """A measure as the heading of a row or column."""
    if measure.kind == "payoff":
        return Utility(measure.player, star=True)
    if measure.kind == "quantity":
        return sp.Symbol(measure.name) if measure.name.isidentifier() else readable(measure.name)
    return f"Pr({_action(measure)})"


def _sign(sign: Any) -> Any:
    """A sign as words; comparisons are set as formulas."""
    text = str(sign)
    return {">= 0": "≥ 0", "<= 0": "≤ 0", "-": "−"}.get(text, text)


def _label(statics: "ComparativeStatics", regime: int) -> str:
    return statics.solution.regimes[regime].label or roman(regime + 1)


def _title(statics: "ComparativeStatics") -> str:
    return getattr(statics.solution.problem, "title", "")
