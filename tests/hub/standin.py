"""The stand-in itself: contents behind a server, with its records, its limits and its faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from types import TracebackType
from typing import Self

from tests.hub.answers import CARDS, LISTING, Hub, answer
from tests.hub.contents import Card, Contents
from tests.hub.faults import Fault, play
from tests.hub.fields import Row
from tests.hub.query import Pairs
from tests.hub.rates import RateLimit, Window
from tests.hub.recorded import Pages, read_pages
from tests.hub.server import Server
from tests.hub.wire import Request, Response, compressed, error

__all__ = ["StandIn"]


class StandIn(Contents):
    """A Hub on 127.0.0.1 for the length of a ``with`` block.

    Args:
        cards: the README.md of repositories, by kind and name.
        token: the one that opens private and gated repositories; any other is refused.
        page_size_limit: how many rows a listing gives at most, and without a limit.
        gzip: compress what is long, for clients that accept it.

    Attributes:
        requests: what was asked, in the order of the answers; clear it as you like.
        before_page: called with the query before each page of a listing is made.
    """

    def __init__(  # noqa: PLR0913 - each is one property of the Hub, with a default
        self,
        models: Iterable[Row] = (),
        datasets: Iterable[Row] = (),
        spaces: Iterable[Row] = (),
        *,
        cards: Mapping[tuple[str, str], Card] | None = None,
        token: str | None = None,
        page_size_limit: int = 1000,
        gzip: bool = True,
        port: int = 0,
    ) -> None:
        super().__init__(models, datasets, spaces, cards=cards)
        self.requests: list[Request] = []
        self.before_page: Callable[[Pairs], None] | None = None
        self._hub = Hub(self, token=token, page_size_limit=page_size_limit)
        self._gzip = gzip
        self._port = port
        self._windows: dict[str, Window] = {}
        self._faults: list[Fault] = []
        self._faults_lock = threading.Lock()

    @classmethod
    def from_pages(
        cls, models: Pages = (), datasets: Pages = (), spaces: Pages = (), *, port: int = 0
    ) -> Self:
        """Return a stand-in that holds recorded pages, given as files or folders."""
        return cls(read_pages(models), read_pages(datasets), read_pages(spaces), port=port)

    def __enter__(self) -> Self:
        self._server = Server(self._port, self._respond)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()

    @property
    def endpoint(self) -> str:
        """The address to use in the place of https://huggingface.co."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def refused(self) -> frozenset[str]:
        """The fields that a listing does not expand, although a single repository does."""
        return self._hub.refused

    @refused.setter
    def refused(self, fields: Iterable[str]) -> None:
        self._hub.refused = frozenset(fields)

    @property
    def rate_limit(self) -> RateLimit | None:
        """How many API requests are answered in a window; None answers all."""
        return self._limit("api")

    @rate_limit.setter
    def rate_limit(self, limit: RateLimit | None) -> None:
        self._set_limit("api", limit)

    @property
    def file_limit(self) -> RateLimit | None:
        """How many requests for files are answered in a window; None answers all."""
        return self._limit("resolvers")

    @file_limit.setter
    def file_limit(self, limit: RateLimit | None) -> None:
        self._set_limit("resolvers", limit)

    def fault(self, fault: Fault) -> None:
        """Let something go wrong; of several faults that concern a request, the first."""
        with self._faults_lock:
            self._faults.append(fault)

    @property
    def pending(self) -> list[Fault]:
        """The faults that are still to come, each with the times that are left."""
        with self._faults_lock:
            return list(self._faults)

    def _limit(self, resource: str) -> RateLimit | None:
        window = self._windows.get(resource)
        return window.limit if window else None

    def _set_limit(self, resource: str, limit: RateLimit | None) -> None:
        self._windows.pop(resource, None)
        if limit is not None:
            self._windows[resource] = Window(limit, resource)

    def _respond(self, request: Request) -> Response:
        response = self._answer_or_fail(request)
        self.requests.append(replace(request, status=int(response.status)))
        return compressed(response, request) if self._gzip else response

    def _answer_or_fail(self, request: Request) -> Response:
        fault = self._next_fault(request)
        if fault is None:
            return self._answer(request)
        response = play(fault, request, lambda: self._answer(request))
        if fault.rename is not None:
            self.rename(*fault.rename)
        return response

    def _next_fault(self, request: Request) -> Fault | None:
        with self._faults_lock:
            for place, fault in enumerate(self._faults):
                if fault.concerns(request):
                    left = fault.times - 1
                    self._faults[place : place + 1] = [replace(fault, times=left)] if left else []
                    return fault
        return None

    def _answer(self, request: Request) -> Response:
        window = self._windows.get("resolvers" if CARDS.fullmatch(request.path) else "api")
        allowed, headers = window.take() if window else (True, {})
        if not allowed:
            return error(HTTPStatus.TOO_MANY_REQUESTS, "Too Many Requests").also(**headers)
        if self.before_page is not None and LISTING.fullmatch(request.path):
            self.before_page(request.query)
        return answer(self._hub, request).also(**headers)
