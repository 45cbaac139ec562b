"""Tags: the flat list in which the Hub repeats what a card and its own computations say.

A tag is a bare word (``en``, ``pytorch``) or a prefix and a value (``license:mit``). Only the
prefixes that a caller asks for are kept.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from importlib.resources import files

from graph.model.records import IssueKind
from ingest.values import Notes, Row, clean

BARE_LANGUAGE = ""
"""The key under which ``read_tags`` files the bare tags that are language codes."""


def read_tags(
    row: Row, prefixes: Container[str], languages: Container[str], notes: Notes
) -> dict[str, list[str]]:
    """Return the values of the wanted tags by prefix, in one pass.

    >>> read_tags({"tags": ["fr", "license:mit", "region:us"]}, {"license"}, {"fr"}, Notes())
    {'': ['fr'], 'license': ['mit']}
    """
    found: dict[str, list[str]] = {}
    tags = row.get("tags")
    if not isinstance(tags, list):
        if tags is not None:
            notes.add(IssueKind.WRONG_TYPE, "tags", tags)
        return found
    for tag in tags:
        if not isinstance(tag, str):
            notes.add(IssueKind.WRONG_TYPE, "tags", tag)
            continue
        prefix, colon, value = tag.partition(":")
        if colon:
            if prefix in prefixes and (stripped := clean(value)):
                found.setdefault(prefix, []).append(stripped)
        elif tag in languages:
            found.setdefault(BARE_LANGUAGE, []).append(tag)
    return found


def papers(values: list[str]) -> tuple[str, ...]:
    """Return the arXiv ids in ``arxiv:`` tags, without a version: a paper is all its versions.

    >>> papers(["2304.06767v2"])
    ('2304.06767',)
    """
    return tuple(_without_version(value) for value in values)


@cache
def iso639_1() -> frozenset[str]:
    """Return the language codes of two letters.

    On models a language is a bare tag. Longer codes look like any other word (``tum``, ``doi``)
    and are known from the card only.
    """
    table = files("ingest").joinpath("iso639-1.txt").read_text(encoding="utf-8")
    return frozenset(line for line in table.split() if line)


def _without_version(paper: str) -> str:
    head, v, version = paper.rpartition("v")
    return head if v and head and version.isdecimal() else paper
