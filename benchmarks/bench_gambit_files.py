"""Reading Gambit's files: ours against pygambit.read_efg in the same run, at 10,000 and 100,000 nodes.

Run ``python -m pytest benchmarks/bench_gambit_files.py --benchmark-only``; each row stores CPU seconds, the ratio of ten times the
nodes and the ratio to the peer in ``extra_info``. Answers are asserted; times never are. Pygambit reads trees whose ends each have an
outcome of their own in quadratic time, so its largest row uses a tree with eight outcomes; deep paths end its process and are left out.
"""

import io
import time
from collections.abc import Callable
from typing import Any

import pytest

from bargain.interop.efg_reader import parse_efg
from bargain.interop.gambit import as_file, as_game


def tree(depth: int, outcomes: int | None) -> str:
    """A binary tree of perfect information; every end has its own outcome, or one of so many."""
    lines, stack, ends, sets = ['EFG 2 R "binary" { "A" "B" }\n""\n\n'], [0], 0, [0, 0]
    while stack:
        level = stack.pop()
        if level == depth:
            ends += 1
            number = ends if outcomes is None else (ends - 1) % outcomes + 1
            lines.append(f't "" {number} "o{number}" {{ {number}, {number % 7}/3 }}\n')
        else:
            sets[level % 2] += 1
            lines.append(f'p "" {level % 2 + 1} {sets[level % 2]} "" {{ "l" "r" }} 0\n')
            stack += [level + 1, level + 1]
    return "".join(lines)


def path(length: int) -> str:
    """A centipede of so many moves."""
    steps = (f'p "" {k % 2 + 1} {k} "" {{ "stop" "go" }} 0\nt "" {k} "o{k}" {{ {k}, {k % 3} }}\n' for k in range(1, length + 1))
    return 'EFG 2 R "path" { "A" "B" }\n""\n\n' + "".join(steps) + 't "" 0\n'


def cpu(function: Callable[[], Any]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    function()
    return time.process_time() - start


@pytest.mark.parametrize("kind", ["tree", "path"])
def test_reading_a_file_of_100000_nodes(benchmark: Any, kind: str) -> None:
    small, large = (tree(12, None), tree(16, None)) if kind == "tree" else (path(5_000), path(50_000))
    file = benchmark.pedantic(lambda: parse_efg(large), rounds=1)
    few = parse_efg(small)
    assert file.text == large and few.text == small
    if benchmark.enabled:
        least = [min(cpu(lambda text=text: parse_efg(text)) for _ in range(3)) for text in (small, large)]
        ratio = least[1] / least[0] * len(few.nodes) / len(file.nodes)
        benchmark.extra_info.update({"nodes": len(file.nodes), "CPU seconds": least[1], "time per node, large to small": ratio})


@pytest.mark.parametrize("depth, outcomes", [(13, None), (15, None), (16, 8)])
def test_reading_against_pygambit(benchmark: Any, depth: int, outcomes: int | None) -> None:
    gambit = pytest.importorskip("pygambit")
    text = tree(depth, outcomes)
    file = benchmark.pedantic(lambda: parse_efg(text), rounds=1)
    theirs = gambit.read_efg(io.StringIO(text))
    assert len(file.nodes) == 2 ** (depth + 1) - 1 and file.text == theirs.to_efg()
    if benchmark.enabled:
        ours, peer = cpu(lambda: parse_efg(text)), cpu(lambda: gambit.read_efg(io.StringIO(text)))
        benchmark.extra_info.update({"CPU seconds": ours, "pygambit": peer, "ratio to pygambit": peer / ours})


def test_from_text_to_a_game_and_back(benchmark: Any) -> None:
    text = tree(13, None)
    game = benchmark.pedantic(lambda: as_game(parse_efg(text)), rounds=1)
    assert game.count["nodes"] == 2**14 - 1 and as_game(as_file(game)) == game
