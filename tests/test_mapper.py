"""Files become chunks of N-Quads: each repository once a chunk, nothing of a file that fails."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Issue, IssueKind, Kind, Model
from graph.model.vocabulary import repository_iri
from graph.rdf.triples import nquads, record_triples
from ingest.aliases import Aliases
from ingest.mapper import Mapped, map_files, write_records
from ingest.reading import Reading
from ingest.report import Tally
from ingest.shapes import Row, Shape
from tests.builders import model

READING = Reading(aliases=Aliases.none())
CUT = b'{"id": "acme/cut", "sha": "1"}\n{"id": "acme/b", "sha": "1"}\n{"id'


def write(folder: Path, **files: list[Row] | bytes) -> list[Path]:
    """Write files, of rows as JSON Lines or of bytes as they are; return their paths."""
    paths = []
    for name, what in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(what if isinstance(what, bytes) else jsonl(what))
    return paths


def jsonl(rows: list[Row]) -> bytes:
    """Return rows as JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def rows(*names: str, sha: str = "1") -> list[Row]:
    """Return rows of models."""
    return [{"id": f"acme/{name}", "sha": sha, "modelId": f"acme/{name}"} for name in names]


def lines(*names: str, sha: str = "1") -> bytes:
    """Return what the rows of models become."""
    return b"".join(nquads(record_triples(Model(id=f"acme/{name}", commit=sha))) for name in names)


def content(mapped: Mapped) -> list[bytes]:
    """Return what is in the chunks."""
    return [chunk.path.read_bytes() for chunk in mapped.chunks]


def names(mapped: Mapped) -> list[list[str]]:
    """Return the names of the repositories that the chunks are said to hold."""
    start = len(repository_iri(Kind.MODEL, "acme/"))
    return [[iri[start:] for iri in chunk.repositories] for chunk in mapped.chunks]


def test_files_become_one_chunk(tmp_path: Path) -> None:
    """Files of different repositories share a chunk, in the order of the files."""
    paths = write(tmp_path, one=rows("a", "b"), two=rows("c"))
    mapped = map_files(paths, tmp_path / "group", READING)

    assert [lines("a", "b", "c")] == content(mapped)
    assert [["a", "b", "c"]] == names(mapped)
    assert 3 == mapped.tally.rows == mapped.tally.kept[Kind.MODEL]


def test_a_repository_that_comes_again_opens_a_chunk(tmp_path: Path) -> None:
    """No chunk holds a repository twice, so that loading them in order keeps the last."""
    paths = write(tmp_path, one=rows("a", "b"), two=rows("b", "c", sha="2"), three=rows("c"))
    mapped = map_files(paths, tmp_path / "group", READING)

    assert [lines("a", "b"), lines("b", "c", sha="2"), lines("c")] == content(mapped)
    assert [["a", "b"], ["b", "c"], ["c"]] == names(mapped)


def test_the_last_row_of_a_batch_wins(tmp_path: Path) -> None:
    """A repository that a page names twice is as its last row says."""
    paths = write(tmp_path, one=[*rows("a", "b"), *rows("a", sha="2")])
    mapped = map_files(paths, tmp_path / "group", READING)

    assert [lines("a", sha="2") + lines("b")] == content(mapped)
    assert (3, 1) == (mapped.tally.rows, mapped.tally.duplicates)


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_an_unreadable_file_leaves_nothing(tmp_path: Path, first: int) -> None:
    """Wherever it comes, a file cut short takes none of its neighbours with it."""
    good = write(tmp_path, one=rows("a", "b"), two=rows("b", sha="2"), three=rows("c"))
    (bad,) = write(tmp_path, bad=CUT)
    mapped = map_files([*good[:first], bad, *good[first:]], tmp_path / "group", READING)

    assert lines("a", "b") + lines("b", sha="2") + lines("c") == b"".join(content(mapped))
    assert [f"{bad}: not valid JSON at line 3, byte 1 of 4"] == [
        line.partition(" (")[0] for line in mapped.failed
    ]
    assert 4 == mapped.tally.rows == sum(mapped.tally.kept.values())


def test_a_file_that_fails_late_takes_all_its_chunks_along(tmp_path: Path) -> None:
    """A file of many batches, and so of several chunks, leaves none of them behind."""
    many: list[Row] = [*rows(*(f"m{number}" for number in range(2000)))]
    cut = jsonl(many * 3) + b"{"
    paths = write(tmp_path, one=rows("a"), two=cut, three=rows("b"))
    mapped = map_files(paths, tmp_path / "group", READING)

    assert [lines("a", "b")] == content(mapped)
    assert [tmp_path / "group.0.nq"] == sorted(tmp_path.glob("*.nq"))
    assert (2, 0, 1) == (mapped.tally.rows, mapped.tally.duplicates, len(mapped.failed))


FILES = st.lists(st.tuples(st.lists(st.sampled_from("abc"), max_size=4), st.booleans()), max_size=6)


@given(FILES)
def test_chunks_in_order_are_the_files_in_order(drawn: list[tuple[list[str], bool]]) -> None:
    """Whatever files come and fail, what remains is that of the whole ones, in their order."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number, (repositories, whole) in enumerate(drawn):
            written = jsonl(rows(*repositories, sha=str(number)))
            (folder / str(number)).write_bytes(written if whole else written + b'{"id')
        paths = [folder / str(number) for number in range(len(drawn))]
        mapped = map_files(paths, folder / "group", READING)
        expected = b"".join(
            lines(*dict.fromkeys(repositories), sha=str(number))
            for number, (repositories, whole) in enumerate(drawn)
            if whole
        )

        assert expected == b"".join(content(mapped))
        assert sorted(chunk.path for chunk in mapped.chunks) == sorted(folder.glob("*.nq"))
        for chunk, held in zip(content(mapped), names(mapped), strict=True):
            assert held == [name for name in held if f"acme/{name}>".encode() in chunk]
            assert len(held) == len(set(held))
        assert len(mapped.failed) == sum(not whole for _, whole in drawn)
        assert mapped.tally.rows == mapped.tally.duplicates + sum(mapped.tally.kept.values())


# --- what is a failure, and what is only stray ------------------------------------------------


STRAY = {
    "text": b"# Read me first\n",
    "table": b'{"MIT": ["All", "1", "0"]}',
    "other_rows": b'[{"name": "x"}]',
    "packed_text": gzip.compress(b"text"),
}


@pytest.mark.parametrize("name", STRAY)
def test_what_is_no_dump_is_skipped(tmp_path: Path, name: str) -> None:
    """A file of another kind in a folder is counted, and is no failure."""
    paths = write(tmp_path, one=rows("a"), **{name: STRAY[name]})
    mapped = map_files(paths, tmp_path / "group", READING)

    assert ([], 1) == (mapped.failed, len(mapped.skipped))
    assert mapped.skipped[0].startswith(f"{tmp_path / name}: ")
    assert [lines("a")] == content(mapped)


@pytest.mark.parametrize("name", STRAY)
def test_what_is_named_must_be_a_dump(tmp_path: Path, name: str) -> None:
    """The same file is a failure when the user names it."""
    paths = write(tmp_path, one=rows("a"), **{name: STRAY[name]})
    reading = Reading(aliases=Aliases.none(), named=frozenset(paths))
    mapped = map_files(paths, tmp_path / "group", reading)

    assert ([], 1) == (mapped.skipped, len(mapped.failed))
    assert mapped.failed[0].startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize(
    "damaged",
    [CUT, b'[{"id"', b'{"error": "x"}', gzip.compress(CUT, mtime=0)[:-3], b"PAR1 and no more"],
)
def test_damage_is_a_failure_wherever_it_is(tmp_path: Path, damaged: bytes) -> None:
    """A damaged dump in a folder is not taken for a stray file."""
    mapped = map_files(write(tmp_path, one=damaged), tmp_path / "group", READING)

    assert ([], 1) == (mapped.skipped, len(mapped.failed))


def test_rows_that_tell_no_kind_ask_for_it(tmp_path: Path) -> None:
    """Where rows have nothing but ids, the remedy is named, and works."""
    (path,) = write(tmp_path, one=[{"id": "acme/a"}])
    reading = Reading(aliases=Aliases.none(), named=frozenset([path]))
    failed = map_files([path], tmp_path / "group", reading).failed
    told = Reading(aliases=Aliases.none(), kind=Kind.DATASET)
    chunks = map_files([path], tmp_path / "group", told).chunks

    assert failed[0].endswith("name the kind with --kind")
    assert [{repository_iri(Kind.DATASET, "acme/a"): None}] == [c.repositories for c in chunks]


def test_a_kind_overrides_what_rows_look_like(tmp_path: Path) -> None:
    """What the user says of a file counts more than its fields."""
    told = Reading(aliases=Aliases.none(), kind=Kind.SPACE)
    mapped = map_files(write(tmp_path, one=rows("a")), tmp_path / "group", told)

    assert {Kind.SPACE: 1} == mapped.tally.kept


# --- rows, issues and counts ------------------------------------------------------------------


def test_rows_without_a_repository_become_issues(tmp_path: Path) -> None:
    """A broken row is told with its file and place, and its neighbours are kept."""
    broken: list[Row] = [*rows("a"), 7, {"id": "no id"}, {"modelId": None}, *rows("b")]
    mapped = map_files(write(tmp_path, page=broken), tmp_path / "group", READING)

    assert [lines("a", "b")] == content(mapped)
    assert [
        Issue(kind=IssueKind.NOT_AN_OBJECT, field="", value="7", where="page[0][1]"),
        Issue(kind=IssueKind.INVALID_ID, field="id", value="no id", where="page[0][2]"),
        Issue(kind=IssueKind.INVALID_ID, field="id", value="None", where="page[0][3]"),
    ] == mapped.issues
    assert (5, 3, 0) == (mapped.tally.rows, mapped.tally.unusable, mapped.tally.duplicates)


def test_the_place_counts_from_the_beginning_of_the_file(tmp_path: Path) -> None:
    """In a later batch of a long file, the place of an issue is that of its batch and row."""
    many: list[Row] = [*rows(*(f"m{number}" for number in range(2500))), None]
    mapped = map_files(write(tmp_path, page=many), tmp_path / "group", READING)

    assert ["page[2000][500]"] == [issue.where for issue in mapped.issues]


def test_parts_of_repositories_are_not_written(tmp_path: Path) -> None:
    """Cards wait to be merged, each with what it says."""
    cards: list[Row] = [{"id": "acme/a", "card": "---\nlicense: mit\n---"}] * 2
    mapped = map_files(write(tmp_path, cards=cards), tmp_path / "group", READING)

    assert [] == mapped.chunks
    assert [(Shape.CARD, "acme/a")] * 2 == [(shape, r.id) for shape, r in mapped.partial]
    assert (2, 0, 0) == (mapped.tally.rows, mapped.tally.duplicates, mapped.tally.unusable)


def test_an_empty_page_is_no_failure(tmp_path: Path) -> None:
    """A page without rows, and a file without anything, have been read."""
    paths = write(tmp_path, page=b"[]", nothing=b"", packed=gzip.compress(b""))
    mapped = map_files(paths, tmp_path / "group", READING)

    assert ([], [], []) == (mapped.failed, mapped.skipped, mapped.chunks)


def test_every_kind_has_its_shape() -> None:
    """Rows of every kind of repository have their shape, and tell all of one."""
    assert [False for _ in Kind] == [Shape(kind.value).is_partial for kind in Kind]


def test_records_are_written_as_they_are_mapped(tmp_path: Path) -> None:
    """Records become a chunk that is counted like one of a file."""
    records = [model("acme/a -> acme/base: merge"), model("acme/b")]
    tally = Tally()
    chunk, mentioned = write_records(records, tmp_path / "chunk.nq", tally)

    assert b"".join(nquads(record_triples(record)) for record in records) == (
        chunk.path.read_bytes()
    )
    assert [repository_iri(Kind.MODEL, f"acme/{name}") for name in "ab"] == [*chunk.repositories]
    assert repository_iri(Kind.MODEL, "acme/base") in mentioned
    assert chunk.path.read_bytes().count(b"\n") == tally.triples
