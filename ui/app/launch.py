"""How the app is served: Streamlit with every setting that matters, wherever it is run from.

A ``.streamlit/config.toml`` counts only for those who start in its folder, so the settings are
given here. They say: listen here only, call nobody, show no tracebacks, follow the system in light
and dark. The graph is named by ``REMIXGRAPH_GRAPH`` in the environment.

Streamlit's own command would ask for an e-mail address before it opens a browser, so that is left
to us; and it reads the app when the first page is asked for, where we have time before. It also
collects garbage after every click: a tenth of a second, for which ten sessions would wait.
"""

from __future__ import annotations

import ctypes
import sys
import time
import webbrowser
from collections.abc import Callable
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from threading import Thread
from urllib.request import urlopen

from ui.app import views
from ui.app.theme import THEME_OPTIONS

__all__ = ["command", "serve"]

_HOST = "127.0.0.1"
_PATIENCE = 60  # seconds in which the server should answer
_PAUSE = 0.1
_TIDY = 15  # seconds

_OPTIONS = {
    "server.headless": True,
    "server.address": _HOST,
    "server.allowedHosts": [_HOST],
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.fileWatcherType": "none",
    "server.enableAgentApi": False,
    "browser.serverAddress": _HOST,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "viewer",
    "global.developmentMode": False,
    "runner.postScriptGC": False,
    "logger.level": "warning",
    "logger.hideWelcomeMessage": True,
    **THEME_OPTIONS,
}


def command(*, port: int) -> list[str]:
    """Return the command that does what ``serve`` does, in a process of its own."""
    return [sys.executable, "-m", "ui.app.launch", str(port)]


def serve(port: int, *, browser: bool = False) -> None:
    """Serve the app on a port of this machine until it is stopped; ``browser`` opens one."""
    from streamlit.web import bootstrap

    options: dict[str, object] = _OPTIONS | {"server.port": port}
    bootstrap.load_config_options(options)
    _begin(_warm)
    _begin(_give_back)
    if browser:
        _begin(_open_browser, f"http://{_HOST}:{port}")
    bootstrap.run(
        str(files(__package__).joinpath("main.py")), is_hello=False, args=[], flag_options=options
    )


def _begin(work: Callable[..., object], *arguments: object) -> None:
    Thread(target=work, args=arguments, daemon=True).start()


def _warm() -> None:
    """Read what the pages need, so that the first visitor need not wait for it.

    The header comes first, then Pillow, which Streamlit reads late for the icon. Not pandas: what
    draws charts looks for it among the loaded modules, and would meet it half read.
    """
    import_module("ui.app.header")
    import_module("ui.app.state").warm()
    pages = [page.name for page in iter_modules(views.__path__, "ui.app.views.")]
    for module in ("PIL.PngImagePlugin", *pages):
        import_module(module)


def _give_back() -> None:
    """Give free memory back now and then: glibc would keep what a great count has needed."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        while trim is not None:
            time.sleep(_TIDY)
            trim(0)


def _open_browser(address: str) -> None:
    """Open a browser as soon as the server answers."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=1):  # noqa: S310 - our own server
                webbrowser.open(address)
                return
        except OSError:
            time.sleep(_PAUSE)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
