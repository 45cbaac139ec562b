"""The ancestor closure: it is what a walk over the steps finds, after whatever happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.build.building import Build
from graph.lineage.closure import Pairs, ancestor_closure
from graph.model import vocabulary as v
from graph.model.records import Model
from graph.store.builds import GraphInfo, make_build
from tests.builders import dataset, license_, model
from tests.depth import dear
from tests.graphs import fill, graph_in_memory

NAMES = [f"o/{letter}" for letter in "abcdef"]
RELATIONS = ["finetune", "merge", "unspecified"]

Links = set[tuple[str, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a place for builds."""
    return tmp_path_factory.mktemp("closure")


# --- with numbers -------------------------------------------------------------------------------

_numbers = st.integers(0, 7)
_steps = st.lists(st.tuples(_numbers, _numbers, st.integers(0, 6)), max_size=24)


def close(steps: Sequence[tuple[int, int, int]], size: int = 8) -> Pairs:
    """Return the closure of steps: child, parent and relation."""
    child, parent, relation = np.array(steps, np.int64).reshape(-1, 3).T
    return ancestor_closure(child, parent, relation, size)


@given(_steps)
def test_the_closure_is_a_walk_from_everyone(steps: list[tuple[int, int, int]]) -> None:
    """Distances are those of a walk, level by level; the relation is the first of the nearest."""
    expected = {}
    for start in range(8):
        depths = walk(start, steps)
        for node, depth in depths.items():
            nearer = {n for n, d in ({start: 0} | depths).items() if d == depth - 1}
            ends = (r for c, p, r in steps if c == node and p in nearer)
            expected[node, start] = depth, min(ends)
    pairs = close(steps)

    found = zip(pairs.descendant, pairs.ancestor, pairs.distance, pairs.relation, strict=True)
    assert expected == {(x, a): (depth, relation) for x, a, depth, relation in found}
    assert sorted(zip(pairs.ancestor, pairs.descendant, strict=True)) == [
        *zip(pairs.ancestor, pairs.descendant, strict=True)
    ]


def walk(start: int, steps: Sequence[tuple[int, int, int]]) -> dict[int, int]:
    """Return the distance of every descendant, in the plainest way."""
    depths = {start: 0}
    for depth in range(1, 9):
        reached = {c for c, p, _ in steps if depths.get(p) == depth - 1}
        depths |= {node: depth for node in reached if node not in depths}
    del depths[start]
    return depths


def test_a_long_chain_takes_no_stack() -> None:
    """A thousand steps are half a million pairs, and no recursion."""
    child = np.arange(1, 1001)
    pairs = ancestor_closure(child, child - 1, child * 0, 1001, most=10**6)

    assert 1000 * 1001 // 2 == len(pairs.ancestor)
    assert 1000 == pairs.distance.max()


def test_nothing_has_no_closure() -> None:
    """Without steps there are no pairs, even without anyone to pair."""
    assert 0 == len(close([], 0).ancestor)
    assert 0 == len(close([(1, 1, 0)]).ancestor)


# --- in a store ---------------------------------------------------------------------------------


def links(store: ox.Store, predicate: str) -> Links:
    """Return the pairs of nodes that a property joins."""
    found = store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
    return {(str(quad.subject), str(quad.object)) for quad in found}


def ancestry(store: ox.Store) -> Links:
    """Return who was made from whom, by a breadth-first search over prov:wasDerivedFrom."""
    above = defaultdict(set)
    for child, parent in links(store, v.PROV.wasDerivedFrom):
        above[child].add(parent)
    return {(start, node) for start in list(above) for node in search(start, above)}


def search(start: str, above: dict[str, set[str]]) -> Iterator[str]:
    """Yield whatever is reached from a node, but for the node itself."""
    seen, waiting = {start}, [start]
    while waiting:
        for node in sorted(above.get(waiting.pop(0), ())):
            if node not in seen:
                seen.add(node)
                waiting.append(node)
                yield node


def inheritance(store: ox.Store) -> Links:
    """Return the licences of all ancestors, from the walk."""
    licensed = links(store, v.DCTERMS.license)
    return {(x, key) for x, a in ancestry(store) for b, key in licensed if a == b}


def begin(folder: Path, store: ox.Store, *, fresh: bool) -> Build:
    """Begin a build in a store in memory."""
    place = Path(mkdtemp(dir=folder))
    info = GraphInfo(build="000001")
    make_build(place, info.build)
    return Build(place, info, store, fresh=fresh)


_parents = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(RELATIONS)), max_size=3)
_records = st.builds(
    lambda name, parents, key: model(
        f"{name} -> {', '.join(f'{parent}: {relation}' for parent, relation in parents)}",
        licenses=(license_(key),) if key else (),
    ),
    st.sampled_from(NAMES),
    _parents,
    st.sampled_from(["", "mit", "llama3"]),
)
_runs = st.lists(
    st.lists(_records, max_size=4, unique_by=lambda record: record.id), min_size=1, max_size=5
)


@dear
@given(_runs)
def test_the_closure_is_that_of_the_steps_after_any_changes(
    folder: Path, runs: list[list[Model]]
) -> None:
    """Repositories come, lose parents and gain others: no stale ancestor stays, none is missing."""
    store = ox.Store()
    for number, records in enumerate(runs):
        build = begin(folder, store, fresh=number == 0)
        fill(build, records)
        build.publish(())

        assert ancestry(store) == links(store, v.REMIX.ancestor)
        assert inheritance(store) == links(store, v.REMIX.inheritedLicense)


def test_nobody_is_an_ancestor_of_itself() -> None:
    """A cycle of three and a self-loop: each has the two others."""
    graph = graph_in_memory(
        model("a -> b: merge, a: merge"), model("b -> c: merge"), model("c -> a: merge")
    )

    assert 6 == len(links(graph.store, v.REMIX.ancestor))
    assert all(child != parent for child, parent in links(graph.store, v.REMIX.ancestor))


def test_datasets_and_those_only_named_are_ancestors_too() -> None:
    """Data has ancestors; training on it makes none."""
    graph = graph_in_memory(
        dataset("made -> teacher: generated, raw: source"), model("chat -> made: trained_on")
    )
    made = f"<{v.HUB}datasets/made>"

    assert {
        (made, f"<{v.HUB}teacher>"),
        (made, f"<{v.HUB}datasets/raw>"),
    } == links(graph.store, v.REMIX.ancestor)


def test_a_graph_from_before_gets_its_closure(folder: Path) -> None:
    """A store without derived triples is brought up to date as a whole, whatever changed."""
    store = ox.Store()
    build = begin(folder, store, fresh=True)
    fill(build, [model("a -> b: merge"), model("b -> c: merge")])
    build.publish(())
    for predicate in (v.REMIX.ancestor, v.REMIX.inheritedLicense):
        for quad in list(store.quads_for_pattern(None, ox.NamedNode(predicate), None)):
            store.remove(quad)
    store.remove_graph(ox.NamedNode(v.SUMMARIES))
    build = begin(folder, store, fresh=False)
    fill(build, [model("x -> y: merge")])
    build.publish(())

    assert 4 == len(ancestry(store))
    assert ancestry(store) == links(store, v.REMIX.ancestor)
