"""What the scripts of the picture are told, in short names: it is sent at each click."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx

from graph.model.records import Kind, Relation, Resolution
from graph.view.expansion import Side
from graph.view.layout import Layout, layered
from graph.view.neighbourhood import USES, Neighbourhood
from graph.view.rows import listing
from ui.app.markup import amount, visible
from ui.app.node_colours import ColourBy, shades
from ui.app.theme import KIND_NAMES
from ui.palette import RelationStyle, relation_style

__all__ = ["payload"]

_COLUMN, _ROW = 296, 66  # a card of cards.js is 216 wide and at most 58 high
_LARGE = (100, 10_000, 1_000_000)  # downloads at which a card grows
_COPIES = {
    Side.QUANTIZED: ("quantised copy", "quantised copies"),
    Side.ADAPTERS: ("adapter", "adapters"),
}
_TITLES = {
    ColourBy.LICENSE: "Licence",
    ColourBy.TASK: "Task",
    ColourBy.OWNER: "Owner",
    ColourBy.AGE: "Year",
}
_WORDS = (*(relation.value for relation in Relation), USES)
_STATES = {
    Resolution.UNCHECKED: ("Only named", "Others name it; nothing else is known of it here."),
    Resolution.MISSING: ("Gone or private", "The Hub has it no more, or shows it to nobody."),
    Resolution.RENAMED: ("Renamed", "The Hub knows it under another name now."),
    Resolution.GATED: ("Gated", "It is on the Hub, for those who are given access."),
    Resolution.DISABLED: ("Disabled", "The Hub has switched it off."),
    Resolution.RESOLVED: (
        "Not read yet",
        "It is on the Hub; its page was not read for this graph.",
    ),
}
"""What is called a repository that is not simply there, and what that means."""

_TURNED, _INFERRED = 1, 2


def payload(shown: Neighbourhood, by: ColourBy = ColourBy.LICENSE) -> dict[str, Any]:
    """Return the nodes, the edges and the look of a picture."""
    legend, shade = shades(shown.view, by)
    nodes = {iri: _card(iri, shown) | {"shade": shade.get(iri, 0)} for iri in _order(shown)}
    stand_ins = {**_groups(shown), **_pills(shown)}
    layout = _layout(shown, list(nodes), stand_ins)
    nodes |= stand_ins
    number = {name: index for index, name in enumerate(nodes)}
    for name, node in nodes.items():
        node["x"], node["y"] = (round(part) for part in layout.positions[name])
        node.pop("since", None)
    return {
        "focus": number[shown.focus],
        "nodes": list(nodes.values()),
        "edges": [*_edges(shown, layout, number), *_ties(stand_ins, number)],
        "path": [number[iri] for iri in shown.path],
        "look": {
            "by": _TITLES[by],
            "shades": [[visible(s.title, limit=60), s.meaning, *s.colour, s.nodes] for s in legend],
            "relations": {word: _style(relation_style(word)) for word in _WORDS},
            "kinds": {kind.value: KIND_NAMES[kind] for kind in Kind},
            "states": {state.value: words for state, words in _STATES.items()},
            "sizes": [f"{amount(size)} or more" for size in _LARGE],
        },
    }


def _order(shown: Neighbourhood) -> list[str]:
    """Return the nodes so that the focus and the most downloaded come first."""
    return [row.iri for row in listing(shown)]


def _layout(shown: Neighbourhood, order: list[str], stand_ins: Mapping[str, Any]) -> Layout:
    view: nx.DiGraph[str] = nx.DiGraph()
    view.add_nodes_from(order)
    view.add_edges_from(shown.view.edges())
    since = {iri: int(shown.view.nodes[iri]["since"]) for iri in order}
    for name, node in stand_ins.items():
        beside = (name, node["of"])
        view.add_edge(*(beside[::-1] if node["side"] == Side.PARENTS else beside))
        since[name] = node["since"]
    return layered(view, column=_COLUMN, row=_ROW, since=since)


def _card(iri: str, shown: Neighbourhood) -> dict[str, Any]:
    facts: Mapping[str, Any] = shown.view.nodes[iri]
    owner, _, name = facts["id"].rpartition("/")
    card: dict[str, Any] = {
        "iri": iri,
        "id": visible(facts["id"], limit=120),
        "name": visible(name, limit=60),
        "kind": facts["kind"],
    }
    texts = {"owner": owner, "license": facts.get("license", ""), "task": facts.get("task", "")}
    card |= {key: visible(text, limit=40) for key, text in texts.items() if text}
    if "downloads" in facts:
        card["downloads"] = amount(facts["downloads"])
        card["size"] = sum(facts["downloads"] >= size for size in _LARGE)
    sides = (Side.PARENTS, Side.CHILDREN)
    handles = {side.value: shown.handles.get((iri, side)) for side in sides}
    card |= {side: [h.hidden, h.helpings, int(h.usual)] for side, h in handles.items() if h}
    return card | _marks(facts, loop=shown.view.has_edge(iri, iri))


def _marks(facts: Mapping[str, Any], *, loop: bool) -> dict[str, Any]:
    """Return what makes a card look other than most; what is as usual is left out."""
    unknown = "" if facts["known"] else Resolution.UNCHECKED.value
    marks = {
        "named": int(not facts["known"]),
        "state": facts.get("state", unknown),
        "gated": int(facts.get("gated", False)),
        "year": facts.get("created", "")[:4],
        "loop": int(loop),
    }
    return {name: value for name, value in marks.items() if value}


def _groups(shown: Neighbourhood) -> dict[str, dict[str, Any]]:
    """Return what stands for copies that are rolled up, and closes them again when opened."""
    found = {}
    for (iri, side), group in shown.groups.items():
        one, many = _COPIES[side]
        found[f"{side} {iri}"] = {
            "group": 1,
            "of": iri,
            "side": side.value,
            "name": f"{group.size:,} {one if group.size == 1 else many}",
            "downloads": amount(group.downloads),
            "helpings": group.helpings,
            "since": group.since,
        }
    return found


def _pills(shown: Neighbourhood) -> dict[str, dict[str, Any]]:
    """Return what stands for the rest of what was opened, and shows more of it."""
    opened = [
        *(
            (key, each.hidden, each.helpings, each.usual, each.since)
            for key, each in shown.handles.items()
        ),
        *(
            (key, each.hidden, each.helpings, False, each.helped)
            for key, each in shown.groups.items()
        ),
    ]
    return {
        f"more {side} {iri}": {
            "more": 1,
            "of": iri,
            "side": side.value,
            "name": f"+ {hidden:,} more",
            "helpings": helpings,
            "usual": int(usual),
            "since": since,
        }
        for (iri, side), hidden, helpings, usual, since in opened
        if hidden and helpings
    }


def _edges(shown: Neighbourhood, layout: Layout, number: Mapping[str, int]) -> Iterator[list[Any]]:
    """Yield parent, child, relations and flags of every line between repositories."""
    relations: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for child, parent, word in shown.view.edges(keys=True):
        relations[child, parent][word] = shown.view.edges[child, parent, word]["declared"]
    for (child, parent), said in relations.items():
        if child != parent:
            flags = _TURNED * ((child, parent) in layout.turned) + _INFERRED * (
                not any(said.values())
            )
            yield [number[parent], number[child], sorted(said, key=_WORDS.index), flags]


def _ties(stand_ins: Mapping[str, Any], number: Mapping[str, int]) -> Iterator[list[Any]]:
    for name, node in stand_ins.items():
        ends = [number[node["of"]], number[name]]
        yield [*(ends[::-1] if node["side"] == Side.PARENTS else ends), [], 0]


def _style(style: RelationStyle) -> list[object]:
    return [style.title, style.meaning, style.light, style.dark, style.dash]
