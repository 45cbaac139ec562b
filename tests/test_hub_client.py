"""One request with manners: what is tried again, how long, and what is never done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from huggingface_hub import close_session
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from graph.model.errors import SourceUnavailable, UsageError
from ingest.hub.client import Answer, Client, Limits, same_host
from ingest.hub.patience import asked_wait, is_passing, quota_wait
from tests.hub import Fault, RateLimit, StandIn

TOKEN = "hf_" + "s3cret" * 5
QUICK = Limits(patience=8, first_contact=8, connect=2, silence=0.5, deadline=1.5, first_wait=0.05)


@pytest.fixture(autouse=True)
def session() -> Iterator[None]:
    """Close the client's session: a connection left open is a warning in a later test."""
    yield
    close_session()


@pytest.fixture
def hub() -> Iterator[StandIn]:
    """Yield a Hub with one model."""
    with StandIn(models=[{"id": "a/base", "tags": ["x"] * 400}]) as standing:
        yield standing


def client(hub: StandIn, **changes: Any) -> Client:  # noqa: ANN401 - a field of the client
    """Return a client that loses patience quickly."""
    return Client(hub.endpoint, **{"limits": QUICK} | changes)


def body(answer: Answer) -> bytes:
    """Read any answer."""
    return answer.body


def ids(answer: Answer) -> bytes:
    """Read a list of repositories; anything else is not what was asked for."""
    if not (answer.body.startswith(b"[") and answer.body.endswith(b"]")):
        raise ValueError("no list")
    return answer.body


def fetch(one: Client) -> bytes:
    """Return the page of all models."""
    return one.get(f"{one.endpoint}/api/models", ids)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("server_error", times=2),
        Fault("server_error", status=500),
        Fault("request_timeout"),
        Fault("rate_limited", seconds=0),
        Fault("rate_limited_retry_after", seconds=0),
        Fault("rate_limited_retry_after", seconds=0, as_date=True),
        Fault("rate_limited_bare"),
        Fault("cut_mid_body"),
        Fault("truncated_gzip"),
        Fault("refuse"),
        Fault("stall", seconds=3),
        Fault("slow_drip", seconds=0.3),
        Fault("wrong_json"),
        Fault("wrong_json", html=True),
        Fault("not_a_list"),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.as_date}-{fault.html}",
)
def test_what_may_pass_is_tried_again(hub: StandIn, fault: Fault) -> None:
    """The answer comes in the end, whole, and the wait was told with its reason."""
    told: list[tuple[float, str]] = []
    hub.fault(fault)
    page = fetch(client(hub, waiting=lambda seconds, reason: told.append((seconds, reason))))

    assert b'"a/base"' in page
    assert fault.times == len(told)
    assert [] == hub.pending


def test_the_rate_limit_is_obeyed_before_it_refuses(hub: StandIn) -> None:
    """The last answer of a window says so; the next request waits, and no 429 is ever seen."""
    hub.rate_limit = RateLimit(quota=2, window_seconds=2)
    one = client(hub)
    for _ in range(4):
        fetch(one)

    assert {200} == {request.status for request in hub.requests}


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (Fault("server_error", times=99), "answers 503"),
        (Fault("refuse", times=99), "stays away"),
        (Fault("wrong_json", times=99), "no list"),
        (Fault("rate_limited", seconds=86_400), "answers 429"),
        (Fault("redirect_foreign"), "another host"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_patience_ends(hub: StandIn, fault: Fault, said: str) -> None:
    """The error says what happened, and that going on is possible; a day is too long to wait."""
    hub.fault(fault)
    began = time.monotonic()
    one = client(hub, limits=Limits(patience=1, first_wait=0.05))

    with pytest.raises(SourceUnavailable, match=said):
        fetch(one)
    assert time.monotonic() - began < 5


def test_a_hub_that_never_answered_is_given_up_sooner(hub: StandIn) -> None:
    """Whoever mistyped an address is told within a minute, not after a quarter of an hour."""
    hub.fault(Fault("server_error", times=99))
    one = client(hub, limits=Limits(patience=600, first_contact=0.5, first_wait=0.05))

    with pytest.raises(SourceUnavailable):
        fetch(one)


def test_an_answer_that_is_too_large_is_not_read(hub: StandIn) -> None:
    """A page of spaces that unfolds to megabytes stops at the limit."""
    hub.fault(Fault("huge_page", megabytes=3))

    with pytest.raises(SourceUnavailable, match="over 1,000,000 bytes"):
        fetch(client(hub, limits=Limits(largest=1_000_000)))


def test_what_the_hub_refuses_is_the_clients_own_error(hub: StandIn) -> None:
    """A missing repository, and a status that says nothing."""
    one = client(hub)

    with pytest.raises(RepositoryNotFoundError):
        one.get(f"{one.endpoint}/api/models/a/gone", body)
    with pytest.raises(HfHubHTTPError):
        one.get(f"{one.endpoint}/nowhere", body)


def test_the_token_goes_to_the_endpoint_only(hub: StandIn) -> None:
    """It is in the header of what is asked, never in an address, and in no other place."""
    one = client(hub, token=TOKEN)
    fetch(one)
    request = hub.requests[-1]

    assert f"Bearer {TOKEN}" == request.headers["authorization"]
    assert TOKEN not in request.target + repr(one)
    with pytest.raises(SourceUnavailable, match="another host"):
        one.get("http://127.0.0.1:9/api/models", body)


def test_the_token_does_not_travel_in_the_clear() -> None:
    """Over plain HTTP to anywhere but this machine it stays at home."""
    assert "authorization" not in Client("http://hub.example", token=TOKEN)._headers
    assert "authorization" in Client("https://hub.example", token=TOKEN)._headers
    assert "authorization" not in Client("https://hub.example")._headers


def test_a_token_that_is_not_accepted_is_said_to_be_so() -> None:
    """The remedy is to log in again."""
    with (
        StandIn(token="hf_right") as hub,  # noqa: S106 - made up
        pytest.raises(SourceUnavailable, match="does not accept the token"),
    ):
        fetch(client(hub, token=TOKEN))


def test_the_user_agent_names_the_project(hub: StandIn) -> None:
    """Whoever reads the Hub's logs knows whom to write to."""
    fetch(client(hub))

    assert "remixgraph/" in hub.requests[-1].headers["user-agent"]


def test_offline_mode_is_respected(hub: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """With HF_HUB_OFFLINE nothing is asked."""
    monkeypatch.setattr("huggingface_hub.constants.is_offline_mode", lambda: True)

    with pytest.raises(SourceUnavailable, match="HF_HUB_OFFLINE"):
        fetch(client(hub))
    assert [] == hub.requests


def test_who_is_stopped_waits_no_longer(hub: StandIn) -> None:
    """Not even as long as the Hub asks for."""
    hub.fault(Fault("rate_limited", seconds=5))
    one = client(hub)
    one.waiting = lambda _seconds, _reason: one.stop()
    began = time.monotonic()

    with pytest.raises(SourceUnavailable, match="stopped"):
        fetch(one)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("huggingface", "no address of a Hub"),
        ("ftp://hub.example", "no address of a Hub"),
        ("https://me:secret@hub.example", "pass a token in HF_TOKEN"),
    ],
)
def test_an_endpoint_is_checked(endpoint: str, said: str) -> None:
    """A secret in it is not repeated in the message."""
    with pytest.raises(UsageError, match=said) as caught:
        Client(endpoint)
    assert "secret" not in str(caught.value)


def test_hosts_are_told_apart_by_scheme_name_and_port() -> None:
    """A name that only begins alike is another host."""
    endpoint = "https://hub.example"

    assert same_host("https://HUB.example/api", endpoint)
    assert not same_host("https://hub.example.evil/api", endpoint)
    assert not same_host("http://hub.example/api", endpoint)
    assert not same_host("https://hub.example:444/api", endpoint)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"ratelimit": '"api";r=0;t=55'}, 56.0),
        ({"ratelimit": '"api";r=3;t=55'}, None),
        ({"ratelimit": "nonsense"}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 -0000"}, 0.0),
        ({"ratelimit": '"api";r=0;t=5', "retry-after": "99"}, 6.0),
    ],
)
def test_what_the_hub_asks_for_is_read(headers: dict[str, str], expected: float | None) -> None:
    """The count of the rate limit goes before Retry-After, which is seconds or a date."""
    assert expected == asked_wait(429, headers)


def test_a_quota_in_the_headers_of_another_error_is_not_the_reason() -> None:
    """Only a 429 is about the quota."""
    assert asked_wait(503, {"ratelimit": '"api";r=0;t=55'}) is None
    assert 56.0 == quota_wait({"ratelimit": '"api";r=0;t=55'})


def test_statuses() -> None:
    """What passes is worth another attempt."""
    passing: Callable[[int], bool] = is_passing

    assert [408, 425, 429, 500, 503, 504] == [
        status for status in (200, 304, 400, 401, 404, 408, 425, 429, 500, 503, 504)
        if passing(status)
    ]  # fmt: skip
