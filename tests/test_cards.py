"""Cards: splitting, reading YAML safely, and merging into what the Hub says."""

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
    Issue,
    IssueKind,
    Kind,
    Model,
    Relation,
    Repository,
    Space,
)
from ingest.aliases import Aliases
from ingest.cards import (
    LONGEST_FRONT_MATTER,
    card_kind,
    merge_card,
    parse_card,
    parse_cards,
    read_metadata,
    split_card,
)
from ingest.models import parse_models
from ingest.values import Notes

HUB, CARD = ClaimSource.HUB, ClaimSource.CARD


def metadata(front_matter: str) -> tuple[dict[str, object], list[Issue]]:
    """Return the fields in front matter, and what was wrong."""
    notes = Notes()
    return read_metadata(f"---\n{front_matter}\n---\n", notes), notes.issues


def model_card(front_matter: str) -> Repository:
    """Return the record of a model's card."""
    return parse_card(Kind.MODEL, "acme/child", f"---\n{front_matter}\n---\n", Aliases.none())


def listed(*tags: str) -> Repository:
    """Return the record of a model's row in the list."""
    rows = [{"id": "acme/child", "likes": 3, "tags": list(tags)}]
    return parse_models(rows, Aliases.none(), "page").records[0]


# --- splitting ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("---\nlicense: mit\n---\n# Tiny\n", ("license: mit", "# Tiny\n")),
        ("---\r\nlicense: mit\r\n---\r\n# Tiny", ("license: mit", "# Tiny")),
        ("\ufeff---\nlicense: mit\n---", ("license: mit", "")),
        ("\n\n--- \nlicense: mit\n---\t\n", ("license: mit", "")),
        ("---\n---\n# Tiny", ("", "# Tiny")),
        ("---\nlicense: mit\n# no end", (None, "---\nlicense: mit\n# no end")),
        ("# MyCoolModel\n\n---\nno: metadata\n---\n", None),
        ("", (None, "")),
    ],
)
def test_split(card: str, expected: tuple[str | None, str] | None) -> None:
    """Front matter stands between two lines of dashes, at the very start and with an end."""
    assert (expected or (None, card)) == split_card(card)


def test_a_line_of_dashes_within_a_value_is_no_end() -> None:
    """Only a line of three dashes ends front matter."""
    assert ("title: a\nnote: '----'\n----x: 1", "") == split_card(
        "---\ntitle: a\nnote: '----'\n----x: 1\n---\n"
    )


# --- reading ------------------------------------------------------------------------------------


def test_norwegian_is_not_false() -> None:
    """The Hub reads YAML 1.2, where `no` and a date are text."""
    fields, issues = metadata("language: [no, yes]\ndate: 2022-01-20\ninference: false")

    assert {"language": ["no", "yes"], "date": "2022-01-20", "inference": False} == fields
    assert [] == issues


@pytest.mark.parametrize(
    ("front_matter", "value"),
    [
        ("[]", "[]"),
        ("{card_data", "line 2: did not find expected ',' or '}'"),
        ("a: b: c", "line 1: mapping values are not allowed in this context"),
        ("a: !!python/object:os.system x", "line 1: could not determine a constructor"),
        ("a: !!bool perhaps", "'perhaps'"),
        ("a: *b", "line 1: found undefined alias"),
        ("just words", "just words"),
        ("? [a]\n: b", "line 1: found unhashable key"),
    ],
)
def test_invalid_front_matter_is_noted(front_matter: str, value: str) -> None:
    """What is no mapping in valid YAML gives no field, and one issue that says why."""
    fields, issues = metadata(front_matter)

    assert ({}, 1) == (fields, len(issues))
    assert (IssueKind.INVALID_CARD, "card") == (issues[0].kind, issues[0].field)
    assert issues[0].value.startswith(value)


@pytest.mark.parametrize("front_matter", ["", "# only a comment", "null"])
def test_empty_front_matter_is_no_fault(front_matter: str) -> None:
    """Empty front matter says nothing."""
    assert ({}, []) == metadata(front_matter)


def test_names_that_are_no_text_are_left_out() -> None:
    """YAML allows any value as a name."""
    assert ({"license": "mit"}, []) == metadata("license: mit\n7: seven\ntrue: 1")


BOMBS = {
    "aliases": "a: &a [x, x]\n"
    + "\n".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "merges": "a: &a {x: 1, y: 2}\n"
    + "\n".join(
        f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 9)}]}}"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "itself": "a: &a [*a]",
    "size": "a: " + "x" * LONGEST_FRONT_MATTER,
    "depth": "a: " + "[" * 5_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused(bomb: str) -> None:
    """A few lines that unfold to millions of values are refused before they do."""
    fields, issues = metadata(BOMBS[bomb])

    assert ({}, [IssueKind.INVALID_CARD]) == (fields, [issue.kind for issue in issues])


def test_honest_aliases_are_read() -> None:
    """An anchor that is used again is plain YAML."""
    fields, _ = metadata("base_model: &parents [a/b]\nmore: *parents\nall: {<<: {x: 1}}")

    assert {"base_model": ["a/b"], "more": ["a/b"], "all": {"x": 1}} == fields


@given(st.text() | st.text(alphabet="-\n&*[]{}:!<> abc\r\t'\"").map("---\n{}\n---".format))
def test_any_text_is_a_card(card: str) -> None:
    """No text makes the reader fail."""
    assert "acme/child" == parse_card(Kind.MODEL, "acme/child", card, Aliases.none()).id


# --- records ------------------------------------------------------------------------------------


def test_card_of_a_model() -> None:
    """The record of a card holds what its author declares, and nothing else."""
    record = model_card("license: mit\nbase_model: acme/base\nlanguage: eo")

    assert isinstance(record, Model)
    assert ("eo",) == record.languages
    assert ["mit"] == [one.license for one in record.licenses]
    assert [("acme/base", (CARD,))] == [(one.target, one.sources) for one in record.derivations]
    assert record.likes is None


def test_card_of_an_old_dataset() -> None:
    """The card of `xglue` of 2022 splits its fields up by configuration."""
    card = (
        "---\nlanguages:\n  ner: [de, en]\n  nc: [en]\nlicenses:\n  mlqa: [cc-by-sa-4.0]\n"
        "  nc: [unknown]\nsource_datasets:\n  mlqa: [extended|squad]\n  nc: [original]\n"
        "pretty_name: XGLUE\n---\n"
    )
    record = parse_card(Kind.DATASET, "xglue", card, Aliases.seed())

    assert isinstance(record, Dataset)
    assert ("de", "en") == record.languages
    assert ["cc-by-sa-4.0", "unknown"] == [one.declared for one in record.licenses]
    assert ["rajpurkar/squad"] == [one.target for one in record.derivations]
    assert "XGLUE" == record.title


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, Kind.MODEL),
        ({"license": "mit", "language": "en"}, Kind.MODEL),
        ({"licenses": ["mit"]}, Kind.DATASET),
        ({"size_categories": [], "task_ids": []}, Kind.DATASET),
        ({"task_categories": [], "base_model": "acme/base"}, Kind.MODEL),
        ({"sdk": "gradio"}, Kind.SPACE),
    ],
)
def test_kind(fields: dict[str, object], kind: Kind) -> None:
    """A card's fields tell what it is about; a model may have some fields of datasets."""
    assert kind is card_kind(fields)


def test_rows_of_cards() -> None:
    """A row has an id and a card, and may tell the kind; a broken one does not stop the rest."""
    rows: list[object] = [
        {"id": "acme/qa", "card": "---\nlicenses: [mit]\n---\n"},
        {"id": "acme/demo", "card": "# Demo", "kind": "space"},
        {"id": "acme/empty", "card": None},
        {"id": "acme/broken", "card": 7},
        {"card": "# no id"},
    ]
    parsed = parse_cards(rows, Aliases.none(), "cards.jsonl")

    assert [Dataset, Space, Model, Model] == [type(record) for record in parsed.records]
    assert [IssueKind.WRONG_TYPE] == [issue.kind for issue in parsed.records[3].issues]
    assert ["cards.jsonl[4]"] == [issue.where for issue in parsed.issues]


# --- merging ------------------------------------------------------------------------------------


def test_merging_unites_a_card_with_its_tags() -> None:
    """The Hub typed what the author named: one edge, whose relation stays the Hub's."""
    old = listed("base_model:acme/base", "base_model:finetune:acme/base", "license:mit")
    merged = merge_card(old, model_card("base_model: acme/base\nlicense: mit"))
    expected = Derivation(
        relation=Relation.FINETUNE,
        target="acme/base",
        raw=("acme/base", "base_model:acme/base", "base_model:finetune:acme/base"),
        sources=(HUB,),
    )

    assert (expected,) == merged.derivations
    assert [CARD] == [one.source for one in merged.licenses]
    assert 3 == merged.likes


def test_merging_replaces_an_older_card() -> None:
    """A newer card takes the place of the older one; the Hub's claims stay."""
    old = merge_card(
        listed("base_model:merge:acme/base", "license:mit"),
        model_card("base_model: [acme/base, acme/gone]\nlicense: gpl-3.0"),
    )
    merged = merge_card(old, model_card("base_model: acme/new\nlicense: mit"))

    assert [("acme/base", Relation.MERGE, (HUB,)), ("acme/new", Relation.UNSPECIFIED, (CARD,))] == [
        (one.target, one.relation, one.sources) for one in merged.derivations
    ]
    assert [("mit", CARD)] == [(one.declared, one.source) for one in merged.licenses]


def test_merging_keeps_what_the_card_does_not_say() -> None:
    """A silent card changes nothing, and a claim of a data record is no card's."""
    generated = Derivation(
        relation=Relation.GENERATED,
        target="acme/writer",
        raw=("writer",),
        sources=(ClaimSource.DATASET_RECORD,),
    )
    old = Dataset(id="acme/qa", languages=("en",), derivations=(generated,))
    card = parse_card(Kind.DATASET, "acme/qa", "# nothing", Aliases.none())

    assert old == merge_card(old, card)


def test_merging_into_nothing_is_the_card() -> None:
    """A card of a repository that is not known yet is all there is."""
    card = model_card("license: mit")

    assert card == merge_card(None, card)


def test_a_card_of_another_kind_is_not_merged() -> None:
    """A dataset of the same id is another repository."""
    old = listed("license:mit")

    assert old == merge_card(old, Dataset(id="acme/child", languages=("en",)))


PARENT = st.sampled_from(["acme/base", "acme/other", "acme/child", "gpt2", "./x", "merge"])
RELATION = st.sampled_from(["merge", "finetune", "quantized"])
TAGS = st.lists(
    st.builds("base_model:{}".format, PARENT)
    | st.builds("base_model:{}:{}".format, RELATION, PARENT)
    | st.builds("dataset:{}".format, PARENT)
    | st.sampled_from(["license:mit", "license:gpl-3.0", "en"])
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "base_model": st.lists(PARENT),
        "base_model_relation": RELATION,
        "datasets": st.lists(PARENT),
        "license": st.sampled_from(["mit", "apache-2.0", ["mit", "gpl-3.0"]]),
        "language": st.sampled_from(["en", ["de", "fr"]]),
    },
)


@given(TAGS, FIELDS, FIELDS)
def test_merging_twice_changes_nothing(
    tags: list[str], row_card: dict[str, object], card: dict[str, object]
) -> None:
    """Merging is idempotent, whether or not the row came with an older card."""
    row = {"id": "acme/child", "tags": tags, "cardData": row_card}
    old = parse_models([row], Aliases.none(), "page").records[0]
    record = model_card(json.dumps(card))
    merged = merge_card(old, record)

    assert merged == merge_card(merged, record)


# --- recorded data ------------------------------------------------------------------------------


def read_rows(path: Path) -> list[object]:
    """Return the rows of a file of JSON Lines."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


@pytest.mark.realdata
def test_recorded_model_cards(realdata: Path) -> None:
    """All cards are read; 258 have the misspelt field that a training library generates."""
    rows = read_rows(realdata / "cards" / "model_cards_2025.jsonl.gz")
    parsed = parse_cards(rows, Aliases.seed(), "cards")
    misspelt = [
        issue.value
        for record in parsed.records
        for issue in record.issues
        if issue.kind is IssueKind.MISSPELT_LICENSE
    ]

    assert (1_128, ()) == (len(parsed.records), parsed.issues)
    assert {Model} == {type(record) for record in parsed.records}
    assert ["license"] * 258 == misspelt


@pytest.mark.realdata
def test_recorded_dataset_cards(realdata: Path) -> None:
    """Cards of the old schema tell that they are about datasets; four have no front matter."""
    rows = read_rows(realdata / "cards" / "dataset_cards_2022.jsonl.gz")
    parsed = parse_cards(rows, Aliases.seed(), "cards")

    assert (363, ()) == (len(parsed.records), parsed.issues)
    assert 359 == sum(isinstance(record, Dataset) for record in parsed.records)


@pytest.mark.realdata
def test_fixtures_of_the_client(realdata: Path) -> None:
    """Of the cards that the Hub's own client is tested with, only two are noted.

    One is a list; the other a template, whose ``{{card_data}}`` is a mapping as a field's name.
    """
    noted = []
    for path in sorted((realdata / "cards" / "hub-client-fixtures").glob("*.md")):
        notes = Notes()
        read_metadata(path.read_bytes().decode(), notes)
        noted += [path.stem for _ in notes.issues]

    assert ["sample_invalid_card_data", "sample_template"] == noted
