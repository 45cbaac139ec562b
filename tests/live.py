"""A live Hub for tests: rows as the Hub lists them, and runs that end quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from typing import Any

from huggingface_hub import close_session

from ingest.hub import Client, HubReport, Limits, Plan, ingest_hub
from tests.hub import StandIn

__all__ = ["QUICK", "app", "client_of", "data", "row", "standing", "sync"]

QUICK = Limits(patience=4, first_contact=4, connect=2, silence=1, deadline=3, first_wait=0.02)
"""Limits of somebody in a hurry."""


def row(name: str, *tags: str, day: int = 1, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a model as the Hub lists it, last changed on a day of May 2026.

    >>> row("a/chat", "base_model:a/base", day=3)["lastModified"]
    '2026-05-03T00:00:00.000Z'
    """
    digest = sha1(f"{name}{tags}{day}{fields}".encode(), usedforsecurity=False).hexdigest()
    return {
        "id": name,
        "createdAt": "2026-01-01T00:00:00.000Z",
        "lastModified": f"2026-05-{day:02d}T00:00:00.000Z",
        "tags": list(tags),
        "gated": False,
        "private": False,
        "downloads": 1,
        "likes": 0,
        "sha": digest,
    } | fields


data = row
"""A dataset has the same fields."""


def app(name: str, *, models: tuple[str, ...] = (), **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a Space as the Hub lists it."""
    return row(name, models=list(models), sdk="gradio", **fields)


@contextmanager
def standing(*models: dict[str, Any], **others: Any) -> Iterator[StandIn]:  # noqa: ANN401
    """Offer a Hub with these models; the client's session ends with it."""
    try:
        with StandIn(models=models, **others) as hub:
            yield hub
    finally:
        close_session()


def client_of(hub: StandIn, **changes: Any) -> Client:  # noqa: ANN401 - a field of the client
    """Return a client of a stand-in that loses patience quickly."""
    return Client(hub.endpoint, **{"limits": QUICK} | changes)


def sync(graph: Path, hub: StandIn, client: Client | None = None, **plan: Any) -> HubReport:  # noqa: ANN401
    """Bring a graph up to date with a stand-in."""
    return ingest_hub(graph, client or client_of(hub), Plan(**plan))
