"""Authors' texts: what is a formula by its form is set as one, in both spellings, and words stay words."""

import re

import numpy as np
import pytest

from bargain.figures import MapLabels, Overlay, regime_map
from bargain.figures.regimes import Level
from bargain.loading import load, shipped
from bargain.notation import Notation
from bargain.tables.mathematics import TEXT
from bargain.tables.profile import played
from bargain.tables.symbols import GREEK
from bargain.tables.table import render
from bargain.tables.writing import html_prose, latex_prose

WORDS = (
    "A threat is believed; a B that does not survive loses 2, and a moderate A 8.",
    "the op-ed's 1994-type memorandum, 28(3):577, and/or TalksFirst/N of X2 in 2024 on 9/64 of it",
    "uniform on [0, 1]; type H or L (see ukraine/surge_threat, a.b and pp. 3)",
)
FORMULAS = {
    "A gets t_A + (r_B + h) / (r_A + 2 h) (1 - t_A).": "A gets $t_{A}+(r_{B}+h)/(r_{A}+2h)\\,(1-t_{A})$.",
    "war costs A c_A and B c_B, between w - k_A D and -3/2": "war costs A $c_{A}$ and B $c_{B}$, between $w-k_{A}D$ and $-3/2$",
    "until (a ln(a/(a - v)) - v)/c: a/6 of [0, a]": "until $(a\\ln(a/(a-v))-v)/c$: $a/6$ of [0, $a$]",
    "below (sqrt(5) - 1)/2, delta^2 or 1 - x_lo": "below $(\\sqrt{5}-1)/2$, $\\delta^{2}$ or $1-x_{\\mathrm{lo}}$",
    "(T* <= 0.5), |dx/dsigma| > 0.25 and delta p_2 > 1": "$(T^{*}\\le 0.5)$, $|\\mathrm{d}x/\\mathrm{d}\\sigma|>0.25$ and $\\delta p_{2}>1$",
    'says "so" of `surge_threat` in 5:1-9': "says ``so'' of \\emph{surge threat} in 5:1--9",
}


@pytest.mark.parametrize("text", WORDS)
def test_words_stay_words(text: str) -> None:
    assert "$" not in latex_prose(text) and "<i>" not in html_prose(text)


@pytest.mark.parametrize(("text", "printed"), FORMULAS.items())
def test_formulas_are_set_as_formulas(text: str, printed: str) -> None:
    assert latex_prose(text) == printed


def test_known_names_are_symbols_and_others_are_players() -> None:
    assert latex_prose("V at C", {"V"}) == "$V$ at C"
    assert html_prose("q < V", {"V"}) == "<i>q</i> &lt; <i>V</i>"


@pytest.mark.parametrize("name", shipped())
def test_no_summary_or_claim_of_a_model_prints_a_raw_name(name: str) -> None:
    model = load(name)
    for text in (" ".join(model.summary.split()), *(claim.name for claim in model.claims), *(exhibit.title for exhibit in model.exhibits)):
        words = re.sub(r"\$[^$]*\$", "", latex_prose(text))
        assert r"\_" not in words and r"\textasciicircum" not in words and words.count("$") == 0, words
        assert not set(re.findall(r"[A-Za-z]+", words)) & (GREEK - {"eta", "xi", "pi"}), words


def test_a_slash_in_a_number_parts_no_play() -> None:
    assert render(played("go/{B,Comply/agree on y = -747/6700 | B,Quit}", Notation()), TEXT) == "go, then ((B, Comply), agree on y = -747/6700; or (B, Quit))"
    assert render(played("talk/{believed | doubted}", Notation()), TEXT) == "talk, then (believed or doubted)"


def test_the_labels_of_contours_stay_clear_of_the_frame_and_of_each_other() -> None:
    x = np.linspace(0, 1, 60)
    values = np.where(x[None, :] < 0.5, x[None, :], x[:, None])  # the levels share the jump at one half
    codes = np.zeros((60, 60), dtype=np.int64)
    figure = regime_map(x, x, codes, labels=MapLabels(outcomes={0: "all"}), overlay=Overlay(levels=(Level(values, (0.2, 0.4, 0.6, 0.8), "level"),)))
    places = [text.get_position() for text in figure.axes[0].texts]
    assert len(places) == 4 and all(0.05 < part < 0.95 for place in places for part in place)
    assert min(np.hypot(*np.subtract(one, other)) for k, one in enumerate(places) for other in places[:k]) > 0.1
