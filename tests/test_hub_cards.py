"""Cards on demand: which are fetched, how seldom, and what they add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.model.errors import SourceUnavailable
from graph.model.records import Kind, Relation, Resolution
from graph.rdf.resolutions import LookUp
from graph.store.lineage_graph import LineageGraph
from ingest.hub.cache import Card, Found, open_cache
from ingest.hub.cards import fetch_cards, wants_card
from ingest.hub.lookups import look_up, look_up_all
from ingest.hub.progress import Silent
from tests.hub import Fault, StandIn
from tests.live import client_of, row, standing, sync

RECIPE = """---
license: mit
---
```yaml
models:
  - model: a/one
  - model: a/two
merge_method: slerp
```
"""
MERGE = row("a/merge", "mergekit", cardData={"license": "mit"})


def cards_asked(hub: StandIn) -> list[tuple[str, int]]:
    """Return which cards were asked for, and how that was answered."""
    return [(one.path, one.status) for one in hub.requests if "README" in one.path]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"tags": ["merge"], "cardData": {"license": "mit"}}, True),
        ({"tags": ["mergekit"], "cardData": {"base_model": ["a/x", "a/y"]}}, False),
        ({"tags": ["mergekit"], "cardData": {"base_model": "a/x"}}, True),
        ({"tags": ["license:other"]}, True),
        ({"tags": ["base_model:a/x"]}, True),
        ({"tags": ["dataset:a/x"], "cardData": {}}, True),
        ({"tags": ["dataset:a/x"], "cardData": {"datasets": ["a/x"]}}, False),
        ({"tags": ["license:mit"]}, False),
        ({"tags": "merge"}, False),
        ({}, False),
    ],
)
def test_which_cards_are_wanted(fields: dict[str, Any], expected: bool) -> None:  # noqa: FBT001
    """Those that tell more than the list: recipes, and everything where there is no card data."""
    assert expected == wants_card(fields)


def test_a_recipe_adds_the_parents_of_a_merge(tmp_path: Path) -> None:
    """The list does not know them; the card does."""
    with standing(MERGE, row("a/plain"), cards={("model", "a/merge"): RECIPE}) as hub:
        report = sync(tmp_path, hub, cards=True)

    with LineageGraph.open(tmp_path) as graph:
        claims = graph.record(graph.find("a/merge")).derivations
    assert {("a/one", Relation.MERGE), ("a/two", Relation.MERGE)} == {
        (claim.target, claim.relation) for claim in claims
    }
    assert [(f"/a/merge/resolve/{MERGE['sha']}/README.md", 200)] == cards_asked(hub)
    assert 1 == report.cards


def test_a_card_is_asked_for_again_only_when_the_repository_changed(tmp_path: Path) -> None:
    """At the same commit not at all; at another one by its ETag, which says that it is the same."""
    with standing(MERGE, cards={("model", "a/merge"): RECIPE}) as hub:
        sync(tmp_path, hub, cards=True)
        hub.requests.clear()
        sync(tmp_path, hub, cards=True, full=True)
        same = cards_asked(hub)
        hub.change("model", "a/merge", sha="b" * 40, lastModified="2026-05-09T00:00:00.000Z")
        sync(tmp_path, hub, cards=True)
        changed = cards_asked(hub)

    assert ([], [(f"/a/merge/resolve/{'b' * 40}/README.md", 304)]) == (same, changed)
    with LineageGraph.open(tmp_path) as graph:
        record = graph.record(graph.find("a/merge"))
    assert ("b" * 40, 2) == (record.commit, len(record.derivations))


def test_what_a_card_said_stays_when_the_list_comes_again(tmp_path: Path) -> None:
    """A run without --cards at the same commit takes nothing away, and that is no change."""
    with standing(MERGE, cards={("model", "a/merge"): RECIPE}) as hub:
        sync(tmp_path, hub, cards=True)
        hub.change("model", "a/merge", likes=3)
        report = sync(tmp_path, hub, full=True)

    with LineageGraph.open(tmp_path) as graph:
        record = graph.record(graph.find("a/merge"))
    assert (3, 2) == (record.likes, len(record.derivations))
    assert {} == report.changes


@pytest.mark.parametrize("gated", ["none", "manual"])
def test_a_repository_without_a_card_to_be_had_has_none(tmp_path: Path, gated: str) -> None:
    """Missing or gated: neither is a failure of the run."""
    with standing(MERGE | {"gated": gated != "none" and gated}) as hub:
        report = sync(tmp_path, hub, cards=True)

    assert (True, 0) == (report.complete, report.cards)


def test_the_hub_leaving_while_cards_are_fetched(tmp_path: Path) -> None:
    """The lists are kept; the report says why the run is not complete."""
    with standing(MERGE, cards={("model", "a/merge"): RECIPE}) as hub:
        hub.fault(Fault("server_error", times=999, match="README"))
        report = sync(tmp_path, hub, cards=True)

    assert not report.complete
    assert "README.md" in report.reason


def test_one_card_that_cannot_be_had_does_not_hold_up_the_others(tmp_path: Path) -> None:
    """It is counted, and the run is complete."""
    others = [row(f"a/{n}", "mergekit", cardData={"license": "mit"}) for n in range(7)]
    cards = {("model", one["id"]): RECIPE for one in (MERGE, *others)}
    with standing(MERGE, *others, cards=cards) as hub:
        hub.fault(Fault("server_error", times=999, match="a/merge/resolve"))
        report = sync(tmp_path, hub, cards=True, lookups=0)

    assert (True, 7, 1) == (report.complete, report.cards, report.failed)


def test_an_interruption_while_cards_are_fetched_ends_the_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for requests that nobody wants any more."""
    with (
        standing(MERGE, cards={("model", "a/merge"): RECIPE}) as hub,
        open_cache(tmp_path) as cache,
    ):
        client = client_of(hub)
        monkeypatch.setattr("ingest.hub.cards._fetch", _interrupt)
        monkeypatch.setattr("ingest.hub.lookups.look_up", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            fetch_cards(client, [(Kind.MODEL, "a/merge", None)], cache, Silent())
        with pytest.raises(KeyboardInterrupt):
            look_up_all(client, [(Kind.MODEL, "a/merge")], cache, Silent())
        with pytest.raises(SourceUnavailable, match="stopped"):
            client.get(hub.endpoint, lambda answer: answer)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def test_look_ups_see_no_private_repository() -> None:
    """One that the token may see is for the public not there."""
    with standing(row("a/secret", private=True), token="hf_x") as hub:  # noqa: S106 - made up
        found = look_up(client_of(hub, token="hf_x"), Kind.MODEL, "a/secret")  # noqa: S106

    assert (Resolution.MISSING, None) == (found.answer.resolution, found.row)


def test_look_ups_do_without_fields_that_are_refused() -> None:
    """The Hub answers with what it likes to."""
    with standing(row("a/x")) as hub:
        hub.fault(Fault("server_error", status=400, match="expand"))
        found = look_up(client_of(hub), Kind.MODEL, "a/x")

    assert Resolution.RESOLVED is found.answer.resolution


@pytest.mark.parametrize("status", [400, 403, 418])
def test_a_refusal_without_a_reason_is_none_of_existence(status: int) -> None:
    """It says nothing of the repository, so it is not kept."""
    with standing() as hub:
        hub.fault(Fault("server_error", times=9, status=status))
        with pytest.raises(SourceUnavailable, match="refuses to tell of a/x"):
            look_up(client_of(hub), Kind.MODEL, "a/x")


def test_a_plain_404_means_missing() -> None:
    """A mirror may not know the Hub's error codes."""
    with standing() as hub:
        hub.fault(Fault("server_error", status=404))

        assert Resolution.MISSING is look_up(client_of(hub), Kind.SPACE, "a/x").answer.resolution


def test_an_answer_that_is_no_object_is_asked_for_again() -> None:
    """A proxy may answer with anything once."""
    with standing(row("a/x")) as hub:
        hub.fault(Fault("wrong_json", html=True))
        found = look_up(client_of(hub), Kind.MODEL, "a/x")

    assert Resolution.RESOLVED is found.answer.resolution


def test_answers_and_cards_come_back(tmp_path: Path) -> None:
    """Answers until the run ends, cards for longer; both count as requests of the run."""
    answer = LookUp(
        kind=Kind.MODEL,
        id="a/old",
        resolution=Resolution.RENAMED,
        checked="2026-05-01T00:00:00Z",
        replaced_by="a/new",
    )
    found, card = Found(answer, b"{}"), Card("# Überblick\ud800", "c0ffee", '"etag"')
    with open_cache(tmp_path) as cache:
        cache.keep_answer(found)
        cache.keep_card(Kind.MODEL, "a/new", card)
        assert (found, 2) == (cache.answer(Kind.MODEL, "a/old"), cache.requests())
    with open_cache(tmp_path) as cache:
        cache.end_run()
        assert (None, 0) == (cache.answer(Kind.MODEL, "a/old"), cache.requests())
        assert card._replace(text="# Überblick?") == cache.card(Kind.MODEL, "a/new")
        assert cache.card(Kind.DATASET, "a/new") is None
