"""The table of relations: each of its rows goes through every layer, as the row says."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage
from graph.exports import export
from graph.licenses.inheritance import inherit
from graph.licenses.obligations import STEPS, Channel, Mark
from graph.licenses.views import Artefact, views_of
from graph.lineage import stepping
from graph.lineage.adjacency import EVERY, Steps, relations_of, unique_pairs
from graph.lineage.walking import ancestors
from graph.model import vocabulary as v
from graph.model.records import (
    ClaimSource,
    Derivation,
    Kind,
    Relation,
    Repository,
)
from graph.model.relations import (
    DERIVATIONS,
    MODEL_RELATIONS,
    TRAINING_RELATIONS,
    TYPED_RELATIONS,
    Passage,
)
from graph.rdf.history import compare
from graph.rdf.triples import record_from_triples, record_triples
from graph.rdf.validation import validate_repositories
from graph.sparql.questions import bind, filled, question
from graph.sparql.questions.unions import write_out
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.expansion import Reach
from graph.view.neighbourhood import neighbourhood
from ingest.aliases import Aliases
from ingest.merging import merge_card
from ingest.renaming import retarget
from tests.builders import dataset, license_, model
from tests.graphs import graph_in_memory
from ui.cli.commands import ask as commands
from ui.palette import LOOK, OTHER, RELATIONS

ROOT = Path(__file__).resolve().parent.parent

CHILD, PARENT = "acme/child", "acme/parent"

# What becomes of the licence of a parent in a child; None: it is not handed down.
ARRIVES = {
    Passage.WHOLE: Channel.MATERIAL,
    Passage.ADAPTER: Channel.ADAPTER,
    Passage.OUTPUT: Channel.OUTPUT,
    Passage.DATA: Channel.DATA,
    Passage.NOTHING: None,
}

CASES = [(one, kind) for one in Relation for kind in one.row.claim.children]

each_relation = pytest.mark.parametrize("relation", Relation)
each_case = pytest.mark.parametrize(("relation", "kind"), CASES)


def _record(kind: Kind, id_: str, *claims: Derivation, key: str = "") -> Repository:
    licenses = (license_(key),) if key else ()
    build = model if kind is Kind.MODEL else dataset
    return build(id_, derivations=claims, licenses=licenses)


def _claim(relation: Relation, target: str = PARENT) -> Derivation:
    return Derivation(
        relation=relation, target=target, raw=(target,), sources=(ClaimSource.DATASET_RECORD,)
    )


def _child(relation: Relation, kind: Kind | None = None) -> Repository:
    return _record(kind or relation.row.claim.children[0], CHILD, _claim(relation))


def _parent(relation: Relation) -> Repository:
    return _record(relation.target_kind, PARENT, key="cc-by-nc-4.0")


def _iri(record: Repository) -> str:
    return v.repository_iri(record.kind, record.id)


def _graph(relation: Relation) -> LineageGraph:
    return graph_in_memory(_child(relation), _parent(relation))


def _ask(graph: LineageGraph, name: str, **values: str) -> Iterator[dict[str, str]]:
    asked = question(name)
    solutions = graph.store.query(filled(asked.text, bind(asked, values)))
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    for row in solutions:
        yield {name: row[name].value for name in names if row[name] is not None}


# --- the table ----------------------------------------------------------------------------------


def test_the_groups_are_those_of_the_table() -> None:
    """What makes ancestors, what is between models, what says how, what is training data."""
    assert {"trained_on", "pretrained_on", "decontaminated_against"} == set(Relation) - set(
        DERIVATIONS
    )
    assert set(MODEL_RELATIONS) - set(TYPED_RELATIONS) == {Relation.UNSPECIFIED}
    assert {"distilled", "converted"} <= set(TYPED_RELATIONS)
    assert ("trained_on", "pretrained_on") == TRAINING_RELATIONS


def test_a_place_in_the_table_is_a_code_that_stays() -> None:
    """New rows come last: columns hold places in the table."""
    assert list(Relation)[:8] == [
        *("finetune", "adapter", "merge", "quantized", "unspecified"),
        *("source", "generated", "trained_on"),
    ]


@each_relation
def test_a_row_is_whole(relation: Relation) -> None:
    """A relation is found by its word, and has terms, a belief, and words of its own."""
    row = relation.row

    assert relation is Relation(relation.value)
    assert relation.value == v.relation_iri(relation).rpartition("#")[2]
    assert 0 < row.belief <= 1
    assert row.title
    assert row.meaning
    assert 1 == sum(other.row.title == row.title for other in Relation)
    assert 1 == sum(other.row.shortcut == row.shortcut for other in Relation)


# --- records and triples ------------------------------------------------------------------------


@each_case
def test_a_record_comes_back_from_its_triples(relation: Relation, kind: Kind) -> None:
    """A claim of the relation is written and read without loss."""
    record = _child(relation, kind)

    assert record == record_from_triples(record_triples(record))


@each_case
def test_the_triples_have_the_shortcuts(relation: Relation, kind: Kind) -> None:
    """The relation's own shortcut is there, and prov:wasDerivedFrom where it makes ancestors."""
    record = _child(relation, kind)
    parent = f"<{v.repository_iri(relation.target_kind, PARENT)}>"
    direct = {p for s, p, o in record_triples(record) if s == f"<{_iri(record)}>" and o == parent}
    expected = {f"<{v.relation_shortcut(relation)}>"}

    if relation.is_derivation:
        expected.add(f"<{v.PROV.wasDerivedFrom}>")
    assert expected == direct


@each_case
def test_the_triples_conform(relation: Relation, kind: Kind) -> None:
    """The shapes know the relation's claim, its shortcut, and what they lead to."""
    triples = record_triples(_child(relation, kind))

    assert () == validate_repositories([triples]).violations


@each_case
def test_the_shapes_hold_the_shortcut_to_the_claim(relation: Relation, kind: Kind) -> None:
    """A shortcut without its claim, and a claim without its shortcut, are violations."""
    triples = record_triples(_child(relation, kind))
    shortcut = f"<{v.relation_shortcut(relation)}>"
    link = f"<{v.relation_link(relation)}>"

    assert not validate_repositories([[one for one in triples if one[1] != shortcut]]).conforms
    assert not validate_repositories([[one for one in triples if one[1] != link]]).conforms


@each_relation
def test_only_what_makes_ancestors_is_a_change_of_parents(relation: Relation) -> None:
    """The history tells when a parent came; data that were used are no parents."""
    kind = relation.row.claim.children[0]
    changes = list(compare(_record(kind, CHILD), _child(relation)))

    assert relation.is_derivation == any(f"{relation}:{PARENT}" in change.new for change in changes)


# --- lineage ------------------------------------------------------------------------------------


@each_relation
def test_the_index_has_the_link(relation: Relation) -> None:
    """The index links the two with this relation and no other."""
    child = _child(relation)
    with _graph(relation) as graph:
        index = lineage.of(graph)
        start = index.number(_iri(child))
        _, ends, bits = index.up.steps(np.array([start]))

        assert [PARENT] == index.ids(ends)
        assert [(relation,)] == [relations_of(one) for one in bits.tolist()]


@each_relation
def test_a_parent_is_an_ancestor_where_the_row_says_so(relation: Relation) -> None:
    """The store, its closure and the index agree on who is an ancestor."""
    child = _child(relation)
    with _graph(relation) as graph:
        focus = Node(child.kind, CHILD, known=True)
        expected = [PARENT] if relation.is_derivation else []
        closed = graph.objects(_iri(child), v.REMIX.ancestor)

        assert expected == [one.id for one in stepping.ancestors(graph, focus)]
        assert expected == [one.id for one in ancestors(lineage.of(graph), focus)]
        assert len(expected) == len(list(closed))
        assert [(relation,)] == [
            one.relations for one in ancestors(lineage.of(graph), focus, relations=tuple(Relation))
        ]


_links = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, EVERY)), max_size=12
)


@given(_links)
def test_links_are_united_whatever_their_relations(drawn: list[tuple[int, int, int]]) -> None:
    """Each pair is there once, in order, with all the relations that it has anywhere."""
    expected: dict[tuple[int, int], int] = {}
    for origin, end, bits in sorted(drawn):
        expected[origin, end] = expected.get((origin, end), 0) | bits
    columns = np.array(drawn, np.int64).reshape(-1, 3).T

    found = unique_pairs(Steps(*columns))

    assert [(*pair, bits) for pair, bits in expected.items()] == [
        tuple(row) for row in zip(*(column.tolist() for column in found), strict=True)
    ]


# --- licences -----------------------------------------------------------------------------------


@each_case
def test_a_licence_passes_as_the_row_says(relation: Relation, kind: Kind) -> None:
    """The licence of the parent arrives in the child by the channel of its passage, or not."""
    inheritance = inherit(views_of([_child(relation, kind), _parent(relation)]))
    arrived = {
        burden.channel
        for burden in inheritance.burdens(Artefact(kind, CHILD))
        if burden.mark is Mark.LICENSE
    }
    channel = ARRIVES[relation.row.licenses]

    assert (set() if channel is None else {channel}) == arrived


def test_to_distil_is_to_generate_data_and_to_train_on_them() -> None:
    """The one step hands on what the two together do."""
    generated, trained = STEPS[Relation.GENERATED], STEPS[Relation.TRAINED_ON]
    both = {own: trained[given] for own, given in generated.items() if given in trained}

    assert both == STEPS[Relation.DISTILLED]


@pytest.mark.parametrize("relation", [Relation.GENERATED, Relation.DISTILLED])
def test_the_terms_of_a_vendor_reach_what_learned_from_its_model(relation: Relation) -> None:
    """A product has no repository, and yet terms for its output."""
    kind = relation.row.claim.children[0]
    claim = Derivation(
        relation=relation, target=None, raw=("OpenAI GPT-4",), sources=(ClaimSource.CARD,)
    )
    inheritance = inherit(views_of([_record(kind, CHILD, claim)]))

    assert Mark.VENDOR in {one.mark for one in inheritance.burdens(Artefact(kind, CHILD))}


# --- questions ----------------------------------------------------------------------------------


@each_relation
def test_the_evidence_is_told(relation: Relation) -> None:
    """Question 25 finds the claim behind every kind of edge."""
    child, parent = _child(relation), _parent(relation)
    with _graph(relation) as graph:
        rows = list(_ask(graph, "evidence", child=_named(child), parent=_named(parent)))

    assert [(relation.value, PARENT)] == [(row["relation"], row["value"]) for row in rows]


@pytest.mark.parametrize("relation", [one for one in Relation if one in MODEL_RELATIONS])
@pytest.mark.parametrize("name", ["ancestors", "descendants", "path", "siblings"])
def test_the_questions_about_lineage_tell_the_relation(relation: Relation, name: str) -> None:
    """They list each derivation by its word."""
    values = {
        "ancestors": {"model": CHILD},
        "descendants": {"model": PARENT},
        "path": {"from": CHILD, "to": PARENT},
        "siblings": {"model": "acme/other"},
    }
    other = _record(Kind.MODEL, "acme/other", _claim(relation))
    with graph_in_memory(_child(relation), _parent(relation), other) as graph:
        rows = list(_ask(graph, name, **values[name]))

    assert [relation.value] == [row["relation"] for row in rows]


@pytest.mark.parametrize("relation", TRAINING_RELATIONS)
def test_the_questions_about_data_count_all_training(relation: Relation) -> None:
    """A model that was pretrained on a dataset was trained on it."""
    with _graph(relation) as graph:
        rows = list(_ask(graph, "trained-on", dataset=PARENT))

    assert [v.repository_iri(Kind.MODEL, CHILD)] == [row["through"] for row in rows]


def _queries() -> list[Path]:
    return sorted(path for folder in ("graph", "ui") for path in (ROOT / folder).rglob("*.rq"))


@pytest.mark.parametrize("path", _queries(), ids=lambda path: path.stem)
def test_a_query_that_lists_relations_lists_them_all(path: Path) -> None:
    """Who names three shortcuts of derivations names all, or all that say how; so with data."""
    text = write_out(path.read_text(encoding="utf-8"))
    named = {one for one in Relation if re.search(rf"{one.row.shortcut}\b", text)}
    derived = named & set(DERIVATIONS)

    assert len(derived) < 3 or derived in (set(DERIVATIONS), set(TYPED_RELATIONS))
    assert named & set(TRAINING_RELATIONS) in (set(), set(TRAINING_RELATIONS))


def test_a_group_that_does_not_exist_is_no_group() -> None:
    """A misspelt group is an error, not a line that is there once."""
    with pytest.raises(KeyError, match="colour"):
        write_out("# each colour:\n  { ?x remix:finetunedFrom ?y }\n")


def _named(record: Repository) -> str:
    return f"datasets/{record.id}" if record.kind is Kind.DATASET else record.id


# --- exports, pictures, the command line --------------------------------------------------------


@each_relation
@pytest.mark.parametrize("name", ["csv", "graphml", "html", "nquads", "turtle"])
def test_every_export_has_the_link(relation: Relation, name: str) -> None:
    """Whatever the format, the relation is named in it."""
    child = _child(relation)
    names = {"html": f'"title": "{relation.row.title}"', "csv": f",{relation.value},"}
    names |= dict.fromkeys(("nquads", "turtle"), v.relation_shortcut(relation).rpartition("#")[2])
    out = io.BytesIO()
    with _graph(relation) as graph:
        export(graph, name, out, graph.find(_iri(child)), LOOK)

    assert names.get(name, relation.value) in out.getvalue().decode()


@each_relation
def test_a_picture_has_the_link(relation: Relation) -> None:
    """The relation is an edge of the neighbourhood, for who asks for it."""
    child = _child(relation)
    with _graph(relation) as graph:
        focus = Node(child.kind, CHILD, known=True)
        shown = neighbourhood(graph, focus, Reach(relations=(relation,)))

    assert [relation.value] == [word for _, _, word in shown.view.edges(keys=True)]


@each_relation
def test_a_line_has_a_look_of_its_own(relation: Relation) -> None:
    """Each relation has a colour that no other has, and the words and pattern of its row."""
    style = RELATIONS[relation]

    assert (relation.row.title, relation.row.meaning) == (style.title, style.meaning)
    assert relation.row.dash == style.dash
    assert OTHER != (style.light, style.dark)
    assert 1 == sum(other.light == style.light for other in RELATIONS.values())
    assert 1 == sum(other.dark == style.dark for other in RELATIONS.values())


@pytest.mark.parametrize("command", [commands.ancestors, commands.descendants])
def test_the_command_line_takes_every_relation(command: click.Command) -> None:
    """``--relation`` knows the words of the table."""
    (option,) = (one for one in command.params if one.name == "relations")

    assert isinstance(option.type, click.Choice)
    assert list(Relation) == list(option.type.choices)


# --- ingestion ----------------------------------------------------------------------------------


@each_relation
def test_a_claim_survives_a_card_that_is_silent(relation: Relation) -> None:
    """What neither tags nor cards have a word for stands until its own source takes it back."""
    old = _child(relation)
    card = _record(old.kind, CHILD, key="mit")
    stated = {"finetune", "adapter", "merge", "quantized", "unspecified", "source", "trained_on"}

    merged = merge_card(old, card)

    assert (() if relation in stated else old.derivations) == merged.derivations
    assert merged == merge_card(merged, card)


@each_relation
def test_a_claim_follows_a_rename(relation: Relation) -> None:
    """The parent of today takes the place of the parent's old name; the relation stays."""
    names = {PARENT: "acme/renamed"}
    is_model = relation.target_kind is Kind.MODEL
    aliases = Aliases(models=names) if is_model else Aliases(datasets=names)

    (moved,) = retarget(_child(relation), aliases).derivations

    assert (relation, "acme/renamed", True) == (moved.relation, moved.target, moved.aliased)
