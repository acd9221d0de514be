"""Sweeps: the numbers of single points, the same ones however the work is cut, stopped, resumed or shared out."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import islice

import numpy as np
import pytest

import bargain as bg
from bargain.cli import main
from bargain.errors import BadInput, NotApplicable
from bargain.models.classics import deterrence
from bargain.models.ukraine import grand_bargain as grand
from bargain.models.ukraine import guarantees


def test_a_grid_over_a_solution_has_what_the_solution_says_at_each_node():
    solution = bg.solve(deterrence.game, bg.SubgamePerfect())
    data = bg.sweep(solution, w_C=np.linspace(-0.93, 0.71, 5), w_D=[-0.37, 0.11], g=[1.23], chunk=3)
    assert data.regime.dims == ("w_C", "w_D", "g") and data.attrs["status"] == "complete"
    for node in data.regime.stack(node=("w_C", "w_D", "g")).node.values:
        w_C, w_D, g = node
        here = data.sel(w_C=w_C, w_D=w_D, g=g)
        (found,) = solution.at(w_C=repr(float(w_C)), w_D=repr(float(w_D)), g=repr(float(g))).equilibria
        assert [float(found.payoffs[p]) for p in ("C", "D")] == here.payoff.sel(player=["C", "D"]).values.tolist()


def test_draws_over_a_tree_follow_backward_induction_and_do_not_depend_on_the_grid():
    held = {s: v for s, v in grand.NOTATION.baseline.items() if s.name not in ("v_US", "d", "a_pc", "e_P")}
    data = bg.sweep(grand.game, draws=300, seed=5, at={**held, "e_P": grand.NOTATION["e_P"].baseline}, chunk=128)
    beside = bg.sweep(grand.game, draws=300, seed=5, at=held, e_P=[0.1, 0.3], chunk=256)
    assert data.outcome.dims == ("draw",) and set(data.outcome.coords) == {"v_US", "d", "a_pc"}
    assert beside.outcome.dims == ("draw", "e_P") and np.array_equal(beside.v_US, data.v_US)
    names = data.outcome.attrs["flag_meanings"]
    for k in range(5):
        point = {name: repr(float(data[name][k])) for name in ("v_US", "d", "a_pc")}
        solution = bg.solve(grand.game, bg.SubgamePerfect(), at={**grand.NOTATION.baseline, **{grand.NOTATION[n].symbol: v for n, v in point.items()}})
        assert names[int(data.outcome[k])] in solution.outcomes


def test_points_over_a_matrix_count_the_equilibria_of_each():
    game = guarantees.model.main[0]
    assert isinstance(game, bg.MatrixGame)
    points = {"d": [0.05, 0.21, 0.33], "e_P": [0.02, 0.17, 0.4]}
    data = bg.sweep(game, points=points)
    assert data.equilibria.dims == ("point",) and data.pure.dims == ("point", "profile")
    for k in range(3):
        exactly = bg.solve(game, bg.Nash(), at={**game.notation.baseline, **{game.notation[n].symbol: repr(v[k]) for n, v in points.items()}})
        pairs = [e for found in exactly.regimes for e in found.extreme()]
        assert int(data.equilibria[k]) == len(pairs)
        for j, player in enumerate(game.players):
            paid = [float(e.payoffs[player]) for e in pairs]
            assert data.least_payoff[k, j] == pytest.approx(min(paid)) and data.greatest_payoff[k, j] == pytest.approx(max(paid))


def of_the_grid(**options):
    return bg.sweep(grand.game, v_US=np.linspace(0.4, 0.9, 23), d=np.linspace(0, 0.36, 11), **options)


def test_chunks_processes_and_folders_change_nothing(tmp_path):
    plain = of_the_grid()
    for options in ({"chunk": 7}, {"chunk": 60, "processes": 2}, {"chunk": 60, "out": tmp_path / "a"}):
        assert plain.identical(of_the_grid(**options)), options
    assert plain.identical(bg.read_sweep(tmp_path / "a"))


def test_a_stopped_sweep_goes_on_and_another_one_is_refused(tmp_path):
    class Stop(Exception):
        pass

    def after_two(done, _):
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        of_the_grid(chunk=60, out=tmp_path / "a", progress=after_two)
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "a").glob("chunk-*")}
    assert len(kept) == 2 and bg.read_sweep(tmp_path / "a").attrs["status"] == "not complete"
    said = []
    assert of_the_grid(chunk=60, out=tmp_path / "a", progress=lambda *k: said.append(k)).identical(of_the_grid())
    assert said[0] == (3, 5) and all((tmp_path / "a" / name).stat().st_mtime_ns == t for name, t in kept.items())
    with pytest.raises(BadInput, match="another sweep .different: points"):
        of_the_grid(chunk=61, out=tmp_path / "a")


PROGRAM = """
import sys
from pathlib import Path
import numpy as np, bargain as bg
from bargain.models.classics import deterrence as m
bg.sweep(m.game, w_C=np.linspace(-1, 1, 200), w_D=np.linspace(-1, 1, 40), chunk=100, out=sys.argv[1])
"""


@pytest.mark.parametrize("moments", [2, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_at_random_moments_it_ends_with_the_same_bytes(tmp_path, moments):
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run([sys.executable, "-c", PROGRAM, str(whole)], check=True)
    draw = random.Random(3)
    for _ in range(moments):
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(broken)])
        before = len(list(broken.glob("chunk-*")))
        while process.poll() is None and len(list(broken.glob("chunk-*"))) <= before:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.03))
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([sys.executable, "-c", PROGRAM, str(broken)], check=True)
    assert {p.name: p.read_bytes() for p in whole.glob("*")} == {p.name: p.read_bytes() for p in broken.glob("*")}


def test_a_cluster_that_loses_a_worker_loses_nothing():
    distributed = pytest.importorskip("dask.distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, distributed.Client(cluster) as client:
        killed = []

        def kill_one(done, _):
            if not killed:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        assert of_the_grid(chunk=20, client=client, progress=kill_one).identical(of_the_grid()) and killed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "nothing varies"),
        ({"v_US": []}, "shape"),
        ({"v_US": ["a"]}, "list of numbers"),
        ({"v_US": [0.5], "at": {"v_US": "1/2"}}, "an axis and a fixed value"),
        ({"points": {"d": [0.1, 0.2], "v_US": [0.5]}}, "differ in length"),
        ({"points": {"d": [0.1]}, "draws": 5}, "exclude each other"),
        ({"nosuch": [1]}, "nosuch"),
        ({"draws": -1}, "draws=-1"),
    ],
)
def test_designs_that_do_not_add_up_are_refused(options, message):
    with pytest.raises(BadInput, match=message):
        bg.sweep(grand.game, **options)


def test_a_problem_without_arrays_and_a_parameter_that_was_fixed_are_refused(tmp_path):
    from bargain.models.classics import rubinstein

    with pytest.raises(NotApplicable, match="sweep its solution"):
        bg.sweep(rubinstein.model.main[0], draws=3, out=tmp_path / "none")
    assert not (tmp_path / "none").exists()
    with pytest.raises(BadInput, match="w_D"):
        bg.sweep(bg.solve(deterrence.game, bg.SubgamePerfect(), free=["w_C"]), w_D=[0.1])
    with pytest.raises(BadInput, match="no sweep"):
        bg.read_sweep(tmp_path)


def test_the_command_prints_shares_and_writes_files(tmp_path, capsys):
    grid = ["--over", "w_C=-1:0.5:7", "w_D=-0.3,0.2", "--by-regimes"]
    assert main(["sweep", "classics/deterrence", *grid, "--format", "json", "--out", str(tmp_path / "a.csv")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["points"] == 14 and sum(row["points"] for row in found["rows"]) == 14
    assert len(list(islice((tmp_path / "a.csv").open(), 100))) == 14 * 2 + 1
    assert main(["sweep", "ukraine/grand_bargain", "--draws", "200", "--chunk", "50", "--out", str(tmp_path / "kept")]) == 0
    assert len(list((tmp_path / "kept").glob("chunk-*.nc"))) == 4 and "Share" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--over", "w_C"], "names no parameter"),
        (["--over", "w_C=0:1"], "is no grid"),
        (["--over", "w_C=0:1:1"], "is no grid"),
        (["--over", "w_C=0:one:5"], "is not a number"),
        (["--over", "zeta=0:1:5"], "zeta"),
        (["--draws", "5", "--out", "nowhere/x.nc"], "does not exist"),
        (["--draws", "5", "--out", "x.xls"], "suffix"),
        (["--draws", "5", "--problem", "q"], "no problem 'q'"),
        ([], "nothing varies"),
    ],
)
def test_wrong_options_end_with_one_message(words, message, capsys):
    assert main(["sweep", "classics/deterrence", *words]) == 2
    assert message in capsys.readouterr().err
