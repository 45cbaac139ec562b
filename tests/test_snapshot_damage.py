"""What was changed in a snapshot is noticed and named, even if all its digests are right."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.errors import InvalidSnapshot
from graph.snapshots import load, verify, verifying
from graph.snapshots.manifest import (
    CONTENT,
    FILES,
    MANIFEST,
    README,
    encode_manifest,
    read_manifest,
    sealed,
)
from graph.snapshots.manifest import VOID as VOID_FILE
from graph.store.directory import read_info
from tests.graphs import build_graph
from tests.snapshots import (
    LINE,
    RECORDS,
    build_demo,
    create_snapshot,
    flip_bit,
    forge,
    reseal,
    unpacked,
)


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return a small graph with all kinds of repository, and a run in a named graph."""
    return build_demo(tmp_path / "graph")


@pytest.fixture
def snapshot(graph: Path, tmp_path: Path) -> Path:
    """Return a snapshot of the small graph."""
    create_snapshot(graph, tmp_path / "snapshot")
    return tmp_path / "snapshot"


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _add(path: Path) -> None:
    path.with_name("extra.txt").write_text("x")


def _link(path: Path) -> None:
    path.rename(path.parent.parent / "outside")
    path.symlink_to(path.parent.parent / "outside")


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        (CONTENT, Path.unlink, "graph.nq.zst is missing"),
        (CONTENT, _truncate, "graph.nq.zst has .* bytes where manifest.json says .*cut short"),
        (CONTENT, flip_bit, "graph.nq.zst was changed: its SHA-256 differs"),
        (CONTENT, _add, "extra.txt is no part of a snapshot: remove it"),
        (CONTENT, _link, "graph.nq.zst is no regular file"),
        (README, Path.unlink, "README.md is missing"),
        (README, flip_bit, "README.md was changed"),
        (VOID_FILE, flip_bit, "void.ttl was changed"),
        (MANIFEST, Path.unlink, "it has no manifest.json: name a folder that"),
        (MANIFEST, _truncate, "manifest.json is no manifest"),
    ],
)
def test_damage_is_noticed(
    snapshot: Path, name: str, damage: Callable[[Path], None], message: str
) -> None:
    """The error names the file, and what is wrong with it."""
    damage(snapshot / name)

    with pytest.raises(InvalidSnapshot, match=message):
        verify(snapshot)


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a snapshot that a test may damage as often as it repairs it."""
    root = tmp_path_factory.mktemp("victim")
    create_snapshot(build_graph(root / "graph", *RECORDS), root / "snapshot")
    return root / "snapshot"


@given(data=st.data())
def test_no_flipped_bit_is_overlooked(victim: Path, data: st.DataObject) -> None:
    """Wherever it is."""
    path = victim / data.draw(st.sampled_from(FILES))
    before = path.read_bytes()
    changed = bytearray(before)
    changed[data.draw(st.integers(0, len(before) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    try:
        with pytest.raises(InvalidSnapshot):
            verify(victim)
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize("field", ["vocabulary", "triples"])
def test_a_changed_manifest_is_noticed(snapshot: Path, field: str) -> None:
    """Also where nothing else would contradict it."""
    path = snapshot / MANIFEST
    document = json.loads(path.read_text())
    document[field] = "9.9.9" if field == "vocabulary" else 5
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n")

    with pytest.raises(InvalidSnapshot, match=r"manifest.json was changed: its checksum differs"):
        verify(snapshot)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{", '{"format": 1}', '{"format": "x"}', "[" * 100_000, "\udcff", "{}{}"],
)
def test_a_hostile_manifest_is_no_traceback(snapshot: Path, text: str) -> None:
    """Whatever it says."""
    (snapshot / MANIFEST).write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(InvalidSnapshot, match=r"manifest.json is no manifest"):
        verify(snapshot)


def test_a_huge_manifest_is_not_read(snapshot: Path) -> None:
    """Its size alone is enough to know."""
    with (snapshot / MANIFEST).open("r+b") as file:
        file.truncate(1 << 30)

    with pytest.raises(InvalidSnapshot, match=r"manifest.json is too large"):
        verify(snapshot)


def test_another_format_is_refused(snapshot: Path) -> None:
    """A snapshot of a later version is not guessed at."""
    (snapshot / MANIFEST).write_text('{"format": 2, "more": 1}')

    with pytest.raises(InvalidSnapshot, match="snapshot format 2, this program reads 1"):
        verify(snapshot)


def test_names_in_the_manifest_are_not_followed(snapshot: Path) -> None:
    """A manifest that points outside is refused, not obeyed."""
    manifest = read_manifest(snapshot / MANIFEST)
    files = manifest.files | {"../../etc/passwd": manifest.files[README]}
    manifest = sealed(msgspec.structs.replace(manifest, files=files))
    (snapshot / MANIFEST).write_bytes(encode_manifest(manifest))

    with pytest.raises(InvalidSnapshot, match="describes other files"):
        verify(snapshot)


def test_there_is_no_snapshot(tmp_path: Path) -> None:
    """Nothing at all, or a file, is no snapshot."""
    (tmp_path / "file").write_text("x")
    for name in ("nothing", "file"):
        with pytest.raises(InvalidSnapshot, match=f"{name} is no snapshot"):
            verify(tmp_path / name)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LINE % b"b" + LINE % b"a", "line 2 is not in the order of its bytes"),
        (LINE % b"a" + LINE % b"a", "line 2 is twice there"),
        (LINE % b"a" + b"nonsense\n", "line 2 is not a canonical N-Quad: 'nonsense"),
        (LINE % b"a" + b"_:b <https://a.org/p> <https://a.org/o> .\n", "line 2 is not a canonical"),
        (b"<https://a.org/s> <https://a.org/p> <<( <a:a> <a:a> <a:a> )>> .\n", "line 1 is not"),
        (LINE % b"a\rb", "line 1 is not a canonical"),
        (LINE % b"a\\'b", "line 1 is not a canonical"),
        (LINE % b"\\uD800", "line 1 is no N-Quad: The escape sequence"),
        (LINE % b"\xff", "line 1 is no N-Quad: Invalid UTF-8"),
        (
            b"<https://a.org/s> <https://a.org/p> <https://a.org/%zz> .\n",
            "line 1 is no N-Quad: Inv",
        ),
        (b"<s> <https://a.org/p> <https://a.org/o> .\n", "line 1 is not a canonical"),
        (LINE[:-1] % b"a", "the last line does not end"),
        (b"\n", "line 1 is not a canonical"),
        (b"", "counts .* for all .triples., but graph.nq.zst has 0"),
        (LINE % b"a", "counts .* for all .triples., but graph.nq.zst has 1"),
    ],
)
def test_hostile_content_is_noticed(
    snapshot: Path, tmp_path: Path, text: bytes, message: str
) -> None:
    """Though every digest is right; and it gets into no graph."""
    forge(snapshot, text)

    with pytest.raises(InvalidSnapshot, match=message):
        verify(snapshot)
    with pytest.raises(InvalidSnapshot):
        load(snapshot, tmp_path / "loaded")
    assert read_info(tmp_path / "loaded") is None


@pytest.mark.parametrize("part", ["graphs", "classes", "properties", "relations"])
def test_a_wrong_count_is_noticed(snapshot: Path, part: str) -> None:
    """Though every digest is right."""
    counts = dict(getattr(read_manifest(snapshot / MANIFEST), part))
    name = next(iter(counts))
    counts[name] += 1
    reseal(snapshot, **{part: counts})

    with pytest.raises(InvalidSnapshot, match=f"manifest.json counts .* for {name} .{part}., but"):
        verify(snapshot)


@pytest.mark.parametrize(
    ("size", "message"),
    [
        (1000, "graph.nq.zst unpacks to more than the 1,000 bytes that manifest.json says"),
        (1 << 40, "graph.nq.zst unpacks to 64,000,000 bytes where manifest.json says .*cut short"),
    ],
)
def test_a_bomb_is_not_unpacked(snapshot: Path, size: int, message: str) -> None:
    """No more than the manifest declares is unpacked, and nothing of it is kept."""
    forge(snapshot, LINE % b"a" + b"\n" * (64_000_000 - len(LINE) + 1), size=size)

    with pytest.raises(InvalidSnapshot, match=message):
        deplete(snapshot)


def deplete(snapshot: Path) -> None:
    """Unpack a snapshot without looking at its lines."""
    manifest = read_manifest(snapshot / MANIFEST)
    for _ in verifying._unpack(snapshot / CONTENT, manifest.size):
        pass


def test_an_endless_line_is_not_kept(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, whatever the content."""
    monkeypatch.setattr(verifying, "_LONGEST_LINE", 1000)
    forge(snapshot, b"x" * 5000)

    with pytest.raises(InvalidSnapshot, match="has a line of more than 1,000 bytes"):
        verify(snapshot)


@pytest.mark.parametrize("tail", [b"garbage", b"\x28\xb5\x2f\xfd"])
def test_what_cannot_be_unpacked_is_noticed(snapshot: Path, tail: bytes) -> None:
    """Other bytes after the compressed ones, or instead of them."""
    path = snapshot / CONTENT
    path.write_bytes(path.read_bytes() + b"garbage")
    reseal(snapshot)
    with pytest.raises(InvalidSnapshot, match=r"graph.nq.zst cannot be unpacked"):
        verify(snapshot)

    path.write_bytes(tail)
    reseal(snapshot)
    with pytest.raises(InvalidSnapshot, match=r"graph.nq.zst (cannot be unpacked|unpacks to 0)"):
        verify(snapshot)


def test_other_content_of_the_same_size_is_noticed(snapshot: Path) -> None:
    """What is unpacked is compared as well, not only what is packed."""
    text = unpacked(snapshot)
    forge(snapshot, text, sha256="0" * 64)

    with pytest.raises(InvalidSnapshot, match=r"unpacks to other content than manifest.json says"):
        verify(snapshot)


def test_too_many_names_are_refused(snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting stays within bounds."""
    from graph.snapshots import counting

    monkeypatch.setattr(counting, "_MOST_NAMES", 3)
    with pytest.raises(InvalidSnapshot, match="more than 3 different classes and properties"):
        verify(snapshot)


def test_a_file_that_cannot_be_read_is_named(
    snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the reason."""

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(verifying, "describe_file", refuse)
    with pytest.raises(InvalidSnapshot, match=r"README.md cannot be read: Permission denied"):
        verify(snapshot)
