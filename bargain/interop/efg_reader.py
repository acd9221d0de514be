"""Reading .efg files: one pass over the words, no recursion, every complaint with line and column."""

from dataclasses import replace

from bargain.errors import TooLarge
from bargain.interop.efg import BrokenNode, EfgFile, EfgNode, Moves, Payment
from bargain.interop.gambit_words import Words

_MOST = 2_000_000  # nodes of a file
_NODE = "a node: c, p or t"


def parse_efg(text: str) -> EfgFile:
    """The file that a text holds, in time linear in its length, whatever the depth of the tree.

    Malformed text is `BadInput` with line, column and what was expected. An outcome may be mentioned before
    the node that describes it (as in older files); the description is then also put where it is first mentioned.

    >>> file = parse_efg('EFG 2 R "Choice" { "A" }  p "" 1 1 "" { "stay" "go" } 0  t "" 1 "" { 1/3 }  t "" 0')
    >>> parse_efg(file.text) == file
    True
    >>> parse_efg('EFG 2 R "Choice" { "A" } x')
    Traceback (most recent call last):
    ...
    bargain.errors.BadInput: line 1, column 26: expected a node: c, p or t, found x; check the file there; docs/gambit.md shows the two formats
    """
    words = Words(text)
    words.take("EFG", "EFG at the start of the file")
    words.take("2", "version 2 of the format")
    data = words.choice("RD", "R (or the obsolete D)")
    title = words.label("the title of the game")
    players = words.labels("players")
    comment = words.label("the comment") if words.next == '"' else None
    nodes: list[EfgNode] = []
    marks: list[tuple[int, ...]] = []
    ahead = False
    described: set[int] = {0}
    while words.at < len(words.words):
        if len(nodes) == _MOST:
            raise TooLarge(f"more than {_MOST} nodes", place=words.place(words.at), remedy="split the game into subgames")
        node, where = _node(words, players)
        if node.payment is None:
            ahead = ahead or node.outcome not in described
        else:
            described.add(node.outcome)
        nodes.append(node)
        marks.append(where)
    if ahead:
        _describe_at_first_mention(nodes)
    try:
        return EfgFile(title, players, tuple(nodes), comment, data)
    except BrokenNode as error:
        words.at = len(words.words)
        if error.node == len(nodes):
            raise words.unexpected(f"{_NODE} ({error.rule})") from None
        raise words.refusal(error.rule, marks[error.node][error.part], "correct it, or the first statement that it refers to") from error


def _describe_at_first_mention(nodes: list[EfgNode]) -> None:
    payments = {node.outcome: node.payment for node in reversed(nodes) if node.payment is not None}
    mentioned = set()
    for k, node in enumerate(nodes):
        if node.outcome not in mentioned and node.payment is None:
            nodes[k] = replace(node, payment=payments.get(node.outcome))
        mentioned.add(node.outcome)


def _node(words: Words, players: tuple[str, ...]) -> tuple[EfgNode, tuple[int, ...]]:
    """One entry, and the positions of its parts (start, player, set, moves, outcome, payment)."""
    start = words.at
    kind = words.choice(("c", "p", "t"), _NODE)
    label = words.label("the label of the node")
    player = number = 0
    moves = None
    player_at = words.at
    if kind == "p":
        player = words.whole("the number of the player")
    set_at = moves_at = words.at
    if kind != "t":
        number = words.whole("the number of the information set")
        moves_at = words.at
        if words.next == '"':
            moves = _moves(words, kind)
    outcome_at = words.at
    outcome = words.whole("the number of the outcome" if moves or kind == "t" else "the label of the information set or the number of the outcome")
    payment = None
    payment_at = words.at
    if words.next == '"':
        name = words.label("the label of the outcome")
        words.take("{", "'{' and the payoffs of the outcome")
        payment = Payment(name, words.payoffs(players))
        words.take("}", "'}' after one payoff per player")
    return EfgNode(kind, label, player, number, moves, outcome, payment), (start, player_at, set_at, moves_at, outcome_at, payment_at)


def _moves(words: Words, kind: str) -> Moves:
    label = words.label("the label of the information set")
    if kind == "p":
        return Moves(label, words.labels("actions"))
    words.take("{", "'{' and the actions with their probabilities")
    actions, chances = [], []
    while words.next == '"':
        actions.append(words.label("an action"))
        chances.append(words.number("the probability of the action"))
    words.take("}", "an action in double quotes or '}'")
    return Moves(label, tuple(actions), tuple(chances))

