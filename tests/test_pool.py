"""Workers that are kept: who gets which, which are replaced, and when they go."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from graph.model.errors import InvalidGraph, InvalidQuery, QueryStopped
from graph.sparql import pool as pools
from graph.sparql.deadline import Patience, StopToken
from graph.sparql.pool import WorkerPool
from graph.sparql.results import QueryResult
from graph.sparql.runner import run_query
from tests.builders import dataset, model, models
from tests.graphs import build_graph
from tests.processes import ENDLESS, gone, start, wait_for_worker, worker_processes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

MODELS = "SELECT (COUNT(*) AS ?n) { ?x a fair4ml:MLModel }"
PRODUCT = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
SLOW = f"""
    SELECT (COUNT(*) AS ?n) {{
      ?x a fair4ml:MLModel .
      {{ SELECT (COUNT(*) AS ?many) {{ {PRODUCT} }} }}
    }}
"""
"""A query that takes a second or more, and then counts the models."""


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return a graph of two models, with as many triples beside as make SLOW slow."""
    return build_graph(
        tmp_path / "graph", *models("base", "chat -> base: finetune"), dataset("data")
    )


@pytest.fixture
def pool(graph: Path) -> Iterator[WorkerPool]:
    """Yield a pool of two workers; none of them is left when it is closed."""
    with WorkerPool(graph) as pool:
        yield pool
    assert [] == worker_processes()


def count(result: QueryResult) -> object:
    """Return the number that a query counted."""
    return result.records()[0]["n"]


def kill(process: int) -> None:
    """Kill a process that nobody waits for, and wait until it is dead."""
    os.kill(process, signal.SIGKILL)
    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)


@pytest.fixture
def asker() -> Iterator[ThreadPoolExecutor]:
    """Yield threads that ask."""
    with ThreadPoolExecutor(8) as threads:
        yield threads


def workers(number: int) -> list[int]:
    """Wait until there are so many workers; a process takes a moment to show what it runs."""
    for _ in range(100):
        if len(found := worker_processes()) == number:
            return found
        time.sleep(0.05)
    return pytest.fail(f"{len(worker_processes())} workers instead of {number}")


def busy(question: Future[QueryResult]) -> None:
    """Wait until a worker has begun to answer."""
    time.sleep(0.5)
    assert not question.done()


# --- ready workers --------------------------------------------------------------------------------


def test_a_worker_is_kept_for_the_next_query(pool: WorkerPool) -> None:
    """One worker is started for the first query, and it answers the second one too."""
    assert [] == worker_processes()
    assert 2 == count(run_query(pool, MODELS))
    [first] = workers(1)
    assert 2 == count(run_query(pool, MODELS))

    assert [first] == worker_processes()


def test_a_mistake_does_not_cost_the_worker(pool: WorkerPool) -> None:
    """A query that cannot be read leaves a worker as it was."""
    run_query(pool, "ASK {}")
    before = workers(1)
    with pytest.raises(InvalidQuery):
        run_query(pool, "SELECT")

    assert before == worker_processes()


def test_warm_workers_are_there_before_they_are_asked(pool: WorkerPool) -> None:
    """All of them are started at once, and only once."""
    pool.warm()
    before = workers(2)
    pool.warm()
    assert run_query(pool, "ASK {}").answer

    assert before == worker_processes()


def test_a_refused_query_starts_nothing(pool: WorkerPool) -> None:
    """SERVICE and updates do not come as far as a worker."""
    for text in ("SELECT * { SERVICE <http://other.example/> { ?s ?p ?o } }", "LOAD <x:y>"):
        with pytest.raises(InvalidQuery, match="is refused"):
            run_query(pool, text)

    assert [] == worker_processes()


def test_a_closed_pool_says_so(graph: Path) -> None:
    """Closing twice does no harm; asking after it is an error, not a wait."""
    pool = WorkerPool(graph)
    pool.warm()
    pool.close()
    pool.close()
    pool.warm()

    assert [] == worker_processes()
    with pytest.raises(QueryStopped, match="the workers for this graph were ended"):
        run_query(pool, "ASK {}")


def test_a_pool_that_is_forgotten_takes_its_workers_along(graph: Path) -> None:
    """Nothing is left behind where nobody closed it."""
    pool = WorkerPool(graph)
    pool.warm()
    del pool

    assert [] == worker_processes()


def test_memory_is_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers together take half of a small machine, and what is enough on a large one."""
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1 << 20, "SC_PAGE_SIZE": 4096}.get)
    assert 1 << 30 == pools._share(2)
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1 << 25, "SC_PAGE_SIZE": 4096}.get)
    assert pools.MOST_MEMORY == pools._share(2)
    monkeypatch.delattr(os, "sysconf")
    assert pools.MOST_MEMORY == pools._share(2)


# --- several callers ------------------------------------------------------------------------------


def test_callers_get_their_own_answers(pool: WorkerPool, asker: ThreadPoolExecutor) -> None:
    """Eight threads, two workers, answers of different sizes: no one gets another's."""

    def ask(number: int) -> tuple[object, int]:
        values = " ".join(f"({number} {n})" for n in range(number))
        result = run_query(pool, f"SELECT ?n ?m {{ VALUES (?n ?m) {{ (0 0) {values} }} }}")
        return result.records()[-1]["n"], len(result.rows)

    assert [(number, number + 1) for number in range(100)] == list(asker.map(ask, range(100)))
    workers(2)


def test_deadlines_do_not_reach_other_queries(pool: WorkerPool, asker: ThreadPoolExecutor) -> None:
    """Queries that are killed beside those that are answered change nothing for these."""

    def ask(number: int) -> object:
        if number % 5 == 0:
            with pytest.raises(QueryStopped):
                run_query(pool, ENDLESS, timeout=0.3)
            return number
        return count(run_query(pool, f"SELECT ({number} AS ?n) {{}}"))

    assert list(range(25)) == list(asker.map(ask, range(25)))


def test_waiting_for_a_worker_counts(graph: Path, asker: ThreadPoolExecutor) -> None:
    """Who finds all workers busy waits no longer than it is ready to, and is told why."""
    with WorkerPool(graph, workers=1) as pool:
        stop = StopToken()
        first = asker.submit(run_query, pool, ENDLESS, stop=stop)
        busy(first)
        with pytest.raises(QueryStopped, match=r"was not begun within 0\.2 s, as others"):
            run_query(pool, "ASK {}", timeout=0.2)
        second = asker.submit(run_query, pool, "ASK {}")
        busy(second)
        stop.stop()

        assert second.result(10).answer


def test_who_came_first_goes_first(graph: Path, asker: ThreadPoolExecutor) -> None:
    """A worker that comes free goes to who has waited longest."""
    done: list[int] = []
    with WorkerPool(graph, workers=1) as pool:
        stop = StopToken()
        first = asker.submit(run_query, pool, ENDLESS, stop=stop)
        busy(first)

        def ask(number: int) -> None:
            run_query(pool, "ASK {}")
            done.append(number)

        waiting = []
        for number in range(5):
            waiting.append(asker.submit(ask, number))
            time.sleep(0.05)
        stop.stop()
        for one in waiting:
            one.result(10)

    assert [0, 1, 2, 3, 4] == done


# --- stopped and killed ---------------------------------------------------------------------------


def test_a_killed_worker_is_replaced_at_once(pool: WorkerPool) -> None:
    """The deadline ends a worker; another one is there before it is needed."""
    pool.warm()
    before = workers(2)
    with pytest.raises(QueryStopped, match=r"stopped after 0\.5 s"):
        run_query(pool, ENDLESS, timeout=0.5)
    after = workers(2)

    assert 1 == len(set(before) & set(after))


def test_a_query_is_stopped_from_another_thread(
    pool: WorkerPool, asker: ThreadPoolExecutor
) -> None:
    """A stop button ends its own query and no other."""
    stop = StopToken()
    stopped = asker.submit(run_query, pool, ENDLESS, stop=stop)
    other = asker.submit(run_query, pool, ENDLESS, timeout=2)
    busy(stopped)
    stop.stop()

    with pytest.raises(QueryStopped, match="was stopped before it had an answer"):
        stopped.result(1)
    with pytest.raises(QueryStopped, match="stopped after 2 s"):
        other.result(5)


def test_a_query_that_was_stopped_before_does_not_run(pool: WorkerPool) -> None:
    """The button may be faster than the query."""
    stop = StopToken()
    stop.stop()
    with pytest.raises(QueryStopped, match="was stopped before"):
        run_query(pool, ENDLESS, stop=stop)


def test_a_query_that_waits_can_be_stopped(graph: Path, asker: ThreadPoolExecutor) -> None:
    """It gives up its turn, and those behind it move up."""
    with WorkerPool(graph, workers=1) as pool:
        stops = [StopToken(), StopToken()]
        running, waiting = (asker.submit(run_query, pool, ENDLESS, stop=stop) for stop in stops)
        busy(running)
        last = asker.submit(run_query, pool, "ASK {}")
        stops[1].stop()
        with pytest.raises(QueryStopped, match="was stopped before"):
            waiting.result(1)
        stops[0].stop()

        assert last.result(10).answer


def test_an_end_that_comes_late_spares_the_next_query() -> None:
    """What was to end one query does nothing once that has its answer."""
    ended: list[str] = []
    stop = StopToken()
    with Patience(0.05, stop).watch(lambda: ended.append("within")):
        time.sleep(0.3)
        stop.stop()
    with Patience(0.05, stop).watch(lambda: ended.append("stopped before")):
        pass
    with Patience(0.05).watch(lambda: ended.append("never")):
        pass
    time.sleep(0.2)

    assert ["within", "stopped before"] == ended


@pytest.mark.parametrize("seconds", [1e300, float("inf")])
def test_patience_may_be_endless(pool: WorkerPool, seconds: float) -> None:
    """A time that no system can wait for is as good as none."""
    assert run_query(pool, "ASK {}", timeout=seconds).answer


def test_a_worker_killed_by_others_is_one_clear_error(
    pool: WorkerPool, asker: ThreadPoolExecutor
) -> None:
    """Half an answer is none; the next query has its own."""
    question = asker.submit(run_query, pool, ENDLESS)
    busy(question)
    for process in workers(1):
        os.kill(process, signal.SIGKILL)

    with pytest.raises(QueryStopped, match="ended without an answer"):
        question.result(5)
    assert 2 == count(run_query(pool, MODELS))


def test_a_worker_that_died_idle_is_not_asked(pool: WorkerPool) -> None:
    """Nobody gets an error for what happened between two queries."""
    pool.warm()
    for process in workers(2):
        kill(process)

    assert 2 == count(run_query(pool, MODELS))


def test_a_worker_that_took_much_memory_goes(pool: WorkerPool) -> None:
    """It has its answer, and leaves what it took to a fresh one."""
    doublings = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(28))
    run_query(pool, "ASK {}")
    before = workers(1)
    result = run_query(pool, f"SELECT (STRLEN(?x28) AS ?n) {{ BIND('abc' AS ?x0) {doublings} }}")

    assert 3 << 28 == count(result)
    assert before != workers(1)


def test_an_interrupted_caller_leaves_no_worker(graph: Path) -> None:
    """Ctrl-C in the midst of a query ends its worker with it."""
    asker = start(
        f"""
        import sys
        from graph.sparql.pool import WorkerPool
        from graph.sparql.runner import run_query
        print("asking", flush=True)
        try:
            with WorkerPool({str(graph)!r}) as pool:
                pool.warm()
                run_query(pool, {ENDLESS!r}, timeout=60)
        except KeyboardInterrupt:
            sys.exit(130)
        """
    )
    children = wait_for_worker(asker.pid)
    asker.send_signal(signal.SIGINT)

    assert asker.wait(10) == 130
    assert gone(children)


def test_workers_do_not_outlive_who_keeps_them(graph: Path) -> None:
    """A keeper that is killed outright leaves neither busy workers nor idle ones."""
    keeper = start(
        f"""
        from graph.sparql.pool import WorkerPool
        from graph.sparql.runner import run_query
        pool = WorkerPool({str(graph)!r})
        pool.warm()
        print("asking", flush=True)
        run_query(pool, {ENDLESS!r}, timeout=60)
        """
    )
    children = wait_for_worker(keeper.pid)
    keeper.kill()
    keeper.wait(10)

    assert 2 == len(children)
    assert gone(children)


def test_an_interrupt_does_not_reach_a_worker(pool: WorkerPool) -> None:
    """What a terminal sends to all of its programs is for the asker to decide on."""
    assert run_query(pool, "ASK {}").answer
    [process] = workers(1)
    os.kill(process, signal.SIGINT)
    assert os.getsid(process) != os.getsid(0)
    assert run_query(pool, "ASK {}").answer

    assert [process] == worker_processes()


# --- builds ---------------------------------------------------------------------------------------


def test_the_next_query_sees_a_new_build(pool: WorkerPool, graph: Path) -> None:
    """Idle workers of the old build go, and it can be swept."""
    pool.warm()
    before = workers(2)
    build_graph(graph, model("new"))

    assert 3 == count(run_query(pool, MODELS))
    assert set(before).isdisjoint(worker_processes())
    build_graph(graph, model("newer"))
    assert 4 == count(run_query(pool, MODELS))
    assert ["000002", "000003"] == sorted(path.name for path in graph.glob("builds/*"))


def test_a_running_query_ends_on_its_own_build(
    pool: WorkerPool, graph: Path, asker: ThreadPoolExecutor
) -> None:
    """A graph that is published meanwhile changes nothing for it, and its worker goes then."""
    running = asker.submit(run_query, pool, SLOW)
    time.sleep(0.2)
    for name in ("new", "newer"):
        build_graph(graph, model(name))
    assert not running.done()
    [old] = workers(1)

    assert 4 == count(run_query(pool, MODELS))
    assert 2 == count(running.result(60))
    assert old not in worker_processes()


def test_a_graph_that_is_gone_is_an_error(pool: WorkerPool, graph: Path) -> None:
    """Workers of a graph that was removed answer no more; a new one is found again."""
    assert 2 == count(run_query(pool, MODELS))
    shutil.rmtree(graph)
    for _ in range(3):
        with pytest.raises(InvalidGraph, match="there is no graph in"):
            run_query(pool, MODELS)
    build_graph(graph, *models("one", "two", "three"))

    assert 3 == count(run_query(pool, MODELS))


def test_a_store_that_cannot_be_read_is_an_error(pool: WorkerPool, graph: Path) -> None:
    """The graph is named, with the remedy, every time."""
    (graph / "builds" / "000001" / "store" / "CURRENT").write_text("something else")

    for _ in range(3):
        with pytest.raises(InvalidGraph, match=r"000001 cannot be read: load a snapshot .*, or"):
            run_query(pool, MODELS)


def test_threads_may_warm_and_close(graph: Path, asker: ThreadPoolExecutor) -> None:
    """No worker is started by one thread while another one closes the pool."""
    for _ in range(5):
        pool = WorkerPool(graph, workers=4)
        gate = threading.Barrier(5)
        starts = [asker.submit(_warm, pool, gate) for _ in range(4)]
        gate.wait()
        pool.close()
        for one in starts:
            one.result(10)

        assert [] == worker_processes()


def _warm(pool: WorkerPool, gate: threading.Barrier) -> None:
    gate.wait()
    pool.warm()
