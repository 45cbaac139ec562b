"""A verdict with its reasons, and the way to each."""

from __future__ import annotations

import pytest

from graph.licenses.answers import Answer, Use, territories
from graph.licenses.explaining import Explained, category_of, explain
from graph.licenses.inheritance import inherit
from graph.licenses.verdict import judge
from tests.licensing import Views, artefact, draw

MERGE = draw(
    "acme/chat @mit -> acme/tuned: finetune, datasets/acme/qa: trained_on",
    "acme/tuned @apache-2.0 -> acme/base: merge, acme/free: merge",
    "acme/base @cc-by-nc-4.0",
    "acme/free @mit",
    "datasets/acme/qa @cc-by-nc-4.0",
)


def told(views: Views, use: Use = Use.COMMERCIAL) -> Explained:
    """Return the verdict on the first artefact drawn, explained."""
    return explain(inherit(views), next(iter(views)), use)


def test_the_way_leads_to_the_cause() -> None:
    """Step by step, over a friendlier label in between."""
    first = told(MERGE).deciding[0]

    assert Answer.NO is first.answer
    assert ["acme/chat", "acme/tuned", "acme/base"] == [one.id for one in first.way.path]
    assert ["finetune", "merge"] == list(first.way.relations)


def test_a_reason_that_is_a_finding_has_the_way_of_the_finding() -> None:
    """Training data are a cause like any other."""
    ways = {one.way.path[-1] for one in told(MERGE).reasons if "R11" in one.says}

    assert {artefact("datasets/acme/qa")} == ways


@pytest.mark.parametrize("use", Use)
def test_the_reasons_are_those_of_the_verdict(use: Use) -> None:
    """Each line of the verdict is a reason, and no other is."""
    explained = told(MERGE, use)
    verdict = judge(inherit(MERGE), artefact("acme/chat"), use)

    assert verdict == explained.verdict
    assert {*verdict.duties, *verdict.obstacles, *verdict.missing} == {
        one.says for one in explained.reasons
    }
    assert 4 == explained.ancestors


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("mit", "permissive"),
        ("", None),
        ("mit|gpl-3.0", "several"),
        ("other:qwen-research", "research-only"),
        ("other:never-heard-of", "several"),
    ],
)
def test_a_colour_has_a_category(declared: str, expected: str | None) -> None:
    """One for each licence, one where it is open which applies, none where there is none."""
    explained = told(draw(f"acme/base @{declared}"))

    assert expected == category_of(explained.declared(artefact("acme/base")))


def test_the_territories_are_those_that_licences_name() -> None:
    """A page can offer them."""
    assert {"EU", "UK"} <= set(territories())
