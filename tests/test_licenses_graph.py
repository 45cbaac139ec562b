"""Findings in the graph: they are what the rules find, after whatever happened."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.build import replacing
from graph.build.building import Build
from graph.licenses.engine import find
from graph.licenses.inheritance import inherit
from graph.licenses.stored import look_up_in
from graph.licenses.triples import state
from graph.licenses.views import Artefact, LicenseView, reference, views_of
from graph.model import vocabulary as v
from graph.model.records import Gating, Kind, Repository, Resolution
from graph.rdf.editing import repository_ids
from graph.rdf.resolutions import LookUp, renames
from graph.rdf.triples import record_from_triples
from graph.store.builds import GraphInfo, make_build
from graph.store.lineage_graph import LineageGraph, Node, repository_triples
from tests.builders import dataset, derivation, license_, model, space
from tests.depth import dear
from tests.graphs import fill, graph_in_memory

NAMES = [f"o/{letter}" for letter in "abcde"]
KEYS = ["", "mit", "gpl-3.0", "cc-by-nc-4.0", "llama3"]
RELATIONS = ["finetune", "merge", "adapter", "generated", "trained_on"]

FINDINGS = ox.NamedNode(v.FINDINGS)


def findings(store: ox.Store) -> set[str]:
    """Return the graph of findings."""
    return {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, FINDINGS)}


def afresh(views: dict[Artefact, LicenseView]) -> set[str]:
    """Return what the graph of findings should hold, from the views of everything."""
    inheritance = inherit(views)
    known = [one for one in views if one.kind is not Kind.SPACE and views[one].is_known]
    stated = [state(inheritance, one) for one in known]
    triples = [triple for one in stated for triple in one.own]
    triples += [triple for one in stated for node in one.shared.values() for triple in node]
    return {" ".join(triple) for triple in triples}


def viewed(store: ox.Store) -> dict[Artefact, LicenseView]:
    """Return the views of everything that a store holds, record by record, and of old names."""
    records = [
        record_from_triples(repository_triples(store, v.repository_iri(kind, name)))
        for kind in (Kind.MODEL, Kind.DATASET)
        for name in repository_ids(store, kind)
    ]
    old = {
        Artefact(kind, name): reference(Artefact(kind, name), renamed_to=today)
        for kind, names in renames(store).items()
        for name, today in names.items()
    }
    return old | views_of(records)


def values(graph: LineageGraph, subject: str, predicate: str) -> list[str]:
    """Return what the findings say of a node, sorted."""
    pattern = ox.NamedNode(subject), ox.NamedNode(predicate), None, FINDINGS
    return sorted(quad.object.value for quad in graph.store.quads_for_pattern(*pattern))  # type: ignore[union-attr]


# --- what is stated -----------------------------------------------------------------------------

RELAXED = (
    model("acme/chat -> acme/tuned: finetune", licenses=(license_("mit"),)),
    model("acme/tuned -> acme/base: finetune", licenses=(license_("mit"),)),
    model("acme/base", licenses=(license_("cc-by-nc-4.0"),)),
)


def test_a_way_is_an_ordered_list() -> None:
    """The members of a finding lead from the model to the cause; a label between hides nothing."""
    graph = graph_in_memory(*RELAXED)
    (node,) = values(graph, f"{v.HUB}acme/chat", v.REMIX.licenseFinding)

    assert ["R03"] == values(graph, node, v.REMIX.rule)
    assert ["high"] == values(graph, node, v.REMIX.level)
    assert [["acme/chat"], ["acme/tuned"], ["acme/base"]] == [
        [one.removeprefix(v.HUB) for one in values(graph, node, v.member_iri(number))]
        for number in (1, 2, 3)
    ]
    assert ["finetune finetune"] == values(graph, node, v.REMIX.pathRelations)
    assert [f"{v.SPDX}CC-BY-NC-4.0"] == values(graph, node, v.REMIX.concernsLicense)


def test_commercial_use_is_answered_for_everyone() -> None:
    """With the grounds of the answer, each with the ancestor that it comes from."""
    graph = graph_in_memory(*RELAXED, model("acme/free", licenses=(license_("mit"),)))
    (ground,) = values(graph, f"{v.HUB}acme/chat", v.REMIX.commercialGround)

    assert ["no"] == values(graph, f"{v.HUB}acme/chat", v.REMIX.commercialUse)
    assert [f"{v.HUB}acme/base"] == values(graph, ground, v.REMIX.cause)
    assert ["yes"] == values(graph, f"{v.HUB}acme/free", v.REMIX.commercialUse)
    assert [] == values(graph, f"{v.HUB}acme/free", v.REMIX.commercialGround)


def test_what_is_found_of_many_is_one_node() -> None:
    """Two without a licence share a finding; it goes with the last of them."""
    silent = graph_in_memory(model("acme/one"), model("acme/two"))
    first, second = (
        values(silent, f"{v.HUB}acme/{name}", v.REMIX.licenseFinding) for name in ("one", "two")
    )

    assert first == second
    assert ["R01"] == values(silent, first[0], v.REMIX.rule)


def test_what_only_informs_is_left_out() -> None:
    """Notices, thresholds and texts to keep are no findings to search for; nor are Spaces."""
    graph = graph_in_memory(
        model("acme/chat -> acme/base: finetune", licenses=(license_("mit"),)),
        model("acme/base", licenses=(license_("apache-2.0"),), gating=Gating.AUTO),
        space("acme/demo"),
    )
    chat = Artefact(Kind.MODEL, "acme/chat")
    found = find(inherit(viewed(graph.store)), chat)

    assert {"R21"} == {finding.rule for finding in found}
    assert [] == values(graph, f"{v.HUB}acme/chat", v.REMIX.licenseFinding)
    assert [] == values(graph, f"{v.HUB}spaces/acme/demo", v.REMIX.commercialUse)


# --- names of before -----------------------------------------------------------------------------


def test_an_old_name_has_a_view() -> None:
    """It is not known under that name, and the view tells the new one."""
    store = ox.Store()
    build = begin(Path(mkdtemp()), store)
    fill(build, [model("acme/chat -> acme/old: finetune", licenses=(license_("mit"),))])
    build.resolve([renamed("acme/old", "acme/new")])
    build.publish(())
    old = Artefact(Kind.MODEL, "acme/old")

    assert viewed(store)[old] == look_up_in(store)(old)
    assert any("renamed" in line for line in findings(store))


# --- after changes ------------------------------------------------------------------------------


def begin(folder: Path, store: ox.Store, build: Build | None = None) -> Build:
    """Begin a build in a store in memory, after another one in it."""
    place = Path(mkdtemp(dir=folder))
    info = GraphInfo(build="000001")
    make_build(place, info.build)
    before = None if build is None else build.derive()
    return Build(place, info, store, fresh=build is None, before=before)


def renamed(old: str, new: str) -> LookUp:
    """Return the answer that a model has another name today."""
    checked = "2026-01-01T00:00:00Z"
    return LookUp(
        kind=Kind.MODEL, id=old, resolution=Resolution.RENAMED, checked=checked, replaced_by=new
    )


def _record(name: str, parents: Iterable[tuple[str, str]], key: str, kind: str) -> Repository:
    claims = tuple({target: derivation(f"{target}: {word}") for target, word in parents}.values())
    fields = {"derivations": claims, "licenses": (license_(key),) if key else ()}
    return dataset(name, **fields) if kind == "dataset" else model(name, **fields)


_parents = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(RELATIONS)), max_size=3)
_records = st.builds(
    _record,
    st.sampled_from(NAMES),
    _parents,
    st.sampled_from(KEYS),
    st.sampled_from(["model", "model", "dataset"]),
)
_answers = st.builds(renamed, st.sampled_from(NAMES), st.just("o/new"))
_runs = st.lists(
    st.tuples(
        st.lists(_records, max_size=4, unique_by=lambda one: (one.kind, one.id)),
        st.lists(_answers, max_size=1),
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place for builds."""
    return tmp_path_factory.mktemp("findings")


@dear
@given(runs=_runs)
def test_findings_are_those_of_the_records_after_any_changes(
    folder: Path, runs: list[tuple[list[Repository], list[LookUp]]]
) -> None:
    """Repositories come, change, gain and lose ancestors, are renamed: nothing stale remains."""
    store = ox.Store()
    build: Build | None = None
    for records, answers in runs:
        build = begin(folder, store, build)
        fill(build, records)
        build.resolve(answers)
        build.publish(())

        assert afresh(viewed(store)) == findings(store)


def test_a_change_reaches_what_was_made_from_it() -> None:
    """And with it, training data included; nobody else."""
    graph = graph_in_memory(
        *RELAXED,
        dataset("acme/qa -> acme/chat: generated"),
        model("acme/pupil -> acme/qa: trained_on"),
        model("other/one -> other/two: merge"),
    )
    lineage = index.of(graph)
    changed = lineage.numbers([Node(Kind.MODEL, "acme/tuned")])
    found = lineage.nodes(replacing.reached(lineage, changed))

    assert {"acme/chat", "acme/pupil", "acme/qa", "acme/tuned"} == {node.id for node in found}
