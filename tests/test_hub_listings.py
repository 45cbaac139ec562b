"""The stand-in lists as the Hub does: in every order, page by page, while rows come and go."""

from __future__ import annotations

import gzip
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.hub import StandIn
from tests.hub.client import names, send, walk
from tests.hub.fields import Row

ORDERS = ["", "sort=createdAt", "sort=lastModified", "sort=downloads", "sort=likes"]


def rows(count: int) -> list[Row]:
    """Return so many models; many share their downloads, and some miss fields to sort by."""
    return [
        {
            "id": f"acme/model-{number}",
            "createdAt": f"2024-01-{number % 28 + 1:02}T00:00:00.000Z",
            "downloads": number % 3,
            "tags": ["gguf", "region:us"] if number % 2 else ["region:us"],
            "private": False,
        }
        | ({"likes": number} if number % 2 else {})
        for number in range(count)
    ]


@pytest.mark.parametrize("order", ORDERS)
def test_every_row_once(order: str) -> None:
    """A walk gives every row once, whatever the order, whatever the page's size."""
    with StandIn(rows(47)) as hub:
        found = [names(hub, f"/api/models?limit={limit}&{order}") for limit in (1, 10, 46, 47, 99)]

    assert {row["id"] for row in rows(47)} == set(found[0])
    assert [found[0]] * 5 == found
    assert 47 == len(found[0])


def test_orders_descend() -> None:
    """A sorted listing begins with the greatest, and ends with what lacks the field."""
    with StandIn(rows(9)) as hub:
        found = names(hub, "/api/models?sort=likes&limit=2")

    assert [f"acme/model-{number}" for number in (7, 5, 3, 1)] == found[:4]


def test_rows_come_and_go_during_a_walk() -> None:
    """The next page begins after the last row seen, also when that row was deleted or moved."""
    hub = StandIn([{"id": name, "likes": 10 - place} for place, name in enumerate("abcdef")])
    target = "/api/models?sort=likes&limit=2"
    with hub:
        first = send(hub, target)
        hub.delete("model", "b")
        hub.change("model", "f", likes=99)
        hub.add("model", {"_id": "0", "id": "new", "likes": 7})
        rest = names(hub, first.following or "")

    assert ["a", "b"] == first.ids
    assert ["c", "d", "new", "e"] == rest


def test_many_walks_at_once() -> None:
    """Walks side by side are whole each, while other rows change."""
    with StandIn(rows(60)) as hub, ThreadPoolExecutor(8) as pool:
        walks = [pool.submit(names, hub, "/api/models?sort=downloads&limit=7") for _ in range(8)]
        for number in range(100):
            hub.change("model", "acme/model-0", downloads=number)
        found = [walk.result() for walk in walks]

    others = {row["id"] for row in rows(60)} - {"acme/model-0"}
    assert all(others.issubset(one) for one in found)
    assert {59} == {len([name for name in one if name in others]) for one in found}


def test_hook_before_each_page() -> None:
    """A hook sees the query of every page before its rows are taken."""
    seen: list[dict[str, str]] = []

    def like(query: list[tuple[str, str]]) -> None:
        seen.append(dict(query))
        hub.change("model", "acme/model-0", likes=len(seen))

    with StandIn(rows(4)) as hub:
        hub.before_page = like
        pages = list(walk(hub, "/api/models?limit=3&expand=likes"))
        likes = send(hub, "/api/models/acme/model-0").json["likes"]

    assert [3, 1] == [len(page.json) for page in pages]
    assert [False, True] == ["cursor" in query for query in seen]
    assert 2 == likes


def test_next_page_keeps_the_query() -> None:
    """The address of the next page is whole, on this host, and keeps every parameter."""
    with StandIn(rows(9)) as hub:
        link = send(hub, "/api/models?filter=gguf&filter=region:us&expand=tags&limit=2").headers
        found = names(hub, "/api/models?filter=gguf&filter=region:us&expand=tags&limit=2")

    assert link["Link"].startswith(f"<{hub.endpoint}/api/models?filter=gguf&filter=region%3Aus&")
    assert {f"acme/model-{number}" for number in (1, 3, 5, 7)} == set(found)


def test_filters() -> None:
    """Listings are narrowed by author, by a part of the name, and by gating."""
    held = [{"id": "acme/base"}, {"id": "acme/chat", "gated": "auto"}, {"id": "other/chat"}]
    with StandIn(datasets=held) as hub:
        by_author = names(hub, "/api/datasets?author=acme")
        by_name = names(hub, "/api/datasets?search=CHAT")
        gated = names(hub, "/api/datasets?gated=true")
        open_ = names(hub, "/api/datasets?gated=false")

    assert {"acme/base", "acme/chat"} == set(by_author)
    assert {"acme/chat", "other/chat"} == set(by_name)
    assert ["acme/chat"] == gated
    assert {"acme/base", "other/chat"} == set(open_)


def test_fields_of_a_listing() -> None:
    """A listing gives the base fields, more on request, or only those expanded."""
    row = {"_id": "1", "id": "a/b", "likes": 2, "sha": "f", "cardData": {}, "siblings": []}
    with StandIn([row]) as hub:
        found = {
            query: set(send(hub, f"/api/models?{query}").json[0])
            for query in ("", "full=True", "cardData=true", "expand=sha&expand[]=likes")
        }

    assert {
        "": {"_id", "id", "likes"},
        "full=True": {"_id", "id", "likes", "sha", "siblings"},
        "cardData=true": {"_id", "id", "likes", "cardData"},
        "expand=sha&expand[]=likes": {"_id", "id", "sha", "likes"},
    } == found


def test_unknown_and_refused_fields() -> None:
    """A field that cannot be expanded is refused with the names of those that can."""
    with StandIn([{"id": "a/b", "spaces": []}]) as hub:
        hub.refused = {"spaces", "usedStorage"}
        unknown = send(hub, "/api/models?expand=nothing")
        refused = send(hub, "/api/models?expand=likes&expand=spaces")
        single = send(hub, "/api/models/a/b?expand=spaces")

    assert [400, 400, 200] == [unknown.status, refused.status, single.status]
    assert '"expand" must be one of [author, baseModels,' in unknown.json["error"]
    assert "spaces" not in refused.json["error"]


@pytest.mark.parametrize(
    "query",
    ["sort=name", "sort=likes&direction=1", "limit=0", "limit=x", "cursor=%00", "cursor=W10="],
)
def test_bad_queries(query: str) -> None:
    """What the Hub does not understand is refused, not ignored."""
    with StandIn(rows(1)) as hub:
        status = send(hub, f"/api/models?{query}").status

    assert 400 == status


def test_pages_are_compressed_on_request() -> None:
    """Long answers come in gzip for those who accept it, short ones as they are."""
    with StandIn(rows(40)) as hub:
        plain = send(hub, "/api/models")
        packed = send(hub, "/api/models", Accept_Encoding="gzip, br")
        short = send(hub, "/api/models?limit=1", Accept_Encoding="gzip")

    assert [None, "gzip", None] == [
        got.headers["Content-Encoding"] for got in (plain, packed, short)
    ]
    assert plain.body == gzip.decompress(packed.body)


def test_connections_are_kept() -> None:
    """One connection serves many requests, and ends with the stand-in."""
    with StandIn(rows(3)) as hub:
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=10)
        for _ in range(3):
            connection.request("GET", "/api/models")
            assert 3 == len(json.load(connection.getresponse()))
        ports = {connection.sock.getsockname()[1]}
    connection.close()

    assert 1 == len(ports)
    assert ["/api/models"] * 3 == [request.path for request in hub.requests]
