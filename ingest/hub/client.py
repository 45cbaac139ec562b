"""One request to the Hub, with manners.

Rule 1: every request has a deadline, and its answer a largest size.
Rule 2: what may pass is tried again, later each time and when the Hub says; until patience ends.
Rule 3: nothing is asked of another host, so the token cannot reach one.

The session, the headers and the errors are those of ``huggingface_hub``. Its own retries are not
used: they know no deadline, no jitter, and no single look-ups.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from time import monotonic
from typing import NamedTuple, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx2
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled
from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_any
from tenacity.nap import sleep_using_event
from tenacity.stop import stop_base, stop_before_delay

from graph.model.errors import SourceUnavailable, UsageError
from ingest.hub.patience import (
    Passing,
    Unusable,
    asked_wait,
    is_passing,
    quota_wait,
    wait_before,
)

__all__ = ["ATTEMPTS", "Answer", "Client", "Limits", "same_host"]

T = TypeVar("T")

ATTEMPTS = 6
"""Attempts at a single repository, over half a minute: one that fails does not hold up others."""

_REDIRECTS = 5
_ATTEMPTS_AT_UNUSABLE = 4
_LOOPBACK = frozenset(["127.0.0.1", "::1", "localhost"])


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much of the Hub is too much, in seconds and bytes.

    ``patience`` bounds the waiting for one answer; ``first_contact`` the same before the Hub has
    ever answered; ``deadline`` one attempt from its begin to the last byte.
    """

    patience: float = 900
    first_contact: float = 60
    connect: float = 10
    silence: float = 60
    deadline: float = 300
    first_wait: float = 1
    largest: int = 256_000_000


class Answer(NamedTuple):
    """An answer that came whole; ``url`` is where it came from after redirects."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    following: str | None = None


@dataclass
class Client:
    """Asks one endpoint; safe to use from several threads.

    ``waiting`` is told how long the client waits before another attempt, and why.
    """

    endpoint: str
    token: str | None = field(default=None, repr=False)
    limits: Limits = Limits()
    waiting: Callable[[float, str], object] = lambda _seconds, _reason: None
    requests: int = 0

    def __post_init__(self) -> None:
        """Check the endpoint; raises UsageError."""
        self.endpoint = _checked(self.endpoint)
        self._stopped = threading.Event()
        self._lock = threading.Lock()
        self._closed_until = 0.0
        self._answered = False
        safe = self.endpoint.startswith("https:") or urlsplit(self.endpoint).hostname in _LOOPBACK
        self._headers = build_hf_headers(
            token=self.token if self.token and safe else False,
            library_name="remixgraph",
            library_version=_version(),
        )

    def get(
        self,
        url: str,
        read: Callable[[Answer], T],
        headers: Mapping[str, str] | None = None,
        *,
        attempts: int | None = None,
    ) -> T:
        """Return what ``read`` makes of the answer to a request; 304 is an answer, too.

        ``attempts`` bounds them where there is something else to ask for; else patience does.
        ``read`` raises ValueError for an answer that is not what was asked for: it may have
        suffered on the way, so it is asked for again. Raises the errors of ``huggingface_hub``
        for what the Hub refuses, and SourceUnavailable when it stays away.
        """
        patience = self.limits.patience if self._answered else self.limits.first_contact
        patience = min(patience, self.limits.patience)
        retrying = Retrying(
            retry=retry_if_exception_type(Passing),
            wait=wait_before(self.limits.first_wait),
            stop=stop_any(stop_before_delay(patience), _Hopeless(attempts)),
            sleep=sleep_using_event(self._stopped),
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            result: T = retrying(self._attempt, url, read, headers or {})
        except Unusable as error:
            raise SourceUnavailable(f"{_shown(url)}: {error}; {_AGAIN}") from None
        except Passing as error:
            raise SourceUnavailable(f"{self.endpoint} stays away: {error}; {_AGAIN}") from None
        return result

    def stop(self) -> None:
        """Wait no longer: whatever is under way ends with its next failure."""
        self._stopped.set()

    def _attempt(self, url: str, read: Callable[[Answer], T], headers: Mapping[str, str]) -> T:
        if self._stopped.is_set():
            raise SourceUnavailable("stopped")
        answer = self._follow(url, headers)
        self._answered = True
        if is_passing(answer.status):
            wait = asked_wait(answer.status, answer.headers)
            raise Passing(_reason(answer), wait)
        if answer.status >= 400:  # noqa: PLR2004 - all errors
            _refuse(answer)
        try:
            return read(answer)
        except ValueError as error:
            raise Unusable(str(error)) from None

    def _follow(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Follow redirects, which is how the Hub tells of renames, on the same host."""
        for _ in range(_REDIRECTS):
            if not same_host(url, self.endpoint):
                raise SourceUnavailable(
                    f"{self.endpoint} leads to another host, {_shown(url)}: not followed"
                )
            answer = self._ask(url, headers)
            location = answer.headers.get("location")
            if answer.status not in {301, 302, 303, 307, 308} or not location:
                return answer
            url = urljoin(url, location)
        raise SourceUnavailable(f"{_shown(url)}: redirected {_REDIRECTS} times: not followed on")

    def _ask(self, url: str, headers: Mapping[str, str]) -> Answer:
        self._wait_for_quota()
        limits = self.limits
        self.requests += 1
        try:
            with get_session().stream(
                "GET",
                url,
                headers={**self._headers, **headers},
                timeout=httpx2.Timeout(limits.silence, connect=limits.connect),
                follow_redirects=False,
            ) as response:
                body = b"".join(self._read(response))
        except OfflineModeIsEnabled:
            raise SourceUnavailable("HF_HUB_OFFLINE is set: unset it to ask the Hub") from None
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise Passing(_why(error)) from None
        if (wait := quota_wait(response.headers)) is not None:
            self._close_for(wait)
        following = response.links.get("next", {}).get("url")
        return Answer(response.status_code, url, response.headers, body, following)

    def _read(self, response: httpx2.Response) -> Iterator[bytes]:
        ends = monotonic() + self.limits.deadline
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > self.limits.largest:
                raise SourceUnavailable(
                    f"{_shown(str(response.url))}: over {self.limits.largest:,} bytes: not read on"
                )
            if monotonic() > ends:
                raise Passing(f"no whole answer within {self.limits.deadline:.0f} s")
            yield part

    def _close_for(self, seconds: float) -> None:
        with self._lock:
            self._closed_until = max(self._closed_until, monotonic() + seconds)

    def _wait_for_quota(self) -> None:
        """Ask nothing while the Hub's own count says that it would refuse."""
        seconds = self._closed_until - monotonic()
        if seconds > 0:
            if seconds > self.limits.patience:
                raise Passing(f"the rate limit is used up for {seconds:.0f} s", seconds)
            self.waiting(seconds, "rate limit")
            self._stopped.wait(seconds)

    def _tell(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        seconds = state.next_action.sleep if state.next_action else 0
        self.waiting(seconds, str(error))


_AGAIN = "what came is kept: run the same command again to go on"


def same_host(url: str, endpoint: str) -> bool:
    """Tell whether an address is on the endpoint's scheme, host and port."""
    one, other = urlsplit(url), urlsplit(endpoint)
    return (one.scheme, one.netloc.lower()) == (other.scheme, other.netloc.lower())


def _checked(endpoint: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise UsageError(f"{endpoint}: no address of a Hub: give one such as https://example.org")
    if parts.username or parts.password:
        raise UsageError("the endpoint holds a user name or password: pass a token in HF_TOKEN")
    return endpoint.rstrip("/")


class _Hopeless(stop_base):
    """Stops at answers that stay unusable, and after so many attempts at what may be spared.

    An attempt that the Hub itself puts off does not count: it says when to come again.
    """

    def __init__(self, attempts: int | None) -> None:
        self.attempts = attempts
        self._counted = 0

    def __call__(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        put_off = isinstance(error, Passing) and error.wait is not None
        self._counted += not put_off
        if isinstance(error, Unusable):
            return self._counted >= _ATTEMPTS_AT_UNUSABLE
        return self.attempts is not None and self._counted >= self.attempts


def _refuse(answer: Answer) -> None:
    """Raise what ``huggingface_hub`` raises for this answer."""
    said = answer.headers.get("x-error-message", "")
    if answer.status == 401 and "Invalid credentials" in said:  # noqa: PLR2004
        raise SourceUnavailable(
            "the Hub does not accept the token: log in again, or unset HF_TOKEN"
        )
    encoded = {"content-encoding", "content-length", "transfer-encoding"}
    kept = [(name, text) for name, text in answer.headers.items() if name.lower() not in encoded]
    request = httpx2.Request("GET", answer.url)
    hf_raise_for_status(
        httpx2.Response(answer.status, headers=kept, content=answer.body, request=request)
    )
    raise HfHubHTTPError(_reason(answer), response=httpx2.Response(answer.status, request=request))


def _reason(answer: Answer) -> str:
    return f"it answers {answer.status} for {_shown(answer.url)}"


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _shown(url: str) -> str:
    """Return an address without its query, which may be long."""
    return url.partition("?")[0]


def _version() -> str:
    try:
        return version("remixgraph")
    except PackageNotFoundError:  # run from a checkout
        return "0"
