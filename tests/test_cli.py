"""The command line keeps its contract: help, exit codes, one JSON document, one line an error."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import click
import pytest

from graph.build.building import new_build
from graph.model.records import IssueKind
from graph.store.directory import write_lock
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, issue, license_, model
from tests.graphs import build_graph, quads
from ui.cli.main import main, remixgraph, run
from ui.cli.options import graph_directory

ROOT = Path(__file__).resolve().parent.parent
Capture = pytest.CaptureFixture[str]

posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals and terminals like these")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small graph: base <- chat <- lora, chat trained on qa, qa made from raw."""
    return build_graph(
        tmp_path_factory.mktemp("cli") / "graph",
        model("acme/base", licenses=(license_("apache-2.0"),), downloads=1234),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on"),
        model("acme/lora -> acme/chat: adapter", issues=(issue(IssueKind.BARE_ID),)),
        dataset("acme/qa -> acme/raw: source"),
        model("openai-community/gpt2"),
    )


@pytest.fixture
def ask(graph: Path, capsys: Capture) -> Callable[..., Any]:
    """Return a function that runs a command with ``--json`` and returns the document."""

    def ask(*arguments: str) -> object:
        assert 0 == run([*arguments, "--graph", str(graph), "--json"])
        return json.loads(capsys.readouterr().out)

    return ask


def dump(path: Path, *names: str) -> str:
    """Write a dump of models; return its path."""
    rows = [{"modelId": name, "id": name} for name in names]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return str(path)


def program(*arguments: str, **options: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - Popen's
    """Start the program as a user does."""
    command = [sys.executable, "-m", "ui", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(command, cwd=ROOT, text=True, **pipes)


# --- help -------------------------------------------------------------------------------------


def commands(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that lead to it."""
    yield path, command
    if isinstance(command, click.Group):
        for name, part in command.commands.items():
            yield from commands(part, *path, name)


COMMANDS = dict(commands(remixgraph))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...], capsys: Capture) -> None:
    """Each command says in a sentence what it does, and what each of its options is for."""
    options = [part for part in COMMANDS[path].params if isinstance(part, click.Option)]

    assert 0 == run([*path, "--help"])
    assert capsys.readouterr().out.startswith(f"Usage: {' '.join(['remixgraph', *path])} ")
    assert (COMMANDS[path].help or "").partition("\n")[0].endswith((".", ".\n"))
    assert [] == [option.name for option in options if not option.help]


def test_help_has_a_short_name(capsys: Capture) -> None:
    """``-h`` is the same as ``--help``."""
    assert 0 == run(["ingest", "dump", "-h"])
    assert "PATHS..." in capsys.readouterr().out


def test_the_module_is_the_program() -> None:
    """``python -m ui`` is what is installed as ``remixgraph``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with program("--version") as process:
        out, err = process.communicate()

    assert (0, "") == (process.returncode, err)
    assert out.startswith("remixgraph ")
    assert {"remixgraph": f"{main.__module__}:{main.__qualname__}"} == project["scripts"]


@pytest.mark.parametrize(("found", "shown"), [("1.2.3", "1.2.3"), (None, "(not installed)")])
def test_the_version(
    found: str | None, shown: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """The version is that of the installed program; a checkout that is not installed has none."""

    def version(name: str) -> str:
        if found is None:
            raise PackageNotFoundError(name)
        return found

    monkeypatch.setattr("importlib.metadata.version", version)

    assert 0 == run(["--version"])
    assert f"remixgraph {shown}\n" == capsys.readouterr().out


# --- exit codes -------------------------------------------------------------------------------


def fails(arguments: list[str], code: int, message: str, capsys: Capture) -> None:
    """Check that a command fails with a code and one line on standard error."""
    assert code == run(arguments)
    captured = capsys.readouterr()
    assert "" == captured.out
    assert message in captured.err
    assert 1 == len(captured.err.splitlines())
    assert captured.err.startswith("error: ")


def test_the_answer_is_no(graph: Path, capsys: Capture) -> None:
    """A repository that is not in the graph ends a command with 1, and a hint."""
    fails(["--graph", str(graph), "show", "acme/Chat"], 1, "did you mean acme/chat?", capsys)
    fails(["--graph", str(graph), "ancestors", "acme/none"], 1, "check the spelling", capsys)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--what"],
        ["what"],
        ["show"],
        ["show", "acme/chat", "--what"],
        ["ancestors", "acme/chat", "--relation", "cousin"],
        ["descendants", "acme/chat", "--depth", "0"],
        ["ingest", "dump"],
        ["ingest", "dump", "x", "--kind", "paper"],
        ["ingest", "cards", "x", "y", "--id", "acme/chat"],
        ["export", "docx"],
    ],
)
def test_wrong_usage(arguments: list[str], capsys: Capture) -> None:
    """What makes no sense exits with status 2, and the usage is shown."""
    assert 2 == run(arguments)
    captured = capsys.readouterr()
    assert "" == captured.out
    assert "Usage: remixgraph" in captured.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "acme chat"], "give owner/name"),
        (["query", "no-such-question"], "no-such-question"),
        (["query", "ancestors", "--param", "iri"], "name=value"),
        (["query", "-", "--param", "a=b"], "--param belongs to a named question"),
        (["ingest", "cards", "README.md", "--id", "acme chat"], "give owner/name"),
    ],
)
def test_wrong_values(graph: Path, arguments: list[str], message: str, capsys: Capture) -> None:
    """A value that makes no sense exits with status 2, and one line says what is wrong with it."""
    fails(["--graph", str(graph), *arguments], 2, message, capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ingest", "dump", "{tmp}/missing"], "missing: no such file or folder"),
        (["ingest", "dump", "{tmp}/text"], "text: neither JSON"),
        (["ingest", "dump", "{tmp}/cut"], "cut: not valid JSON at byte 16 of 16"),
        (["ingest", "cards", "{tmp}/README.md"], "with --id OWNER/NAME"),
        (["ingest", "provenance", "{tmp}/table"], "table: "),
        (["--graph", "{tmp}/nothing", "stats"], "make one with 'remixgraph ingest'"),
        (["query", "{tmp}/missing"], "missing: cannot be read as text"),
        (["query", "{tmp}/text"], "error: "),
        (["snapshot", "verify", "{tmp}"], "error: "),
    ],
)
def test_bad_input(
    graph: Path, tmp_path: Path, arguments: list[str], message: str, capsys: Capture
) -> None:
    """What cannot be used exits with status 3, and one line names it."""
    folder = tmp_path / "with a space"
    folder.mkdir()
    for name, content in {
        "text": "Text.\n",
        "cut": '[{"id": "acme/a"',
        "table": '{"MIT": []}',
        "README.md": "# Card\n",
    }.items():
        (folder / name).write_text(content, encoding="utf-8")
    filled = [argument.replace("{tmp}", str(folder)) for argument in arguments]
    before = quads(graph)

    fails(["--graph", str(graph), *filled], 3, message, capsys)
    assert before == quads(graph)


def test_a_graph_in_use(graph: Path, tmp_path: Path, capsys: Capture) -> None:
    """While another process writes the graph, an ingestion exits with status 4 and says so."""
    path = dump(tmp_path / "dump", "acme/a")
    with write_lock(graph):
        fails(
            ["ingest", "dump", path, "--graph", str(graph)], 4, "another process is writing", capsys
        )


def test_what_is_kept_of_some_files(tmp_path: Path, capsys: Capture) -> None:
    """When some files fail, the rest is kept and reported, each failure is told, and 3 the end."""
    folder = tmp_path / "pages"
    folder.mkdir()
    dump(folder / "1", "acme/a")
    for name in ("2", "3"):
        (folder / name).write_text('[{"id": "acme/b"', encoding="utf-8")
    (folder / "LICENSE").write_text("Text.", encoding="utf-8")
    target = str(tmp_path / "graph")

    assert 3 == run(["ingest", "dump", str(folder), "--graph", target, "--json"])
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    assert [str(folder / "2"), str(folder / "3")] == [
        line.removeprefix("error: ").partition(": ")[0] for line in captured.err.splitlines()
    ]
    assert (4, 1, 1) == (report["files"], len(report["skipped"]), report["kept"]["models"])
    assert 3 == run(["ingest", "dump", str(folder), "--graph", target])
    shown = capsys.readouterr().out
    assert "skipped     1 other files\n" in shown
    assert "replaced    1\n" in shown


# --- JSON -------------------------------------------------------------------------------------


def test_stats_has_the_names_of_the_contract(ask: Callable[..., dict[str, Any]]) -> None:
    """Programs find each count under its name."""
    document = ask("stats")

    assert {
        *("models", "datasets", "spaces", "references", "licenses", "edges", "trained_on"),
        *("self_loops", "cycles", "dangling_edges", "multi_parent", "roots", "families", "triples"),
    } <= document.keys()
    assert {
        *("finetune", "adapter", "merge", "quantized", "unspecified", "total"),
        *("distilled", "converted"),
    } == document["edges"].keys()
    assert (4, 1, 1) == (document["models"], document["datasets"], document["edges"]["adapter"])


def test_ancestors_and_descendants_are_lists(ask: Callable[..., list[dict[str, Any]]]) -> None:
    """Relatives come by distance, then id, without the one asked about."""
    assert [
        {
            "id": "acme/chat",
            "kind": "model",
            "relation": ["adapter"],
            "depth": 1,
            "parents": ["acme/base"],
        },
        {
            "id": "acme/base",
            "kind": "model",
            "relation": ["finetune"],
            "depth": 2,
            "parents": [],
        },
    ] == ask("ancestors", "acme/lora")
    assert [("acme/chat", 1), ("acme/lora", 2)] == [
        (row["id"], row["depth"]) for row in ask("descendants", "acme/base")
    ]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--depth", "1"], ["acme/chat"]),
        (["--relation", "adapter"], ["acme/chat"]),
        (["--relation", "adapter", "--relation", "finetune"], ["acme/chat", "acme/base"]),
        (["--relation", "merge"], []),
        (["--relation", "adapter", "--relation", "trained_on"], ["acme/chat", "acme/qa"]),
    ],
)
def test_walks_are_cut_by_depth_and_relation(
    ask: Callable[..., list[dict[str, Any]]], options: list[str], expected: list[str]
) -> None:
    """A walk goes only as far, and only along such edges, as it is told."""
    assert expected == [row["id"] for row in ask("ancestors", "acme/lora", *options)]


def test_show_tells_parents_and_children(ask: Callable[..., dict[str, Any]]) -> None:
    """The details have the evidence of each parent, and count the children by relation."""
    document = ask("show", "acme/chat")

    assert ("acme/chat", "model", True) == (document["id"], document["kind"], document["known"])
    assert {"acme/base": "finetune", "acme/qa": "trained_on"} == {
        parent["id"]: parent["relation"] for parent in document["parents"]
    }
    assert {"adapter": 1} == document["children"]


def test_a_legacy_name_is_understood(ask: Callable[..., Any]) -> None:
    """Commands take the names that repositories had before the Hub moved them."""
    assert "openai-community/gpt2" == ask("show", "gpt2")["id"]
    assert [] == ask("ancestors", "gpt2") == ask("descendants", "gpt2")


def test_a_query_answers_in_json(
    tmp_path: Path, ask: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query comes from a file, from standard input, or is a named question."""
    text = "SELECT (COUNT(*) AS ?edges) { ?child prov:wasDerivedFrom ?parent }"
    (tmp_path / "query.rq").write_text(text, encoding="utf-8")
    with (tmp_path / "query.rq").open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        answers = [ask("query", str(tmp_path / "query.rq")), ask("query", "-")]

    assert [[{"edges": "3"}]] * 2 == [
        [{name: cell["value"] for name, cell in row.items()} for row in answer["bindings"]]
        for answer in (answer["results"] for answer in answers)
    ]
    assert "bindings" in ask("query", "missing-parents")["results"]


def test_questions_are_listed(capsys: Capture) -> None:
    """Programs find each named question with its parameters."""
    assert 0 == run(["questions", "--json"])
    rows = json.loads(capsys.readouterr().out)

    assert [{"name", "number", "title", "parameters"}] * len(rows) == [{*row} for row in rows]
    assert len(rows) > 5


def test_ingesting_reports_in_json(tmp_path: Path, capsys: Capture) -> None:
    """Each way to add something prints the same report."""
    target = ["--graph", str(tmp_path / "graph"), "--json"]
    card = tmp_path / "card.md"
    card.write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    summaries = ROOT / "tests" / "data" / "data-provenance"
    kept = []
    for arguments in (
        ["dump", dump(tmp_path / "dump", "acme/a"), "--kind", "model"],
        ["cards", str(card), "--id", "acme/qa", "--kind", "dataset"],
        ["cards", str(card), "--id", "acme/a"],
        ["provenance", str(summaries)],
    ):
        assert 0 == run(["ingest", *arguments, *target])
        kept.append(json.loads(capsys.readouterr().out)["kept"])

    assert [(1, 0), (0, 1), (1, 0), (0, 4)] == [
        (counts["models"], counts["datasets"]) for counts in kept
    ]


def test_snapshots_report_in_json(graph: Path, tmp_path: Path, capsys: Capture) -> None:
    """A snapshot that is made, checked and loaded is told as a document each time."""
    out = str(tmp_path / "snapshot")
    for arguments in (
        ["create", "--out", out, "--graph", str(graph)],
        ["verify", out],
        ["load", out, "--graph", str(tmp_path / "loaded")],
    ):
        assert 0 == run(["snapshot", *arguments, "--json"])
        assert isinstance(json.loads(capsys.readouterr().out), dict)

    assert quads(graph) == quads(tmp_path / "loaded")


def test_validation_reports_in_json(ask: Callable[..., dict[str, Any]]) -> None:
    """A graph that keeps its shapes conforms."""
    assert {"conforms": True, "violations": []} == ask("validate")


# --- text for people --------------------------------------------------------------------------


def test_people_get_tables(graph: Path, capsys: Capture) -> None:
    """Without ``--json`` the same answers are names, values and tables."""
    shown = {}
    for name, arguments in {
        "stats": ["stats"],
        "show": ["show", "acme/lora"],
        "ancestors": ["ancestors", "acme/lora"],
        "validate": ["validate"],
        "questions": ["questions"],
    }.items():
        assert 0 == run(["--graph", str(graph), *arguments])
        shown[name] = capsys.readouterr().out.splitlines()

    assert "models                  4" in shown["stats"]
    assert "issues" in shown["show"]
    assert "    1  acme/chat  model  adapter   acme/base" in shown["ancestors"]
    assert ["conforms  yes"] == shown["validate"]
    assert shown["questions"][0].split() == ["name", "parameters", "question"]


def test_hostile_text_is_not_obeyed(tmp_path: Path, capsys: Capture) -> None:
    """What the Hub's users write reaches a terminal as text only."""
    evil = "\x1b]0;pwned\x07\x9b2J\u202e"
    target = build_graph(
        tmp_path / "graph",
        model("acme/a", library=evil, licenses=(license_("mit", declared=evil, name=evil),)),
    )
    query = tmp_path / "query.rq"
    query.write_text("SELECT ?text { ?s ?p ?text FILTER(isLiteral(?text)) }", encoding="utf-8")
    for arguments in (
        ["show", "acme/a"],
        ["show", "acme/a", "--json"],
        ["query", str(query)],
        ["query", str(query), "--json"],
        ["show", evil],
        ["ancestors", f"acme/{evil}"],
        ["ingest", "dump", str(tmp_path / evil)],
    ):
        run(["--graph", str(target), *arguments])
        captured = capsys.readouterr()
        printed = captured.out + captured.err

        assert "pwned" in printed, arguments
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(printed), arguments


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_file_name_that_is_no_text(tmp_path: Path, capsys: Capture) -> None:
    """A file whose name is no UTF-8 is read like any other, and named as far as that goes."""
    folder = os.fsencode(tmp_path)
    for name, content in {b"\xff.json": '[{"modelId": "acme/a"}, 7]', b"\xfe.json": "[{"}.items():
        Path(os.fsdecode(folder + b"/" + name)).write_text(content, encoding="utf-8")
    named = [os.fsdecode(folder + b"/" + name) for name in (b"\xff.json", b"\xfe.json")]

    assert 3 == run(["ingest", "dump", *named, "--graph", str(tmp_path / "graph"), "--json"])
    captured = capsys.readouterr()
    assert "\\udcfe.json: not valid JSON" in captured.err
    assert 1 == json.loads(captured.out)["kept"]["models"]
    with LineageGraph.open(tmp_path / "graph") as opened:
        assert "\ufffd.json" in opened.info.sources


# --- which graph ------------------------------------------------------------------------------


def test_the_graph_may_be_named_anywhere(
    graph: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """``--graph`` stands before or after the command; without it the environment counts."""
    assert 0 == run(["--graph", str(graph), "stats", "--json"])
    assert 0 == run(["stats", "--json", "--graph", str(graph)])
    monkeypatch.setenv("REMIXGRAPH_GRAPH", str(graph))
    assert 0 == run(["stats", "--json"])
    documents = capsys.readouterr().out.split("\n}\n")

    assert 1 == len({document for document in documents if document})


def test_the_usual_graph_is_in_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing names a graph, it is the one in the user's data directory."""
    monkeypatch.delenv("REMIXGRAPH_GRAPH", raising=False)
    with click.Context(click.Command("stats")):
        directory = graph_directory()

    assert ("remixgraph", "graph") == directory.parts[-2:]


# --- ends that are no errors ------------------------------------------------------------------


@posix
@pytest.mark.parametrize("arguments", [["stats"], ["descendants", "acme/base"], ["questions"]])
def test_a_reader_may_have_seen_enough(graph: Path, arguments: list[str]) -> None:
    """A closed pipe, as behind ``head``, is quiet and no failure."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    try:
        with program("--graph", str(graph), *arguments, stdout=write_end) as process:
            _, err = process.communicate()
    finally:
        os.close(write_end)

    assert (0, "") == (process.returncode, err)


def large_dump(path: Path) -> str:
    """Write a dump that is large enough for worker processes, in several files."""
    path.mkdir()
    tags = ["license:apache-2.0", "region:us", *(f"arxiv:2307.{n:05}" for n in range(20))]
    for page in range(10):
        rows = [
            {"modelId": f"acme/m{page}-{n}", "id": f"acme/m{page}-{n}", "tags": tags}
            for n in range(2000)
        ]
        (path / f"{page}.json").write_text(json.dumps(rows), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, click.Abort])
def test_an_interruption_is_told_in_one_line(
    graph: Path, stop: type[BaseException], monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    """Whatever command is interrupted exits with status 130."""

    def interrupted(_: object) -> None:
        raise stop

    monkeypatch.setattr("graph.statistics.results.read_statistics", interrupted)

    fails(["--graph", str(graph), "stats"], 130, "interrupted; the graph is as it was", capsys)


def is_gone(group: int) -> bool:
    """Tell whether a group of processes ends within seconds, as those that have ended do."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


@posix
@pytest.mark.parametrize("whole_group", [False, True], ids=["kill -INT", "Ctrl-C"])
def test_an_interruption_leaves_nothing(tmp_path: Path, *, whole_group: bool) -> None:
    """Ctrl-C ends an ingestion with 130 and one line: no process, and no change, is left."""
    target = build_graph(tmp_path / "graph", model("acme/base"))
    before = quads(target)
    arguments = ["--graph", str(target), "ingest", "dump", large_dump(tmp_path / "pages")]
    with program(*arguments, start_new_session=True) as process:
        while not list(target.glob("builds/*/*/*.nq")):
            assert process.poll() is None
            time.sleep(0.01)
        if whole_group:
            os.killpg(process.pid, signal.SIGINT)
        else:
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)

    assert 130 == process.returncode, err
    assert ("", "error: interrupted; the graph is as it was\n") == (out, err)
    assert before == quads(target)
    assert is_gone(process.pid)
    with new_build(target) as build:
        build.publish([])
    assert [build.info.build] == [path.name for path in (target / "builds").iterdir()]


@posix
def test_progress_is_for_terminals(tmp_path: Path) -> None:
    """On a terminal an ingestion shows its rate and what remains; elsewhere it is silent."""
    import pty
    import termios

    path = dump(tmp_path / "dump", "acme/a")
    arguments = ["--graph", str(tmp_path / "graph"), "ingest", "dump", path, "--json"]
    master, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    with program(*arguments, stderr=terminal) as process:
        out, _ = process.communicate()
    os.close(terminal)
    shown = os.read(master, 10_000).decode()
    os.close(master)
    with program(*arguments) as quiet:
        _, err = quiet.communicate()

    assert 1 == json.loads(out)["kept"]["models"]
    assert "B/s" in shown
    assert "<" in shown
    assert "100%" in shown
    assert "" == err
