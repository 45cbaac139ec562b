"""Runs on a live Hub: what reaches the graph, what is kept of it, and what a user sees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.model import vocabulary as v
from graph.model.errors import GraphLocked, SourceUnavailable, UnreadableFile
from graph.model.records import (
    Aspect,
    ClaimSource,
    Gating,
    IssueKind,
    Kind,
    Model,
    Repository,
    Resolution,
)
from graph.quality.conformance import validate_store
from graph.rdf.history import Change, changes_of
from graph.store.lineage_graph import LineageGraph
from ingest.hub import Plan, ingest_hub
from ingest.hub.progress import Silent
from ingest.hub.sync import _only_one
from tests.builders import dataset, derivation, model
from tests.graphs import build_graph, quads
from tests.hub import Fault, StandIn
from tests.live import app, client_of, data, row, standing, sync


def record(graph: Path, name: str) -> Repository:
    """Return what a graph holds of a repository."""
    with LineageGraph.open(graph) as opened:
        return opened.record(opened.find(name))


def history(graph: Path) -> list[tuple[str, Aspect, tuple[str, ...], tuple[str, ...]]]:
    """Return every change that a graph knows of."""
    with LineageGraph.open(graph) as opened:
        found: list[Change] = changes_of(opened.store)
    return sorted((one.id, one.aspect, one.old, one.new) for one in found)


def parents(graph: Path, name: str) -> list[str | None]:
    """Return what a repository was made from."""
    return [claim.target for claim in record(graph, name).derivations]


def catalog(graph: Path) -> dict[str, list[str]]:
    """Return what the catalogue says of its runs."""
    said: dict[str, list[str]] = {}
    with LineageGraph.open(graph) as opened:
        for quad in opened.store:
            if str(quad.graph_name) == f"<{v.CATALOG}>":
                word = quad.predicate.value.rpartition("#")[2]
                said.setdefault(word, []).append(str(quad.object).split("^^")[0].strip('"'))
    return said


def paths(hub: StandIn) -> list[str]:
    """Return what was asked for, without the queries."""
    return [request.path for request in hub.requests]


FAMILY = (
    row("a/base", "license:mit", gated=False),
    row("a/chat", "base_model:a/base", "base_model:finetune:a/base", "license:mit"),
    row("a/merge", "base_model:a/chat", "base_model:merge:a/chat", "dataset:a/qa"),
)


def test_the_first_run_brings_models_datasets_and_spaces(tmp_path: Path) -> None:
    """With what they are made from, trained on and used by; the run is in the catalogue."""
    datasets = [data("a/qa", "source_datasets:extended|a/raw"), data("a/raw")]
    with standing(*FAMILY, datasets=datasets, spaces=[app("a/app", models=("a/chat",))]) as hub:
        report = sync(tmp_path, hub)

    with LineageGraph.open(tmp_path) as opened:
        assert (3, 2, 1) == (opened.info.models, opened.info.datasets, opened.info.spaces)
        assert validate_store(opened.store).conforms
    assert ["a/base"] == parents(tmp_path, "a/chat")
    assert ["a/raw"] == parents(tmp_path, "datasets/a/qa")
    assert {"a/chat", "a/qa"} == set(parents(tmp_path, "a/merge"))
    assert (True, 3, 6) == (report.complete, report.pages, report.rows)
    assert ["true"] == catalog(tmp_path)["complete"]
    assert ["6"] == catalog(tmp_path)["kept"] == catalog(tmp_path)["requests"]
    assert [] == history(tmp_path)


def test_the_fields_of_the_list_reach_the_graph(tmp_path: Path) -> None:
    """Those that only an expanded list has: relation, gating, commit, card data."""
    told = row(
        "a/chat",
        gated="manual",
        baseModels={"relation": "adapter", "models": [{"id": "a/base"}]},
        cardData={"license": "other", "license_name": "llama3", "new_version": "a/chat2"},
        safetensors={"total": 7},
    )
    with standing(told) as hub:
        sync(tmp_path, hub, lookups=0)
    found = record(tmp_path, "a/chat")

    assert isinstance(found, Model)
    assert (Gating.MANUAL, told["sha"], "a/chat2", 7) == (
        found.gating,
        found.commit,
        found.new_version,
        found.parameters,
    )
    assert "llama3" == found.licenses[0].name


def test_a_second_run_asks_for_changes_only(tmp_path: Path) -> None:
    """The newest page, and once more from the top; what did not change stays."""
    with standing(*FAMILY, row("a/late", day=20)) as hub:
        sync(tmp_path, hub, kinds=(Kind.MODEL,))
        before = quads(tmp_path)
        hub.requests.clear()
        hub.change("model", "a/chat", lastModified="2026-05-21T00:00:00.000Z", downloads=9)
        report = sync(tmp_path, hub, kinds=(Kind.MODEL,), lookups=0)

        assert ["/api/models", "/api/models"] == paths(hub)
        assert (2, 1) == (report.rows, report.unchanged)
        assert 9 == record(tmp_path, "a/chat").downloads
        hub.requests.clear()
        hub.change("model", "a/chat", lastModified="2026-05-21T00:00:00.000Z", downloads=1)
        sync(tmp_path, hub, kinds=(Kind.MODEL,), full=True)
    changed = {line for line in before ^ quads(tmp_path) if "modified" not in line}

    assert {line for line in changed if "resolutions" not in line} == set()


def test_a_page_of_changes_is_read_whole_and_no_more(tmp_path: Path) -> None:
    """Five changes, over pages of two: back to an hour before what is known, and the top again."""
    models = [row(f"a/{n}", day=n) for n in range(1, 10)]
    with standing(*models, page_size_limit=2) as hub:
        sync(tmp_path, hub, kinds=(Kind.MODEL,))
        hub.requests.clear()
        for n in range(5):
            hub.add("model", row(f"b/{n}", day=20 + n))
        report = sync(tmp_path, hub, kinds=(Kind.MODEL,))

    assert 5 == len(hub.requests)
    assert 6 == report.rows
    assert ["b/0", "b/1", "b/2", "b/3", "b/4"] == [one[0] for one in history(tmp_path)]


def test_what_moves_during_a_walk_is_not_missed(tmp_path: Path) -> None:
    """A repository that is changed while the list is walked moves to the top, behind the walker."""
    models = [row(f"a/{n}", day=n) for n in range(1, 10)]
    with standing(*models, page_size_limit=2) as hub:
        sync(tmp_path, hub, kinds=(Kind.MODEL,))
        for n in range(1, 8):
            hub.change("model", f"a/{n}", lastModified=f"2026-05-{20 + n}T00:00:00.000Z", likes=1)
        seen: list[object] = []

        def move(query: object) -> None:
            seen.append(query)
            if len(seen) == 2:  # a/1 would have come last
                hub.change("model", "a/1", lastModified="2026-05-30T00:00:00.000Z", likes=2)

        hub.before_page = move
        sync(tmp_path, hub, kinds=(Kind.MODEL,))

    assert [2, *[1] * 6] == [record(tmp_path, f"a/{n}").likes for n in range(1, 8)]


def test_what_others_name_is_looked_up_once(tmp_path: Path) -> None:
    """Found, renamed, gated, disabled or missing: each is told apart, and none is asked twice."""
    named = ("found", "old", "gated", "disabled", "missing")
    with standing(row("a/merge", *(f"base_model:x/{one}" for one in named))) as hub:
        for one in ("found", "old", "gated", "disabled"):
            hub.add("model", row(f"x/{one}", day=2))
        hub.rename("model", "x/old", "x/new")
        hub.forbid("model", "x/gated")
        hub.disable("model", "x/disabled")
        report = sync(tmp_path, hub, author="a")
        hub.requests.clear()
        again = sync(tmp_path, hub, author="a")

    assert {
        Resolution.RESOLVED: 1,
        Resolution.RENAMED: 1,
        Resolution.GATED: 1,
        Resolution.DISABLED: 1,
        Resolution.MISSING: 1,
    } == report.lookups
    assert {} == again.lookups
    assert {"x/found", "x/new", "x/gated", "x/disabled", "x/missing"} == set(
        parents(tmp_path, "a/merge")
    )
    with LineageGraph.open(tmp_path) as opened:
        assert validate_store(opened.store).conforms
        assert opened.find("x/found").known
        assert opened.find("x/new").known
        assert not opened.find("x/old").known


def test_a_rename_keeps_what_was_declared(tmp_path: Path) -> None:
    """The child points at the name of today, says so, and keeps the words of its card."""
    with standing(row("a/chat", "base_model:x/old"), row("x/new")) as hub:
        hub.rename("model", "x/new", "x/newer")
        hub.add("model", row("x/old"))
        hub.rename("model", "x/old", "x/today")
        sync(tmp_path, hub, author="a")
    (claim,) = record(tmp_path, "a/chat").derivations

    assert ("x/today", True, ("base_model:x/old",)) == (claim.target, claim.aliased, claim.raw)


def test_look_ups_are_bounded_and_go_on(tmp_path: Path) -> None:
    """What is named most is asked for first; the rest waits for the next run, and is counted."""
    chats = [row(f"a/{n}", "base_model:x/base", f"base_model:y/{n}") for n in range(3)]
    with standing(*chats) as hub:
        first = sync(tmp_path, hub, lookups=1)
        asked = [path for path in paths(hub) if path.startswith("/api/models/")]
        second = sync(tmp_path, hub, lookups=2)

    assert ["/api/models/x/base"] == asked
    assert (3, 1) == (first.waiting, second.waiting)


def test_what_vanished_becomes_a_tombstone(tmp_path: Path) -> None:
    """A full run misses it, the Hub confirms, and nothing that was known of it goes."""
    with standing(*FAMILY) as hub:
        sync(tmp_path, hub)
        hub.delete("model", "a/chat")
        sync(tmp_path, hub)
        kept = record(tmp_path, "a/chat").status
        report = sync(tmp_path, hub, full=True)
        once_more = sync(tmp_path, hub, full=True)

    assert (None, 1, 0) == (kept, report.gone, once_more.gone)
    assert Resolution.MISSING is record(tmp_path, "a/chat").status
    assert ["a/base"] == parents(tmp_path, "a/chat")
    assert [("a/chat", Aspect.EXISTENCE, ("Resolved",), ("NotFoundOrNoAccess",))] == history(
        tmp_path
    )
    with LineageGraph.open(tmp_path) as opened:
        assert validate_store(opened.store).conforms


def test_what_comes_back_is_no_tombstone_any_more(tmp_path: Path) -> None:
    """Both changes are history."""
    with standing(*FAMILY) as hub:
        sync(tmp_path, hub)
        hub.delete("model", "a/chat")
        sync(tmp_path, hub, full=True)
        hub.add("model", FAMILY[1] | {"lastModified": "2026-05-09T00:00:00.000Z"})
        sync(tmp_path, hub)

    assert record(tmp_path, "a/chat").status is None
    assert {("NotFoundOrNoAccess",), ("Resolved",)} == {one[2] for one in history(tmp_path)}


def test_a_renamed_repository_is_known_by_its_new_name(tmp_path: Path) -> None:
    """A full run finds it; those that named the old one follow, and the old name says so."""
    with standing(*FAMILY) as hub:
        sync(tmp_path, hub)
        hub.rename("model", "a/chat", "b/chat")
        sync(tmp_path, hub, full=True)

    assert {"b/chat", "a/qa"} == set(parents(tmp_path, "a/merge"))
    assert ["a/base"] == parents(tmp_path, "b/chat")
    assert ("a/chat", Aspect.EXISTENCE, ("Resolved",), ("Renamed",)) in history(tmp_path)
    with LineageGraph.open(tmp_path) as opened:
        assert 3 == opened.info.models
        assert not opened.find("a/chat").known


def test_changes_become_history(tmp_path: Path) -> None:
    """Licence, parents, relation, gating, new version and a new repository; nothing else."""
    changed: dict[str, dict[str, Any]] = {
        "a/relicensed": {"tags": ["license:gpl-3.0"]},
        "a/moved": {"tags": ["base_model:a/two", "base_model:merge:a/two"]},
        "a/retyped": {"tags": ["base_model:a/one", "base_model:adapter:a/one"]},
        "a/gated": {"gated": "auto"},
        "a/succeeded": {"cardData": {"new_version": "a/one"}},
        "a/liked": {"likes": 5},
    }
    tags = ["license:mit", "base_model:a/one", "base_model:merge:a/one"]
    models = [row(name, *tags) for name in changed]
    with standing(row("a/one"), row("a/two"), *models) as hub:
        sync(tmp_path, hub)
        for name, fields in changed.items():
            kept = [tag for tag in tags if tag.split(":")[0] not in str(fields.get("tags"))]
            given = {"tags": [*kept, *fields["tags"]]} if "tags" in fields else fields
            hub.change("model", name, lastModified="2026-05-09T00:00:00.000Z", **given)
        hub.add("model", row("a/new", day=9))
        report = sync(tmp_path, hub)

    assert [
        ("a/gated", Aspect.GATING, ("none",), ("auto",)),
        ("a/moved", Aspect.PARENTS, ("merge:a/one",), ("merge:a/two",)),
        ("a/new", Aspect.EXISTENCE, (), ("Resolved",)),
        ("a/relicensed", Aspect.LICENSE, ("mit",), ("gpl-3.0",)),
        ("a/retyped", Aspect.RELATION, ("merge:a/one",), ("adapter:a/one",)),
        ("a/succeeded", Aspect.NEW_VERSION, (), ("a/one",)),
    ] == history(tmp_path)
    assert 6 == sum(report.changes.values())


def test_claims_of_others_survive_a_change(tmp_path: Path) -> None:
    """What a collection says of a dataset is not the Hub's to take away."""
    claim = derivation("a/raw: source", sources=(ClaimSource.DATASET_RECORD,))
    build_graph(tmp_path, dataset("a/qa", derivations=(claim,)))
    with standing(datasets=[data("a/qa", "license:mit")]) as hub:
        sync(tmp_path, hub, kinds=(Kind.DATASET,), lookups=0)

    assert ["a/raw"] == parents(tmp_path, "datasets/a/qa")
    assert "mit" == record(tmp_path, "datasets/a/qa").licenses[0].license


def test_a_graph_from_elsewhere_is_brought_up_to_date(tmp_path: Path) -> None:
    """What the first list has and the graph lacks is not said to be new."""
    build_graph(tmp_path, model("a/chat -> a/other: finetune"))
    with standing(*FAMILY) as hub:
        sync(tmp_path, hub, lookups=0)

    assert ["a/chat"] == sorted({one[0] for one in history(tmp_path)})


def test_private_repositories_stay_private(tmp_path: Path) -> None:
    """Seen with their owner's token, they are not written anywhere."""
    token = "hf_" + "s3cret" * 5
    with standing(row("a/open"), row("a/secret", private=True), token=token) as hub:
        report = sync(tmp_path, hub, client_of(hub, token=token))

    assert (1, 1) == (report.private, report.rows)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert token.encode() not in written
    with LineageGraph.open(tmp_path) as opened:
        assert 1 == opened.info.models


class Watcher(Silent):
    """Keeps what it is told that is worth knowing."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    def note(self, text: str) -> None:
        """Keep it."""
        self.told.append(text)


def test_fields_that_the_hub_refuses_are_done_without(tmp_path: Path) -> None:
    """And it is said which."""
    told: list[str] = []
    with standing(*FAMILY) as hub:
        hub.refused = {"spaces", "downloadsAllTime"}
        ingest_hub(tmp_path, client_of(hub), Plan(lookups=0), Watcher(told))

    assert ["a/base"] == parents(tmp_path, "a/chat")
    assert "the Hub refuses downloadsAllTime, spaces of models: going on without" in told


def test_the_most_downloaded_come_first_when_there_is_a_limit(tmp_path: Path) -> None:
    """A trial has what people use; it is no whole list, so nothing has vanished."""
    models = [row(f"a/{n}", downloads=n) for n in range(10)]
    with standing(*models, page_size_limit=2) as hub:
        sync(tmp_path, hub, limit=3)
        hub.delete("model", "a/9")
        report = sync(tmp_path, hub, limit=3)

    with LineageGraph.open(tmp_path) as opened:
        assert {"a/9", "a/8", "a/7", "a/6"} == {node.id for node in opened.nodes(Kind.MODEL)}
    assert 0 == report.gone


def test_a_hub_that_stays_away_leaves_what_came(tmp_path: Path) -> None:
    """What came is published as an incomplete run; the next one goes on behind it."""
    models = [row(f"a/{n}") for n in range(6)]
    with standing(*models, page_size_limit=2) as hub:
        hub.fault(Fault("server_error", times=99, match="cursor="))
        report = sync(tmp_path, hub, client_of(hub))
        with LineageGraph.open(tmp_path) as opened:
            partly = opened.info.models
        incomplete = catalog(tmp_path)["complete"]
        hub._faults.clear()
        hub.requests.clear()
        again = sync(tmp_path, hub)

    assert (False, 2, ["false"]) == (report.complete, partly, incomplete)
    assert "stays away" in report.reason
    assert again.complete
    assert 2 == sum("/api/models" == path for path in paths(hub))
    assert ["true"] == catalog(tmp_path)["complete"]
    with LineageGraph.open(tmp_path) as opened:
        assert 6 == opened.info.models


def test_a_walk_that_was_cut_short_waits_while_other_kinds_are_asked_for(tmp_path: Path) -> None:
    """Datasets stop half-way; a run for models leaves them where they are; then they go on."""
    datasets = [data(f"a/d{n}") for n in range(6)]
    with standing(*FAMILY, datasets=datasets, page_size_limit=2) as hub:

        def stop_after_one_page(query: list[tuple[str, str]]) -> None:
            fields = {value for name, value in query if name == "expand"}
            if "cardData" in fields and not fields & {"baseModels", "sdk"}:
                hub.fault(Fault("server_error", times=999, match="/api/datasets"))

        hub.before_page = stop_after_one_page
        first = sync(tmp_path, hub, lookups=0)
        hub.before_page = None
        hub._faults.clear()
        models = sync(tmp_path, hub, kinds=(Kind.MODEL,), lookups=0)
        hub.requests.clear()
        rest = sync(tmp_path, hub, lookups=9)
        asked = [path for path in paths(hub) if path == "/api/datasets"]

    assert (False, True, True, 0) == (first.complete, models.complete, rest.complete, rest.gone)
    assert 2 == len(asked)
    with LineageGraph.open(tmp_path) as opened:
        assert (3, 6) == (opened.info.models, opened.info.datasets)


def test_a_hub_that_never_answers_changes_nothing(tmp_path: Path) -> None:
    """There is no graph of nothing."""
    with standing(*FAMILY) as hub:
        hub.fault(Fault("refuse", times=999))

        with pytest.raises(SourceUnavailable, match="stays away"):
            sync(tmp_path, hub)
    assert not (tmp_path / "graph.json").exists()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("foreign_cursor", match="/api/models?"), "another host"),
        (Fault("repeat_page", times=9, match="/api/models?"), "circle"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_cursor_that_leads_astray_is_not_followed(
    tmp_path: Path, fault: Fault, said: str
) -> None:
    """The run ends with a clear line; once the Hub is well again the next run has everything."""
    with standing(*(row(f"a/{n}") for n in range(5)), page_size_limit=2) as hub:
        hub.before_page = lambda _: hub.fault(fault) if not hub.pending else None
        with pytest.raises(SourceUnavailable, match=said):
            sync(tmp_path, hub)
        hub.before_page = None
        hub._faults.clear()
        report = sync(tmp_path, hub)

    assert report.complete
    assert 5 == report.rows


def test_a_page_that_repeats_once_is_asked_for_again(tmp_path: Path) -> None:
    """A hiccup of the Hub costs one request and no row."""
    with standing(*(row(f"a/{n}") for n in range(5)), page_size_limit=2) as hub:
        hub.fault(Fault("repeat_page", match="cursor="))
        report = sync(tmp_path, hub, kinds=(Kind.MODEL,))

    assert (True, 5, 3) == (report.complete, report.rows, report.pages)


def test_an_id_that_changes_between_pages_is_settled_by_a_full_run(tmp_path: Path) -> None:
    """It was read under its old name and again under the new; both are held, then one."""
    models = [row(f"a/{n}", createdAt=f"2026-01-0{n}T00:00:00.000Z") for n in range(1, 6)]
    with standing(*models, page_size_limit=2) as hub:
        hub.fault(Fault("id_changes", match="sort=createdAt", rename=("model", "a/5", "z/5")))
        sync(tmp_path, hub)
        sync(tmp_path, hub, full=True)

    with LineageGraph.open(tmp_path) as opened:
        assert 5 == opened.info.models
        assert not opened.find("a/5").known
        assert opened.find("z/5").known


def test_a_cursor_that_the_hub_has_forgotten_begins_anew(tmp_path: Path) -> None:
    """The place where a walk stopped may be refused a week later."""
    with standing(*(row(f"a/{n}") for n in range(5)), page_size_limit=2) as hub:
        hub.fault(Fault("server_error", times=99, match="cursor="))
        sync(tmp_path, hub, kinds=(Kind.MODEL,))
        hub._faults.clear()
        hub.fault(Fault("server_error", status=400, match="cursor="))
        report = sync(tmp_path, hub, kinds=(Kind.MODEL,))

    assert (True, 5) == (report.complete, report.rows)


def test_the_hub_leaving_during_look_ups_keeps_the_lists(tmp_path: Path) -> None:
    """The graph is whole but for the answers; the next run asks for the rest."""
    chats = [row(f"a/{n}", f"base_model:y/{n}") for n in range(3)]
    with standing(*chats) as hub:
        hub.fault(Fault("server_error", times=999, match="/api/models/"))
        report = sync(tmp_path, hub)
        hub._faults.clear()
        again = sync(tmp_path, hub)

    assert (False, 3) == (report.complete, len(parents_of_all(tmp_path)))
    assert (True, {Resolution.MISSING: 3}) == (again.complete, dict(again.lookups))


def parents_of_all(graph: Path) -> list[str | None]:
    """Return the parents of every model in a graph."""
    with LineageGraph.open(graph) as opened:
        records = [opened.record(node) for node in opened.nodes(Kind.MODEL)]
    return [claim.target for one in records for claim in one.derivations]


def test_broken_rows_are_issues_of_the_run(tmp_path: Path) -> None:
    """They are counted, and their neighbours are kept."""
    with standing(row("a/x"), row("not an id")) as hub:
        report = sync(tmp_path, hub)
        again = sync(tmp_path, hub, full=True)

    assert {IssueKind.INVALID_ID: 1} == report.ingestion.tally.issues
    assert 1 == again.ingestion.tally.unusable
    assert ["1", "1"] == catalog(tmp_path)["failed"]


def test_only_one_process_harvests(tmp_path: Path) -> None:
    """The second is told to wait."""
    with standing(*FAMILY) as hub:
        folder = tmp_path / "raw" / Plan().folder(hub.endpoint)
        folder.mkdir(parents=True)
        with _only_one(folder), pytest.raises(GraphLocked, match="another process"):
            sync(tmp_path, hub)


def test_damaged_pages_are_not_built_of(tmp_path: Path) -> None:
    """Whoever changed them is told which file it is; the graph stays as it was."""
    with standing(*(row(f"a/{n}") for n in range(4)), page_size_limit=2) as hub:
        hub.fault(Fault("server_error", times=999, match="/api/datasets"))
        first = sync(tmp_path, hub)
        hub._faults.clear()
        hub.fault(Fault("server_error", times=999, match="/api/spaces"))
        hub.add("dataset", data("a/qa"))
        (file,) = (tmp_path / "raw").rglob("models-*.zst")

        def damage(_: object) -> None:
            file.write_bytes(b"x" * file.stat().st_size)

        hub.before_page = damage
        assert not first.complete
        assert sync(tmp_path, hub).rows == 5


def test_a_full_disk_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came before is kept, and the next run goes on."""
    with standing(*(row(f"a/{n}") for n in range(4)), page_size_limit=2) as hub:
        with monkeypatch.context() as patched:
            patched.setattr(
                "ingest.hub.raw.os.fsync", _failing(OSError(28, "No space left on device"), after=1)
            )
            with pytest.raises(SourceUnavailable, match="No space left on device"):
                sync(tmp_path, hub)
        report = sync(tmp_path, hub)

    assert (True, 4) == (report.complete, report.rows)


def _failing(error: OSError, *, after: int) -> Any:  # noqa: ANN401 - stands for a function
    calls: list[int] = []

    def fail(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > after:
            raise error

    return fail


def test_a_run_that_was_published_is_not_applied_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash between publishing and noting it costs nothing."""
    with standing(*FAMILY) as hub:
        with monkeypatch.context() as patched:
            patched.setattr("ingest.hub.harvest.Harvest.finish", _crash)
            with pytest.raises(RuntimeError):
                sync(tmp_path, hub)
        before = (tmp_path / "graph.json").read_bytes()
        sync(tmp_path, hub)

    assert before == (tmp_path / "graph.json").read_bytes()


def _crash(_: object) -> None:
    raise RuntimeError


def test_unreadable_pages_end_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is not as it was written is never built of."""
    with standing(*FAMILY) as hub:
        with monkeypatch.context() as patched:
            patched.setattr("ingest.hub.sync.new_build", _crash)
            with pytest.raises(RuntimeError):
                sync(tmp_path, hub)
        (file,) = (path for path in (tmp_path / "raw").rglob("models-*") if path.stat().st_size)
        file.write_bytes(file.read_bytes()[:-1] + b"x")

        with pytest.raises(UnreadableFile, match="not as it was written"):
            sync(tmp_path, hub)


@pytest.mark.parametrize(
    ("status", "said"), [(403, "refuses its lists"), (400, "refuses to list models")]
)
def test_a_hub_that_refuses_its_lists_is_said_to(tmp_path: Path, status: int, said: str) -> None:
    """Whatever fields are given up; nothing is built of nothing."""
    with standing(*FAMILY) as hub:
        hub.fault(Fault("server_error", times=99, status=status, match="sort=createdAt"))
        hub.fault(Fault("server_error", times=99, status=403, match="sort=lastModified"))
        hub._faults.pop() if status == 400 else None

        with pytest.raises(SourceUnavailable, match=said):
            sync(tmp_path, hub)


def test_a_watermark_that_is_no_date_is_compared_as_it_is(tmp_path: Path) -> None:
    """A mirror may write dates of its own; they sort as text."""
    with standing(row("a/x", lastModified="day 1"), row("a/y", lastModified="day 2")) as hub:
        sync(tmp_path, hub, kinds=(Kind.MODEL,), lookups=0)
        hub.add("model", row("a/z", lastModified="day 3"))
        report = sync(tmp_path, hub, kinds=(Kind.MODEL,), lookups=0)

    assert (2, 1) == (report.rows, report.unchanged)


def test_many_look_ups_that_fail_are_the_hub_staying_away(tmp_path: Path) -> None:
    """After a few in a row the rest is not asked for."""
    chats = [row(f"a/{n}", f"base_model:y/{n}") for n in range(40)]
    with standing(*chats) as hub:
        hub.fault(Fault("server_error", times=9999, match="/api/models/"))
        report = sync(tmp_path, hub)
        asked = {path for path in paths(hub) if path.startswith("/api/models/")}

    assert not report.complete
    assert 5 <= len(asked) < 40


def test_redirects_in_a_circle_end(tmp_path: Path) -> None:
    """Two names that were exchanged lead to one another, or so the Hub says."""
    with standing(row("a/x", "base_model:y/1")) as hub:
        hub.fault(Fault("redirect_foreign", times=9, match="/api/models/", host=_host(hub)))
        report = sync(tmp_path, hub)

    assert "redirected 5 times" in report.reason


def _host(hub: StandIn) -> str:
    return hub.endpoint.removeprefix("http://")
