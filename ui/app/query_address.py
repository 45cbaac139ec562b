"""The address of what is asked on the page SPARQL, read with mistrust and written short.

?query=SELECT…&run=1                         a query; a long one is packed, and begins with a tilde
?question=path&p.from=acme/chat&p.to=…&run=1 a named question with its parameters
?view=questions, ?view=history               the list of them; what was asked in this session

``run=1`` asks at once, ``seconds=60`` is how long it may take.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlencode

__all__ = ["SECONDS", "InvalidLink", "Request", "View", "pack", "read_request", "unpack"]

SECONDS = (5, 20, 60, 120)
"""How long a query may be given."""

MOST_CHARACTERS = 50_000
"""The longest query that an address may hold."""

_USUAL_SECONDS = 20
_PACKED = "~"
_PLAIN = 400  # characters from which on packing is worth it
_MOST_VALUES = 20
_PARAMETER = "p."


class InvalidLink(ValueError):
    """Indicates an address that holds no query that can be read."""


class View(StrEnum):
    """The three faces of the page."""

    EDITOR = "editor"
    QUESTIONS = "questions"
    HISTORY = "history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked: a query, or the name of a question and its parameters; neither in a list."""

    view: View = View.EDITOR
    text: str = ""
    question: str = ""
    values: tuple[tuple[str, str], ...] = ()
    seconds: int = _USUAL_SECONDS
    run: bool = False

    @property
    def parameters(self) -> dict[str, str]:
        """The request as parameters of an address; what is usual is left out.

        >>> Request(question="roots", values=(("model", "acme/chat"),), run=True).parameters
        {'question': 'roots', 'p.model': 'acme/chat', 'run': '1'}
        """
        found = {}
        if self.question:
            found["question"] = self.question
            found.update({f"{_PARAMETER}{name}": value for name, value in self.values})
        elif self.text:
            found["query"] = pack(self.text)
        elif self.view is not View.EDITOR:
            found["view"] = self.view.value
        if self.seconds != _USUAL_SECONDS:
            found["seconds"] = str(self.seconds)
        if self.run:
            found["run"] = "1"
        return found

    @property
    def subject(self) -> tuple[str, str, tuple[tuple[str, str], ...]]:
        """What is asked, whoever starts it and however long it may take."""
        return self.text, self.question, self.values

    @property
    def address(self) -> str:
        """The request as an address of this app."""
        return f"/sparql?{urlencode(self.parameters, safe='/')}"


def read_request(parameters: Mapping[str, str]) -> Request:
    """Read an address; raises InvalidLink where it holds a query that cannot be unpacked.

    >>> read_request({"view": "nonsense", "seconds": "9999", "run": "yes"})
    Request(view=<View.EDITOR: 'editor'>, text='', question='', values=(), seconds=20, run=False)
    """
    run = parameters.get("run") == "1"
    seconds = next((s for s in SECONDS if str(s) == parameters.get("seconds")), _USUAL_SECONDS)
    if question := parameters.get("question", "")[:100]:
        named = sorted(name for name in parameters if name.startswith(_PARAMETER))[:_MOST_VALUES]
        values = tuple((name.removeprefix(_PARAMETER), parameters[name][:500]) for name in named)
        return Request(
            view=View.QUESTIONS, question=question, values=values, seconds=seconds, run=run
        )
    if text := unpack(parameters.get("query", "")):
        return Request(text=text, seconds=seconds, run=run)
    view = next((view for view in View if view == parameters.get("view")), View.EDITOR)
    return Request(view=view, seconds=seconds)


def pack(text: str) -> str:
    """Return a query as an address holds it: a short one as it is.

    >>> pack("ASK {}"), len(pack("SELECT * { ?s ?p ?o }" * 100)) < 100
    ('ASK {}', True)
    """
    if len(text) < _PLAIN and not text.startswith(_PACKED):
        return text
    packed = zlib.compress(text.encode("utf-8", "replace"), 9)
    return _PACKED + urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(text: str) -> str:
    """Return the query that an address holds; never more than it may hold, however well packed."""
    if len(text) > 2 * MOST_CHARACTERS:
        raise InvalidLink("the link is too long to hold a query")
    if not text.startswith(_PACKED):
        return text
    code = text[1:]
    try:
        packed = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        reader = zlib.decompressobj()
        found = reader.decompress(packed, MOST_CHARACTERS + 1).decode()
    except (binascii.Error, zlib.error, ValueError):
        raise InvalidLink("the link is damaged: the query in it cannot be unpacked") from None
    if len(found) > MOST_CHARACTERS or reader.unconsumed_tail:
        raise InvalidLink(f"the query in the link has more than {MOST_CHARACTERS:,} characters")
    if not reader.eof:
        raise InvalidLink("the link was cut off: the query in it is not whole")
    return found
