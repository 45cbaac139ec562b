"""What goes over the wire: a request as it came, and a response with the manner of its delivery."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

__all__ = ["Request", "Response", "compressed", "error", "json_response", "redirect"]

COMPRESSED_ABOVE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: ``target`` is its path and query as sent, ``headers`` have lower-case names.

    ``status`` is that of the response; 0 while there is none, or where none was ever sent.
    """

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> list[tuple[str, str]]:
        """The names and values of the query, decoded, in order."""
        return parse_qsl(urlsplit(self.target).query, keep_blank_values=True)

    @property
    def url(self) -> str:
        """The whole address that was asked for."""
        return f"http://{self.headers['host']}{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response; status 0 closes the connection instead of answering.

    ``delay`` seconds pass before the first byte and ``pause`` seconds before each byte of the body,
    of which a ``share`` is sent before the connection closes.
    """

    status: int = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay: float = 0
    pause: float = 0
    share: float = 1

    def also(self, **headers: str) -> Response:
        """Return the response with more headers; an underscore stands for a hyphen."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers=self.headers | more)


def json_response(content: Any, status: int = HTTPStatus.OK, **headers: str) -> Response:  # noqa: ANN401 - any JSON
    """Return a response with JSON in its body.

    >>> json_response([1, 2]).body
    b'[1,2]'
    """
    response = Response(status=status, body=msgspec.json.encode(content))
    return response.also(Content_Type="application/json; charset=utf-8", **headers)


def error(status: int, message: str, code: str | None = None) -> Response:
    """Return a refusal as the Hub words it: in headers, which its client reads, and in JSON."""
    header = message.encode("ascii", "replace").decode()
    response = json_response({"error": message}, status, X_Error_Message=header)
    return response if code is None else response.also(X_Error_Code=code)


def redirect(location: str) -> Response:
    """Return a redirect that keeps the method, as the Hub sends for a name of before."""
    return Response(status=HTTPStatus.TEMPORARY_REDIRECT).also(Location=location)


def compressed(response: Response, request: Request) -> Response:
    """Return the response in gzip where that is accepted and worth it."""
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    if not accepted or len(response.body) <= COMPRESSED_ABOVE:
        return response
    if "Content-Encoding" in response.headers:
        return response
    body = gzip.compress(response.body, compresslevel=1, mtime=0)
    return replace(response, body=body).also(Content_Encoding="gzip", Vary="Accept-Encoding")
