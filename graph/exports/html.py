"""A view as one HTML file that needs nothing else: no server, no network, no installed program.

Made with pyvis, whose template links a style sheet and a script of Bootstrap from elsewhere in
every mode; those are cut out, and a content security policy forbids whatever else would ask the
network. pyvis's ``heading`` and menus run the text they are given, so they are not used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import networkx as nx
from pyvis.network import Network

from graph.licenses.classes import LICENSE_CLASSES, license_class
from graph.model.records import Relation
from graph.view.layout import layered
from graph.view.look import PLAIN, Line, Look

__all__ = ["write_html"]

_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
_OUTSIDE = re.compile(r"<(link|script)\b[^>]*\b(?:href|src)\s*=[^>]*>(?:\s*</script>)?", re.DOTALL)
_CENTERED = re.compile(r"<center>.*?</center>", re.DOTALL)
_HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

_STYLE = """
body { margin: 0; font: 14px/1.45 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); }
header, footer { padding: 12px 20px; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 18px; }
p { margin: 4px 0 0; }
.card { border: 0 !important; }
#mynetwork { float: none !important; border: solid var(--rule) !important;
  border-width: 1px 0 !important; }
.entry { display: inline-block; margin-right: 16px; }
.entry i { display: inline-block; width: 11px; height: 11px; margin-right: 6px;
  border-radius: 3px; }
"""


def write_html(
    view: nx.MultiDiGraph[str], focus: str | None, path: Path, look: Look = PLAIN
) -> None:
    """Write a view, with its layout, as a page to look at offline.

    ``focus`` is the IRI of the node that the view is about, if it is about one.
    """
    path.write_text(_page(view, focus, look), encoding="utf-8")


def _page(view: nx.MultiDiGraph[str], focus: str | None, look: Look) -> str:
    network = Network(height="80vh", width="100%", directed=True, cdn_resources="in_line")
    network.set_options(_OPTIONS)
    layout = layered(view, column=330)
    number = {iri: index for index, iri in enumerate(sorted(view))}
    for iri, index in number.items():
        x, y = layout.positions[iri]
        network.add_node(index, x=x, y=y, **_node(view.nodes[iri], look, focused=iri == focus))
    for child, parent, relation in sorted(view.edges(keys=True)):
        network.add_edge(number[parent], number[child], **_edge(look.line(relation)))
    page = _CENTERED.sub("", _OUTSIDE.sub("", network.generate_html(notebook=False)))
    title = _plain(view.nodes[focus]["id"]) if focus is not None else "Lineage"
    head = (
        f'<head><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{escape(title)}</title><style>{_root(look)}{_STYLE}</style>"
    )
    page = page.replace("<head>", head, 1)
    page = page.replace("<body>", f"<body><header>{_header(title, len(view))}</header>", 1)
    return page.replace("</body>", f"<footer>{_legend(look)}</footer></body>", 1)


_OPTIONS = """{
  "physics": {"enabled": false},
  "interaction": {"dragNodes": false, "hover": true},
  "edges": {"smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5}}
}"""


def _node(facts: Mapping[str, Any], look: Look, *, focused: bool) -> dict[str, Any]:
    name = _plain(facts["id"])
    border = look.licenses.get(license_class(facts.get("license_category")).key, look.ink)
    known = [name, facts["kind"], f"licence: {_plain(facts.get('license', 'not known'))}"]
    if "downloads" in facts:
        known.append(f"downloads: {facts['downloads']:,}")
    if not facts["known"]:
        known = [name, facts["kind"], "only named by others"]
    return {
        "label": name.rpartition("/")[2],
        "title": "\n".join(known),
        "shape": "box",
        "physics": False,
        "borderWidth": 4 if focused else 1.5,
        "color": {
            "background": look.paper,
            "border": border if facts["known"] else look.only_named,
        },
        "font": {"color": look.ink, "size": 14},
        "widthConstraint": {"minimum": 150, "maximum": 240},
        "shapeProperties": {"borderDashes": False if facts["known"] else [4, 3]},
    }


def _edge(line: Line) -> dict[str, Any]:
    return {
        "title": line.title,
        "color": line.colour,
        "dashes": list(line.dash) or False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.6}},
    }


def _root(look: Look) -> str:
    return f":root {{ --ink: {look.ink}; --paper: {look.paper}; --rule: {look.rule}; }}"


def _header(title: str, count: int) -> str:
    repositories = "repository" if count == 1 else "repositories"
    return (
        f"<h1>{escape(title)}</h1><p>{count} {repositories}; left is what something was made from,"
        " right what was made from it. Written by remixgraph from declared metadata.</p>"
    )


def _legend(look: Look) -> str:
    licenses = [
        f'<span class="entry"><i style="background:{look.licenses.get(entry.key, look.ink)}"></i>'
        f"{escape(entry.title)}</span>"
        for entry in LICENSE_CLASSES
    ]
    relations = [
        f'<span class="entry"><i style="background:{line.colour};height:3px"></i>'
        f"{escape(line.title)}</span>"
        for line in map(look.line, Relation)
    ]
    return f"<p>Licence: {''.join(licenses)}</p><p>Lines: {''.join(relations)}</p>"


def _plain(text: str) -> str:
    """Return text without signs that hide others or turn the direction of reading."""
    return _HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
