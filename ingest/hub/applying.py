"""Rows from the Hub into a graph that has others already: only what changed is replaced.

Each record is compared with the one that the graph has. One that is the same is left alone; what
differs is replaced, and the difference kept as history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec.structs import replace

from graph.build.building import Build
from graph.model import vocabulary as v
from graph.model.records import ClaimSource, Kind, Repository, Resolution
from graph.rdf.editing import naming
from graph.rdf.history import Change, compare, existence
from graph.rdf.resolutions import LookUp, renames
from ingest.aliases import Aliases
from ingest.cards import merge_card, parse_card
from ingest.dumps import loads
from ingest.hub.cache import Cache, Found
from ingest.hub.report import HubReport
from ingest.loading import describe_mentioned, load_records
from ingest.renaming import retarget
from ingest.shapes import Shape

__all__ = ["Applier"]

_BATCH = 5_000
_GONE = frozenset([Resolution.MISSING, Resolution.DISABLED, Resolution.GATED])


class Applier:
    """Brings rows and answers into a build; ``changes`` is the history that this makes."""

    def __init__(self, build: Build, cache: Cache, report: HubReport, seen_at: str) -> None:
        self.build = build
        self.cache = cache
        self.report = report
        self.seen_at = seen_at
        self.changes: list[Change] = []
        self.aliases = Aliases.seed().joined(renames(build.store))
        self._mentioned: set[str] = set()

    def apply_rows(
        self, kind: Kind, batches: Iterable[list[bytes]], where: str, *, known: bool
    ) -> None:
        """Apply rows as the Hub lists them; ``known`` tells that one not in the graph is new."""
        for batch in batches:
            for start in range(0, len(batch), _BATCH):
                rows = [loads(row) for row in batch[start : start + _BATCH]]
                parsed = Shape(kind.value).source.parse(rows, self.aliases, where)
                self.report.ingestion.tally.rows += len(rows)
                self.report.ingestion.tally.count_unusable(parsed.issues)
                self.report.issues += parsed.issues
                self.apply(parsed.records, known=known)

    def apply(self, records: Iterable[Repository], *, known: bool = False) -> None:
        """Apply records; the last of those with the same id counts."""
        records = list(records)
        latest = {record.id: record for record in records}
        self.report.ingestion.tally.duplicates += len(records) - len(latest)
        changed = []
        for record in latest.values():
            old = self.build.record(v.repository_iri(record.kind, record.id))
            new = self._with_other_claims(old, self._with_card(record))
            if old == new:
                self.report.unchanged += 1
            else:
                self._note(old, new, known=known)
                changed.append(new)
        self._load(changed)

    def merge_cards(self, names: Iterable[tuple[Kind, str]]) -> None:
        """Merge the cards that the cache has into the repositories that they belong to."""
        records = (self.build.record(v.repository_iri(*name)) for name in names)
        self._replace(records, self._with_card)

    def settle(self, found: Sequence[Found], vanished: Collection[tuple[Kind, str]]) -> None:
        """Apply what the Hub answered for single ids.

        Those that have ``vanished`` are in the graph, and missing in the Hub's list.
        """
        for one in found:
            self.report.lookups[one.answer.resolution] += 1
            if one.row is not None:
                where = f"{one.answer.kind} {one.answer.id}"
                self.apply_rows(one.answer.kind, [[one.row]], where, known=False)
            if (one.answer.kind, one.answer.id) in vanished:
                self._bury(one)
        self.describe()
        answers = [one.answer for one in found]
        self.build.resolve(one for one in answers if not self._is_here(one))
        self._retarget(one.iri for one in answers if one.resolution is Resolution.RENAMED)

    def describe(self) -> None:
        """Describe the shared nodes that were mentioned, where none is yet."""
        describe_mentioned(self.build, self._mentioned, self.report.ingestion)
        self._mentioned = set()

    def _is_here(self, answer: LookUp) -> bool:
        """Tell whether a repository is in the graph under the name that was asked for."""
        return (
            answer.resolution is Resolution.RESOLVED and self.build.record(answer.iri) is not None
        )

    def _bury(self, found: Found) -> None:
        """Mark a repository that has vanished; nothing of what was known of it goes."""
        status = found.answer.resolution
        old = self.build.record(found.answer.iri)
        if old is None:
            return
        if status is Resolution.RENAMED:
            self._remember(existence(old, Resolution.RESOLVED, status))
        elif status in _GONE and old.status is not status:
            self.report.gone += 1
            new = replace(old, status=status)
            self._note(old, new, known=True)
            self._load([new])

    def _retarget(self, renamed: Iterable[str]) -> None:
        """Let whoever names a renamed repository name it as it is called today."""
        self.aliases = Aliases.seed().joined(renames(self.build.store))
        iris = sorted({iri for old in renamed for iri in naming(self.build.store, old)})
        records = (self.build.record(iri) for iri in iris)
        self._replace(records, lambda record: retarget(record, self.aliases))
        self.describe()

    def _replace(
        self,
        records: Iterable[Repository | None],
        change: Callable[[Repository], Repository],
    ) -> None:
        pairs = [(old, change(old)) for old in records if old is not None]
        self._load([new for old, new in pairs if old != new])

    def _load(self, records: list[Repository]) -> None:
        if records:
            self._mentioned |= load_records(self.build, records, self.report.ingestion)

    def _note(self, old: Repository | None, new: Repository, *, known: bool) -> None:
        if old is not None:
            for change in compare(old, new):
                self._remember(change)
        elif known:
            appeared = existence(new, Resolution.UNCHECKED, Resolution.RESOLVED)
            self._remember(replace(appeared, old=()))

    def _remember(self, change: Change) -> None:
        self.changes.append(replace(change, seen=self.seen_at))
        self.report.changes[change.aspect] += 1

    def _with_card(self, record: Repository) -> Repository:
        """Return a record with what its card says, if that was fetched at the same commit."""
        card = self.cache.card(record.kind, record.id) if record.commit else None
        if card is None or card.commit != record.commit:
            return record
        return merge_card(record, parse_card(record.kind, record.id, card.text, self.aliases))

    def _with_other_claims(self, old: Repository | None, new: Repository) -> Repository:
        """Return a record with the claims that came from elsewhere: from collections of others."""
        if old is None:
            return new
        source = ClaimSource.DATASET_RECORD
        derivations = [claim for claim in old.derivations if claim.sources == (source,)]
        licenses = [claim for claim in old.licenses if claim.source is source]
        if not derivations and not licenses:
            return new
        return replace(
            new,
            derivations=(*new.derivations, *derivations),
            licenses=(*new.licenses, *licenses),
        )
