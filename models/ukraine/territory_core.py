"""Territory in composite parameters: the talks depend on the costs of war only through what each side bears in each state.

The talks of `territory` depend on their parameters only through the front and its drift, the two costs of war a year with Kursk held
and with Kursk lost, the two discount rates, the hazard of losing Kursk and the time between offers. In these the stationarity
equations are short, so that studies with many draws solve them instead.

Source: Rubinstein (1982), Econometrica 50:97-109, with inside flows after Binmore, Rubinstein and Wolinsky (1986), RAND Journal of
Economics 17:176-188.
"""

from collections.abc import Mapping

from sympy import Expr, Symbol, exp, symbols

from bargain import AlternatingOffers, Model, Notation, Parameter, Rubinstein, State

x = symbols("x", real=True)
w, a_U, a_R, b_U, b_R, r_U, r_R, g, h, Delta = symbols("w a_U a_R b_U b_R r_U r_R g h Delta", real=True)

NOTATION = Notation((
    Parameter(w, "share of Ukraine's 1991 territory that Kyiv controls at the start", "share", "(0, 1)", "0.81", None, "linked to territory"),
    Parameter(a_U, "cost of war to Ukraine once Kursk is lost", "pie-flow/yr", "real", "0.12", None, "linked to territory"),
    Parameter(a_R, "cost of war to Russia once Kursk is lost", "pie-flow/yr", "real", "0.08", None, "linked to territory"),
    Parameter(b_U, "cost of war to Ukraine while Kursk is held", "pie-flow/yr", "real", "0.124", None, "linked to territory"),
    Parameter(b_R, "cost of war to Russia while Kursk is held", "pie-flow/yr", "real", "0.1", None, "linked to territory"),
    Parameter(r_U, "Ukraine's discount rate", "1/yr", ">0", "0.15", None, "linked to territory"),
    Parameter(r_R, "Russia's discount rate", "1/yr", ">0", "0.1", None, "linked to territory"),
    Parameter(g, "share of territory that Kyiv loses a year while war goes on", "share/yr", ">=0", "0.006", None, "linked to territory"),
    Parameter(h, "hazard that Kyiv loses Kursk", "1/yr", ">=0", "0.7", None, "linked to territory"),
    Parameter(Delta, "time between offers", "yr", ">0", "1/12", None, "linked to territory"),
))


def talks(title: str, notation: Notation, *, front: Symbol, held: Mapping[str, Expr], lost: Mapping[str, Expr], rates: Mapping[str, Expr],
          drift: Expr, hazard: Expr, period: Symbol) -> AlternatingOffers:
    """Alternating offers over the line x, Ukraine first; `held` and `lost` are the war costs of each side a year in the two states."""
    def war(cost: Mapping[str, Expr]) -> dict[str, Expr]:
        return {"U": front - cost["U"], "R": 1 - front - cost["R"]}

    loss = 1 - exp(-hazard * period)  # chance that Kursk is lost within a period
    return AlternatingOffers(
        title=title,
        players=("U", "R"),
        share=x,
        agreement={"U": x, "R": 1 - x},
        discount={side: exp(-rate * period) for side, rate in rates.items()},
        between=None,
        states=(State("Kursk held", flow=war(held), moves={"Kursk held": 1 - loss, "Kursk lost": loss}), State("Kursk lost", flow=war(lost))),
        drift={front: front - drift * period},
        period=period,
        notation=notation,
        source="Rubinstein (1982); Binmore, Rubinstein and Wolinsky (1986)",
    )


game = talks("Territory, composite parameters", NOTATION, front=w, held={"U": b_U, "R": b_R}, lost={"U": a_U, "R": a_R},
             rates={"U": r_U, "R": r_R}, drift=g, hazard=h, period=Delta)
without_kursk = game.without("Kursk held")

model = Model("ukraine/territory_core", problems={"limit": (game, Rubinstein(limit=True)), "talks": (game, Rubinstein())}, summary=__doc__ or "")
