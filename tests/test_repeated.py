"""What two versions of a model have in common is printed once; sources that are numbers of items, and colours of maps, are said once."""

from bargain.figures import Labels, MapLabels, curve_figure, regime_map
from bargain.figures.ranges import Curve as Line
from bargain.inventory import Inventory, Item
from bargain.models.classics import deterrence
from bargain.report.claims import explained
from bargain.report.content import Heading, Picture, Prose, Section, Tabular
from bargain.report.evaluate import Evaluation
from bargain.report.repeated import repeated
from bargain.tables import Table


def version(name: str, caption: str, height: float, share: str = "1/2") -> Section:
    """A table and a figure of one version of a problem."""
    table = Tabular(f"{name}-equilibria", Table(caption, ("Outcome", "u"), (("deal", share),)), f"{caption}: equilibria at the baseline")
    figure = curve_figure([0, 1], [Line([0, height], "payoff")], labels=Labels("share"))
    picture = Picture(f"{name}-tree", figure, f"{caption}. Bold: play.", f"Tree of {caption}. Play: deal.")
    return Section(name, f"{name}: a model", (Heading(caption), table, picture))


def test_a_version_refers_to_what_another_has_printed() -> None:
    first, second = repeated([version("Talks", "Talks", 1), version("Short", "Talks (short)", 1)])
    assert first.blocks == repeated_blocks(first) and all(isinstance(block, Prose) for block in second.blocks)
    said = [paragraph for block in second.blocks if isinstance(block, Prose) for paragraph in block.paragraphs]
    assert said == ["Talks (short): the same equilibria at the baseline as for Talks, in the section “Talks”.",
                    "Talks (short): the same figure as for Talks, in the section “Talks”."]


def repeated_blocks(section: Section) -> tuple[object, ...]:
    """The blocks of a section on its own."""
    (alone,) = repeated([section])
    return alone.blocks


def test_what_differs_or_belongs_to_another_problem_is_printed() -> None:
    for other in (version("Short", "Talks, composite parameters", 2, "1/3"), version("War", "War", 1)):
        _, second = repeated([version("Talks", "Talks", 1), other])
        assert second.blocks == other.blocks


def test_sources_that_number_items_of_a_text_are_explained_and_others_are_not() -> None:
    text = Inventory("A text", tuple(Item(code, "said", note="left out") for code in ("K1", "K2", "A1")), {"K": ("causal claims", 2), "A": ("actors", 1)})

    def noted(*sources: str) -> str:
        table = Tabular("ledger", Table("", ("Source", "Claim"), tuple((source, "c") for source in sources)), "Ledger")
        (block,) = explained(Section("s", "S", (table,)), [text], printed=True).blocks
        assert isinstance(block, Tabular) and isinstance(block.content, Table)
        return " ".join(map(str, block.content.notes))

    assert noted("K2, K1", "Nash (1950)") == "A source such as K1 is an item of the text, listed in “The text and the models”: K are its causal claims."
    assert noted("Nash (1950)", "Article A5") == ""


def test_an_outcome_looks_the_same_in_every_map_of_a_model() -> None:
    """The second map lacks the first outcome of the first one: places are those of the model, not of the map."""
    evaluation = Evaluation(deterrence.model.at(), lambda text: None)
    assert [evaluation.place(name) for name in ("SQ", "W", "C")] == [0, 1, 2] and evaluation.place("W") == 1
    one = regime_map([0, 1], [0, 1], [[0, 1], [0, 1]], labels=MapLabels(outcomes={0: "SQ", 1: "W"}))
    other = regime_map([0, 1], [0, 1], [[0, 0], [0, 0]], labels=MapLabels(outcomes={0: "W"}, places={0: 1}))
    looks = [{patch.get_label(): patch.get_facecolor() for patch in figure.legends[0].get_patches()} for figure in (one, other)]
    assert looks[0]["W"] == looks[1]["W"] != looks[0]["SQ"]
