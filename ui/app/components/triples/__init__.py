"""The picture of a few triples, as CONSTRUCT gives them: nodes and edges, drawn as SVG."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.sparql.questions import short_name
from graph.sparql.results import Cell
from graph.store.lineage_graph import Node
from ui.app import focus
from ui.app.components import renderer
from ui.app.markup import visible
from ui.app.sketch import Sketch

__all__ = ["draw", "payload"]


def draw(key: str, drawing: Sketch) -> Any:  # noqa: ANN401 - Streamlit exports no type for it
    """Draw triples; a repository is a link to its picture."""
    return renderer("triples")(key=key, data=payload(drawing))


def payload(drawing: Sketch) -> dict[str, Any]:
    """Return what the script needs to know."""
    return {
        "nodes": [
            _node(cell) | {"x": round(x), "y": round(y)}
            for cell, (x, y) in zip(drawing.nodes, drawing.places, strict=True)
        ],
        "edges": [[start, end, _name(cell)] for start, end, cell in drawing.edges],
    }


def _node(cell: Cell) -> dict[str, str]:
    if isinstance(cell, ox.NamedNode):
        found = {"kind": "other", "name": _name(cell), "full": visible(cell.value)}
        if parsed := v.parse_repository_iri(cell.value):
            node = Node(*parsed)
            found |= {"kind": node.kind.value, "link": focus.address("explore", node)}
        return found
    text = visible(cell.value if isinstance(cell, ox.Literal) else str(cell))
    return {"kind": "literal", "name": visible(text, limit=40), "full": text}


def _name(cell: Cell) -> str:
    iri = cell.value if isinstance(cell, ox.NamedNode) else str(cell)
    return visible(short_name(iri).removeprefix(v.HUB), limit=48)
