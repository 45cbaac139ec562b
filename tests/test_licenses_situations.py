"""Findings by situation: whatever the lineage, they are those of each repository by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.licenses.inheritance import inherit
from graph.licenses.situations.stating import ANSWERS, Statements, state_all
from graph.licenses.triples import member, state
from graph.licenses.views import Artefact, LicenseView, reference, views_of
from graph.model import vocabulary as v
from graph.model.records import (
    ClaimSource,
    Dataset,
    Gating,
    Kind,
    LicenseDeclaration,
    Model,
    Relation,
    Repository,
    Resolution,
)
from graph.rdf import terms
from graph.rdf.resolutions import renames
from graph.store.lineage_graph import LineageGraph
from graph.tables.reading import read_tables
from graph.tables.recording import tables_of
from graph.tables.schema import KINDS, SCHEMAS, STATES, Tables
from graph.tables.uniting import unite
from tests.builders import derivation, license_, model, models, space
from tests.depth import sampled
from tests.licensing import declare
from tests.test_licenses_laws import LICENSES

# Names that begin as licences ask, nearly so, or not; that say what sees; whose order in a sentence
# is another than that of ids ("]" comes before "a", "-" before "]").
NAMES = ["o/Llama-3-x", "o/llama3", "o/EXAONE_y", "o/a", "o/a-b", "o/tiny-vl", "o/b]", "p/a"]
PRODUCTS = ["OpenAI GPT-4", "Claude"]


def one_by_one(views: dict[Artefact, LicenseView]) -> list[str]:
    """Return what is stated of everything, each repository worked out by itself, sorted."""
    inheritance = inherit(views)
    lines: set[str] = set()
    for artefact, view in views.items():
        if view.is_known and artefact.kind is not Kind.SPACE:
            own, shared = state(inheritance, artefact)
            triples = [*own, *(triple for node in shared.values() for triple in node)]
            lines.update(" ".join(triple) + " ." for triple in triples)
    return sorted(lines)


def stated(statements: Statements) -> list[str]:
    """Return the lines that state what is found, sorted."""
    return sorted("".join(statements.lines()).splitlines())


def tabled(records: Iterable[Repository], renamed: Iterable[str] = ()) -> Tables:
    """Return the tables of records, and of models that have another name today."""
    answer = {"kind": KINDS.index(Kind.MODEL), "state": STATES.index(Resolution.RENAMED)}
    answers = [answer | {"id": old, "replaced_by": "o/new"} for old in renamed]
    part = tables_of(records)
    return unite([replace(part, answers=pa.Table.from_pylist(answers, SCHEMAS["answers"]))])


def viewed(
    records: Iterable[Repository], renamed: Iterable[str] = ()
) -> dict[Artefact, LicenseView]:
    """Return the views of records, and of models that have another name today."""
    old = (Artefact(Kind.MODEL, name) for name in renamed)
    return {one: reference(one, renamed_to="o/new") for one in old} | views_of(records)


# --- the law ------------------------------------------------------------------------------------

_sources = st.sampled_from([(ClaimSource.CARD,), (ClaimSource.HUB,), tuple(ClaimSource)])
_steps = st.builds(
    lambda name, relation, sources: derivation(f"{name}: {relation}", sources=sources),
    st.sampled_from(NAMES),
    st.sampled_from([one for one in Relation for _ in range(1 + (one is Relation.MERGE))]),
    _sources,
)
_products = st.sampled_from(PRODUCTS).map(
    lambda name: derivation(f"{name}: generated", target=None, raw=(name,))
)
_licenses = st.sampled_from(LICENSES).map(declare) | st.lists(
    st.builds(
        LicenseDeclaration,
        declared=st.sampled_from(["mit", "llama3", "My own"]),
        source=st.sampled_from(list(ClaimSource)),
        name=st.none() | st.sampled_from(["qwen", "mine"]),
        license=st.none() | st.sampled_from(["mit", "llama3", "cc-by-nc-4.0"]),
    ),
    max_size=3,
    unique=True,
).map(tuple)


def _record(
    type_: type[Model | Dataset], steps: list[object], fields: dict[str, object], name: str
) -> Repository:
    claims = {(one.relation, one.target, one.raw): one for one in steps}  # type: ignore[attr-defined]
    return type_(id=name, derivations=tuple(claims.values()), **fields)  # type: ignore[arg-type]


_records = st.builds(
    _record,
    st.sampled_from([Model, Model, Dataset]),
    st.lists(_steps | _steps | _steps | _products, max_size=4),
    st.fixed_dictionaries(
        {
            "licenses": _licenses,
            "gating": st.sampled_from([None, Gating.NONE, Gating.MANUAL]),
            "tasks": st.sampled_from([(), ("image-to-text",)]),
        }
    ),
    st.sampled_from(NAMES),
)
lineages = st.lists(_records, max_size=8, unique_by=lambda one: (one.kind, one.id))
renamed_ids = st.sets(st.sampled_from(NAMES), max_size=1)


@settings(max_examples=sampled(100, 1_000))
@given(lineages, renamed_ids)
def test_by_situation_is_one_by_one(records: list[Repository], renamed: set[str]) -> None:
    """The law: with cycles, merges, unknown and renamed parents, triple for triple."""
    assert one_by_one(viewed(records, renamed)) == stated(state_all(tabled(records, renamed)))


@given(lineages, renamed_ids, st.data())
def test_of_some_it_is_what_it_is_of_all(
    records: list[Repository], renamed: set[str], data: st.DataObject
) -> None:
    """Their ancestors are enough; of nobody else anything is stated."""
    tables = tabled(records, renamed)
    some = data.draw(st.sets(st.integers(0, len(tables) - 1))) if len(tables) else set()
    part = state_all(tables, np.array(sorted(some), np.int32))
    ids, kinds = (tables.repositories[name].to_pylist() for name in ("id", "kind"))
    names = {Artefact(KINDS[kinds[one]], ids[one]) for one in some}
    views = viewed(records, renamed)
    inheritance = inherit(views)
    known = [one for one in names if one in views and views[one].is_known]
    found = [state(inheritance, one) for one in known]
    triples = {t for one in found for t in (*one.own, *(t for n in one.shared.values() for t in n))}

    assert sorted(" ".join(triple) + " ." for triple in triples) == stated(part)


@given(lineages)
def test_counts_and_answers_are_those_of_the_lines(records: list[Repository]) -> None:
    """The arrays say what the lines say, so nobody needs to ask the store."""
    tables = tabled(records)
    found = state_all(tables)
    ids, codes_of_kinds = (tables.repositories[name].to_pylist() for name in ("id", "kind"))
    expected: list[tuple[str, ...]] = []
    answers: dict[str, str] = {}
    inheritance = inherit(viewed(records))
    for record in records:
        one = Artefact(record.kind, record.id)
        iri = v.repository_iri(record.kind, record.id)
        stated_, shared = state(inheritance, one)
        said = {(s, p): o for s, p, o in (*stated_, *(t for n in shared.values() for t in n))}
        for s, p, o in stated_:
            if s == terms.iri(iri) and p == terms.iri(v.REMIX.commercialUse):
                answers[iri] = terms.literal_value(o)
            if p == terms.iri(v.REMIX.licenseFinding):
                rule, level, concerns = (
                    terms.literal_value(said[o, terms.iri(name)])
                    for name in (v.REMIX.rule, v.REMIX.level, v.REMIX.concerns)
                )
                expected.append((iri, rule, level, concerns))
    iris = [v.repository_iri(KINDS[k], i) for k, i in zip(codes_of_kinds, ids, strict=True)]

    assert sorted(expected) == sorted(
        (iris[number], row.finding.rule, row.finding.level.value, row.finding.subject)
        for number, row in found.rows()
    )
    assert answers == {
        iri: ANSWERS[code].value for iri, code in zip(iris, found.answers, strict=True) if code >= 0
    }


# --- what the law rests on ----------------------------------------------------------------------


def test_of_equal_causes_the_first_by_what_is_said_is_named() -> None:
    """Of two equally far causes a reason names that whose id comes first with its bracket."""
    license_nc = (license_("cc-by-nc-4.0"),)
    records = [
        *models("o/chat -> o/a: finetune, o/a-b: adapter", "o/twin -> o/x: finetune, o/y: adapter"),
        *(model(f"o/{name}", licenses=license_nc) for name in ("a", "a-b", "x", "y")),
    ]
    lines = stated(state_all(tabled(records)))

    assert one_by_one(viewed(records)) == lines
    for child, cause in (("chat", "a-b"), ("twin", "x")):
        ground = [one for one in lines if f"/{child}#ground" in one and f"[o/{cause}]" in one]
        assert 1 == len(ground)


def test_of_equal_ways_the_first_by_id_is_taken() -> None:
    """Of one licence by two channels, equally far and sure, a finding takes the way by ids."""
    gpl, license_nc = (license_("gpl-3.0"),), (license_("cc-by-nc-4.0"),)
    records = [
        model("o/chat -> o/b: unspecified, o/a: adapter", licenses=(license_("mit"),)),
        model("o/deep -> o/chat: finetune", licenses=(license_("mit"),)),
        model("o/all -> o/n: merge, o/p: merge, o/z: adapter", licenses=license_nc),
        model("o/n", licenses=license_nc),
        *(model(f"o/{name}", licenses=gpl) for name in ("a", "b", "p", "z")),
    ]
    lines = stated(state_all(tabled(records)))
    causes = {
        (line.partition("#")[0].rpartition("/")[2], line.split()[2].rpartition("/")[2][:-1])
        for line in lines
        if "#finding-" in line and f" <{v.REMIX.cause}> " in line
    }

    assert one_by_one(viewed(records)) == lines
    assert {("chat", "a"), ("deep", "a"), ("all", "p")} == causes


def test_who_is_in_the_same_situation_is_judged_once() -> None:
    """However many share a base, or bases that declare the same, the rules run once for them."""
    records = [
        *(model(f"o/base{number}", licenses=(license_("gpl-3.0"),)) for number in range(10)),
        *(
            model(f"o/child{number} -> o/base{number % 10}: finetune", licenses=(license_("mit"),))
            for number in range(200)
        ),
    ]
    found = state_all(tabled(records))

    assert one_by_one(viewed(records)) == stated(found)
    assert 2 == found.judgements


def test_of_a_long_way_the_first_members_are_stored() -> None:
    """The finding says how long the way is; its cause is still the last of it."""
    size = 150
    records = [
        model(f"o/m{number:03} -> o/m{number + 1:03}: finetune", licenses=(license_("mit"),))
        for number in range(size)
    ]
    records.append(model(f"o/m{size:03}", licenses=(license_("cc-by-nc-4.0"),)))
    lines = stated(state_all(tabled(records)))
    finding = [one for one in lines if one.startswith(f"<{v.HUB}o/m000#finding")]

    members = {member(place) for place in range(1, size + 2)}

    assert one_by_one(viewed(records)) == lines
    assert 100 == sum(one.split()[1] in members for one in finding)
    assert [f'"{size}"'] == [
        one.split()[2].partition("^^")[0] for one in finding if v.REMIX.pathLength in one
    ]
    assert any(v.REMIX.cause in one and f"m{size:03}>" in one for one in finding)
    assert not any(v.REMIX.pathLength in one for one in lines if "o/m051#" in one)


def test_a_big_ring_and_a_big_merge_end() -> None:
    """Nobody in a ring of hundreds takes himself for his ancestor; no pair of parts is compared."""
    ring = [
        model(f"o/r{number:03} -> o/r{(number + 1) % 300:03}: finetune", licenses=(license_(key),))
        for number, key in zip(range(300), ["mit"] * 299 + ["cc-by-nd-4.0"], strict=True)
    ]
    parts = [model(f"o/p{number}", licenses=(license_("gpl-3.0"),)) for number in range(3_000)]
    merge = model("o/all", derivations=tuple(derivation(f"{one.id}: merge") for one in parts))
    tables = tabled([*ring, *parts, merge])
    found = state_all(tables)
    ids = tables.repositories["id"].to_pylist()
    grave = [ids[number] for number, one in found.rows() if one.finding.rule == "R04"]

    assert one_by_one(viewed([*ring, *parts, merge])) == stated(found)
    assert [f"o/r{number:03}" for number in range(299)] == grave


def test_spaces_and_what_is_only_named_have_no_findings() -> None:
    """Nothing is stated of them; an empty graph states nothing at all."""
    found = state_all(tabled([space("o/demo", uses=("o/gone",)), *models("o/a -> o/gone: merge")]))

    assert {f"<{v.HUB}o/a>"} == {
        line.split()[0] for line in stated(found) if f" <{v.REMIX.commercialUse}> " in line
    }
    assert not stated(state_all(tabled([])))


# --- real lineages ------------------------------------------------------------------------------


def of_graph(graph: LineageGraph) -> tuple[list[str], list[str]]:
    """Return what is stated of a graph, one by one and by situation."""
    records = [graph.record(node) for kind in Kind for node in graph.nodes(kind)]
    old = renames(graph.store)[Kind.MODEL]
    return one_by_one(viewed(records, old)), stated(state_all(read_tables(graph.store)))


def test_the_demo_has_the_same_findings(demo: LineageGraph) -> None:
    """Of the demo snapshot, by situation and one by one."""
    expected, actual = of_graph(demo)

    assert expected == actual


@pytest.mark.realdata
def test_the_recorded_pages_have_the_same_findings(pages_graph: Path) -> None:
    """Of many recorded models, all of them in a deep run."""
    with LineageGraph.open(pages_graph) as graph:
        expected, actual = of_graph(graph)

    assert expected == actual
