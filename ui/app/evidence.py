"""Who says that a repository was made from what, and what was made from it: the evidence by edge.

Rule: everything here is text of others, and escaped once, in ``ui.app.markup``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graph.lineage.offspring import Offspring
from graph.model import vocabulary as v
from graph.model.records import ClaimSource, Resolution
from graph.store.lineage_graph import Node
from graph.view.details import Claim
from ui.app.focus import address
from ui.app.markup import Html, escaped, inside, link, section
from ui.palette import RELATIONS

__all__ = ["STATUSES", "card_address", "made_from", "made_of_it"]

_SHOWN = 8
_COMMIT = re.compile(r"[0-9a-f]{7,64}")

_SAID = {
    ClaimSource.CARD: "said by the card",
    ClaimSource.HUB: "said by the Hub, inferred",
    ClaimSource.DATASET_RECORD: "said by a dataset record",
    ClaimSource.INFERRED: "inferred here",
}

STATUSES = {
    Resolution.RESOLVED: "there",
    Resolution.RENAMED: "renamed",
    Resolution.GATED: "gated",
    Resolution.DISABLED: "disabled by the Hub",
    Resolution.MISSING: "deleted or private",
    Resolution.UNCHECKED: "never looked up",
}
"""What the Hub answered for an id, in words."""


def made_from(claims: Sequence[Claim], *, card: str) -> Iterator[str]:
    """Yield what a repository was made from; ``card`` is the address of the card that was read."""
    if not claims:
        return
    yield section(f"Made from {len(claims):,}")
    yield _list([_claim(one, card) for one in claims])


def made_of_it(children: Sequence[Offspring]) -> Iterator[str]:
    """Yield what was made from a repository, by relation, with the best known."""
    if not children:
        return
    yield section("Made from it")
    yield '<ul class="rg-evidence">'
    for one in children:
        names = ", ".join(inside(address("explore", node), node.id) for node in one.first)
        more = f" and {one.total - len(one.first):,} more" if one.total > len(one.first) else ""
        look = RELATIONS[one.relation]
        yield (
            f'<li><b style="{_colour(look.light, look.dark)}">{look.title} {one.total:,}</b>'
            f"<div>{names}{more}</div></li>"
        )
    yield "</ul>"


def card_address(node: Node, commit: str | None) -> str:
    """Return the address of a card as it was at a commit, "" where that is not known.

    >>> from graph.model.records import Kind
    >>> card_address(Node(Kind.MODEL, "acme/tiny"), None)
    ''
    """
    if commit is None or not _COMMIT.fullmatch(commit):
        return ""
    return f"{node.iri}/blob/{commit}/README.md"


def _claim(claim: Claim, card: str) -> str:
    look = RELATIONS[claim["relation"]]
    title = f'<b style="{_colour(look.light, look.dark)}">{look.title}</b>'
    return f"<li>{title} {_target(claim)}<div>{'; '.join(_words(claim, card))}</div></li>"


def _target(claim: Claim) -> Html:
    """Return what is named: a repository to go to, or words that name none."""
    if claim["id"] is None:
        return escaped(" / ".join(claim["raw"]))
    node = Node(claim["kind"], claim["id"])
    return inside(address("explore", node), claim["id"])


def _words(claim: Claim, card: str) -> Iterator[str]:
    """Yield who says so, in which words, and what speaks against it."""
    said = [_SAID[source] for source in claim["sources"]]
    yield escaped(" and ".join(said) or "nobody is known to say so")
    if ClaimSource.CARD in claim["sources"] and card:
        commit = card.split("/blob/")[1][:7]
        yield Html(f"at commit {link(card, commit)}")
    if claim["id"] is not None and (other := _other_words(claim)):
        yield escaped(f"declared as {other}")
    if claim["id"] is None:
        yield "names no repository"
    elif not claim["known"]:
        status = claim["status"]
        found = next((words for one, words in STATUSES.items() if one == status), "not known")
        yield escaped(f"only named here ({found})")
    if claim["created_later"]:
        later = "created after this one: its name may have been taken over"
        yield f'<span class="rg-warn">{later}</span>'


def _other_words(claim: Claim) -> str:
    """Return the declared values that are not just the id."""
    wanted = (claim["id"] or "", v.HUB + (claim["id"] or ""))
    return ", ".join(raw for raw in claim["raw"] if not raw.endswith(wanted))


def _list(entries: list[str]) -> str:
    """Return entries as a list, those beyond the first few to open."""
    first, rest = entries[:_SHOWN], entries[_SHOWN:]
    more = ""
    if rest:
        head = f"<summary>{len(rest):,} more</summary>"
        inner = f'<ul class="rg-evidence">{"".join(rest)}</ul>'
        more = f'<details class="rg-more">{head}{inner}</details>'
    return f'<ul class="rg-evidence">{"".join(first)}</ul>{more}'


def _colour(light: str, dark: str) -> str:
    return f"color: light-dark({light}, {dark})"
