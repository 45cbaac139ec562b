"""Three journeys through the app on the demo snapshot, each in a handful of clicks.

What is read at their end is compared with what the library says, asked without any screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from graph import lineage as index
from graph.licenses.stored import inheritance_in
from graph.licenses.verdict import Use, judge
from graph.licenses.views import Artefact
from graph.lineage.descendant_counts import impact
from graph.lineage.stepping import parents
from graph.model.records import Kind, Relation
from graph.store.lineage_graph import LineageGraph, Node
from tests.app import Visit, visit

pytestmark = pytest.mark.browser

MOST_CLICKS = 6
MERGE = "PJMixers-Archive/LLaMa-3-CursedStock-v2.0-8B"
BASE = "mistralai/Mistral-7B-v0.1"
PUPIL = "HuggingFaceTB/SmolLM-135M-Instruct"
TEXTBOOK = "Magpie-Align/Magpie-Pro-300K-Filtered"


class Journey:
    """Somebody who has the app before them, and counts how often they click."""

    def __init__(self, seen: Visit) -> None:
        self.seen = seen
        self.page = seen.page
        self.clicks = 0
        seen.go("/")

    def click(self, what: Locator) -> None:
        """Click something once it is there."""
        what.first.click(timeout=20_000)
        self.clicks += 1

    def find(self, name: str) -> None:
        """Look a repository up from any page: type its name, and take the first suggestion."""
        box = self.page.get_by_role("combobox").first
        self.click(box)
        box.type(name, delay=5)
        found = self.page.get_by_text(name, exact=True)
        self.click(self.page.get_by_role("option").filter(has=found))
        self.seen.drawing(name)

    def reads(self, text: str) -> None:
        """See a text on the page."""
        self.page.get_by_text(text).first.wait_for(timeout=20_000)


@pytest.fixture
def journey(browser: Browser, demo_address: str) -> Iterator[Journey]:
    """Begin at Home; at the end, nothing went wrong and nothing took long."""
    with visit(browser, demo_address) as seen:
        began = Journey(seen)
        yield began

        assert began.clicks <= MOST_CLICKS
        assert [] == seen.errors
        assert [] == seen.outside


def test_may_i_ship_a_product_on_this_merge(journey: Journey, demo_graph: Path) -> None:
    """The answer is beside the picture, its reasons are a click away, and so is their path."""
    with LineageGraph.open(demo_graph) as opened:
        merge = Artefact(Kind.MODEL, MERGE)
        verdict = judge(inheritance_in(opened, merge), merge, Use.COMMERCIAL)
    causes = {finding.path[-1].id for finding in verdict.findings if len(finding.path) > 1}

    journey.find(MERGE)
    journey.click(journey.page.get_by_role("button", name="Show the path in the picture"))
    journey.page.get_by_role("button", name="Hide the path").wait_for(timeout=20_000)
    shown = journey.seen.cards(MERGE)

    assert "no" == verdict.answer
    assert shown.keys() & causes
    journey.click(journey.page.get_by_role("link", name="The whole story"))
    journey.reads("Commercial use")
    journey.reads(verdict.obstacles[0].partition(" [")[0])


def test_this_base_is_withdrawn_who_is_hit(journey: Journey, demo_graph: Path) -> None:
    """Everything that descends from it is counted beside the picture, and listed in a click."""
    with LineageGraph.open(demo_graph) as opened:
        hit = impact(index.of(opened), Node(Kind.MODEL, BASE))

    journey.find(BASE)
    journey.reads(f"{len(hit):,} repositories descend from it")
    journey.click(journey.page.get_by_role("link", name="Who is hit if it is withdrawn?"))
    journey.reads(f"{len(hit):,} rows")


def test_which_data_stands_behind_it_and_who_generated_it(
    journey: Journey, demo_graph: Path
) -> None:
    """From the model to a dataset that it was trained on, and from there to its generator."""
    with LineageGraph.open(demo_graph) as opened:
        data = {edge.parent for edge in parents(opened, _iri(PUPIL), (Relation.TRAINED_ON,))}
        textbook = Node(Kind.DATASET, TEXTBOOK).iri
        makers = {edge.parent for edge in parents(opened, textbook, (Relation.GENERATED,))}

    journey.find(PUPIL)
    shown = journey.seen.cards(PUPIL).values()

    assert textbook in data
    assert data <= {card["iri"] for card in shown}
    journey.click(journey.page.get_by_role("link", name=TEXTBOOK))
    cards = journey.seen.cards(TEXTBOOK).values()
    assert makers
    assert makers <= {card["iri"] for card in cards}


def _iri(name: str) -> str:
    return Node(Kind.MODEL, name).iri
