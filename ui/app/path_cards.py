"""A way through the lineage as a row of cards, from the cause to what was made from it.

Each card has the colour and the name of the class of its licence, and leads into Explore.
"""

from __future__ import annotations

from graph.licenses.classes import license_class
from graph.licenses.explaining import Explained, Way, category_of
from graph.licenses.views import Artefact
from graph.model.records import Kind
from graph.store.lineage_graph import Node
from ui.app.focus import address
from ui.app.markup import Html, escaped, inside
from ui.app.theme import KIND_NAMES
from ui.palette import LICENSE_COLOURS, RELATIONS

__all__ = ["chain", "names", "nodes"]

_MOST = 8
_SHOWN = 3


def chain(told: Explained, way: Way) -> Html:
    """Return the cards of a way, the oldest ancestor first; a long way has a gap."""
    steps = list(zip(way.path, (None, *way.relations), strict=True))[::-1]
    cards = []
    for place, (artefact, relation) in enumerate(steps):
        if len(steps) > _MOST and _SHOWN <= place < len(steps) - _SHOWN:
            if place == _SHOWN:
                gap = f"{len(steps) - 2 * _SHOWN} more"
                cards.append(f'<li class="rg-gap">{gap}</li>')
            continue
        cards.append(_card(told, artefact, is_cause=place == 0 and len(steps) > 1))
        if place < len(steps) - 1 and relation is not None:
            cards.append(_arrow(RELATIONS[relation].title, RELATIONS[relation].meaning))
    return Html(f'<ol class="rg-chain">{"".join(cards)}</ol>')


def names(way: Way) -> Html:
    """Return a way in one line, from the cause on: names with arrows between."""
    ids = [one.id for one in way.path[::-1]]
    if len(ids) > 4:
        ids = [*ids[:2], "…", ids[-1]]
    return Html(" → ".join(f"<span>{escaped(one, limit=80)}</span>" for one in ids))


def nodes(told: Explained, way: Way) -> list[Node]:
    """Return the repositories on a way, from the one in question to the cause."""
    return [Node(one.kind, one.id, told.views[one].is_known) for one in way.path]


def _card(told: Explained, artefact: Artefact, *, is_cause: bool) -> str:
    declared = told.declared(artefact)
    look = license_class(category_of(declared))
    owner, _, name = artefact.id.rpartition("/")
    licence = " and ".join((*declared.keys, *declared.words, *declared.vendors))
    is_known = told.views[artefact].is_known
    says = licence or ("no licence declared" if is_known else "only named: not known here")
    kind = "" if artefact.kind is Kind.MODEL else KIND_NAMES[artefact.kind]
    marks = " rg-cause" * is_cause + " rg-named" * (not is_known)
    head = " · ".join(part for part in (kind, owner) if part)
    inner = Html(
        f'<span class="rg-quiet">{escaped(head)}</span><b>{escaped(name)}</b>'
        f'<span title="{escaped(look.title)}">{escaped(says, limit=80)}</span>'
    )
    colour = f"--rg-bar: {LICENSE_COLOURS[look.key].css}"
    node = Node(artefact.kind, artefact.id)
    card = inside(address("explore", node), inner)
    return f'<li class="rg-card{marks}" style="{colour}">{card}</li>'


def _arrow(title: str, meaning: str) -> str:
    return f'<li class="rg-arrow" title="{escaped(meaning)}">{escaped(title)} <span>→</span></li>'
