"""The picture as one file: complete, harmless, and needing nobody."""

from __future__ import annotations

import re
from pathlib import Path

import networkx as nx
import pytest
from playwright.sync_api import Browser

from graph.exports.html import write_html
from graph.model.records import Kind
from graph.store.lineage_graph import Node
from graph.view.expansion import Reach
from graph.view.look import Line, Look
from graph.view.neighbourhood import neighbourhood
from tests.app import note_dialogs
from tests.builders import license_, model
from tests.graphs import graph_in_memory

HOSTILE = "acme/<img/src=x/onerror=alert(1)>"
SCRIPT = "acme/</script><script>alert(1)</script>"
TURNED = "acme/\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Write a picture with hostile names, a missing parent and a cycle."""
    graph = graph_in_memory(
        model("acme/base -> gone/parent: finetune", downloads=9, licenses=(license_("mit"),)),
        model(f"{HOSTILE} -> acme/base: finetune"),
        model(f"{SCRIPT} -> acme/base: merge"),
        model(f"{TURNED} -> {HOSTILE}: unspecified"),
        model("acme/egg -> acme/hen, acme/base"),
        model("acme/hen -> acme/egg, acme/hen"),
    )
    focus = Node(Kind.MODEL, "acme/base")
    view = neighbourhood(graph, focus, Reach(up=3, down=3)).view
    before = nx.node_link_data(view)
    write_html(view, focus.iri, tmp_path / "view.html")

    assert before == nx.node_link_data(view)
    return tmp_path / "view.html"


def test_nothing_is_loaded_from_elsewhere(page: Path) -> None:
    """No tag has a source, and the page's own policy forbids to have one."""
    text = page.read_text(encoding="utf-8")
    markup = re.sub(r"(?s)(<script[^>]*>).*?</script>|(<style[^>]*>).*?</style>", r"\1\2", text)

    assert not re.search(r"<(script|link|img|iframe)\b[^>]*\b(src|href)=", markup)
    assert "default-src 'none'" in markup
    assert "bootstrap" not in markup


def test_names_are_text(page: Path) -> None:
    """Markup in a name does not end up as markup."""
    text = page.read_text(encoding="utf-8")

    assert "<img/src" not in text
    assert "</script><script>alert" not in text
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in text


def test_the_same_view_gives_the_same_bytes(tmp_path: Path) -> None:
    """A file can be compared with the one of last week."""
    graph = graph_in_memory(model("b -> a: finetune"), model("a"))
    view = neighbourhood(graph, Node(Kind.MODEL, "a")).view
    for name in ("one", "two"):
        write_html(view, None, tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_page_has_the_colours_it_is_given(tmp_path: Path) -> None:
    """Those of licences, lines and what is only named; black on white where none are given."""
    graph = graph_in_memory(model("b -> a: finetune, gone/x: merge", licenses=(license_("mit"),)))
    view = neighbourhood(graph, Node(Kind.MODEL, "b")).view
    line = Line("Tuned", "#000004", (7, 7))
    look = Look("#000001", "#fffff1", "#000002", "#000003", {"open": "#000005"}, {"finetune": line})
    write_html(view, None, tmp_path / "given", look)
    write_html(view, None, tmp_path / "plain")
    given, plain = ((tmp_path / name).read_text(encoding="utf-8") for name in ("given", "plain"))

    colours = [look.ink, look.paper, look.rule, look.only_named, line.colour, "#000005"]
    assert [] == [colour for colour in colours if colour not in given or colour in plain]
    assert "Tuned" in given
    assert "finetune" in plain
    assert f'"color": "{line.colour}", "dashes": [7, 7]' in given


@pytest.mark.browser
def test_it_draws_offline_and_runs_nothing(browser: Browser, page: Path) -> None:
    """Opened from the disk it draws every repository, asks for nothing and runs no name."""
    context = browser.new_context(offline=True)
    opened = context.new_page()
    requests: list[str] = []
    trouble: list[str] = []
    opened.on("request", lambda request: requests.append(request.url))
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda message: trouble.append(message.text))
    dialogs = note_dialogs(opened)
    opened.goto(page.as_uri())
    opened.locator("#mynetwork canvas").wait_for()
    drawn = opened.evaluate("nodes.length")
    left = opened.evaluate(
        "edges.get().filter(edge => nodes.get(edge.from).x >= nodes.get(edge.to).x).length"
    )
    context.close()

    assert 7 == drawn
    assert left <= 2  # the loop, and the line that closes the cycle
    assert [page.as_uri()] == [url for url in requests if not url.startswith("data:")]
    assert [] == trouble + dialogs
