"""Expected utility without bargaining: the European debate on car emission standards.

Ten actors hold positions on how many years large cars get before a standard applies. Weighted by capability and salience the mean is 7.39 and the
median 7. Under proportional voting the median position beats each of the others, and a chain of random challenges leaves it in force most often. Who
gains from challenging whom follows from the chance of winning and the salience of the target: Britain would challenge Germany. These are the static
quantities of the expected utility model; its rounds of offers are procedural, and no equilibrium is claimed for them.

Source: data as in Scholz, Calbert and Smith (2011), "Unravelling Bueno de Mesquita's group decision model", Journal of Theoretical Politics 23(4):510-531.
"""

from bargain import Actor, Claim, Model, Positions, Quantity, WeightedPositions

standards = Positions("Car emission standards", {
    "Netherlands": Actor(4, 8, "4/5"), "Belgium": Actor(7, 8, "2/5"), "Luxembourg": Actor(4, 3, "1/5"), "Germany": Actor(4, 16, "4/5"),
    "France": Actor(10, 16, "3/5"), "Italy": Actor(10, 16, "3/5"), "Britain": Actor(10, 16, "9/10"), "Ireland": Actor(7, 5, "1/10"),
    "Denmark": Actor(4, 5, 1), "Greece": Actor(7, 8, "7/10")}, source="Scholz, Calbert and Smith (2011)")

model = Model(
    "classics/car_emissions",
    problems={"static": (standards, WeightedPositions())},
    quantities=(
        Quantity("Britain's gain from challenging Germany", standards.challenge("Britain", "Germany"), "expected, risk exponent 1"),
        Quantity("Germany's gain from challenging Britain", standards.challenge("Germany", "Britain"), "expected, risk exponent 1"),
        Quantity("chance that 10 beats 4", standards.beats(10, 4), "by proportional votes"),
    ),
    claims=(
        Claim("the weighted median beats every other position", lambda at: at.solution().outcomes == ("7 beats every other position",), "Black (1948)"),
        Claim("Britain gains by challenging Germany", lambda at: at["Britain's gain from challenging Germany"] > 0, "Bueno de Mesquita (1994)"),
        Claim("Germany gains by challenging Britain", lambda at: at["Germany's gain from challenging Britain"] > 0, "Bueno de Mesquita (1994)"),
    ),
    summary=__doc__ or "",
)
