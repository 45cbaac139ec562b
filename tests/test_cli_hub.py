"""``remixgraph ingest hub`` as a user sees it: what it prints, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.hub import Fault, StandIn
from tests.live import row, standing
from tests.processes import ROOT
from ui.cli.progress import Bar, Lines, watch

TOKEN = "hf_" + "t0ken" * 6
FAMILY = (row("a/base", "license:mit"), row("a/chat", "base_model:a/base", "base_model:a/gone"))


def run(
    graph: Path, hub: StandIn, *options: str, patience: float = 3, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command against a stand-in."""
    return subprocess.run(
        _command(graph, hub, "--patience", str(patience), *options),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=_environment(**environment),
    )


def _command(graph: Path, hub: StandIn, *options: str) -> list[str]:
    program = [sys.executable, "-m", "ui", "ingest", "hub", "--graph", str(graph)]
    return [*program, "--endpoint", hub.endpoint, *options]


def _environment(**more: str) -> dict[str, str]:
    import os

    return {name: text for name, text in os.environ.items() if name != "HF_TOKEN"} | more


def test_a_run_tells_what_it_did(tmp_path: Path) -> None:
    """Progress goes to standard error line by line, the report to standard output."""
    with standing(*FAMILY) as hub:
        done = run(tmp_path, hub)

    assert 0 == done.returncode
    assert "read      2 rows on 3 pages" in done.stdout
    assert "look-ups  NotFoundOrNoAccess 1" in done.stdout
    assert "models: 2 in 0 s" in done.stderr


def test_the_report_is_one_json_document(tmp_path: Path) -> None:
    """For scripts: nothing else is on standard output."""
    with standing(*FAMILY) as hub:
        done = run(tmp_path, hub, "--json", "--models", "--author", "a")
    report = json.loads(done.stdout)

    assert (True, 2, {"NotFoundOrNoAccess": 1}) == (
        report["complete"],
        report["rows"],
        report["lookups"],
    )


def test_a_hub_that_stays_away_is_exit_four(tmp_path: Path) -> None:
    """One clear line each, with and without something to keep; never a traceback."""
    with standing(*(row(f"a/{n}") for n in range(4)), page_size_limit=2) as hub:
        hub.fault(Fault("server_error", times=999, match="cursor="))
        partly = run(tmp_path / "partly", hub, patience=1)
        hub._faults.clear()
        hub.fault(Fault("server_error", times=999))
        nothing = run(tmp_path / "nothing", hub, patience=1)

    assert (4, 4) == (partly.returncode, nothing.returncode)
    assert "2 models" in partly.stdout
    for done in (partly, nothing):
        (line,) = (line for line in done.stderr.splitlines() if line.startswith("error: "))
        assert "stays away" in line
        assert "run the same command again" in line
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--limit", "0"), "--limit"),
        (("--patience", "-1"), "--patience"),
        (("--endpoint", "nowhere"), "no address of a Hub"),
    ],
)
def test_wrong_usage_is_exit_two(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """What makes no sense is said before anything is asked."""
    with standing() as hub:
        done = run(tmp_path, hub, *options)

    assert 2 == done.returncode
    assert said in done.stderr
    assert [] == hub.requests


def test_an_interruption_keeps_what_came(tmp_path: Path) -> None:
    """Ctrl-C exits with status 130 and says how to go on."""
    with standing(*(row(f"a/{n}") for n in range(4)), page_size_limit=2) as hub:
        hub.fault(Fault("stall", seconds=5, match="cursor="))
        process = subprocess.Popen(
            _command(tmp_path, hub), cwd=ROOT, stderr=subprocess.PIPE, text=True, env=_environment()
        )
        while len(hub.requests) < 2 and not list(tmp_path.glob("raw/*/models-*")):
            time.sleep(0.01)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        again = run(tmp_path, hub, "--json")

    assert 130 == process.returncode
    assert "what came is kept" in errors
    assert "Traceback" not in errors
    assert 4 == json.loads(again.stdout)["rows"]


def test_the_token_is_written_nowhere(tmp_path: Path) -> None:
    """Not to the graph, the pages, the cache, the report or the log; but it is sent."""
    with standing(*FAMILY, token=TOKEN) as hub:
        hub.fault(Fault("server_error", times=1))
        done = run(tmp_path, hub, "--cards", "--json", HF_TOKEN=TOKEN, HF_DEBUG="1")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert 0 == done.returncode
    assert len(files) > 5
    assert not [path for path in files if TOKEN.encode() in path.read_bytes()]
    assert TOKEN not in done.stdout + done.stderr
    assert f"Bearer {TOKEN}" == hub.requests[0].headers["authorization"]


def test_lines_tell_of_long_waits_and_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """A log of hours stays readable."""
    lines = Lines()
    lines.begin("models", 5, 100)
    lines.advance(10)
    lines.wait(1, "too short to tell")
    lines.wait(60, "rate limit")
    lines._told -= 100
    lines.advance(10)
    lines.note("something \x1b[31mred")
    lines.close()
    told = capsys.readouterr().err.splitlines()

    assert ["models: waiting until", "models: 25 of 100 in", "something"] == [
        told[0][:21],
        told[1][:20],
        told[2][:9],
    ]
    assert "\x1b" not in "".join(told)
    assert 4 == len(told)


def test_a_bar_shows_what_it_waits_for(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the count; and nothing before the first stage."""
    bar = Bar()
    bar.advance(1)
    bar.wait(9, "rate limit")
    bar.close()
    bar.begin("models", 0, 10)
    bar.wait(9, "rate limit")
    bar.advance(3)
    bar.note("going on")
    bar.close()
    shown = capsys.readouterr().err

    assert "(rate limit)" in shown
    assert "going on" in shown
    assert isinstance(watch(), Lines)
