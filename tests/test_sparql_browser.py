"""The page SPARQL in a real Chromium: typing, running, stopping, and what comes out of it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Locator, Route

from graph.sparql.results import QueryResult
from graph.sparql.runner import run_query
from tests.app import Visit, note_dialogs, serve, visit
from tests.builders import dataset, license_, model
from tests.graphs import build_graph
from tests.processes import ENDLESS

pytestmark = pytest.mark.browser

SCRIPT = '"><script>document.title="owned"</script>'
BEACON = "![x](https://beacon.example/b.png)"
CHILDREN = """SELECT ?base (COUNT(?child) AS ?children) WHERE {
  ?child prov:wasDerivedFrom ?base
} GROUP BY ?base ORDER BY ?base"""
DERIVED = "CONSTRUCT { ?a prov:wasDerivedFrom ?b } WHERE { ?a prov:wasDerivedFrom ?b }"
LICENSES = """SELECT ?model ?declared WHERE {
  ?model remix:licenseDeclaration/remix:declaredLicense ?declared } ORDER BY ?model"""


class Served(NamedTuple):
    """A graph and where the app shows it."""

    graph: Path
    address: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small graph: a chain with a merge and a missing parent, and hostile texts."""
    records = [
        model("acme/base", licenses=(license_("apache-2.0"),)),
        model("acme/chat -> acme/base: finetune, acme/qa: trained_on"),
        model("acme/merge -> acme/chat: merge, gone/parent: merge"),
        model(
            "acme/evil -> acme/base: finetune",
            title=SCRIPT,
            licenses=(license_("mit", declared=BEACON, name=SCRIPT, link="javascript:alert(1)"),),
        ),
        dataset("acme/qa"),
    ]
    graph = build_graph(tmp_path_factory.mktemp("app") / "graph", *records)
    with serve(graph) as found:
        yield Served(graph, found)


@pytest.fixture
def seen(browser: Browser, served: Served) -> Iterator[Visit]:
    """Open a window for one test; at its end, nothing was asked elsewhere, and no error seen."""
    with visit(browser, served.address) as opened:
        yield opened
        assert [] == opened.outside
        assert [] == opened.errors


def _editor(seen: Visit) -> Locator:
    editor = seen.page.locator(".editor[data-valid]")
    editor.wait_for(timeout=20_000)
    return editor


def _type(seen: Visit, text: str) -> None:
    """Type a query in the place of what is there."""
    _editor(seen).locator(".CodeMirror").click()
    seen.page.keyboard.press("Control+A")
    seen.page.keyboard.insert_text(text)


def _open(seen: Visit, query: str, *, more: str = "&run=1") -> None:
    seen.go(f"/sparql?query={quote(query, safe='')}{more}")


def _ending(seen: Visit) -> str:
    ending = seen.page.locator(".rg-ending b")
    ending.wait_for(timeout=20_000)
    return ending.inner_text()


# --- typing ---------------------------------------------------------------------------------------


def test_a_query_is_coloured(seen: Visit) -> None:
    """Words of the language, variables, names and comments each have a look of their own."""
    seen.go("/sparql")
    line = _editor(seen).locator(".CodeMirror-line")
    line.first.wait_for()
    kinds = ("cm-keyword", "cm-atom", "cm-string-2", "cm-comment")
    colours = {
        _editor(seen).locator(f".{kind}").first.evaluate("part => getComputedStyle(part).color")
        for kind in kinds
    }

    assert len(kinds) == len(colours)


def test_a_part_of_a_name_completes_with_its_definition(seen: Visit) -> None:
    """A property is found by any part of its name, tells what it means, and Enter takes it."""
    seen.go("/sparql")
    _type(seen, "SELECT * { ?x ")
    seen.page.keyboard.type("wasder", delay=20)
    hint = seen.page.locator(".CodeMirror-hint").first
    hint.wait_for(timeout=5_000)

    assert "prov:wasDerivedFrom" == hint.locator(".name").inner_text()
    assert "property" == hint.locator(".kind").inner_text()
    assert hint.locator(".definition").inner_text().startswith("The child was made from")
    seen.page.keyboard.press("Enter")
    assert "?x prov:wasDerivedFrom" in _editor(seen).locator(".CodeMirror-code").inner_text()


def test_prefixes_and_classes_complete(seen: Visit) -> None:
    """A known prefix needs no declaration, and after "a" classes come first."""
    seen.go("/sparql")
    _type(seen, "SELECT * { ?x a ")
    seen.page.keyboard.type("fair4ml:m", delay=20)
    names = seen.page.locator(".CodeMirror-hint .name")
    names.first.wait_for(timeout=5_000)

    assert "fair4ml:MLModel" == names.first.inner_text()
    seen.page.keyboard.press("Escape")
    _type(seen, "SELECT * { ?x a fair4ml:MLModel }")
    seen.page.wait_for_timeout(600)
    assert "true" == _editor(seen).get_attribute("data-valid")


def test_a_mistake_is_marked_before_running(seen: Visit) -> None:
    """The place is underlined, the line has a sign, and a text says what was expected."""
    seen.go("/sparql")
    _type(seen, "SELECT ?x WHERE {\n  ?x a fair4ml:MLModel ) }")
    told = _editor(seen).get_by_text("Line 2 cannot be read")
    told.wait_for(timeout=5_000)

    assert ")" == _editor(seen).locator(".problem").inner_text()
    assert 1 == _editor(seen).locator(".parseErrorIcon").count()
    _type(seen, "SELECT ?x WHERE { ?x a nobody:Knows }")
    _editor(seen).get_by_text("'nobody' is not defined").wait_for(timeout=5_000)


def test_the_keyboard_runs_and_leaves(seen: Visit) -> None:
    """Ctrl+Enter runs; Escape and then Tab goes on to the button after the editor."""
    seen.go("/sparql")
    _type(seen, "ASK {}")
    seen.page.keyboard.press("Control+Enter")
    seen.page.get_by_text("Yes", exact=True).wait_for(timeout=20_000)
    _editor(seen).locator(".CodeMirror").click()
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Escape")
    seen.page.keyboard.press("Tab")

    assert _editor(seen).locator(".run").evaluate("button => button.matches(':focus')")
    assert "SPARQL" == _editor(seen).locator("textarea").get_attribute("aria-label")


# --- running --------------------------------------------------------------------------------------


def test_a_broken_query_is_answered_in_words(seen: Visit) -> None:
    """The page shows what is wrong with a query and where, as text."""
    seen.go("/sparql")
    _type(seen, "SELECT ?x WHERE { ?x a ")
    seen.page.get_by_role("button", name="Run").click()

    seen.page.get_by_text("cannot be used").first.wait_for(timeout=20_000)
    assert 0 == seen.page.get_by_text("Traceback").count()


def test_the_server_s_mistake_is_marked(seen: Visit) -> None:
    """What only the server finds wrong is underlined where it says."""
    seen.go("/sparql")
    _type(seen, "SELECT ?x ?y\nWHERE { ?x a ?y } GROUP BY ?x")
    seen.page.get_by_role("button", name="Run").click()

    seen.page.get_by_text("cannot be used").first.wait_for(timeout=20_000)
    _editor(seen).get_by_text(re.compile(r"Line \d, column \d+")).wait_for(timeout=5_000)
    assert 1 <= _editor(seen).locator(".problem").count()


def test_a_query_can_be_stopped(seen: Visit) -> None:
    """A query that takes long gets a button; pressed, it frees the worker for the next query."""
    seen.go("/sparql")
    for number in range(3):  # more than there are workers
        _type(seen, f"{ENDLESS} # {number}")
        seen.page.get_by_role("button", name="Run").click()
        seen.page.get_by_text("seconds at most").wait_for(timeout=10_000)
        seen.page.get_by_role("button", name="Stop the query").click()
        seen.page.get_by_text("The query was stopped").wait_for(timeout=10_000)
    _type(seen, "ASK {}")
    seen.page.get_by_role("button", name="Run").click()

    seen.page.get_by_text("Yes", exact=True).wait_for(timeout=10_000)
    assert 0 == seen.page.get_by_role("button", name="Stop the query").count()


def test_the_address_asks_the_same_again(seen: Visit) -> None:
    """After Run, the address is a permalink: in a new window it gives the query and the answer."""
    seen.go("/sparql")
    long = CHILDREN + "\n# why" * 200
    _type(seen, long)
    seen.page.get_by_role("button", name="Run").click()
    assert "3 rows" == _ending(seen)
    seen.page.reload()

    assert "3 rows" == _ending(seen)
    assert len(seen.page.url) < 400
    assert long == _editor(seen).evaluate("editor => editor.editor.cm.getValue()")


def test_the_history_and_the_way_back_restore(seen: Visit) -> None:
    """What was asked before comes back from the list, and with the browser's button."""
    seen.go("/sparql")
    for query in ("ASK {}", CHILDREN):
        _type(seen, query)
        seen.page.get_by_role("button", name="Run").click()
        seen.page.get_by_text("Yes" if query == "ASK {}" else "3 rows", exact=True).wait_for()
    seen.page.go_back()
    seen.page.get_by_text("Yes", exact=True).wait_for(timeout=20_000)
    value = "editor => editor.editor.cm.getValue()"
    assert "ASK {}" == _editor(seen).evaluate(value)
    seen.page.get_by_text("History", exact=True).click()
    seen.page.get_by_role("button", name="Open 2").click()

    assert "3 rows" == _ending(seen)
    assert CHILDREN == _editor(seen).evaluate(value)


def test_what_was_typed_outlives_a_look_elsewhere(seen: Visit) -> None:
    """A query that was not run yet is still there after a look at the questions."""
    seen.go("/sparql")
    _type(seen, "ASK { ?unfinished")
    seen.page.get_by_text("Questions", exact=True).click()
    seen.page.get_by_text("Lineage:").wait_for()
    seen.page.get_by_text("Editor", exact=True).click()

    _editor(seen).get_by_text("?unfinished").wait_for(timeout=5_000)


def test_a_question_is_asked_from_its_card(seen: Visit) -> None:
    """Card, form, answer; and its query opens in the editor with the values in it."""
    seen.go("/sparql?view=questions")
    seen.page.get_by_role("button", name="3. Which root").click()
    seen.page.get_by_label("model: whose roots").fill("acme/merge")
    seen.page.get_by_role("button", name="Ask", exact=False).last.click()
    assert "2 rows" == _ending(seen)
    seen.page.get_by_text("The query behind it").click()
    seen.page.get_by_role("button", name="Open it in the editor").click()
    seen.page.wait_for_url(re.compile("query="))

    assert "huggingface.co/acme/merge" in _editor(seen).locator(".CodeMirror").inner_text()


# --- answers --------------------------------------------------------------------------------------


def test_triples_are_drawn(seen: Visit) -> None:
    """CONSTRUCT gives a picture that is not empty, whose models lead to Explore."""
    _open(seen, DERIVED)
    drawn = seen.page.locator(".triples[data-drawn]")
    drawn.wait_for(timeout=20_000)
    link = drawn.locator("a.node", has_text="acme/chat")
    box = drawn.locator("svg").bounding_box()

    assert 5 == drawn.locator(".node").count()
    assert 4 == drawn.locator(".edge").count()
    assert "/explore?id=acme/chat" == link.get_attribute("href")
    assert box is not None
    assert all(
        box["x"] <= place["x"] <= box["x"] + box["width"]
        for node in drawn.locator(".node").all()
        if (place := node.bounding_box())
    )
    with seen.page.context.expect_page() as opened:
        link.click()
    opened.value.wait_for_url(re.compile("/explore"))


def test_a_chart_appears(seen: Visit) -> None:
    """A number by a name can be looked at as bars."""
    _open(seen, CHILDREN)
    seen.page.get_by_text("Chart", exact=True).click()
    chart = seen.page.locator("[data-testid='stVegaLiteChart'] :is(canvas, svg)").first
    chart.wait_for(timeout=20_000)
    seen.page.get_by_text("children by base").wait_for()

    box = chart.bounding_box()
    assert box is not None
    assert box["height"] > 60


def _rows(text: str, form: str) -> Sequence[object]:
    """Read a file of results back, each row as text."""
    if form in {"turtle", "nt"}:
        format_ = {"turtle": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES}[form]
        return sorted(str(quad.triple) for quad in ox.parse(text.encode(), format_))
    if form in {"csv", "spreadsheet", "table"}:
        return list(csv.reader(io.StringIO(text)))
    kinds = {
        "json": ox.QueryResultsFormat.JSON,
        "tsv": ox.QueryResultsFormat.TSV,
        "xml": ox.QueryResultsFormat.XML,
    }
    found = ox.parse_query_results(text.encode(), kinds[form])
    if isinstance(found, ox.QuerySolutions):
        return [tuple(map(str, row)) for row in found]
    return [bool(found)]


@pytest.mark.parametrize("query", [CHILDREN, DERIVED, "ASK {}"])
def test_every_file_holds_the_answer(seen: Visit, served: Served, query: str) -> None:
    """Each format can be downloaded, and read back it has the rows that the graph answers."""
    titles = {
        "csv": "CSV",
        "spreadsheet": "CSV for spreadsheets",
        "json": "JSON",
        "tsv": "TSV",
        "xml": "XML",
        "turtle": "Turtle",
        "nt": "N-Triples",
        "table": "Plain text",
    }
    answer: QueryResult = run_query(served.graph, query)
    _open(seen, query)
    for form in answer.forms:
        button = seen.page.get_by_role("button", name=titles[form], exact=True)
        with seen.page.expect_download() as started:
            button.click()
        text = started.value.path().read_text(encoding="utf-8")

        assert _rows(answer.text(form), form) == _rows(text, form)


def test_hostile_answers_do_nothing(seen: Visit) -> None:
    """Markup, beacons and javascript: in an answer are text in table, picture and chart."""
    dialogs = note_dialogs(seen.page)
    _open(seen, LICENSES)
    _ending(seen)
    _open(
        seen,
        f"""CONSTRUCT {{ ?m ?p ?o . <javascript:alert(1)> rdfs:label '''{SCRIPT}''' }}
        WHERE {{ ?m ?p ?o FILTER(CONTAINS(STR(?m), "evil")) }}""",
    )
    seen.page.locator(".triples[data-drawn]").wait_for(timeout=20_000)
    _open(
        seen,
        f"""SELECT ?x ?n {{ VALUES (?x ?n) {{ ('''{SCRIPT}''' 1) ("{BEACON}" 2)
        (<javascript:alert(1)> 3) ("<img src=x onerror=alert(1)>" 4) }} }}""",
    )
    seen.page.get_by_text("Chart", exact=True).click()
    seen.page.locator("[data-testid='stVegaLiteChart'] :is(canvas, svg)").first.wait_for()
    seen.go("/sparql?view=history")
    seen.settle()

    assert [] == dialogs
    assert "remixgraph" == seen.page.title()
    assert 0 == seen.page.locator("a[href^='javascript:'], a[*|href^='javascript:']").count()


# --- the page -------------------------------------------------------------------------------------


def test_it_works_under_a_strict_policy(
    browser: Browser, chromium_path: str, served: Served
) -> None:
    """Editor, picture and chart need no script but the app's own."""

    def add_policy(route: Route) -> None:
        answer = route.fetch()
        policy = "script-src 'self'; object-src 'none'; frame-src 'none'"
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    flags = ["--headless", "--no-sandbox", "--disable-features=LocalNetworkAccessChecks"]
    strict = browser.browser_type.launch(executable_path=chromium_path, args=flags)
    with visit(strict, served.address) as opened:
        opened.page.route(re.compile(r"/sparql(\?.*)?$"), add_policy)
        opened.go("/sparql")
        _type(opened, DERIVED)
        opened.page.get_by_role("button", name="Run").click()
        opened.page.locator(".triples[data-drawn]").wait_for(timeout=20_000)
        _type(opened, CHILDREN)
        opened.page.get_by_role("button", name="Run").click()
        opened.page.get_by_text("Chart", exact=True).click()
        opened.page.locator("[data-testid='stVegaLiteChart'] :is(canvas, svg)").first.wait_for()

        assert 1 == len(opened.errors)
        assert "inline script violates the following Content Security Policy" in opened.errors[0]
    strict.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_narrow_window_shows_all_of_it(browser: Browser, served: Served, mode: str) -> None:
    """At 390 pixels nothing is wider than the window, in light and dark; text can be read."""
    with visit(browser, served.address) as opened:
        opened.page.emulate_media(color_scheme="dark" if mode == "dark" else "light")
        opened.page.set_viewport_size({"width": 390, "height": 844})
        for path in ("/sparql", "/sparql?view=questions", "/sparql?question=roots"):
            opened.go(path)
            opened.page.get_by_text("Ask the graph").wait_for(timeout=20_000)
            opened.settle()
            width = opened.page.evaluate("document.documentElement.scrollWidth")

            assert width <= 390
        opened.go("/sparql")
        look = "part => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor]"
        text, ground = _editor(opened).locator(".CodeMirror").evaluate(look)

        assert (_light(text) > _light(ground)) == (mode == "dark")
        assert [] == opened.errors


def _light(colour: str) -> int:
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3])
