"""The lineage of models as arrays, and its shape: what statistics are worked out from.

Only links from a model to what it was made from count here: what datasets were made from, and what
models were trained on, is counted apart.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Adjacency, Bits, Steps, mask, turned
from graph.lineage.components import depths, nearest_roots, strong_components, weak_components
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import FLOOR
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import MODEL_RELATIONS, TYPED_RELATIONS

__all__ = ["Shape", "apart", "has_relation", "model_links", "months", "shape_of"]


class Shape(NamedTuple):
    """What follows from links that join two different repositories.

    ``members`` are the ends of any of them. ``depths`` counts for every node the steps of its
    longest line of descent, a cycle taken as one node; ``origins`` has the nearest node without a
    parent that it comes from, -1 for what comes from cycles only. ``roots`` are the members without
    a parent, ``families`` the sizes of what is connected, ``cycles`` those of strong components.
    """

    members: Array
    depths: Array
    origins: Array
    roots: Array
    families: Array
    cycles: Array


def model_links(index: LineageIndex, wanted: int | None = None) -> Steps:
    """Return the links from models to their parents, each pair once.

    An untyped link beside a typed one is its twin and goes. ``wanted`` are the bits of the
    relations that count; none given, all that join two models.
    """
    every = index.up.steps(np.arange(len(index)), mask(MODEL_RELATIONS))
    typed = every.relations & mask(TYPED_RELATIONS)
    bits = np.where(typed, typed, every.relations)
    if wanted is not None:
        bits &= Bits(wanted)
    return _chosen(Steps(every.origins, every.ends, bits), bits != 0)


def apart(links: Steps) -> Steps:
    """Return the links that join two different repositories."""
    return _chosen(links, links.origins != links.ends)


def shape_of(links: Steps, count: int) -> Shape:
    """Return the shape of a lineage of ``count`` nodes; links are sorted, each pair once."""
    different = apart(links)
    up, down = Adjacency.of(different, count), Adjacency.of(turned(different), count)
    components = strong_components(up, down)
    members = distinct(np.concatenate([different.origins, different.ends]))
    families = weak_components(different, count)[members]
    sizes = np.bincount(components, minlength=1)
    return Shape(
        members,
        depths(up, components),
        nearest_roots(up, down),
        members[up.degrees_of(members) == 0],
        _sizes(families),
        sizes[sizes > 1],
    )


def months(created: Array) -> Array:
    """Return the months of dates; NaT where there is no date, and for the Hub's first one.

    >>> months(np.array(["2024-07-01T12:00:00", "2022-03-02T23:29:04"], "datetime64[s]"))
    array(['2024-07',     'NaT'], dtype='datetime64[M]')
    """
    found: Array = created.astype("datetime64[M]")
    found[created <= FLOOR] = np.datetime64("NaT")
    return found


def has_relation(links: Steps, relation: Relation) -> Array:
    """Tell of each link whether it has a relation."""
    found: Array = (links.relations & mask([relation])) != 0
    return found


def _sizes(labels: Array) -> Array:
    """Return how often each label occurs."""
    counts = np.bincount(labels) if len(labels) else labels
    sizes: Array = counts[counts > 0]
    return sizes


def _chosen(links: Steps, kept: Array) -> Steps:
    return Steps(*(column[kept] for column in links))
