"""What the Hub answered for ids: kept beside the data, and shown where something is only named."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.records import Kind, Resolution
from graph.quality.conformance import validate_store
from graph.rdf.resolutions import LookUp, renames, resolution, resolution_triples, unsettled
from graph.rdf.triples import nquads
from graph.store.lineage_graph import LineageGraph
from ingest.pipeline import ingest_files
from tests.builders import dataset, model
from tests.graphs import build_graph, fill

NOON = "2026-05-01T12:00:00Z"


def answer(
    name: str, status: Resolution, replaced_by: str | None = None, checked: str = NOON
) -> LookUp:
    """Return what the Hub answered for a model."""
    return LookUp(
        kind=Kind.MODEL, id=name, resolution=status, checked=checked, replaced_by=replaced_by
    )


def resolve(graph: Path, *answers: LookUp) -> None:
    """Let a graph know of answers."""
    with new_build(graph) as build:
        build.resolve(answers)
        build.publish([])


def statuses(graph: Path, name: str) -> list[str]:
    """Return what the graph says of the existence of a model."""
    with LineageGraph.open(graph) as opened:
        found = opened.objects(v.repository_iri(Kind.MODEL, name), v.REMIX.resolutionStatus)
        return [status.removeprefix(v.REMIX.NS) for status in found]


@pytest.mark.parametrize("status", [s for s in Resolution if s is not Resolution.RENAMED])
def test_an_answer_describes_what_is_only_named(tmp_path: Path, status: Resolution) -> None:
    """The reference shows it, and it comes back with its time."""
    graph = build_graph(tmp_path, model("a/chat -> a/gone: finetune"))
    resolve(graph, answer("a/gone", status))

    assert [status.value] == statuses(graph, "a/gone")
    with LineageGraph.open(graph) as opened:
        iri = v.repository_iri(Kind.MODEL, "a/gone")
        assert answer("a/gone", status) == resolution(opened.store, iri)
        assert validate_store(opened.store).conforms


def test_the_last_answer_counts(tmp_path: Path) -> None:
    """Asked again, the old answer goes."""
    graph = build_graph(tmp_path, model("a/chat -> a/gone: finetune"))
    resolve(graph, answer("a/gone", Resolution.MISSING))
    resolve(graph, answer("a/gone", Resolution.GATED, checked="2026-06-01T00:00:00Z"))

    assert ["Gated"] == statuses(graph, "a/gone")


def test_a_renamed_repository_becomes_a_reference_to_its_new_name(tmp_path: Path) -> None:
    """What was known is known under the new name; the old one stays, though nobody uses it."""
    graph = build_graph(tmp_path, model("a/old", downloads=7), model("b/new", downloads=7))
    resolve(graph, answer("a/old", Resolution.RENAMED, "b/new"))

    with LineageGraph.open(graph) as opened:
        node = opened.find("a/old")
        new = v.repository_iri(Kind.MODEL, "b/new")
        assert not node.known
        assert [new] == list(opened.objects(node.iri, v.DCTERMS.isReplacedBy))
        assert 1 == opened.info.models
        assert validate_store(opened.store).conforms


def test_renames_are_followed_to_the_last(tmp_path: Path) -> None:
    """The table of aliases leads to the name of today; a circle ends."""
    graph = build_graph(tmp_path, model("a/x"))
    resolve(
        graph,
        answer("a/1", Resolution.RENAMED, "a/2"),
        answer("a/2", Resolution.RENAMED, "a/3"),
        answer("b/1", Resolution.RENAMED, "b/2"),
        answer("b/2", Resolution.RENAMED, "b/1"),
    )
    with LineageGraph.open(graph) as opened:
        found = renames(opened.store)

    assert {"a/1": "a/3", "a/2": "a/3", "b/1": "b/2", "b/2": "b/1"} == found[Kind.MODEL]
    assert {} == found[Kind.DATASET]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")))
def test_renames_end_where_following_them_one_by_one_ends(steps: dict[str, str]) -> None:
    """Through any number of renames; in a circle, before the first name comes again."""
    store = ox.Store()
    for old, new in steps.items():
        triples = resolution_triples(answer(f"x/{old}", Resolution.RENAMED, f"x/{new}"))
        store.load(nquads(triples, v.RESOLUTIONS), ox.RdfFormat.N_QUADS)

    expected = {f"x/{old}": f"x/{last(old, steps)}" for old in steps}
    assert expected == renames(store)[Kind.MODEL]


def last(name: str, steps: dict[str, str]) -> str:
    """Follow renames from one name until there is none, or one comes again."""
    seen = [name]
    while (following := steps.get(seen[-1])) is not None and following not in seen:
        seen.append(following)
    return seen[-1]


def test_offline_ingestion_uses_what_was_learned(tmp_path: Path) -> None:
    """A name that the Hub redirected is resolved in a dump, too; what was declared stays."""
    graph = build_graph(tmp_path / "graph", model("b/new"))
    resolve(graph, answer("a/old", Resolution.RENAMED, "b/new"))
    dump = tmp_path / "models.jsonl"
    dump.write_text('{"id": "c/chat", "modelId": "c/chat", "tags": ["base_model:a/old"]}\n')
    ingest_files(graph, [dump])

    with LineageGraph.open(graph) as opened:
        (claim,) = opened.record(opened.find("c/chat")).derivations
    assert ("b/new", True, ("base_model:a/old",)) == (claim.target, claim.aliased, claim.raw)


def test_a_repository_that_is_found_again_is_no_alias_any_more(tmp_path: Path) -> None:
    """Somebody took the free name: whoever names it now means what is there."""
    graph = build_graph(tmp_path, model("b/new"))
    resolve(graph, answer("a/old", Resolution.RENAMED, "b/new"))
    build_graph(graph, model("a/old"))

    with LineageGraph.open(graph) as opened:
        assert opened.find("a/old").known
        assert {} == renames(opened.store)[Kind.MODEL]


def test_unsettled_are_those_that_nobody_looked_up_lately_most_named_first(tmp_path: Path) -> None:
    """Three name a/base, one names a/qa; a/other was asked for after the date."""
    graph = build_graph(
        tmp_path,
        model("a/1 -> a/base: finetune, a/other: merge"),
        model("a/2 -> a/base: finetune, a/qa: trained_on"),
        dataset("a/d -> a/qa2: source"),
    )
    resolve(graph, answer("a/other", Resolution.MISSING))
    with LineageGraph.open(graph) as opened:
        early, late = (unsettled(opened.store, date) for date in ("2026-01", "2027-01"))

    assert [(Kind.MODEL, "a/base"), (Kind.DATASET, "a/qa"), (Kind.DATASET, "a/qa2")] == early
    assert (Kind.MODEL, "a/other") in late


def test_answers_are_used_when_a_reference_is_made_later(tmp_path: Path) -> None:
    """The answer outlives the edge that it was asked for."""
    graph = build_graph(tmp_path, model("a/chat"))
    resolve(graph, answer("a/gone", Resolution.MISSING))
    build_graph(graph, model("a/chat -> a/gone: finetune"))

    assert ["NotFoundOrNoAccess"] == statuses(graph, "a/gone")


def test_answers_within_the_first_build_are_kept(tmp_path: Path) -> None:
    """A graph that is just being made may be asked for, too."""
    with new_build(tmp_path) as build:
        fill(build, [model("a/chat -> a/gone: finetune")])
        build.resolve([answer("a/gone", Resolution.DISABLED)])
        build.publish([])

    assert ["Disabled"] == statuses(tmp_path, "a/gone")


def test_an_unknown_id_has_no_answer() -> None:
    """Neither has an address that is no repository's."""
    store = ox.Store()

    assert resolution(store, v.repository_iri(Kind.MODEL, "a/x")) is None
    assert resolution(store, v.ARXIV + "1") is None
