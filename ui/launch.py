"""How the app is started: Streamlit with every setting that matters, wherever it is run from.

A ``.streamlit/config.toml`` counts only for those who start in its folder, so the settings are
given as options. They say: listen here only, call nobody, show no tracebacks, follow the system
in light and dark.
"""

from __future__ import annotations

import sys
from importlib.resources import files

from ui.theme import THEME_OPTIONS

__all__ = ["command"]

_ADDRESS = "127.0.0.1"

_OPTIONS = {
    "server.headless": "true",
    "server.address": _ADDRESS,
    "server.allowedHosts": _ADDRESS,
    "server.enableCORS": "true",
    "server.enableXsrfProtection": "true",
    "server.fileWatcherType": "none",
    "server.enableAgentApi": "false",
    "browser.serverAddress": _ADDRESS,
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "client.toolbarMode": "viewer",
    "global.developmentMode": "false",
    "logger.level": "warning",
    **THEME_OPTIONS,
}


def command(*, port: int, browser: bool = False) -> list[str]:
    """Return the command that serves the app on a port of this machine.

    ``browser`` opens one. The graph is named by ``REMIXGRAPH_GRAPH`` in the environment.
    """
    script = str(files("ui").joinpath("app.py"))
    options = _OPTIONS | {
        "server.port": str(port),
        "server.headless": "false" if browser else "true",
    }
    arguments = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "streamlit", "run", script, *arguments]
