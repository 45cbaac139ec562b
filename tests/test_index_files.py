"""The files of an index: the same bytes each time, and refused when they are not whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from graph import lineage as index
from graph.build.deriving import derive
from graph.lineage.index import LineageIndex
from graph.model.errors import InvalidGraph, NotInGraph
from graph.model.records import Kind, Repository
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph, Node
from graph.store.results import RESULTS, RESULTS_VERSION
from graph.tables.recording import tables_of
from graph.tables.uniting import unite
from tests.builders import dataset, license_, model
from tests.graphs import build_graph
from tests.lineages import index_of, node

RECORDS = (
    model(
        "acme/chat -> acme/base: finetune",
        downloads=10**30,
        created="2024-07-01T12:00:00Z",
        licenses=(license_("mit"), license_("apache-2.0")),
    ),
    dataset("acme/qa/ünï cödé -> acme/raw: source", downloads=3),
)


def written(folder: Path, *records: Repository) -> Path:
    """Write the results of records into a folder."""
    derive(unite([tables_of(records)])).write(folder)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a small index."""
    return written(tmp_path / "results", *RECORDS)


def test_columns_hold_what_the_graph_says() -> None:
    """Ids, kinds, dates, downloads within 64 bits, and all licences of a repository."""
    opened = index_of(*RECORDS)
    chat, base = opened.find(node("acme/chat")), opened.find(node("acme/base"))
    data = Node(Kind.DATASET, "acme/qa/ünï cödé")

    assert [base, chat] == [0, 1]
    assert data == opened.node(opened.find(data))
    assert [2**63 - 1, None] == opened.downloads_of(np.array([chat, base]))
    assert ("2024-07-01T12:00:00Z", None) == (opened.created_of(chat), opened.created_of(base))
    assert ("apache-2.0, mit", None) == (opened.license_of(chat), opened.license_of(base))
    assert (True, False) == (opened.known[chat], opened.known[base])


def test_what_is_not_there_has_no_number() -> None:
    """An unknown id, an id of another kind, and an IRI that is no repository's."""
    opened = index_of(*RECORDS)

    assert None is opened.number("https://huggingface.co/datasets/acme/chat")
    assert None is opened.number("https://huggingface.co/zzz")
    assert None is opened.number("https://example.org/acme/chat")
    with pytest.raises(NotInGraph, match="zzz is not in the index"):
        opened.find(node("zzz"))


def test_the_same_graph_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Whatever the order in which the store hands out its quads."""
    again = written(tmp_path / "again", *reversed(RECORDS))

    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        other = again / path.relative_to(folder)
        assert path.read_bytes() == other.read_bytes(), path.name


def test_an_index_is_written_over(folder: Path) -> None:
    """Building again replaces what is there."""
    written(folder, model("other"))

    assert [node("other")] == LineageIndex.open(folder, verify=True).nodes(np.array([0]))


def test_a_missing_index_is_told(tmp_path: Path) -> None:
    """With what to do about it."""
    with pytest.raises(InvalidGraph, match=r"there are no results in .*: run `remixgraph index`"):
        LineageIndex.open(tmp_path)


def test_another_version_is_refused(folder: Path) -> None:
    """Rather than guessed at."""
    path = folder / "results.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": RESULTS_VERSION + 1}))

    with pytest.raises(InvalidGraph, match=rf"this program reads {RESULTS_VERSION}"):
        LineageIndex.open(folder)


@pytest.mark.parametrize("name", ["kinds.npy", "results.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_damage_is_told(folder: Path, name: str, content: bytes | None) -> None:
    """A file that is gone, empty or something else."""
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_bytes(content)
    message = "is damaged|there are no results"

    with pytest.raises(InvalidGraph, match=message):
        LineageIndex.open(folder)


def test_changed_bytes_are_found_by_their_checksum(folder: Path) -> None:
    """Opening compares sizes, verifying every byte."""
    path = folder / "downloads.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)

    LineageIndex.open(folder)
    with pytest.raises(InvalidGraph, match=r"downloads\.npy is damaged"):
        LineageIndex.open(folder, verify=True)


def test_a_header_that_is_none_is_damage(folder: Path) -> None:
    """A file of the right size whose head is not NumPy's."""
    path = folder / "kinds.npy"
    path.write_bytes(b"x" * path.stat().st_size)

    with pytest.raises(InvalidGraph, match=r"kinds\.npy is damaged"):
        LineageIndex.open(folder)


def test_the_results_of_a_build_lie_beside_its_store(tmp_path: Path) -> None:
    """They are opened from there."""
    directory = build_graph(tmp_path / "graph", *RECORDS)
    with LineageGraph.open(directory) as graph:
        beside = build_directory(directory, graph.info.build) / RESULTS
        opened = index.of(graph)

    assert len(LineageIndex.open(beside)) == len(opened) == 4
    assert ["acme/base"] == opened.ids(np.array([0]))


def test_a_long_chain_is_no_trouble() -> None:
    """Nothing recurses, whatever the number of steps."""
    opened = index_of(*(model(f"{n:04} -> {n + 1:04}: finetune") for n in range(2_000)))

    assert 2_000 == opened.depths.max() == opened.influence.max()
