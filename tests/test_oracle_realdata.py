"""The project and a checker that shares no code with it agree about recorded Hub data.

Two recordings: pages of the Hub's list of models from July 2024, whose tags carry no relation yet,
and rows of the hub-stats export of May 2026, where every parent has one.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from tests.depth import DEEP, sampled
from tests.oracle import Oracle, Reached, Row, read_pages
from tests.shared import EXPORT, FEW, MANY, PAGES, Shelf, ingest_as_written

pytestmark = pytest.mark.realdata

ROOT = Path(__file__).resolve().parent.parent

Lineage = tuple[dict[str, Reached], dict[str, Reached]]
"""The ancestors and the descendants of one id."""

COUNTED_BY_STATS = (
    "models",
    "edges",
    "self_loops",
    "dangling_edges",
    "multi_parent",
    "roots",
    "families",
)


HUB_COLUMNS = ["id", "tags", "baseModels"]
"""What the Hub itself says of lineage in a hub-stats file; cards name parents that it dropped."""


def read_hub_stats(path: Path) -> Iterable[Row]:
    """Return the rows of a hub-stats file, as far as the Hub tells lineage in them."""
    table = pyarrow.parquet.read_table(path, columns=HUB_COLUMNS)
    rows: list[Row] = table.to_pylist()
    return rows


def read_hub_stats_and_cards(path: Path) -> Iterable[Row]:
    """Return the same rows, with a tag more for each parent that only the card names."""
    rows: list[dict[str, Any]] = pyarrow.parquet.read_table(
        path, columns=[*HUB_COLUMNS, "cardData"]
    ).to_pylist()
    for row in rows:
        row["tags"] = [*(row["tags"] or ()), *_tags_from_card(row)]
    return rows


def _tags_from_card(row: Row) -> list[str]:
    """Return tags for the parents that a card names and the Hub does not.

    Where the card has just one name too many and the Hub one, they are the same: it was renamed.
    """
    card = json.loads(row["cardData"] or "{}") or {}
    declared = card.get("base_model") or []
    names = {name.strip() for name in ([declared] if isinstance(declared, str) else declared)}
    known = {base["id"].casefold() for base in (row["baseModels"] or {}).get("models") or ()}
    unknown = sorted(name for name in names - TOOLS if name.casefold() not in known)
    if 1 == len(unknown) == len(known - {name.casefold() for name in names}):
        return []
    relation = card.get("base_model_relation")
    prefix = f"base_model:{relation}:" if relation else "base_model:"
    return [prefix + name for name in unknown]


TOOLS = frozenset(["lazymergekit", "merge", "mergekit"])
"""What a card of the recording names beside its parents, and nobody could mean as one."""


@dataclass(frozen=True)
class Recording:
    """Recorded data, the fixture with its graph, the way to read it, and what was counted in it."""

    path: Path
    graph: str
    read: Callable[[Path], Iterable[Row]]
    published: dict[str, object]


RECORDINGS = {
    "pages": Recording(
        path=PAGES,
        graph="pages_graph",
        read=partial(read_pages, most=MANY),
        published={"models": 1_000 * MANY}
        if not DEEP
        else {
            "models": 190_000,
            "edges": {
                "adapter": 0,
                "finetune": 0,
                "merge": 0,
                "quantized": 0,
                "unspecified": 31_528,
                "total": 31_528,
            },
            "children": 29_014,
            "parents": 6_322,
            "dangling_parents": 4_531,
            "self_loops": 170,
            "multi_parent": 1_501,
            "trained_on": 30_507,
            "unlicensed": 118_893,
        },
    ),
    "hub-stats": Recording(
        path=EXPORT,
        graph="uncarded_graph",
        read=read_hub_stats,
        published={
            "models": 4_167,
            "edges": {
                "adapter": 20,
                "finetune": 1_401,
                "merge": 3_731,
                "quantized": 49,
                "unspecified": 0,
                "total": 5_201,
            },
            "children": 2_586,
            "multi_parent": 1_115,
        },
    ),
    "hub-stats and cards": Recording(
        path=EXPORT,
        graph="export_graph",
        read=read_hub_stats_and_cards,
        published={"models": 4_167},
    ),
}


@pytest.fixture(scope="module", params=RECORDINGS)
def recording(request: pytest.FixtureRequest) -> Recording:
    """Return each recording in turn."""
    return RECORDINGS[request.param]


@pytest.fixture(scope="module")
def oracle(recording: Recording, realdata: Path) -> Oracle:
    """Return what the checker reads in the recording."""
    return Oracle(recording.read(realdata / recording.path))


@pytest.fixture(scope="module")
def graph(recording: Recording, request: pytest.FixtureRequest) -> Path:
    """Return the graph that the project builds from the recording, with ids as written."""
    found: Path = request.getfixturevalue(recording.graph)
    return found


@pytest.fixture(scope="session")
def uncarded_graph(shelf: Shelf, realdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the graph of the export without its cards: from the columns that the checker reads."""
    table = pyarrow.parquet.read_table(realdata / EXPORT, columns=HUB_COLUMNS)
    source = tmp_path_factory.mktemp("uncarded") / "without-cards.parquet"
    pyarrow.parquet.write_table(table, source)
    return shelf.get("uncarded", lambda graph: ingest_as_written(graph, source))


def run_remixgraph(graph: Path, *arguments: str) -> str:
    """Run the command line as a user does and return what it prints."""
    command = [sys.executable, "-m", "ui", "--graph", str(graph), *arguments]
    finished = subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return finished.stdout


def ask_project(graph: Path, repositories: Iterable[str]) -> dict[str, Lineage]:
    """Return the lineage of every repository as the project tells it."""
    from graph.lineage.stepping import ancestors, descendants
    from graph.store.lineage_graph import LineageGraph

    def reached(rows: Iterable[Any]) -> dict[str, Reached]:
        return {row.id: Reached(row.depth, tuple(map(str, row.relations))) for row in rows}

    with LineageGraph.open(graph) as opened:
        nodes = {repository: opened.find(repository) for repository in repositories}
        return {
            repository: (reached(ancestors(opened, node)), reached(descendants(opened, node)))
            for repository, node in nodes.items()
        }


def choose_ordinary(oracle: Oracle) -> list[str]:
    """Return 200 models, or 40: half have a parent, a third have children, the rest are any."""
    models = oracle.licenses.keys()
    chosen = random.Random(0)  # noqa: S311  # the same choice in every run, not a secret
    return [
        *chosen.sample(sorted(oracle.parents), sampled(20, 100)),
        *chosen.sample(sorted(models & oracle.children.keys()), sampled(12, 60)),
        *chosen.sample(sorted(models), sampled(8, 40)),
    ]


def choose_awkward(oracle: Oracle) -> list[str]:
    """Return the ids a traversal stumbles over.

    They are the models that name themselves, those that are their own ancestor through others, some
    parents that are not in the recording, and the id with most children.
    """
    in_cycle = {
        child
        for child, parents in oracle.parents.items()
        if any(child in oracle.ancestors(parent) for parent in parents)
    }
    missing = sorted(oracle.children.keys() - oracle.licenses.keys())
    widest = max(sorted(oracle.children), key=lambda parent: len(oracle.children[parent]))
    chosen = random.Random(0)  # noqa: S311  # the same choice in every run, not a secret
    return sorted(
        {*oracle.self_loops(), *in_cycle, *chosen.sample(missing, sampled(8, 40)), widest}
    )


def test_oracle_finds_the_published_counts(recording: Recording, oracle: Oracle) -> None:
    """The checker itself is right about everything that was counted before it was written."""
    counts = asdict(oracle.counts())

    assert recording.published == {name: counts[name] for name in recording.published}


@pytest.mark.deep
def test_oracle_finds_the_published_licenses(realdata: Path) -> None:
    """As many models of the pages carry the two commonest licenses as were counted before."""
    oracle = Oracle(read_pages(realdata / RECORDINGS["pages"].path))

    assert 29_753 == sum("apache-2.0" in licenses for licenses in oracle.licenses.values())
    assert 12_913 == sum("mit" in licenses for licenses in oracle.licenses.values())


def test_every_named_parent_can_be_a_repository(oracle: Oracle) -> None:
    """Every recorded parent has the form of a repository id, so the checker leaves none out."""
    assert set() == oracle.unusable


def test_project_counts_what_the_oracle_counts(oracle: Oracle, graph: Path) -> None:
    """The statistics that the command line prints are those of the checker."""
    expected = asdict(oracle.counts())
    expected["edges"] |= dict.fromkeys(("distilled", "converted"), 0)  # the Hub has no such words
    actual: dict[str, Any] = json.loads(run_remixgraph(graph, "stats", "--json"))

    assert {name: expected[name] for name in COUNTED_BY_STATS} == {
        name: actual[name] for name in COUNTED_BY_STATS
    }


@pytest.mark.parametrize("choose", [choose_ordinary, choose_awkward])
def test_project_finds_the_lineage_the_oracle_finds(
    oracle: Oracle, graph: Path, choose: Callable[[Oracle], list[str]]
) -> None:
    """Ancestors and descendants are the same, at the same depth, by the same relations."""
    repositories = choose(oracle)
    answers = ask_project(graph, repositories)

    for repository in repositories:
        ancestors, descendants = answers[repository]

        assert oracle.ancestors(repository) == ancestors, repository
        assert oracle.descendants(repository) == descendants, repository


def test_the_whole_export_gives_the_hubs_edges(realdata: Path, tmp_path: Path) -> None:
    """With the cards read too, the Hub's typed edges are those published: none is doubled."""
    recording = RECORDINGS["hub-stats"]
    run_remixgraph(tmp_path / "graph", "ingest", "dump", str(realdata / recording.path))
    counts = json.loads(run_remixgraph(tmp_path / "graph", "stats", "--json"))

    expected = {"adapter": 20, "finetune": 1_401, "merge": 3_731, "quantized": 49}
    expected |= dict.fromkeys(("distilled", "converted"), 0)  # the Hub has no words for these
    assert expected == counts["hub_edges"]


def test_the_report_counts_what_was_declared(realdata: Path, tmp_path: Path) -> None:
    """Aliases or not, the report of the pages has the pairs and links that the tags declare."""
    pages = sorted(map(str, (realdata / PAGES).glob("page-*.json.gz")))[:FEW]
    counts = Oracle(read_pages(realdata / PAGES, FEW)).counts()
    report = json.loads(run_remixgraph(tmp_path / "graph", "ingest", "dump", *pages, "--json"))

    assert counts.edges["total"] == report["declared_pairs"]
    assert counts.trained_on == report["declared_links"]
    assert counts.self_loops == report["issues"]["self-loop"]
    assert report["aliased"] > counts.models / 20
