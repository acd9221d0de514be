"""From Gambit's files to games and back: what the games are, against pygambit, and through the command line."""

import doctest
import json
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
import sympy as sp

from bargain import Game, MatrixGame, Notation, Parameter, SubgamePerfect, chance, decision, offer, payoffs, simultaneous, solve
from bargain.cli import main
from bargain.errors import BadInput, NotApplicable, TooLarge
from bargain.games import Chance, Decision, Terminal
from bargain.games.information import forgotten, information_sets, place, successive
from bargain.interop.efg_reader import parse_efg
from bargain.interop.gambit import as_file, as_game, from_pygambit, parse_gambit, read_gambit, to_pygambit, write_gambit
from bargain.interop.matrices import from_nashpy, matrix_to_nfg, nfg_to_matrix
from bargain.interop.nashpy import to_nashpy
from bargain.interop.trees import efg_to_game, game_to_efg

g = sp.Symbol("g", real=True)
POKER = r'''EFG 2 R "Myerson's card game" { "Fred" "Alice" }
"Myerson (1991), fig. 2.1"
c "" 1 "" { "red" 1/2 "black" 1/2 } 0
p "" 1 1 "red card" { "Raise" "Fold" } 0
p "" 2 1 "" { "Meet" "Pass" } 0
t "" 1 "big win" { 2, -2 }
t "" 2 "win" { 1, -1 }
t "" 2
p "" 1 2 "black card" { "Raise" "Fold" } 0
p "" 2 1 0
t "" 3 "big loss" { -2, 2 }
t "" 2
t "" 4 "loss" { -1, 1 }
'''


def canonical(game):
    """A tree up to the names of information sets and outcomes: the records of its nodes in order."""
    if isinstance(game, MatrixGame):
        return game
    sets: dict[str, int] = {}
    rows = [game.title, game.players, game.source]
    for history, node in game.nodes():
        if isinstance(node, Terminal):
            rows.append((history, tuple(node.payoffs[player] for player in game.players)))
        elif isinstance(node, Chance):
            rows.append((history, tuple((name, p) for name, p, _ in node.draws)))
        else:
            rows.append((history, node.player, sets.setdefault(place(node, history), len(sets)), tuple(name for name, _ in node.moves)))
    return rows


def tree(game):
    """The canonical form without title and comment, in which Gambit's writer doubles every backslash."""
    return replace(game, source="") if isinstance(game, MatrixGame) else canonical(game)[1:2] + canonical(game)[3:]


def uniform(game: Game) -> list[Fraction]:
    """What the players expect if every action is equally likely, by the weights of the ends."""
    total, weight = [Fraction(0)] * len(game.players), {(): Fraction(1)}
    for history, node in game.nodes():
        if isinstance(node, Terminal):
            for i, player in enumerate(game.players):
                total[i] += weight[history] * Fraction(str(node.payoffs[player]))
        else:
            chances = {name: Fraction(str(p)) for name, p, _ in node.draws} if isinstance(node, Chance) else {}
            for name, _ in node.moves:
                weight[*history, name] = weight[history] * chances.get(name, Fraction(1, len(node.moves)))
    return total


# --- refusals ----------------------------------------------------------------------------------------------------

def test_a_symbolic_game_is_refused_with_the_remedy_and_written_once_it_is_numeric():
    table = (Parameter(g, "gain", domain=">0", baseline=1),)
    game = Game("Entry", ("E", "I"), table, decision("E", out=payoffs(E=0, I=2), enter=payoffs(E=g, I=1)))
    with pytest.raises(BadInput, match=r"node enter: the payoff of E, g, is symbolic; put numbers in first: game.at"):
        game_to_efg(game)
    assert efg_to_game(game_to_efg(game.at({g: "1/3"}))).node("enter").payoffs["E"] == sp.Rational(1, 3)
    matrix = MatrixGame.from_arrays([[g]], [[0]], notation=Notation(table))
    with pytest.raises(BadInput, match=r"the payoff g is symbolic; put numbers in first: game.at"):
        matrix_to_nfg(matrix)
    chancy = Game("c", ("A",), (Parameter(g, "p", domain="[0, 1]"),), chance(a=(g, payoffs(A=1)), b=(1 - g, payoffs(A=0))))
    with pytest.raises(BadInput, match="probability of 'a', g, is symbolic"):
        game_to_efg(chancy)


@pytest.mark.parametrize("number, rule", [(sp.sqrt(2), "not rational"), (sp.Rational(1, 10**401), "more than 400 digits")])
def test_a_number_that_no_file_holds_is_refused(number, rule):
    with pytest.raises(BadInput, match=rule):
        game_to_efg(Game("t", ("A",), (), decision("A", a=payoffs(A=number))))
    with pytest.raises(BadInput, match=rule):
        matrix_to_nfg(MatrixGame.from_arrays([[number]], [[0]]))


def test_offers_and_other_problems_are_refused(tmp_path):
    x = sp.Symbol("x", real=True)
    game = Game("t", ("A", "B"), (), offer("A", x, between=(0, 1), answer=decision("B", yes=payoffs(A=x, B=1 - x), no=payoffs(A=0, B=0))))
    with pytest.raises(NotApplicable, match="no Offer nodes; replace it by a decision among finitely many offers"):
        game_to_efg(game)
    with pytest.raises(NotApplicable, match="Gambit has no str"):
        as_file("a game")
    with pytest.raises(BadInput, match="is written to a .nfg file"):
        write_gambit(MatrixGame.from_arrays([[1]], [[2]]), tmp_path / "game.efg")
    with pytest.raises(BadInput, match="no Gambit file can hold these backslashes"):
        _ = game_to_efg(Game("C:\\", ("A",), (), payoffs(A=0))).text


def test_a_file_without_players_is_no_game():
    with pytest.raises(BadInput, match="names no players"):
        efg_to_game(parse_efg('EFG 2 R "t" { } t "" 0'))


# --- reading -----------------------------------------------------------------------------------------------------

def test_the_card_game_is_read_with_its_information_sets_and_payoffs():
    game = efg_to_game(parse_efg(POKER))
    assert (game.title, game.players, game.source) == ("Myerson's card game", ("Fred", "Alice"), "Myerson (1991), fig. 2.1")
    assert [(s.player, s.name, s.actions, len(s.members)) for s in information_sets(game)] == [
        ("Fred", "red card", ("Raise", "Fold"), 1), ("Alice", "Alice 1", ("Meet", "Pass"), 2), ("Fred", "black card", ("Raise", "Fold"), 1)]
    assert game.node("black", "Raise", "Meet") == Terminal({"Fred": sp.Integer(-2), "Alice": sp.Integer(2)}, "big loss")
    assert game.count == {"nodes": 11, "ends": 6, "decisions": 4, "chance": 1}
    assert efg_to_game(game_to_efg(game)) == game


def test_payoffs_on_the_way_are_added_up_on_every_branch():
    text = '''EFG 2 R "stages" { "A" "B" }
p "" 1 1 "" { "x" "y" } 1 "first" { 1, 1/2 }
p "" 2 1 "" { "u" "v" } 2 "second" { 10, 0.25 }
t "" 0
t "" 1
t "" 3 "third" { 100, -1e2 }
'''
    game = efg_to_game(parse_efg(text))
    found = {history: tuple(node.payoffs.values()) for history, node in game.nodes() if isinstance(node, Terminal)}
    assert found == {("x", "u"): (11, sp.Rational(3, 4)), ("x", "v"): (12, sp.Rational(5, 4)), ("y",): (101, sp.Rational(-199, 2))}
    assert [node.label for _, node in game.nodes() if isinstance(node, Terminal)] == ["", "first", "third"]


def test_blank_and_repeated_labels_become_names_and_slashes_leave_the_actions():
    text = '''EFG 2 R "" { "" "A" "A" }
p "" 2 5 "twin" { "1/2" "" "" "1:2" } 0
p "" 3 1 "twin" { "a" } 0 t "" 0
p "" 1 9 "" { "a" } 0 t "" 0
p "" 1 9 0 t "" 0
p "" 3 4 "" { "a" } 0 t "" 0
'''
    game = efg_to_game(parse_efg(text))
    assert game.players == ("_1", "A_1", "A_2")
    assert [name for name, _ in game.root.moves] == ["1:2_1", "_1", "_2", "1:2_2"]
    assert [place(node, history) for history, node in game.nodes() if isinstance(node, Decision)] == ["twin_1", "twin_2", "_1 1", "_1 1", "1:2_2"]


def test_an_information_set_is_not_named_like_the_path_of_another_node():
    text = 'EFG 2 R "" { "A" }  p "" 1 1 "" { "a" "b" } 0  p "" 1 2 "b" { "c" } 0 t "" 0  p "" 1 3 "" { "(start)" } 0  p "" 1 4 "(start)" { "d" } 0 t "" 0'
    names = [s.name for s in information_sets(efg_to_game(parse_efg(text)))]
    assert names == ["(start)", "b_1", "b", "(start)_1"]


def test_deep_games_are_games_up_to_2000_moves_and_refused_beyond():
    def line(length):
        steps = "".join(f'p "" {k % 2 + 1} {k} "" {{ "stop" "go" }} 0 t "" {k} "" {{ {k}, {k % 3} }}\n' for k in range(1, length + 1))
        return efg_to_game(parse_efg('EFG 2 R "line" { "A" "B" }\n' + steps + 't "" 0'))

    game = line(2000)
    assert game.count["ends"] == 2001 and game.at({}).count == game.count
    assert game_to_efg(game) == game_to_efg(efg_to_game(game_to_efg(game)))
    assert solve(line(40), SubgamePerfect()).status.certified
    with pytest.raises(TooLarge, match="2001 successive moves"):
        line(2001)


# --- writing -----------------------------------------------------------------------------------------------------

def test_simultaneous_moves_are_written_as_moves_nobody_observes():
    cells = {(a, b): payoffs(A=i, B=-i) for i, (a, b) in enumerate(product("xy", "uvw"))}
    cells["y", "u"] = simultaneous({"B": ("l", "r"), "A": ("t",)}, {("l", "t"): payoffs(A=7, B=7), ("r", "t"): payoffs(A=8, B=8)})
    game = Game("at once", ("A", "B"), (), decision("A", go=simultaneous({"A": ("x", "y"), "B": ("u", "v", "w")}, cells), stay=payoffs(A=0, B=0)))
    back = efg_to_game(game_to_efg(game))
    assert back == successive(game)
    assert {(s.name, len(s.members)) for s in information_sets(back)} >= {("A at go", 1), ("B at go", 2), ("B at go/y/u", 1), ("A at go/y/u", 2)}


def test_actions_of_a_set_are_written_in_one_order():
    game = Game("t", ("A", "B"), (), decision("A", l=decision("B", {"x": payoffs(A=1, B=0), "y": payoffs(A=2, B=0)}, information_set="s"),
                                             r=decision("B", {"y": payoffs(A=3, B=0), "x": payoffs(A=4, B=0)}, information_set="s")))
    back = efg_to_game(game_to_efg(game))
    assert [back.node(*history).payoffs["A"] for history in (("l", "x"), ("l", "y"), ("r", "x"), ("r", "y"))] == [1, 2, 4, 3]


def test_tables_round_trip_in_both_variants():
    cells = {cell: (sp.Rational(i, 7), sp.Integer(-i), sp.Integer(i % 2)) for i, cell in enumerate(product("ab", "xyz", "uv"))}
    game = MatrixGame("three", ("A", "B", "C"), (("a", "b"), ("x", "y", "z"), ("u", "v")), cells, source="generic")
    for outcomes in (False, True):
        file = matrix_to_nfg(game, outcomes=outcomes)
        assert (file.outcomes is not None) is outcomes
        assert nfg_to_matrix(parse_gambit(file.text)) == game
    assert nfg_to_matrix(parse_gambit('NFG 1 R "" { "A" "A" } { { "x" "x" } { "" } } 1 2 3 4')) == MatrixGame(
        "", ("A_1", "A_2"), (("x_1", "x_2"), ("_1",)), {("x_1", "_1"): (1, 2), ("x_2", "_1"): (3, 4)})


def test_files_round_trip_through_the_disk(tmp_path):
    game = efg_to_game(parse_efg(POKER))
    write_gambit(game, tmp_path / "game.efg")
    first = (tmp_path / "game.efg").read_bytes()
    write_gambit(read_gambit(tmp_path / "game.efg"), tmp_path / "again.EFG")
    assert read_gambit(tmp_path / "again.EFG") == game and (tmp_path / "again.EFG").read_bytes() == first


def test_nashpy_games_come_over_exactly_and_go_back():
    nashpy = pytest.importorskip("nashpy")
    game = from_nashpy(nashpy.Game([[0.1, 2], [3, -1e-7]], [[1, 0], [0, 2.5]]), title="N", players=("R", "C"), actions=(("u", "d"), ("l", "r")))
    assert game["u", "l"] == (sp.Rational(1, 10), 1) and game["d", "r"] == (sp.Rational(-1, 10**7), sp.Rational(5, 2))
    back = from_nashpy(to_nashpy(game), title="N", players=("R", "C"), actions=(("u", "d"), ("l", "r")))
    assert back == game


# --- against pygambit --------------------------------------------------------------------------------------------

def catalogue():
    gambit = pytest.importorskip("pygambit")
    return [(slug, gambit.catalog.load(slug)) for slug in gambit.catalog.games()["Game"]]


def test_every_game_of_the_catalogue_comes_back_byte_for_byte_and_is_the_game_that_pygambit_holds():
    games = catalogue()
    assert len(games) == 38
    for slug, theirs in games:
        text = theirs.to_efg() if theirs.is_tree else theirs.to_nfg()
        file = parse_gambit(text)
        assert file.text == text, slug  # as Gambit lays it out, at the first pass
        game = as_game(file)
        first = as_file(game).text
        again = as_game(parse_gambit(first))
        assert again == game and as_file(again).text == first, slug
        assert tree(game) == tree(from_pygambit(theirs)) == tree(from_pygambit(to_pygambit(game))), slug


def test_every_file_of_the_catalogue_reads_as_it_does_in_pygambit():
    pytest.importorskip("pygambit")
    from pygambit.catalog import _CATALOG_RESOURCE, READERS

    paths = [path for suffix in READERS for path in _CATALOG_RESOURCE.rglob(f"*{suffix}")]
    assert len(paths) == 38
    for path in paths:
        game, theirs = read_gambit(path), READERS[path.suffix](str(path))
        assert canonical(game) == canonical(from_pygambit(theirs)), path
        file = parse_gambit(path.read_text(encoding="utf-8"))
        assert parse_gambit(file.text) == file and parse_gambit(file.text).text == file.text, path


def test_expected_payoffs_recall_and_information_sets_agree_with_pygambit():
    for slug, theirs in catalogue():
        if not theirs.is_tree:
            continue
        game = as_game(parse_gambit(theirs.to_efg()))
        profile = theirs.mixed_behavior_profile(rational=True)
        assert uniform(game) == [Fraction(profile.payoff(player)) for player in theirs.players], slug
        assert len(information_sets(game)) == len(list(theirs.infosets)), slug
        assert (forgotten(game) is None) == theirs.is_perfect_recall, slug


def test_what_is_written_is_what_gambit_itself_would_write():
    gambit = pytest.importorskip("pygambit")
    file = game_to_efg(efg_to_game(parse_efg(POKER)))
    assert gambit.read_efg(StringIO(file.text)).to_efg() == file.text
    labels = ['say "no"', "a\\b", "50% & more", "$x_1$", "{", "c", "0"]
    game = Game("t", ("A",), (), decision("A", {label: payoffs(A=k, label=f"o{k}") for k, label in enumerate(labels)}))
    assert [action.label for action in to_pygambit(game).root.infoset.actions] == labels
    assert canonical(from_pygambit(to_pygambit(game))) == canonical(game)


def test_labels_and_numbers_read_as_they_do_in_gambit():
    gambit = pytest.importorskip("pygambit")
    for inside in [r"a\b", r"a\\b", r"a\"b", r"a\\"r'"b', r"a\\\b", r"a\\\"b", r"\n", "", "x"]:
        text = f'EFG 2 R "t" {{ "A" }}\np "" 1 1 "" {{ "{inside}" "other" }} 0\nt "" 0\nt "" 1 "" {{ -.5 }}'
        theirs = [action.label for action in gambit.read_efg(StringIO(text)).root.infoset.actions]
        assert [name for name, _ in efg_to_game(parse_efg(text)).root.moves] == theirs
    for number in ["1", "-3", "-.5", ".5", "1.5e3", "1e3", "1E-3", "4/6", "1.", "1.e2", "007", "-0"]:
        text = f'NFG 1 R "t" {{ "A" }} {{ 1 }} {number}'
        theirs = gambit.read_nfg(StringIO(text)).to_arrays()[0][0]
        assert nfg_to_matrix(parse_gambit(text))["1",] == (sp.Rational(theirs.numerator, theirs.denominator),)


@pytest.mark.parametrize("name", ["Müller", "two\nlines", " x", "x ", "a  b", " ", "\x7f"])
def test_names_that_gambit_refuses_are_kept_in_our_files_and_not_sent_to_gambit(name, tmp_path):
    gambit = pytest.importorskip("pygambit")
    game = Game("Müller", (name,), (), decision(name, {name: payoffs({name: 1}, label=name)}, information_set=name), name)
    assert as_game(parse_gambit(as_file(game).text)) == game
    with pytest.raises(ValueError, match="Invalid label"):
        gambit.read_efg(StringIO(as_file(game).text))
    for changed, kind in [
        (game, "player"), (Game("Müller", ("A",), (), decision("A", {name: payoffs(A=1)}), name), "action"),
        (Game("Müller", ("A",), (), decision("A", a=payoffs(A=1), information_set=name), name), "information set"),
        (Game("Müller", ("A",), (), payoffs(A=1, label=name), name), "outcome"), (MatrixGame("", ("A",), ((name,),), {(name,): (1,)}), "strategy"),
    ]:
        with pytest.raises(BadInput, match=rf"^{kind} .*printable ASCII"):
            write_gambit(changed, tmp_path / "game.efg")
        with pytest.raises(BadInput, match=rf"^{kind} .*printable ASCII"):
            to_pygambit(changed)
    theirs = to_pygambit(Game("t", ("A",), (), payoffs(A=1), name))  # a comment may hold anything, but pygambit may fail to give it back
    if name.isascii():
        assert theirs.description == from_pygambit(theirs).source == name
    else:
        with pytest.raises(BadInput, match="which is not ASCII; set them"):
            from_pygambit(theirs)


# --- the command line and the documentation ----------------------------------------------------------------------

def test_gambit_files_are_shown_and_solved(capsys, tmp_path):
    path = tmp_path / "toll.efg"
    path.write_text('EFG 2 R "Toll" { "A" "B" }\n"Pay to pass."\np "" 1 1 "" { "pay" "wait" } 0\n'
                    'p "" 2 1 "" { "let" "stop" } 1 "toll" { -1/3, 1/3 }\nt "" 2 "over" { 1, 0 }\nt "" 0\nt "" 0\n', encoding="utf-8")
    assert main(["show", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "Pay to pass." in shown and "Toll" in shown and "5 nodes" in shown
    assert main(["solve", str(path), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    found = answer["regimes"][0]["equilibria"]
    assert answer["model"] == "toll" and {entry["payoffs"]["A"] for entry in found} == {"2/3", "0"}  # B is indifferent
    table = tmp_path / "dilemma.nfg"
    table.write_text('NFG 1 R "Dilemma" { "R" "C" } { { "c" "d" } { "c" "d" } } 3 3 5 0 0 5 1 1', encoding="utf-8")
    assert main(["solve", str(table), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["regimes"][0]["equilibria"][0]["payoffs"] == {"R": "1", "C": "1"}
    assert main(["show", str(table)]) == 0


@pytest.mark.parametrize("command", ["show", "solve"])
def test_a_mistake_in_a_gambit_file_is_one_line_with_its_place(capsys, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.efg").write_text('EFG 2 R "t" { "A" }\nt "" 1 "x" { one }\n', encoding="utf-8")
    assert main([command, "bad.efg"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1
    assert captured.err.startswith("bargain: file bad.efg: line 2, column 14: expected the payoff of 'A', found one; write")
    (tmp_path / "code.nfg").write_text("__import__('os').system('true')", encoding="utf-8")
    assert main([command, "code.nfg"]) == 2
    assert "file code.nfg: line 1, column 1: expected EFG or NFG" in capsys.readouterr().err


def test_a_game_too_deep_for_the_solver_is_refused_in_one_line(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    steps = "".join(f'p "" 1 {k} "" {{ "stop" "go" }} 0 t "" {k} "" {{ {k} }}\n' for k in range(1, 1_201))
    (tmp_path / "deep.efg").write_text('EFG 2 R "deep" { "A" }\n' + steps + 't "" 0', encoding="utf-8")
    assert main(["show", "deep.efg"]) == 0
    capsys.readouterr()
    status, message = main(["solve", "deep.efg"]), capsys.readouterr().err
    assert status == 0 or (status == 2 and "too deep" in message and message.count("\n") == 1)


def test_the_examples_of_the_documentation_run():
    failed, run = doctest.testfile(str(Path(__file__).parents[1] / "docs" / "gambit.md"), module_relative=False)
    assert (failed, run) == (0, 6)
