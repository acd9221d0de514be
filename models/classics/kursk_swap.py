"""The Kursk barter: two strips of land that cannot be divided change hands, or the front is frozen as it is.

Ukraine holds a strip of Kursk, Russia a strip of Kharkiv. Each side values both; neither strip is divided, and none is given by lot. While nothing is
agreed each keeps what it holds and pays for holding it, less than it is worth, so that neither gives its strip up for nothing. Two agreements
can then be better for both: to freeze the front, which saves the costs, or to swap. The Nash solution of the four agreements is the swap where its product of
gains is the greater, that is where each side values the other's strip enough more than its own: the chip is worth holding for what it buys,
not for itself. In alternating offers over the same agreements both the swap and the freeze can be equilibria; lotteries over the strips, which
no treaty offers, would make the answer unique.

Source: the op-ed's Kursk as something to barter with; log-rolling after Raiffa (1982), The Art and Science of Negotiation, Harvard University
Press; the Nash solution of finite sets after Mariotti (1998), Review of Economic Studies 65(4):733-741.
"""

from sympy import Rational, symbols

from bargain import Claim, Issue, Issues, Model, NashBargaining, Notation, Package, Parameter, Quantity

k_U, k_R, h_U, h_R, c_U, c_R = symbols("k_U k_R h_U h_R c_U c_R", real=True)

NOTATION = Notation(
    (
        Parameter(k_U, "worth of Kursk to Ukraine", "pie", ">0", "1/200", ("1/1000", "1/100"), "illustration; range as k_U of territory"),
        Parameter(k_R, "worth of Kursk to Russia", "pie", ">0", "1/50", ("1/500", "1/20"), "illustration; baseline of k_R of territory"),
        Parameter(h_U, "worth of Kharkiv's strip to Ukraine", "pie", ">0", "3/100", ("1/500", "1/20"), "illustration"),
        Parameter(h_R, "worth of Kharkiv's strip to Russia", "pie", ">0", "1/100", ("1/1000", "1/50"), "illustration"),
        Parameter(c_U, "Ukraine's cost of holding Kursk", "pie", ">0", "1/250", ("1/10000", "1/100"), "illustration; baseline of c_K of territory"),
        Parameter(c_R, "Russia's cost of holding Kharkiv's strip", "pie", ">0", "1/250", ("1/10000", "1/50"), "illustration"),
    ),
    assumptions=(c_U < k_U, c_R < h_R),
)

strips = Issues("Kursk for Kharkiv", ("Ukraine", "Russia"), (Issue("Kursk", {"Ukraine": k_U, "Russia": k_R}, divisible=False),
                                                             Issue("Kharkiv", {"Ukraine": h_U, "Russia": h_R}, divisible=False)),
                {"Ukraine": "9/10", "Russia": "9/10"}, {"Ukraine": k_U - c_U, "Russia": h_R - c_R}, lotteries=False, notation=NOTATION,
                source="after Raiffa (1982)")
gain_U, gain_R = h_U - k_U + c_U, k_R - h_R + c_R


def pays_the_swap(at, equilibrium):
    """Whether an answer pays each side what the other's strip is worth to it (draws are rounded numbers)."""
    gaps = [equilibrium.payoffs[player] - at.evaluate(worth) for player, worth in (("Ukraine", h_U), ("Russia", k_R))]
    return all(abs(gap) < Rational(1, 10**9) for gap in gaps)


model = Model(
    "classics/kursk_swap",
    problems={"settlement": (strips.problem(), NashBargaining()), "offers": (strips, Package())},
    quantities=(Quantity("Ukraine's gain from the swap", gain_U, "over no agreement"),
                Quantity("Russia's gain from the swap", gain_R, "over no agreement")),
    claims=(
        Claim("the swap is the settlement", lambda at: all(pays_the_swap(at, e) for e in at.solution("settlement").extreme), "op-ed: Ukraine can barter Kursk"),
        Claim("the swap is an equilibrium of alternating offers", lambda at: any(pays_the_swap(at, e) for e in at.solution("offers").extreme),
              "van Damme, Selten and Winter (1990)"),
        Claim("Ukraine values Kharkiv's strip more than Kursk", h_U > k_U, "comparative advantage, Raiffa (1982)"),
        Claim("Russia values Kursk more than Kharkiv's strip", k_R > h_R, "comparative advantage, Raiffa (1982)"),
        Claim("Kursk is worth more to Russia than to Ukraine", k_R > k_U, "op-ed: Ukraine can barter Kursk"),
    ),
    summary=__doc__ or "",
)
