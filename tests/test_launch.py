"""The command that serves the app: which port, which browser, and what it prints."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from tests.builders import model
from tests.graphs import build_graph

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def _serve(graph: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
    clean = {name: value for name, value in os.environ.items() if name not in _SCREENS}
    return subprocess.Popen(
        [sys.executable, "-m", "ui", "app", *options],
        env=clean | {"REMIXGRAPH_GRAPH": str(graph), "PYTHONUNBUFFERED": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


def _end(app: subprocess.Popen[str]) -> tuple[str, str]:
    app.terminate()
    return app.communicate(timeout=30)


def test_on_a_desktop_a_browser_is_opened(tmp_path: Path) -> None:
    """Once the server answers, the browser is sent to the address that was printed."""
    graph = build_graph(tmp_path / "graph", model("acme/base"))
    with _serve(graph, DISPLAY=":99", BROWSER="echo opened %s") as app:
        printed = _line(app.stderr)
        opened = _line(app.stdout)
        _end(app)

    address = printed.removeprefix("remixgraph: ").split()[0]
    assert address.startswith("http://127.0.0.1:")
    assert f"opened {address}" == opened


def test_elsewhere_the_address_is_printed_and_nothing_else(tmp_path: Path) -> None:
    """Without a screen no browser is tried; the server ends quietly when it is told to."""
    graph = build_graph(tmp_path / "graph", model("acme/base"))
    with _serve(graph, "--port", "0", BROWSER="echo opened %s") as app:
        printed = _line(app.stderr)
        port = int(printed.split()[1].rpartition(":")[2])
        _wait_for(port)
        output, complaints = _end(app)

    assert f"remixgraph: http://127.0.0.1:{port}  (Ctrl-C ends it)" == printed
    assert output.strip() in {"", "Stopping..."}
    assert "" == complaints


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """Whoever names a port gets that one, or a line that says why not."""
    graph = build_graph(tmp_path / "graph", model("acme/base"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with _serve(graph, "--port", str(port)) as app:
            _, complaints = app.communicate(timeout=30)

    assert 2 == app.returncode
    assert f"port {port} is in use: name another one, or none" in complaints


def _wait_for(port: int) -> None:
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
