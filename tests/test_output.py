"""What the command line prints can be read by people and programs, and obeyed by no terminal."""

from __future__ import annotations

import json
import unicodedata
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Kind
from ui.cli.output import note, print_answer, print_json, print_rows, print_table, printable

HOSTILE = {
    "a color": "\x1b[31m",
    "a cleared screen": "\x1b[2J",
    "a title": "\x1b]0;pwned\x07",
    "the same in one byte": "\x9b31m",
    "a return": "a\rb",
    "a backspace": "a\x08b",
    "delete": "a\x7fb",
    "right to left": "\u202efdp.exe",
    "an isolate": "\u2066a\u2069",
    "no width": "a\u200bb",
    "a line end": "a\nb",
    "another line end": "a\u2028b",
    "a mark": "\ufeffa",
    "half a character": "\ud800",
    "private": "\ue000",
    "a tag": "\U000e0041",
}

OBEYED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")

Capture = pytest.CaptureFixture[str]


class Pair(NamedTuple):
    """Something with fields."""

    left: str
    right: str


class Record(msgspec.Struct):
    """Something with fields that msgspec knows."""

    kind: Kind
    ids: tuple[str, ...] = ()


def is_tame(text: str) -> bool:
    """Tell whether text is letters, signs, spaces and line ends only."""
    return all(unicodedata.category(char) not in OBEYED or char == "\n" for char in text)


# --- JSON -------------------------------------------------------------------------------------


def test_one_document(capsys: Capture) -> None:
    """A document is indented, its names come sorted, and its letters are as they are."""
    print_json({"b": [1, 2.5, None, True], "a": {"ü": "日本"}})

    assert (
        """\
{
  "a": {
    "ü": "日本"
  },
  "b": [
    1,
    2.5,
    null,
    true
  ]
}
"""
        == capsys.readouterr().out
    )


def test_records_are_objects(capsys: Capture) -> None:
    """Records, enumerations, tuples and sets print as what JSON has for them."""
    print_json({"record": Record(Kind.MODEL, ("a",)), "pair": Pair("x", "y"), "set": {"b", "a"}})

    assert {
        "record": {"kind": "model", "ids": ["a"]},
        "pair": ["x", "y"],
        "set": ["a", "b"],
    } == json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_holds_hostile_text_as_escapes(text: str, capsys: Capture) -> None:
    """A program gets the very text, a terminal nothing that it would obey."""
    print_json({text: [text]})
    printed = capsys.readouterr().out

    assert is_tame(printed)
    assert {text: [text]} == json.loads(printed)


@given(st.dictionaries(st.text(), st.lists(st.text(st.characters()) | st.integers())))
def test_json_says_what_was_meant(document: dict[str, list[str | int]]) -> None:
    """Whatever text is in a document, the escapes stand for it and nothing else."""
    printed: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("click.echo", printed.append)
        print_json(document)

    assert document == json.loads(printed[0])
    assert is_tame(printed[0])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_an_answer_is_tame_on_a_terminal(
    text: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query's answer as CSV goes to a pipe as it is, and to a terminal with escapes shown."""
    answer = f"name\tother\r\n{text}\r\n"
    if text != "\ud800":
        print_answer(answer, "csv")
        assert answer == capsys.readouterr().out
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    print_answer(answer, "csv")

    assert is_tame(capsys.readouterr().out.replace("\t", "").replace("\r\n", ""))


def test_an_answer_in_json_is_tame_everywhere(capsys: Capture) -> None:
    """In JSON an escape says the same, so a pipe gets what a terminal gets."""
    print_answer('{"a": "\x9b\u202eü"}\n', "json")

    assert '{"a": "\\u009b\\u202eü"}\n' == capsys.readouterr().out


# --- text for people --------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_people_see_hostile_text_as_escapes(text: str, capsys: Capture) -> None:
    """In a table, a list or a note, nothing that a terminal obeys gets through."""
    print_table(("name", "value"), [(text, 1)])
    print_rows([("name", text), ("names", (text, text)), ("more", [text])])
    note(f"error: {text}")
    captured = capsys.readouterr()

    assert is_tame(captured.out + captured.err)
    assert (5, 1) == (captured.out.count("\n"), captured.err.count("\n"))
    assert "\\" in captured.out


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (1234567, "1,234,567"),
        (0.5, "0.5"),
        (Kind.MODEL, "model"),
        (("a", None, 7), "a, , 7"),
        (["naïve", "日本"], "naïve, 日本"),
    ],
)
def test_values_are_written_for_people(value: object, expected: str) -> None:
    """Numbers have their thousands apart, lists their items in a row."""
    assert expected == printable(value)


def test_empty_values_are_left_out(capsys: Capture) -> None:
    """What is not known takes no line; zero is known."""
    print_rows([("long name", 1), ("zero", 0), ("none", None), ("empty", ""), ("list", ())])

    assert "long name  1\nzero       0\n" == capsys.readouterr().out


def test_no_rows_are_no_lines(capsys: Capture) -> None:
    """A list of nothing prints nothing."""
    print_rows([])

    assert "" == capsys.readouterr().out


def test_a_table_is_aligned(capsys: Capture) -> None:
    """Columns are as wide as their content, numbers to the right, and lines end where they end."""
    print_table(("id", "count", "note"), [("acme/base", 12345, ""), ("b", 7, "x")])

    assert (
        """\
id         count  note
acme/base  12345
b              7  x
"""
        == capsys.readouterr().out
    )


def test_a_table_without_rows_has_its_head(capsys: Capture) -> None:
    """Who asks for a table sees what its columns would have been."""
    print_table(("id", "count"), [])

    assert "id  count\n" == capsys.readouterr().out


def test_notes_go_to_standard_error(capsys: Capture) -> None:
    """What is no data stays out of a pipe."""
    note("written: x")

    assert ("", "written: x\n") == capsys.readouterr()
