"""What is written is brought to the disk: the file, then its name."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from graph.model.files import replace_file, sync, sync_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the system decides there")


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the files that are brought to the disk from now on, by their numbers."""
    found: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: found.append(os.fstat(descriptor).st_ino))
    return found


def refuse(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Make the file system answer a sync with an error."""

    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)


def test_a_file_is_synced_before_its_name(tmp_path: Path, synced: list[int]) -> None:
    """After a power failure there is the old file or the new, whole."""
    replace_file(tmp_path / "file", b"new")

    assert [(tmp_path / "file").stat().st_ino, tmp_path.stat().st_ino] == synced
    assert b"new" == (tmp_path / "file").read_bytes()


def test_everything_in_a_folder_is_synced(tmp_path: Path, synced: list[int]) -> None:
    """Files and folders, however deep, each once, and itself."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("one", "a/two", "a/b/three", ".hidden"):
        (tmp_path / name).touch()
    sync_all(tmp_path)

    expected = {path.stat().st_ino for path in [tmp_path, *tmp_path.rglob("*")]}
    assert len(expected) == len(synced) == 7
    assert expected == set(synced)


def test_what_is_removed_meanwhile_is_no_error(
    tmp_path: Path, synced: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store tidies up by itself, also while its folder is synced."""
    monkeypatch.setattr(Path, "rglob", lambda folder, _: iter([folder / "gone", folder / "file"]))
    (tmp_path / "file").touch()
    sync_all(tmp_path)

    assert {tmp_path.stat().st_ino, (tmp_path / "file").stat().st_ino} == set(synced)


def test_a_full_disk_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some file systems tell only now that there is no room."""
    (tmp_path / "file").touch()
    refuse(monkeypatch, errno.ENOSPC)

    for path in (tmp_path, tmp_path / "file"):
        with pytest.raises(OSError, match="No space left"):
            sync(path)
    with pytest.raises(OSError, match="No space left"):
        sync_all(tmp_path)


def test_a_file_system_that_syncs_no_folders_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some on the network do not; of a file the same answer is an error."""
    (tmp_path / "file").touch()
    refuse(monkeypatch, errno.EINVAL)
    sync(tmp_path)

    with pytest.raises(OSError, match="Invalid argument"):
        sync(tmp_path / "file")
