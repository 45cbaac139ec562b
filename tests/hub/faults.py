"""Faults on order: what a Hub, a proxy or a network does when things go wrong."""

from __future__ import annotations

import gzip
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from tests.hub.rates import RateLimit, rate_headers
from tests.hub.wire import Request, Response, error, json_response

__all__ = ["KINDS", "Fault", "play"]

Answer = Callable[[], Response]


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next ``times`` requests whose path and query contain ``match``.

    Args:
        status: that of a ``server_error``.
        seconds: until a retry is welcome, between two bytes of a ``slow_drip``, or of a ``stall``.
        as_date: give ``Retry-After`` as a date.
        html: answer a page of HTML as ``wrong_json``, not the half of a document.
        megabytes: the size of a ``huge_page``, before it is compressed.
        host: where ``foreign_cursor`` and ``redirect_foreign`` lead.
        rename: kind, old name and new name of the repository that ``id_changes`` renames.
    """

    kind: str
    times: int = 1
    match: str = ""
    status: int = 503
    seconds: float = 1.0
    as_date: bool = False
    html: bool = False
    megabytes: int = 64
    host: str = "other-host.example"
    rename: tuple[str, str, str] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind} is no fault: take one of {', '.join(KINDS)}")
        if (self.kind == "id_changes") != (self.rename is not None):
            raise ValueError("id_changes, and nothing else, takes rename=(kind, old, new)")

    @classmethod
    def parse(cls, text: str) -> Fault:
        """Return the fault written as ``kind[:times][,option=value...]``.

        >>> Fault.parse("server_error:3,status=502").status
        502
        """
        head, *options = text.split(",")
        kind, _, times = head.partition(":")
        given = dict(option.split("=", 1) for option in options)
        known = {field.name: field.default for field in fields(cls)}
        values = {name: _read(value, known[name]) for name, value in given.items()}
        return cls(kind, times=int(times or 1), **values)

    def concerns(self, request: Request) -> bool:
        """Tell whether a request is one that this fault waits for."""
        return self.match in unquote(request.target)


def play(fault: Fault, request: Request, answer: Answer) -> Response:
    """Return what a request gets instead of its answer."""
    return KINDS[fault.kind](fault, request, answer)


def _read(text: str, default: Any) -> Any:  # noqa: ANN401 - the type is that of the default
    if default is None:
        return tuple(text.split(">"))
    return bool(int(text)) if isinstance(default, bool) else type(default)(text)


def _rate_limited(fault: Fault, _: Request, __: Answer) -> Response:
    response = _too_many()
    return response.also(**rate_headers(RateLimit(500), "api", left=0, reset=fault.seconds))


def _retry_after(fault: Fault, _: Request, __: Answer) -> Response:
    date = formatdate(time.time() + fault.seconds, usegmt=True)
    return _too_many().also(Retry_After=date if fault.as_date else str(math.ceil(fault.seconds)))


def _too_many(*_: object) -> Response:
    return error(HTTPStatus.TOO_MANY_REQUESTS, "Too Many Requests")


def _server_error(fault: Fault, _: Request, __: Answer) -> Response:
    return error(fault.status, HTTPStatus(fault.status).phrase)


def _request_timeout(_: Fault, __: Request, ___: Answer) -> Response:
    return error(HTTPStatus.REQUEST_TIMEOUT, "Request Timeout")


def _slow_drip(fault: Fault, _: Request, answer: Answer) -> Response:
    return replace(answer(), pause=fault.seconds)


def _stall(fault: Fault, _: Request, __: Answer) -> Response:
    return Response(status=0, delay=fault.seconds)


def _cut_mid_body(_: Fault, __: Request, answer: Answer) -> Response:
    return replace(answer(), share=0.5)


def _refuse(_: Fault, __: Request, ___: Answer) -> Response:
    return Response(status=0)


def _truncated_gzip(_: Fault, __: Request, answer: Answer) -> Response:
    response = answer()
    body = gzip.compress(response.body, mtime=0)
    return replace(response, body=body[: len(body) // 2]).also(Content_Encoding="gzip")


def _wrong_json(fault: Fault, _: Request, answer: Answer) -> Response:
    response = answer()
    if fault.html:
        page = Response(body=b"<!DOCTYPE html><title>Hugging Face</title><h1>Back soon</h1>")
        return page.also(Content_Type="text/html; charset=utf-8")
    return replace(response, body=response.body[: len(response.body) // 2])


def _not_a_list(_: Fault, __: Request, ___: Answer) -> Response:
    return json_response({"error": "Internal Error - We're working hard to fix this"})


def _repeat_page(_: Fault, request: Request, answer: Answer) -> Response:
    return answer().also(Link=f'<{request.url}>; rel="next"')


def _foreign_cursor(fault: Fault, request: Request, answer: Answer) -> Response:
    path = request.target.partition("?")[0]
    return answer().also(Link=f'<http://{fault.host}{path}?cursor=bW9yZQ==>; rel="next"')


def _redirect_foreign(fault: Fault, request: Request, _: Answer) -> Response:
    return Response(status=HTTPStatus.FOUND).also(Location=f"http://{fault.host}{request.target}")


def _huge_page(fault: Fault, _: Request, __: Answer) -> Response:
    padding = b" " * (fault.megabytes << 20)
    return Response(body=b"[%b]" % padding).also(Content_Type="application/json; charset=utf-8")


def _id_changes(_: Fault, __: Request, answer: Answer) -> Response:
    return answer()


KINDS: dict[str, Callable[[Fault, Request, Answer], Response]] = {
    "rate_limited": _rate_limited,
    "rate_limited_retry_after": _retry_after,
    "rate_limited_bare": _too_many,
    "server_error": _server_error,
    "request_timeout": _request_timeout,
    "slow_drip": _slow_drip,
    "stall": _stall,
    "cut_mid_body": _cut_mid_body,
    "refuse": _refuse,
    "truncated_gzip": _truncated_gzip,
    "wrong_json": _wrong_json,
    "not_a_list": _not_a_list,
    "repeat_page": _repeat_page,
    "foreign_cursor": _foreign_cursor,
    "redirect_foreign": _redirect_foreign,
    "huge_page": _huge_page,
    "id_changes": _id_changes,
}
"""What each kind of fault makes of a request and its answer."""
