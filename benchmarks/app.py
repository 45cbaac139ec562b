"""What the app takes at the size of the whole Hub, as someone at a browser feels it.

    PYTHONPATH=. python benchmarks/app.py [GRAPH or number of MODELS to make] [--clicks N]

The server is started as ``remixgraph app`` starts it, and a headless Chromium types and clicks. A
time runs from the key or the button in the page until the picture is drawn there, so it has the way
to the server and back in it. Needs Chromium.
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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

from benchmarks.questions import build
from graph.lineage import of
from graph.store.lineage_graph import open_graph

ROOT = Path(__file__).resolve().parent.parent
MODELS = 300_000
CLICKS = 15
SESSIONS = 10
STEPS = 6
GLIDE = 700  # milliseconds in which a picture comes to rest
KEY = 60  # milliseconds between two keys
TYPED = ["llama 8b instruct", "qwen", "mistral-7b", "gguf", "sdxl lora german", "gpt2"]
TYPED += ["b", "stable-diffusion", "whisper large", "lama chat", "nova12", "zzzz"]
PAGES = ("", "explore", "atlas", "licences", "sparql", "snapshots", "pulse", "quality")
OURS = "ui.app.components."
COMPILED = Path(tempfile.gettempdir()) / "remixgraph-compiled"

WATCH = """(root, [begins, name, wanted]) => {
  let begin = performance.now();
  const before = root.dataset[name];
  addEventListener(begins, () => { begin = performance.now(); }, { capture: true });
  root.drawn = new Promise((done, fail) => {
    setTimeout(fail, 60000, new Error(`nothing was drawn after ${begins}`));
    new MutationObserver((_, watch) => {
      const now = root.dataset[name];
      if (wanted === null ? now === before : now !== wanted) return;
      watch.disconnect();
      requestAnimationFrame(() => done(performance.now() - begin));
    }).observe(root, { attributes: true, attributeFilter: [`data-${name}`] });
  });
}"""
"""Note how long it is from an event until a part of the page says that it is drawn."""


SPOTS = """picture => {
  const canvas = picture.querySelector(".canvas"), box = canvas.getBoundingClientRect();
  return picture.lineage.cards()
    .filter((card) => card.iri && card.iri !== picture.dataset.focus)
    .map(({ at }) => [box.x + at.x, box.y + at.y])
    .filter(([x, y]) => canvas.contains(picture.getRootNode().elementFromPoint(x, y)));
}"""
"""Return where the cards in sight are on the screen, but for that of the focus."""
OPENS = """picture => {
  const card = picture.lineage.cards().find((one) => one.active);
  return Boolean(card && [card.p, card.c].some((side) => side && side[0] && !side[1]));
}"""
"""Tell whether the card that the keys are at has anything to open."""


def main() -> None:
    """Measure everything on one graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", nargs="?", default=str(MODELS))
    parser.add_argument("--clicks", type=int, default=CLICKS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        graph = Path(given.graph)
        if given.graph.isdecimal():
            graph = Path(folder) / "graph"
            build(graph, int(given.graph))
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
        flags = ["--headless", "--no-sandbox", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        measure(graph, browser, given.clicks)
        browser.close()


def measure(graph: Path, browser: Browser, clicks: int) -> None:
    """Print every figure of a graph beside its target."""
    bases = widest(graph)
    starts = []
    for _ in range(3):
        with served(graph) as app, opened(browser) as page:
            page.goto(app.address)
            page.get_by_role("combobox").first.wait_for(timeout=60_000)
            starts.append((time.perf_counter() - app.began) * 1000)
    show("start to the first search box", starts, 3000)
    with served(graph) as app:
        with opened(browser) as page:
            measure_pages(app, page)
        with opened(browser) as page:
            measure_search(app, page)
        with opened(browser) as page:
            measure_clicks(app, page, bases, clicks)
        with opened(browser) as page:
            measure_expanding(app, page, bases)
        with opened(browser) as page:
            measure_atlas(app, page)
        print(f"resident before the sessions: {describe(app.process.pid)}")
        measure_sessions(app, browser, bases)
        print(f"resident after the sessions: {describe(app.process.pid)}")


# --- what is measured -----------------------------------------------------------------------------


def measure_pages(app: App, page: Page) -> None:
    """Tell how long each page takes from its address until nothing runs any more."""
    payload = Payload(page)
    for name in PAGES:
        begin = time.perf_counter()
        page.goto(f"{app.address}/{name}")
        page.get_by_role("combobox").first.wait_for(timeout=60_000)
        page.locator("[data-test-script-state='notRunning']").wait_for(timeout=60_000)
        seconds = time.perf_counter() - begin
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(500)
        own, socket_bytes = payload.take()
        print(
            f"{name or 'home':45} {seconds * 1000:7,.0f} ms; of our own {own / 1000:,.0f} kB,"
            f" messages {socket_bytes / 1000:,.0f} kB"
        )


def measure_search(app: App, page: Page) -> None:
    """Type texts, and tell how long the suggestions come after the last key."""
    page.goto(f"{app.address}/")
    box = page.get_by_role("combobox").first
    box.wait_for(timeout=60_000)
    page.locator("[data-test-script-state='notRunning']").wait_for()
    root = page.locator(".search").first
    payload = Payload(page)
    times: list[float] = []
    for text in TYPED:
        box.fill("")
        page.wait_for_timeout(500)
        watch(root, "input", "answers", text)
        box.press_sequentially(text, delay=KEY)
        times.append(drawn(root))
    show("last key to suggestions", times, 150)
    print(f"    {', '.join(f'{t} {ms:.0f}' for t, ms in zip(TYPED, times, strict=True))}")
    print(f"    largest message {payload.largest / 1000:,.0f} kB")


def measure_clicks(app: App, page: Page, bases: Sequence[str], clicks: int) -> None:
    """Click from repository to repository, beginning at the widest bases."""
    look(app, page, bases[0])
    payload = Payload(page)
    picture = page.locator(".lineage[data-drawn]")
    times, sizes = [], []
    for number in range(clicks):
        if number % 3 == 0:
            look(app, page, bases[number // 3 % len(bases)])
        page.wait_for_timeout(GLIDE)
        payload.take()
        watch(picture, "pointerdown", "focus", None)
        click(page, picture, number)
        times.append(drawn(picture))
        page.locator("[data-test-script-state='notRunning']").wait_for()
        sizes.append(payload.take()[1])
    show("click to the new focus drawn", times, 500)
    show("messages of a click", [size / 1000 for size in sizes], 200, "kB")


def measure_expanding(app: App, page: Page, bases: Sequence[str]) -> None:
    """Walk to a card by the keys and open what is hidden of it, in place."""
    times = []
    for base in bases:
        look(app, page, base)
        picture = page.locator(".lineage[data-drawn]")
        page.wait_for_timeout(GLIDE)
        picture.locator(".stage").focus()
        for _ in range(STEPS):
            page.keyboard.press("ArrowRight")
            if picture.evaluate(OPENS):
                watch(picture, "keydown", "drawn", None)
                page.keyboard.press("+")
                times.append(drawn(picture))
                break
            page.keyboard.press("ArrowDown")
    show("expand in place", times, 300)


def measure_atlas(app: App, page: Page) -> None:
    """Go to the atlas from Home, and zoom in step by step until what is seen is sharp again."""
    page.goto(app.address)
    page.get_by_role("combobox").first.wait_for()
    page.locator("[data-test-script-state='notRunning']").wait_for()
    begin = time.perf_counter()
    page.get_by_role("link", name="Atlas").first.click()
    atlas = page.locator(".atlas[data-drawn]")
    atlas.wait_for(timeout=60_000)
    show("atlas, first picture", [(time.perf_counter() - begin) * 1000], 1500)
    times = []
    for _ in range(STEPS):
        page.wait_for_timeout(1000)
        watch(atlas, "click", "drawn", None)
        atlas.get_by_role("button", name="Zoom in").click()
        times.append(drawn(atlas))
    show("atlas, zoom", times, 300)


def measure_sessions(app: App, browser: Browser, bases: Sequence[str]) -> None:
    """Let ten people click at once, three times."""
    with ExitStack() as stack:
        pages = [stack.enter_context(opened(browser)) for _ in range(SESSIONS)]
        for number, page in enumerate(pages):
            look(app, page, bases[number % len(bases)])
        times: list[float] = []
        for turn in range(3):
            pictures = [page.locator(".lineage[data-drawn]") for page in pages]
            for picture in pictures:
                watch(picture, "pointerdown", "focus", None)
            for number, (page, picture) in enumerate(zip(pages, pictures, strict=True)):
                click(page, picture, number + turn)
            times += map(drawn, pictures)
        show(f"{SESSIONS} sessions at once, a click", times, 2000)


def widest(graph: Path, count: int = 10) -> list[str]:
    """Return the ids that most others descend from."""
    with open_graph(graph) as opened_graph:
        index = of(opened_graph)
        print(f"{graph}: {len(index):,} repositories, {len(opened_graph.store):,} triples")
        return index.ids(np.argsort(-index.influence, kind="stable")[:count])


# --- at the browser -------------------------------------------------------------------------------


@contextmanager
def opened(browser: Browser) -> Iterator[Page]:
    """Open a window of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 960})
    yield context.new_page()
    context.close()


def look(app: App, page: Page, focus: str) -> None:
    """Open Explore with a model in its focus."""
    page.goto(f"{app.address}/explore?id={focus}")
    page.locator(f".lineage[data-drawn][data-focus$='/{focus}']").wait_for(timeout=60_000)
    page.locator("[data-test-script-state='notRunning']").wait_for()


def click(page: Page, picture: Locator, number: int) -> None:
    """Click one of the cards in sight that is not the focus."""
    spots = picture.evaluate(SPOTS)
    page.mouse.click(*spots[number % len(spots)])


def watch(root: Locator, begins: str, name: str, wanted: str | None) -> None:
    """Begin to watch a part of the page."""
    root.evaluate(WATCH, [begins, name, wanted])


def drawn(root: Locator) -> float:
    """Return how many milliseconds it took until what is watched was drawn."""
    return float(root.evaluate("root => root.drawn"))


class Payload:
    """The bytes that a page was sent: our own files, and messages of the server."""

    def __init__(self, page: Page) -> None:
        self._own = self._messages = self.largest = 0
        self._ours = set[str]()
        session: CDPSession = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._respond)
        session.on("Network.loadingFinished", self._finish)
        session.on("Network.webSocketFrameReceived", self._receive)

    def take(self) -> tuple[int, int]:
        """Return what came since the last time: bytes of our own files, and of messages."""
        found = self._own, self._messages
        self._own = self._messages = 0
        return found

    def _respond(self, event: dict[str, dict[str, str]]) -> None:
        if OURS in event["response"]["url"]:
            self._ours.add(str(event["requestId"]))

    def _finish(self, event: dict[str, float]) -> None:
        if str(event["requestId"]) in self._ours:
            self._own += int(event["encodedDataLength"])

    def _receive(self, event: dict[str, dict[str, str]]) -> None:
        size = len(event["response"]["payloadData"]) * 3 // 4  # it is told in base 64
        self._messages += size
        self.largest = max(self.largest, size)


# --- at the server --------------------------------------------------------------------------------


class App:
    """A running app."""

    def __init__(self, address: str, process: subprocess.Popen[bytes], began: float) -> None:
        self.address, self.process, self.began = address, process, began


@contextmanager
def served(graph: Path) -> Iterator[App]:
    """Serve a graph by the command; the app answers by then."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui", "app", "--port", str(port), "--no-browser"]
    # What pip installs is compiled; what a checkout imports is, from the second start on.
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}
    environment = os.environ | compiled | {"REMIXGRAPH_GRAPH": str(graph)}
    began = time.perf_counter()
    silent = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=silent, stderr=silent)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(f"{address}/_stcore/health")
        yield App(address, process, began)
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str) -> None:
    """Wait until something answers."""
    while True:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.05)


def describe(pid: int) -> str:
    """Tell the memory of the server, and of it with its workers, shared pages counted once."""
    family = list(with_children(pid))
    server, together = memory(pid, "Rss"), sum(memory(one, "Pss") for one in family)
    return (
        f"{server:,} MB, of it its own {memory(pid, 'Anonymous'):,} MB;"
        f" with {len(family) - 1} workers {together:,} MB (at most 1,500)"
    )


def memory(pid: int, name: str) -> int:
    """Return what the system says of a process's memory, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) // 1000


def with_children(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            yield from with_children(int(child))


def show(what: str, values: Sequence[float], target: float, unit: str = "ms") -> None:
    """Print the median and the worst beside what they should be at most."""
    middle = statistics.median(values)
    verdict = "" if middle <= target else "  MISSED"
    print(
        f"{what:45} {middle:7,.0f} {unit}, worst {max(values):,.0f}"
        f" (at most {target:,.0f}){verdict}",
        flush=True,
    )


if __name__ == "__main__":
    main()
