"""What is seen of an atlas: points and cells of a window, groups in words, the discs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.model.errors import InvalidGraph
from graph.store.lineage_graph import LineageGraph
from graph.store.results import RESULTS, RESULTS_VERSION
from graph.view.atlas.discs import discs_in, families_in
from graph.view.atlas.grouping import GroupBy, read_month
from graph.view.atlas.points import dots, single
from graph.view.atlas.raster import LEVELS, count_cells, rasterise
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window
from tests.builders import dataset, license_, model
from tests.graphs import build_graph, graph_in_memory
from tests.lineages import index_of, node
from ui.app.atlas_colours import legend

RECORDS = (
    model(
        "acme/base",
        downloads=900,
        created="2023-01-05T00:00:00Z",
        licenses=(license_("apache-2.0"),),
        tasks=("text-generation",),
    ),
    model(
        "acme/chat -> acme/base: finetune",
        downloads=50,
        created="2023-03-01T00:00:00Z",
        licenses=(license_("llama3"),),
        tasks=("text-generation",),
    ),
    model(
        "acme/merge -> acme/chat: merge, gone/parent: merge, acme/base: unspecified",
        created="2024-02-01T00:00:00Z",
        licenses=(license_("mit"), license_("cc-by-nc-4.0")),
    ),
    model("acme/tiny -> acme/merge: quantized", licenses=(license_("apache-2.0"),)),
    dataset("acme/qa -> acme/raw: source", created="2022-12-31T23:59:59Z"),
    model("acme/alone", created="2022-07-01T00:00:00Z", tasks=("image-classification",)),
)

PREFIXES = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX fair4ml: <https://w3id.org/fair4ml#>
"""
LINKED = (
    "{ ?it prov:wasDerivedFrom ?other FILTER(?it != ?other) } UNION"
    " { ?other prov:wasDerivedFrom ?it FILTER(?it != ?other) }"
)


@pytest.fixture
def graph() -> LineageGraph:
    """Return a small graph: two families, and one model that stands alone."""
    return graph_in_memory(*RECORDS)


def _count(graph: LineageGraph, where: str) -> int:
    """Count repositories with lineage in the store, without the index."""
    text = f"{PREFIXES} SELECT (COUNT(DISTINCT ?it) AS ?n) WHERE {{ {LINKED} {where} }}"
    solutions = graph.store.query(text)
    assert isinstance(solutions, ox.QuerySolutions)
    cell = next(iter(solutions))["n"]
    assert isinstance(cell, ox.Literal)
    return int(cell.value)


def _legend(graph: LineageGraph, by: GroupBy, until: str = "") -> dict[str, int]:
    atlas = Atlas(index.of(graph))
    counts = atlas.counts(by, read_month(until))
    titles = [entry.title for entry in legend(by, atlas.grouping(by).groups)]
    return {title: count for title, count in zip(titles, counts, strict=True) if count}


def test_the_legend_has_the_licences_of_the_store(graph: LineageGraph) -> None:
    """Each class, and all of them together."""
    spdx = "?it dcterms:license <http://spdx.org/licenses/Apache-2.0>"
    legend = _legend(graph, GroupBy.LICENSE)

    assert {
        "Permissive": 2,
        "Conditions on use": 1,
        "Unclear": 1,
        "No known licence": 3,
    } == legend
    assert _count(graph, spdx) == legend["Permissive"]
    none = "FILTER NOT EXISTS { ?it dcterms:license ?any }"
    assert _count(graph, none) == legend["No known licence"]
    assert _count(graph, "") == sum(legend.values())


def test_the_legend_has_the_tasks_of_the_store(graph: LineageGraph) -> None:
    """The most frequent by name; what stands alone is no part of it."""
    legend = _legend(graph, GroupBy.TASK)

    assert {"Text generation": 2, "No task": 5} == legend
    assert _count(graph, "?it fair4ml:mlTask ?task") == legend["Text generation"]


def test_the_legend_tells_how_things_were_made(graph: LineageGraph) -> None:
    """By the relation that says most; what has no parent is a root."""
    legend = _legend(graph, GroupBy.RELATION)
    roots = "FILTER NOT EXISTS { ?it prov:wasDerivedFrom ?parent FILTER(?parent != ?it) }"

    assert {"Roots": 3, "Fine-tuned": 1, "Merge": 1, "Quantized": 1, "Source": 1} == legend
    assert _count(graph, roots) == legend["Roots"]


def test_the_legend_tells_when_things_were_made(graph: LineageGraph) -> None:
    """By half-years; what has no date is counted apart."""
    legend = _legend(graph, GroupBy.MONTH)

    assert {"Jul–Dec 2022": 1, "Jan–Jun 2023": 2, "Jan–Jun 2024": 1, "No date": 3} == legend


@pytest.mark.parametrize("month", ["2022-12", "2023-01", "2023-12", "2024-02"])
def test_the_legend_follows_the_month(graph: LineageGraph, month: str) -> None:
    """Only what was created up to its end counts, as the store has it."""
    where = f'?it dcterms:created ?created FILTER(SUBSTR(STR(?created), 1, 7) <= "{month}")'

    assert _count(graph, where) == sum(_legend(graph, GroupBy.LICENSE, month).values())


def test_points_and_what_stands_alone_are_the_whole_graph(graph: LineageGraph) -> None:
    """Nothing is lost."""
    atlas = Atlas(index.of(graph))

    assert (7, 1) == (len(atlas), atlas.alone)
    assert [1, 1, 0, 1] == atlas.history[:4]


windows = st.builds(
    Window,
    st.floats(-1, 1),
    st.floats(-1, 1),
    st.floats(0.5, 8),
    st.integers(200, 400),
    st.integers(200, 400),
)


@given(windows)
def test_a_window_holds_what_is_in_it(window: Window) -> None:
    """Point by point, its raster has as many, and every dot is where its point is."""
    atlas = _wide()
    expected = [
        point
        for point in range(len(atlas))
        if window.left <= float(atlas.x[point]) < window.right
        and window.top <= float(atlas.y[point]) < window.bottom
    ]
    found = atlas.within(window)
    grouping = atlas.grouping(GroupBy.LICENSE)
    raster = rasterise(atlas, window, grouping, points=found)
    placed = dots(atlas, window, grouping, points=found)

    assert expected == found.tolist()
    assert len(expected) == raster.points == len(placed.x)
    assert bool(expected) == bool(raster.cells.any())


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2))))
def test_cells_count_what_falls_into_them(hits: list[tuple[int, int]]) -> None:
    """As counting one by one does."""
    places = np.array([place for place, _ in hits], np.int64)
    codes = np.array([code for _, code in hits], np.int64)
    counts = count_cells(places, codes, 12, 3)
    expected = Counter(hits)

    assert [[expected[place, code] for code in range(3)] for place in range(12)] == counts.tolist()


def test_a_cell_has_the_colour_of_most_of_its_points() -> None:
    """And the more points, the higher its level."""
    atlas = _wide()
    window = Window(width=200, height=200)
    grouping = atlas.grouping(GroupBy.LICENSE)
    raster = rasterise(atlas, window, grouping, points=atlas.within(window), size=100.0)
    groups = [(cell - 1) // LEVELS for cell in raster.cells.tolist() if cell]
    found = {grouping.groups[place] for place in groups}

    assert (2, 2) == (raster.columns, raster.rows)
    assert {"open"} == found


_WIDE: list[Atlas] = []


def _wide() -> Atlas:
    """Return the atlas of a family of forty, thirty of them under Apache-2.0; made once."""
    if not _WIDE:
        apache = (license_("apache-2.0"),)
        children = (
            model(f"child-{n} -> base: finetune", licenses=apache if n < 30 else (), downloads=n)
            for n in range(40)
        )
        _WIDE.append(Atlas(index_of(model("base", licenses=apache), *children)))
    return _WIDE[0]


def test_single_points_come_with_their_lines(graph: LineageGraph) -> None:
    """The most downloaded first, each line from a child to a parent among them."""
    atlas = Atlas(index.of(graph))
    found = single(atlas, Window(), atlas.grouping(GroupBy.LICENSE), points=atlas.within(Window()))
    names = atlas.index.ids(found.nodes)
    drawn = {(names[child], names[parent]) for child, parent in found.lines.tolist()}

    assert ["acme/base", "acme/chat"] == names[:2]
    assert {
        ("acme/chat", "acme/base"),
        ("acme/merge", "acme/chat"),
        ("acme/merge", "acme/base"),
        ("acme/merge", "gone/parent"),
        ("acme/tiny", "acme/merge"),
        ("acme/qa", "acme/raw"),
    } == drawn


def test_the_largest_discs_come_first(graph: LineageGraph) -> None:
    """With what descends from them; a root has the size of its family beside it."""
    atlas = Atlas(index.of(graph))
    discs = discs_in(atlas, Window())
    rows = families_in(atlas, Window(), GroupBy.LICENSE)

    assert ("acme/base", 3, 4) == (discs[0].node.id, discs[0].made, discs[0].members)
    assert [("acme/base", 4), ("acme/raw", 2), ("gone/parent", 1)] == [
        (row.root.id, row.members) for row in rows
    ]
    assert all(row.members == sum(row.groups) for row in rows)


def test_a_window_far_from_everything_is_empty(graph: LineageGraph) -> None:
    """No points, no discs, no cells."""
    atlas = Atlas(index.of(graph))
    window = Window(1, 1, 1000)
    found = single(atlas, window, atlas.grouping(GroupBy.TASK), points=atlas.within(window))

    assert [] == discs_in(atlas, window)
    assert (0, 0) == (len(found.nodes), len(found.lines))


def test_a_window_around_a_point_has_it_in_the_middle(graph: LineageGraph) -> None:
    """The root of a family with all of it, a single model with its neighbours."""
    atlas = Atlas(index.of(graph))
    point = atlas.point(atlas.index.find(node("acme/chat")))
    assert point is not None
    window = atlas.window_around(point, Window())

    assert (float(atlas.x[point]), float(atlas.y[point])) == (window.x, window.y)
    assert point in atlas.within(window).tolist()


def test_numbers_that_make_no_window_are_refused() -> None:
    """Those that are too large are taken for the largest."""
    assert Window(1, -1, 1e5, 200, 2600) == Window.of(7, -7, 1e9, (0, 10**9))
    with pytest.raises(ValueError, match="finite"):
        Window.of(float("nan"), 0, 1, (300, 300))


def test_results_of_another_version_say_what_to_do(tmp_path: Path) -> None:
    """One command makes them anew."""
    directory = build_graph(tmp_path / "graph", *RECORDS)
    with LineageGraph.open(directory) as opened:
        path = directory / "builds" / opened.info.build / RESULTS / "results.json"
        text = path.read_text().replace(f'"format": {RESULTS_VERSION}', '"format": 0')
        path.write_text(text)

        with pytest.raises(InvalidGraph, match="run `remixgraph index`"):
            index.of(opened)
