"""``remixgraph lint``: cards and ids, exit codes, patches and files mended in place."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from graph.model.records import IssueKind
from tests.builders import issue, license_, model
from tests.graphs import build_graph
from ui.cli.main import run

ROOT = Path(__file__).resolve().parent.parent
Capture = pytest.CaptureFixture[str]

BAD = "---\nlicence: mit\n---\n# Tiny\n"
DUBIOUS = "---\nlicense: other\n---\n"
GOOD = "---\nlicense: mit\n---\n"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small graph: Llama <- acme/tiny, which declares nothing and has an issue."""
    return build_graph(
        tmp_path_factory.mktemp("lint") / "graph",
        model("meta/Llama-3.1", licenses=(license_("llama3.1"),)),
        model("acme/tiny -> meta/Llama-3.1: finetune", issues=(issue(IssueKind.LOCAL_PATH),)),
        model("acme/fine", licenses=(license_("mit"),)),
    )


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the folder of a repository, where there is no graph."""
    monkeypatch.setenv("REMIXGRAPH_GRAPH", str(tmp_path / "none"))
    folder = tmp_path / "acme" / "tiny"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def write(text: str, name: str = "README.md") -> Path:
    """Write a card into the folder; return its path."""
    path = Path(name)
    path.write_bytes(text.encode())
    return path


# --- exit codes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        (GOOD, [], 0),
        (GOOD, ["--strict"], 0),
        (DUBIOUS, [], 0),
        (DUBIOUS, ["--strict"], 1),
        (BAD, [], 1),
        (BAD, ["--patch"], 1),
        (BAD, ["--fix"], 0),
        (BAD, ["--patch", "--fix"], 2),
        (BAD, ["--patch", "--format", "sarif"], 2),
        (BAD, ["--id", "no id"], 2),
        (BAD, ["--format", "xml"], 2),
    ],
)
def test_exit_codes(text: str, options: list[str], code: int) -> None:
    """Errors exit with status 1, warnings with --strict, a wrong usage with 2."""
    assert code == run(["lint", str(write(text)), *options])


@pytest.mark.parametrize("name", ["nothing.md", "no/such/README.md", "latin.md", "x" * 300])
def test_a_card_that_cannot_be_read(name: str, capsys: Capture) -> None:
    """It exits with status 3 and one line; the other cards are linted all the same."""
    Path("latin.md").write_bytes(b"---\nauthor: J\xe9r\xf4me\n---\n")

    assert 3 == run(["lint", name, str(write(BAD))])
    streams = capsys.readouterr()
    assert "README.md:2: error: licence: mit" in streams.out
    assert f"error: {name}: " in streams.err
    assert "Traceback" not in streams.err


def test_an_id_wants_one_card(capsys: Capture) -> None:
    """--id cannot be that of several cards."""
    assert 2 == run(["lint", "a.md", "b.md", "--id", "acme/tiny"])
    assert "give one file" in capsys.readouterr().err


# --- cards --------------------------------------------------------------------------------------


def test_a_folder_means_its_card(capsys: Capture) -> None:
    """What stands beside the card counts."""
    write(GOOD)
    Path("adapter_config.json").write_text('{"base_model_name_or_path": "acme/base"}')

    assert 0 == run(["lint", "."])
    assert "acme/base is missing, which adapter_config.json names" in capsys.readouterr().out


def test_another_file_does_not_speak_for_the_folder(capsys: Capture) -> None:
    """Beside notes.md lies what belongs to somebody else."""
    Path("adapter_config.json").write_text('{"base_model_name_or_path": "acme/base"}')

    assert 0 == run(["lint", str(write(GOOD, "notes.md"))])
    assert "" == capsys.readouterr().out


def test_the_kind_is_told_by_folder_field_or_user(capsys: Capture, tmp_path: Path) -> None:
    """A data set has no base model; its legacy sources are told."""
    folder = tmp_path / "datasets" / "acme" / "qa"
    folder.mkdir(parents=True)
    card = folder / "README.md"
    card.write_text("---\nlicense: mit\nbase_model: ./x\n---\n")

    assert 0 == run(["lint", str(card)])
    assert 1 == run(["lint", str(card), "--kind", "model"])
    assert "local-path" in capsys.readouterr().out


def test_a_graph_is_asked_where_there_is_one(graph: Path, capsys: Capture) -> None:
    """The folder tells the id; the graph what the base asks for, and what it does not hold."""
    card = write("---\nlicense: llama3.1\nbase_model: meta/Llama-3.1\ndatasets: a/b\n---\n")

    assert 0 == run(["lint", str(card), "--graph", str(graph)])
    out = capsys.readouterr().out
    assert "the name of acme/tiny is wrong" in out
    assert "datasets: a/b is not in this graph [unknown-dataset]" in out

    assert 0 == run(["lint", str(card), "--graph", str(graph), "--id", "acme/Llama-tiny"])
    assert "name-prefix" not in capsys.readouterr().out


def test_json_and_its_short_form(capsys: Capture) -> None:
    """--json is --format json."""
    write(BAD)

    assert 1 == run(["lint", "README.md", "--json"])
    (document,) = json.loads(capsys.readouterr().out)
    assert ["misspelt-license"] == [one["rule"] for one in document["problems"]]
    assert [True] == [one["mendable"] for one in document["problems"]]


# --- ids ----------------------------------------------------------------------------------------


def test_an_id_of_the_graph(graph: Path, capsys: Capture) -> None:
    """The issues and the licence of a record are told as those of a card are."""
    assert 1 == run(["lint", "acme/tiny", "--graph", str(graph)])
    out = capsys.readouterr().out
    assert "acme/tiny: error: base_model: x is a path on a disk [local-path]" in out
    assert "[missing-license]" in out
    assert "[name-prefix]" in out

    assert 0 == run(["lint", "acme/fine", "--graph", str(graph)])


def test_ids_that_cannot_be_linted(graph: Path, capsys: Capture) -> None:
    """Without a graph, without the repository, and for a patch, there is one clear line."""
    assert 3 == run(["lint", "acme/tiny"])
    assert 1 == run(["lint", "acme/tyni", "--graph", str(graph)])
    assert 2 == run(["lint", "acme/tiny", "--graph", str(graph), "--fix"])
    assert "Traceback" not in capsys.readouterr().err


# --- patches ------------------------------------------------------------------------------------


def test_the_patch_alone_is_printed(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """It has the bytes of the card, line ends and all."""
    assert 1 == run(["lint", str(write(BAD.replace("\n", "\r\n"))), "--patch"])
    assert (
        b"--- a/README.md\n+++ b/README.md\n@@ -1,4 +1,4 @@\n ---\r\n-licence: mit\r\n"
        b"+license: mit\r\n ---\r\n # Tiny\r\n"
    ) == capsysbinary.readouterr().out


def test_nothing_to_mend_is_no_patch(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """A card that is fine gives an empty patch."""
    assert 0 == run(["lint", str(write(GOOD)), "--patch"])
    assert b"" == capsysbinary.readouterr().out


def test_fix_keeps_the_file(capsys: Capture) -> None:
    """The card is mended in its place, with its mode, through a link, and leaves nothing behind."""
    path = write("\ufeff" + BAD.replace("\n", "\r\n"), "card.md")
    path.chmod(0o640)
    Path("README.md").symlink_to("card.md")

    assert 0 == run(["lint", "README.md", "--fix"])
    assert "\ufeff---\r\nlicense: mit\r\n---\r\n# Tiny\r\n".encode() == path.read_bytes()
    assert 0o640 == stat.S_IMODE(path.stat().st_mode)
    assert Path("README.md").is_symlink()
    assert ["README.md", "card.md"] == sorted(one.name for one in Path().iterdir())
    assert "README.md: mended licence (misspelt-license)" in capsys.readouterr().err


def test_fix_where_nothing_may_be_written(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card stays, and one line says why it was not mended."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    path = write(BAD)

    assert 3 == run(["lint", "README.md", "--fix"])
    assert BAD == path.read_text()
    assert ["README.md"] == [one.name for one in Path().iterdir()]
    assert "error: README.md: cannot be written (Permission denied)" in capsys.readouterr().err


def test_the_hooks_run_this_command() -> None:
    """pre-commit finds the command, and the cards it is for."""
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")

    assert ["remixgraph lint", "remixgraph lint --fix"] == re.findall(r"entry: (.+)", hooks)
    assert {r"(^|/)README\.md$"} == set(re.findall(r"files: (.+)", hooks))
