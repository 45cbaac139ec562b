"""A store seen through rdflib's API, for those who expect it."""

from __future__ import annotations

import pyoxigraph as ox
from oxrdflib import OxigraphStore
from rdflib import Dataset, Graph

__all__ = ["dataset_of"]


def dataset_of(store: ox.Store) -> Dataset:
    """Return a store that is only read as an ``rdflib.Dataset``."""
    return Dataset(store=_ReadOnlyStore(store=store))


class _ReadOnlyStore(OxigraphStore):
    def add_graph(self, graph: Graph) -> None:
        """Do nothing: rdflib adds every graph that it is asked for, also to read it."""
