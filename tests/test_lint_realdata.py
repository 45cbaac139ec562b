"""Lint over recorded cards: no card is broken by its patch, and what is found most."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from ingest.cards import split_card
from ingest.linting import Surroundings, lint, mend

pytestmark = pytest.mark.realdata


def cards(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the ids and the cards of a file."""
    for line in gzip.decompress(path.read_bytes()).splitlines():
        row = json.loads(line)
        yield row["id"], row["card"]


def check(repository_id: str, card: str) -> tuple[Counter[str], Counter[str]]:
    """Lint and mend a card, and see that it is whole; count what was found and mended."""
    known = Surroundings(repository_id=repository_id)
    problems, better = lint(card, known), mend(card, known)
    left = lint(better.card, known)

    assert split_card(card)[1] == split_card(better.card)[1]
    assert better.card == mend(better.card, known).card
    assert not {(one.rule.name, one.field) for one in left} & set(better.done)
    assert "invalid-card" not in {one.rule.name for one in left} - {
        one.rule.name for one in problems
    }
    assert all(one.line and 1 <= one.line <= card.count("\n") + 1 for one in problems)
    rules = {one.rule.name for one in problems}
    return Counter(rules), Counter({rule for rule, _ in better.done})


@pytest.mark.parametrize("name", ["model_cards_2025", "dataset_cards_2022"])
def test_some_cards_stay_whole(realdata: Path, name: str) -> None:
    """Every tenth card is mended without harm."""
    for repository_id, card in islice(cards(realdata / "cards" / f"{name}.jsonl.gz"), 0, None, 10):
        check(repository_id, card)


@pytest.mark.deep
def test_model_cards(realdata: Path) -> None:
    """Of 1,128 cards of 2025 a third declares no licence, 258 of them in a misspelt field.

    There the field holds a placeholder, `licence: license`: renamed, the Hub would refuse the card.
    """
    found: Counter[str] = Counter()
    mended: Counter[str] = Counter()
    count = 0
    for repository_id, card in cards(realdata / "cards" / "model_cards_2025.jsonl.gz"):
        one, other = check(repository_id, card)
        found, mended, count = found + one, mended + other, count + 1

    assert 1_128 == count
    assert {
        "missing-license": 407,
        "misspelt-license": 258,
        "duplicate-value": 58,
        "missing-relation": 36,
        "unnamed-license": 32,
        "license-family": 13,
        "junk-dataset": 10,
        "name-prefix": 5,
        "missing-parent": 2,
        "legacy-id": 1,
        "local-path": 1,
    } == dict(found)
    assert {
        "duplicate-value": 58,
        "missing-parent": 2,
        "missing-relation": 2,
        "legacy-id": 1,
    } == dict(mended)


@pytest.mark.deep
def test_dataset_cards(realdata: Path) -> None:
    """Cards of 2022 have the old fields, which most of them can simply rename."""
    found: Counter[str] = Counter()
    mended: Counter[str] = Counter()
    for repository_id, card in cards(realdata / "cards" / "dataset_cards_2022.jsonl.gz"):
        one, other = check(repository_id, card)
        found, mended = found + one, mended + other

    assert {
        "old-field": 347,
        "missing-license": 167,
        "unknown-license": 17,
        "several-licenses": 8,
        "no-front-matter": 4,
        "license-family": 3,
        "not-a-repository": 1,
    } == dict(found)
    assert {"old-field": 332} == dict(mended)


def test_fixtures_of_the_client(realdata: Path) -> None:
    """The cards that the Hub's own client is tested with stay whole, Windows line ends too."""
    paths = sorted((realdata / "cards" / "hub-client-fixtures").glob("*.md"))

    assert paths
    for path in paths:
        check("acme/tiny", path.read_bytes().decode())
