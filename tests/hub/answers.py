"""How the Hub answers: listings by pages, one repository, and the card of one."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import Literal
from urllib.parse import quote, urlencode, urljoin, urlsplit

from graph.model.records import Kind
from tests.hub.contents import Contents
from tests.hub.fields import Row, project
from tests.hub.query import BadQuery, Pairs, cursor_at, expanded, read_query
from tests.hub.shelf import key_of
from tests.hub.wire import Request, Response, error, json_response, redirect

__all__ = ["CARDS", "LISTING", "Hub", "Refusal", "answer"]

KINDS = {f"{kind}s": kind for kind in Kind}
LISTING = re.compile(r"/api/(models|datasets|spaces)")
REPOSITORY = re.compile(r"/api/(models|datasets|spaces)/([^/]+(?:/[^/]+)?)")
CARDS = re.compile(r"/(?:(datasets|spaces)/)?([^/]+(?:/[^/]+)?)/resolve/([^/]+)/(.+)")

Access = Literal["none", "wrong", "full"]


class Refusal(Exception):
    """The request gets this response instead of what it asked for."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(slots=True)
class Hub:
    """What answers: the contents, who may see them, and how much a listing gives."""

    contents: Contents
    token: str | None = None
    page_size_limit: int = 1000
    refused: frozenset[str] = frozenset()


def answer(hub: Hub, request: Request) -> Response:
    """Return the Hub's response to a request."""
    try:
        _check_token(hub, request)
        with hub.contents.lock:
            return _route(hub, request)
    except Refusal as refusal:
        return refusal.response
    except BadQuery as refused:
        return error(HTTPStatus.BAD_REQUEST, str(refused))


def _route(hub: Hub, request: Request) -> Response:
    path = request.path
    if match := LISTING.fullmatch(path):
        return _list(hub, request, KINDS[match[1]])
    if match := REPOSITORY.fullmatch(path):
        return _describe(hub, request, KINDS[match[1]], match)
    if match := CARDS.fullmatch(path):
        kind = KINDS[match[1] or "models"]
        row = _find(hub, request, kind, match)
        return _read_file(hub, request, row, revision=match[3], file=match[4])
    return error(HTTPStatus.NOT_FOUND, "Sorry, we can't find the page you are looking for.")


def _list(hub: Hub, request: Request, kind: Kind) -> Response:
    pairs = request.query
    query = read_query(pairs, kind, largest=hub.page_size_limit, refused=hub.refused)
    privileged = _is_privileged(hub, request)
    rows = (
        row
        for row in hub.contents.shelves[kind].walk(query.sort, query.after)
        if query.matches(row) and (privileged or not row.get("private"))
    )
    page = list(islice(rows, query.limit))
    response = json_response([project(row, query.fields) for row in page])
    if next(rows, None) is None:
        return response
    cursor = cursor_at(query.sort, key_of(page[-1], query.sort))
    return response.also(Link=f'<{_next_url(request, pairs, cursor)}>; rel="next"')


def _next_url(request: Request, pairs: Pairs, cursor: str) -> str:
    kept = [(name, value) for name, value in pairs if name != "cursor"]
    return urljoin(request.url, f"?{urlencode([*kept, ('cursor', cursor)])}")


def _describe(hub: Hub, request: Request, kind: Kind, match: re.Match[str]) -> Response:
    row = _find(hub, request, kind, match)
    fields = expanded(request.query, kind)
    return json_response(project(row, fields) if fields else row)


def _find(hub: Hub, request: Request, kind: Kind, match: re.Match[str]) -> Row:
    """Return the repository that a path names, unless the Hub would refuse it or send elsewhere."""
    name = match[2]
    shelf = hub.contents.shelves[kind]
    row = shelf.get(name) or shelf.renamed(name)
    if row is None or (row.get("private") and not _is_privileged(hub, request)):
        raise Refusal(error(HTTPStatus.NOT_FOUND, "Repository not found", "RepoNotFound"))
    if row["id"] != name:
        raise Refusal(redirect(_moved(request, match, row["id"])))
    if row.get("disabled"):
        raise Refusal(error(HTTPStatus.FORBIDDEN, "Access to this resource is disabled."))
    if row["_id"] in hub.contents.forbidden:
        raise Refusal(_gated(HTTPStatus.FORBIDDEN, row))
    return row


def _moved(request: Request, match: re.Match[str], name: str) -> str:
    path = quote(match.string[: match.start(2)] + name + match.string[match.end(2) :])
    query = urlsplit(request.target).query
    return f"{path}?{query}" if query else path


def _gated(status: int, row: Row) -> Response:
    message = f"Access to {row['id']} is restricted, and you are not in the authorized list."
    return error(status, message, "GatedRepo")


def _read_file(hub: Hub, request: Request, row: Row, *, revision: str, file: str) -> Response:
    commit = hub.contents.commit_of(row)
    if row.get("gated") and not _is_privileged(hub, request):
        known = "authorization" in request.headers
        return _gated(HTTPStatus.FORBIDDEN if known else HTTPStatus.UNAUTHORIZED, row)
    if revision not in {"main", commit}:
        return error(HTTPStatus.NOT_FOUND, "Invalid rev id", "RevisionNotFound")
    card = hub.contents.card_of(row)
    if card is None or file != "README.md":
        return error(HTTPStatus.NOT_FOUND, "Entry not found", "EntryNotFound")
    etag = f'"{hashlib.sha1(card, usedforsecurity=False).hexdigest()}"'
    known_tags = request.headers.get("if-none-match", "").replace("W/", "").split(",")
    unchanged = etag in {tag.strip() for tag in known_tags}
    response = Response(status=HTTPStatus.NOT_MODIFIED) if unchanged else Response(body=card)
    return response.also(ETag=etag, X_Repo_Commit=commit, Content_Type="text/plain; charset=utf-8")


def _check_token(hub: Hub, request: Request) -> None:
    given = request.headers.get("authorization")
    if hub.token is not None and given not in {None, f"Bearer {hub.token}"}:
        message = "Invalid credentials in Authorization header"
        raise Refusal(error(HTTPStatus.UNAUTHORIZED, message))


def _is_privileged(hub: Hub, request: Request) -> bool:
    """Tell whether a request comes with the token, whose owner may see everything."""
    return hub.token is not None and "authorization" in request.headers
