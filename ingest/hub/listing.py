"""The Hub's lists: addresses, the fields that the graph keeps, and what is on a page.

Pure: text in, text and rows out. Rows stay the bytes that came, for they are kept as they came.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode, urljoin

import msgspec
from huggingface_hub.utils import fix_hf_endpoint_in_url

from graph.model.errors import SourceUnavailable
from graph.model.records import Kind
from ingest.hub.client import Answer, same_host

__all__ = [
    "FIELDS",
    "Head",
    "Listed",
    "Page",
    "card_url",
    "list_url",
    "read_head",
    "read_page",
    "repository_url",
    "without_refused",
]

PAGE = 1000
"""The most rows that the Hub puts on a page."""

_COMMON = ("cardData", "createdAt", "disabled", "lastModified", "likes", "private", "sha", "tags")

FIELDS: dict[Kind, tuple[str, ...]] = {
    Kind.MODEL: (
        *_COMMON,
        "baseModels",
        "downloads",
        "downloadsAllTime",
        "gated",
        "library_name",
        "model-index",
        "pipeline_tag",
        "safetensors",
        "spaces",
    ),
    Kind.DATASET: (*_COMMON, "downloads", "downloadsAllTime", "gated"),
    Kind.SPACE: (*_COMMON, "datasets", "models", "sdk"),
}
"""What is asked for: the values of ``expand`` that the graph keeps something of."""

_DISPENSABLE = ("spaces", "model-index", "safetensors", "downloadsAllTime", "baseModels", "models")
"""What is given up first when the Hub refuses a field and does not say which."""


class Head(msgspec.Struct, frozen=True):
    """What a harvest has to know of a row."""

    id: object = None
    last_modified: object = msgspec.field(name="lastModified", default=None)
    private: object = None


class Listed(NamedTuple):
    """A row of a page: the bytes as they came, and its head."""

    row: bytes
    id: str
    modified: str
    private: bool


class Page(NamedTuple):
    """A page of a list, and the address of the next one, if there is one."""

    rows: tuple[Listed, ...]
    following: str | None


def list_url(
    endpoint: str,
    kind: Kind,
    fields: Sequence[str],
    *,
    sort: str,
    author: str | None = None,
    limit: int = PAGE,
) -> str:
    """Return the address of the first page of a list, sorted from the newest or largest down."""
    query: list[tuple[str, str | int]] = [("sort", sort), ("limit", limit)]
    if author:
        query.append(("author", author))
    query += [("expand", field) for field in fields]
    return f"{endpoint}/api/{kind}s?{urlencode(query)}"


def repository_url(endpoint: str, kind: Kind, repository_id: str, fields: Sequence[str]) -> str:
    """Return the address of what the Hub says of one repository."""
    query = urlencode([("expand", field) for field in fields])
    return f"{endpoint}/api/{kind}s/{quote(repository_id)}" + (f"?{query}" if query else "")


def card_url(endpoint: str, kind: Kind, repository_id: str, revision: str) -> str:
    """Return the address of a repository's card at a commit or branch."""
    folder = "" if kind is Kind.MODEL else f"{kind}s/"
    return f"{endpoint}/{folder}{quote(repository_id)}/resolve/{quote(revision)}/README.md"


def read_page(answer: Answer, endpoint: str) -> Page:
    """Return the page in an answer; raises ValueError when there is none in it.

    Raises SourceUnavailable when the next page is said to be on another host: the address is
    not ours to follow.
    """
    try:
        rows = msgspec.json.decode(answer.body, type=list[msgspec.Raw])
        listed = tuple(_listed(bytes(row)) for row in rows)
    except (msgspec.DecodeError, RecursionError):
        listed = tuple(_listed(row) for row in _leniently(answer.body))
    return Page(listed, _following(answer, endpoint))


def without_refused(fields: Sequence[str], message: str) -> tuple[str, ...]:
    """Return the fields to go on with after the Hub refused some.

    Its message names those that it would accept; where none of ours is missing from them, the
    first that can be done without goes.

    >>> without_refused(("tags", "spaces"), '"expand" must be one of [author, tags]')
    ('tags',)
    """
    accepted = set(re.findall(r"[\w-]+", message))
    kept = tuple(field for field in fields if field in accepted)
    if kept and len(kept) < len(fields):
        return kept
    given_up = next((field for field in _DISPENSABLE if field in fields), None)
    return tuple(field for field in fields if field != given_up) if given_up else ()


def read_head(row: bytes) -> Head:
    """Return the head of a row; one that is no object, the parser will complain of, has none."""
    try:
        return msgspec.json.decode(row, type=Head)
    except msgspec.ValidationError:
        return Head()
    except msgspec.DecodeError:  # such as lone surrogates, which the standard library reads
        found = json.loads(row)
        return msgspec.convert(found, Head) if isinstance(found, dict) else Head()


def _listed(row: bytes) -> Listed:
    head = read_head(row)
    return Listed(
        row=row if b"\n" not in row else b" ".join(row.split(b"\n")),
        id=head.id if isinstance(head.id, str) else "",
        modified=head.last_modified if isinstance(head.last_modified, str) else "",
        private=head.private is True,
    )


def _leniently(body: bytes) -> list[bytes]:
    """Return the rows of a page that the fast decoder refuses, such as one with lone surrogates."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError(f"{len(body):,} bytes that are no whole JSON document") from None
    if not isinstance(document, list):
        raise ValueError("a JSON document that is no list")  # noqa: TRY004 - it is the answer's
    return [json.dumps(row).encode() for row in document]


def _following(answer: Answer, endpoint: str) -> str | None:
    if answer.following is None:
        return None
    # A mirror may hand on the Hub's own links; to follow them there is what the user asked for.
    url = urljoin(answer.url, fix_hf_endpoint_in_url(answer.following, endpoint))
    if not same_host(url, endpoint):
        raise SourceUnavailable(
            f"{endpoint}: the next page is said to be on another host,"
            f" {url.partition('?')[0]}: not followed; what came is kept"
        )
    return url
