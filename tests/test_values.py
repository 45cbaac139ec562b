"""Tolerant readers: the wanted type, or None and a note."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Gating, Issue, IssueKind
from ingest.values import (
    Notes,
    card_data,
    clean,
    configured_list,
    flag,
    gating,
    instant,
    integer,
    number,
    shorten,
    text,
    text_list,
)


def wrong_type(field: str, value: str) -> list[Issue]:
    """Return the one note that a value of the wrong type leaves."""
    return [Issue(kind=IssueKind.WRONG_TYPE, field=field, value=value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-11-14T18:41:48.000Z", "2022-11-14T18:41:48Z"),
        ("2024-03-02 03:51:35", "2024-03-02T03:51:35Z"),
        ("2024-03-02T03:51:35+02:00", "2024-03-02T01:51:35Z"),
        ("2024-03-02", "2024-03-02T00:00:00Z"),
        (datetime(2024, 2, 28, 15, 24, 14), "2024-02-28T15:24:14Z"),  # noqa: DTZ001  # as Parquet
        (datetime(2024, 2, 28, 15, 24, 14, 999_999, UTC), "2024-02-28T15:24:14Z"),
        (datetime(2024, 2, 28, 1, tzinfo=timezone(timedelta(hours=3))), "2024-02-27T22:00:00Z"),
        (datetime(7, 1, 1, tzinfo=UTC), "0007-01-01T00:00:00Z"),
    ],
)
def test_instants_of_every_source_have_one_form(value: object, expected: str) -> None:
    """The API, exports and Parquet write the same instant in different ways."""
    notes = Notes()

    assert expected == instant({"createdAt": value}, "createdAt", notes)
    assert [] == notes.issues


@pytest.mark.parametrize("value", ["yesterday", "", 1_700_000_000, "0001-01-01T00:00:00+23:00"])
def test_what_is_no_instant_is_noted(value: object) -> None:
    """A date that cannot be read is absent, and the note keeps it."""
    notes = Notes()

    assert instant({"createdAt": value}, "createdAt", notes) is None
    assert [IssueKind.INVALID_DATE] == [issue.kind for issue in notes.issues]


def test_absent_and_null_are_no_fault() -> None:
    """A field that is missing and one that is null both read as nothing, without a note."""
    notes = Notes()

    for row in ({}, {"x": None}):
        assert text(row, "x", notes) is None
        assert integer(row, "x", notes) is None
        assert flag(row, "x", notes) is None
        assert instant(row, "x", notes) is None
        assert [] == text_list(row, "x", notes)
    assert gating({"gated": None}, notes) is None
    assert card_data({"cardData": None}, notes) is None
    assert [] == notes.issues


def test_text_is_stripped_and_mended() -> None:
    """White space around text goes, and a lone surrogate becomes a replacement character."""
    assert "caf\ufffd" == clean(" caf\ud83d\n")
    assert text({"sha": "  "}, "sha", Notes()) is None


def test_one_text_stands_for_a_list() -> None:
    """Cards write `language: en` for a list of one; nulls and empty texts are left out."""
    assert ["en"] == text_list({"language": "en"}, "language", Notes())
    assert ["en", "fr"] == text_list({"language": ["en", None, " ", "fr "]}, "language", Notes())


def test_lists_by_configuration_are_joined() -> None:
    """Cards of 2022 split fields up by configuration; each value counts once."""
    row = {"languages": {"neen": ["en", "ne"], "sien": ["en", "si"]}}

    assert ["en", "ne", "si"] == configured_list(row, "languages", Notes())


@pytest.mark.parametrize("value", [True, -1, 1.5, "12", 2**63, float("inf")])
def test_what_is_no_count_is_noted(value: object) -> None:
    """Counts are whole, not negative, and of a size that a store can hold."""
    notes = Notes()

    assert integer({"likes": value}, "likes", notes) is None
    assert wrong_type("likes", shorten(value)) == notes.issues


def test_a_count_may_come_as_a_float() -> None:
    """Tables with gaps turn whole numbers into floats."""
    assert 12 == integer({"likes": 12.0}, "likes", Notes())


def test_wrong_types_name_their_field() -> None:
    """A note of a wrong type says which field has it, and the value."""
    notes = Notes()
    row = {"sha": 7, "disabled": "no", "language": ["en", 7], "gated": 1, "x": {"a": 1}}

    assert text(row, "sha", notes) is None
    assert flag(row, "disabled", notes) is None
    assert ["en"] == text_list(row, "language", notes)
    assert gating(row, notes) is None
    assert [] == text_list(row, "x", notes)
    assert [
        *wrong_type("sha", "7"),
        *wrong_type("disabled", "no"),
        *wrong_type("language", "7"),
        *wrong_type("gated", "1"),
        *wrong_type("x", "{'a': 1}"),
    ] == notes.issues


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (False, Gating.NONE),
        (True, Gating.AUTO),
        ("auto", Gating.AUTO),
        ("manual", Gating.MANUAL),
        ("often", None),
    ],
)
def test_gating(value: object, expected: Gating | None) -> None:
    """Gating is a word or false; anything else is noted and absent."""
    assert expected is gating({"gated": value}, Notes())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, 1.0),
        ("78.2", 78.2),
        (" -1e-3 ", -0.001),
        ("7.56 +/- 2.71", None),
        ("15.88%", None),
        ("nan", None),
        (float("nan"), None),
        (10**400, None),
        ("1e999", None),
        (True, None),
        ([1], None),
    ],
)
def test_numbers(value: object, expected: float | None) -> None:
    """Text is a number only if it is nothing else, and a number only if it is finite."""
    assert expected == number(value)


@pytest.mark.parametrize("value", ["{not json", "[]", 7, ["license"], "[" * 100_000])
def test_card_data_that_is_no_object_is_noted(value: object) -> None:
    """Exports hold the card as JSON text, which may be cut short or hostile."""
    notes = Notes()

    assert card_data({"cardData": value}, notes) is None
    assert [IssueKind.INVALID_CARD] == [issue.kind for issue in notes.issues]


def test_card_data_is_an_object_or_its_text() -> None:
    """The API gives an object, the exports its JSON text; the text `null` is no card."""
    assert {"license": "mit"} == card_data({"cardData": {"license": "mit"}}, Notes())
    assert {"license": "mit"} == card_data({"cardData": '{"license": "mit"}'}, Notes())
    assert card_data({"cardData": "null"}, Notes()) is None


@given(st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers()))
def test_issue_values_are_short_and_can_be_written(value: object) -> None:
    """Whatever was wrong, its value in an issue is of bounded length and valid Unicode."""
    shortened = shorten(value)

    assert 200 >= len(shortened)
    assert shortened == shortened.encode().decode()
