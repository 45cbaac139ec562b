"""The address of a query: it comes back as it was, and nonsense is answered in words."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.app.query_address import MOST_CHARACTERS, InvalidLink, Request, View, read_request, unpack

LONG = "SELECT ?x WHERE { ?x a fair4ml:MLModel } # and so on\n" * 20


def _packed(data: bytes) -> str:
    return "~" + urlsafe_b64encode(data).decode().rstrip("=")


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=2000))
def test_a_query_comes_back(text: str) -> None:
    """Whatever is asked is what the address holds."""
    request = Request(text=text, seconds=60, run=True)

    assert request == read_request(request.parameters)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(min_size=1), max_size=5)
)
def test_a_question_comes_back(values: dict[str, str]) -> None:
    """A question keeps its parameters."""
    pairs = tuple(sorted(values.items()))
    request = Request(view=View.QUESTIONS, question="impact", values=pairs, run=True)

    assert request == read_request(request.parameters)


def test_a_long_query_is_packed() -> None:
    """An address can be sent by mail."""
    assert len(Request(text=LONG).address) < len(LONG) / 4


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        ("~", "cut off"),
        ("~!!!", "cut off|damaged"),
        ("~é", "damaged"),
        (_packed(b"no zlib"), "damaged"),
        (_packed(zlib.compress(b"\xff\xfe")), "damaged"),
        (_packed(zlib.compress(LONG.encode())[:-8]), "cut off"),
        (_packed(zlib.compress(b" " * 10_000_000)), "more than"),
        ("x" * (2 * MOST_CHARACTERS + 1), "too long"),
    ],
)
def test_a_bad_link_is_told(packed: str, why: str) -> None:
    """A link that was damaged, cut off or made to burst gives a text and takes no memory."""
    with pytest.raises(InvalidLink, match=why):
        unpack(packed)


@given(st.text(max_size=200))
def test_no_text_breaks_the_page(text: str) -> None:
    """Whatever stands in an address, it is a query or an InvalidLink."""
    parameters = dict.fromkeys(["query", "question", "view", "seconds", "run", "p.x"], text)
    try:
        read_request(parameters)
        read_request({"query": f"~{text}"})
    except InvalidLink:
        pass
