"""The lineage index at the size of the whole Hub, against networkx on the same graph.

Three million made models with 1.35 million links: bases drawn by a power law, one of them with more
than 100,000 descendants, merges, quantised copies, and a few cycles. Ids are made from words, as
people make them. ``python benchmarks/index.py 300000`` takes another size.
"""

from __future__ import annotations

import gc
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pyarrow as pa

from graph.build.deriving import derive
from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.lineage.paths import common_ancestors, shortest_path
from graph.lineage.walking import ancestors, descendants, reach_down, roots
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.search.suggestions import NameIndex
from graph.tables.codes import KINDS
from graph.tables.codes import RELATIONS as KNOWN_RELATIONS
from graph.tables.schema import SCHEMAS, Tables
from graph.tables.uniting import unite

MODELS = 3_000_000
LINKED = 0.42  # the share of models that name a parent
ASKED = 200
RELATIONS = (Relation.QUANTIZED, Relation.FINETUNE, Relation.ADAPTER, Relation.MERGE)
FAMILIES = ["llama", "mistral", "qwen", "gemma", "phi", "bert", "gpt", "falcon", "yi", "deepseek"]
WORDS = ["instruct", "chat", "base", "tiny", "lora", "gguf", "awq", "merge", "v2", "7b", "8b", "it"]


def main() -> None:
    """Make the graph, write its index, and let a fresh process ask it: memory is its own then."""
    if sys.argv[1:2] == ["ask"]:
        measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MODELS
    tables, seconds = timed(lambda: made(count))
    print(f"{count:,} models, {tables.derivations.num_rows:,} links, made in {seconds:.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        before = time.process_time()
        _, building = timed(lambda: derive(tables).write(Path(folder)))
        show("derive everything and write it", building, "s")
        show("processor time of it", time.process_time() - before, "s")
        subprocess.run([sys.executable, __file__, "ask", folder], check=True)


def measure(folder: Path) -> None:
    """Print every figure of an index."""
    gc.collect()
    before, own = resident(), resident("RssAnon")
    index, opening = timed(lambda: LineageIndex.open(folder))
    show("open it", opening * 1000, "ms")
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.npy")}
    text = sum(size for name, size in sizes.items() if name.startswith(("word", "list", "by_")))
    show("on disk, lineage", (sum(sizes.values()) - text) / 1e6, "MB")
    show("on disk, words", text / 1e6, "MB")
    measure_lineage(index)
    measure_most_derived(index)
    show("memory after these questions, mapped and own", resident() - before, "MB")
    show("of it own, not shared with other processes", resident("RssAnon") - own, "MB")
    memory = resident() - before
    measure_search(index)
    show("memory after the searches, too", resident() - before, "MB")
    show("of it own", resident("RssAnon") - own, "MB")
    measure_networkx(index, memory)


def measure_lineage(index: LineageIndex) -> None:
    """Time what is asked of one repository, for many of them."""
    chance = random.Random(1)
    linked = np.flatnonzero(index.up.degrees()).tolist()
    nodes = [index.node(number) for number in chance.sample(linked, ASKED)]
    tops = [index.node(int(index.roots[index.find(node)])) for node in nodes]
    repeat("ancestors", [partial(ancestors, index, node) for node in nodes])
    repeat("roots", [partial(roots, index, node) for node in nodes])
    repeat("common ancestors", [partial(common_ancestors, index, *two) for two in pairwise(nodes)])
    ends = zip(nodes, tops, strict=True)
    repeat("path to a root", [partial(shortest_path, index, *two) for two in ends])


def measure_search(index: LineageIndex) -> None:
    """Time searches as people type: a letter, two, a word, several, and with a typo."""
    names = NameIndex(index)
    chance = random.Random(2)
    typed = [
        *"abcdglmpqxz17",
        *("ll", "ge", "8b", "ma", "st", "ai"),
        *(word[:length] for word in FAMILIES for length in range(3, len(word) + 1)),
        *(f"{one} {other}" for one in FAMILIES for other in chance.sample(WORDS, 3)),
        *(
            f"{one[:3]} {other[:2]} {chance.randrange(99)}"
            for one in FAMILIES
            for other in WORDS[:4]
        ),
        *(f"{one[:2]}x{one[3:]} {other}" for one in FAMILIES for other in WORDS[:3]),
        *(index.id(number) for number in chance.sample(range(len(index)), 40)),
    ]
    repeat("search", [partial(names.search, text, limit=10) for text in typed])


def measure_most_derived(index: LineageIndex) -> float:
    """Time all descendants of the repository that has most; return the milliseconds."""
    start = int(np.argmax(index.influence))
    wanted = mask(DERIVATIONS)
    arrays = best(lambda: reach_down(index, start, wanted=wanted))
    name = f"{index.influence[start]:,} descendants, with relation and depth"
    show(name, arrays, "ms")
    return arrays


def measure_networkx(index: LineageIndex, memory: float) -> None:
    """Time and weigh the same lineage in networkx."""
    start = int(np.argmax(index.influence))
    rows = best(lambda: descendants(index, index.node(start)), 3)
    show("the same as rows with ids and parents", rows, "ms")
    arrays = measure_most_derived(index)
    gc.collect()
    before = resident()
    graph, seconds = timed(lambda: networkx_graph(index))
    show("networkx: build", seconds, "s")
    taken = resident() - before
    show("networkx: memory, with ids, downloads and dates", taken, "MB")
    show("networkx: memory / index", taken / memory, "times")
    slow = best(lambda: networkx_descendants(graph, start), 3)
    show("networkx: the same descendants", slow, "ms")
    show("networkx / index", slow / arrays, "times")


def networkx_graph(index: LineageIndex) -> Any:  # noqa: ANN401 - networkx without its types
    """Return the lineage as networkx holds it: numbers, with facts, and the relations of a link."""
    graph: Any = nx.DiGraph()
    numbers = np.arange(len(index))
    facts = zip(index.ids(numbers), index.downloads.tolist(), index.created.tolist(), strict=True)
    graph.add_nodes_from(
        (number, {"id": id_, "downloads": downloads, "created": created})
        for number, (id_, downloads, created) in enumerate(facts)
    )
    links = index.down.all()
    columns = (column.tolist() for column in links)
    graph.add_edges_from((a, b, {"relation": c}) for a, b, c in zip(*columns, strict=True))
    return graph


def networkx_descendants(graph: Any, start: int) -> dict[int, tuple[int, int]]:  # noqa: ANN401
    """Return the depth of each descendant and the relations of the last step to it."""
    depths = nx.single_source_shortest_path_length(graph, start)
    found: dict[int, tuple[int, int]] = {}
    for near, depth in depths.items():
        for far, facts in graph.adj[near].items():
            if depths[far] == depth + 1:
                found[far] = depth + 1, found.get(far, (0, 0))[1] | facts["relation"]
    return found


# --- a made graph -----------------------------------------------------------------------------


def made(count: int) -> Tables:
    """Return tables of made models: the smaller a number, the likelier it is a parent."""
    chance = np.random.default_rng(0)
    children = np.sort(chance.choice(np.arange(1, count), int(count * LINKED), replace=False))
    merges = chance.choice(children, len(children) // 14)
    origins = np.concatenate([children, merges])
    ends = (origins * chance.random(len(origins)) ** 6).astype(np.int64)
    codes = [KNOWN_RELATIONS.index(relation) for relation in RELATIONS]
    drawn = chance.choice(codes, len(origins), p=[0.45, 0.3, 0.15, 0.1])
    drawn[len(children) :] = KNOWN_RELATIONS.index(Relation.MERGE)
    created = np.datetime64("2022-03-03", "s") + chance.integers(0, 10**8, count).astype("m8[s]")
    downloads = (chance.pareto(0.6, count) * 5).astype(np.int64).clip(0, 10**9)
    models = {
        "id": pa.array(ids(count)),
        "kind": np.full(count, KINDS.index(Kind.MODEL)),
        "known": np.ones(count, np.bool_),
        "created": created,
        "downloads": downloads,
    }
    steps = {
        "child": origins,
        "relation": drawn,
        "parent": ends,
        "raw": pa.array([[]] * len(origins), pa.list_(pa.string())),
        "sources": np.ones(len(origins)),
        "position": np.zeros(len(origins)),
        "aliased": np.zeros(len(origins), np.bool_),
    }
    empty = {name: schema.empty_table() for name, schema in SCHEMAS.items()}
    filled = {
        "repositories": _table(models, "repositories"),
        "derivations": _table(steps, "derivations"),
    }
    return unite([Tables(**empty | filled)])


def _table(columns: dict[str, Any], name: str) -> pa.Table:
    """Return a table with some of its columns; the others are null."""
    schema = SCHEMAS[name]
    count = len(next(iter(columns.values())))
    arrays = [
        pa.array(columns[field.name]).cast(field.type)
        if field.name in columns
        else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.table(arrays, schema=schema)


def ids(count: int) -> Iterator[str]:
    """Yield as many different ids."""
    chance = random.Random(0)
    owners = [
        f"{chance.choice(FAMILIES)[:3]}{chance.getrandbits(24):x}" for _ in range(count // 8 + 1)
    ]
    for number in range(count):
        owner = owners[int(len(owners) * chance.random() ** 2)]
        family, one, other = chance.choice(FAMILIES), chance.choice(WORDS), chance.choice(WORDS)
        yield f"{owner}/{family.title()}-{one}-{other}-{number:x}"


# --- clocks and scales ------------------------------------------------------------------------


def timed(action: Callable[[], Any]) -> tuple[Any, float]:
    """Return what an action returns, and the seconds it took."""
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def best(action: Callable[[], object], times: int = 5) -> float:
    """Return the milliseconds of the fastest of some runs."""
    return min(timed(action)[1] for _ in range(times)) * 1000


def repeat(name: str, actions: list[Callable[[], object]]) -> None:
    """Print the median and the 95th percentile of many actions."""
    actions[0]()
    taken = sorted(timed(action)[1] * 1000 for action in actions)
    show(f"{name}, median of {len(taken)}", taken[len(taken) // 2], "ms")
    show(f"{name}, p95", taken[int(len(taken) * 0.95)], "ms")


def resident(part: str = "VmRSS") -> float:
    """Return the megabytes of memory that this process holds, or those that only it holds."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition(f"{part}:")[2].split()[0]) / 1000


def show(name: str, value: float, unit: str) -> None:
    """Print one line of the table."""
    print(f"{name:<56} {value:>12,.2f} {unit}", flush=True)


if __name__ == "__main__":
    main()
