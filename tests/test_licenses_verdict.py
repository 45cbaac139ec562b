"""Verdicts: the answer for a use, with duties, obstacles and what is missing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from graph.licenses.verdict import ADVICE, Use
from tests.licensing import draw, verdict

NC = ("acme/c@mit -> acme/b: finetune", "acme/b@cc-by-nc-4.0")
LLAMA = ("acme/Llama-c@llama3.1 -> acme/Llama: finetune", "acme/Llama@llama3.1")


def answers(*lines: str, **context: Any) -> str:  # noqa: ANN401 - of a context
    """Return the first letters of the answers for commerce, research, copies and training."""
    views = draw(*lines)
    return "".join(verdict(views, use, **context).answer[0] for use in Use)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("acme/c@mit",), "yycy"),
        (("acme/c@cc0-1.0",), "yyyy"),
        (("acme/c",), "uuuu"),
        (("acme/c@other",), "uuuu"),
        (("acme/c@cc",), "uuuu"),
        (("acme/c@cc-by-nc-4.0",), "nccc"),
        (("acme/c@cc-by-nc-4.0|mit",), "uccc"),
        (("acme/c@cc-by-nc-4.0|cc-by-nc-sa-4.0",), "nccc"),
        (("acme/c@gpl-3.0",), "yycy"),
        (("acme/c@llama3",), "cccn"),
        (("acme/c@gemma",), "cccc"),
        (("acme/c@other:acme-1.0",), "uuuu"),
        (NC, "nccc"),
        (LLAMA, "cccc"),
        (("acme/c@mit -> acme/b: finetune", "acme/b@cc-by-nd-4.0"), "ncnn"),
        (("acme/c@mit -> acme/gone: finetune",), "uuuu"),
        (("acme/c@mit -> datasets/acme/d: trained_on", "datasets/acme/d@cc-by-nc-4.0"), "uycy"),
        (("acme/c@mit -> datasets/acme/gone: trained_on",), "yycy"),
        (
            ("acme/c@gpl-3.0 -> acme/a: merge, acme/b: merge", "acme/a@llama2", "acme/b@gpl-3.0"),
            "uunn",
        ),
    ],
)
def test_answers(lines: tuple[str, ...], expected: str) -> None:
    """Yes, conditional, unknown or no, by use."""
    assert expected == answers(*lines)


def test_the_node_that_forbids_is_named() -> None:
    """Which ancestor's licence it is that stands in the way."""
    found = verdict(draw(*NC), "commercial")

    assert ("cc-by-nc-4.0 allows no commercial use [acme/b]",) == found.obstacles


def test_what_is_missing_is_named() -> None:
    """Unknown is no end: it says what to find out."""
    (missing,) = verdict(draw("acme/c@mit -> acme/gone: finetune"), "commercial").missing

    assert "acme/gone" in missing


def test_duties() -> None:
    """Whoever hands on a Llama knows what to put beside it."""
    duties = "\n".join(verdict(draw("acme/Llama@llama3.1"), "redistribute").duties)

    for word in (
        "copy of the agreement",
        "notice",
        "Built with Llama",
        "begin the name",
        "700,000",
    ):
        assert word in duties


@pytest.mark.parametrize(("mau", "answer"), [(None, "c"), (700_000_000, "c"), (700_000_001, "n")])
def test_monthly_users(mau: int | None, answer: str) -> None:
    """Above the threshold a licence of one's own is needed."""
    assert answer == answers(*LLAMA, mau=mau)[0]


def test_a_threshold_that_asks_for_a_display() -> None:
    """Kimi K2's licence forbids nothing above its threshold."""
    assert "c" == answers("acme/c@other:modified-mit", mau=200_000_000)[0]


@pytest.mark.parametrize(
    ("territory", "answer"), [(None, "c"), ("EU", "n"), ("de", "n"), ("US", "c"), ("GB", "c")]
)
def test_territory(territory: str | None, answer: str) -> None:
    """Llama 4 is not licensed in the EU; a member state is in it."""
    assert answer == answers("acme/Llama-4@llama4", territory=territory)[0]


def test_more_than_one_territory() -> None:
    """Hunyuan names three."""
    text = "acme/c@other:tencent-hunyuan-3d-2.0"

    assert "nnnc" == "".join(answers(text, territory=code)[0] for code in ("FR", "GB", "KR", "US"))


def test_generated_data_and_training() -> None:
    """Data that Llama 3 has written must not train another model."""
    views = draw("datasets/acme/d@mit -> acme/llama: generated", "acme/llama@llama3")

    assert "no" == verdict(views, "train-others").answer
    assert "yes" == verdict(views, "research").answer


def test_an_open_lineage_lowers_the_confidence() -> None:
    """An unknown parent may hide anything."""
    known = verdict(draw("acme/c@mit -> acme/b: finetune", "acme/b@mit"), "commercial")
    unknown = verdict(draw("acme/c@mit -> acme/b: finetune"), "commercial")

    assert unknown.confidence < known.confidence


def test_the_document() -> None:
    """What `--json` prints: stable names, and only what JSON has."""
    document = verdict(draw(*NC), "commercial").document()
    contract = {"id", "use", "answer", "duties", "findings", "advice"}
    of_findings = {"rule", "level", "confidence", "path", "relations", "facts", "remedy"}

    assert contract <= set(document)
    (finding,) = msgspec.json.decode(msgspec.json.encode(document))["findings"]
    assert of_findings <= set(finding)
    assert ["acme/c", "acme/b"] == finding["path"]


@pytest.mark.parametrize("lines", [NC, LLAMA, ("acme/c",), ("acme/c@mit",)])
def test_advice_says_what_it_is(lines: tuple[str, ...]) -> None:
    """Every answer is a reading of what people declared."""
    for use in Use:
        assert verdict(draw(*lines), use).advice.endswith(ADVICE)
