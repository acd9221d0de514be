"""Games and bargaining problems: values that are valid once they exist."""

from bargain.games.alternating import AlternatingOffers, Breakdown, State
from bargain.games.bargaining import BargainingProblem
from bargain.games.build import bargain_node, chance, decision, offer, payoffs, simultaneous
from bargain.games.game import Game
from bargain.games.information import InformationSet, information_sets, subgame_roots, successive
from bargain.games.matrix import MatrixGame
from bargain.games.nodes import Bargain, Chance, Decision, Node, Offer, Simultaneous, Terminal
from bargain.games.sequence_form import SequenceForm, sequence_form

__all__ = ["AlternatingOffers", "Bargain", "BargainingProblem", "Breakdown", "Chance", "Decision", "Game", "InformationSet", "MatrixGame",
           "Node", "Offer", "SequenceForm", "Simultaneous", "State", "Terminal", "bargain_node", "chance", "decision", "information_sets", "offer",
           "payoffs", "sequence_form", "simultaneous", "subgame_roots", "successive"]
