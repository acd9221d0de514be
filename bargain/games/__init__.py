"""Games and bargaining problems: values that are valid once they exist."""

from bargain.games.bargaining import AlternatingOffers, BargainingProblem, Breakdown, State
from bargain.games.build import bargain_node, chance, decision, offer, payoffs, simultaneous
from bargain.games.game import Game
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Bargain, Chance, Decision, Node, Offer, Simultaneous, Terminal

__all__ = ["AlternatingOffers", "Bargain", "BargainingProblem", "Breakdown", "Chance", "Decision", "Game", "MatrixGame",
           "Node", "Offer", "Simultaneous", "State", "Terminal", "bargain_node", "chance", "decision", "offer",
           "payoffs", "simultaneous"]
