"""An ingestion from files to the graph: what is kept, what is replaced, and what it reports."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model import vocabulary as v
from graph.model.errors import UnreadableFile
from graph.model.records import ClaimSource, Dataset, IssueKind, Kind, Model, Repository
from graph.store.lineage_graph import LineageGraph
from ingest import workers
from ingest.aliases import Aliases
from ingest.pipeline import ingest_cards, ingest_files, ingest_summaries
from ingest.report import Report
from ingest.shapes import Row
from tests.depth import dear
from tests.graphs import quads

DATA = Path(__file__).parent / "data" / "data-provenance"


def write(path: Path, *rows: Row) -> Path:
    """Write rows as JSON Lines; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def row(text: str, **fields: object) -> dict[str, object]:
    """Return the row of a model drawn as ``child`` or ``child -> parent: relation``."""
    child, _, parent = (part.strip() for part in text.partition("->"))
    base, _, relation = (part.strip() for part in parent.partition(":"))
    tags = [f"base_model:{base}", f"base_model:{relation}:{base}"] if base else []
    return {"modelId": child, "id": child, "tags": tags} | fields


def records(graph: Path, kind: Kind = Kind.MODEL) -> dict[str, Repository]:
    """Return every known repository of a kind."""
    with LineageGraph.open(graph) as opened:
        return {node.id: opened.record(node) for node in opened.nodes(kind)}


def edges(graph: Path) -> set[str]:
    """Return the lineage of models, drawn as in ``row``."""
    return {
        f"{name} -> {claim.target}: {claim.relation}"
        for name, record in records(graph).items()
        for claim in record.derivations
    }


def adds_up(report: Report) -> bool:
    """Tell whether each row that was read was kept, or is accounted for."""
    tally = report.tally
    return tally.rows == sum(tally.kept.values()) + tally.duplicates + tally.unusable


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return the directory for a graph."""
    return tmp_path / "graph"


@pytest.fixture(params=["here", "workers"])
def anywhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be mapped in this process, then in others."""
    if request.param == "workers":
        monkeypatch.setattr(workers, "SMALL", 0)


# --- what is kept -----------------------------------------------------------------------------


def test_the_last_row_of_a_file_wins(tmp_path: Path, graph: Path) -> None:
    """Of a repository that comes twice in a file, only the last row is in the graph."""
    dump = write(
        tmp_path / "dump",
        row("acme/chat -> acme/old: merge", downloads=1),
        row("acme/other"),
        row("acme/chat -> acme/base: adapter", downloads=2),
    )
    report = ingest_files(graph, [dump])
    alone = ingest_files(
        tmp_path / "alone",
        [
            write(
                tmp_path / "x",
                row("acme/other"),
                row("acme/chat -> acme/base: adapter", downloads=2),
            )
        ],
    )

    assert quads(tmp_path / "alone") == quads(graph)
    assert (3, 1, 2) == (report.tally.rows, report.tally.duplicates, report.tally.kept[Kind.MODEL])
    assert alone.tally.edges == report.tally.edges
    assert 0 == report.replaced


def test_the_last_file_wins(tmp_path: Path, graph: Path) -> None:
    """Files count in the order given; nothing is left of what an earlier one said."""
    first = write(tmp_path / "z", row("acme/chat -> acme/old: merge"), row("acme/other"))
    second = write(tmp_path / "a", row("acme/chat -> acme/base: adapter"))
    report = ingest_files(graph, [first, second])
    alone = write(tmp_path / "x", row("acme/other"), row("acme/chat -> acme/base: adapter"))
    expected = ingest_files(tmp_path / "alone", [alone])

    assert quads(tmp_path / "alone") == quads(graph)
    assert expected.tally.edges == report.tally.edges
    assert expected.tally.triples == report.tally.triples
    assert (3, 1) == (report.tally.rows, report.tally.duplicates)


def test_the_files_of_a_folder_come_by_name(tmp_path: Path, graph: Path) -> None:
    """Of the pages in a folder, the last by name has the last word."""
    write(tmp_path / "pages" / "2", row("acme/chat", downloads=2))
    write(tmp_path / "pages" / "1", row("acme/chat", downloads=1))
    ingest_files(graph, [tmp_path / "pages"])

    assert 2 == records(graph)["acme/chat"].downloads


def test_a_later_call_replaces_what_it_names(tmp_path: Path, graph: Path) -> None:
    """Repositories that are named again are replaced whole, all others stay as they are."""
    old = write(
        tmp_path / "old",
        row("acme/chat -> acme/old: merge", sha="0" * 40, likes=3),
        row("acme/stays -> acme/base: finetune"),
    )
    ingest_files(graph, [old])
    report = ingest_files(graph, [write(tmp_path / "new", row("acme/chat -> acme/new: adapter"))])

    assert {"acme/chat -> acme/new: adapter", "acme/stays -> acme/base: finetune"} == edges(graph)
    assert records(graph)["acme/chat"].likes is None
    assert (1, 0) == (report.replaced, report.tally.duplicates)
    with LineageGraph.open(graph) as opened:
        assert opened.node(v.repository_iri(Kind.MODEL, "acme/old")) is None
        assert ("old", "new") == opened.info.sources


def test_a_repository_that_was_only_named_becomes_known(tmp_path: Path, graph: Path) -> None:
    """Whether the parent or the child comes first, the graph is the same."""
    child = write(tmp_path / "child", row("acme/chat -> acme/base: merge"))
    parent = write(tmp_path / "parent", row("acme/base"))
    for number, order in enumerate([[child, parent], [parent, child]]):
        ingest_files(tmp_path / str(number), order)
    ingest_files(graph, [child])
    report = ingest_files(graph, [parent])

    assert quads(graph) == quads(tmp_path / "0") == quads(tmp_path / "1")
    assert 0 == report.replaced


def test_a_kind_overrides_the_content(tmp_path: Path, graph: Path) -> None:
    """Rows that look like models are what the user says they are."""
    ingest_files(graph, [write(tmp_path / "dump", row("acme/qa"))], kind=Kind.DATASET)

    assert {"acme/qa"} == records(graph, Kind.DATASET).keys()
    assert {} == records(graph)


def test_aliases_are_resolved_unless_told_otherwise(tmp_path: Path, graph: Path) -> None:
    """A legacy name is an edge to the repository of today, or stays as it is written."""
    dump = write(tmp_path / "dump", row("acme/chat -> gpt2: finetune"))
    report = ingest_files(graph, [dump])
    ingest_files(tmp_path / "plain", [dump], aliases=Aliases.none())

    assert {"acme/chat -> openai-community/gpt2: finetune"} == edges(graph)
    assert {"acme/chat -> gpt2: finetune"} == edges(tmp_path / "plain")
    assert 1 == report.tally.aliased


def test_the_sources_are_named(tmp_path: Path, graph: Path) -> None:
    """The graph says what it was made from: in the caller's words, or by the paths' names."""
    dump = write(tmp_path / "dump", row("acme/a"))
    ingest_files(graph, [dump], sources=["The Hub, 2026"])
    ingest_files(graph, [dump])

    with LineageGraph.open(graph) as opened:
        assert ("The Hub, 2026", "dump") == opened.info.sources


# --- what cannot be used ----------------------------------------------------------------------


@pytest.mark.usefixtures("anywhere")
def test_a_damaged_file_costs_only_itself(tmp_path: Path, graph: Path) -> None:
    """Nothing of a file that is cut short is in the graph, and all of its neighbours is."""
    write(tmp_path / "pages" / "1", row("acme/a -> acme/base: merge"))
    cut = write(tmp_path / "pages" / "2", row("acme/b"), row("acme/a -> acme/x: merge"))
    cut.write_bytes(gzip.compress(cut.read_bytes())[:-5])
    cut_at = cut.stat().st_size
    write(tmp_path / "pages" / "3", row("acme/c"))
    report = ingest_files(graph, [tmp_path / "pages"])
    cut.unlink()
    ingest_files(tmp_path / "whole", [tmp_path / "pages"])

    assert quads(tmp_path / "whole") == quads(graph)
    assert [f"{cut}: cannot be read on from byte {cut_at}"] == [
        line.partition(" (")[0] for line in report.failed
    ]
    assert adds_up(report)
    assert (3, 2) == (report.files, report.tally.rows)


def test_stray_files_are_counted(tmp_path: Path, graph: Path) -> None:
    """A folder may hold other files than dumps."""
    write(tmp_path / "pages" / "1.json", row("acme/a"))
    for name in ("README.md", "LICENSE", "state.yaml"):
        (tmp_path / "pages" / name).write_text(f"{name}: of no concern\n", encoding="utf-8")
    report = ingest_files(graph, [tmp_path / "pages"])

    assert ["LICENSE", "README.md", "state.yaml"] == sorted(
        Path(line.partition(": ")[0]).name for line in report.skipped
    )
    assert ([], 4) == (report.failed, report.files)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"dump": b'[{"id": "acme/a"'}, r"dump: not valid JSON at byte 16"),
        ({"dump": b"text"}, r"dump: neither JSON"),
        ({"1": b"[{", "2": b"text", "3": b"[{"}, r"1: not valid.* \(and 2 other files\)$"),
        ({}, "pages: holds no file"),
    ],
)
def test_an_ingestion_of_nothing_changes_nothing(
    tmp_path: Path, graph: Path, content: dict[str, bytes], message: str
) -> None:
    """When no file can be used, it is said why, and the graph is as it was."""
    ingest_files(graph, [write(tmp_path / "old", row("acme/a"))])
    before = (quads(graph), (graph / "graph.json").read_bytes())
    (tmp_path / "pages").mkdir()
    for name, data in content.items():
        (tmp_path / "pages" / name).write_bytes(data)

    with pytest.raises(UnreadableFile, match=message):
        ingest_files(graph, [tmp_path / "pages"])
    assert before == (quads(graph), (graph / "graph.json").read_bytes())
    assert 1 == len(list((graph / "builds").iterdir()))


def test_an_empty_page_is_read(tmp_path: Path, graph: Path) -> None:
    """A page without repositories makes a graph without any."""
    (tmp_path / "page").write_text("[]", encoding="utf-8")
    report = ingest_files(graph, [tmp_path / "page"])

    assert {} == records(graph)
    assert (0, []) == (report.tally.rows, report.failed)


def test_broken_rows_are_in_the_catalogue(tmp_path: Path, graph: Path) -> None:
    """The issue of a row without a repository hangs on the run, with its file and place."""
    report = ingest_files(graph, [write(tmp_path / "dump", row("acme/a"), {"id": "a b"}, 7)])
    found_at, catalog = ox.NamedNode(v.REMIX.foundAt), ox.NamedNode(v.CATALOG)
    with LineageGraph.open(graph) as opened:
        found = opened.store.quads_for_pattern(None, found_at, None, catalog)
        places = {str(quad.object).strip('"') for quad in found}

    assert {"dump[0][1]", "dump[0][2]"} == places
    assert {IssueKind.INVALID_ID: 1, IssueKind.NOT_AN_OBJECT: 1} == report.tally.issues
    assert adds_up(report)


# --- one after another, and all at once -------------------------------------------------------


NAMES = st.sampled_from(["a", "b", "c"])
FILES = st.lists(st.lists(st.tuples(NAMES, NAMES), max_size=4), min_size=1, max_size=4)


@settings(dear, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=FILES, broken=st.integers(0, 2))
def test_every_row_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[list[tuple[str, str]]], broken: int
) -> None:
    """Whatever repeats, within a file or across files, the numbers add up and fit the graph."""
    folder = tmp_path_factory.mktemp("files")
    paths = [
        write(
            folder / str(number),
            row("acme/first"),
            *(row(f"acme/{child} -> acme/{parent}: merge") for child, parent in pairs),
            *[{"id": None}] * broken,
        )
        for number, pairs in enumerate(drawn)
    ]
    report = ingest_files(folder / "graph", paths)
    kept = records(folder / "graph")

    assert adds_up(report)
    assert len(kept) == report.tally.kept[Kind.MODEL]
    assert sum(len(record.derivations) for record in kept.values()) == (report.tally.edges.total())


def pages(folder: Path) -> Path:
    """Write some pages of models, with repeated, broken and dangling ones; return their folder."""
    for page in range(5):
        rows = [row(f"acme/m{n} -> acme/m{n // 2}: merge") for n in range(page, 300, page + 1)]
        write(folder / f"{page}.json", *rows, row("acme/x -> gone/away: adapter", sha="1"), None)
    return folder


@pytest.fixture
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every run end at the same moment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.mark.usefixtures("fixed_clock")
def test_the_same_input_gives_the_same_graph(tmp_path: Path) -> None:
    """With a fixed clock, two graphs of the same pages are alike to the last quad."""
    folder = pages(tmp_path / "pages")
    found = []
    for name in ("one", "two"):
        ingest_files(tmp_path / name, [folder])
        with LineageGraph.open(tmp_path / name) as opened:
            found.append({str(quad) for quad in opened.store})

    assert found[0] == found[1]


@pytest.mark.usefixtures("fixed_clock")
def test_adding_again_changes_nothing(tmp_path: Path, graph: Path) -> None:
    """The same pages again leave the graph as it is, and replace every repository."""
    folder = pages(tmp_path / "pages")
    first = ingest_files(graph, [folder])
    before = quads(graph)
    again = ingest_files(graph, [folder])

    assert before == quads(graph)
    assert first.tally.kept == again.tally.kept
    assert (0, 300 + 1) == (first.replaced, again.replaced)


def test_workers_make_the_same_graph(
    tmp_path: Path, graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that other processes map give the same graph and the same report."""
    folder = pages(tmp_path / "pages")
    here = ingest_files(tmp_path / "here", [folder])
    monkeypatch.setattr(workers, "SMALL", 0)
    there = ingest_files(graph, [folder])

    assert quads(tmp_path / "here") == quads(graph)
    times = {"seconds": 0, "stages": {}}
    assert here.document() | times == there.document() | times


@pytest.mark.usefixtures("anywhere")
def test_progress_counts_every_byte(tmp_path: Path, graph: Path) -> None:
    """Progress is told in steps that end with the size of the input."""
    folder = pages(tmp_path / "pages")
    told: list[int] = []
    ingest_files(graph, [folder], progress=told.append)

    assert sum(path.stat().st_size for path in folder.iterdir()) == sum(told)
    assert len(told) > 1


# --- cards ------------------------------------------------------------------------------------


CARD = "---\nlicense: mit\nbase_model: acme/base\n---\n# Chat\n"


def card(path: Path, text: str = CARD) -> Path:
    """Write a card; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_cards_join_what_the_hub_says(tmp_path: Path, graph: Path) -> None:
    """A card is merged into its repository; what the Hub says of it stays."""
    ingest_files(graph, [write(tmp_path / "dump", row("acme/chat -> acme/base: merge", likes=3))])
    report = ingest_cards(graph, [card(tmp_path / "hub" / "acme" / "chat" / "README.md").parent])
    record = records(graph)["acme/chat"]

    assert 3 == record.likes
    assert ["mit"] == [claim.license for claim in record.licenses]
    assert [("acme/base", (ClaimSource.HUB,))] == [
        (claim.target, claim.sources) for claim in record.derivations
    ]
    assert (1, 1, 1) == (report.replaced, report.tally.rows, report.tally.kept[Kind.MODEL])


def test_cards_twice_change_nothing(tmp_path: Path, graph: Path) -> None:
    """The same cards again leave the graph as it is."""
    ingest_files(graph, [write(tmp_path / "dump", row("acme/chat -> acme/base: merge"))])
    folder = tmp_path / "cards"
    card(folder / "acme" / "chat" / "README.md")
    card(folder / "datasets" / "acme" / "qa" / "README.md", "---\nsource_datasets: squad\n---\n")
    ingest_cards(graph, [folder])
    before = quads(graph)
    ingest_cards(graph, [folder])

    assert before == quads(graph)


def test_cards_and_rows_in_one_dump(tmp_path: Path, graph: Path) -> None:
    """A row of the Hub and a card of the same repository, read together, are one repository."""
    dump = write(tmp_path / "1", row("acme/chat", likes=3))
    rows = write(tmp_path / "2", *[{"id": "acme/chat", "card": CARD}] * 2, {"id": 7, "card": ""})
    report = ingest_files(graph, [dump, rows])

    assert 3 == records(graph)["acme/chat"].likes
    assert adds_up(report)
    assert (4, 2, 1) == (report.tally.rows, report.tally.duplicates, report.tally.unusable)
    assert 1 == report.tally.kept[Kind.MODEL]


def test_many_cards_are_merged_in_batches(
    tmp_path: Path, graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cards of one repository meet, also when they come in different batches."""
    monkeypatch.setattr("ingest.loading._MERGE_BATCH", 2)
    cards = [("a", "mit"), ("b", "mit"), ("a", "apache-2.0"), ("a", "bsd-3-clause"), ("c", "mit")]
    rows = [{"id": f"acme/{name}", "card": f"---\nlicense: {key}\n---"} for name, key in cards]
    report = ingest_cards(graph, [write(tmp_path / "cards", *rows)])

    assert {"acme/a": "bsd-3-clause", "acme/b": "mit", "acme/c": "mit"} == {
        name: record.licenses[0].license for name, record in records(graph).items()
    }
    assert adds_up(report)
    assert (5, 2) == (report.tally.rows, report.tally.duplicates)


def test_a_kind_is_told_to_rows_of_cards(tmp_path: Path, graph: Path) -> None:
    """Rows that do not say what their cards are about can be told to be about datasets."""
    rows = write(
        tmp_path / "cards", {"id": "acme/qa", "card": CARD}, {"id": "acme/x", "card": ""}, 7
    )
    report = ingest_cards(graph, [rows], kind=Kind.DATASET)

    assert {"acme/qa", "acme/x"} == records(graph, Kind.DATASET).keys()
    assert 1 == report.tally.unusable


def test_dumps_are_no_cards(tmp_path: Path, graph: Path) -> None:
    """A dump among cards is skipped in a folder, and a failure by name."""
    card(tmp_path / "hub" / "acme" / "chat" / "README.md")
    dump = write(tmp_path / "hub" / "dump", row("acme/a"))
    report = ingest_cards(graph, [tmp_path / "hub"])

    assert [f"{dump}: holds no cards"] == [
        line[: len(f"{dump}: holds no cards")] for line in report.skipped
    ]
    with pytest.raises(UnreadableFile, match="holds no cards"):
        ingest_cards(graph, [dump])


# --- summaries --------------------------------------------------------------------------------


def collection(folder: Path) -> Path:
    """Copy the real summaries to a folder, with what else lies in the collection's."""
    (folder / "data_summaries").mkdir(parents=True)
    for path in DATA.glob("*.json"):
        (folder / "data_summaries" / path.name).write_bytes(path.read_bytes())
    template = '{"name": {"Unique Dataset Identifier": "string", "Hugging Face URL": "string"}}'
    (folder / "data_summaries" / "_template.json").write_text(template, encoding="utf-8")
    (folder / "data_summaries" / "_template_spec.yaml").write_text("a: b", encoding="utf-8")
    (folder / "license_classes.json").write_text('{"MIT": ["All", "1", "0"]}', encoding="utf-8")
    (folder / "LICENSE").write_text("Apache License", encoding="utf-8")
    return folder


def test_the_collection_as_it_is(tmp_path: Path, graph: Path) -> None:
    """Templates and tables in the collection's folder are skipped, its summaries are read."""
    report = ingest_summaries(graph, [collection(tmp_path / "collection")])

    assert {
        "SkunkworksAI/reasoning-0.01",
        "ai4privacy/pii-masking-200k",
        "fangyuan/kiwi",
        "nvidia/HelpSteer",
    } == records(graph, Kind.DATASET).keys()
    assert ([], 4, 4) == (report.failed, len(report.skipped), report.tally.rows)


@pytest.mark.parametrize(
    "name", ["license_classes.json", "LICENSE", "data_summaries/_template_spec.yaml"]
)
def test_what_is_named_must_be_a_summary(tmp_path: Path, graph: Path, name: str) -> None:
    """A file that the user names and that is no summary is a failure."""
    folder = collection(tmp_path / "collection")
    report = ingest_summaries(graph, [folder / name, folder])

    assert ([str(folder / name)], 3) == (
        [line.partition(": ")[0] for line in report.failed],
        len(report.skipped),
    )


def test_summaries_twice_change_nothing(tmp_path: Path, graph: Path) -> None:
    """The same summaries again leave the graph as it is, with what the Hub and the card said."""
    rows = [{"id": "fangyuan/kiwi", "description": "", "likes": 5, "tags": ["license:mit"]}]
    ingest_files(graph, [write(tmp_path / "dump", *rows)])
    ingest_summaries(graph, [DATA])
    before = quads(graph)
    again = ingest_summaries(graph, [DATA])
    record = records(graph, Kind.DATASET)["fangyuan/kiwi"]

    assert before == quads(graph)
    assert 4 == again.replaced
    assert 5 == record.likes
    assert {("mit", ClaimSource.HUB), ("CC BY-SA 4.0", ClaimSource.DATASET_RECORD)} < {
        (claim.declared, claim.source) for claim in record.licenses
    }


def summaries(*sources: str) -> Iterator[bytes]:
    """Yield summaries of parts of one dataset, each from another source, as files."""
    for source in sources:
        part = {
            "Unique Dataset Identifier": source,
            "Hugging Face URL": "https://huggingface.co/datasets/acme/qa",
            "Derived from Datasets": [f"https://huggingface.co/datasets/acme/{source}"],
        }
        yield json.dumps({source: part}).encode()


def test_parts_in_several_files_are_united(tmp_path: Path, graph: Path) -> None:
    """A dataset that several files describe has the claims of all, not of the last."""
    paths = [tmp_path / "one.json", tmp_path / "two.json"]
    for path, content in zip(paths, summaries("raw", "web"), strict=True):
        path.write_bytes(content)
    report = ingest_summaries(graph, paths)

    assert ["acme/raw", "acme/web"] == sorted(
        str(claim.target) for claim in records(graph, Kind.DATASET)["acme/qa"].derivations
    )
    assert adds_up(report)
    assert (2, 1) == (report.tally.rows, report.tally.duplicates)


@pytest.mark.parametrize("ingest", [ingest_cards, ingest_summaries])
def test_other_kinds_are_not_touched(
    tmp_path: Path, graph: Path, ingest: Callable[..., Report]
) -> None:
    """What a card or a summary says of a dataset leaves a model of the same id as it is."""
    ingest_files(graph, [write(tmp_path / "dump", row("acme/qa", likes=3))])
    path = tmp_path / "part"
    path.write_bytes(
        next(summaries("raw"))
        if ingest is ingest_summaries
        else b'{"id": "acme/qa", "kind": "dataset", "card": ""}'
    )
    ingest(graph, [path])

    assert {"acme/qa": Model(id="acme/qa", likes=3)} == records(graph)
    assert isinstance(records(graph, Kind.DATASET)["acme/qa"], Dataset)
