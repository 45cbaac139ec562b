"""Reading bulk dumps: files of JSON pages, JSON Lines or Parquet, plain or compressed.

A file's form is told from its first bytes, never from its name. Rows are handed on as they are;
what they mean is for the parsers to say. A file that cannot be read to its end is an
UnreadableFile that names the byte or line, so that nothing of it need be kept.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

import msgspec

from graph.model.errors import UnknownShape, UnreadableFile
from ingest.shapes import Row, Shape, recognise
from ingest.values import shorten

__all__ = ["find_files", "loads", "read_rows"]

_BATCH = 2000
_LARGEST = 1 << 30  # bytes of one JSON document: more is a decompression bomb, not a page

_LONGEST_INTEGER = 4300  # digits, as https://docs.python.org/3/library/stdtypes.html has it

_GZIP, _ZSTD, _PARQUET = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_JSON = re.compile(rb'\s*(?:\{\s*(?:["}]|\Z)|\[\s*(?:[\[\]{"]|null\b|true\b|false\b|-?\d+,|\Z))')
"""How an object or a list begins; Markdown that begins with a link or a footnote does not."""

_PARQUET_COLUMNS = frozenset(
    [
        *("id", "author", "createdAt", "lastModified", "tags", "cardData", "card"),
        *("downloads", "downloadsAllTime", "likes", "gated", "disabled", "sha"),
        *("baseModels", "safetensors", "pipeline_tag", "library_name"),
        *("sdk", "models", "datasets"),
        *("key", "mainSize", "paperswithcode_id"),  # small ones that tell a dataset by its fields
    ]
)
"""Columns of Parquet dumps that a parser reads; the rest (files, configuration) stays on disk."""


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files meant by paths: files as they are, folders by their content, sorted.

    What is hidden in a folder is left out. Raises UnreadableFile for a path that does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (file for file in path.rglob("*") if file.is_file())
            found.update(dict.fromkeys(sorted(f for f in inside if not _is_hidden(f, path))))
        elif path.exists():
            found[path] = None
        else:
            raise UnreadableFile(f"{path}: no such file or folder")
    return list(found)


def read_rows(path: Path) -> Iterator[list[Row]]:
    """Yield the rows of a dump in batches.

    Raises UnreadableFile, with the byte or line, for a file that cannot be read to its end, and
    UnknownShape for one that is no dump at all.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be opened ({_reason(error)})") from None
    with file:
        try:
            if file.peek(4).startswith(_PARQUET):
                yield from _parquet_rows(path, file)
            else:
                yield from _json_rows(path, _decompressed(file))
        except (OSError, EOFError, zlib.error) as error:
            place = f"byte {file.tell()}" if file.seekable() else "here"
            message = f"{path}: cannot be read on from {place} ({_reason(error)})"
            raise UnreadableFile(f"{message}: is the file cut short?") from None


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _decompressed(file: io.BufferedReader) -> IO[bytes]:
    head = file.peek(4)
    if head.startswith(_GZIP):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    if head.startswith(_ZSTD):  # by pyarrow: zstandard's own readers take a cut for the end
        import pyarrow as pa  # noqa: PLC0415 - late: half of what a worker process would import

        return io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(file, "rb"), "zstd"))
    return file


def _parquet_rows(path: Path, file: IO[bytes]) -> Iterator[list[Row]]:
    import pyarrow as pa  # noqa: PLC0415 - late: half of what a worker process would import
    from pyarrow import parquet  # noqa: PLC0415

    try:
        table = parquet.ParquetFile(file)
        columns = [name for name in table.schema_arrow.names if name in _PARQUET_COLUMNS]
        for batch in table.iter_batches(_BATCH, columns=columns):
            yield batch.to_pylist()
    except pa.ArrowException as error:
        message = f"{path}: {path.stat().st_size} bytes that are no whole Parquet file"
        raise UnreadableFile(f"{message} ({_reason(error)}): is the file cut short?") from None


def _json_rows(path: Path, stream: IO[bytes]) -> Iterator[list[Row]]:
    """Tell a page (one JSON document) from JSON Lines by whether its first line is complete."""
    first = _next_line(stream).removeprefix(_BYTE_ORDER_MARK)
    if not first:
        return
    second = _next_line(stream)
    if rows := _first_rows(first, second):
        number = (first + second).rstrip().count(b"\n") + 1
        yield from _line_rows(path, stream, rows, (number, second))
    elif _JSON.match(first + second):
        document = first + second + stream.read(_LARGEST)
        if len(document) >= _LARGEST:
            raise UnreadableFile(f"{path}: one JSON document of over 1 GiB: make it JSON Lines")
        yield _document_rows(path, _decode(path, document, "byte"))
    else:
        raise UnknownShape(f"{path}: neither JSON, JSON Lines nor Parquet, plain, .gz or .zst")


def _next_line(stream: IO[bytes]) -> bytes:
    """Return the next line that is not blank, after the blank ones before it."""
    lines = bytearray(line := stream.readline(_LARGEST))
    while line and not line.strip():
        lines += (line := stream.readline(_LARGEST))
    return bytes(lines) if line else b""


def _first_rows(first: bytes, second: bytes) -> list[Row]:
    """Return the first row of JSON Lines, where that is what a file begins with."""
    if not second:
        return []
    try:
        row = loads(first)
    except (ValueError, RecursionError):
        return []
    return [row] if isinstance(row, dict) or second.lstrip().startswith(b"{") else []


def _line_rows(
    path: Path, stream: IO[bytes], batch: list[Row], first: tuple[int, bytes]
) -> Iterator[list[Row]]:
    number, line = first
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
    if isinstance(document, dict) and "error" in document:
        said = shorten(document["error"])
        raise UnreadableFile(f"{path}: the Hub's answer is an error ({said}): fetch it again")
    if isinstance(document, dict) and document:
        rows = list(document.values())
        if recognise(rows) is Shape.PROVENANCE:
            return rows
    raise UnknownShape(f"{path}: holds no list of repositories: is it an answer of the Hub?")


def _decode(path: Path, text: bytes, place: str) -> object:
    """Decode JSON, or say where it ceases to be that."""
    try:
        return loads(text)
    except RecursionError:
        raise UnreadableFile(f"{path}: JSON nested too deep, at {place} 0") from None
    except ValueError as error:
        where, reason = _place(error), _reason(error)
        raise UnreadableFile(
            f"{path}: not valid JSON at {place} {where} of {len(text)} ({reason}):"
            " is the file cut short?"
        ) from None


def loads(text: bytes) -> object:
    """Decode JSON; the standard library has the second word on what the fast decoder refuses.

    It accepts lone surrogates, which the parsers replace, and NaN, which hub-stats contain; and
    numbers too long for its own liking are for the parsers to judge, too.
    """
    try:
        return msgspec.json.decode(text)
    except ValueError:
        return json.loads(text, parse_int=_integer)


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _place(error: ValueError) -> int:
    """Return the byte at which JSON could not be decoded."""
    if isinstance(error, json.JSONDecodeError):
        return len(error.doc[: error.pos].encode(errors="surrogatepass"))
    return error.start if isinstance(error, UnicodeDecodeError) else 0


def _reason(error: BaseException) -> str:
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
