"""A client without any kindness: it sends one request, follows nothing, and retries nothing."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.hub.standin import StandIn

__all__ = ["Got", "names", "send", "walk"]


@dataclass(frozen=True, slots=True)
class Got:
    """What came back from the stand-in."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """What the body says."""
        return json.loads(self.body)

    @property
    def ids(self) -> list[str]:
        """The names of the listed repositories."""
        return [row["id"] for row in self.json]

    @property
    def following(self) -> str | None:
        """The address of the next page, without its host."""
        link = self.headers["Link"]
        if link is None:
            return None
        parts = urlsplit(link.removeprefix("<").removesuffix('>; rel="next"'))
        return f"{parts.path}?{parts.query}"


def send(hub: StandIn, target: str, method: str = "GET", **headers: str) -> Got:
    """Send one request as it is, following nothing; an underscore in a name stands for a hyphen."""
    connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers=named)
        response = connection.getresponse()
        return Got(response.status, response.headers, response.read())
    finally:
        connection.close()


def walk(hub: StandIn, target: str) -> Iterator[Got]:
    """Yield the pages of a listing."""
    following: str | None = target
    while following:
        page = send(hub, following)
        yield page
        following = page.following


def names(hub: StandIn, target: str) -> list[str]:
    """Return the names on all pages of a listing."""
    return [name for page in walk(hub, target) for name in page.ids]
