"""Every fault that can be ordered of the stand-in is what it says, seen raw."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import pytest

from tests.hub import Fault, StandIn
from tests.hub.client import Got, names, send
from tests.hub.fields import Row


def rows(count: int) -> list[Row]:
    """Return so many models."""
    return [{"id": f"acme/model-{number}", "likes": number} for number in range(count)]


@pytest.fixture
def hub() -> Iterator[StandIn]:
    """Yield a stand-in with more models than fit on a page of ten."""
    with StandIn(rows(40), page_size_limit=10) as hub:
        yield hub


def failed(hub: StandIn, fault: Fault, **headers: str) -> Got:
    """Return what a listing gets with a fault; without, it gets what it should once more."""
    hub.fault(fault)
    got = send(hub, "/api/models", **headers)
    assert 10 == len(send(hub, "/api/models").json)
    return got


def test_refusals_to_answer_now(hub: StandIn) -> None:
    """Limits, time-outs and errors of the server have their status and say when to come back."""
    limited = failed(hub, Fault("rate_limited", seconds=7))
    seconds = failed(hub, Fault("rate_limited_retry_after", seconds=7))
    date = failed(hub, Fault("rate_limited_retry_after", seconds=7, as_date=True))
    bare = failed(hub, Fault("rate_limited_bare"))
    others = [failed(hub, Fault("server_error", status=status)) for status in (500, 502, 503, 504)]
    late = failed(hub, Fault("request_timeout"))

    assert [429] * 4 == [one.status for one in (limited, seconds, date, bare)]
    assert '"api";r=0;t=7' == limited.headers["RateLimit"]
    assert "7" == seconds.headers["Retry-After"]
    assert 8 > parsedate_to_datetime(date.headers["Retry-After"]).timestamp() - time.time() > 4
    assert (None, None) == (bare.headers["RateLimit"], bare.headers["Retry-After"])
    assert [500, 502, 503, 504, 408] == [one.status for one in (*others, late)]


def test_connections_that_fail(hub: StandIn) -> None:
    """A connection is closed before the first byte, at once or late, or in the middle of a body."""
    started = time.monotonic()
    for fault in (Fault("refuse"), Fault("stall", seconds=0.2)):
        with pytest.raises(http.client.RemoteDisconnected):
            failed(hub, fault)
    waited = time.monotonic() - started
    with pytest.raises(http.client.IncompleteRead) as cut:
        failed(hub, Fault("cut_mid_body"))

    assert waited >= 0.2
    assert len(cut.value.partial) > 100
    assert [0, 0, 200] == [request.status for request in hub.requests]


def test_slow_drip() -> None:
    """A body that comes byte by byte is whole in the end."""
    with StandIn([{"_id": "1", "id": "a/b"}]) as hub:
        hub.fault(Fault("slow_drip", seconds=0.005))
        started = time.monotonic()
        got = send(hub, "/api/models")

    assert [{"_id": "1", "id": "a/b"}] == got.json
    assert time.monotonic() - started > 0.005 * len(got.body)


def test_closing_ends_a_stall() -> None:
    """A stand-in closes at once, whatever it still keeps waiting."""
    with StandIn() as hub:
        hub.fault(Fault("stall", seconds=600))
        connection = http.client.HTTPConnection(urlsplit(hub.endpoint).netloc, timeout=10)
        connection.request("GET", "/api/models")
        while not hub.requests:
            time.sleep(0.01)
        started = time.monotonic()
    connection.close()

    assert time.monotonic() - started < 5


def test_bodies_that_mislead(hub: StandIn) -> None:
    """What comes with status 200 may be no list, no JSON, no whole gzip, or far too much."""
    half = failed(hub, Fault("wrong_json"))
    page = failed(hub, Fault("wrong_json", html=True))
    other = failed(hub, Fault("not_a_list"))
    broken = failed(hub, Fault("truncated_gzip"))
    huge = failed(hub, Fault("huge_page", megabytes=2))
    bomb = failed(hub, Fault("huge_page", megabytes=2), Accept_Encoding="gzip")

    assert {200} == {got.status for got in (half, page, other, broken, huge, bomb)}
    for got in (half, page):
        with pytest.raises(json.JSONDecodeError):
            json.loads(got.body)
    assert ["error"] == list(other.json)
    with pytest.raises(EOFError):
        gzip.decompress(broken.body)
    assert 2 << 20 < len(huge.body)
    assert len(bomb.body) < 20_000
    assert huge.body == gzip.decompress(bomb.body)


def test_links_that_mislead(hub: StandIn) -> None:
    """The next page may be the same page, or on another host, and so may a redirect."""
    hub.fault(Fault("repeat_page", match="cursor="))
    second = send(hub, "/api/models").following or ""
    repeated = send(hub, second)
    foreign = failed(hub, Fault("foreign_cursor", host="evil.example"))
    away = failed(hub, Fault("redirect_foreign"))

    assert second == repeated.following
    assert foreign.headers["Link"].startswith("<http://evil.example/api/models?cursor=")
    assert (302, "http://other-host.example/api/models") == (away.status, away.headers["Location"])


def test_an_id_changes_during_a_walk(hub: StandIn) -> None:
    """A repository is renamed once the page was made that shows its old name."""
    fault = Fault("id_changes", rename=("model", "acme/model-0", "acme/new"))
    hub.fault(fault)
    before = send(hub, "/api/models?limit=10")
    after = names(hub, "/api/models")

    assert "acme/new" not in before.ids
    assert "acme/new" in after
    assert "acme/model-0" not in after


def test_faults_wait_for_their_requests(hub: StandIn) -> None:
    """A fault comes as often as ordered, to the requests that match, in the order of the orders."""
    hub.fault(Fault("server_error", times=2, match="sort=likes"))
    hub.fault(Fault("request_timeout", match="/api/models"))
    found = [send(hub, f"/api/models?sort={sort}").status for sort in ("downloads", "likes")]
    left = hub.pending
    found += [send(hub, "/api/models?sort=likes").status for _ in range(2)]

    assert [408, 503, 503, 200] == found
    assert [Fault("server_error", times=1, match="sort=likes")] == left
    assert [] == hub.pending


def test_unknown_faults() -> None:
    """A fault that does not exist is named, with those that do."""
    with pytest.raises(ValueError, match="flood is no fault: take one of rate_limited, "):
        Fault("flood")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("refuse", Fault("refuse")),
        ("stall:2,seconds=0.5,match=cursor=", Fault("stall", 2, "cursor=", seconds=0.5)),
        ("wrong_json,html=1", Fault("wrong_json", html=True)),
        ("id_changes,rename=model>a>b", Fault("id_changes", rename=("model", "a", "b"))),
    ],
)
def test_faults_as_text(text: str, fault: Fault) -> None:
    """The command line takes a fault with its options."""
    assert fault == Fault.parse(text)
