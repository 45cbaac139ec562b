"""Text of others on our pages: shown as it is, and nothing but shown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.app.markup import Html, date, definitions, escaped, items, link, note, visible


class _Reader(HTMLParser):
    """Reads markup back: the tags with their attributes, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.targets: list[str] = []
        self.texts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.targets += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(st.text())
def test_text_stays_text(text: str) -> None:
    """No text becomes a tag, wherever it is put."""
    assert [] == _Reader(escaped(text)).tags
    assert ["dl", "dt", "dd"] == _Reader(definitions([(text, text)])).tags
    assert ["ul", "li"] == _Reader(items([text])).tags
    assert ["div", "b", "code"] == _Reader(note("error", text, text, code=f"x{text}")).tags
    assert visible(text) == "".join(_Reader(escaped(text)).texts)


@given(st.text(), st.text())
def test_links_lead_to_the_web_only(address: str, text: str) -> None:
    """An address of another scheme is no link; one of ours cannot leave its attribute."""
    assert {"a"} >= set(_Reader(link(f"https://a.example/{address}", text)).tags)
    assert all(
        target.startswith("https://a.example/")
        for target in _Reader(link(f"https://a.example/{address}", text)).targets
    )
    assert [] == _Reader(link(f"javascript:{address}", text)).tags


@given(st.text())
def test_nothing_is_hidden(text: str) -> None:
    """No sign that steers the reading or cannot be seen is left, and no line break."""
    shown = visible(text)

    assert all(char.isprintable() or char.isspace() for char in shown)
    assert "\n" not in shown
    assert len(shown) <= 300


def test_markup_of_our_own_is_not_escaped_twice() -> None:
    """What is Html already stays as it is."""
    assert Html("<b>x</b>") == escaped(Html("<b>x</b>"))


def test_a_long_list_is_cut_and_counted() -> None:
    """The rest is a number."""
    assert "and 3 more" in items([str(n) for n in range(5)], limit=2)


@pytest.mark.parametrize(("instant", "expected"), [(None, "–"), ("soon", "soon")])
def test_a_date_may_be_missing_or_odd(instant: str | None, expected: str) -> None:
    """Neither stops the page."""
    assert expected == date(instant)
