"""Walking the Hub's lists to disk, so that nothing interrupts it for good.

A full walk goes by date of creation, which no change of a repository moves. A walk by changes goes
from the latest modification back to where the graph is current, and then again from the top, until
nothing is new there: what is modified meanwhile moves to the top, and would be missed otherwise.

Rule: a page is on disk, and the checkpoint says so, before the next is asked for. Whatever happens,
at most the page that was under way is asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

from huggingface_hub.errors import BadRequestError, HfHubHTTPError
from msgspec.structs import replace

from graph.model.errors import SourceUnavailable
from graph.model.records import Kind
from graph.rdf.runs import now
from ingest.hub.checkpoint import Checkpoint, Walk, load, save
from ingest.hub.client import Answer, Client
from ingest.hub.listing import (
    FIELDS,
    PAGE,
    Listed,
    Page,
    list_url,
    read_head,
    read_page,
    without_refused,
)
from ingest.hub.plan import Plan
from ingest.hub.progress import Progress
from ingest.hub.raw import Batch, PageWriter, read_batch

__all__ = ["Harvest"]

OVERLAP = timedelta(hours=1)
"""How far a walk by changes goes back beyond what is known: dates are those of several servers."""

_TURNS = 6
"""How often a walk by changes begins at the top at most: a busy Hub never stands still."""


class Harvest:
    """The harvest of one endpoint into one folder; it goes on where an earlier one stopped."""

    def __init__(self, client: Client, folder: Path, plan: Plan, progress: Progress) -> None:
        self.client = client
        self.folder = folder
        self.plan = plan
        self.progress = progress
        self.checkpoint = load(folder) or Checkpoint(
            endpoint=client.endpoint, author=plan.author, limit=plan.limit
        )

    def begin(self) -> None:
        """Begin a run, unless one is under way."""
        if not self.checkpoint.started:
            self._save(started=now(), number=self.checkpoint.number + 1)

    def walk(self, kind: Kind, expected: int | None) -> Walk:
        """Bring the list of a kind to disk; returns the walk, which is at its end."""
        walk = self.checkpoint.walks.get(kind) or self._keep(self._new_walk(kind))
        self.progress.begin(f"{kind}s", walk.rows, expected if walk.full else None)
        seen = {} if walk.full else dict(self._seen(walk))
        while walk.url is not None:
            with self._writer(walk) as writer:
                walk = self._fill(walk, writer, seen)
        return walk

    def _fill(self, walk: Walk, writer: PageWriter, seen: dict[str, str]) -> Walk:
        """Bring pages into one file until it is full, or the walk is at its end."""
        while walk.url is not None and not writer.batch.is_full:
            page, walk = self._fetch(walk)
            rows, walk = self._choose(walk, page, seen)
            walk = self._keep(self._append(walk, writer, rows))
            self.progress.advance(len(rows))
        return walk

    def applied(self) -> None:
        """Note that what is on disk is in the graph, although the run is not at its end."""
        walks = {
            kind: replace(walk, applied=len(walk.batches))
            for kind, walk in self.checkpoint.walks.items()
        }
        self._save(walks=walks)

    def finish(self) -> None:
        """End the run: what it brought is in the graph. Files that a full walk replaced go.

        Walks of other kinds that an earlier run left unfinished stay for a later one.
        """
        self.applied()
        old = self.checkpoint
        left = {kind: walk for kind, walk in old.walks.items() if walk.url is not None}
        watermarks, kept = dict(old.watermarks), dict(old.kept)
        superseded: list[str] = []
        for kind, walk in old.walks.items():
            if kind in left:
                continue
            if self.plan.limit is None and walk.newest:
                watermarks[kind] = max(walk.newest, watermarks.get(kind, ""))
            if walk.full:
                superseded += kept.pop(kind, ())
            kept[kind] = (*kept.get(kind, ()), *(batch.name for batch in walk.batches))
        self._save(started="", walks=left, watermarks=watermarks, kept=kept)
        for name in superseded:
            (self.folder / name).unlink(missing_ok=True)

    def _new_walk(self, kind: Kind) -> Walk:
        plan, fields = self.plan, FIELDS[kind]
        since = self.checkpoint.watermarks.get(kind, "")
        if plan.limit is not None:
            sort = "likes" if kind is Kind.SPACE else "downloads"
            url = self._list(kind, fields, sort, min(plan.limit, PAGE))
            return Walk(kind=kind, url=url, full=True, fields=fields)
        if plan.full or not since:
            url = self._list(kind, fields, "createdAt")
            newest, requests = self._newest(kind), 1
            return Walk(
                kind=kind, url=url, full=True, fields=fields, newest=newest, requests=requests
            )
        url = self._list(kind, fields, "lastModified")
        return Walk(kind=kind, url=url, full=False, fields=fields, since=since, newest=since)

    def _newest(self, kind: Kind) -> str:
        """Return the latest modification before a full walk begins: later ones it may not see."""
        url = self._list(kind, ("lastModified",), "lastModified", 1)
        page = self._ask(url)
        return max((row.modified for row in page.rows), default="")

    def _list(self, kind: Kind, fields: tuple[str, ...], sort: str, limit: int = PAGE) -> str:
        author = self.plan.author
        return list_url(self.client.endpoint, kind, fields, sort=sort, author=author, limit=limit)

    def _fetch(self, walk: Walk) -> tuple[Page, Walk]:
        """Return the next page, and the walk with the fields that the Hub gave it for."""
        while True:
            assert walk.url is not None  # noqa: S101 - the caller sees to it
            try:
                return self._ask(walk.url, walk.visited), walk
            except BadRequestError as error:
                walk = self._mended(walk, error)

    def _ask(self, url: str, visited: tuple[str, ...] = ()) -> Page:
        read = partial(_read_new_page, endpoint=self.client.endpoint, visited=visited)
        try:
            return self.client.get(url, read)
        except BadRequestError:
            raise
        except HfHubHTTPError as error:
            said = str(error.server_message or error).splitlines()[0]
            raise SourceUnavailable(f"{self.client.endpoint} refuses its lists: {said}") from None

    def _mended(self, walk: Walk, error: BadRequestError) -> Walk:
        """Return the walk without the fields that the Hub refuses; or from its beginning."""
        kind = walk.kind
        if walk.pages:
            self.progress.note(f"the Hub has forgotten how far its {kind}s were walked: once more")
            return self._keep(self._new_walk(kind))
        fields = without_refused(walk.fields, str(error))
        if fields == walk.fields:
            raise SourceUnavailable(f"{self.client.endpoint} refuses to list {kind}s: {error}")
        refused = ", ".join(sorted(set(walk.fields) - set(fields)))
        self.progress.note(f"the Hub refuses {refused} of {kind}s: going on without")
        assert walk.url is not None  # noqa: S101 - the caller sees to it
        sort = walk.url.partition("sort=")[2].partition("&")[0]
        limit = min(self.plan.limit or PAGE, PAGE)
        return replace(walk, fields=fields, url=self._list(kind, fields, sort, limit))

    def _choose(self, walk: Walk, page: Page, seen: dict[str, str]) -> tuple[list[Listed], Walk]:
        """Return the rows of a page that are to be kept, and the walk behind it."""
        rows = [row for row in page.rows if not row.private]
        walk = replace(
            walk,
            requests=walk.requests + 1,
            private=walk.private + len(page.rows) - len(rows),
            visited=(*walk.visited, _mark(walk.url or "")),
        )
        if not walk.full:
            return self._choose_changes(walk, page, rows, seen)
        if self.plan.limit is not None:
            rows = rows[: self.plan.limit - walk.rows]
            ended = walk.rows + len(rows) >= self.plan.limit
            return rows, replace(walk, url=None if ended else page.following)
        return rows, replace(walk, url=page.following)

    def _choose_changes(
        self, walk: Walk, page: Page, rows: list[Listed], seen: dict[str, str]
    ) -> tuple[list[Listed], Walk]:
        since = _earlier(walk.since)
        due = [row for row in rows if not row.modified or row.modified >= since]
        new = [row for row in due if seen.get(row.id) != row.modified]
        met = walk.turns > 1 and len(new) < len(due)
        seen.update((row.id, row.modified) for row in new)
        newest = max([walk.newest, *(row.modified for row in new)])
        walk = replace(walk, newest=newest)
        if len(due) == len(rows) and not met and page.following:
            return new, replace(walk, url=page.following)
        first_url = self._list(walk.kind, walk.fields, "lastModified")
        again = walk.turns == 1 or (new and walk.turns < _TURNS)
        url = first_url if again else None
        return new, replace(walk, url=url, turns=walk.turns + 1, visited=())

    def _append(self, walk: Walk, writer: PageWriter, rows: Iterable[Listed]) -> Walk:
        batch = writer.append([row.row for row in rows])
        others = [one for one in walk.batches if one.name != batch.name]
        return replace(walk, batches=(*others, batch))

    @contextmanager
    def _writer(self, walk: Walk) -> Iterator[PageWriter]:
        """Offer a writer for the file that takes the next page: the last one, or a new one."""
        if walk.batches[walk.applied :] and not walk.batches[-1].is_full:
            batch = walk.batches[-1]
        else:
            self._save(serial=self.checkpoint.serial + 1)
            batch = Batch(name=f"{walk.kind}s-{self.checkpoint.serial:06d}.jsonl.zst")
        with closing(PageWriter(self.folder, batch)) as writer:
            yield writer

    def _seen(self, walk: Walk) -> Iterator[tuple[str, str]]:
        """Yield what a walk by changes has brought so far: ids and dates of modification."""
        for batch in walk.batches:
            for rows in read_batch(self.folder, batch):
                for row in rows:
                    head = read_head(row)
                    yield str(head.id), str(head.last_modified)

    def _keep(self, walk: Walk) -> Walk:
        self._save(walks={**self.checkpoint.walks, walk.kind: walk})
        return walk

    def _save(self, **changes: object) -> None:
        self.checkpoint = replace(self.checkpoint, **changes)
        save(self.folder, self.checkpoint)


def _read_new_page(answer: Answer, endpoint: str, visited: Iterable[str]) -> Page:
    """Return the page in an answer; raises ValueError where it leads back to one that was read."""
    page = read_page(answer, endpoint)
    if page.following and _mark(page.following) in {*visited, _mark(answer.url)}:
        raise ValueError("its next page is one that was read before: a circle")
    return page


def _mark(url: str) -> str:
    return blake2b(url.encode(), digest_size=6).hexdigest()


def _earlier(moment: str) -> str:
    """Return a date of the Hub's, a little earlier; one that is no date is taken as it is."""
    try:
        earlier = datetime.fromisoformat(moment) - OVERLAP
    except ValueError:
        return moment
    return earlier.isoformat(timespec="milliseconds").replace("+00:00", "Z")
