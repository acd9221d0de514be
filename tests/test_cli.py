"""The command line: what it prints, its exit status, and that a user's mistake is one line with a place and a remedy."""

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest

from bargain.cli import main
from bargain.errors import BadInput, InvalidModel
from bargain.loading import groups, load, load_group, shipped

FILE = Path("mine.py")
GAME = """
'''A choice.

Take it or leave it.
'''
from sympy import symbols
from bargain import *
p, q = symbols("p q", real=True)
NOTATION = Notation((Parameter(p, "gain", domain="[0, 1]", baseline="1/2"), Parameter(q, "risk", domain="(0, 1)", baseline="1/3")))
game = Game("Choice", ("A",), NOTATION, decision("A", take=payoffs(A=p, label="T"), leave=payoffs(A=q, label="L")))
"""
MODEL = GAME + """
model = Model("choice", {"game": (game, SubgamePerfect())}, summary=__doc__,
              quantities=(Quantity("gain", p - q, "what taking adds"), Quantity("both", {"p": p, "list": [p, q]})),
              claims=(Claim("taking is better", p > q, "K1"), Claim("leaving is chosen", lambda at: at.solution().outcomes == ("L",))))
"""
MATRIX = """
from bargain import MatrixGame
matrix = MatrixGame.from_arrays([[3, 0], [5, 1]], [[3, 5], [0, 1]], title="Dilemma")
"""


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run a command in an empty folder; the result is (status, output, messages)."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        return status, *capsys.readouterr()

    return call


def refused(result: tuple[int, str, str], *parts: str, status: int = 2) -> None:
    """The command failed with one line that holds every part, and printed nothing else."""
    code, out, err = result
    assert code == status, err
    assert out == ""
    assert err.startswith("bargain: ") and err.count("\n") == 1 and ": " in err and "; " in err, err
    assert "Traceback" not in err
    for part in parts:
        assert part in err, err


# --- loading -----------------------------------------------------------------------------------------------------

def test_every_shipped_name_loads_as_the_model_of_that_name():
    assert "classics/deterrence" in shipped() and shipped() == sorted(shipped())
    assert [load(name).name for name in shipped()] == shipped()
    assert [model.name for model in load_group("classics")] == [name for name in shipped() if name.startswith("classics/")]
    assert {"classics", "ukraine"} <= set(groups())


@pytest.mark.parametrize("name", ["", "os", "os/path", "../classics/deterrence", "classics/deterrence.model", "classics", "classics/__init__",
                                  "a" * 5000, "classics/deterrence\n", "__import__('os')", "/", "\0"])
def test_only_shipped_names_are_imported(name):
    with pytest.raises(BadInput, match="there is no such model"):
        load(name)


def test_an_unknown_group_names_the_groups():
    with pytest.raises(BadInput, match="groups: classics, ukraine"):
        load_group("nowhere")


@pytest.mark.parametrize("text, parts", [
    ("def f(:\n", ["mine.py, line 1", "not Python", "correct that line"]),
    ("x = 1\n", ["mine.py", "defines no model", "define `model = bargain.Model(...)`"]),
    ("model = 3\n", ["mine.py", "`model` is a int"]),
    ("game = 3\n", ["mine.py", "`game` is a int", "MatrixGame"]),
    ("import sympy\nprint(undefined)\n", ["mine.py, line 2", "NameError"]),
    ("import no_such_package_at_all\n", ["mine.py, line 1", "ModuleNotFoundError"]),
    ("from bargain import *\ngame = Game('G', ('A', 'B'), (), decision('A', go=payoffs(A=1)))\n", ["model file mine.py: ", "payoff", "; "]),
    ("x = '\0'\n", ["mine.py", "correct"]),
])
def test_a_faulty_model_file_is_named_with_its_line(run, tmp_path, text, parts):
    (tmp_path / FILE).write_text(text)
    refused(run("solve", str(FILE)), *parts)


def test_an_invalid_model_keeps_its_kind_of_error(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("from bargain import Model\nmodel = Model('m', {})\n")
    with pytest.raises(InvalidModel, match=r"model file .*mine\.py: model m: declares no problem"):
        load(str(path))


def test_a_file_that_exposes_only_a_problem_gets_its_usual_concept(run, tmp_path):
    (tmp_path / FILE).write_text(GAME)
    assert load(str(FILE)).main[1].concept == "subgame-perfect equilibrium"
    (tmp_path / FILE).write_text(MATRIX)
    status, out, _ = run("solve", str(FILE), "--format", "json")
    assert status == 0
    assert json.loads(out)["regimes"][0]["equilibria"][0]["strategies"] == {"row": {"r1": "0", "r2": "1"}, "column": {"c1": "0", "c2": "1"}}


def test_a_mistake_inside_a_declared_quantity_is_reported_with_its_line(run, tmp_path):
    faulty = "from dataclasses import replace\nmodel = replace(model, quantities=(Quantity('bad', lambda at: {}['x']),))\n"
    (tmp_path / FILE).write_text(MODEL + faulty)
    refused(run("solve", str(FILE), "--at", "baseline"), "mine.py, line", "KeyError", "correct that line")


# --- list and show -----------------------------------------------------------------------------------------------

def test_list_prints_one_line_per_model(run):
    status, out, err = run("list")
    assert (status, err) == (0, "")
    assert len(out.splitlines()) == len(shipped())
    assert any(line.split()[0] == "classics/deterrence" and "Deterrence with a threat" in line for line in out.splitlines())


def test_list_as_json(run):
    rows = json.loads(run("list", "--format", "json")[1])
    assert [row["model"] for row in rows] == shipped()
    assert all(row["summary"] for row in rows)


def test_show_tells_prose_notation_problems_and_claims(run, tmp_path):
    (tmp_path / FILE).write_text(MODEL)
    status, out, _ = run("show", str(FILE))
    assert status == 0
    for part in ("Take it or leave it.", "Notation", "gain", "3 nodes, 2 ends, 1 decisions", "subgame-perfect", "what taking adds", "K1"):
        assert part in out


@pytest.mark.parametrize("form, mark", [("json", '"notation"'), ("latex", r"\begin{table}"), ("html", "<table")])
def test_show_in_every_format(run, form, mark):
    status, out, _ = run("show", "classics/deterrence", "--format", form)
    assert status == 0 and mark in out and "challenger" in out


# --- solve -------------------------------------------------------------------------------------------------------

KEYS = ["model", "concept", "parameters", "status", "complete", "regimes", "quantities", "claims", "certificate"]


def test_json_at_a_point_has_the_stable_schema(run, tmp_path):
    (tmp_path / FILE).write_text(MODEL)
    status, out, err = run("solve", str(FILE), "--at", "p=0.2", "--format", "json")
    data = json.loads(out)
    assert (status, err) == (0, "")
    assert list(data) == KEYS
    assert data["parameters"] == {"p": "1/5", "q": "1/3"}
    assert data["complete"] is True
    assert [regime["condition"] for regime in data["regimes"]] == ["true"]
    assert data["quantities"] == {"gain": "-2/15", "both": {"p": "1/5", "list": ["1/5", "1/3"]}}
    assert data["claims"] == {"taking is better": False, "leaving is chosen": True}
    assert data["regimes"][0]["equilibria"] == [
        {"path": ["leave"], "outcome": "L", "strategies": {"A": {"(start)": {"leave": "1"}}}, "beliefs": {}, "payoffs": {"A": "1/3"}}]
    assert data["certificate"]["max_regret"] == "0"


def test_json_without_a_point_has_every_regime_and_no_quantities(run):
    status, out, _ = run("solve", "classics/deterrence", "--format", "json")
    data = json.loads(out)
    assert status == 0
    assert list(data) == KEYS
    assert len(data["regimes"]) == 4 and data["quantities"] == {} and data["claims"] == {}
    assert data["parameters"] == {name: name for name in ("g", "l", "a", "w_C", "w_D")}


def test_latex_of_deterrence_states_the_four_conditions(run):
    status, out, _ = run("solve", "classics/deterrence", "--format", "latex")
    assert status == 0
    for condition in ("$w_{C} < - a$", r"$w_{D} < - \ell$", "$- a < w_{C} < 0$", "$w_{C} > 0$"):
        assert condition in out


@pytest.mark.parametrize("form, mark", [("text", "Condition"), ("html", "<!doctype html>"), ("csv", "Cell,Condition,")])
def test_solve_prints_tables(run, form, mark):
    status, out, _ = run("solve", "classics/deterrence", "--format", form)
    assert status == 0 and mark in out


def test_text_at_a_point_adds_quantities_and_claims(run, tmp_path):
    (tmp_path / FILE).write_text(MODEL)
    out = run("solve", str(FILE), "--at", "baseline")[1]
    assert "Quantities" in out and "1/6" in out and "taking is better" in out and "fails" in out


def test_free_leaves_the_other_parameters_at_their_values(run):
    data = json.loads(run("solve", "classics/deterrence", "--free", "w_C", "--at", "w_D=-3", "--format", "json")[1])
    assert data["parameters"] == {"g": "1", "l": "1", "a": "1/2", "w_C": "w_C", "w_D": "-3"}
    assert 1 < len(data["regimes"]) < 4
    assert "w_D" not in json.dumps(data["regimes"])


def test_by_chooses_the_parameter_that_conditions_are_solved_for(run):
    first, second = (run("solve", "classics/deterrence", "--by", names)[1] for names in ("w_C,w_D", "a,l"))
    assert "w_C < -a" in first and "a < -w_C" in second


def test_exact_adds_the_boundaries_as_regimes(run):
    plain, exact = (json.loads(run("solve", "classics/deterrence", "--format", "json", *more)[1]) for more in ((), ("--exact",)))
    assert len(exact["regimes"]) > len(plain["regimes"])


def test_concept_and_problem_choose_what_is_solved(run, tmp_path):
    (tmp_path / FILE).write_text(MATRIX + "from bargain import *\nmodel = Model('m', {'a': (matrix, SubgamePerfect()), 'b': (matrix, Nash())})\n")
    refused(run("solve", str(FILE)), "SubgamePerfect", "needs a game tree")
    assert run("solve", str(FILE), "--problem", "b")[0] == 0
    status, out, _ = run("solve", str(FILE), "--concept", "nash", "--at", "baseline", "--format", "json")
    assert status == 0 and json.loads(out)["concept"] == "Nash equilibrium"


def test_out_writes_the_answer_to_a_file(run, tmp_path):
    status, out, _ = run("solve", "classics/deterrence", "--format", "json", "--out", "answer.json")
    assert (status, out) == (0, "")
    assert len(json.loads((tmp_path / "answer.json").read_text())["regimes"]) == 4


@pytest.mark.parametrize("name, text", [("at.json", '{"p": 0.1, "q": "1/7"}'), ("at.toml", 'p = 0.1\nq = "1/7"\n')])
def test_values_from_a_file_are_exact_and_pairs_replace_them(run, tmp_path, name, text):
    (tmp_path / FILE).write_text(MODEL)
    (tmp_path / name).write_text(text)
    assert json.loads(run("solve", str(FILE), "--at", name, "--format", "json")[1])["parameters"] == {"p": "1/10", "q": "1/7"}
    assert json.loads(run("solve", str(FILE), "--at", name, "q=.5", "--format", "json")[1])["parameters"] == {"p": "1/10", "q": "1/2"}


def test_an_uncertified_answer_is_printed_and_the_status_is_one(run, monkeypatch):
    import bargain.solving
    from bargain.solution import Certificate

    monkeypatch.setattr(bargain.solving, "certify", lambda solution: Certificate(None, undecided=("payoff",)))
    status, out, _ = run("solve", "classics/deterrence", "--format", "json")
    assert status == 1 and "could not be decided" in json.loads(out)["status"]
    monkeypatch.setattr("bargain.claims.solve", bargain.solving.solve)
    assert run("solve", "classics/deterrence", "--at", "baseline")[0] == 1


def test_a_refuted_answer_is_a_message_and_the_status_is_one(run, monkeypatch):
    import bargain.solving
    from bargain.solution import Certificate

    monkeypatch.setattr(bargain.solving, "certify", lambda solution: Certificate(None, refuted=("payoff",)))
    refused(run("solve", "classics/deterrence"), "refutes", status=1)


# --- claims ------------------------------------------------------------------------------------------------------

def test_claims_of_a_model_at_a_point(run, tmp_path):
    (tmp_path / FILE).write_text(MODEL)
    assert json.loads(run("claims", str(FILE), "--format", "json")[1]) == {"choice": {"taking is better": True, "leaving is chosen": False}}
    found = json.loads(run("claims", str(FILE), "--at", "p=0", "--format", "json")[1])
    assert found == {"choice": {"taking is better": False, "leaving is chosen": True}}
    rows = list(csv.DictReader(StringIO(run("claims", str(FILE), "--format", "csv")[1])))
    assert [row["Holds"] for row in rows] == ["holds", "fails"]
    assert r"\begin{table}" in run("claims", str(FILE), "--format", "latex")[1]


def test_claims_of_a_group_give_one_entry_per_model(run):
    status, out, _ = run("claims", "classics", "--at", "w_C=0.1", "--format", "json")
    assert status == 0
    assert list(json.loads(out)) == [model.name for model in load_group("classics")]
    refused(run("claims", "classics", "--at", "nobody=1"), "--at", "unknown parameter 'nobody'", "known: ")


# --- refusals ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("pair", ["g=__import__('os')", "g=1+1", "g=2**99", "g=nan", "g=inf", "g=1/0", "g=", "g=1e99999", "g=exp(1)", "g=x"])
def test_a_value_is_a_number_and_nothing_else(run, pair):
    refused(run("solve", "classics/deterrence", "--at", pair), "--at g")


@pytest.mark.parametrize("pair", ["__import__('os')", "g", "=1", "g.x=1", "__import__('os')=1", "g;l=1", "../x=1", "g==1", "baselines", ""])
def test_a_malformed_pair_is_refused(run, pair):
    refused(run("solve", "classics/deterrence", "--at", pair), "--at")


@pytest.mark.parametrize("words, parts", [
    (["solve", "classics/deterence"], ["'classics/deterence'", "name one of classics/deterrence"]),
    (["solve", "classics"], ["classics/deterrence"]),
    (["solve", "x.efg"], ["x.efg", "cannot be read", "check the path"]),
    (["show", "x.nfg"], ["x.nfg", "cannot be read", "check the path"]),
    (["solve", "a" * 300 + ".py"], ["no such file", "check the path"]),
    (["list", "--out", "a" * 300], ["--out", "cannot be written", "another file"]),
    (["solve", "classics/deterrence", "--at", "a" * 300 + ".json"], ["--at", "cannot be read", "check the path"]),
    (["solve", "absent.py"], ["absent.py", "no such file", "bargain list"]),
    (["solve", "classics/deterrence", "--at", "nu=1"], ["--at", "unknown parameter 'nu'", "known: g, l, a, w_C, w_D"]),
    (["solve", "classics/deterrence", "--at", "g=-1"], ["--at: parameter g", "outside the domain >0", "choose a value"]),
    (["solve", "classics/deterrence", "--at", "g=1", "g=2"], ["--at", "twice"]),
    (["solve", "classics/deterrence", "--at", "absent.json"], ["--at absent.json", "cannot be read", "check the path"]),
    (["solve", "classics/deterrence", "--free", "nu"], ["--free", "known: g"]),
    (["solve", "classics/deterrence", "--by", "nu"], ["--by", "known: g"]),
    (["solve", "classics/deterrence", "--problem", "nu"], ["--problem", "problems: game"]),
    (["solve", "classics/deterrence", "--concept", "rubinstein"], ["Rubinstein", "needs an AlternatingOffers table"]),
    (["solve", "classics/deterrence", "--concept", "rubinstein", "--at", "baseline"], ["Rubinstein", "AlternatingOffers"]),
    (["solve", "classics/deterrence", "--concept", "kalai-smorodinsky", "--exact"], ["--exact", "leave the option out"]),
    (["solve", "classics/deterrence", "--concept", "guess"], ["--concept", "--help"]),
    (["solve", "classics/deterrence", "--format", "pdf"], ["--format", "--help"]),
    (["solve", "classics/deterrence", "--wrong"], ["--wrong", "--help"]),
    (["solve", "classics/deterrence", "--at"], ["--at", "--help"]),
    (["solve"], ["MODEL", "--help"]),
    (["guess"], ["guess", "--help"]),
    ([], ["COMMAND", "--help"]),
    (["solve", "classics/deterrence", "--out", "nowhere/answer.txt"], ["--out", "folder does not exist", "existing folder"]),
    (["list", "--out", "."], ["--out", "is a folder"]),
    (["solve", "ukraine/territory", "--problem", "menu"], ["--problem menu", "add --at baseline"]),
    (["claims", "nowhere"], ["'nowhere'", "name one of"]),
    (["report", "nowhere"], ["'nowhere'", "name one of"]),
])
def test_bad_input_is_one_line_with_place_and_remedy(run, words, parts):
    refused(run(*words), *parts)


def test_no_option_may_be_abbreviated(run):
    refused(run("solve", "classics/deterrence", "--form", "json"), "--form")


@pytest.mark.parametrize("name, content, parts", [
    ("a.json", b"{", ["a.json", "not valid JSON"]),
    ("a.json", b"[1]", ["a.json", "does not hold an object"]),
    ("a.json", b'{"g": [1]}', ["a.json", "value of g is not a number"]),
    ("a.json", b'{"g": true}', ["a.json", "value of g is not a number"]),
    ("a.json", b'{"g": NaN}', ["a.json g", "not a number"]),
    ("a.json", b'{"g": "__import__(1)"}', ["a.json g", "not a number"]),
    ("a.json", b'{"g": 1, "g": 2}', ["a.json", "'g' is given twice"]),
    ("a.json", b'{"g": ' + b"9" * 5000 + b"}", ["a.json g", "not a number"]),
    ("a.json", b"[" * 100_000, ["a.json", "not valid JSON"]),
    ("a.json", b"\xff\xfe", ["a.json", "not valid JSON"]),
    ("a.toml", b"g = ", ["a.toml", "not valid TOML"]),
    ("a.toml", b"[g]\nx = 1", ["a.toml", "value of g is not a number"]),
    ("a.toml", b"g = nan", ["a.toml g", "not a number"]),
    ("a.toml", b"nu = 1", ["--at", "unknown parameter 'nu'", "known: g"]),
])
def test_a_malformed_file_of_values_is_refused(run, tmp_path, name, content, parts):
    (tmp_path / name).write_bytes(content)
    refused(run("solve", "classics/deterrence", "--at", name), *parts)


def test_unreadable_and_unwritable_files_are_refused(run, tmp_path):
    (tmp_path / "folder.json").mkdir()
    refused(run("solve", "classics/deterrence", "--at", "folder.json"), "--at folder.json", "cannot be read")
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    refused(run("list", "--out", "/dev/full"), "--out /dev/full", "cannot be written", "choose another file")
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "bargain", "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    refused((done.returncode, "", done.stderr), "standard output", "cannot be written")


def test_an_assumption_between_parameters_is_checked(run):
    refused(run("solve", "ukraine/territory", "--at", "w=0.95"), "--at: parameters", "w < w_pre", "change the values")


def test_an_interrupt_is_a_line_and_status_130(run, monkeypatch):
    def interrupted(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bargain.cli.catalogue.load", interrupted)
    assert run("list") == (130, "", "bargain: interrupted\n")


def test_a_defect_of_the_package_is_not_disguised_as_a_mistake_of_the_user(run, monkeypatch):
    monkeypatch.setattr("bargain.cli.catalogue.load", lambda name: {}["defect"])
    with pytest.raises(KeyError):
        main(["list"])


def test_work_of_more_than_a_second_is_announced_if_asked(run, monkeypatch):
    import time

    monkeypatch.setattr("bargain.cli.output._PATIENCE", 0.01)
    monkeypatch.setattr("bargain.cli.solve._printed", lambda *_: time.sleep(0.3) or "done")
    assert run("solve", "classics/deterrence", "--verbose") == (0, "done\n",
        "bargain: solving classics/deterrence for all parameters (--at or --free makes it a smaller task) ...\n")
    assert run("solve", "classics/deterrence") == (0, "done\n", "")


# --- the report --------------------------------------------------------------------------------------------------

def test_report_hands_models_and_folder_on(run, tmp_path, monkeypatch):
    calls = []

    def written(models, out, **more):
        calls.append(([m.name for m in models], out, more))
        return SimpleNamespace(warnings=("overfull hbox",))

    monkeypatch.setattr("bargain.report.write_report", written, raising=False)
    assert run("report", "classics", "classics/deterrence", "--out", "there")[:2] == (0, "there\n")
    assert run("report", "--draws", "0") == (0, "report\n", "bargain: overfull hbox\n")
    assert [call[:2] for call in calls] == [([m.name for m in load_group("classics")], Path("there")), (shipped(), Path("report"))]
    plan = calls[0][2]["plan"]
    assert (plan.draws, plan.seed, plan.cache) == (20_000, 0, Path("there/draws")) and calls[1][2]["plan"] is None
    assert calls[0][2]["inventories"] == [] and [len(text.items) for text in calls[1][2]["inventories"]] == [98]
    (tmp_path / "file").write_text("")
    refused(run("report", "--out", "file"), "--out file", "is a file", "give a folder")


# --- the program itself ------------------------------------------------------------------------------------------

def program(*words: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "bargain", *words], capture_output=True, text=True, timeout=120, check=False, **options)


def test_the_program_answers_on_stdout_with_status_zero():
    done = program("solve", "classics/deterrence", "--at", "baseline", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["regimes"][0]["equilibria"][0]["outcome"] == "W"


def test_the_program_refuses_on_stderr_with_status_two():
    done = program("solve", "classics/deterrence", "--at", "g=__import__('os').system('echo hacked')")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr and "--at g" in done.stderr


def test_a_terminal_without_unicode_and_a_reader_that_leaves_are_tolerated():
    plain = program("solve", "classics/deterrence", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert plain.returncode == 0 and plain.stderr == ""
    with subprocess.Popen([sys.executable, "-m", "bargain", "list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_json_needs_no_heavy_library():
    code = ("import sys; from bargain.cli import main; main(['solve', 'classics/deterrence', '--at', 'baseline', '--format', 'json']);"
            "sys.exit(' '.join(m for m in ('pandas', 'matplotlib', 'rich', 'xarray', 'scipy') if m in sys.modules) or 0)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
