"""A view as a list: in a good order, and harmless in a spreadsheet."""

from __future__ import annotations

import io

from graph.model.records import Kind, Relation
from graph.store.lineage_graph import Node
from graph.view.expansion import Reach
from graph.view.neighbourhood import neighbourhood
from graph.view.rows import listing, write_csv
from tests.builders import license_, model
from tests.graphs import graph_in_memory


def test_the_focus_comes_first_and_then_what_is_near() -> None:
    """Ordered by distance, ancestors before descendants, then by downloads."""
    graph = graph_in_memory(
        model("d -> c: finetune", downloads=99),
        model("c -> b: merge", downloads=1),
        model("c2 -> b: adapter", downloads=5),
        model("b -> a: finetune"),
    )
    rows = listing(neighbourhood(graph, Node(Kind.MODEL, "b"), Reach(down=2, rolled=False)))

    assert [("b", 0), ("a", -1), ("c2", 1), ("c", 1), ("d", 2)] == [
        (row.id, row.depth) for row in rows
    ]


def test_each_row_tells_how_one_comes_nearer() -> None:
    """A row names the relations of its own step towards the focus, and of no other."""
    graph = graph_in_memory(
        model("c -> b: merge, b: finetune, a: quantized"), model("b -> a: adapter")
    )
    rows = listing(neighbourhood(graph, Node(Kind.MODEL, "b")))

    assert {
        "a": (Relation.ADAPTER,),
        "b": (),
        "c": (Relation.FINETUNE, Relation.MERGE),
    } == {row.id: row.relations for row in rows}


def test_a_spreadsheet_runs_nothing() -> None:
    """Text that would be a formula gets an apostrophe; all else is written as it is."""
    graph = graph_in_memory(
        model("=1+1 -> @SUM: finetune", downloads=3, licenses=(license_("mit"),))
    )
    file = io.StringIO()
    write_csv(listing(neighbourhood(graph, Node(Kind.MODEL, "=1+1"))), file)

    assert [
        "id,kind,depth,relations,license,downloads,known",
        "'=1+1,model,0,,mit,3,true",
        "'@SUM,model,-1,finetune,,,false",
    ] == file.getvalue().splitlines()
