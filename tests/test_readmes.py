"""README.md files are cards, and their folders tell whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.model.errors import UnreadableFile
from graph.model.records import Kind
from graph.store.lineage_graph import LineageGraph
from ingest.pipeline import ingest_cards
from ingest.readmes import is_readme, keep_outermost, read_readme
from ingest.report import Report

CARD = b"---\nlicense: mit\n---\n# Tiny\n"


def write(path: Path, content: bytes = CARD) -> Path:
    """Write a file; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def ingest(tmp_path: Path, *paths: Path) -> tuple[Report, dict[str, str | None]]:
    """Add cards to a new graph; return the report, and each repository with its licence."""
    report = ingest_cards(tmp_path / "graph", paths)
    with LineageGraph.open(tmp_path / "graph") as graph:
        records = [graph.record(node) for kind in Kind for node in graph.nodes(kind)]
    return report, {
        f"{record.kind} {record.id}": record.licenses[0].license if record.licenses else None
        for record in records
    }


# --- whose card it is -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folders", "kind", "repository_id"),
    [
        ("acme/tiny", Kind.MODEL, "acme/tiny"),
        ("models/acme/tiny", Kind.MODEL, "acme/tiny"),
        ("datasets/acme/qa", Kind.DATASET, "acme/qa"),
        ("spaces/acme/demo", Kind.SPACE, "acme/demo"),
        ("datasets/squad", Kind.DATASET, "squad"),
        ("models/gpt2", Kind.MODEL, "gpt2"),
        ("models--acme--tiny/snapshots/0a1b", Kind.MODEL, "acme/tiny"),
        ("datasets--acme--qa/snapshots/0a1b", Kind.DATASET, "acme/qa"),
        ("models--gpt2/snapshots/0a1b", Kind.MODEL, "gpt2"),
        ("datasets/datasets/acme/qa", Kind.DATASET, "acme/qa"),
    ],
)
def test_folders_name_the_repository(
    tmp_path: Path, folders: str, kind: Kind, repository_id: str
) -> None:
    """The trees that people have are understood: clones by kind, and the client's cache."""
    path = write(tmp_path / folders / "README.md")

    assert {"id": repository_id, "kind": kind, "card": CARD.decode()} == (
        read_readme(path, None, None)
    )


def test_a_path_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that does not name its folders is in the folder we are in."""
    write(tmp_path / "datasets" / "acme" / "qa" / "README.md")
    monkeypatch.chdir(tmp_path / "datasets" / "acme" / "qa")

    assert "acme/qa" == read_readme(Path("README.md"), None, None)["id"]


@pytest.mark.parametrize("folders", ["my model", "a b/tiny", "acme/tiny (2)", "datasets/a b"])
def test_folders_that_name_none(tmp_path: Path, folders: str) -> None:
    """Where the folders cannot be a repository's, the file and the remedy are named."""
    path = write(tmp_path / folders / "README.md")

    with pytest.raises(UnreadableFile) as raised:
        read_readme(path, None, None)
    assert str(raised.value).startswith(f"{path}: ")
    assert str(raised.value).endswith("or name the repository with --id OWNER/NAME")


def test_another_name_says_nothing_of_the_folders(tmp_path: Path) -> None:
    """Only README.md belongs to the repository that its folders name."""
    path = write(tmp_path / "notes" / "cards" / "tiny.md")

    with pytest.raises(UnreadableFile, match="its path names no repository"):
        read_readme(path, None, None)


def test_the_user_knows_best(tmp_path: Path) -> None:
    """What the user says of a card counts more than its folders; a kind may be left open."""
    path = write(tmp_path / "datasets" / "acme" / "qa" / "README.md")

    assert "acme/new" == read_readme(path, "acme/new", None)["id"]
    assert "kind" not in read_readme(path, "acme/new", None)
    assert Kind.SPACE == read_readme(path, "acme/new", Kind.SPACE)["kind"]
    assert Kind.SPACE == read_readme(path, None, Kind.SPACE)["kind"]


# --- what is a card ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        CARD,
        b"\xef\xbb\xbf" + CARD,
        CARD.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + CARD.replace(b"\n", b"\r\n"),
        b"\n\n" + CARD,
    ],
)
def test_every_way_to_write_a_card(tmp_path: Path, content: bytes) -> None:
    """A byte order mark and Windows line ends are no fault of a card's author."""
    report, found = ingest(tmp_path, write(tmp_path / "acme" / "tiny" / "README.md", content))

    assert {"model acme/tiny": "mit"} == found
    assert [] == report.failed


@pytest.mark.parametrize("content", [b"# Tiny\n", b"", b"[![badge](x)](y)", b"{{ card }}"])
def test_a_card_may_declare_nothing(tmp_path: Path, content: bytes) -> None:
    """Markdown without front matter is a card, which says nothing."""
    _, found = ingest(tmp_path, write(tmp_path / "acme" / "tiny" / "README.md", content))

    assert {"model acme/tiny": None} == found


def test_the_name_of_a_named_card_is_free(tmp_path: Path) -> None:
    """A card that the user names may be called otherwise, if it is Markdown or has front matter."""
    assert is_readme(write(tmp_path / "card.MD", b"text"), named=True)
    assert is_readme(write(tmp_path / "card", CARD), named=True)
    assert not is_readme(write(tmp_path / "card.txt", b"text"), named=True)
    assert not is_readme(tmp_path / "missing.txt", named=True)


def test_in_a_folder_only_readmes_are_cards(tmp_path: Path) -> None:
    """Of a clone's files its README.md is read, and the rest is skipped and counted."""
    clone = tmp_path / "acme" / "tiny"
    write(clone / "readme.md")
    write(clone / "USAGE.md")
    write(clone / "config.json", b'{"architectures": []}')
    write(clone / "vocab.txt", b"the\n")
    write(clone / ".gitattributes", b"*.bin filter=lfs\n")
    report, found = ingest(tmp_path, clone)

    assert {"model acme/tiny": "mit"} == found
    assert (4, 3, []) == (report.files, len(report.skipped), report.failed)


def test_a_readme_inside_a_repository_is_no_card(tmp_path: Path) -> None:
    """A README.md of a subfolder does not become a repository of its own."""
    write(tmp_path / "hub" / "README.md", b"# All the clones\n")
    write(tmp_path / "hub" / "acme" / "tiny" / "README.md")
    inner = write(tmp_path / "hub" / "acme" / "tiny" / "onnx" / "README.md")
    write(tmp_path / "hub" / "acme" / "other" / "README.md", b"# No front matter\n")
    files = sorted((tmp_path / "hub").rglob("*.md"))

    assert [path for path in files if path != inner] == keep_outermost(files, ())
    assert files == keep_outermost(files, {inner})


def test_a_tree_of_clones(tmp_path: Path) -> None:
    """A folder of clones of every kind gives each its card."""
    for folders in ("models/acme/tiny", "datasets/acme/qa", "spaces/acme/demo"):
        write(tmp_path / "hub" / folders / "README.md")
    _, found = ingest(tmp_path, tmp_path / "hub")

    assert {"model acme/tiny": "mit", "dataset acme/qa": "mit", "space acme/demo": "mit"} == found


# --- what cannot be read ----------------------------------------------------------------------


def test_a_card_that_nobody_owns_is_a_failure(tmp_path: Path) -> None:
    """A README.md of unknown repository fails, also in a folder, and costs no neighbour."""
    write(tmp_path / "acme" / "tiny" / "README.md")
    lost = write(tmp_path / "my models" / "README.md")
    report, found = ingest(tmp_path, tmp_path)

    assert {"model acme/tiny": "mit"} == found
    assert [str(lost)] == [line.partition(": ")[0] for line in report.failed]


def test_text_in_another_encoding(tmp_path: Path) -> None:
    """A card that is no UTF-8 is refused, and the byte is named."""
    path = write(tmp_path / "acme" / "tiny" / "README.md", b"---\nname: caf\xe9\n---\n")

    with pytest.raises(UnreadableFile, match=r"README\.md: no UTF-8 text at byte 13"):
        read_readme(path, None, None)


def test_a_file_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is larger than any card is not read to its end."""
    monkeypatch.setattr("ingest.readmes._LARGEST", 8)
    path = write(tmp_path / "acme" / "tiny" / "README.md")

    with pytest.raises(UnreadableFile, match="which is no card"):
        read_readme(path, None, None)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """A card that cannot be opened is named with the reason."""
    with pytest.raises(UnreadableFile, match=r"README\.md: cannot be opened \(No such file"):
        read_readme(tmp_path / "acme" / "tiny" / "README.md", None, None)
