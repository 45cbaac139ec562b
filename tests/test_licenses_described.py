"""The table of licences in the graph: what those in use say, and who says so."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from graph.licenses.facts import facts
from graph.model import vocabulary as v
from graph.model.licenses import licenses
from graph.store.lineage_graph import open_graph
from tests.builders import license_, model
from tests.graphs import build_graph


def said(graph: Path) -> set[str]:
    """Return every triple on licences."""
    with open_graph(graph) as opened:
        quads = opened.store.quads_for_pattern(None, None, None, ox.NamedNode(v.LICENSES))
        return {f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads}


def test_a_licence_in_use_says_what_it_permits_asks_for_and_forbids(tmp_path: Path) -> None:
    """In the terms of Creative Commons, which other programs know."""
    graph = build_graph(tmp_path, model("a/x", licenses=(license_("cc-by-nc-4.0"),)))
    subject, cc = f"<{licenses()['cc-by-nc-4.0'].iri}>", v.CC.NS

    assert f"{subject} <{cc}prohibits> <{cc}CommercialUse>" in said(graph)
    assert f"{subject} <{cc}requires> <{cc}Attribution>" in said(graph)


def test_every_fact_has_its_source_and_how_it_was_verified(tmp_path: Path) -> None:
    """As many nodes as the table has facts, each with both."""
    graph = build_graph(tmp_path, model("a/x", licenses=(license_("llama3.1"),)))
    count = len(facts()["llama3.1"])

    for predicate in (v.REMIX.term, v.REMIX.value, v.REMIX.verification, v.DCTERMS.source):
        assert count == sum(f" <{predicate}> " in line for line in said(graph))


def test_licences_that_nobody_uses_any_more_go(tmp_path: Path) -> None:
    """The graph speaks of what is in it; a graph without licences of none."""
    build_graph(tmp_path, model("a/x", licenses=(license_("mit"),)))
    before = said(tmp_path)
    build_graph(tmp_path, model("a/x"))

    assert before
    assert set() == said(tmp_path)
