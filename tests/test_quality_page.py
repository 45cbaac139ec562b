"""The page Quality as Streamlit runs it: what it counts and lists, and what its address says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from graph.model.records import IssueKind
from graph.quality.checks import Check
from tests.builders import dataset, derivation, issue, model
from tests.graphs import build_graph
from tests.pages import open_page, texts
from ui.cli.main import run

EARLY, LATE = "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
HOSTILE = "acme/<img src=x onerror=alert(1)>"

RECORDS = (
    model("acme/base", created=LATE),
    model("acme/loop -> acme/loop: merge", downloads=7),
    model("acme/hen -> acme/egg: merge"),
    model("acme/egg -> acme/hen: merge"),
    model("other/odd -> acme/base: finetune", created=EARLY, modified=LATE),
    model("other/early -> acme/base: finetune", created=EARLY, modified=EARLY),
    model("other/both -> acme/base: finetune, acme/base: merge"),
    model("other/gguf -> acme/base: quantized"),
    model("other/tuned -> other/gguf: finetune"),
    model("other/lost -> gone/parent: merge"),
    model("other/child -> other/lost: finetune"),
    model("other/old", derivations=(derivation("acme/base: merge", raw=("b",), aliased=True),)),
    model("other/words", issues=(issue(IssueKind.JUNK_DATASET, "datasets", "json"),)),
    model(f"{HOSTILE} -> acme/base", issues=(issue(IssueKind.LOCAL_PATH, value="<b>x</b>"),)),
    dataset("acme/qa -> acme/raw: source"),
)
"""One of each finding."""


def test_the_summary_is_what_the_command_line_counts(
    app_graph: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every check with its level, count and remedy, worst first."""
    build_graph(app_graph, *RECORDS)
    run(["check", "--json", "--graph", str(app_graph)])
    found = json.loads(capsys.readouterr().out)
    counted = [(row["level"], row["check"], row["count"]) for row in found]
    drawn = texts(open_page("quality"))
    summary = drawn[drawn.index("How many findings") :].split("</table>")[0]
    rows = re.findall(
        r'data-name="Level">.*?>(\w+)</span>.*?"Check">([^<]*)<.*?"Findings">([\d,]+)<', summary
    )

    assert counted == [
        (level, check.lower().replace(" ", "-"), int(count)) for level, check, count in rows
    ]
    assert set(Check) == {check for _, check, _ in counted}


def test_nothing_wrong_is_said(app_graph: Path) -> None:
    """A graph without a fault gets a text."""
    build_graph(app_graph, model("acme/base"))

    assert "Nothing is wrong here" in texts(open_page("quality"))
    assert "No parent is missing" in texts(open_page("quality", view="parents"))
    assert "Nothing to mend" in texts(open_page("quality", view="metadata"))


def test_an_address_chooses(app_graph: Path) -> None:
    """A check and an owner, with the list to send to them."""
    build_graph(app_graph, *RECORDS)
    page = open_page("quality", check="dangling-parent", owner="other")
    drawn = texts(page)

    assert "What other should mend: dangling parent" in drawn
    assert "gone/parent" in drawn
    assert "acme/raw" not in drawn
    assert [f"- other/lost: dangling-parent (gone/parent). {Check.DANGLING_PARENT.remedy}"] == [
        code.value for code in page.code
    ]


@pytest.mark.parametrize(
    "nonsense",
    [
        {"check": "<b>", "level": "worst", "page": "-3", "view": "x"},
        {"owner": "%00/../", "text": "<script>", "page": "9" * 30},
        {"issue": "x", "view": "metadata", "page": "999"},
        {"view": "parents", "page": "77", "owner": "nobody"},
    ],
)
def test_nonsense_in_an_address_is_no_failure(app_graph: Path, nonsense: dict[str, str]) -> None:
    """It counts as nothing, or finds nothing."""
    build_graph(app_graph, *RECORDS)

    assert "Quality" in texts(open_page("quality", **nonsense))


def test_missing_parents_come_with_their_dependants(app_graph: Path) -> None:
    """Directly and over any number of steps, with what the Hub answered."""
    build_graph(app_graph, *RECORDS)
    drawn = texts(open_page("quality", view="parents"))

    assert "1 directly, 2 in all" in drawn
    assert "never looked up" in drawn
    assert drawn.index("gone/parent") < drawn.index("acme/raw")


def test_metadata_shows_values_and_remedies(app_graph: Path) -> None:
    """What was declared is shown as it is, and never markup."""
    build_graph(app_graph, *RECORDS)
    drawn = texts(open_page("quality", view="metadata"))

    assert "&lt;b&gt;x&lt;/b&gt;" in drawn
    assert "<b>x</b>" not in drawn
    assert IssueKind.LOCAL_PATH.remedy in drawn
    assert "acme/&lt;img" in drawn


def test_too_much_is_paged(app_graph: Path) -> None:
    """Fifty at a time; the next page is in the address."""
    build_graph(app_graph, *(model(f"acme/m{n:03} -> acme/m{n:03}: merge") for n in range(120)))
    page = open_page("quality", check="self-loop")
    next(button for button in page.button if button.label == "Next").click()
    page.run()

    assert "2" == page.query_params["page"]
    assert "acme/m050" in texts(page)
    assert "acme/m049" not in texts(page)
    assert "51 to 100 of 120, page 2 of 3" in texts(page)


def test_a_level_takes_a_check_of_another_away(app_graph: Path) -> None:
    """Choosing warnings while a check of notes is chosen shows all warnings."""
    build_graph(app_graph, *RECORDS)
    page = open_page("quality", check="dangling-parent")
    page.button_group(key="quality-level").set_value("warning").run()

    assert {"level": "warning"} == dict(page.query_params)
    assert "Everything, warnings only" in texts(page)
