"""Queries under a deadline and limits: answers, errors, and the worker from inside."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.namespace import RDFS

from graph.model import vocabulary as v
from graph.model.errors import InvalidGraph, InvalidQuery, QueryStopped
from graph.sparql import runner, worker, worker_process
from graph.sparql.pool import WorkerPool
from graph.sparql.results import Term
from graph.sparql.runner import run_query
from tests.builders import models
from tests.graphs import build_graph
from tests.processes import ENDLESS, ROOT, gone, start, wait_for_worker, worker_processes


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph of three models."""
    return build_graph(
        tmp_path_factory.mktemp("runner") / "graph",
        *models("chat -> tuned: finetune", "tuned -> base: finetune", "copy -> tuned: quantized"),
    )


def test_a_select_has_typed_cells_in_columns(graph: Path) -> None:
    """Terms keep their type; a variable without a value has none."""
    result = run_query(
        graph, "SELECT ?parent ?none (3 AS ?n) { hub:chat prov:wasDerivedFrom ?parent }"
    )

    assert result.kind == "select"
    assert ("parent", "none", "n") == result.columns
    assert ((ox.NamedNode(v.HUB + "tuned"), None, ox.Literal(3)),) == result.rows
    assert not result.truncated


@pytest.mark.parametrize(("parent", "expected"), [("tuned", True), ("base", False)])
def test_an_ask_has_an_answer(graph: Path, parent: str, expected: bool) -> None:  # noqa: FBT001
    """A question of yes or no has no rows."""
    result = run_query(graph, f"ASK {{ hub:chat prov:wasDerivedFrom hub:{parent} }}")

    assert (result.kind, expected, ()) == (result.kind, result.answer, result.rows)


def test_a_construct_is_a_sorted_set_of_triples(graph: Path) -> None:
    """A triple that comes up twice is one triple."""
    text = """
        CONSTRUCT { ?child rdfs:seeAlso hub:tuned . hub:tuned rdfs:label 'tuned' }
        WHERE { ?child prov:wasDerivedFrom hub:tuned }
    """
    result = run_query(graph, text)

    assert ("subject", "predicate", "object") == result.columns
    see_also, label = ox.NamedNode(str(RDFS.seeAlso)), ox.NamedNode(str(RDFS.label))
    chat, copy, tuned = (ox.NamedNode(v.HUB + name) for name in ("chat", "copy", "tuned"))
    assert (
        (chat, see_also, tuned),
        (copy, see_also, tuned),
        (tuned, label, ox.Literal("tuned")),
    ) == result.rows


def test_no_rows_are_an_answer(graph: Path) -> None:
    """An empty result has its columns all the same."""
    result = run_query(graph, "SELECT ?x { hub:nothing ?p ?x }")

    assert (("x",), (), False) == (result.columns, result.rows, result.truncated)


def test_named_graphs_are_there_and_the_default_graph_is_the_data(graph: Path) -> None:
    """GRAPH, FROM and FROM NAMED work, and the ontology is not mixed into the data."""
    ontology = "remix:Claim rdfs:label ?label"
    everywhere = run_query(graph, f"ASK {{ {ontology} }}")
    inside = run_query(graph, f"ASK {{ GRAPH <{v.ONTOLOGY}> {{ ?s ?p ?o }} }}")
    from_it = run_query(graph, f"ASK FROM <{v.ONTOLOGY}> {{ ?s ?p ?o }}")
    named = run_query(graph, "ASK FROM NAMED <http://other.example/> { GRAPH ?g { ?s ?p ?o } }")

    assert [False, True, True, False] == [r.answer for r in (everywhere, inside, from_it, named)]


# --- bindings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "term",
    [
        ox.NamedNode("http://a.example/?x=1#y"),
        ox.Literal('tab\t "quote" \\ line\n \x1b } SERVICE <http://a.example/> {'),
        ox.Literal("é", language="fr"),
        ox.Literal(3),
    ],
    ids=str,
)
def test_a_binding_is_a_value_and_no_sparql(term: Term) -> None:
    """What is bound reaches the worker as it was, whatever it holds."""
    table = runner._table({"it": term, "other": ox.Literal(1)})

    assert {
        ox.Variable("it"): term,
        ox.Variable("other"): ox.Literal(1),
    } == worker._bindings(table)


def test_a_bound_variable_is_no_column(graph: Path) -> None:
    """The caller knows its value; it reaches into paths, subqueries and groups."""
    text = """
        SELECT ?it (COUNT(*) AS ?n) {
          { SELECT DISTINCT ?it ?above { ?it prov:wasDerivedFrom+ ?above } }
        } GROUP BY ?it
    """
    result = run_query(graph, text, bindings={"it": ox.NamedNode(v.HUB + "chat")})

    assert (("n",), [{"n": 2}]) == (result.columns, result.records())


def test_a_binding_that_is_not_selected_is_named(graph: Path) -> None:
    """Oxigraph binds only what is selected; anything else would be ignored in silence."""
    with pytest.raises(InvalidQuery, match=r"\?it"):
        run_query(graph, "SELECT ?x { ?it ?p ?x }", bindings={"it": ox.NamedNode(v.HUB + "chat")})


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "rows", "truncated"), [(2, 2, True), (3, 3, False), (0, 0, True)]
)
@pytest.mark.parametrize("verb", ["SELECT ?a ?b", "CONSTRUCT { ?a rdfs:seeAlso ?b }"])
def test_rows_beyond_the_limit_are_told_of(
    graph: Path,
    verb: str,
    limit: int,
    rows: int,
    truncated: bool,  # noqa: FBT001
) -> None:
    """An answer is marked when rows were left out, and only then."""
    result = run_query(graph, f"{verb} WHERE {{ ?a prov:wasDerivedFrom ?b }}", limit=limit)

    assert (rows, truncated) == (len(result.rows), result.truncated)


def test_an_answer_that_is_too_large_is_an_error(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes are limited as rows are, for a row may hold anything."""
    monkeypatch.setattr(runner, "MOST_BYTES", 100)

    with pytest.raises(QueryStopped, match="the answer has more than 0 MB"):
        run_query(graph, "SELECT * { ?s ?p ?o }")


def test_a_query_is_killed_at_its_deadline(graph: Path) -> None:
    """A product of everything with itself ends when its time is up, and its process with it."""
    started = time.monotonic()
    with pytest.raises(QueryStopped, match=r"stopped after 0\.7 s"):
        run_query(graph, ENDLESS, timeout=0.7)

    assert time.monotonic() - started < 10
    assert [] == worker_processes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory")
def test_a_query_that_takes_all_memory_is_stopped(graph: Path) -> None:
    """The worker dies of it, not the caller; the error says so, and the next query is answered."""
    doublings = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))
    text = f"SELECT (STRLEN(?x30) AS ?length) {{ ?x a ?type BIND(STR(?type) AS ?x0) {doublings} }}"

    with WorkerPool(graph, memory=1 << 28) as pool:
        with pytest.raises(QueryStopped, match=r"needs more than 0.25 GiB of memory"):
            run_query(pool, text, timeout=60)
        assert run_query(pool, "ASK {}").answer


def test_deep_nesting_kills_the_worker_only(graph: Path) -> None:
    """A parser that overflows its stack is an error about the query."""
    with pytest.raises(InvalidQuery, match="nested too deeply"):
        run_query(graph, "SELECT * " + "{" * 100_000)


def test_a_worker_that_cannot_start_is_an_error(
    graph: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the worker said last is part of the message."""
    script = tmp_path / "worker.py"
    script.write_text("raise SystemExit('no such thing')")
    monkeypatch.setattr(worker, "__file__", str(script))

    with pytest.raises(QueryStopped, match=r"ended without an answer \(no such thing\)"):
        run_query(graph, "ASK {}")


@pytest.mark.parametrize("cut", [3, 20])
def test_a_reply_without_its_end_is_an_error(
    graph: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cut: int
) -> None:
    """Half an answer is never taken for a whole, wherever it stops."""
    frames = worker.FRAME.pack(b"d", 30) + b"x" * 30
    script = tmp_path / "worker.py"
    script.write_text(
        f"import sys; sys.stdin.readline(); sys.stdout.buffer.write({frames[:cut]!r})"
    )
    monkeypatch.setattr(worker, "__file__", str(script))

    with pytest.raises(QueryStopped, match=r"ended without an answer \(exit status 0\)"):
        run_query(graph, "ASK {}")


# --- errors ---------------------------------------------------------------------------------------


def test_a_syntax_error_has_its_place(graph: Path) -> None:
    """Line and column come from the parser, and our prefixes do not shift them."""
    with pytest.raises(InvalidQuery, match=r"the query cannot be read: error at 2:\d+: ") as caught:
        run_query(graph, "SELECT * {\n ?s ?p ]")

    assert len(str(caught.value)) <= 300
    assert "\n" not in str(caught.value)


def test_what_cannot_be_evaluated_is_an_error(graph: Path) -> None:
    """A function that nobody defined is named."""
    with pytest.raises(InvalidQuery, match=r"cannot be answered: .*other\.example/f"):
        run_query(graph, "SELECT (<http://other.example/f>(1) AS ?x) {}")


def test_text_that_is_no_unicode_is_an_error(graph: Path) -> None:
    """A lone surrogate can come from a command line; no store can look for it."""
    with pytest.raises(InvalidQuery, match="cannot be answered"):
        run_query(graph, "SELECT ('\ud800' AS ?x) {}")


def test_refusals_come_before_the_graph_is_opened(tmp_path: Path) -> None:
    """A query that is refused starts nothing."""
    with pytest.raises(InvalidQuery, match="SERVICE is refused"):
        run_query(tmp_path, "SELECT * { SERVICE <http://other.example/> { ?s ?p ?o } }")


def test_no_graph_is_an_error(tmp_path: Path) -> None:
    """A directory without a graph is named."""
    with pytest.raises(InvalidGraph, match="there is no graph in"):
        run_query(tmp_path, "ASK {}")


# --- together -------------------------------------------------------------------------------------


def test_queries_run_side_by_side(graph: Path) -> None:
    """Threads do not get each other's answers, nor each other's deadlines."""

    def ask(number: int) -> object:
        if number % 4 == 0:
            with pytest.raises(QueryStopped):
                run_query(graph, ENDLESS, timeout=0.5)
            return number
        return run_query(graph, f"SELECT ({number} AS ?n) {{}}").records()[0]["n"]

    with ThreadPoolExecutor(6) as pool:
        assert list(range(12)) == list(pool.map(ask, range(12)))
    assert [] == worker_processes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_an_interrupt_ends_the_worker(graph: Path) -> None:
    """Ctrl-C reaches the caller at once, and no process is left behind."""
    asker = start(
        f"""
        import sys
        from graph.sparql.runner import run_query
        print("asking", flush=True)
        try:
            run_query({str(graph)!r}, {ENDLESS!r}, timeout=60)
        except KeyboardInterrupt:
            sys.exit(130)
        """
    )
    children = wait_for_worker(asker.pid)
    asker.send_signal(signal.SIGINT)

    assert asker.wait(10) == 130
    assert gone(children)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_worker_does_not_outlive_who_asked(graph: Path) -> None:
    """An asker that is killed outright leaves no query running."""
    asker = start(
        f"""
        from graph.sparql.runner import run_query
        print("asking", flush=True)
        run_query({str(graph)!r}, {ENDLESS!r}, timeout=60)
        """
    )
    children = wait_for_worker(asker.pid)
    asker.kill()
    asker.wait(10)

    assert gone(children)


# --- the worker from inside -----------------------------------------------------------------------


def reply(graph: Path, query: str, **changes: object) -> list[tuple[bytes, bytes]]:
    """Return the frames with which a worker in this process answers."""
    request = {
        "store": str(next(graph.glob("builds/*/store"))),
        "query": query,
        "prefixes": {},
        "bindings": "",
        "rows": 10_000,
        "bytes": 1_000_000,
    }
    sent: list[tuple[bytes, bytes]] = []
    worker.answer(request | changes, lambda kind, payload: sent.append((kind, payload)))
    return sent


def test_a_reply_is_a_head_data_and_an_end(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of frames is the protocol."""
    monkeypatch.setattr(worker, "_peak", int)

    assert [
        (b"h", b'{"kind": "select", "columns": ["x"]}'),
        (b"d", b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>\n'),
        (b"e", b'{"truncated": false, "spent": false}'),
    ] == reply(graph, "SELECT (1 AS ?x) {}")


@pytest.mark.parametrize(
    ("query", "head", "data"),
    [
        ("ASK {}", b'{"kind": "ask", "columns": []}', b"true\n"),
        (
            "CONSTRUCT { <x:a> <x:b> 1 } WHERE { ?s ?p ?o }",
            b'{"kind": "construct", "columns": ["subject", "predicate", "object"]}',
            b'<x:a> <x:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
        ),
    ],
)
def test_a_reply_says_what_it_is(graph: Path, query: str, head: bytes, data: bytes) -> None:
    """Each kind of answer has its head and its lines."""
    assert [(b"h", head), (b"d", data)] == reply(graph, query)[:2]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
@pytest.mark.parametrize("hard", [-1, 1 << 20])
def test_memory_is_limited_to_what_there_is_and_more(
    monkeypatch: pytest.MonkeyPatch, hard: int
) -> None:
    """A limit that the system has set already is never raised."""
    import resource

    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (hard, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, both: limits.append(both))
    worker._limit_memory(1 << 30)

    [(most, still)] = limits
    assert still == hard
    assert most > 1 << 30 if hard == -1 else most == hard


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory")
def test_where_nobody_limits_memory_the_worker_does() -> None:
    """It ends in the midst of a query, with words from which its owner knows why."""
    script = """
        import threading
        import pyoxigraph as ox
        from graph.sparql import worker
        most = worker._peak() + (200 << 20)
        threading.Thread(target=worker._watch_memory, args=(most,), daemon=True).start()
        doublings = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(32))
        list(ox.Store().query("SELECT * { BIND('text' AS ?x0) " + doublings + " }"))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (1, "no more memory is allocated\n") == (ended.returncode, ended.stderr)
    assert any(sign in ended.stderr for sign in worker_process._OUT_OF_MEMORY)


@pytest.mark.parametrize("peak", [0, 1 << 30])
def test_a_worker_says_when_it_is_spent(
    graph: Path, monkeypatch: pytest.MonkeyPatch, peak: int
) -> None:
    """An answer and an error both tell whether the process took much memory."""
    monkeypatch.setattr(worker, "_peak", lambda: peak)

    for query in ("ASK {}", "SELECT"):
        assert json.loads(reply(graph, query)[-1][1])["spent"] == bool(peak)


def test_the_peak_of_memory_is_in_bytes() -> None:
    """A Python process takes megabytes, not thousands of them."""
    assert 10 << 20 < worker._peak() < 100 << 30


def test_a_long_answer_comes_in_chunks(graph: Path) -> None:
    """No frame is much larger than 64 KiB, and no line is torn."""
    product = "SELECT ?c ?f WHERE { ?a ?b ?c . ?d ?e ?f }"
    chunks = [payload for kind, payload in reply(graph, product) if kind == b"d"]

    assert len(chunks) > 1
    assert all(chunk.endswith(b"\n") for chunk in chunks)


def test_triples_as_terms_go_through(graph: Path) -> None:
    """RDF 1.2 is not in the graph, but a query may make some."""
    text = "SELECT (TRIPLE(hub:a, hub:b, 'x\ty') AS ?t) {}"
    result = run_query(graph, text)

    [(term,)] = result.rows
    assert isinstance(term, ox.Triple)
    assert ox.Literal("x\ty") == term.object


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"query": "SELECT"}, "InvalidQuery"),
        ({"query": "SELECT (<x:f>() AS ?y) {}"}, "InvalidQuery"),
        ({"bytes": 3}, "QueryStopped"),
        ({"store": "/nowhere"}, "InvalidGraph"),
        ({"bindings": "?z\n<x:z>\n"}, "InvalidQuery"),
    ],
)
def test_an_error_is_a_frame(graph: Path, changes: dict[str, object], error: str) -> None:
    """Whatever goes wrong ends the reply with the name of one of our errors."""
    query = changes.pop("query", "SELECT (1 AS ?x) {}")
    kind, payload = reply(graph, str(query), **changes)[-1]

    assert (b"x", error) == (kind, json.loads(payload)["error"])


def test_memory_that_runs_out_in_python_is_an_error(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most of the memory is Oxigraph's, but not all of it."""

    def exhaust(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "_send_lines", exhaust)

    assert b"needs too much memory" in reply(graph, "ASK {}")[-1][1]


def test_a_worker_serves_one_request_after_another(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on until its input ends, and then ends at once."""
    ended: list[int] = []
    monkeypatch.setattr(os, "_exit", ended.append)
    requests = b"".join(
        json.dumps(
            {
                "store": str(next(graph.glob("builds/*/store"))),
                "query": query,
                "prefixes": {},
                "bindings": "",
                "rows": 1,
                "bytes": 100,
            }
        ).encode()
        + b"\n"
        for query in ("ASK {}", "nonsense", "SELECT ?x {}")
    )
    replies = io.BytesIO()
    waiting = queue.SimpleQueue[bytes]()
    worker._listen(io.BytesIO(requests), waiting)
    assert [0] == ended
    lines = [waiting.get() for _ in range(3)] + [b""]
    monkeypatch.setattr(worker, "_listen", lambda _, into: [into.put(line) for line in lines])
    worker.serve(io.BytesIO(), replies)

    kinds = []
    replies.seek(0)
    while prefix := replies.read(worker.FRAME.size):
        kind, size = worker.FRAME.unpack(prefix)
        kinds.append(kind)
        replies.read(size)
    assert b"hdexhde" == b"".join(kinds)
