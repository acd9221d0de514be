# ruff: noqa: E501
"""Hostile inputs: every one ends in one clear typed error, within two seconds and little memory, never in a traceback at the command line."""

import resource
import time
from pathlib import Path

import pytest
import sympy as sp

from bargain.cli import main
from bargain.errors import BargainError
from bargain.expressions import number, parse

W, X = sp.symbols("w x", real=True)
NAMES = {"w": W, "x": X}
_SECONDS = 2.0

EXECUTED = [
    "__import__('os').system('true')", "eval('1')", "exec('x=1')", "open('/etc/passwd')", "().__class__.__bases__[0].__subclasses__()", "w.__class__",
    "x.subs(x, 1)", "lambda: 1", "(lambda x: x)(1)", "[x for x in (1, 2)]", "{x: 1}", "{1, 2}", "[1, 2]", "(1, 2)", "x[0]", "x if w else 1", "w and x", "not x",
    "w < x", "w == x", "x := 1", "(x := 1)", "f'{x}'", "'text'", "b'bytes'", "...", "None", "True", "False", "1j", "await x", "yield", "print(x)", "globals()",
    "__builtins__", "__name__", "breakpoint()", "compile('1','','eval')", "getattr(w, 'x')", "type(w)", "w.free_symbols", "*x", "**x", "x, w", "x;w", "import os",
    "del x", "exp(x=1)", "exp(*w)", "Max(**w)", "sp.exp(1)", "math.pi", "w@x", "w//x", "w%x", "w<<x", "w|x", "w&x", "w^x", "~w", "x!", "5!",
]
HUGE = [
    "9**9**9", "9**9**9**9", "2**100000", "x**100000", "x**65", "(x**64)**64", "((x**64)**64)**64", "(w+x+1)**64*(w+x+1)**64*(w+x+1)**64", "(w+x)**-9999999",
    "10**-100000", "1e9999", "1e999999", "1e-999999", "9" * 3999, "0." + "1" * 3000, "exp(9**64)", "exp(exp(exp(9)))", "exp(exp(x))", "exp(1e300)", "exp(-1e300)",
    "2**(x*10**30)", "2**exp(w)", "x**(1/1000003)", "x**(10**40)", "2**0.0000001", "Max(" + ",".join(f"x+{k}" for k in range(200)) + ")", "-" * 3000 + "1",
    "(" * 150 + "x" + ")" * 150 + "**99", "(" * 3000 + "x" + ")" * 3000, "(" * 1990, "x" * 5000, "x+" * 2500 + "x", "exp(" * 70 + "x" + ")" * 70,
    "abs(" * 70 + "x" + ")" * 70, "*".join(["9e350"] * 600), "1" + "0" * 500, "*".join(f"(w + {k}*x + {k}**2 + w*x)" for k in range(1, 40)),
    "+".join(f"(w+x+{k})**64" for k in range(200)), "+".join("w" * 1500),
]
NOT_REAL = [
    "1/0", "x/0", "0/0", "1/(x-x)", "0**-1", "0**0.0", "0**(1-1)", "(w-w)**-3", "log(0)", "log(-1)", "sqrt(-1)", "(-8)**(1/3)", "(-1)**0.5", "log(log(1))", "exp(1/0)",
    "Max()", "Min()", "exp()", "log()", "sqrt()", "abs()", "exp(1, 2)", "log(8, 2)", "sqrt(4, 2)", "abs(1, 2)", "nan", "NaN", "inf", "-inf", "Infinity", "oo", "zoo", "I", "pi", "E",
]
MALFORMED = [
    "", " ", "\n", "\t", "+", "-", "*", "()", "(", ")", "x)", "(x", "x y", "x 1", "1x", "2w", "x..1", "1..2", "1.2.3", "1e", "1e+", "e1", ".", "0x1F", "0b11", "0o17",
    "1_000", "1,000", "1'000", "x=1", "x==", "=x", "#x", "x # w", "x\\", "'", '"', "'''", "\"\"\"x", "\\x41", "$x", "x?", "`x`", "x\x00", "\x00", "x\x1b[31m", "x\x7f", "\ufeffx",
    "x\u200b", "\u202ex", "\uff57", "\u0445", "x\u0301", "\u2212x", "x\u00d72", "x\u00f72", "\u00bd", "x\u00b2", "\uff11", "\u0661", "\U0001d465", "\ud800", "y", "X", "W", "xw",
    "x" * 300, "_", "__", "\u03b1", "x\r\nw", "x\nw", "x\x0cw", "x\u2028w",
]


@pytest.fixture(scope="module", autouse=True)
def little_memory() -> object:
    """All of them together leave the process less than 300 MiB larger."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_the_corpus_has_at_least_two_hundred_inputs() -> None:
    assert len({*EXECUTED, *HUGE, *NOT_REAL, *MALFORMED}) >= 200
    assert len(GAMBIT) + len(PAIRS) + len(FILES) + len(CERTIFICATES) >= 80


@pytest.mark.parametrize("text", EXECUTED + HUGE + NOT_REAL + MALFORMED, ids=lambda text: ascii(text[:24]))
def test_an_expression_is_refused_or_parsed_at_once(text: str) -> None:
    started = time.process_time()
    try:
        value = parse(text, NAMES)
    except BargainError as error:
        assert error.rule and error.remedy and len(str(error)) < 400
    else:  # harmless after all: a real expression over the names, of bounded size
        assert text in HARMLESS and value.free_symbols <= {W, X} and value.is_extended_real is not False
    assert time.process_time() - started < _SECONDS


HARMLESS = ["(w+x+1)**64*(w+x+1)**64*(w+x+1)**64", "0." + "1" * 3000, "(" * 150 + "x" + ")" * 150 + "**99", "*".join(["9e350"] * 600), "+".join("w" * 1500), "0**0.0", "0**(1-1)", "x # w", "x\r\nw", "x=1", "1" + "0" * 500]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e9999", "0x10", "1_0", "1/0", "1/2/3", "--1", "", " ", "1e", "٣", "½", "1\x00", "9" * 5000, "1e-9999", "True", "1;2", "1 2"])
def test_a_number_is_refused(text: str) -> None:
    with pytest.raises(BargainError) as caught:
        number(text)
    assert caught.value.remedy and len(str(caught.value)) < 400


PAIRS = ["p", "=", "p=", "=1", "p=nan", "p=inf", "p=1e99999", "p=1/0", "p=__import__('os')", "p=[1]", "p=0x1", "p=" + "9" * 2000, "p==1", "p=1=2", "p=1 2", "p\x00=1", "__class__=1",
         "p" * 2000 + "=1", "\u0440=1", "p=\u0661", "p=True", "p=-", "p=1e", "p=2", "p=-1", "baseline=1", "no_such=1", "../../etc/passwd.json", "/dev/null.json", "p=p"]
FILES = {
    "a.json": "", "b.json": "{", "c.json": "[]", "d.json": "null", "e.json": "{\"p\": NaN}", "f.json": "{\"p\": Infinity}", "g.json": "{\"p\": 1e99999}", "h.json": "{\"p\": {}}",
    "i.json": "{\"p\": 1, \"p\": 2}", "j.json": "[" * 100_000, "k.json": "{\"p\":" * 5000 + "1" + "}" * 5000, "l.json": "{\"p\": \"__import__('os')\"}", "m.json": "{\"p\": true}",
    "n.json": "{\"__class__\": 1}", "o.json": "{\"p\": \"\\u0000\"}", "p.json": "\x00" * 100, "q.json": "{\"p\": " + "9" * 100_000 + "}", "r.json": "{'p': 1}",
    "s.json": " " * (2**20 + 2), "t.toml": "p = nan", "u.toml": "p = inf", "v.toml": "p = [1", "w.toml": "p = 1\np = 2", "x.toml": "[p]\nq = 1", "y.toml": "p = \"\"\"",
    "z.toml": "p = 1979-05-27", "aa.toml": "a." * 5000 + "b = 1", "bb.toml": "p = " + "[" * 20_000, "cc.toml": "\ufeffp = 1e999999", "dd.toml": "p = 0x" + "f" * 5000,
}


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The command ends at once with exit status 2 and one line that says what is wrong."""
    started = time.process_time()
    status = main(arguments)
    said = capsys.readouterr().err
    assert status == 2, (status, said)
    assert said.startswith("bargain: ") and said.count("\n") == 1 and "Traceback" not in said
    assert time.process_time() - started < _SECONDS


@pytest.mark.parametrize("pair", PAIRS, ids=lambda text: ascii(text[:24]))
def test_a_pair_after_at_is_refused(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    refused(["solve", "classics/surge", "--at", pair], capsys)


@pytest.mark.parametrize("name", FILES)
def test_a_file_after_at_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_text(FILES[name], encoding="utf-8")
    refused(["solve", "classics/surge", "--at", str(path)], capsys)


_EFG = 'EFG 2 R "t" { "A" "B" }\n'
GAMBIT = {
    "empty.efg": "", "head.efg": "EFG", "version.efg": 'EFG 9 R "t" { "A" }\nt "" 1 "" { 1 }', "open.efg": 'EFG 2 R "t', "players.efg": 'EFG 2 R "t" { "A"', "nul.efg": _EFG + "\x00",
    "end.efg": _EFG + 'p "" 1 1 "" { "l" "r" } 0', "short.efg": _EFG + 't "" 1 "" { 1 }', "long.efg": _EFG + 't "" 1 "" { 1, 2, 3 }', "who.efg": _EFG + 'p "" 7 1 "" { "l" } 0\nt "" 1 "" { 1, 1 }',
    "word.efg": _EFG + 't "" 1 "" { one, 2 }', "exp.efg": _EFG + 't "" 1 "" { 1e999999, 2 }', "nan.efg": _EFG + 't "" 1 "" { nan, 2 }', "zero.efg": _EFG + 't "" 1 "" { 1/0, 2 }',
    "chance.efg": _EFG + 'c "" 1 "" { "l" 1/2 "r" 1/3 } 0\nt "" 1 "" { 1, 1 }\nt "" 2 "" { 1, 1 }', "minus.efg": _EFG + 'c "" 1 "" { "l" -1 "r" 2 } 0\nt "" 1 "" { 1, 1 }\nt "" 2 "" { 1, 1 }',
    "more.efg": _EFG + 't "" 1 "" { 1, 1 }\nt "" 2 "" { 1, 1 }', "deep.efg": _EFG + 'p "" 1 1 "" { "l" } 0\n' * 20_000, "kind.efg": _EFG + 'z "" 1', "digits.efg": _EFG + 't "" 1 "" { ' + "9" * 100_000 + ", 1 }",
    "same.efg": _EFG + 'p "" 1 1 "" { "l" "r" } 0\np "" 2 1 "" { "a" } 0\nt "" 1 "" {1, 1}\np "" 2 1 "" { "b" } 0\nt "" 2 "" {1, 1}', "bytes.efg": "\ud800",
    "empty.nfg": "", "head.nfg": "NFG", "kind.nfg": 'NFG 1 X "t" { "A" "B" } { 2 2 }\n1 1 1 1 1 1 1 1', "few.nfg": 'NFG 1 R "t" { "A" "B" } { 2 2 }\n1 1 1', "many.nfg": 'NFG 1 R "t" { "A" "B" } { 1 1 }\n1 1 1 1',
    "huge.nfg": 'NFG 1 R "t" { "A" "B" } { 99999999 99999999 }\n1', "bomb.nfg": 'NFG 1 R "t" { ' + '"A" ' * 60 + "} { " + "9 " * 60 + "}\n1", "zero.nfg": 'NFG 1 R "t" { "A" "B" } { 0 2 }\n',
    "minus.nfg": 'NFG 1 R "t" { "A" "B" } { -1 2 }\n1 1', "nan.nfg": 'NFG 1 R "t" { "A" "B" } { 1 1 }\nnan 1', "exp.nfg": 'NFG 1 R "t" { "A" "B" } { 1 1 }\n1e99999 1', "text.nfg": 'NFG 1 R "t" { "A" "B" } { 1 1 }\nx y',
    "open.nfg": 'NFG 1 R "t', "index.nfg": 'NFG 1 R "t" { "A" "B" } { { "a" } { "b" } }\n{ { "o" 1, 1 } }\n7', "nul.nfg": 'NFG 1 R "\x00" { "A" "B" } { 1 1 }\n1 1\x00',
}


@pytest.mark.parametrize("name", GAMBIT)
def test_a_gambit_file_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / name
    path.write_bytes(GAMBIT[name].encode("utf-8", "surrogatepass"))
    refused(["solve", str(path)], capsys)


CERTIFICATES = [
    "{}", "[]", "null", "1", '"text"', "{", '{"format": "bargain certificate 3"}', '{"format": 1}', '{"a": 1, "a": 2}', "[" * 100_000, '{"x":' * 2000 + "1" + "}" * 2000, "NaN", "\x00",
    '{"format": "bargain certificate 3", "concept": "core", "parameters": [], "variables": [], "players": []}', '{"parameters": 7, "variables": []}', '{"parameters": [[]], "variables": []}',
    '{"parameters": {"a": 1}, "variables": "abc", "players": "abc", "format": "bargain certificate 3", "concept": "core"}',
]


@pytest.mark.parametrize("text", CERTIFICATES, ids=lambda text: ascii(text[:24]))
def test_a_certificate_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(text, encoding="utf-8")
    refused(["verify", str(path)], capsys)


@pytest.mark.parametrize("arguments", [
    ["solve", "no/such"], ["solve", "../../etc/passwd"], ["solve", "classics/__init__"], ["solve", "os/path"], ["solve", ""], ["solve", "\x00"], ["solve", "a" * 5000], ["solve", "/dev/zero"],
    ["solve", "x.efg"], ["solve", "."], ["verify", "/dev/zero"], ["verify", "."], ["verify", "\x00"], ["solve", "classics/surge", "--time-limit", "-1"],
    ["solve", "classics/surge", "--time-limit", "nan"], ["solve", "classics/surge", "--memory-limit", "0"], ["solve", "classics/surge", "--free", "__class__"], ["solve", "classics/surge", "--by", "os"],
    ["solve", "classics/surge", "--problem", "__dict__"], ["solve", "classics/surge", "--concept", "__init__"], ["solve"], [], ["--no-such"], ["solve", "classics/surge", "--out", "/no/such/folder/x"],
], ids=lambda words: ascii(" ".join(words)[:32]))
def test_a_command_line_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    refused(arguments, capsys)
