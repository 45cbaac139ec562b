"""How long the app takes from its command to a page that can be used, on the demo graph.

The graph is there already, as from the second ``make app`` on. Needs Chromium.

    python benchmarks/app_start.py [--runs N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from graph.snapshots import load

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Start the app several times and print the median of the seconds until it is drawn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        load(ROOT / "snapshots" / "demo", Path(folder))
        arguments = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        seconds = [start(Path(folder), browser) for _ in range(runs)]
        browser.close()
    print(f"page usable after {statistics.median(seconds):.1f} s (at most 5); runs: {seconds}")


def start(graph: Path, browser: Browser) -> float:
    """Start the app and open its page; returns the seconds until the lineage is drawn."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    command = [sys.executable, "-m", "ui", "app", "--port", str(port), "--no-browser"]
    environment = os.environ | {"REMIXGRAPH_GRAPH": str(graph)}
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=silent, stderr=silent)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/explore")
        page.locator(".lineage[data-drawn]").wait_for(state="attached", timeout=60_000)
        page.close()
        return round(time.perf_counter() - started, 2)
    finally:
        process.terminate()
        process.wait()


def _wait_for(url: str) -> None:
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
