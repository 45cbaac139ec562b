"""Single repositories, asked for by their names: does it exist, and is that still its name?

A returned id that differs from the one asked for is a rename: the Hub redirects.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from huggingface_hub.errors import (
    BadRequestError,
    DisabledRepoError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
)

from graph.model.errors import SourceUnavailable
from graph.model.records import Kind, Resolution
from graph.rdf.resolutions import LookUp
from graph.rdf.runs import now
from ingest.hub.cache import Cache, Found
from ingest.hub.client import ATTEMPTS, Answer, Client
from ingest.hub.listing import FIELDS, read_head, repository_url
from ingest.hub.progress import Progress
from ingest.hub.together import Outcome, ask_together

__all__ = ["look_up", "look_up_all"]

Name = tuple[Kind, str]

_NOT_FOUND = 404


def look_up_all(
    client: Client, names: Sequence[Name], cache: Cache, progress: Progress
) -> tuple[list[Found], Outcome]:
    """Return what the Hub answers for names, in their order; what the cache has is not asked."""
    due = [name for name in names if cache.answer(*name) is None]
    progress.begin("look-ups", len(names) - len(due), len(names))
    outcome = ask_together(
        client,
        due,
        lambda name: look_up(client, *name),
        lambda _, found: cache.keep_answer(found),
        progress,
    )
    found = (cache.answer(*name) for name in names)
    return [one for one in found if one is not None], outcome


def look_up(client: Client, kind: Kind, repository_id: str) -> Found:
    """Ask the Hub for one repository; raises SourceUnavailable when it stays away."""
    try:
        row = _fetch(client, kind, repository_id, FIELDS[kind])
    except HfHubHTTPError as error:
        return Found(_answer(kind, repository_id, _meaning(error, repository_id)))
    head = read_head(row)
    if head.private is True:  # ours to see, and not to publish
        return Found(_answer(kind, repository_id, Resolution.MISSING))
    if not isinstance(head.id, str) or head.id == repository_id:
        return Found(_answer(kind, repository_id, Resolution.RESOLVED), row)
    return Found(_answer(kind, repository_id, Resolution.RENAMED, head.id), row)


_REFUSALS: dict[type[HfHubHTTPError], Resolution] = {
    GatedRepoError: Resolution.GATED,  # before RepositoryNotFoundError, of which it is one
    DisabledRepoError: Resolution.DISABLED,
    RepositoryNotFoundError: Resolution.MISSING,
}


def _meaning(error: HfHubHTTPError, repository_id: str) -> Resolution:
    """Return what a refusal says of the existence of a repository."""
    for refusal, status in _REFUSALS.items():
        if isinstance(error, refusal):
            return status
    if error.response.status_code == _NOT_FOUND:
        return Resolution.MISSING
    said = str(error.server_message or error).splitlines()[0]
    raise SourceUnavailable(f"the Hub refuses to tell of {repository_id}: {said}") from None


def _fetch(client: Client, kind: Kind, repository_id: str, fields: Sequence[str]) -> bytes:
    try:
        url = repository_url(client.endpoint, kind, repository_id, fields)
        return client.get(url, _row, attempts=ATTEMPTS)
    except BadRequestError:
        if not fields:
            raise
        return _fetch(client, kind, repository_id, ())


def _row(answer: Answer) -> bytes:
    """Return the row in an answer; raises ValueError when there is none."""
    if not isinstance(msgspec.json.decode(answer.body), dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - it is the answer's
    return answer.body


def _answer(kind: Kind, repository_id: str, status: Resolution, today: str | None = None) -> LookUp:
    return LookUp(kind=kind, id=repository_id, resolution=status, checked=now(), replaced_by=today)
