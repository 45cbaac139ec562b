"""JSON for people: letters as they are, but what a terminal would obey written as an escape."""

from __future__ import annotations

import json
import re

import msgspec

from graph.sparql.result_table import visible

__all__ = ["escaped", "json_text"]

_UNUSUAL = re.compile(r"[^\n -~]")


def json_text(document: object) -> str:
    """Return a document as indented JSON."""
    plain = msgspec.to_builtins(document, order="deterministic")
    return escaped(json.dumps(plain, ensure_ascii=False, indent=2))


def escaped(text: str) -> str:
    """Return JSON with escapes for control characters and what turns the direction of reading."""
    return _UNUSUAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return char if visible(char) == char else json.dumps(char)[1:-1]
