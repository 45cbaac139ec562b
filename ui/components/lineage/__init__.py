"""The picture of a lineage: cards and lines on a canvas, drawn by vis-network where we say.

Python sends the places and the texts; the script only draws them and reports clicks. Nothing is
laid out in the browser: its own layouts take seconds for what takes milliseconds here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import networkx as nx
import streamlit as st

from graph import vocabulary as v
from graph.layout import layered
from graph.listing import listing
from graph.neighbourhood import Neighbourhood
from graph.palette import LICENSE_CLASSES, RELATIONS, license_class
from graph.records import Kind, Relation
from graph.store import Node
from ui.components import renderer
from ui.markup import amount, visible
from ui.theme import KIND_NAMES

__all__ = ["clicked", "draw", "expanded", "payload"]

_UP, _DOWN = "parents", "children"
_COLUMN, _ROW = 286, 54  # a card of lineage.js is 216 wide and 46 high


def draw(
    key: str,
    shown: Neighbourhood,
    *,
    on_focus: Callable[[], None],
    on_more: Callable[[], None],
) -> Any:  # noqa: ANN401 - Streamlit names no type for it that it exports
    """Draw a neighbourhood; a click reports a repository, or the wish to see more of one."""
    return renderer("lineage")(
        key=key,
        data=payload(shown),
        on_focus_change=on_focus,
        on_more_change=on_more,
    )


def clicked(key: str) -> Node | None:
    """Return the repository that was just clicked."""
    parsed = v.parse_repository_iri(_value(key, "focus"))
    return Node(*parsed) if parsed else None


def expanded(key: str) -> str | None:
    """Return the IRI of the repository of which more was just asked for."""
    iri = _value(key, "more")
    return iri if v.parse_repository_iri(iri) else None


def payload(shown: Neighbourhood) -> dict[str, Any]:
    """Return what the script needs to know, in short names: it is sent at each click."""
    view: nx.DiGraph[str] = nx.DiGraph()
    view.add_nodes_from(row.iri for row in listing(shown))  # so the most downloaded come first
    view.add_edges_from(shown.view.edges())
    rest = _left_out(shown)
    for iri, (node, side, _) in rest.items():
        view.add_edge(*((iri, node) if side == _DOWN else (node, iri)))
    layout = layered(view, column=_COLUMN, row=_ROW)
    number = {iri: index for index, iri in enumerate(view)}
    nodes = [
        _more(*rest[iri]) if iri in rest else _card(iri, shown.view.nodes[iri], shown)
        for iri in view
    ]
    for iri, card in zip(view, nodes, strict=True):
        card["x"], card["y"] = (round(part) for part in layout.positions[iri])
    relations: dict[tuple[str, str], list[str]] = defaultdict(list)
    for child, parent, relation in shown.view.edges(keys=True):
        relations[child, parent].append(relation)
    edges = [
        [
            number[parent],
            number[child],
            sorted(relations[child, parent], key=_relation_order),
            int((child, parent) in layout.turned),
        ]
        for child, parent in view.edges()
        if child != parent
    ]
    return {"focus": number[shown.focus], "nodes": nodes, "edges": edges, "look": _look()}


def _left_out(shown: Neighbourhood) -> dict[str, tuple[str, str, int]]:
    """Return a stand-in for what is hidden of each node: the node, the side, and how many."""
    sides = ((_UP, shown.hidden_parents), (_DOWN, shown.hidden_children))
    return {
        f"{side} {iri}": (iri, side, count)
        for side, hidden in sides
        for iri, count in hidden.items()
    }


def _more(node: str, side: str, count: int) -> dict[str, Any]:
    return {"more": node, "side": side, "name": f"+ {count:,} more"}


def _card(iri: str, facts: Mapping[str, Any], shown: Neighbourhood) -> dict[str, Any]:
    owner, _, name = facts["id"].rpartition("/")
    card = {
        "iri": iri,
        "id": visible(facts["id"], limit=120),
        "name": visible(name, limit=60),
        "owner": visible(owner, limit=40),
        "kind": facts["kind"],
        "class": license_class(facts.get("license_category")).key,
    }
    if "license" in facts:
        card["license"] = visible(facts["license"], limit=40)
    if "downloads" in facts:
        card["downloads"] = amount(facts["downloads"])
    if not facts["known"]:
        card["named"] = 1
    if shown.view.has_edge(iri, iri):
        card["loop"] = 1
    return card


def _look() -> dict[str, Any]:
    """Return the colours and the words; the script takes what fits the page's mode."""
    return {
        "classes": {
            entry.key: [entry.title, entry.meaning, entry.light, entry.dark]
            for entry in LICENSE_CLASSES
        },
        "relations": {
            relation.value: [style.title, style.meaning, style.light, style.dark, style.dash]
            for relation, style in RELATIONS.items()
        },
        "kinds": {kind.value: KIND_NAMES[kind] for kind in Kind},
    }


def _relation_order(value: str) -> int:
    return list(Relation).index(Relation(value))


def _value(key: str, name: str) -> str:
    state = st.session_state.get(key)
    value = state.get(name) if state else None
    return value if isinstance(value, str) else ""
