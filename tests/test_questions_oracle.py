"""The named questions agree with a second opinion: in small, on the demo graph, on real pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.licenses.facts import terms
from graph.licenses.resolution import resolve_declarations
from graph.model import vocabulary as v
from graph.model.records import Evaluation, Kind, Repository
from graph.sparql.questions import bind, question, questions
from graph.sparql.results import Plain, Term, plain
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, license_, model, space
from tests.depth import dear
from tests.graphs import graph_in_memory
from tests.questions_oracle import ANSWERS, World, walk

ROOT = Path(__file__).resolve().parent.parent
FREE = [name for name in ANSWERS if not any(one.required for one in question(name).parameters)]
FOCUSED = [name for name in ANSWERS if name not in FREE]


def ask(graph: LineageGraph, name: str, values: Mapping[str, str]) -> list[tuple[Plain, ...]]:
    """Return the rows of a named question, sorted, with paths on the Hub instead of addresses."""
    asked = question(name)
    bound: dict[ox.Variable, Term] = {
        ox.Variable(key): term for key, term in bind(asked, values).items()
    }
    found = graph.store.query(asked.text, substitutions=bound)
    assert isinstance(found, ox.QuerySolutions)
    names = [one.name for one in asked.columns]
    return ordered(tuple(_short(plain(row[name])) for name in names) for row in found)


def _short(value: Plain) -> Plain:
    if isinstance(value, str):
        return value.removeprefix(v.HUB).removeprefix(v.REMIX.NS)
    return value


def ordered(rows: Iterator[tuple[Plain, ...]]) -> list[tuple[Plain, ...]]:
    """Sort rows whose cells may be missing."""
    return sorted(rows, key=lambda row: [(cell is not None, str(cell)) for cell in row])


def agree(graph: LineageGraph, world: World, name: str, **values: str) -> None:
    """Hold a named question to the second opinion."""
    expected = ordered(row for row in {*ANSWERS[name](world, **values)})  # type: ignore[misc]

    assert expected == ask(graph, name, values)


def test_every_question_has_a_second_opinion() -> None:
    """But for the changes between two dates, which have tests of their own."""
    assert {"changes"} == {one.name for one in questions()} ^ ANSWERS.keys()


# --- in small -----------------------------------------------------------------------------------

MODELS = ["o/a", "o/b", "o/llama-c", "Llama-d", "o/e"]
DATA = ["o/p", "o/q", "o/r"]
WORDS = ["finetune", "adapter", "merge", "quantized", "unspecified"]

_keys = st.sampled_from(["mit", "apache-2.0", "llama2", "llama3.1"])
_licenses = st.lists(
    st.builds(license_, _keys)
    | st.builds(
        license_,
        st.sampled_from(["Odd", "other", "unknown"]),
        license=st.none(),
        name=st.sampled_from([None, "ours"]),
    ),
    max_size=2,
    unique_by=lambda claim: claim.declared,
).map(tuple)
_dates = st.sampled_from([None, "2022-01-01T00:00:00Z", "2023-12-01T00:00:00Z"]) | st.sampled_from(
    ["2024-01-01T00:00:00Z", "2024-02-02T00:00:00Z"]
)
_common = {
    "licenses": _licenses,
    "created": _dates,
    "downloads": st.none() | st.integers(0, 3),
    "commit": st.sampled_from([None, "01"]),
}


def _drawn(child: str, parents: list[tuple[str, str]]) -> str:
    return f"{child} -> {', '.join(f'{name}: {word}' for name, word in parents)}"


_model_steps = st.lists(st.tuples(st.sampled_from(MODELS), st.sampled_from(WORDS)), max_size=3)
_training = st.lists(st.tuples(st.sampled_from(DATA), st.just("trained_on")), max_size=2)
_data_steps = st.lists(
    st.tuples(st.sampled_from(DATA), st.just("source"))
    | st.tuples(st.sampled_from(MODELS), st.just("generated")),
    max_size=2,
)
_evaluations = st.lists(
    st.builds(Evaluation, dataset=st.none() | st.sampled_from(DATA), value=st.just(1.0)), max_size=2
).map(tuple)
_models = st.builds(
    lambda name, steps, training, fields: model(_drawn(name, steps + training), **fields),
    st.sampled_from(MODELS),
    _model_steps,
    _training,
    st.fixed_dictionaries(
        _common
        | {
            "evaluations": _evaluations,
            "spaces": st.lists(st.sampled_from(["o/x", "o/y"]), max_size=1).map(tuple),
        }
    ),
)
_datasets = st.builds(
    lambda name, steps, fields: dataset(_drawn(name, steps), **fields),
    st.sampled_from(DATA),
    _data_steps,
    st.fixed_dictionaries(_common),
)
_spaces = st.builds(
    lambda uses: space("o/x", uses=tuple(uses)), st.lists(st.sampled_from(MODELS), max_size=2)
)
_records: st.SearchStrategy[list[Repository]] = st.lists(
    st.one_of(_models, _models, _datasets, _spaces),
    max_size=8,
    unique_by=lambda record: (record.kind, record.id),
)


@dear
@given(_records)
def test_questions_about_everything_agree(records: list[Repository]) -> None:
    """Whatever the records are, both answers are the same."""
    graph, world = graph_in_memory(*records), World(records)

    for name in FREE:
        agree(graph, world, name)


@dear
@given(_records, st.sampled_from(MODELS), st.sampled_from(MODELS), st.sampled_from(DATA))
def test_questions_about_one_repository_agree(
    records: list[Repository], one: str, other: str, data: str
) -> None:
    """Whatever is asked for, be it there or not."""
    graph, world = graph_in_memory(*records), World(records)

    for name in FOCUSED:
        agree(graph, world, name, **chosen(name, one, other, f"datasets/{data}"))


def chosen(name: str, one: str, other: str, data: str) -> dict[str, str]:
    """Return values for the required parameters of a question."""
    kinds = [each for each in question(name).parameters if each.required]
    given_ = {each.name: data if each.type == "dataset" else one for each in kinds}
    return given_ | ({kinds[-1].name: other} if len(kinds) > 1 else {})


# --- on graphs of real repositories -------------------------------------------------------------


class Sample:
    """A graph on disk, the world of its records, and the repositories to ask about."""

    def __init__(self, graph: LineageGraph) -> None:
        self.graph = graph
        self.world = World(graph.record(node) for kind in Kind for node in graph.nodes(kind))
        down = {name: len(self.world.down(name)) for name in self.world.children}
        up = {name: len(self.world.up(name)) for name in self.world.parents}
        self.widest = sorted(down, key=lambda name: (-down[name], name))
        self.deepest = sorted(up, key=lambda name: (-up[name], name))
        self.data = sorted({data for _, data in self.world.trained}) or ["datasets/x"]

    def cases(self, name: str) -> list[dict[str, str]]:
        """Return what to ask of a question, each once."""
        cases = {tuple(case.items()): case for case in self._cases(name)}
        return list(cases.values())

    def _cases(self, name: str) -> Iterator[dict[str, str]]:
        models = [one for one in [*self.widest[:2], *self.deepest[:3]] if self._is_model(one)]
        sources = [one for one in self.widest if one.startswith("datasets/")]
        for one in models:
            for data in [*self.data[:1], *sources[:2]]:
                yield chosen(name, one, next(iter(self.world.parents[one]), one), data)
                yield chosen(name, one, models[0], data)

    def _is_model(self, name: str) -> bool:
        return not name.startswith(("datasets/", "spaces/"))


@pytest.fixture(scope="module")
def real(demo: LineageGraph) -> Sample:
    """Return the graph of the demo snapshot."""
    return Sample(demo)


@pytest.mark.parametrize("name", FREE)
def test_the_demo_graph_agrees_about_everything(real: Sample, name: str) -> None:
    """Four thousand real models and their data."""
    agree(real.graph, real.world, name)


@pytest.mark.parametrize("name", FOCUSED)
def test_the_demo_graph_agrees_about_one(real: Sample, name: str) -> None:
    """The most derived, and those with the longest ancestry."""
    for values in real.cases(name):
        agree(real.graph, real.world, name, **values)


@pytest.fixture(scope="module")
def pages(few_pages: LineageGraph) -> Sample:
    """Return the graph of some recorded pages of the Hub's list of models."""
    return Sample(few_pages)


@pytest.mark.realdata
@pytest.mark.parametrize("name", ANSWERS)
def test_recorded_pages_agree(pages: Sample, name: str) -> None:
    """As the Hub was in July 2024, with every id as it is written."""
    for values in [{}] if name in FREE else pages.cases(name):
        agree(pages.graph, pages.world, name, **values)


# --- relaxed licences ---------------------------------------------------------------------------

MATERIAL = ("finetune", "merge", "quantized", "unspecified", "source", "adapter")


def relaxed(world: World) -> dict[tuple[str, str], int]:
    """Return who permits commerce below a single non-commercial licence, and how far below.

    Told from the records alone, without the rules: the plain case of R03.
    """
    above: dict[str, set[str]] = {}
    for child, parent, relation in world.edges:
        if relation in MATERIAL:
            above.setdefault(child, set()).add(parent)
    said = {name: resolve_declarations(one.licenses) for name, one in world.records.items()}
    found: dict[tuple[str, str], int] = {}
    for name in above:
        keys = said[name].keys
        if keys and all(terms(key).allows_commerce for key in keys):
            for ancestor, distance in walk(name, above).items():
                one = said.get(ancestor)
                for key in one.keys if one and one.is_certain else ():
                    if terms(key).is_noncommercial:
                        found[name, key] = min(distance, found.get((name, key), distance))
    return found


def test_the_demo_graph_relaxes_what_the_records_do(real: Sample) -> None:
    """Each way is the shortest, and its steps are in the records."""
    rows = [row for row in ask(real.graph, "relaxed-licenses", {}) if row[1:3] == ("R03", "high")]
    ways: dict[tuple[str, str], dict[int, str]] = {}
    for derivative, _, _, key, step, artefact in rows:
        ways.setdefault((str(derivative), str(key)), {})[int(str(step))] = str(artefact)

    assert relaxed(real.world) == {pair: len(way) - 1 for pair, way in ways.items()}
    assert len(ways) > 30
    for way in ways.values():
        steps = [way[number] for number in range(1, len(way) + 1)]
        assert all(parent in real.world.parents[child] for child, parent in pairwise(steps))


# --- changes ------------------------------------------------------------------------------------

EVENTS = [
    ("o/a", "LicenseAspect", ["mit"], ["llama3"], "2026-01-05T00:00:00Z"),
    ("o/a", "ParentsAspect", [], ["finetune:o/b", "merge:o/e"], "2026-02-05T00:00:00Z"),
    ("o/b", "ExistenceAspect", [], [], "2026-02-06T00:00:00Z"),
]
"""What changed, in which aspect, what went, what came, and when it was seen."""


@pytest.fixture
def history() -> LineageGraph:
    """Return a graph with changes."""
    graph = graph_in_memory(model("o/a -> o/b: finetune, o/e: merge"))
    for number, (name, aspect, old, new, seen) in enumerate(EVENTS):
        event = ox.NamedNode(f"{v.HUB}{name}#change-{number}")
        at = ox.Literal(seen, datatype=ox.NamedNode(v.XSD.dateTime))
        said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (v.RDF.type, ox.NamedNode(v.REMIX.NS + "ChangeEvent")),
            (v.REMIX.NS + "changeOf", ox.NamedNode(v.HUB + name)),
            (v.REMIX.NS + "aspect", ox.NamedNode(v.REMIX.NS + aspect)),
            *((v.REMIX.NS + "oldValue", ox.Literal(value)) for value in old),
            *((v.REMIX.NS + "newValue", ox.Literal(value)) for value in new),
            (v.PROV.atTime, at),
            (v.PROV.wasGeneratedBy, ox.NamedNode(v.run_iri("1"))),
        ]
        for predicate, value in said:
            graph.store.add(
                ox.Quad(event, ox.NamedNode(predicate), value, ox.NamedNode(v.BASE + "history"))
            )
    return graph


def test_changes_are_listed_by_value(history: LineageGraph) -> None:
    """Each value that went or came has a row; a change without values has one, too."""
    assert [
        ("2026-01-05T00:00:00Z", "o/a", "LicenseAspect", "new", "llama3"),
        ("2026-01-05T00:00:00Z", "o/a", "LicenseAspect", "old", "mit"),
        ("2026-02-05T00:00:00Z", "o/a", "ParentsAspect", "new", "finetune:o/b"),
        ("2026-02-05T00:00:00Z", "o/a", "ParentsAspect", "new", "merge:o/e"),
        ("2026-02-06T00:00:00Z", "o/b", "ExistenceAspect", None, None),
    ] == ask(history, "changes", {})


def test_changes_are_between_two_dates(history: LineageGraph) -> None:
    """The first day counts, the last does not."""
    found = ask(history, "changes", {"from": "2026-02-05", "to": "2026-02-06"})

    assert ["ParentsAspect", "ParentsAspect"] == [row[2] for row in found]


def test_changes_of_one_repository(history: LineageGraph) -> None:
    """A parameter that may be left out narrows the answer."""
    bound = question("changes"), {"model": "o/b"}
    found = history.store.query(
        bound[0].text, substitutions={ox.Variable(k): t for k, t in bind(*bound).items()}
    )
    assert isinstance(found, ox.QuerySolutions)

    assert [v.REMIX.NS + "ExistenceAspect"] == [row["aspect"].value for row in found]


def test_evidence_tells_when_an_edge_was_seen_to_come(history: LineageGraph) -> None:
    """The change that brought the edge has a date and a run."""
    values = {"child": "o/a", "parent": "o/e"}

    assert [
        (
            "merge",
            "DeclaredInCard",
            "o/e",
            None,
            "2026-02-05T00:00:00Z",
            v.run_iri("1"),
        )
    ] == ask(history, "evidence", values)
