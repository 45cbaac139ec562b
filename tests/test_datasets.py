"""Datasets and Spaces: rows of the Hub's lists."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Gating,
    IssueKind,
    LicenseDeclaration,
    Relation,
    Repository,
    Space,
)
from graph.rdf.triples import record_from_triples, record_triples
from ingest.aliases import Aliases
from ingest.datasets import parse_datasets
from ingest.spaces import parse_spaces


def read(*tags: str, **fields: object) -> Dataset:
    """Return the dataset of one row with these tags and fields."""
    row = {"id": "acme/qa", "tags": list(tags), **fields}
    record = parse_datasets([row], Aliases.seed(), "page").records[0]
    assert isinstance(record, Dataset)
    return record


def test_row_of_the_list() -> None:
    """A row of the list says all in its tags."""
    dataset = read(
        "task_categories:text-retrieval",
        "language:zh",
        "license:apache-2.0",
        "size_categories:1M<n<10M",
        "source_datasets:extended|squad",
        "modality:tabular",
        "arxiv:2304.03679",
        "region:us",
        author="acme",
        disabled=False,
        gated="auto",
        sha="2cbab7689628afcef8f57d3e87481f5d001f3c9e",
        createdAt="2023-04-04T07:15:08.000Z",
        lastModified="2023-07-03T08:46:32.000Z",
        downloads=51,
        likes=24,
    )
    expected = Dataset(
        id="acme/qa",
        created="2023-04-04T07:15:08Z",
        modified="2023-07-03T08:46:32Z",
        downloads=51,
        likes=24,
        gating=Gating.AUTO,
        disabled=False,
        commit="2cbab7689628afcef8f57d3e87481f5d001f3c9e",
        tasks=("text-retrieval",),
        languages=("zh",),
        papers=("2304.03679",),
        sizes=("1M<n<10M",),
        derivations=(
            Derivation(
                relation=Relation.SOURCE,
                target="rajpurkar/squad",
                raw=("source_datasets:extended|squad",),
                sources=(ClaimSource.HUB,),
                aliased=True,
            ),
        ),
        licenses=(
            LicenseDeclaration(declared="apache-2.0", source=ClaimSource.HUB, license="apache-2.0"),
        ),
    )

    assert expected == dataset


def test_the_card_wins_over_the_tags() -> None:
    """What the card says and the tags repeat is the card's."""
    dataset = read(
        "language:en",
        "source_datasets:original",
        "source_datasets:extended|other-web",
        cardData={
            "pretty_name": "Questions",
            "language": ["en", "fr"],
            "source_datasets": ["original", "extended|other-web"],
        },
    )
    expected = Derivation(
        relation=Relation.SOURCE,
        target=None,
        raw=("extended|other-web", "source_datasets:extended|other-web"),
        sources=(ClaimSource.CARD,),
        position=1,
    )

    assert ("en", "fr") == dataset.languages
    assert "Questions" == dataset.title
    assert (expected,) == dataset.derivations
    assert () == dataset.issues


def test_a_source_in_words_is_kept_and_noted() -> None:
    """Free text names no repository; what was written stays."""
    dataset = read("source_datasets:Egyptian Wikipedia")

    assert [None] == [one.target for one in dataset.derivations]
    assert [IssueKind.NOT_A_REPOSITORY] == [issue.kind for issue in dataset.issues]


def test_a_dataset_made_from_itself() -> None:
    """A dataset that names itself keeps the claim, with an issue."""
    dataset = read("source_datasets:acme/qa")

    assert ["acme/qa"] == [one.target for one in dataset.derivations]
    assert [IssueKind.SELF_LOOP] == [issue.kind for issue in dataset.issues]


def test_a_title_by_configuration_is_none() -> None:
    """The card of `wi_locness` has a title for each configuration."""
    dataset = read(cardData={"pretty_name": {"wi": "Write & Improve", "locness": "LOCNESS"}})

    assert (None, ()) == (dataset.title, dataset.issues)


def test_space() -> None:
    """A Space has a kit, and the models and datasets it uses."""
    row = {
        "id": "acme/demo",
        "sdk": "gradio",
        "likes": 2,
        "models": ["gpt2", "acme/base"],
        "datasets": ["imagefolder"],
        "tags": ["gradio", "license:mit", "region:us"],
        "cardData": {"title": "Demo", "models": ["acme/base"], "license": "mit"},
    }
    record = parse_spaces([row], Aliases.seed(), "page").records[0]

    assert isinstance(record, Space)
    assert ("gradio", "Demo", 2) == (record.sdk, record.title, record.likes)
    assert ("acme/base", "openai-community/gpt2") == record.models
    assert () == record.datasets
    assert [IssueKind.JUNK_DATASET] == [issue.kind for issue in record.issues]
    assert record == record_from_triples(record_triples(record))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
SOURCES = st.sampled_from(["original", "extended|squad", "extended|other-x", "acme/qa", "a b"])
CARD_DATA = st.fixed_dictionaries(
    {},
    optional={
        "source_datasets": st.lists(SOURCES) | JSON,
        "licenses": st.dictionaries(st.text(), st.lists(st.text())) | JSON,
        "languages": JSON,
        "task_categories": JSON,
        "pretty_name": JSON,
        "title": JSON,
        "models": JSON,
    },
)
ROW = st.fixed_dictionaries(
    {"id": st.just("acme/qa")},
    optional={
        "tags": st.lists(SOURCES.map("source_datasets:{}".format) | JSON),
        "cardData": CARD_DATA | JSON,
        "gated": JSON,
        "datasets": JSON,
    },
)


@given(ROW)
def test_any_row_is_read_and_survives_the_graph(row: object) -> None:
    """No row makes the readers fail, and what they read comes back from its triples."""
    for parse in (parse_datasets, parse_spaces):
        record = parse([row], Aliases.seed(), "page").records[0]

        assert record == record_from_triples(record_triples(record))


@pytest.mark.realdata
def test_recorded_list(realdata: Path) -> None:
    """All datasets of the pages of July 2024 are read; two sources of 'extended|quora|google'."""
    records: list[Repository] = []
    for path in sorted((realdata / "hub-2024-07" / "datasets").glob("page-*.json.gz")):
        rows = json.loads(gzip.decompress(path.read_bytes()))
        parsed = parse_datasets(rows, Aliases.seed(), path.name)
        assert () == parsed.issues
        records += parsed.records
    split = [
        one.target
        for record in records
        for one in record.derivations
        if "source_datasets:extended|quora|google" in one.raw
    ]

    assert 44_000 == len(records)
    assert ["google", "quora"] == split
