"""Cards on demand: the README of repositories whose list answer does not tell all.

The Hub knows each file's content by an ETag. A card that was fetched before is asked for with it,
and comes again only if it has changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huggingface_hub.errors import HfHubHTTPError

from graph.model.records import Kind
from ingest.hub.cache import Cache, Card
from ingest.hub.client import ATTEMPTS, Answer, Client
from ingest.hub.listing import card_url
from ingest.hub.progress import Progress
from ingest.hub.together import Outcome, ask_together

__all__ = ["fetch_cards", "wants_card"]

Wanted = tuple[Kind, str, str | None]
"""A kind, an id, and the commit whose card is wanted."""

_UNCHANGED = 304
_LARGEST = 10_000_000  # characters: the longest cards on the Hub have as many bytes
_MERGES = frozenset(["merge", "mergekit"])
_MORE_TO_TELL = ("base_model:", "dataset:", "license:other")


def wants_card(row: Mapping[str, object]) -> bool:
    """Tell whether the card of a row may say what the row does not.

    With card data that is a merge whose parents are not all in it: the recipe is in the text.
    Without, it is the name of a licence, the relation to a base model, and the datasets.
    """
    tags = row.get("tags")
    tags = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    card = row.get("cardData")
    if not _MERGES.isdisjoint(tags):
        declared = card.get("base_model") if isinstance(card, dict) else None
        return not (isinstance(declared, list) and len(declared) > 1)
    return not card and any(tag.startswith(_MORE_TO_TELL) for tag in tags)


def fetch_cards(
    client: Client, wanted: Sequence[Wanted], cache: Cache, progress: Progress
) -> tuple[int, Outcome]:
    """Bring cards into the cache; returns how many came.

    Those that the cache has for the same commit are not asked for. A repository without a card,
    or one that may not be read, has none.
    """
    due = [one for one in wanted if not _is_current(cache, one)]
    known = {one: cache.card(one[0], one[1]) for one in due}
    progress.begin("cards", len(wanted) - len(due), len(wanted))
    came: list[Wanted] = []

    def keep(one: Wanted, card: Card | None) -> None:
        if card:
            cache.keep_card(one[0], one[1], card)
            came.append(one)

    outcome = ask_together(client, due, lambda one: _fetch(client, one, known[one]), keep, progress)
    return len(came), outcome


def _is_current(cache: Cache, wanted: Wanted) -> bool:
    kind, repository_id, commit = wanted
    known = cache.card(kind, repository_id)
    return known is not None and commit is not None and known.commit == commit


def _fetch(client: Client, wanted: Wanted, known: Card | None) -> Card | None:
    """Return the card of a repository as it is now, or None where there is none to be had."""
    kind, repository_id, commit = wanted
    headers = {"If-None-Match": known.etag} if known and known.etag else {}
    url = card_url(client.endpoint, kind, repository_id, commit or "main")
    try:
        answer = client.get(url, _whole, headers, attempts=ATTEMPTS)
    except HfHubHTTPError:  # no card, gated, disabled, gone: the lists say which
        return None
    if answer.status == _UNCHANGED and known:
        return known._replace(commit=commit)
    text = answer.body.decode("utf-8", "replace")[:_LARGEST]
    return Card(text, commit or answer.headers.get("x-repo-commit"), answer.headers.get("etag"))


def _whole(answer: Answer) -> Answer:
    return answer
