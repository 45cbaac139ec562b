"""The client against olah, a server of the Hub's API by others: repositories, cards, revisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.model.errors import SourceUnavailable
from graph.model.records import Kind, Resolution
from ingest.aliases import Aliases
from ingest.cards import parse_card
from ingest.hub.cache import Cache, Card, open_cache
from ingest.hub.cards import fetch_cards
from ingest.hub.client import Client, Limits
from ingest.hub.lookups import look_up
from ingest.hub.progress import Silent
from tests.depth import IN_CI
from tests.olah import CannotInstall, Olah, install, serve

CARD = b"---\nlicense: mit\nbase_model: acme/base\n---\n# Tiny\n"
NEWER = b"---\nlicense: apache-2.0\nbase_model: acme/base\n---\n# Tiny, newer\n"

# Line ends of two kinds, text beyond ASCII, and a byte order mark: what may get lost on the way.
AWKWARD = "\ufeff---\r\nlicense: mit\r\n---\r\n# Übung 🤗 \u2028\nno end of line".encode()


@pytest.fixture(scope="module")
def olah(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Olah]:
    """Yield a running olah; where it cannot be had skip the tests, or fail them in CI."""
    kept = hasattr(request.config, "cache")  # else pytest runs with -p no:cacheprovider
    folder = request.config.cache.mkdir("olah") if kept else tmp_path_factory.mktemp("install")
    try:
        python = install(folder)
    except CannotInstall as error:
        if IN_CI:
            pytest.fail(str(error))
        pytest.skip(str(error))
    with serve(python, tmp_path_factory.mktemp("olah")) as server:
        yield server


@pytest.fixture
def client(olah: Olah) -> Client:
    """Return a client that asks again soon."""
    return Client(olah.endpoint, limits=Limits(patience=30, first_wait=0.01))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """Yield an empty cache."""
    with open_cache(tmp_path) as opened:
        yield opened


def fetch(
    client: Client, cache: Cache, kind: Kind, repository_id: str, commit: str | None
) -> Card | None:
    """Return the card that is in the cache after it was fetched for a commit."""
    _, outcome = fetch_cards(client, [(kind, repository_id, commit)], cache, Silent())
    assert outcome.failure is None
    return cache.card(kind, repository_id)


# --- repositories ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.MODEL, Kind.DATASET])
def test_a_repository_that_exists(olah: Olah, client: Client, kind: Kind) -> None:
    """It is found under its name, with its newest commit and what its card declares."""
    olah.commit(kind, "acme/found", CARD)
    newest = olah.commit(kind, "acme/found", NEWER)
    answer, row = look_up(client, kind, "acme/found")

    assert Resolution.RESOLVED == answer.resolution
    assert row is not None
    shown = json.loads(row)
    assert ("acme/found", newest) == (shown["id"], shown["sha"])
    assert {"license": "apache-2.0", "base_model": "acme/base"} == shown["cardData"]


@pytest.mark.parametrize("kind", [Kind.MODEL, Kind.DATASET])
def test_a_repository_that_does_not_exist(client: Client, kind: Kind) -> None:
    """It is missing, which is an answer and no failure."""
    answer, row = look_up(client, kind, "acme/nowhere")

    assert (Resolution.MISSING, None) == (answer.resolution, row)


# --- cards ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "repository_id"),
    [(Kind.MODEL, "acme/card"), (Kind.DATASET, "acme/card"), (Kind.MODEL, "legacy-card")],
)
def test_a_card_comes_byte_for_byte(
    olah: Olah, client: Client, cache: Cache, kind: Kind, repository_id: str
) -> None:
    """It is kept as it was committed, with the commit it was fetched for; olah tells no ETag."""
    commit = olah.commit(kind, repository_id, AWKWARD)

    assert Card(AWKWARD.decode(), commit, None) == fetch(client, cache, kind, repository_id, commit)


def test_a_card_comes_once_for_a_commit(olah: Olah, client: Client, cache: Cache) -> None:
    """What the cache has for the same commit is not asked for again."""
    commit = olah.commit(Kind.MODEL, "acme/once", CARD)
    first = fetch(client, cache, Kind.MODEL, "acme/once", commit)
    requests = client.requests
    second = fetch(client, cache, Kind.MODEL, "acme/once", commit)

    assert first == second
    assert requests == client.requests


def test_a_new_commit_brings_the_new_card(olah: Olah, client: Client, cache: Cache) -> None:
    """The card of a newer commit takes the place of the one that is in the cache."""
    old = olah.commit(Kind.MODEL, "acme/renewed", CARD)
    before = fetch(client, cache, Kind.MODEL, "acme/renewed", old)
    new = olah.commit(Kind.MODEL, "acme/renewed", NEWER)
    after = fetch(client, cache, Kind.MODEL, "acme/renewed", new)

    assert Card(CARD.decode(), old, None) == before
    assert Card(NEWER.decode(), new, None) == after


def test_what_the_card_declares(olah: Olah, client: Client, cache: Cache) -> None:
    """The licence and the base model in a card that was fetched are those of its author."""
    commit = olah.commit(Kind.MODEL, "acme/declared", CARD)
    card = fetch(client, cache, Kind.MODEL, "acme/declared", commit)
    assert card is not None
    record = parse_card(Kind.MODEL, "acme/declared", card.text, Aliases.none())

    assert ("mit",) == tuple(one.license for one in record.licenses)
    assert ("acme/base",) == tuple(one.target for one in record.derivations)
    assert () == record.issues


def test_no_card_of_a_repository_that_does_not_exist(client: Client, cache: Cache) -> None:
    """A repository that is gone since it was listed has no card, which is no failure."""
    assert fetch(client, cache, Kind.MODEL, "acme/nowhere", None) is None


def test_what_came_before_the_server_failed(olah: Olah, client: Client, cache: Cache) -> None:
    """Errors of the server end in one line once patience ends; the cards that came are kept."""
    hasty = Client(olah.endpoint, limits=Limits(patience=0.2, first_wait=0.01))
    good = olah.commit(Kind.MODEL, "acme/good", CARD)
    bare = olah.commit(Kind.MODEL, "acme/bare", b"{}", file="config.json")  # olah answers 500
    fetch(client, cache, Kind.MODEL, "acme/good", good)
    wanted = [(Kind.MODEL, "acme/good", good), (Kind.MODEL, "acme/bare", bare)]
    came, outcome = fetch_cards(hasty, wanted, cache, Silent())

    assert (0, 1) == (came, outcome.failed)
    assert isinstance(outcome.failure, SourceUnavailable)
    assert f"{olah.endpoint} stays away: " in str(outcome.failure)  # it resets connections, too
    assert Card(CARD.decode(), good, None) == cache.card(Kind.MODEL, "acme/good")
