"""Lineages that no real Hub has: every command answers, and in bounded time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from graph.build.deriving import derive
from graph.lineage.adjacency import mask
from graph.lineage.closure import ancestor_closure, most_pairs
from graph.lineage.families import cycles
from graph.lineage.index import LineageIndex
from graph.lineage.paths import shortest_path
from graph.lineage.walking import reach_down, reach_up
from graph.model.arrays import Array
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.store.directory import read_info
from graph.tables.schema import KINDS, RELATIONS, SCHEMAS, Tables
from tests.depth import sampled
from ui.cli.main import run

CHAIN, STAR, RING = sampled(10_000, 100_000), 1_000_000, 300
COMMANDS = (
    ("stats",),
    ("show", "a/0"),
    ("ancestors", "a/{last}"),
    ("descendants", "a/0"),
    ("descendants", "a/0", "--roll-up"),
    ("path", "a/{last}", "a/0"),
    ("common", "a/{last}", "a/1"),
    ("roots", "a/{last}"),
    ("siblings", "a/1"),
    ("impact", "a/0"),
    ("family", "a/0"),
    ("check",),
    ("query", "missing-parents"),
    ("query", "integrity"),
)


def index_of(
    folder: Path, children: Iterator[int], parents: Iterator[int], count: int
) -> LineageIndex:
    """Return an index of finetunes between models that are numbered as they are named."""
    ends = np.fromiter(children, np.int32), np.fromiter(parents, np.int32)
    derive(made_tables(*ends, count)).write(folder)
    return LineageIndex.open(folder)


def made_tables(children: Array, parents: Array, count: int) -> Tables:
    """Return the tables of models that are numbered as they are named, without records of them."""
    empty = {name: schema.empty_table() for name, schema in SCHEMAS.items()}
    ids = pa.array([f"a/{number:07}" for number in range(count)])
    order = np.lexsort((parents, children))
    columns = {
        "repositories": {
            "id": ids,
            "kind": np.full(count, KINDS.index(Kind.MODEL)),
            "known": np.ones(count, np.bool_),
        },
        "derivations": {
            "child": children[order],
            "relation": np.full(len(children), RELATIONS.index(Relation.FINETUNE)),
            "parent": parents[order],
            "raw": ids.take(pa.array(parents[order])),
        },
    }
    return Tables(**empty | {name: filled(name, given) for name, given in columns.items()})


def filled(name: str, columns: dict[str, Any]) -> pa.Table:
    """Return a table with some of its columns, the others null, false or zero."""
    schema = SCHEMAS[name]
    count = len(next(iter(columns.values())))
    if "raw" in columns:
        columns["raw"] = pa.ListArray.from_arrays(
            pa.array(range(count + 1), pa.int32()), columns["raw"]
        )
        columns |= {"aliased": np.zeros(count, np.bool_), "sources": np.ones(count, np.uint8)}
        columns |= {"position": np.zeros(count, np.int32)}
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)


def test_a_chain_of_a_hundred_thousand(tmp_path: Path) -> None:
    """Its ends are found from one another, step by step, without recursion."""
    index = index_of(tmp_path, iter(range(1, CHAIN)), iter(range(CHAIN - 1)), CHAIN)
    wanted = mask(DERIVATIONS)

    assert CHAIN - 1 == len(reach_up(index, CHAIN - 1, wanted=wanted).numbers)
    assert CHAIN - 1 == int(index.depths[CHAIN - 1])
    path = shortest_path(index, index.node(CHAIN - 1), index.node(0))
    assert path is not None
    assert CHAIN - 1 == len(path)


def test_a_star_of_a_million(tmp_path: Path) -> None:
    """All children of one are reached in one step."""
    index = index_of(tmp_path, iter(range(1, STAR)), iter([0] * (STAR - 1)), STAR)
    began = time.perf_counter()
    reached = reach_down(index, 0, wanted=mask(DERIVATIONS))

    assert STAR - 1 == len(reached.numbers)
    assert {1} == set(reached.depths.tolist())
    assert time.perf_counter() - began < 10


def test_a_clique_in_a_ring(tmp_path: Path) -> None:
    """Three hundred models, each made from all others: one cycle, which has all of them."""
    pairs = [(a, b) for a in range(RING) for b in range(RING) if a != b]
    index = index_of(tmp_path, (a for a, _ in pairs), (b for _, b in pairs), RING)
    (cycle,) = cycles(index)

    assert RING == len(cycle.members)


def test_the_closure_of_a_chain_ends_where_it_gets_too_large() -> None:
    """It has all pairs up to the distance that it says, and none beyond."""
    chain = np.arange(CHAIN)
    pairs = ancestor_closure(chain[1:], chain[:-1], np.zeros(CHAIN - 1, np.int64), CHAIN)
    assert pairs.depth is not None

    assert pairs.depth == int(pairs.distance.max())
    assert len(pairs.distance) <= most_pairs(CHAIN)
    assert sum(CHAIN - steps for steps in range(1, pairs.depth + 1)) == len(pairs.distance)


@pytest.fixture(scope="module")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph with a chain that is too deep for its closure."""
    folder = tmp_path_factory.mktemp("deep")
    rows = [{"id": "a/0", "tags": []}]
    rows += [{"id": f"a/{n}", "tags": [f"base_model:finetune:a/{n - 1}"]} for n in range(1, 3000)]
    dump = folder / "models.jsonl"
    dump.write_text("".join(json.dumps(row | {"modelId": row["id"]}) + "\n" for row in rows))
    assert run(["--graph", str(folder / "graph"), "ingest", "dump", str(dump)]) == 0
    return folder / "graph"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_answers_on_a_deep_graph(
    deep: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """None recurses, and none fails; ``check`` may find something."""
    arguments = [word.format(last=2999) for word in command]

    assert run(["--graph", str(deep), *arguments]) in {0, 1}
    assert "Traceback" not in capsys.readouterr().err


def test_a_deep_graph_says_that_sparql_does_not_see_all_of_it(
    deep: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The index does; a named question and the counts end with a note."""
    info = read_info(deep)
    assert info is not None
    assert info.closure_depth is not None
    capsys.readouterr()
    run(["--graph", str(deep), "ancestors", "a/2999", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert 2999 == len(found)
    for command in (["query", "roots", "--param", "model=a/2999"], ["stats"]):
        run(["--graph", str(deep), *command])

        assert f"farther than {info.closure_depth} steps" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_answers_on_an_empty_graph(
    tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not there is not in the graph; nothing is a traceback."""
    dump = tmp_path / "models.jsonl"
    dump.write_text('{"id": "x/only", "modelId": "x/only", "tags": []}\n')
    graph = tmp_path / "graph"
    run(["--graph", str(graph), "ingest", "dump", str(dump)])

    assert run(["--graph", str(graph), *(word.format(last=1) for word in command)]) in {0, 1}
    assert "Traceback" not in capsys.readouterr().err
