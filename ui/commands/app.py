"""Opening the app."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click

from ui.options import graph_directory, graph_option
from ui.output import note

__all__ = ["app"]

_HOST = "127.0.0.1"
_PORT = 8501


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port  [default: a free one].")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@graph_option
def app(port: int | None, *, no_browser: bool) -> None:
    """Open the app; loads the demo snapshot first when there is no graph yet."""
    from graph.directory import read_info
    from ui import launch

    directory = graph_directory()
    if read_info(directory) is None:
        _load_demo(directory)
    port = port or _free_port()
    note(f"remixgraph: http://{_HOST}:{port}  (Ctrl-C ends it)")
    environment = os.environ | {"REMIXGRAPH_GRAPH": str(directory.absolute())}
    arguments = launch.command(port=port, browser=_has_screen() and not no_browser)
    _become(arguments, environment)


def _become(arguments: list[str], environment: dict[str, str]) -> NoReturn:
    """Let the server take this process's place, so that whoever ends this ends the server."""
    if sys.platform == "win32":  # which cannot
        done = subprocess.run(arguments, env=environment, check=False)  # noqa: S603 - our own
        sys.exit(done.returncode)
    os.execve(arguments[0], arguments, environment)  # noqa: S606 - our own arguments, no shell


def _load_demo(directory: Path) -> None:
    from graph.snapshots import load
    from ui.paths import demo_snapshot

    note("there is no graph yet: loading the demo snapshot")
    load(demo_snapshot(), directory)


def _free_port() -> int:
    """Return the usual port, or any other when that is taken."""
    for port in (_PORT, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return _PORT


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
