"""Where to begin in a graph that one does not know yet."""

from __future__ import annotations

from graph.search import starting_points
from tests.builders import model
from tests.graphs import graph_in_memory


def test_starting_points_are_what_most_was_made_from() -> None:
    """The repository with the most children first; a model made from itself is no start."""
    graph = graph_in_memory(
        model("a/1 -> a/base: finetune"),
        model("a/2 -> a/base: merge, a/other: merge"),
        model("a/loop -> a/loop: finetune"),
        model("a/base"),
    )

    assert ["a/base", "a/other"] == [found.id for found in starting_points(graph)]
