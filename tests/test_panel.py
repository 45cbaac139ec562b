"""The side panel of Explore, without a browser: status, evidence, verdict, integrity, links."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graph import lineage as index
from graph.build.building import new_build
from graph.lineage.offspring import offspring
from graph.model.records import ClaimSource, Gating, Kind, Relation, Resolution
from graph.rdf.resolutions import LookUp
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.details import details
from tests.builders import dataset, derivation, license_, model
from tests.graphs import build_graph
from tests.pages import texts

COMMIT = "0123456789abcdef0123456789abcdef01234567"
RECORDS = (
    model("acme/base", licenses=(license_("cc-by-nc-4.0"),), gating=Gating.MANUAL),
    model("acme/tuned -> acme/base: finetune", licenses=(license_("mit"),)),
    model(
        "acme/chat",
        commit=COMMIT,
        licenses=(license_("mit"),),
        papers=("2401.00001",),
        derivations=(
            derivation("acme/tuned: merge", sources=(ClaimSource.CARD, ClaimSource.HUB)),
            derivation("acme/new: merge", raw=("./merges/old",), aliased=True),
            derivation("gone/parent: merge", sources=(ClaimSource.HUB,)),
            derivation("OpenAI GPT-4: generated", target=None),
            derivation("acme/qa: trained_on", sources=(ClaimSource.DATASET_RECORD,)),
        ),
    ),
    *(model(f"acme/copy-{n} -> acme/chat: quantized", downloads=n) for n in range(5)),
    model("acme/lora -> acme/chat: adapter"),
    model("acme/lost", status=Resolution.MISSING),
    dataset("acme/qa", licenses=(license_("mit"),)),
)

SCRIPT = """
import streamlit as st
from ui.app.focus import locate
from ui.app.state import opened_graph
from ui.app.views.panel import draw_panel

graph = opened_graph()
keep = lambda nodes: st.session_state.update(path=[node.id for node in nodes])
draw_panel(graph, locate(graph, None, {id!r}), on_path=keep)
"""


def panel(repository: str) -> AppTest:
    """Draw the panel for a repository."""
    return AppTest.from_string(SCRIPT.format(id=repository), default_timeout=60).run()


def words(page: AppTest) -> str:
    """Return what a reader sees of a page's markup, without tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", texts(page))).split())


@pytest.fixture
def graph(app_graph: Path) -> Path:
    """Make a graph of a merge that drags a licence along."""
    return build_graph(app_graph, *RECORDS)


# --- evidence -------------------------------------------------------------------------------------


def test_the_evidence_is_that_of_the_details(graph: Path) -> None:
    """Every parent is there with its relation, and with who says so."""
    shown = words(panel("acme/chat"))

    with LineageGraph.open(graph) as opened:
        claims = details(opened, opened.find("acme/chat"))["parents"]
    assert isinstance(claims, list)
    assert f"Made from {len(claims)}" in shown
    for claim in claims:
        assert (claim["id"] or " / ".join(claim["raw"])) in shown
    assert f"said by the Hub, inferred and said by the card; at commit {COMMIT[:7]}" in shown
    assert "trained on acme/qa said by a dataset record" in shown.lower()


@pytest.mark.usefixtures("graph")
def test_what_was_written_is_shown_where_it_differs() -> None:
    """A path that was taken for an id, a parent that is only named, a product."""
    shown = words(panel("acme/chat"))

    assert "declared as ./merges/old" in shown
    assert "only named here (never looked up)" in shown
    assert "names no repository" in shown
    assert "declared as acme/tuned" not in shown


def test_the_children_are_those_of_the_details(graph: Path) -> None:
    """Counted by relation, with the most downloaded."""
    shown = words(panel("acme/chat"))

    with LineageGraph.open(graph) as opened:
        found = offspring(index.of(opened), Node(Kind.MODEL, "acme/chat"))
        expected = details(opened, opened.find("acme/chat"))["children"]
    assert expected == {one.relation.value: one.total for one in found}
    assert [(Relation.ADAPTER, 1), (Relation.QUANTIZED, 5)] == [one[:2] for one in found]
    assert "Quantized 5 acme/copy-4 , acme/copy-3 , acme/copy-2 and 2 more" in shown


# --- status ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("graph")
def test_a_tombstone_says_so() -> None:
    """What was here and is gone is no ordinary repository."""
    assert "deleted or private" in words(panel("acme/lost"))


@pytest.mark.usefixtures("graph")
def test_access_on_request_is_said_at_the_head() -> None:
    """Nobody should find out at the download."""
    assert "gated: on request (manual)" in words(panel("acme/base"))


def test_a_renamed_repository_leads_to_its_name_of_today(graph: Path) -> None:
    """Whoever comes by an old name sees when it was looked up, and where it is now."""
    with new_build(graph) as build:
        answer = LookUp(
            kind=Kind.MODEL,
            id="gone/parent",
            resolution=Resolution.RENAMED,
            checked="2026-05-01T00:00:00Z",
            replaced_by="acme/base",
        )
        build.resolve([answer])
        build.publish([])
    page = panel("gone/parent")

    assert "renamed to acme/base" in words(page)
    assert "Looked up on 1 May 2026." in words(page)
    assert 'href="/explore?id=acme/base"' in texts(page)


# --- the verdict ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("graph")
def test_the_verdict_names_the_way_to_its_cause() -> None:
    """The answer, one sentence why, the names between, and the whole story a click away."""
    page = panel("acme/chat")
    shown = words(page)

    assert "No Commercial use cc-by-nc-4.0 allows no commercial use." in shown
    assert "acme/base → acme/tuned → acme/chat" in shown
    assert "not legal advice" in shown
    assert 'href="/licences?id=acme/chat&amp;use=commercial"' in texts(page)


@pytest.mark.usefixtures("graph")
def test_the_way_can_be_shown_in_the_picture() -> None:
    """The button hands on the nodes, the focus first."""
    page = panel("acme/chat")
    page.button(key="panel-path").click().run()

    assert ["acme/chat", "acme/tuned", "acme/base"] == page.session_state["path"]


@pytest.mark.usefixtures("graph")
def test_a_cause_of_its_own_has_no_way() -> None:
    """Where the artefact itself forbids it there is nothing to show in the picture."""
    page = panel("acme/base")

    assert "allows no commercial use" in words(page)
    assert not page.button


# --- integrity and links --------------------------------------------------------------------------


def test_what_is_wrong_comes_with_its_remedy(app_graph: Path) -> None:
    """What the checks say of this repository, and of no other."""
    build_graph(
        app_graph, model("acme/odd -> acme/odd: finetune"), model("b/odd -> b/odd: finetune")
    )
    shown = words(panel("acme/odd"))

    assert "error Self loop acme/odd" in shown
    assert "Name the repository that this one was made from, not itself." in shown
    assert "b/odd" not in shown


@pytest.mark.usefixtures("graph")
def test_links_lead_to_the_hub_the_card_and_the_papers() -> None:
    """All of them are https, and open apart."""
    markup = texts(panel("acme/chat"))

    for address in (
        "https://huggingface.co/acme/chat",
        f"https://huggingface.co/acme/chat/blob/{COMMIT}/README.md",
        "https://arxiv.org/abs/2401.00001",
    ):
        assert f'href="{address}" target="_blank" rel="noopener noreferrer"' in markup


def test_a_commit_that_is_none_makes_no_link(app_graph: Path) -> None:
    """A commit is hexadecimal, or is not trusted."""
    build_graph(app_graph, model("acme/x", commit='"><b>owned</b>'))

    assert "/blob/" not in texts(panel("acme/x"))
