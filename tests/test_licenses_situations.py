"""Findings by situation: whatever the lineage, they are those of each repository by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.licenses.inheritance import inherit
from graph.licenses.situations.stating import ANSWERS, Statements, state_all
from graph.licenses.triples import state
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
from graph.tables.recording import tables_of
from graph.tables.schema import KINDS, SCHEMAS, STATES, Tables
from graph.tables.uniting import unite
from tests.builders import derivation
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
renames = st.sets(st.sampled_from(NAMES), max_size=1)


@settings(max_examples=300)
@given(lineages, renames)
def test_by_situation_is_one_by_one(records: list[Repository], renamed: set[str]) -> None:
    """The law: with cycles, merges, unknown and renamed parents, triple for triple."""
    assert one_by_one(viewed(records, renamed)) == stated(state_all(tabled(records, renamed)))


@given(lineages, renames, st.data())
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
