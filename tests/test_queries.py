"""The named questions: what they say of themselves, and that they answer it rightly."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.lineage.stepping import ancestors, descendants
from graph.model import vocabulary as v
from graph.model.errors import InvalidParameter, UnknownQuestion
from graph.model.records import Kind, Model, Relation, Repository
from graph.model.relations import DERIVATIONS, MODEL_RELATIONS
from graph.sparql.questions import Parameter, Question, bind, listing, question, questions
from graph.sparql.questions.catalog import ParameterType
from graph.sparql.results import Plain, Term, plain
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, license_, model, models
from tests.depth import dear
from tests.graphs import graph_in_memory
from tests.oracle import Oracle

ROOT = Path(__file__).resolve().parent.parent


class Edge(NamedTuple):
    """One drawn step of lineage."""

    child: str
    parent: str
    relation: Relation


def ask(graph: LineageGraph, name: str, **parameters: str) -> list[tuple[Plain, ...]]:
    """Return the rows of a named question in plain values, with ids instead of addresses."""
    asked = question(name)
    bound: dict[ox.Variable, Term] = {
        ox.Variable(key): term for key, term in bind(asked, parameters).items()
    }
    found = graph.store.query(asked.text, substitutions=bound)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables if variable not in bound]
    assert [column.name for column in asked.columns] == names
    return [tuple(_short(plain(row[name])) for name in names) for row in found]


def _short(value: Plain) -> Plain:
    if isinstance(value, str):
        return value.removeprefix(v.HUB).removeprefix(v.REMIX.NS)
    return value


# --- what the files say ---------------------------------------------------------------------------


def test_questions_come_by_number() -> None:
    """Numbers and names are unique, and the order is that of the numbers."""
    numbers = [one.number for one in questions()]

    assert sorted(set(numbers)) == numbers
    assert len(numbers) == len({one.name for one in questions()})


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.name)
def test_a_file_is_standard_sparql_on_its_own(one: Question) -> None:
    """A file declares its prefixes, repeats none of its bindings, and fits its line length."""
    found = ox.Store().query(one.text)

    assert isinstance(found, ox.QuerySolutions)
    names = {variable.value for variable in found.variables}
    assert {parameter.name for parameter in one.parameters} <= names
    assert max(map(len, one.text.splitlines())) <= 100


@pytest.mark.parametrize("one", questions(), ids=lambda one: one.name)
def test_a_file_tells_everything_about_itself(one: Question) -> None:
    """The head of a file has a question in English, tags, meanings and values to try."""
    assert one.title.endswith("?")
    assert all(one.tags)
    assert {column.name for column in one.columns}
    assert one.example.startswith(f"remixgraph query {one.name}")
    assert "param" not in one.notes
    bind(one, {parameter.name: parameter.example for parameter in one.parameters})


def test_the_page_of_questions_is_up_to_date() -> None:
    """What docs/questions.md says is what the files say; ``make docs`` sees to it."""
    written = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")

    assert listing(questions()) == written


def test_the_page_tells_what_may_be_left_out() -> None:
    """An optional parameter is listed with its default, if it has one."""
    page = listing(
        [
            asking(ParameterType.INTEGER, required=False, default="5"),
            asking(ParameterType.LICENSE, required=False),
        ]
    )

    assert "- parameter `it` (integer, optional, else 5): what\n" in page
    assert "- parameter `it` (license, optional): what\n" in page


def test_an_unknown_question_names_those_there_are() -> None:
    """A misspelt name is answered with the right ones."""
    with pytest.raises(UnknownQuestion, match=r"'ancestor'.*: choose one of ancestors, desc"):
        question("ancestor")


# --- parameters -----------------------------------------------------------------------------------


def asking(type_: ParameterType, *, required: bool = True, default: str | None = None) -> Question:
    """Return a question with one parameter of a type."""
    parameter = Parameter(
        name="it", type=type_, meaning="what", example="7", required=required, default=default
    )
    return Question(
        number=0,
        name="made",
        title="?",
        tags=(),
        parameters=(parameter,),
        columns=(),
        notes="",
        text="",
    )


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("model", "acme/chat", ox.NamedNode("https://huggingface.co/acme/chat")),
        ("model", " gpt2 ", ox.NamedNode("https://huggingface.co/gpt2")),
        ("model", "https://huggingface.co/acme/chat/", ox.NamedNode(v.HUB + "acme/chat")),
        ("model", 'a/b>"', ox.NamedNode(v.HUB + "a/b%3E%22")),
        ("dataset", "acme/qa", ox.NamedNode(v.HUB + "datasets/acme/qa")),
        ("dataset", "datasets/acme/qa", ox.NamedNode(v.HUB + "datasets/acme/qa")),
        ("repository", "acme/chat", ox.NamedNode(v.HUB + "acme/chat")),
        ("repository", "spaces/acme/demo", ox.NamedNode(v.HUB + "spaces/acme/demo")),
        ("integer", "-7", ox.Literal(-7)),
        ("license", "MIT", ox.NamedNode("http://spdx.org/licenses/MIT")),
    ],
)
def test_a_parameter_becomes_a_term(type_: str, value: str, expected: ox.NamedNode) -> None:
    """Each type of parameter is read into the term that the graph uses."""
    assert {"it": expected} == bind(asking(ParameterType(type_)), {"it": value})


@pytest.mark.parametrize(
    ("type_", "value", "message"),
    [
        ("model", "", "it must be the id of a repository, not '': give owner/name"),
        ("model", "a b", "give owner/name"),
        ("model", "a/b/c", "give owner/name"),
        ("model", "a/b\x00", "give owner/name"),
        ("model", "datasets/acme/qa", "it must be a model, and datasets/acme/qa is a dataset"),
        ("dataset", "spaces/acme/demo", "it must be a dataset"),
        ("integer", "many", "it must be a whole number, not 'many': for example it=7"),
        ("integer", "9" * 19, "whole number"),
        ("license", "beerware", "it must be a licence of the Hub, not 'beerware'"),
    ],
)
def test_a_wrong_parameter_is_named_with_its_remedy(type_: str, value: str, message: str) -> None:
    """A value of the wrong type names the parameter and what would be right."""
    with pytest.raises(InvalidParameter) as caught:
        bind(asking(ParameterType(type_)), {"it": value})

    assert message in str(caught.value)


def test_a_missing_parameter_is_named() -> None:
    """A required parameter that is left out is named with an example."""
    with pytest.raises(InvalidParameter, match=r"needs the parameter it \(what\): .* it=7"):
        bind(asking(ParameterType.INTEGER), {})


@pytest.mark.parametrize("name", ["roots", "integrity"])
def test_an_unknown_parameter_is_named(name: str) -> None:
    """A parameter that the question does not have is an error, not ignored."""
    with pytest.raises(InvalidParameter, match=r"has no parameter 'modle': it has (model|none)"):
        bind(question(name), {"modle": "a/b"})


def test_an_optional_parameter_has_its_default_or_is_left_free() -> None:
    """What may be left out takes its default, and else stays a variable."""
    with_default = asking(ParameterType.INTEGER, required=False, default="5")
    free = asking(ParameterType.INTEGER, required=False)

    assert {"it": ox.Literal(5)} == bind(with_default, {})
    assert {} == bind(free, {})


# --- the questions, on graphs small enough to see through -----------------------------------------


def test_ancestors_have_relation_distance_and_whether_they_are_known() -> None:
    """A diamond: the base is two steps away, and its parent is only named."""
    graph = graph_in_memory(
        *models(
            "chat -> left: merge, right: merge",
            "left -> base: finetune",
            "right -> base: adapter",
            "base -> gone: quantized",
        )
    )

    assert [
        (1, "merge", "left", True),
        (1, "merge", "right", True),
        (2, "adapter", "base", True),
        (2, "finetune", "base", True),
        (3, "quantized", "gone", False),
    ] == ask(graph, "ancestors", model="chat")


def test_an_ancestor_that_is_reached_twice_has_its_distance_by_each_relation() -> None:
    """The shorter way ends with one relation, the longer one with another."""
    graph = graph_in_memory(*models("chat -> tuned: merge, base: merge", "tuned -> base: finetune"))

    assert [
        (1, "merge", "base", False),
        (1, "merge", "tuned", True),
        (2, "finetune", "base", False),
    ] == ask(graph, "ancestors", model="chat")


def test_cycles_and_self_loops_end() -> None:
    """Going round comes back to the model, which is not its own ancestor nor descendant."""
    graph = graph_in_memory(*models("a -> b: merge, a: finetune", "b -> c: merge", "c -> a: merge"))

    assert [(1, "merge", "b", True), (2, "merge", "c", True)] == ask(graph, "ancestors", model="a")
    assert [(1, "merge", 1), (2, "merge", 1)] == ask(graph, "descendants", model="a")


def chain(length: int) -> LineageGraph:
    """Return a graph of ``m0 -> m1 -> ...`` with so many steps."""
    return graph_in_memory(*models(*(f"m{n} -> m{n + 1}: finetune" for n in range(length))))


def test_distances_are_exact_however_long_the_chain() -> None:
    """What lies more than ten steps away is found in the summaries."""
    graph = chain(53)
    up = [(distance, name) for distance, _, name, _ in ask(graph, "ancestors", model="m0")]
    down = ask(graph, "descendants", model="m53")
    path = ask(graph, "path", **{"from": "m3", "to": "m50"})

    assert [(n, f"m{n}") for n in range(1, 54)] == up
    assert [(n, "finetune", 1) for n in range(1, 54)] == down
    assert [(n, f"m{n + 2}", "finetune", f"m{n + 3}") for n in range(1, 48)] == path


def test_descendants_count_once_each() -> None:
    """A descendant with two relations counts for the first of them, at its least depth."""
    graph = graph_in_memory(
        *models(
            "a -> base: merge, base: finetune",
            "b -> base: adapter",
            "c -> a: merge, b: merge",
            "d -> c: quantized, base: quantized",
        )
    )

    assert [
        (1, "adapter", 1),
        (1, "finetune", 1),
        (1, "quantized", 1),
        (2, "merge", 1),
    ] == ask(graph, "descendants", model="base")


def test_datasets_and_generators_are_ancestors_too() -> None:
    """Whatever ``prov:wasDerivedFrom`` links is followed, and training data is not."""
    graph = graph_in_memory(
        dataset("made -> teacher: generated, raw: source"),
        model("chat -> raw: trained_on, base: finetune"),
    )

    assert [(1, "generated", 1)] == ask(graph, "descendants", model="teacher")
    assert [(1, "finetune", "base", False)] == ask(graph, "ancestors", model="chat")


def test_roots_have_no_parents_but_themselves() -> None:
    """A self-loop does not keep a root from being one; a cycle has no root."""
    graph = graph_in_memory(
        *models(
            "chat -> tuned: merge, ring: merge, gone: merge",
            "tuned -> base: finetune",
            "base -> base: finetune",
            "ring -> rung: finetune",
            "rung -> ring: finetune",
        )
    )

    assert [("base", True), ("gone", False)] == ask(graph, "roots", model="chat")
    assert [] == ask(graph, "roots", model="base")
    assert [] == ask(graph, "roots", model="nowhere")


def test_siblings_share_parent_and_relation() -> None:
    """Another relation to the same parent makes no sibling."""
    graph = graph_in_memory(
        *models(
            "a -> base: finetune, other: merge",
            "b -> base: finetune",
            "c -> base: quantized",
            "d -> other: merge",
            "e -> d: merge",
        )
    )

    assert [("finetune", "base", "b"), ("merge", "other", "d")] == ask(graph, "siblings", model="a")


def test_license_transitions_count_steps() -> None:
    """No licence, several, unlisted ones; what is only named, and untyped twins, do not count."""
    graph = graph_in_memory(
        model("base", licenses=(license_("mit"),)),
        model("bare"),
        model("a -> base: finetune", licenses=(license_("apache-2.0"), license_("mit"))),
        model("b -> base: finetune, base: unspecified, bare: merge", licenses=(license_("mit"),)),
        model("c -> gone: adapter", licenses=(license_("Odd", license=None),)),
        model("d -> a: quantized, d: merge"),
        model("e -> base: finetune", licenses=(license_("MIT", license="mit"), license_("mit"))),
        model("f -> base: finetune", licenses=(license_("Odd", license=None),)),
    )

    assert [
        ("finetune", "mit", "mit", 2),
        ("finetune", "mit", "unclear", 2),
        ("merge", "none declared", "mit", 1),
        ("quantized", "unclear", "none declared", 1),
    ] == ask(graph, "license-transitions")


def test_missing_parents_come_with_what_depends_on_them() -> None:
    """Those on which most depends come first; who is only named as data is no parent."""
    graph = graph_in_memory(
        *models(
            "a -> gone: finetune, gone: merge",
            "b -> a: finetune, lost: merge",
            "c -> b: finetune, qa: trained_on",
        )
    )

    assert [
        ("gone", "NeverChecked", 1, 3),
        ("lost", "NeverChecked", 1, 2),
    ] == ask(graph, "missing-parents")


def test_integrity_finds_loops_cycles_and_children_before_their_parents() -> None:
    """Dates that the Hub made up for what is older than its records do not count."""
    floor, later, latest = "2022-03-02T23:29:04Z", "2023-01-01T00:00:00Z", "2024-01-01T00:00:00Z"
    graph = graph_in_memory(
        model("loop -> loop: merge"),
        model("ring -> rung: merge", created=latest),
        model("rung -> ring: merge", created=latest),
        model("tail -> ring: merge", created=later),
        model("old -> ring: merge", created=floor),
        model("dateless -> ring: merge"),
    )

    assert [
        ("self-loop", "loop", "loop", None, None),
        ("older than its parent", "tail", "ring", later, latest),
        ("cycle", "ring", "rung", None, None),
        ("cycle", "rung", "ring", None, None),
    ] == ask(graph, "integrity")


# --- agreement with what does not know SPARQL -----------------------------------------------------

_names = st.sampled_from([f"o/{letter}" for letter in "abcdefg"])
_edges = st.lists(st.builds(Edge, _names, _names, st.sampled_from(MODEL_RELATIONS)), max_size=14)


def drawn(edges: list[Edge]) -> LineageGraph:
    """Return the graph of these edges, in which the children are known."""
    text: dict[str, list[str]] = defaultdict(list)
    for child, parent, relation in edges:
        text[child].append(f"{parent}: {relation}")
    return graph_in_memory(*(model(f"{child} -> {', '.join(text[child])}") for child in text))


@dear
@given(_edges, _names)
def test_ancestors_agree_with_the_walk(edges: list[Edge], focus: str) -> None:
    """The least distance of a row is the depth, and those rows have the relations."""
    graph = drawn(edges)
    rows: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for distance, relation, name, _ in ask(graph, "ancestors", model=focus):
        assert isinstance(distance, int)
        rows[str(name)].append((distance, str(relation)))
    expected = {
        row.id: (row.depth, set(row.relations)) for row in ancestors(graph, Node(Kind.MODEL, focus))
    }

    least = {name: min(found)[0] for name, found in rows.items()}
    assert expected == {
        name: (least[name], {relation for n, relation in found if n == least[name]})
        for name, found in rows.items()
    }


@dear
@given(_edges, _names)
def test_descendants_agree_with_the_walk(edges: list[Edge], focus: str) -> None:
    """The counts are those of the walk, with the first relation of each descendant."""
    graph = drawn(edges)
    expected = Counter(
        (row.depth, min(row.relations, key=DERIVATIONS.index).value)
        for row in descendants(graph, Node(Kind.MODEL, focus))
    )

    assert expected == {
        (depth, relation): count
        for depth, relation, count in ask(graph, "descendants", model=focus)
    }


def closure(edges: list[Edge]) -> dict[str, set[str]]:
    """Return all that each repository was made from, in the plainest way."""
    above: dict[str, set[str]] = defaultdict(set)
    for child, parent, _ in edges:
        above[child].add(parent)
    for middle in list(above):
        for start in list(above):
            if middle in above[start]:
                above[start] |= above[middle]
    return above


@given(_edges, _names)
def test_roots_and_siblings_agree_with_plain_sets(edges: list[Edge], focus: str) -> None:
    """Both follow from the list of edges in one comprehension."""
    graph = drawn(edges)
    made = {child for child, parent, _ in edges if child != parent}
    roots = {name for name in closure(edges)[focus] if name != focus and name not in made}
    siblings = {
        (edge.relation.value, edge.parent, other.child)
        for edge in edges
        for other in edges
        if edge.child == focus != other.child and edge[1:] == other[1:]
    }

    assert roots == {row[0] for row in ask(graph, "roots", model=focus)}
    assert siblings == set(ask(graph, "siblings", model=focus))


@given(_edges)
def test_missing_parents_and_integrity_agree_with_plain_sets(edges: list[Edge]) -> None:
    """What is missing, and which edges lie on a cycle, follow from the closure."""
    graph = drawn(edges)
    above = closure(edges)
    known = {edge.child for edge in edges}
    missing = {edge.parent for edge in edges} - known
    loops = {("self-loop", child, parent) for child, parent, _ in edges if child == parent}
    cycles = {
        ("cycle", child, parent)
        for child, parent, _ in edges
        if child != parent and child in above[parent]
    }

    assert {
        (
            name,
            len({edge.child for edge in edges if edge.parent == name}),
            sum(name in above[child] for child in known),
        )
        for name in missing
    } == {(name, direct, all_) for name, _, direct, all_ in ask(graph, "missing-parents")}
    assert loops | cycles == {row[:3] for row in ask(graph, "integrity")}


_licenses = st.lists(st.sampled_from(["mit", "apache-2.0", "Odd"]), max_size=2, unique=True)


@given(_edges, st.dictionaries(_names, _licenses))
def test_license_transitions_agree_with_counting(
    edges: list[Edge], declared: Mapping[str, list[str]]
) -> None:
    """Every step between two that are held counts once, by the one licence of each end.

    Distillation is none: what it hands on is disputed.
    """
    records: list[Model] = []
    for record in _records(drawn(edges)):
        claims = tuple(
            license_(key, license=None if key == "Odd" else key)
            for key in declared.get(record.id, ())
        )
        records.append(model(record.id, derivations=record.derivations, licenses=claims))
    known = {record.id for record in records}
    typed = {edge[:2] for edge in edges if edge.relation is not Relation.UNSPECIFIED}

    def label(name: str) -> str:
        words = set(declared.get(name, ())) or {"none declared"}
        return words.pop() if len(words) == 1 and words != {"Odd"} else "unclear"

    expected = Counter(
        (edge.relation.value, label(edge.parent), label(edge.child))
        for edge in set(edges)
        if edge.relation is not Relation.DISTILLED
        if edge.parent in known and edge.parent != edge.child
        if edge.relation is not Relation.UNSPECIFIED or edge[:2] not in typed
    )
    found = ask(graph_in_memory(*records), "license-transitions")
    assert expected == {tuple(row[:3]): row[3] for row in found}


def _records(graph: LineageGraph) -> Iterator[Repository]:
    return (graph.record(node) for node in graph.nodes(Kind.MODEL))


# --- on real data ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recording(realdata: Path) -> Path:
    """Return the recorded rows of the hub-stats export."""
    return realdata / "hub-stats-2026-05" / "hub_stats_frozen.parquet"


@pytest.fixture(scope="module")
def oracle(recording: Path) -> Oracle:
    """Return the second opinion on the recorded rows."""
    columns = ["id", "tags", "baseModels"]
    return Oracle(pyarrow.parquet.read_table(recording, columns=columns).to_pylist())


@pytest.fixture(scope="module")
def real_graph(export_graph: Path) -> Iterator[LineageGraph]:
    """Yield the graph of the recorded rows, with every id as it is written."""
    with LineageGraph.open(export_graph) as graph:
        yield graph


@pytest.mark.realdata
def test_real_lineage_agrees_with_the_walk(oracle: Oracle, real_graph: LineageGraph) -> None:
    """The models with the most relatives, some of them 40 steps away; cards name a few more."""
    deepest = sorted(oracle.licenses, key=lambda name: (-len(oracle.ancestors(name)), name))
    for focus in deepest[:3]:
        rows = ask(real_graph, "ancestors", model=focus)
        nearest = {name: distance for distance, _, name, _ in reversed(rows)}
        walked = ancestors(real_graph, Node(Kind.MODEL, focus))

        assert {row.id: row.depth for row in walked} == nearest
        assert oracle.ancestors(focus).keys() <= nearest.keys()

    widest = sorted(oracle.children, key=lambda name: (-len(oracle.descendants(name)), name))
    for focus in widest[:3]:
        counted = ask(real_graph, "descendants", model=focus)
        below = descendants(real_graph, Node(Kind.MODEL, focus))

        assert Counter(
            (row.depth, min(row.relations, key=DERIVATIONS.index).value) for row in below
        ) == {row[:2]: row[2] for row in counted}
        assert oracle.descendants(focus).keys() <= {row.id for row in below}


@pytest.mark.realdata
def test_real_self_loops_agree_with_the_oracle(oracle: Oracle, real_graph: LineageGraph) -> None:
    """Every model that names itself in its tags is found."""
    problems = ask(real_graph, "integrity")

    assert oracle.self_loops() <= {row[1] for row in problems if row[0] == "self-loop"}


@pytest.mark.realdata
def test_real_missing_parents_have_their_children(oracle: Oracle, real_graph: LineageGraph) -> None:
    """Every parent in the tags that is no row itself is found, with all of its children."""
    found = {name: direct for name, _, direct, _ in ask(real_graph, "missing-parents")}
    missing = oracle.children.keys() - oracle.licenses.keys()

    assert missing <= found.keys()
    for name in missing:
        direct = found[name]
        assert isinstance(direct, int)
        assert direct >= len(oracle.children[name])
