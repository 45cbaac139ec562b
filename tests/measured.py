"""What is counted of a graph that was opened, as it is counted when one is built."""

from __future__ import annotations

from typing import Any

from graph import lineage as index
from graph.statistics.concentration import Activity
from graph.statistics.counts import Statistics, statistics
from graph.statistics.pulse import Pulse, activity, pulse
from graph.statistics.transitions import Transitions, transitions
from graph.store.lineage_graph import LineageGraph
from graph.tables.reading import read_tables

__all__ = ["activity_of", "pulse_of", "statistics_of", "transitions_of"]


def statistics_of(graph: LineageGraph) -> Statistics:
    """Return the counts of a graph."""
    return statistics(read_tables(graph.store), index.of(graph), triples=len(graph.store))


def activity_of(graph: LineageGraph) -> Activity:
    """Return the models of a graph and the steps between them."""
    return activity(read_tables(graph.store), index.of(graph))


def pulse_of(graph: LineageGraph, **choice: Any) -> Pulse:  # noqa: ANN401 - months and relations
    """Return the pulse of a graph."""
    return pulse(activity_of(graph), index.of(graph), **choice)


def transitions_of(graph: LineageGraph) -> Transitions:
    """Return the licence transitions of a graph."""
    return transitions(read_tables(graph.store), index.of(graph).roots)
