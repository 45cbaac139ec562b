"""Verdicts for the pages: worked out from the focus and its ancestors, once for each build."""

from __future__ import annotations

import streamlit as st

from graph.licenses.answers import Context, Use
from graph.licenses.explaining import Explained, explain
from graph.licenses.stored import inheritance_in
from graph.licenses.views import Artefact
from graph.model.records import Kind
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["explained"]

_ANYBODY = Context()


def explained(graph: LineageGraph, node: Node, use: Use, context: Context = _ANYBODY) -> Explained:
    """Return the verdict on a use of a repository, with the ways to its reasons."""
    key = str(graph.directory), graph.info.build
    return _explained(*key, node.kind, node.id, use, context.territory, context.mau, graph)


@st.cache_resource(max_entries=512, show_spinner=False)
def _explained(  # noqa: PLR0913, PLR0917 - the key
    directory: str,
    build: str,
    kind: str,
    repository: str,
    use: Use,
    territory: str | None,
    mau: int | None,
    _graph: LineageGraph,
) -> Explained:
    del directory, build
    artefact = Artefact(Kind(kind), repository)
    context = Context(territory=territory, mau=mau)
    return explain(inheritance_in(_graph, artefact), artefact, use, context)
