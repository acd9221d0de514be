"""Array libraries and devices: the same source and the same bits under numpy, array_api_strict and torch; refusals that say what is missing."""

import subprocess
import sys
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
import sympy as sp

import bargain as bg
from bargain.cli import main
from bargain.compile import compile_game, vectorised
from bargain.errors import BadInput, NotApplicable
from bargain.kernels.batch import all_equilibria
from bargain.kernels.bimatrix import extreme_equilibria
from bargain.kernels.device_batch import listed_on_device
from bargain.kernels.devices import Device, device, host, namespace
from bargain.kernels.formulas import formulas
from bargain.kernels.induction import Step, backward_induction
from bargain.kernels.minors import bordered_minors
from bargain.kernels.rubinstein import alternating_offers, before_last_offer
from bargain.kernels.scaling import exponents_of, times_power, unrounded
from bargain.models.classics import deterrence
from bargain.models.ukraine import grand_bargain as grand
from bargain.models.ukraine import guarantees
from bargain.sweeping import evaluate

PARTS = ("x", "y", "game", "degenerate")


@pytest.fixture(params=["array_api_strict", "torch"], scope="module")
def library(request):
    pytest.importorskip("array_api_compat")
    found = pytest.importorskip(request.param)
    if request.param == "torch":
        found.set_num_threads(1)
    return found


def drawn(kind, games, m, n):
    draw = np.random.default_rng([len(kind), games, m, n])
    shape = (games, m, n)
    made = {
        "normal": lambda: draw.normal(size=shape),
        "single": lambda: draw.normal(size=shape).astype(np.float32),
        "integer": lambda: draw.integers(-3, 4, size=shape),
        "tenths": lambda: draw.integers(-2, 3, size=shape) * 0.1,
        "signed zeros": lambda: np.where(draw.random(shape) < 0.4, -0.0, np.round(draw.normal(size=shape), 1)),
        "scales": lambda: draw.normal(size=shape) * 10.0 ** draw.integers(-150, 150, size=(games, m, 1)),
    }
    return made[kind](), made[kind]()


def assert_same_bits(ours, theirs):
    for part in PARTS:
        np.testing.assert_array_equal(host(getattr(theirs, part)), getattr(ours, part), strict=True)


@pytest.mark.parametrize("kind", ["normal", "single", "integer", "tenths", "signed zeros", "scales"])
@pytest.mark.parametrize("m, n", [(1, 1), (1, 3), (2, 2), (3, 3), (4, 2), (5, 4)])
def test_every_library_lists_the_equilibria_of_numpy_bit_for_bit(library, kind, m, n):
    a, b = drawn(kind, 60, m, n)
    assert_same_bits(all_equilibria(a, b), all_equilibria(library.asarray(a), library.asarray(b)))


@pytest.mark.parametrize("m, n, games", [(2, 2, 100_000), (3, 3, 30_000), (5, 5, 2_000), pytest.param(3, 3, 1_000_000, marks=pytest.mark.slow)])
def test_many_games_over_several_blocks_give_the_same_bits(library, m, n, games):
    a, b = drawn("normal", games, m, n)
    found = all_equilibria(library.asarray(a), library.asarray(b))
    assert_same_bits(all_equilibria(a, b), found)
    assert (np.bincount(host(found.game), minlength=games) % 2).all()


def test_numpy_without_the_extension_and_other_libraries_agree(library, monkeypatch):
    a, b = drawn("normal", 3_000, 4, 4)
    with_core = all_equilibria(a, b)
    monkeypatch.setenv("BARGAIN_CORE", "numpy")
    assert_same_bits(with_core, all_equilibria(library.asarray(a), library.asarray(b)))


def test_flagged_games_go_to_the_exact_path_and_the_others_do_not(library, monkeypatch):
    a, b = drawn("normal", 200, 3, 3)
    tied = np.array([3, 77, 141])
    a[tied], b[tied] = np.random.default_rng(1).integers(0, 2, size=(2, 3, 3, 3)).astype(float)
    b[tied, :, 0] = b[tied, :, 1]
    seen = []

    def watched(one, two):
        seen.append(one)
        return all_equilibria(one, two)

    x, y, game, flagged = (host(part) for part in listed_on_device(library.asarray(a), library.asarray(b), watched))
    np.testing.assert_array_equal(np.flatnonzero(flagged), tied)
    np.testing.assert_array_equal(seen, [a[tied]])
    for number in tied:
        exactly = extreme_equilibria(*([[Fraction(entry) for entry in row] for row in payoff[number].tolist()] for payoff in (a, b)))
        listed = np.hstack([x[game == number], y[game == number]])
        np.testing.assert_allclose(listed, [[float(p) for side in pair for p in side] for pair in exactly], atol=1e-13)


def test_a_batch_of_another_library_is_checked_like_numpy_s(library):
    zeros = library.zeros((0, 2, 3), dtype=library.float64)
    assert [tuple(getattr(all_equilibria(zeros, zeros), part).shape) for part in PARTS] == [(0, 2), (0, 3), (0,), (0,)]
    with pytest.raises(BadInput, match=r"shapes \(1, 2, 3\) and \(1, 3, 2\)"):
        all_equilibria(library.zeros((1, 2, 3)), library.zeros((1, 3, 2)))
    with pytest.raises(BadInput, match="not finite"):
        all_equilibria(library.full((1, 2, 2), library.inf), library.zeros((1, 2, 2)))
    with pytest.raises(BadInput, match="two libraries"):
        all_equilibria(library.zeros((1, 2, 2)), np.zeros((1, 2, 2)))


def test_minors_and_powers_of_two_are_those_of_numpy(library):
    edges = np.array([0.0, 5e-324, 2.0**-1022, 0.1, 0.5, np.nextafter(0.5, 0), 1.0, np.nextafter(1.0, 2), 1e308, np.finfo(float).max])
    xp = namespace(library.asarray(edges))
    np.testing.assert_array_equal(host(exponents_of(library.asarray(edges), xp)), np.frexp(edges)[1])
    shifts = np.arange(-1022, 1020, 97)
    np.testing.assert_array_equal(host(times_power(library.asarray(1.0 + 0 * shifts), library.asarray(shifts), xp)), np.ldexp(1.0, shifts))
    payoff, _ = drawn("scales", 40, 5, 3)
    ours, theirs = bordered_minors(payoff), bordered_minors(library.asarray(payoff))
    np.testing.assert_array_equal(host(theirs.values), ours.values)
    np.testing.assert_array_equal(host(theirs.exponents), ours.exponents)


def test_a_payoff_lost_in_centring_counts_as_rounded():
    """1e-20 beside 1 vanishes when the column is centred; the minors then tie two replies that differ."""
    a, b = [[1.0, 0.0], [0.0, 1.0], [1e-20, 1.0]], [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    assert unrounded(np.array([a, b])).tolist() == [False, True]
    assert unrounded(np.array([[[3.0, 0.1]], [[3.0, 0.1]]])).all()
    found = all_equilibria([a], [b])
    ((x, y),) = extreme_equilibria(*([[Fraction(entry) for entry in row] for row in payoff] for payoff in (a, b)))
    np.testing.assert_allclose(np.hstack([found.x, found.y]), [[float(p) for p in (*x, *y)]], rtol=1e-15)


def random_tree(draw, depth, ends):
    if depth == 0:
        ends.append(None)
        return [Step("end", len(ends) - 1, 0)]
    children = [random_tree(draw, depth - 1, ends) for _ in range(int(draw.integers(2, 4)))]
    chance = draw.random() < 0.2
    return [*(step for child in children for step in child), Step("chance", len(children), 0) if chance else Step("choose", len(children), int(draw.integers(2)))]


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_backward_induction_takes_the_same_branch_everywhere_ties_included(library, seed, monkeypatch):
    draw = np.random.default_rng(seed)
    ends = []
    steps = random_tree(draw, 5, ends)
    payoffs, chances = draw.integers(-2, 3, size=(len(ends), 2, 500)).astype(float), np.full((3, 500), 1 / 3)
    values, reached = backward_induction(steps, library.asarray(payoffs), library.asarray(chances))
    for setting in ("", "numpy"):
        monkeypatch.setenv("BARGAIN_CORE", setting)
        ours = backward_induction(steps, payoffs, chances)
        np.testing.assert_array_equal(host(reached), ours[1])
        np.testing.assert_allclose(host(values), ours[0], rtol=0, atol=1e-15)


def test_payoffs_and_trees_are_compiled_for_every_library(library):
    draw = np.random.default_rng(6)
    columns = {symbol: draw.uniform(0.1, 0.9, 9_000) for symbol in (grand.v_US, grand.d)}
    compiled = compile_game(grand.game, list(columns))
    values, ends = compiled.solve({symbol: library.asarray(column) for symbol, column in columns.items()})
    ours = compiled.solve(columns)
    np.testing.assert_array_equal(host(ends), ours[1])
    np.testing.assert_allclose(host(values), ours[0], rtol=1e-14, atol=1e-14)


def test_formulas_that_are_not_polynomial_agree_with_lambdify(library):
    x, y = sp.symbols("x y", positive=True)
    listed = [sp.exp(-x) / (1 + y), sp.sqrt(x) + x**sp.Rational(1, 3) + x**-2, sp.Max(x, y, 1) * sp.Min(x, y), sp.log(x) * sp.Abs(x - y) + sp.pi,
              sp.Piecewise((x, (x > y) & (y > 1)), (y**3, sp.Or(x < 1, sp.Ne(y, 2))), (0, True)), sp.Integer(3), sp.Piecewise((x, sp.Not(x > y)), (1, y >= 2))]
    columns = np.random.default_rng(2).uniform(0.2, 3, size=(2, 400))
    function = vectorised(listed, [x, y])
    np.testing.assert_allclose(host(function([library.asarray(column) for column in columns])), function(columns), rtol=1e-14)
    np.testing.assert_allclose(formulas(listed, [x, y])(columns), function(columns), rtol=1e-14)
    with pytest.raises(NotApplicable, match="erf has no function in the array API"):
        formulas([sp.erf(x)], [x])


def on(library):
    """A device of the library, as `device` would give it."""
    return Device(library.__name__, namespace(library.asarray(np.zeros(1))), None)


@pytest.mark.parametrize("what, options", [
    (grand.game, {"draws": 700, "chunk": 300}),
    (guarantees.model.main[0], {"draws": 500}),
    (deterrence.game, {"w_C": [-0.93, -0.2, 0.41], "w_D": [-0.5, 0.13]}),
])
def test_a_sweep_on_a_device_has_the_numbers_of_the_host(library, what, options, monkeypatch):
    monkeypatch.setattr("bargain.sweeping.run.device_named", lambda name: device("cpu") if name == "cpu" else on(library))
    plain, there = bg.sweep(what, **options), bg.sweep(what, device="cuda", **options)
    assert there.sizes == plain.sizes and there.attrs == plain.attrs
    for name, values in plain.variables.items():
        assert there[name].dtype == values.dtype
        if values.dtype.kind == "f":
            np.testing.assert_allclose(there[name].values, values.values, rtol=0, atol=1e-14)
        else:
            np.testing.assert_array_equal(there[name].values, values.values)


def test_results_are_reduced_where_the_payoffs_are(library, monkeypatch):
    """What comes back from a matrix is one number a game and player, whatever the number of equilibria."""
    taken = []

    def watched(array):
        taken.append(tuple(array.shape))
        return host(array)

    monkeypatch.setattr(evaluate, "host", watched)
    game = guarantees.model.main[0]
    free = game.notation.symbols
    function = evaluate.evaluator(game, free, (), on(library))
    found = function({symbol: np.linspace(0.21, 0.37, 40) + 0.01 * k for k, symbol in enumerate(free)})
    m, n = map(len, game.actions)
    assert taken == [(40,), (40,), (40, m * n), (40, 2), (40, 2)]
    assert all(isinstance(variable.values, np.ndarray) for variable in found.values())


@pytest.mark.parametrize("name, message", [("gpu", "no device is called 'gpu'"), ("cuda:x", "is called"), ("torch:0", "is called"), ("", "is called")])
def test_a_name_that_is_no_device_is_refused_with_the_names_there_are(name, message):
    with pytest.raises(BadInput, match=message) as refused:
        device(name)
    assert "cuda:N" in str(refused.value)


def missing(monkeypatch, *names):
    for name in names:
        monkeypatch.setitem(sys.modules, name, None)  # importing it raises ModuleNotFoundError


def finding(gpus):
    return SimpleNamespace(__version__="9.9", cuda=SimpleNamespace(is_available=lambda: gpus > 0, device_count=lambda: gpus), device=lambda *name: name)


def test_without_a_library_or_a_gpu_the_refusal_names_what_is_missing(monkeypatch):
    missing(monkeypatch, "torch", "cupy")
    with pytest.raises(BadInput, match="no CUDA device: torch is not installed, cupy is not installed; pip install 'bargain-solver\\[gpu\\]'"):
        device("cuda")
    with pytest.raises(BadInput, match="no device 'torch': torch is not installed"):
        device("torch")
    monkeypatch.setitem(sys.modules, "torch", finding(0))
    with pytest.raises(BadInput, match="torch 9.9 finds none, cupy is not installed"):
        bg.sweep(deterrence.game, w_C=[0.1], device="cuda")
    monkeypatch.setitem(sys.modules, "torch", finding(2))
    with pytest.raises(BadInput, match="no CUDA device 2: torch 9.9 finds 2 of them"):
        device("cuda:2")
    monkeypatch.setattr("bargain.kernels.devices._compat", lambda library: library)
    assert device("cuda:1") == Device("cuda:1", "torch", ("cuda", 1), cuda=True)


def test_cupy_is_taken_where_torch_finds_no_gpu(monkeypatch):
    class CUDARuntimeError(Exception):
        pass

    runtime = SimpleNamespace(getDeviceCount=lambda: 1, CUDARuntimeError=CUDARuntimeError)
    monkeypatch.setitem(sys.modules, "torch", finding(0))
    monkeypatch.setitem(sys.modules, "cupy", SimpleNamespace(__version__="9.9", cuda=SimpleNamespace(runtime=runtime, Device=lambda index: index)))
    monkeypatch.setattr("bargain.kernels.devices._compat", lambda library: library)
    assert device("cuda") == Device("cuda", "cupy", 0, cuda=True)

    def no_driver():
        raise CUDARuntimeError

    runtime.getDeviceCount = no_driver
    with pytest.raises(BadInput, match="cupy 9.9 finds none"):
        device("cuda")


def test_array_api_compat_is_asked_for_where_it_is_needed(library, monkeypatch):
    arrays = library.zeros((1, 2, 2))
    missing(monkeypatch, "array_api_compat", "array_api_compat.torch")
    with pytest.raises(BadInput, match="array_api_compat is not installed"):
        all_equilibria(arrays, arrays)
    monkeypatch.setitem(sys.modules, "torch", finding(1))
    with pytest.raises(BadInput, match="array_api_compat is not installed"):
        device("cuda")
    assert all_equilibria([[[1.0]]], [[[1.0]]]).x.tolist() == [[1.0]]


def test_what_does_not_go_with_a_device_is_refused(monkeypatch, capsys):
    solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    pytest.importorskip("array_api_compat")
    strict = pytest.importorskip("array_api_strict")
    monkeypatch.setattr("bargain.sweeping.run.device_named", lambda name: on(strict))
    with pytest.raises(NotApplicable, match="regimes of a solution are looked up on the CPU"):
        bg.sweep(solution, w_C=[0.1], device="cuda")
    with pytest.raises(BadInput, match="2 processes would share it"):
        bg.sweep(deterrence.game, w_C=[0.1], device="cuda", processes=2)
    monkeypatch.undo()
    assert main(["sweep", "classics/deterrence", "--over", "w_C=0:1:5", "--device", "gpu"]) == 2
    assert "no device is called 'gpu'" in capsys.readouterr().err


def test_a_folder_begun_on_the_cpu_is_not_continued_on_a_device(tmp_path, monkeypatch):
    pytest.importorskip("array_api_compat")
    strict = pytest.importorskip("array_api_strict")
    monkeypatch.setattr("bargain.sweeping.run.device_named", lambda name: device("cpu") if name == "cpu" else on(strict))
    bg.sweep(deterrence.game, w_C=[0.1, 0.2], out=tmp_path / "a")
    with pytest.raises(BadInput, match="another sweep .different: device"):
        bg.sweep(deterrence.game, w_C=[0.1, 0.2], out=tmp_path / "a", device="cuda")


PROGRAM = """
import sys
sys.modules.update(dict.fromkeys(("array_api_compat", "array_api_strict", "torch", "cupy")))  # importing any of them fails
import bargain as bg
from bargain.models.classics import deterrence as m
from bargain.kernels.rubinstein import alternating_offers
print(int(bg.sweep(m.game, w_C=[-1.0, 0.3]).outcome[0]), bg.all_equilibria([[[2, 0], [0, 1]]], [[[1, 0], [0, 2]]]).game.tolist(), alternating_offers(0.5, 0.5).first)
"""


def test_the_cpu_needs_no_array_library():
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert run.stderr == "" and run.stdout.split(" ", 1)[1] == "[0, 0, 0] [0.66666667]\n"


def test_alternating_offers_are_the_same_in_every_library(library):
    draw = np.random.default_rng(9)
    d1, d2, g1, g2 = draw.uniform(0, 0.99, size=(4, 5_000))
    outside = (np.where(draw.random(5_000) < 0.5, -np.inf, draw.uniform(0, 0.8, 5_000)), np.where(draw.random(5_000) < 0.5, -np.inf, draw.uniform(0, 0.8, 5_000)))
    given = {"flows": (g1 / 2, g2 / 2), "outside": outside}
    there = {name: tuple(map(library.asarray, pair)) for name, pair in given.items()}
    ours, theirs = alternating_offers(d1, d2, **given), alternating_offers(library.asarray(d1), library.asarray(d2), **there)
    assert 0 < ours.deal.sum() < 5_000
    for part in ("first", "second", "deal"):
        np.testing.assert_array_equal(host(getattr(theirs, part)), getattr(ours, part))
    for offers in (1, 4, 7):
        finite, afar = before_last_offer(d1, d2, offers, **given), before_last_offer(library.asarray(d1), library.asarray(d2), offers, **there)
        np.testing.assert_array_equal([host(value) for value in afar], finite)
    assert float(alternating_offers(library.asarray([0.5]), 0.5).first[0]) == 1 / 1.5
