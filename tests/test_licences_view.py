"""The page Licences as Streamlit runs it: the story of each answer, drift, and the findings."""

from __future__ import annotations

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from graph.licenses.answers import Use
from graph.licenses.engine import find_all
from graph.licenses.findings import Level
from graph.licenses.inheritance import inherit
from graph.licenses.verdict import judge
from graph.licenses.views import Artefact, views_of
from graph.model.records import Kind
from graph.statistics.drift import COMPARED, Outcome, compare
from tests import drift_oracle as oracle
from tests.builders import dataset, license_, model
from tests.graphs import build_graph
from tests.pages import open_page, texts
from ui.cli.main import remixgraph
from ui.json_text import json_text

RECORDS = (
    model("acme/base", downloads=900, licenses=(license_("cc-by-nc-4.0"),)),
    model("acme/tuned -> acme/base: finetune", downloads=50, licenses=(license_("mit"),)),
    model("acme/merged -> acme/tuned: merge, acme/free: merge", licenses=(license_("mit"),)),
    model("acme/free", downloads=30, licenses=(license_("mit"),)),
    model("acme/llama", downloads=70, licenses=(license_("llama3"),)),
    model("acme/chat -> acme/llama: finetune", licenses=(license_("mit"),)),
    model("acme/fed -> acme/qa: trained_on", downloads=3, licenses=(license_("mit"),)),
    model("acme/silent -> gone/parent: adapter"),
    model("acme/torn", licenses=(license_("mit"), license_("cc-by-nc-4.0"))),
    model("acme/odd", licenses=(license_("other", license=None, name="my-own-terms"),)),
    dataset("acme/qa", licenses=(license_("cc-by-nc-4.0"),)),
)


@pytest.fixture
def graph(app_graph: Path) -> Path:
    """Make a graph with an artefact for every answer."""
    return build_graph(app_graph, *RECORDS)


def words(page: AppTest) -> str:
    """Return what a reader sees of a page's markup, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", texts(page))).split())


# --- the story ------------------------------------------------------------------------------------

STORIES = {
    "acme/free": [
        "Yes Model · Commercial use acme/free",
        "It is a model that declares nothing it was made from. It declares mit for itself.",
        "Nothing that is declared speaks against this use.",
    ],
    "acme/chat": [
        "Yes, on conditions",
        "It was fine-tuned from acme/llama, which is under llama3.",
        "☐ Keep to the use restrictions of llama3",
    ],
    "acme/fed": [
        "Nobody can tell",
        "It was trained on the dataset acme/qa, which is under cc-by-nc-4.0.",
        "What has to be found out",
    ],
    "acme/merged": [
        "No Model · Commercial use acme/merged",
        "It is a model that merges acme/free and acme/tuned.",
        "It merges acme/tuned, which is under mit.",
        "acme/tuned was fine-tuned from acme/base, which is under cc-by-nc-4.0.",
        "acme base cc-by-nc-4.0 Fine-tuned → acme tuned mit Merge → acme merged mit",
        "✕ cc-by-nc-4.0 allows no commercial use [acme/base]",
    ],
    "acme/silent": [
        "It declares no licence, and without one all rights are reserved.",
        "It is a model that is an adapter for gone/parent.",
    ],
    "acme/torn": [
        "It declares several licences (cc-by-nc-4.0, mit) and leaves open which of them apply."
    ],
    "acme/odd": ["It declares a licence that no table knows: my-own-terms."],
    "gone/parent": [
        "Nobody can tell",
        "This model is only named by others: it is gone, private, or was not ingested.",
    ],
}


@pytest.mark.parametrize("repository", STORIES)
@pytest.mark.usefixtures("graph")
def test_every_answer_is_a_story(repository: str) -> None:
    """What it is, what it declares, the way to the cause, and what to do, in plain words."""
    shown = words(open_page("licences", id=repository))

    for sentence in STORIES[repository]:
        assert sentence in shown
    assert "Automated reading of self-declared metadata; not legal advice." in shown


@pytest.mark.usefixtures("graph")
def test_a_finding_has_its_facts_and_its_remedy() -> None:
    """Clause, source, and how somebody knows."""
    shown = words(open_page("licences", id="acme/tuned"))

    assert "high Declares mit, but cc-by-nc-4.0 prohibits commercial use R03" in shown
    assert "Remedy:" in shown
    assert "cc-by-nc-4.0 commercialUse: prohibited" in shown


@pytest.mark.usefixtures("graph")
def test_the_use_is_in_the_address() -> None:
    """Another use is another answer, and a click writes it down."""
    page = open_page("licences", id="acme/merged", use="research")

    assert "Model · Research" in words(page)
    page.button_group(key="use").set_value(Use.TRAIN_OTHERS).run()
    assert {"id": "acme/merged", "use": "train-others"} == dict(page.query_params)
    page.button_group(key="use").set_value(Use.COMMERCIAL).run()
    assert {"id": "acme/merged"} == dict(page.query_params)


@pytest.mark.usefixtures("graph")
def test_who_asks_matters() -> None:
    """A number of users beyond the threshold turns the answer."""
    assert "Yes, on conditions" in words(open_page("licences", id="acme/chat", mau="5"))
    assert "are more than llama3 licenses" in words(
        open_page("licences", id="acme/chat", mau="900000000", territory="de")
    )


def test_the_json_is_that_of_the_command(graph: Path) -> None:
    """What is taken away is the document of ``remixgraph license --json``."""
    shown = CliRunner().invoke(
        remixgraph,
        ["license", "acme/merged", "--use", "commercial", "--json", "--graph", str(graph)],
    )
    views = views_of(RECORDS)
    verdict = judge(inherit(views), Artefact(Kind.MODEL, "acme/merged"), Use.COMMERCIAL)

    assert shown.stdout == json_text(verdict.document()) + "\n"
    assert "no" == json.loads(shown.stdout)["answer"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"use": "theft", "territory": "<b>", "mau": "many"},
        {"mau": "٣", "tab": "nonsense"},
        {"territory": "EUROPE", "mau": "9" * 400},
    ],
)
@pytest.mark.usefixtures("graph")
def test_nonsense_in_the_address_is_taken_for_what_is_usual(parameters: dict[str, str]) -> None:
    """No traceback, and the story all the same."""
    page = open_page("licences", id="acme/free", **parameters)

    assert "Model · Commercial use acme/free" in words(page)


@pytest.mark.usefixtures("graph")
def test_an_unknown_id_is_answered_in_words() -> None:
    """No traceback and no markup."""
    assert "This repository cannot be shown" in words(open_page("licences", id="no/<b>body</b>"))


@pytest.mark.usefixtures("graph")
def test_without_a_focus_it_begins_somewhere() -> None:
    """The base that most was made from."""
    assert "· Commercial use" in words(open_page("licences"))


# --- drift ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("graph")
def test_the_figures_are_those_of_drift() -> None:
    """The tiles, the matrix and the months agree with the count step by step."""
    page = open_page("licences", tab="drift")
    cells, months = (table.value for table in page.dataframe)

    steps = list(oracle.steps(RECORDS))
    outcomes = Counter(compare(step.parent, step.child) for step in steps)
    kept = outcomes[Outcome.KEPT] / sum(outcomes[one] for one in COMPARED)
    assert f"{kept:.1%} kept" in words(page)
    expected = Counter(step[1:3] for step in steps)
    rows = cells[["parent", "child", "steps"]].itertuples(index=False)
    assert expected == {(row.parent, row.child): row.steps for row in rows}
    (month,) = months.to_dict("records")
    assert (len(steps), outcomes[Outcome.RELAXED]) == (month["steps"], month["relaxed"])


@pytest.mark.usefixtures("graph")
def test_what_was_searched_meanwhile_is_a_click_away() -> None:
    """Whoever picks a name while the charts are open finds the way to its verdict."""
    page = open_page("licences", tab="drift", id="acme/qa", kind="dataset")

    assert "May I use acme/qa?" in words(page)
    assert 'href="/licences?id=acme/qa&amp;kind=dataset"' in texts(page)


@pytest.mark.usefixtures("graph")
def test_one_relation_is_counted_alone() -> None:
    """The address says which."""
    page = open_page("licences", tab="drift", relation="merge")

    assert 2 == sum(page.dataframe[0].value["steps"])


def test_without_steps_there_is_nothing_to_draw(app_graph: Path) -> None:
    """And that is said."""
    build_graph(app_graph, model("acme/base"))

    assert "Nothing to count" in words(open_page("licences", tab="drift"))


# --- findings -------------------------------------------------------------------------------------


def _independent(rule: str = "", level: str = "") -> list[tuple[str, str]]:
    """Return the findings of a choice out of the rules themselves, by repository and rule."""
    return sorted(
        (artefact.id, one.rule)
        for artefact, found in find_all(views_of(RECORDS))
        for one in found
        if one.level is not Level.INFO and rule in {"", one.rule} and level in {"", one.level}
    )


@pytest.mark.parametrize("chosen", [{}, {"level": "high"}, {"rule": "R01"}, {"level": "nonsense"}])
@pytest.mark.usefixtures("graph")
def test_a_filter_leaves_an_independent_count(chosen: dict[str, str]) -> None:
    """The rows are what the rules say, and lead to their story and their lineage."""
    table = open_page("licences", tab="findings", **chosen).dataframe[0].value
    stories = [str(address) for address in table["story"]]

    expected = _independent(**({} if "nonsense" in chosen.values() else chosen))
    ids = [re.sub(r".*[?&]id=([^&]*).*", r"\1", address) for address in stories]
    assert expected == sorted(zip(ids, table["rule"], strict=True))
    assert all(address.startswith("/licences?id=") for address in stories)
    assert all(str(address).startswith("/explore?id=") for address in table["explore"])


@pytest.mark.usefixtures("graph")
def test_filters_write_the_address() -> None:
    """A choice is a permalink; any is left out."""
    page = open_page("licences", tab="findings")
    page.selectbox(key="findings-rule").set_value("R03").run()
    page.text_input(key="findings-text").set_value("merged").run()

    assert {"tab": "findings", "rule": "R03", "text": "merged"} == dict(page.query_params)
    assert ["R03"] == list(page.dataframe[0].value["rule"])


@pytest.mark.usefixtures("graph")
def test_a_choice_without_findings_says_so() -> None:
    """Rather than showing an empty table."""
    shown = words(open_page("licences", tab="findings", text="no such words"))

    assert "Nothing fits" in shown


def test_a_graph_without_findings_says_so(app_graph: Path) -> None:
    """Then there is nothing to filter either."""
    build_graph(app_graph, model("acme/free", licenses=(license_("mit"),)))

    assert "Nothing was found" in words(open_page("licences", tab="findings"))
