"""The grand tree with a bargained line: what changes when land can pay for security.

The grand tree (`grand_bargain`) with perfect information, the line of a settlement drawn by alternating offers over territory in which each
side's value of the package and its cost of war enter. Land can buy acceptance, so leverage built first moves the line and not
the outcome; credibility it cannot buy.

Source: Rubinstein (1982), Econometrica 50:97-109, inside the tree; the case is an op-ed on ending the war in Ukraine.
"""

from bargain import Model, SubgamePerfect
from bargain.models.ukraine import grand_bargain

VERSION = "X1_rubinstein"
game = grand_bargain.version(*grand_bargain.VERSIONS[VERSION])

model = Model(
    "ukraine/grand_bargain_linked",
    problems={VERSION: (game, SubgamePerfect())},
    claims=grand_bargain.propositions(VERSION),
    summary=__doc__ or "",
    among=grand_bargain.model.among,
)
