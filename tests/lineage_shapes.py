"""Lineages that a hostile owner could publish: each a few large rows, or very many small ones.

A shape is rows as the Hub lists them, with the repository to ask about. Its size is what a cost is
compared with: the number of its links, tags or names, not of its repositories.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from math import isqrt
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["SHAPES", "Shape", "write_rows"]

Row = dict[str, Any]

_LICENSES = ("mit", "apache-2.0", "cc-by-nc-4.0", "llama3", "gpl-3.0")


class Shape(NamedTuple):
    """How to make a lineage of a size, the repository to ask about, and the largest size of it."""

    rows: Callable[[int], Iterator[Row]]
    focus: Callable[[int], str]
    largest: int


def write_rows(path: Path, rows: Iterator[Row]) -> Path:
    """Write rows as JSON Lines; returns the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def _model(number: int, *tags: str) -> Row:
    name = f"a/{number}"
    licensed = f"license:{_LICENSES[number % len(_LICENSES)]}" if number % 3 else "transformers"
    return {"id": name, "modelId": name, "downloads": number % 97, "tags": [licensed, *tags]}


def _chain(size: int) -> Iterator[Row]:
    yield _model(0)
    for number in range(1, size):
        yield _model(number, f"base_model:finetune:a/{number - 1}")


def _cycle(size: int) -> Iterator[Row]:
    for number in range(size):
        yield _model(number, f"base_model:finetune:a/{(number - 1) % size}")


def _clique(size: int) -> Iterator[Row]:
    members = range(isqrt(size))
    for number in members:
        others = (other for other in members if other != number)
        yield _model(number, *(f"base_model:merge:a/{other}" for other in others))


def _merge(size: int) -> Iterator[Row]:
    yield _model(0, *(f"base_model:merge:a/{number}" for number in range(1, size)))
    for number in range(1, size):
        yield _model(number)


def _star(size: int) -> Iterator[Row]:
    yield _model(0)
    for number in range(1, size):
        yield _model(number, "base_model:finetune:a/0")


def _ladder(size: int) -> Iterator[Row]:
    """Two parents a step, so that there are more ways to the base than anyone can count."""
    for number in range(size // 2):
        above = (number // 2 - 1) * 2
        tags = (f"base_model:merge:a/{above + side}" for side in (0, 1))
        yield _model(number, *(tags if above >= 0 else ()))


def _license_tags(size: int) -> Iterator[Row]:
    yield _model(0, *(f"license:made-{number}" for number in range(size)))
    yield _model(1, "base_model:finetune:a/0")


def _dataset_tags(size: int) -> Iterator[Row]:
    yield _model(0, *(f"dataset:d/{number}" for number in range(size)))
    yield _model(1, "base_model:finetune:a/0")


def _spellings(size: int) -> Iterator[Row]:
    address = "https://huggingface.co/a/0/tree"
    yield _model(0)
    yield _model(1) | {"cardData": {"base_model": [f"{address}/{n}" for n in range(size)]}}


def _old_names(size: int) -> Iterator[Row]:
    """The names of one repository before its renames: each child knows another."""
    yield _model(0)
    for number in range(1, size):
        yield _model(number, f"base_model:finetune:old/{number}")


SHAPES = {
    "chain": Shape(_chain, lambda size: f"a/{size - 1}", 100_000),
    "cycle": Shape(_cycle, lambda _: "a/0", 20_000),
    "clique": Shape(_clique, lambda _: "a/0", 300 * 300),
    "ladder": Shape(_ladder, lambda size: f"a/{size // 2 - 1}", 100_000),
    "merge": Shape(_merge, lambda _: "a/0", 80_000),
    "star": Shape(_star, lambda _: "a/0", 500_000),
    "licence tags": Shape(_license_tags, lambda _: "a/1", 100_000),
    "dataset tags": Shape(_dataset_tags, lambda _: "a/1", 100_000),
    "spellings": Shape(_spellings, lambda _: "a/1", 100_000),
    "old names": Shape(_old_names, lambda _: "a/0", 100_000),
}
"""Every shape by its name."""
