"""olah for tests: a server of the Hub's API that we did not write, over plain git repositories.

It is software of others (https://github.com/vtuber-plan/olah) and no dependency of ours: it lives
in an environment of its own, which holds exactly what ``requirements/olah.txt`` locks.

What version 0.5.4 lacks: lists, gating, tags, the fields that ``expand`` asks for, and an ETag and
the commit at the download of a file. A file that a repository does not have is an error 500.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx2
import portalocker

from graph.model.records import Kind

__all__ = ["CannotInstall", "Olah", "install", "serve"]

_LOCK = Path(__file__).resolve().parent.parent / "requirements" / "olah.txt"
_START = 60.0  # seconds; it takes about one
_END = 10.0
_NEWEST = "main"

# It ends when its standard input does: also when the tests are killed.
_SERVER = """
import os, sys, threading
from olah.server import cli

def end_with_the_tests():
    sys.stdin.read()
    os._exit(0)

threading.Thread(target=end_with_the_tests, daemon=True).start()
cli()
"""

_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}


class CannotInstall(Exception):
    """Indicates that there is no olah to be had, and why."""


# --- its environment ------------------------------------------------------------------------------


def install(folder: Path) -> Path:
    """Return the Python of an environment with olah, which is made unless a former run made it.

    Raises CannotInstall, most likely because no package index can be reached.
    """
    if shutil.which("git") is None:
        raise CannotInstall("olah needs git, and there is none on the path: install it")
    stamp, python = folder / "installed", folder / "venv" / "bin" / "python"
    state = hashlib.sha256(sys.version.encode() + _LOCK.read_bytes()).hexdigest()
    with portalocker.Lock(folder / "lock", timeout=600):
        if not (stamp.exists() and stamp.read_text() == state and python.exists()):
            stamp.unlink(missing_ok=True)
            _make(folder, python)
            stamp.write_text(state)
    return python


def _make(folder: Path, python: Path) -> None:
    """Make the environment with uv, or with pip where uv cannot, as the Makefile does ours."""
    locked = ("--quiet", "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", _LOCK)
    log = folder / "install.log"
    with log.open("wb") as output:

        def run(*command: object) -> bool:
            line = [sys.executable, "-m", *map(str, command)]
            return subprocess.run(line, stdout=output, stderr=output, check=False).returncode == 0

        if not (
            run("venv", "--clear", "--without-pip", folder / "venv")
            and (
                run("uv", "pip", "install", "--system-certs", "--python", python, *locked)
                or run("pip", "--no-input", "--python", python, "install", "--retries=1", *locked)
            )
        ):
            raise CannotInstall(f"olah cannot be installed: is there a package index? See {log}")


# --- the server -----------------------------------------------------------------------------------


class Olah:
    """A running server, and the git repositories that it serves."""

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.endpoint = endpoint
        self._folder = folder

    def commit(
        self, kind: Kind, repository_id: str, content: bytes, *, file: str = "README.md"
    ) -> str:
        """Commit a file to a repository, which is made if there is none; returns the commit."""
        folder = self._folder / "mirror" / f"{kind}s" / repository_id
        if not folder.exists():
            folder.mkdir(parents=True)
            _git(folder, "init", "--initial-branch", _NEWEST)
        (folder / file).write_bytes(content)
        _git(folder, "add", file)
        _git(folder, "commit", "--message", "Change the card")
        self._tell_newest(kind, repository_id)
        return _git(folder, "rev-parse", "HEAD")

    def _tell_newest(self, kind: Kind, repository_id: str) -> None:
        """Keep olah's own answer for the branch where it looks for the newest commit.

        Asked without a revision, it would otherwise ask the Hub which commit that is.
        """
        revision = f"api/{kind}s/{repository_id}/revision/{_NEWEST}"
        answer = httpx2.get(f"{self.endpoint}/{revision}", trust_env=False).raise_for_status()
        kept = self._folder / "repos" / revision / "meta_head.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(answer.content)


@contextmanager
def serve(python: Path, folder: Path) -> Iterator[Olah]:
    """Run olah on a free port of this machine, with nothing else of the network."""
    settings = folder / "olah.toml"
    paths = (json.dumps(str(folder / name)) for name in ("repos", "mirror"))
    settings.write_text(_SETTINGS.format(*paths), encoding="utf-8")
    options = ("--config", str(settings), "--log-path", str(folder / "logs"))
    log = folder / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [python, "-I", "-c", _SERVER, *options],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            yield Olah(folder, _address(process, log))
        finally:
            _end(process)


_SETTINGS = """\
[basic]
host = "127.0.0.1"
port = 0
repos-path = {}
mirrors-path = [{}]

[accessibility]
offline = true
"""


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Return the address that the server logs once it listens."""
    ends = monotonic() + _START
    while process.poll() is None and monotonic() < ends:
        if said := re.search(r"running on (http://127\.0\.0\.1:\d+)", log.read_text("utf-8")):
            return said[1]
        sleep(0.05)
    raise RuntimeError(f"olah did not start:\n{log.read_text('utf-8')}")


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_END)
    except subprocess.TimeoutExpired:
        process.kill()


def _git(folder: Path, *arguments: str) -> str:
    outside = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**outside, **_GIT},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
