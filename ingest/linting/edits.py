"""Edits of front matter as replaced spans of its text: whatever they do not name stays as it is.

Writing the fields anew would not do: a round trip through ruamel.yaml, with its care for quotes and
comments, changes 28 of 1,128 recorded cards where nothing was to be changed. An edit is written for
the plain ways in which cards are written; for any other way there is none, and ``mending`` proves
each edit on the fields that it gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from ingest.linting.sheet import Entry, Sheet

__all__ = [
    "Edit",
    "add_field",
    "add_items",
    "apply",
    "remove_entry",
    "remove_item",
    "rename",
    "replace_scalar",
]


class Edit(NamedTuple):
    """A span of the front matter, and the text that takes its place."""

    start: int
    end: int
    text: str


_ITEM = re.compile(r"[ \t]*-[ \t]+")
_REST_OF_LINE = re.compile(r"[ \t]*(#[^\n]*)?")
_BLOCKS = ("|", ">")
_QUOTES = {None: "", "": "", "'": "'", '"': '"'}


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return a text with its edits made, which must not overlap.

    >>> apply("a: b", [Edit(3, 4, "c")])
    'a: c'
    """
    parts, place = [], 0
    for edit in sorted(edits):
        parts += [text[place : edit.start], edit.text]
        place = edit.end
    return "".join([*parts, text[place:]])


def replace_scalar(sheet: Sheet, node: yaml.ScalarNode, new: str) -> Edit | None:
    """Write another value, in the quotes of the old one."""
    start, end = _span(node)
    quote = _QUOTES.get(node.style)
    if quote is None or sheet.front[start:end] != f"{quote}{node.value}{quote}":
        return None
    return Edit(start, end, f"{quote}{new}{quote}")


def rename(sheet: Sheet, entry: Entry, new: str) -> Edit | None:
    """Give a field another name."""
    return replace_scalar(sheet, entry.key, new)


def remove_item(sheet: Sheet, sequence: yaml.SequenceNode, place: int) -> Edit | None:
    """Take an item but the first out of a list: its line, or its part of a list in brackets."""
    start, end = _span(sequence.value[place])
    if not sequence.flow_style:
        return _remove_lines(sheet, start, end, _ITEM)
    before = _span(sequence.value[place - 1])[1]
    cut = sheet.front[before:start]
    return Edit(before, end, "") if cut.strip() == "," else None


def remove_entry(sheet: Sheet, entry: Entry) -> Edit | None:
    """Take a field out that stands on one line."""
    start, end = _span(entry.key)[0], _span(entry.value)[1]
    if "\n" in sheet.front[start:end]:
        return None
    return _remove_lines(sheet, start, end, re.compile(""))


def add_items(sheet: Sheet, entry: Entry, items: Sequence[str]) -> Edit | None:
    """Add to a list, or make one of a single value or of nothing."""
    value = entry.value
    if isinstance(value, yaml.SequenceNode) and value.value:
        return _append(sheet, value, items)
    start, end = _span(value)
    written = sheet.front[start:end]
    if "\n" in written or isinstance(value, yaml.MappingNode):
        return None
    if isinstance(value, yaml.SequenceNode) or value.tag.endswith(":null"):
        text = f"[{', '.join(items)}]"
        return Edit(start, end, text) if written else _after_colon(sheet, entry, text)
    return Edit(start, end, f"[{', '.join([written, *items])}]")


def add_field(sheet: Sheet, name: str, items: Sequence[str]) -> Edit:
    """Add a field: one value on its line, several as a list.

    It comes last, but first where the last value is a block of text that would grow a line.
    """
    eol = _eol(sheet)
    lines = [f"{name}: {items[0]}"] if len(items) == 1 else [f"{name}:", *(f"- {i}" for i in items)]
    text, end = eol.join(lines), len(sheet.front)
    last = sheet.entries[-1].value if sheet.entries else None
    is_block = isinstance(last, yaml.ScalarNode) and last.style in _BLOCKS
    if is_block or not sheet.front:
        return Edit(0, 0, f"{text}{eol}")
    return Edit(end, end, f"{eol}{text}")


def _append(sheet: Sheet, sequence: yaml.SequenceNode, items: Sequence[str]) -> Edit | None:
    last = sequence.value[-1]
    start, end = _span(last)
    if sequence.flow_style:
        return Edit(end, end, "".join(f", {item}" for item in items))
    line = sheet.front.rfind("\n", 0, start) + 1
    mark = sheet.front[line:start]
    if not isinstance(last, yaml.ScalarNode) or not _ITEM.fullmatch(mark):
        return None
    rest = _REST_OF_LINE.match(sheet.front, end)
    stop = rest.end() if rest else end
    if sheet.front[stop - 1] == "\r":
        stop -= 1
    return Edit(stop, stop, "".join(f"{_eol(sheet)}{mark}{item}" for item in items))


def _eol(sheet: Sheet) -> str:
    return "\r\n" if sheet.text[: sheet.start].endswith("\r\n") else "\n"


def _after_colon(sheet: Sheet, entry: Entry, text: str) -> Edit | None:
    colon = _span(entry.key)[1]
    return Edit(colon + 1, colon + 1, f" {text}") if sheet.front[colon : colon + 1] == ":" else None


def _remove_lines(sheet: Sheet, start: int, end: int, mark: re.Pattern[str]) -> Edit | None:
    """Remove the line on which a span stands alone, with the mark before it."""
    front = sheet.front
    line = front.rfind("\n", 0, start) + 1
    if not mark.fullmatch(front[line:start]) or "\n" in front[start:end]:
        return None
    after = front.find("\n", end)
    stop = after if after >= 0 else len(front)
    if front[end:stop].strip():
        return None  # a comment, or something else
    if line == 0:
        return Edit(0, min(stop + 1, len(front)), "")
    # With the line end above: that below may belong to the line of dashes.
    return Edit(line - len(_eol(sheet)), stop - front[end:stop].count("\r"), "")


def _span(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index
