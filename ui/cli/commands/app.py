"""Opening the app."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from graph.model.errors import UsageError
from ui.cli.options import graph_directory, graph_option
from ui.cli.output import note

__all__ = ["app"]

_HOST = "127.0.0.1"
_PORTS = 8501, 0  # the usual one, or else any


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="The port  [default: a free one].")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@graph_option
def app(port: int | None, *, no_browser: bool) -> None:
    """Open the app; loads the demo snapshot first when there is no graph yet."""
    from graph.store.directory import read_info
    from ui.app import launch

    directory = graph_directory()
    if read_info(directory) is None:
        _load_demo(directory)
    port = _free_port(_PORTS if port is None else (port,))
    note(f"remixgraph: http://{_HOST}:{port}  (Ctrl-C ends it)")
    os.environ["REMIXGRAPH_GRAPH"] = str(directory.absolute())
    launch.serve(port, browser=_has_screen() and not no_browser)


def _load_demo(directory: Path) -> None:
    from graph.snapshots import load
    from ui.paths import demo_snapshot

    note("there is no graph yet: loading the demo snapshot")
    load(demo_snapshot(), directory)


def _free_port(wanted: Iterable[int]) -> int:
    """Return the first port that is free; 0 stands for any."""
    import socket

    for port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise UsageError(f"port {port} is in use: name another one, or none, and a free one is taken")


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
