"""Lines come out of the external sort as out of the one in memory, whatever does not fit."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store import sorting
from graph.store.sorting import SortedRuns, merge_runs


def _sorted(pieces: list[bytes], folder: Path, *, size: int = 64) -> bytes:
    runs = SortedRuns(folder, size=size)
    for piece in pieces:
        runs.write(piece)
    return b"".join(merge_runs(runs.close()))


def test_lines_are_sorted_by_their_bytes(tmp_path: Path) -> None:
    """Capitals come before small letters, a prefix before what it begins, accents last."""
    text = "b\na\naa\nB\né\n".encode()

    assert "B\na\naa\nb\né\n".encode() == _sorted([text], tmp_path)


def test_a_line_is_kept_once(tmp_path: Path) -> None:
    """The same line in one run, and in two, is one line."""
    assert b"a\nb\n" == _sorted([b"b\na\nb\n", b"a\nb\na\n"], tmp_path, size=6)


def test_a_last_line_without_an_end_gets_one(tmp_path: Path) -> None:
    """What is merged is made of whole lines."""
    assert b"a\nb\n" == _sorted([b"b\na"], tmp_path)


def test_nothing_is_nothing(tmp_path: Path) -> None:
    """Without a line there is no run, and nothing to merge."""
    assert b"" == _sorted([], tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_run_is_no_larger_than_asked_for(tmp_path: Path) -> None:
    """Memory is bounded: what is over the limit goes to the disk."""
    runs = SortedRuns(tmp_path, size=8)
    for number in range(10):
        runs.write(b"%03d\n" % number)

    assert [8, 8, 8, 8, 8] == [path.stat().st_size for path in runs.close()]


@given(
    lines=st.lists(st.binary(max_size=6).map(lambda line: line.replace(b"\n", b" ")), max_size=40),
    cut=st.integers(1, 9),
    size=st.integers(1, 30),
    share=st.integers(1, 20),
)
def test_sorting_outside_is_sorting_inside(
    lines: list[bytes], cut: int, size: int, share: int
) -> None:
    """However the text is cut and however little memory there is, the result is the same."""
    text = b"".join(line + b"\n" for line in lines)
    pieces = [text[start : start + cut] for start in range(0, len(text), cut)]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorting, "_SHARE", share)
        patch.setattr(sorting, "_LEAST", 1)
        found = _sorted(pieces, Path(folder), size=size)

    assert b"".join(line + b"\n" for line in sorted(set(lines))) == found
