"""The explorer in a real browser: every control moved, its answers compared with Python's; one file, nothing loaded."""

import json
import re
import shutil
import subprocess

import numpy as np
import pytest

import bargain as bg
from bargain.models.classics import deterrence, surge
from bargain.models.ukraine import commitment
from bargain.report.explorer import PROGRAM, fragment

BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
DRIVER = """
const found = [], points = POINTS, box = document.getElementById("it");
for (const point of points) {
  box.querySelectorAll("input").forEach((slider, k) => { slider.step = "any"; slider.value = point[k]; slider.dispatchEvent(new Event("input")); });
  found.push({said: [...box.querySelectorAll("tbody tr")].map(row => [...row.cells].map(cell => cell.textContent)),
              shown: [...box.querySelectorAll("output")].map(output => output.value), label: box.querySelector("canvas").getAttribute("aria-label")});
}
const canvas = box.querySelector("canvas"), area = canvas.getBoundingClientRect();
canvas.dispatchEvent(new MouseEvent("click", {clientX: area.left + area.width / 4, clientY: area.top + area.height / 4, bubbles: true}));
const pixels = new Set(); const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
for (let k = 0; k < data.length; k += 4) pixels.add([data[k], data[k + 1], data[k + 2]].join());
const report = document.createElement("pre"); report.id = "report";
report.textContent = JSON.stringify({found, clicked: [...box.querySelectorAll("input")].slice(0, 2).map(slider => Number(slider.value)), colours: pixels.size});
document.body.append(report);
"""


def deterrence_case():
    symbols = deterrence.w_C, deterrence.w_D
    ranges = {**dict.fromkeys(symbols, (-1, 1)), deterrence.game.notation["g"].symbol: (1, 2)}
    return bg.solve(deterrence.game, bg.SubgamePerfect()), ranges, deterrence.game.notation.baseline


def shift_case():
    problem, solver = commitment.model.problems["shift"]
    ranges = {commitment.sig: (0, 1), commitment.T_re: (1, 10)}
    return bg.solve(problem, solver, free=[s.name for s in ranges]), ranges, commitment.model.notation.baseline


def surge_case():
    game = surge.model.main[0]
    rows = [row for row in game.notation if row.prior is not None][:3]
    return bg.solve(game, surge.model.main[1]), {row.symbol: row.prior for row in rows}, game.notation.baseline


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.parametrize("case", [deterrence_case, shift_case, surge_case])
def test_every_control_moves_the_answer_to_what_python_says(tmp_path, case):
    solution, ranges, at = case()
    draws = np.random.default_rng(1)
    ends = {symbol: tuple(float(bg.expressions.exact(end)) for end in pair) for symbol, pair in ranges.items()}
    columns = {symbol: draws.uniform(low, high, 20).round(6) for symbol, (low, high) in ends.items()}
    points = np.column_stack(list(columns.values())).tolist()
    page = tmp_path / "page.html"
    body, driver = fragment("it", "It", solution, ranges, at), DRIVER.replace("POINTS", json.dumps(points))
    page.write_text(f"<!DOCTYPE html><html><head><script>{PROGRAM}</script></head><body>{body}<script>{driver}</script></body></html>")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"file://{page}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    report = json.loads(re.search(r'<pre id="report">(.*?)</pre>', done.stdout, re.S).group(1).replace("&amp;", "&"))
    held = {s.name: float(v) for s, v in at.items() if s in solution.problem.notation.symbols and s not in ranges}
    found = solution.compile()({**held, **{s.name: column for s, column in columns.items()}})
    players = list(solution.problem.players)
    for k, shown in enumerate(report["found"]):
        regimes = np.flatnonzero(found.holds[:, k])
        assert {int(row[0]) - 1 for row in shown["said"]} == set(regimes.tolist())
        assert [float(text) for text in shown["shown"]] == pytest.approx(points[k], rel=1e-5)
        if len(regimes) == 1 and found.payoffs:
            paid = [float(cell) for cell in shown["said"][0][2 : 2 + len(players)]]
            assert paid == pytest.approx([found.payoffs[player][k] for player in players], rel=1e-5, abs=1e-9)
    (x_low, x_high), (y_low, y_high) = list(ends.values())[:2]
    assert report["clicked"] == pytest.approx([x_low + (x_high - x_low) / 4, y_low + 3 * (y_high - y_low) / 4], abs=0.02 * max(x_high - x_low, y_high - y_low))
    assert report["colours"] >= 2


def test_the_fragment_loads_nothing_and_labels_every_control():
    solution, ranges, at = deterrence_case()
    page = fragment("it", "It", solution, ranges, at)
    assert not re.search(r"https?:|src=|href=|import\(|fetch\(", page + PROGRAM)
    assert len(re.findall(r"<label for=\"(it-\d)\"", page)) == page.count("<input") == page.count("<output") == 3
    assert 'aria-live="polite"' in page and 'role="img"' in page


def test_text_from_a_model_cannot_leave_its_place_in_the_page():
    solution, ranges, at = deterrence_case()
    page = fragment("it", '</script><img src=x onerror="alert(1)">', solution, ranges, at)
    assert "<img" not in page and page.count("</script>") == 1
