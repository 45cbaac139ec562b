"""No shape of lineage is expensive: what a step does grows with the links, not with their square.

Work is counted in calls, which are the same on every machine; ``benchmarks/shapes.py`` has the
seconds, at the largest size of each shape.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from graph.build.deriving import Draft, derive
from graph.lineage import closure
from graph.model.records import Repository
from graph.tables.recording import tables_of
from graph.tables.uniting import unite
from ingest.aliases import Aliases
from ingest.models import parse_models
from ingest.pipeline import ingest_files
from tests.depth import sampled
from tests.lineage_shapes import SHAPES, Shape, write_rows
from tests.shape_steps import STEPS

SIZE, PIPED = sampled((400, 100), (4_000, 4_000))
NEAR_LINEAR = 2.5
shapes = pytest.mark.parametrize("shape", SHAPES.values(), ids=list(SHAPES))


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the closure of a small graph be bounded as that of a large one is."""
    monkeypatch.setattr(closure, "FREE_PAIRS", 0)


def calls(take: Callable[[], object]) -> int:
    """Return how many functions are called, Python's and others, while something is done."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:  # noqa: ARG001
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        take()
    finally:
        sys.setprofile(None)
    return count


def records_of(shape: Shape, size: int) -> list[Repository]:
    """Return the models that the rows of a shape become."""
    return list(parse_models(list(shape.rows(size)), Aliases.none(), "page").records)


def derived(records: list[Repository]) -> Draft:
    """Return everything that follows from records, and what the store is to hold of it."""
    draft = derive(unite([tables_of(records)]))
    for _ in draft.lines():
        pass
    return draft


@shapes
def test_reading_the_rows_takes_twice_the_calls_for_twice_the_size(shape: Shape) -> None:
    """Claims that are united, licences and names: none is compared with every other."""
    once, twice = (calls(partial(records_of, shape, size)) for size in (SIZE, 2 * SIZE))

    assert twice <= NEAR_LINEAR * once


@shapes
@pytest.mark.usefixtures("tight")
def test_deriving_takes_twice_the_calls_for_twice_the_size(shape: Shape) -> None:
    """Index, search, atlas, report, findings, statistics, and all that is stated in the store."""
    small, large = records_of(shape, SIZE), records_of(shape, 2 * SIZE)
    derived(records_of(shape, SIZE // 2))  # what is worked out once for all graphs
    once, twice = calls(lambda: derived(small)), calls(lambda: derived(large))

    assert twice <= NEAR_LINEAR * once


@shapes
def test_the_pipeline_takes_every_shape(
    shape: Shape, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From rows to answers, pages, exports, and a change at the base of it all."""
    graph = tmp_path / "graph"
    ingest_files(graph, [write_rows(tmp_path / "models.jsonl", shape.rows(PIPED))])
    for take in STEPS.values():
        take(graph, shape.focus(PIPED))

    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.usefixtures("tight")
def test_where_ancestors_are_too_many_the_index_says_how_far_descendants_count() -> None:
    """Of a ladder every rung has the two before it for parents: each counts those below it."""
    rungs = 200
    index = derived(records_of(SHAPES["ladder"], 4 * rungs)).index
    depth = index.influence_depth
    assert depth is not None
    assert depth < rungs
    number = np.array([int(name.removeprefix("a/")) // 2 for name in index.each_id()])

    assert (2 * np.minimum(depth, rungs - 1 - number)).tolist() == index.influence.tolist()


@pytest.mark.usefixtures("tight")
def test_a_long_chain_is_counted_whole() -> None:
    """It has no merge, so nobody's ancestors need be listed."""
    index = derived(records_of(SHAPES["chain"], SIZE)).index
    number = np.array([int(name.removeprefix("a/")) for name in index.each_id()])

    assert index.influence_depth is None
    assert (SIZE - 1 - number).tolist() == index.influence.tolist()


def test_claims_of_one_parent_are_one_claim_with_every_spelling() -> None:
    """However many there are, and in whatever order they come."""
    (model,) = (one for one in records_of(SHAPES["spellings"], SIZE) if one.id == "a/1")
    (claim,) = model.derivations

    assert SIZE == len(claim.raw)
    assert claim.aliased is False
    assert claim.target == "a/0"
