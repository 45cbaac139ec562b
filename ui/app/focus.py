"""The focus: the repository that is looked at, shared by the pages and said in the address.

A page that takes a focus has it in its address as ``?id=acme/tiny``, with ``&kind=`` where it is no
model. A page that is opened without one takes the last that was looked at in this session.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from graph.model import vocabulary as v
from graph.model.errors import InvalidRepositoryId, NotInGraph
from graph.model.records import Kind
from graph.store.lineage_graph import LineageGraph, Node
from ui.app.markup import visible
from ui.lookup import find

__all__ = ["PARAMETERS", "address", "asked", "go", "last", "locate", "look_at", "parameters"]

PARAMETERS = ("id", "kind")
"""What of an address names the focus; the rest is how the page shows it."""

_OPENED = "open"  # what was opened in a view belongs to its focus

_LAST = "focus"


def asked(address: Mapping[str, str]) -> tuple[Kind | None, str]:
    """Return the kind and the id that an address names; an empty id where it names none.

    >>> asked({"id": "acme/qa", "kind": "dataset"})
    (<Kind.DATASET: 'dataset'>, 'acme/qa')
    """
    kind = next((kind for kind in Kind if kind == address.get("kind")), None)
    return kind, address.get("id", "")


def parameters(node: Node) -> dict[str, str]:
    """Return what names a repository in an address.

    >>> parameters(Node(Kind.MODEL, "acme/tiny"))
    {'id': 'acme/tiny'}
    """
    named = {"id": node.id}
    return named if node.kind is Kind.MODEL else named | {"kind": node.kind.value}


def address(page: str, node: Node) -> str:
    """Return the address of a page with a repository in its focus.

    >>> address("explore", Node(Kind.DATASET, "acme/qa"))
    '/explore?id=acme/qa&kind=dataset'
    """
    return f"/{page}?{urlencode(parameters(node), safe='/')}"


def locate(graph: LineageGraph, kind: Kind | None, text: str) -> Node:
    """Return the repository that an address names; raises NotInGraph or InvalidRepositoryId."""
    for one in Kind if kind is None else (kind,):
        if node := graph.node(v.repository_iri(one, text)):
            return node
    try:
        if kind is None:
            return find(graph, text)
    except (InvalidRepositoryId, NotInGraph) as error:
        raise type(error)(visible(str(error))) from None
    raise NotInGraph(
        f"the {kind} {visible(text)} is not in the graph: check the spelling (capitals count), or"
        " ingest the data that names it"
    )


def look_at(graph: LineageGraph) -> Node | None:
    """Return the focus of this page: of its address, else the last one that the graph still has.

    Raises NotInGraph or InvalidRepositoryId when the address names what is not there.
    """
    kind, text = asked(st.query_params)
    if text:
        node = locate(graph, kind, text)
        st.session_state[_LAST] = node
        return node
    before = last()
    return graph.node(before.iri) if before else None


def last() -> Node | None:
    """Return what was in the focus last in this session, if anything was."""
    node = st.session_state.get(_LAST)
    return node if isinstance(node, Node) else None


def go(node: Node) -> None:
    """Put a repository into the focus, and into the address of the page that is open."""
    st.session_state[_LAST] = node
    gone = (*PARAMETERS, _OPENED)
    kept = {name: value for name, value in st.query_params.items() if name not in gone}
    st.query_params.from_dict(parameters(node) | kept)
