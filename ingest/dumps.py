"""Reading bulk dumps: files of JSON pages, JSON Lines or Parquet, plain or compressed.

A file's shape is told from its content, never from its name: first the bytes (gzip, zstd,
Parquet), then the fields of its first rows. Rows are handed on as they are; what they mean is
for the parsers to say. A file that cannot be read to its end is an UnreadableFile that names
the byte or line, so that nothing of it need be kept.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, cast

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from graph.errors import UnreadableFile

__all__ = ["Row", "Shape", "find_files", "read_rows", "recognise"]

Row = object
"""A row as it came: a mapping from field to value, if the file is in order."""

_BATCH = 2000
_LOOK_AT = 50
_LARGEST = 1 << 30  # bytes of one JSON document: more is a decompression bomb, not a page

_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"

_PARQUET_COLUMNS = frozenset(
    [
        *("id", "author", "createdAt", "lastModified", "tags", "cardData", "card"),
        *("downloads", "downloadsAllTime", "likes", "gated", "disabled", "sha"),
        *("baseModels", "safetensors", "pipeline_tag", "library_name"),
        *("sdk", "models", "datasets"),
    ]
)
"""Columns of Parquet dumps that a parser reads; the rest (files, configuration) stays on disk."""


class Shape(StrEnum):
    """What the rows of a file describe."""

    MODEL = "model"
    DATASET = "dataset"
    SPACE = "space"
    CARD = "card"
    PROVENANCE = "provenance"


_MARKS: dict[Shape, frozenset[str]] = {
    Shape.CARD: frozenset(["card"]),
    Shape.PROVENANCE: frozenset(["Unique Dataset Identifier"]),
    Shape.SPACE: frozenset(["sdk", "subdomain", "runtime", "trendingSpaces"]),
    Shape.DATASET: frozenset(
        ["paperswithcode_id", "citation", "description", "mainSize", "dataset_info", "key"]
    ),
    Shape.MODEL: frozenset(
        ["modelId", "pipeline_tag", "library_name", "baseModels", "safetensors", "gguf", "config"]
    ),
}
"""Fields that only rows of this shape have, the surest shape first."""

_TAG_MARKS = {
    Shape.DATASET: ("task_categories:", "size_categories:", "source_datasets:", "language:"),
    Shape.MODEL: ("base_model:", "dataset:", "transformers", "diffusers", "license:"),
}


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files meant by paths: files as they are, folders by their content, sorted.

    Raises UnreadableFile for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.is_file())
            visible = [f for f in inside if not f.relative_to(path).as_posix().startswith(".")]
            found.update(dict.fromkeys(sorted(visible)))
        elif path.exists():
            found[path] = None
        else:
            raise UnreadableFile(f"{path}: no such file or folder")
    return list(found)


def read_rows(path: Path) -> Iterator[list[Row]]:
    """Yield the rows of a dump in batches.

    Raises UnreadableFile, with the byte or line, for a file that cannot be read to its end.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be opened ({_reason(error)})") from None
    with file:
        try:
            head = file.read(4)
            file.seek(0)
            if head == _PARQUET:
                yield from _parquet_rows(file)
            else:
                yield from _json_rows(path, cast("IO[bytes]", _decompressed(file, head)))
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            place = f"{path}: cannot be read on from byte {file.tell()}"
            raise UnreadableFile(f"{place} ({_reason(error)}): is the file cut short?") from None
        except pa.ArrowException as error:
            raise UnreadableFile(f"{path}: not a whole Parquet file ({_reason(error)})") from None


def recognise(rows: Iterable[Row]) -> Shape | None:
    """Return what rows describe, by the fields and tags of the first of them; None if unsure."""
    looked_at = [row for row in islice(rows, _LOOK_AT) if isinstance(row, Mapping)]
    fields = {field for row in looked_at for field in row}
    for shape, marks in _MARKS.items():
        if marks & fields:
            return shape
    tags = [tag for row in looked_at for tag in _tags(row)]
    for shape, beginnings in _TAG_MARKS.items():
        if any(tag.startswith(beginnings) for tag in tags):
            return shape
    return None


def _tags(row: Mapping[str, object]) -> list[str]:
    tags = row.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _decompressed(file: IO[bytes], head: bytes) -> object:
    if head.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)
    if head == _ZSTD:
        return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    return file


def _parquet_rows(file: IO[bytes]) -> Iterator[list[Row]]:
    parquet = pq.ParquetFile(file)
    columns = [name for name in parquet.schema_arrow.names if name in _PARQUET_COLUMNS]
    for batch in parquet.iter_batches(_BATCH, columns=columns):
        yield batch.to_pylist()


def _json_rows(path: Path, stream: IO[bytes]) -> Iterator[list[Row]]:
    """Tell a page (one JSON document) from JSON Lines by whether the first line is complete."""
    first = stream.readline(_LARGEST)
    while first and not first.strip():
        first = stream.readline(_LARGEST)
    if not first:
        return
    rest = stream.readline(_LARGEST)
    if rest and (row := _whole_object(first)) is not None:
        yield from _line_rows(path, stream, [row], rest)
    else:
        document = first + rest + stream.read(_LARGEST)
        if len(document) >= _LARGEST:
            raise UnreadableFile(f"{path}: one JSON document of over 1 GiB: make it JSON Lines")
        yield _document_rows(path, _decode(path, document, "byte"))


def _whole_object(line: bytes) -> Row | None:
    try:
        row: Row = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    return row if isinstance(row, dict) else None


def _line_rows(path: Path, stream: IO[bytes], batch: list[Row], line: bytes) -> Iterator[list[Row]]:
    number = 2
    while line:
        if line.strip():
            batch.append(_decode(path, line, f"line {number}, byte"))
        if len(batch) >= _BATCH:
            yield batch
            batch = []
        line = stream.readline(_LARGEST)
        number += 1
    yield batch


def _document_rows(path: Path, document: object) -> list[Row]:
    """Return the rows of one document: a page's list, one row, or a summary's named rows."""
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and ("id" in document or "modelId" in document):
        return [document]
    if isinstance(document, dict) and document:
        rows = list(document.values())
        if recognise(rows) is Shape.PROVENANCE:
            return rows
    raise UnreadableFile(f"{path}: holds no list of repositories: is it an answer of the Hub?")


def _decode(path: Path, text: bytes, place: str) -> object:
    """Decode JSON; the standard library has the second word on what the fast decoder refuses.

    It accepts lone surrogates, which the parsers replace, and NaN, which hub-stats contain.
    """
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        try:
            return json.loads(text)
        except ValueError as reason:
            where = getattr(reason, "pos", getattr(reason, "start", 0))
            raise UnreadableFile(
                f"{path}: not valid JSON at {place} {where} of {len(text)}"
                f" ({_reason(error)}): is the file cut short?"
            ) from None


def _reason(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
