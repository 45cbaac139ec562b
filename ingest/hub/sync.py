"""A run on the live Hub, from the first request to the published graph.

    lists -> pages on disk -> a new build -> cards -> look-ups -> history and run -> published

What is on disk survives whatever happens; the graph changes as a whole at the end. A Hub that
stays away ends the run early: what came by then is published, and the next run goes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import msgspec
import portalocker

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.errors import GraphLocked, SourceUnavailable
from graph.model.records import Kind
from graph.rdf.editing import insert, repository_ids
from graph.rdf.history import change_triples
from graph.rdf.resolutions import unsettled
from graph.rdf.runs import Run, is_recorded, now, record_run
from graph.store.directory import not_writable, read_info
from graph.store.lineage_graph import LineageGraph
from ingest.dumps import loads
from ingest.hub.applying import Applier
from ingest.hub.cache import Cache, open_cache
from ingest.hub.cards import fetch_cards, wants_card
from ingest.hub.checkpoint import Walk
from ingest.hub.client import Client
from ingest.hub.harvest import Harvest
from ingest.hub.listing import read_head
from ingest.hub.lookups import look_up_all
from ingest.hub.plan import Plan
from ingest.hub.progress import Progress, Silent
from ingest.hub.raw import read_batch, verify
from ingest.hub.report import HubReport
from ingest.hub.together import Outcome
from ingest.loading import clocked, load_files
from ingest.reading import Reading

__all__ = ["ingest_hub"]

RECHECK = timedelta(days=30)
"""How long the Hub's answer for a single id is believed."""

_MANY = 20_000
"""Changed repositories from which on a store is worth compacting."""


def ingest_hub(
    graph: Path, client: Client, plan: Plan, progress: Progress | None = None
) -> HubReport:
    """Bring a graph up to date with the Hub, or a part of it; returns what that did.

    The first run reads the lists whole, later ones what changed. Raises GraphLocked, InvalidGraph
    and UnreadableFile. Where the Hub stays away the report is not ``complete``, and says why.
    """
    return _Sync(graph, client, plan, progress or Silent()).run()


class _Sync:
    """One run: the stages share the client, the folder, the report and the build."""

    def __init__(self, graph: Path, client: Client, plan: Plan, progress: Progress) -> None:
        self.graph = graph
        self.client = client
        self.plan = plan
        self.progress = progress
        self.report = HubReport()
        self.folder = graph / "raw" / plan.folder(client.endpoint)

    def run(self) -> HubReport:
        """Harvest, build, publish."""
        clock = perf_counter()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                stack.enter_context(_only_one(self.folder))
                cache = stack.enter_context(open_cache(self.folder))
                self._run(Harvest(self.client, self.folder, self.plan, self.progress), cache)
        except (OSError, sqlite3.OperationalError) as error:
            raise not_writable(self.graph, error) from None
        self.report.ingestion.seconds = perf_counter() - clock
        return self.report

    def _run(self, harvest: Harvest, cache: Cache) -> None:
        harvest.begin()
        if not self._is_published(harvest):
            with clocked(self.report.ingestion, "harvest"):
                ended = self._walk(harvest)
            self._publish(harvest, cache, walked=ended)
            if not ended:
                harvest.applied()
                return
        harvest.finish()
        cache.end_run()

    def _is_published(self, harvest: Harvest) -> bool:
        """Tell whether this run was published before, and only its end was not noted."""
        if not harvest.checkpoint.walks or read_info(self.graph) is None:
            return False
        with LineageGraph.open(self.graph) as graph:
            return is_recorded(graph.store, self._as_run(harvest))

    def _walk(self, harvest: Harvest) -> bool:
        """Bring the lists to disk; tells whether that came to its end."""
        info = read_info(self.graph)
        for kind in self.plan.kinds:
            expected = self.plan.limit or (getattr(info, f"{kind}s") if info else 0)
            try:
                harvest.walk(kind, expected or None)
            except SourceUnavailable as error:
                self._cut_short(error)
                if not any(walk.rows for walk in harvest.checkpoint.walks.values()):
                    raise
                return False
        return True

    def _publish(self, harvest: Harvest, cache: Cache, *, walked: bool) -> None:
        walks = harvest.checkpoint.walks
        with new_build(self.graph) as build:
            applier = Applier(build, cache, self.report, harvest.checkpoint.started)
            for kind in Kind:
                if kind in walks:
                    self._apply(applier, walks[kind], harvest)
            applier.describe()
            if self.plan.cards and walked:
                self._fetch_cards(applier, walks)
            if walked:
                self._look_up(applier, walks)
            self._count(walks, cache)
            run = self._as_run(harvest)
            insert(build.store, change_triples(applier.changes, run.iri), v.HISTORY)
            record_run(build.store, run, self.report.issues)
            if sum(self.report.ingestion.tally.kept.values()) > _MANY:
                with clocked(self.report.ingestion, "optimize"):
                    build.optimize()
            build.publish(run.sources)

    def _apply(self, applier: Applier, walk: Walk, harvest: Harvest) -> None:
        """Bring what a walk brought into the build: in bulk where the build has none of it."""
        batches = walk.batches[walk.applied :]
        for batch in batches:
            verify(self.folder, batch)
        self.progress.begin(f"building the {walk.kind}s", 0, walk.rows)
        if getattr(applier.build.info, f"{walk.kind}s") or not walk.full:
            known = walk.kind in harvest.checkpoint.watermarks
            for batch in batches:
                rows = read_batch(self.folder, batch)
                applier.apply_rows(walk.kind, rows, batch.name, known=known)
                self.progress.advance(batch.rows, self._issues())
            return
        files = [self.folder / batch.name for batch in batches if batch.rows]
        reading = Reading(kind=walk.kind, aliases=applier.aliases)
        self.report.issues += load_files(
            applier.build, files, reading, self.report.ingestion, lambda _: None
        )
        self.progress.advance(walk.rows, self._issues())

    def _issues(self) -> int:
        return sum(self.report.ingestion.tally.issues.values())

    def _fetch_cards(self, applier: Applier, walks: dict[Kind, Walk]) -> None:
        wanted = [
            (walk.kind, head.id, head.sha)
            for walk in walks.values()
            for head in self._wanting_cards(walk)
        ]
        self.report.cards, outcome = fetch_cards(self.client, wanted, applier.cache, self.progress)
        applier.merge_cards((kind, name) for kind, name, _ in wanted)
        applier.describe()
        self._note(outcome)

    def _wanting_cards(self, walk: Walk) -> Iterator[_Row]:
        for batch in walk.batches:
            for rows in read_batch(self.folder, batch):
                for raw in rows:
                    row = loads(raw)
                    if isinstance(row, dict) and isinstance(row.get("id"), str) and wants_card(row):
                        sha = row.get("sha")
                        yield _Row(row["id"], sha if isinstance(sha, str) else None)

    def _look_up(self, applier: Applier, walks: dict[Kind, Walk]) -> None:
        """Ask for what has vanished from the lists, and for what others name, till none is left."""
        started = datetime.fromisoformat(now())
        before = (started - RECHECK).isoformat(timespec="seconds").replace("+00:00", "Z")
        vanished = [name for walk in walks.values() for name in self._vanished(applier, walk)]
        asked: set[tuple[Kind, str]] = set()
        due = [*vanished, *unsettled(applier.build.store, before)]
        while due and len(asked) < self.plan.lookups and self.report.complete:
            names = due[: self.plan.lookups - len(asked)]
            found, outcome = look_up_all(self.client, names, applier.cache, self.progress)
            applier.settle(found, frozenset(vanished))
            asked.update((one.answer.kind, one.answer.id) for one in found)
            self._note(outcome)
            due = [*vanished, *unsettled(applier.build.store, before)]
            due = [name for name in due if name not in asked]
            if len(found) < len(names):
                break  # some could not be had: the next run asks for them
        self.report.waiting = len(due)

    def _vanished(self, applier: Applier, walk: Walk) -> list[tuple[Kind, str]]:
        """Return what the graph has and a whole list lacks."""
        if not (walk.full and walk.url is None and self.plan.whole):
            return []
        listed = set(self._listed(walk))
        ids = set(repository_ids(applier.build.store, walk.kind)) - listed
        records = (applier.build.record(v.repository_iri(walk.kind, name)) for name in sorted(ids))
        return [(walk.kind, record.id) for record in records if record and record.status is None]

    def _listed(self, walk: Walk) -> Iterator[str]:
        for batch in walk.batches:
            for rows in read_batch(self.folder, batch):
                for row in rows:
                    yield str(read_head(row).id)

    def _note(self, outcome: Outcome) -> None:
        self.report.failed += outcome.failed
        if outcome.failure is not None:
            self._cut_short(outcome.failure)

    def _cut_short(self, failure: SourceUnavailable) -> None:
        self.report.complete = False
        self.report.reason = str(failure)

    def _count(self, walks: dict[Kind, Walk], cache: Cache) -> None:
        report = self.report
        report.pages = sum(walk.pages for walk in walks.values())
        report.rows = sum(walk.rows for walk in walks.values())
        report.private = sum(walk.private for walk in walks.values())
        report.requests = sum(walk.requests for walk in walks.values()) + cache.requests()

    def _as_run(self, harvest: Harvest) -> Run:
        report = self.report
        return Run(
            sources=tuple(f"{self.client.endpoint}/api/{kind}s" for kind in self.plan.kinds),
            started=harvest.checkpoint.started,
            ended=now(),
            number=harvest.checkpoint.number,
            requests=report.requests,
            pages=report.pages,
            kept=sum(report.ingestion.tally.kept.values()),
            failed=report.failed + report.ingestion.tally.unusable,
            complete=report.complete,
        )


class _Row(msgspec.Struct, frozen=True):
    """A row whose card is wanted."""

    id: str
    sha: str | None


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """Hold the right to harvest into a folder; raises GraphLocked when another process has it."""
    with (folder / ".lock").open("a") as file:
        try:
            portalocker.lock(file, portalocker.LOCK_EX | portalocker.LOCK_NB)
        except portalocker.LockException:
            raise GraphLocked(
                f"another process harvests into {folder}: wait until it has ended"
            ) from None
        yield
