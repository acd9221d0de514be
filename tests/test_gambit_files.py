"""Gambit's files as text: what is read, what is written, and where a malformed file is wrong."""

import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from bargain.errors import BadInput, BargainError, InvalidModel, TooLarge
from bargain.interop.efg import EfgFile, EfgNode, Moves, Payment
from bargain.interop.efg_reader import parse_efg
from bargain.interop.gambit import parse_gambit, read_gambit
from bargain.interop.gambit_words import Words, distinct, numeral, quoted, unquoted, value
from bargain.interop.nfg import NfgFile, parse_nfg
from bargain.interop.trees import efg_to_game

DATA = Path(__file__).parent / "data" / "gambit"
MALFORMED = [(head.split(" | ", 2), text) for head, _, text in (part.partition("\n") for part in
             (DATA / "malformed.txt").read_text(encoding="utf-8").split("=== ")[1:])]
HEADER = 'EFG 2 R "t" { "A" "B" }\n""\n\n'


# --- refusals ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("head, text", MALFORMED, ids=[head[0] for head, _ in MALFORMED])
def test_a_malformed_file_is_refused_at_its_line_and_column(head, text):
    _, place, rule = head
    with pytest.raises(BargainError) as caught:
        parse_gambit(text)
    assert caught.value.place == place
    assert rule in caught.value.rule
    assert caught.value.remedy


@pytest.mark.parametrize("text", [HEADER + 't "" 1 "win" { 1/3, -2 }\n', 'NFG 1 R "t" { "A" } { { "a" } } "c" { { "win" 1 } } 1'])
def test_every_proper_beginning_of_a_file_is_refused_and_never_crashes(text):
    parse_gambit(text)
    for length in range(len(text.rstrip())):
        with pytest.raises(BadInput):
            parse_gambit(text[:length])


def test_numbers_and_files_beyond_the_limits_are_refused(monkeypatch):
    assert numeral("9" * 400) and not numeral("9" * 401) and not numeral("1e1000") and not numeral("1/" + "0" * 9)
    monkeypatch.setattr("bargain.interop.efg_reader._MOST", 3)
    with pytest.raises(TooLarge, match="line 5, column 1: more than 3 nodes"):
        parse_efg('EFG 2 R "t" { "A" }\np "" 1 1 "" { "a" "b" "c" } 0' + '\nt "" 0' * 3)
    monkeypatch.setattr("bargain.interop.gambit_words._LONGEST", 100)
    with pytest.raises(TooLarge, match="characters"):
        parse_nfg("NFG" + " " * 100)


@pytest.mark.parametrize("change, rule", [
    ({"nodes": ()}, "not complete"),
    ({"nodes": (EfgNode("x"),)}, "unknown kind"),
    ({"nodes": (EfgNode("t", player=1),)}, "no moves"),
    ({"nodes": (EfgNode("t", outcome=1, payment=Payment("", ("1",))),)}, "pays every player"),
    ({"nodes": (EfgNode("t", outcome=1, payment=Payment("", ("1", "+2"))),)}, "pays every player"),
    ({"nodes": (EfgNode("t", outcome=-1),)}, "not described"),
    ({"nodes": (EfgNode("p", player=1, information_set=1, moves=Moves("", ("a",), ("1",))), EfgNode("t"))}, "only chance"),
    ({"nodes": (EfgNode("c", information_set=1, moves=Moves("", ("a", "b"), ("1",))), EfgNode("t"), EfgNode("t"))}, "one probability per action"),
])
def test_a_document_that_no_file_could_hold_does_not_exist(change, rule):
    with pytest.raises(InvalidModel, match=rule):
        EfgFile(**{"title": "t", "players": ("A", "B"), **change})


@pytest.mark.parametrize("change, rule", [
    ({"players": ()}, "needs players"), ({"strategies": (2,)}, "one entry of strategies"), ({"strategies": (2, 0)}, "at least one strategy"),
    ({"body": ("1",) * 7}, "7 entries, the cells need 8"), ({"body": ("x",) * 8}, "'x' is no number"),
    ({"outcomes": (Payment("", ("1", "2")),), "body": (0, 1, 2, 0)}, "2 is no outcome"),
    ({"outcomes": (Payment("", ("1",)),), "body": (0, 1, 1, 0)}, "one number"),
])
def test_a_table_that_no_file_could_hold_does_not_exist(change, rule):
    with pytest.raises(InvalidModel, match=rule):
        NfgFile(**{"title": "t", "players": ("A", "B"), "strategies": (2, 2), "body": ("1",) * 8, **change})


def test_bytes_that_are_not_text_are_refused_at_their_line(tmp_path):
    path = tmp_path / "old.efg"
    path.write_bytes(HEADER.encode() + 't "Münze" 0'.encode("latin-1"))
    with pytest.raises(BadInput, match=r"old.efg: line 4, byte 5: a character that is not UTF-8"):
        read_gambit(path)
    path.write_bytes(b"\xef\xbb\xbf" + HEADER.encode() + 't "Münze" 0'.encode())  # the mark that Windows editors put first
    assert read_gambit(path).title == "t"
    with pytest.raises(BadInput, match="cannot be read"):
        read_gambit(tmp_path)


# --- words -------------------------------------------------------------------------------------------------------

def test_quoting_and_reading_are_inverse_on_all_short_labels():
    held = refused = 0
    for length in range(8):
        for letters in product('\\"a', repeat=length):
            label = "".join(letters)
            try:
                word = quoted(label)
            except BadInput:
                refused += 1
                continue
            words = Words(f'{word}"next"')
            assert (words.label("x"), words.label("y")) == (label, "next")
            held += 1
    assert (held, refused) == (987, 2293)


def test_every_word_in_quotes_reads_as_a_label_that_is_written_the_same():
    for length in range(8):
        for letters in product('\\"a', repeat=length):
            word = f'"{"".join(letters)}"'
            if Words(word).words == [word] and len(word) > 1 and not word.endswith('\\"'):
                assert quoted(unquoted(word)) == word


@pytest.mark.parametrize("word", ["0", "-3", "+3", "007", "-.5", ".5", "1.", "1.e2", "+1.50E+3", ".5e-2", "1e3", "-6/4", "+6/4"])
def test_a_number_keeps_its_digits_and_its_exact_value(word):
    text = numeral(word)
    assert text and numeral(text) == text
    assert text == word.replace("+", "").replace(".5e", "0.5e")
    assert Fraction(str(value(text))) == Fraction(word)


def test_names_become_distinct_without_taking_one_that_is_given():
    assert distinct(["a", "b"]) == ["a", "b"]
    assert distinct(["", "", "_1"]) == ["_2", "_3", "_1"]
    assert distinct(["a", "a", "a_1", "b"], taken=["b"]) == ["a_2", "a_3", "a_1", "b_1"]
    assert len(set(distinct([""] * 50_000))) == 50_000


# --- trees -------------------------------------------------------------------------------------------------------

FULL = r'''EFG 2 D
"A \"full\" file"{"Ann"
"" "Ann"}"two
lines"
c "root" 7 "" { "l" 1/2 "l" 0.25 "" 2.5e-1 } 3 "stage" { 1, 2 -.5 }
p "x" 1 2 "" { "a" "b" } 9
  t "" 9 "later" { 1 2 3, } t "end" 0
p "" 1 2 0 t "" 3 t "" 9
p "" 3 1 "set" { "a" } 0 t "" 9 "later" { 1 2 3 }
'''


def test_a_file_of_every_feature_is_read_as_it_stands_and_written_as_gambit_writes_it():
    file = parse_efg(FULL)
    assert (file.title, file.players, file.comment, file.data) == ('A "full" file', ("Ann", "", "Ann"), "two\nlines", "D")
    assert [node.kind for node in file.nodes] == list("cpttpttpt")
    assert file.nodes[0].moves == Moves("", ("l", "l", ""), ("1/2", "0.25", "2.5e-1"))
    assert file.outcomes() == {3: Payment("stage", ("1", "2", "-.5")), 9: Payment("later", ("1", "2", "3"))}
    assert file.sets() == {(0, 7): file.nodes[0].moves, (1, 2): Moves("", ("a", "b")), (3, 1): Moves("set", ("a",))}
    assert file.nodes[1].payment == Payment("later", ("1", "2", "3"))  # described below, and now also where it is first mentioned
    assert file.nodes[4].moves is None and file.nodes[6].payment is None  # references stay references
    assert file.text == r'''EFG 2 D "A \"full\" file" { "Ann" "" "Ann" }
"two
lines"

c "root" 7 "" { "l" 1/2 "l" 0.25 "" 2.5e-1 } 3 "stage" { 1, 2, -.5 }
p "x" 1 2 "" { "a" "b" } 9 "later" { 1, 2, 3 }
t "" 9 "later" { 1, 2, 3 }
t "end" 0
p "" 1 2 0
t "" 3
t "" 9
p "" 3 1 "set" { "a" } 0
t "" 9 "later" { 1, 2, 3 }
'''
    assert parse_efg(file.text) == file


def test_a_missing_comment_is_not_an_empty_one():
    bare, empty = (parse_efg(f'EFG 2 R "t" {{ "A" }}{comment}\nt "" 0\n') for comment in ("", ' ""'))
    assert (bare.comment, empty.comment) == (None, "") and bare != empty
    assert [parse_efg(file.text).comment for file in (bare, empty)] == [None, ""]


@pytest.mark.parametrize("blank", [" ", "\n", "\r\n", "\t", "\v\f"])
def test_layout_does_not_matter(blank):
    words = Words(FULL).words
    assert parse_efg(blank.join(words)) == parse_efg(FULL)


def chain(length: int) -> str:
    steps = "".join(f'p "" 1 {k} "" {{ "stop" "go" }} 0\nt "" {k} "o{k}" {{ {k} }}\n' for k in range(1, length + 1))
    return 'EFG 2 R "chain" { "A" }\n""\n\n' + steps + 't "" 0\n'


def test_a_path_of_50000_moves_is_read_and_written_without_recursion():
    text = chain(50_000)
    file = parse_efg(text)
    assert len(file.nodes) == 100_001 and file.text == text
    with pytest.raises(TooLarge, match="50000 successive moves"):
        efg_to_game(file)


def calls(function) -> int:
    """How many calls, of Python and of C, a function makes."""
    count = 0

    def counted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count


def test_reading_and_writing_ten_times_the_nodes_takes_ten_times_the_calls():
    small, large = chain(500), chain(5_000)
    assert calls(lambda: parse_efg(large)) < 10.5 * calls(lambda: parse_efg(small))
    files = parse_efg(small), parse_efg(large)
    assert calls(lambda: files[1].text) < 10.5 * calls(lambda: files[0].text)


# --- tables ------------------------------------------------------------------------------------------------------

def test_the_payoff_variant_with_and_without_names():
    named = parse_nfg('NFG 1 R "Selten" { "P1" "P2" } { { "a" "a" "" } { "l" "r" } } "c"\n 1 1 0 2 0 2\n1 1 0 3 2 .5')
    counted = parse_nfg('NFG 1 R "Selten" { "P1" "P2" } { 3 2 }\n 1 1 0 2 0 2 1 1 0 3 2 .5')
    assert named.shape == counted.shape == (3, 2) and named.body == counted.body
    assert (named.strategies, counted.strategies) == ((("a", "a", ""), ("l", "r")), (3, 2))
    assert (named.comment, counted.comment, counted.outcomes) == ("c", None, None)
    for file in (named, counted):
        assert parse_nfg(file.text) == file


def test_the_outcome_variant_keeps_labels_repetitions_and_the_null_outcome():
    text = 'NFG 1 R "t" { "A" "B" }\n\n{ { "a" "b" }\n{ "l" "r" }\n}\n""\n\n{\n{ "" 1, 2 }\n{ "" 0, 1/2 }\n}\n1 0 2 1 \n'
    file = parse_nfg(text)
    assert file.body == (1, 0, 2, 1) and file.outcomes == (Payment("", ("1", "2")), Payment("", ("0", "1/2")))
    assert file.text == text
    empty = parse_nfg('NFG 1 R "t" { "A" } { 1 } { } 0')
    assert empty.outcomes == () and parse_nfg(empty.text) == empty
