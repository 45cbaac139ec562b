"""Dumps are told by their content, read whole or not at all, and never stop at a broken row."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graph.model.errors import UnknownShape, UnreadableFile
from ingest.dumps import find_files, read_rows
from ingest.shapes import Row, Shape, recognise

ROWS: list[Row] = [{"id": f"acme/m{number}", "tags": ["license:mit"]} for number in range(3)]
MANY: list[Row] = [{"id": f"acme/m{number}", "sha": f"{number:040x}"} for number in range(4500)]

Encode = Callable[[list[Row]], bytes]


def lines(rows: list[Row]) -> bytes:
    """Return rows as JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def page(rows: list[Row]) -> bytes:
    """Return rows as one JSON document in one line, as the Hub sends them."""
    return json.dumps(rows).encode()


def pretty(rows: list[Row]) -> bytes:
    """Return rows as one JSON document over many lines."""
    return json.dumps(rows, indent=2).encode()


def parquet(rows: list[Row]) -> bytes:
    """Return rows as a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows), sink)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def zstd(content: bytes) -> bytes:
    """Return content as a frame of zstd."""
    packed: bytes = pa.compress(content, codec="zstd", asbytes=True)
    return packed


def read(path: Path, content: bytes) -> list[Row]:
    """Write a file and return all rows in it."""
    path.write_bytes(content)
    return [row for batch in read_rows(path) for row in batch]


# --- the form is told from the content --------------------------------------------------------


@pytest.mark.parametrize("name", ["dump", "dump.gz", "dump.parquet", "dump.json", "dump.txt"])
@pytest.mark.parametrize(
    ("encode", "pack"),
    [
        (lines, bytes),
        (page, bytes),
        (pretty, bytes),
        (lines, gzip.compress),
        (page, gzip.compress),
        (lines, zstd),
        (pretty, zstd),
        (parquet, bytes),
    ],
)
def test_a_name_says_nothing(
    tmp_path: Path, name: str, encode: Encode, pack: Callable[[bytes], bytes]
) -> None:
    """Whatever a file is called, its content tells how to read it."""
    assert ROWS == read(tmp_path / name, pack(encode(ROWS)))


@pytest.mark.parametrize("encode", [lines, page, parquet])
def test_rows_come_in_order(tmp_path: Path, encode: Encode) -> None:
    """A file of more rows than a batch holds has all of them, in order."""
    assert MANY == read(tmp_path / "dump", encode(MANY))


def test_batches_are_bounded(tmp_path: Path) -> None:
    """JSON Lines and Parquet are handed on some at a time."""
    for encode in (lines, parquet):
        (tmp_path / "dump").write_bytes(encode(MANY))

        assert [2000, 2000, 500] == [len(batch) for batch in read_rows(tmp_path / "dump")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"id": "a/b"}', [{"id": "a/b"}]),
        (b'{"modelId": "a/b"}\n', [{"modelId": "a/b"}]),
        (b'{\n  "id": "a/b",\n  "tags": []\n}\n', [{"id": "a/b", "tags": []}]),
        (b"[]", []),
        (b"[\n]\n", []),
        (b"", []),
        (b"\n \n", []),
        (b'\n\n{"id": "a/b"}\n\n\n{"id": "c/d"}\n\n', [{"id": "a/b"}, {"id": "c/d"}]),
        (b'{"id": "a/b"}\r\n{"id": "c/d"}\r\n', [{"id": "a/b"}, {"id": "c/d"}]),
        (b'\xef\xbb\xbf{"id": "a/b"}\n{"id": "c/d"}', [{"id": "a/b"}, {"id": "c/d"}]),
        (b'\xef\xbb\xbf[{"id": "a/b"}]', [{"id": "a/b"}]),
    ],
)
def test_every_way_to_write_json(tmp_path: Path, content: bytes, expected: list[Row]) -> None:
    """One object, an empty page, blank lines, Windows line ends and a byte order mark are fine."""
    assert expected == read(tmp_path / "dump", content)


@pytest.mark.parametrize(
    "content",
    [
        b'[{"id": "a/b", "likes": NaN, "sha": "\\ud800"}]',
        b'{"id": "a/b", "likes": NaN, "sha": "\\ud800"}\n{"id": "c/d"}\n',
        b'{"id": "c/d"}\n{"id": "a/b", "likes": NaN, "sha": "\\ud800"}\n',
    ],
)
def test_python_json_is_read(tmp_path: Path, content: bytes) -> None:
    """NaN and lone surrogates, which exports made with Python contain, are no damage."""
    rows = read(tmp_path / "dump", content)
    row = next(row for row in rows if isinstance(row, dict) and row["id"] == "a/b")

    assert isinstance(row["likes"], float)
    assert "\ud800" == row["sha"]


def test_a_number_without_end_is_read(tmp_path: Path) -> None:
    """One absurd number does not cost the neighbours of its row."""
    content = b'[{"id": "a/b", "likes": ' + b"9" * 5000 + b'}, {"id": "c/d", "likes": 7}]'
    rows = read(tmp_path / "dump", content)

    assert [{"id": "a/b", "likes": float("inf")}, {"id": "c/d", "likes": 7}] == rows


@pytest.mark.parametrize("broken", ["7", "null", "[]", '"text"'])
@pytest.mark.parametrize("form", ['[{broken}, {{"id": "a/b"}}]', '{broken}\n{{"id": "a/b"}}\n'])
def test_a_broken_row_is_handed_on(tmp_path: Path, form: str, broken: str) -> None:
    """A first row that is no object is for the parser to judge; those after it are read."""
    content = form.format(broken=broken).encode()

    assert [json.loads(broken), {"id": "a/b"}] == read(tmp_path / "dump", content)


def test_frames_and_members_follow_one_another(tmp_path: Path) -> None:
    """Compressed files that were joined are read to the end of the last."""
    for pack in (gzip.compress, zstd):
        joined = pack(lines(ROWS[:1])) + pack(lines(ROWS[1:]))

        assert ROWS == read(tmp_path / "dump", joined)


def test_parquet_leaves_other_columns_on_disk(tmp_path: Path) -> None:
    """Of a Parquet file only those columns are read that a parser looks at."""
    rows: list[Row] = [{"id": "a/b", "siblings": ["x"] * 9, "config": "{}"}]

    assert [{"id": "a/b"}] == read(tmp_path / "dump", parquet(rows))


# --- what cannot be read to its end -----------------------------------------------------------


@pytest.mark.parametrize("encode", [page, pretty, lines])
@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_compressed_file_cut_short(
    tmp_path: Path, encode: Encode, pack: Callable[[bytes], bytes], share: float
) -> None:
    """A compressed file that ends too early is refused, and the byte is named."""
    content = pack(encode(MANY))
    path = tmp_path / "dump"

    with pytest.raises(UnreadableFile, match=r"dump: .*byte \d+.*is the file cut short\?"):
        read(path, content[: int(len(content) * share)])


def test_zstd_cut_at_the_end_of_a_line(tmp_path: Path) -> None:
    """A zstd file that lacks its end is refused also where what is there is whole."""
    content = zstd(lines(ROWS))

    with pytest.raises(UnreadableFile, match=r"byte \d+ \(Truncated compressed stream\)"):
        read(tmp_path / "dump", content[:-1])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'[{"id": "a/b"}, {"id": "c', "byte 23 of 25"),
        (b'[{"id": "a/b"},', "byte 15 of 15"),
        (b"[", "byte 1 of 1"),
        ('[{"id": "é"}, {"id'.encode(), "byte 16 of 19"),
        (b'[\n  {\n    "id": "a/b"\n', "byte 22 of 22"),
        (b'{"id": "a/b"}\n{"id": "c/d"}\n{"id": "e', "line 3, byte 7 of 9"),
        (b'\n\n{"id": "a/b"}\n\n{"id": oops}\n{"id": "e/f"}\n', "line 5, byte 8 of 14"),
        (b'{"id": "a/b"}\n{"id": "\xff"}\n', "line 2, byte 8 of 12"),
        (b"[" * 100_000, "byte 0"),
        (b'{"id": "a/b"}\n' + b"[" * 100_000 + b"\n", "line 2, byte 0"),
        (b"[" * 100_000 + b'\n{"id": "a/b"}', "byte 0"),
    ],
)
def test_json_cut_short_or_damaged(tmp_path: Path, content: bytes, place: str) -> None:
    """JSON that is damaged is refused, and the byte is named; in JSON Lines the line, too."""
    with pytest.raises(UnreadableFile) as raised:
        read(tmp_path / "dump", content)

    assert not isinstance(raised.value, UnknownShape)
    assert f"{tmp_path / 'dump'}: " in str(raised.value)
    assert place in str(raised.value)


def test_rows_before_the_damage_are_handed_on(tmp_path: Path) -> None:
    """A reader that streams has seen rows when the damage shows: they are for it to drop."""
    (tmp_path / "dump").write_bytes(lines(MANY) + b'{"id"')
    batches = read_rows(tmp_path / "dump")

    assert 4000 == len(next(batches)) + len(next(batches))
    with pytest.raises(UnreadableFile, match="line 4501, byte 5 of 5"):
        next(batches)


@pytest.mark.parametrize("kept", [4, 100, -1])
def test_parquet_cut_short(tmp_path: Path, kept: int) -> None:
    """A Parquet file without its end is refused, and its bytes are counted."""
    content = parquet(MANY)[:kept]

    with pytest.raises(UnreadableFile, match=rf"dump: {len(content)} bytes that are no whole"):
        read(tmp_path / "dump", content)


def test_parquet_damaged_inside(tmp_path: Path) -> None:
    """A Parquet file whose pages are damaged is refused like any other."""
    content = bytearray(parquet(MANY))
    content[4:2000] = bytes(1996)

    with pytest.raises(UnreadableFile, match="dump: "):
        read(tmp_path / "dump", bytes(content))


def test_gzip_with_something_after_it(tmp_path: Path) -> None:
    """Bytes after the end of a gzip file are damage, not silence."""
    with pytest.raises(UnreadableFile, match="Not a gzipped file"):
        read(tmp_path / "dump", gzip.compress(lines(ROWS)) + b"more")


def test_an_error_of_the_hub(tmp_path: Path) -> None:
    """An answer that is an error is no page, and what it says is told."""
    with pytest.raises(UnreadableFile, match=r"is an error \(Rate limit\): fetch it") as raised:
        read(tmp_path / "dump", b'{"error": "Rate limit"}')

    assert not isinstance(raised.value, UnknownShape)


def test_a_document_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One document is read whole, so it may not be larger than memory allows."""
    monkeypatch.setattr("ingest.dumps._LARGEST", 50)

    with pytest.raises(UnreadableFile, match="make it JSON Lines"):
        read(tmp_path / "dump", pretty(ROWS))


@pytest.mark.parametrize(
    "content",
    [
        b"# A model\n\nText.\n",
        b"---\nlicense: mit\n---\n",
        b"[![badge](https://a.org)](https://b.org)\n",
        b"[1] A paper.\n",
        b"key: value\n",
        b"12\n13\n",
        b"{{ template }}\n",
        b"\x00\x01\x02",
        b"true",
        b"{}",
        b'{"MIT": ["All", "1", "0"]}',
        gzip.compress(b"no JSON at all", mtime=0),
        b"BZh91AY&SY",
    ],
)
def test_what_is_no_dump(tmp_path: Path, content: bytes) -> None:
    """Files of other kinds are told from damaged dumps."""
    with pytest.raises(UnknownShape, match="dump: "):
        read(tmp_path / "dump", content)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    """What cannot be opened is named with the reason."""
    with pytest.raises(UnreadableFile, match=r"dump: cannot be opened \(.*No such file"):
        next(read_rows(tmp_path / "dump"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_cut_short() -> None:
    """A pipe can be read, though it has no place to name when it is cut."""
    read_end, write_end = os.pipe()
    os.write(write_end, gzip.compress(lines(ROWS))[:-9])
    os.close(write_end)
    path = Path(f"/dev/fd/{read_end}")
    if not path.exists():
        pytest.skip("no /dev/fd here")

    with pytest.raises(UnreadableFile, match="cannot be read on from here"):
        list(read_rows(path))
    os.close(read_end)


# --- which files are meant --------------------------------------------------------------------


def test_folders_stand_for_their_content(tmp_path: Path) -> None:
    """A folder's files come sorted, without what is hidden, and each file once."""
    for name in ("b.json", "a/2.json", "a/1.json", ".git/config", "a/.cache/x", "c/.hidden"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = find_files([tmp_path / "b.json", tmp_path, tmp_path / "a"])

    assert ["b.json", "a/1.json", "a/2.json"] == [
        path.relative_to(tmp_path).as_posix() for path in found
    ]


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    """What is not there is said at once, before anything is read."""
    with pytest.raises(UnreadableFile, match="missing: no such file or folder"):
        find_files([tmp_path, tmp_path / "missing"])


# --- what rows describe -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        ({"id": "a/b", "pipeline_tag": None}, Shape.MODEL),
        ({"modelId": "a/b"}, Shape.MODEL),
        ({"id": "a/b", "tags": ["base_model:c/d"]}, Shape.MODEL),
        ({"id": "a/b", "tags": ["license:mit"]}, Shape.MODEL),
        ({"id": "a/b", "description": "…"}, Shape.DATASET),
        ({"id": "a/b", "tags": ["license:mit", "size_categories:n<1K"]}, Shape.DATASET),
        ({"id": "a/b", "sdk": "gradio"}, Shape.SPACE),
        ({"id": "a/b", "sdk": "gradio", "modelId": "a/b"}, Shape.SPACE),
        ({"id": "a/b", "card": "---"}, Shape.CARD),
        ({"Unique Dataset Identifier": "b"}, Shape.PROVENANCE),
        ({"id": "a/b"}, None),
        ({"id": "a/b", "tags": "license:mit"}, None),
        ({"id": "a/b", "tags": [7]}, None),
        ("a/b", None),
    ],
)
def test_fields_and_tags_tell_the_kind(row: Row, shape: Shape | None) -> None:
    """Fields tell more than tags, and what tells nothing is not guessed at."""
    assert shape == recognise([row])


def test_broken_rows_tell_nothing() -> None:
    """However many broken rows come first, a whole one tells the kind."""
    assert Shape.MODEL == recognise([*[None] * 99, {"id": "a/b", "library_name": "peft"}])


def test_a_parquet_of_datasets_is_told_by_its_columns(tmp_path: Path) -> None:
    """Datasets without telling tags are told from models by a column that only they have."""
    rows: list[Row] = [{"id": "a/b", "tags": ["license:mit"], "paperswithcode_id": None}]

    assert Shape.DATASET == recognise(read(tmp_path / "dump", parquet(rows)))
