"""Searching by name: beginnings, parts, several words, typos, and the order of what is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Kind, Model
from graph.search.spelling import typos
from graph.search.start import Found
from graph.search.suggestions import NameIndex
from tests.builders import dataset, model, space
from tests.lineages import index_of
from tests.strategies import ids

LLAMAS = (
    "meta-llama/Llama-2-7b",
    "meta-llama/Llama-2-7b-chat",
    "bartowski/Llama-3-8B-GGUF",
    "TinyLlama/TinyLlama-1.1B",
    "gpt2",
    "mistralai/Mistral-7B",
)


def names_of(*names: str) -> NameIndex:
    """Return the search over models, the first of them downloaded most."""
    return NameIndex(
        index_of(*(model(name, downloads=100 - place) for place, name in enumerate(names)))
    )


def found(names: NameIndex, text: str, limit: int = 10) -> list[str]:
    """Return the ids that a search finds."""
    return [row.id for row in names.search(text, limit=limit)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("g", ["gpt2", "bartowski/Llama-3-8B-GGUF"]),
        ("gp", ["gpt2"]),
        ("7", ["mistralai/Mistral-7B", "meta-llama/Llama-2-7b", "meta-llama/Llama-2-7b-chat"]),
        ("GGUF bart", ["bartowski/Llama-3-8B-GGUF"]),
        ("llama chat", ["meta-llama/Llama-2-7b-chat"]),
        ("llama-2-7b-chat", ["meta-llama/Llama-2-7b-chat"]),
        ("artow", ["bartowski/Llama-3-8B-GGUF"]),
        ("mstral", ["mistralai/Mistral-7B"]),
        ("mistarl", ["mistralai/Mistral-7B"]),
        ("mixtral", ["mistralai/Mistral-7B"]),
        ("gbt2", ["gpt2"]),
        ("7b mistrral", ["mistralai/Mistral-7B"]),
        ("https://huggingface.co/gpt2", ["gpt2"]),
        ("zzz", []),
        ("zzz llama", []),
        ("zz", []),
        ("", []),
        ("-/.", []),
    ],
)
def test_what_is_typed_finds(typed: str, expected: list[str]) -> None:
    """Prefixes, parts, words in any order, addresses, and words with one wrong letter."""
    assert sorted(expected) == sorted(found(names_of(*LLAMAS), typed))


def test_better_matches_come_before_more_downloads() -> None:
    """The whole name, the beginning of one, the beginning of a word, a part, a typo."""
    names = names_of("a/xphi", "a/my-phi", "a/phi-2", "a/phi", "phi/x", "a/phj")

    assert ["a/phi", "phi/x", "a/phi-2", "a/my-phi", "a/xphi", "a/phj"] == found(names, "phi")
    assert ["a/phi", "phi/x"] == found(names, "phi", limit=2)


def test_the_name_as_typed_comes_first() -> None:
    """Hyphens count when they are typed: the whole id, then what begins so, then the rest."""
    names = names_of("b/2-llama", "b/my-llama-2", "b/llama-2-7b", "b/llama-2")

    assert ["b/llama-2", "b/llama-2-7b", "b/my-llama-2", "b/2-llama"] == found(names, "llama-2")
    assert ["b/llama-2", "b/llama-2-7b"] == found(names, "B/LLAMA-2")[:2]


def test_a_kind_may_be_asked_for() -> None:
    """Models that hide the one dataset are looked past; references say that they are none."""
    many = [model(f"qa/a-{number}", downloads=9) for number in range(300)]
    index = NameIndex(
        index_of(*many, dataset("acme/qa-set -> raw/qa-set: source"), space("demo/qa"))
    )
    rows = index.search("qa", limit=2, kind=Kind.DATASET)

    expected = [
        Found(Kind.DATASET, "acme/qa-set", None, known=True),
        Found(Kind.DATASET, "raw/qa-set", None, known=False),
    ]
    assert expected == rows
    assert ["acme/qa-set"] == [row.id for row in index.search("qa", limit=1, kind=Kind.DATASET)]
    assert ["demo/qa"] == [row.id for row in index.search("qa demo", kind=Kind.SPACE)]
    assert [] == index.search("qa", limit=0)


def test_of_many_words_the_most_downloaded_come_first() -> None:
    """However many words begin with what was typed, the best few of all are found."""
    names = names_of(*(f"a/word{number * 7 % 30}" for number in range(30)))

    assert ["a/word0", "a/word7", "a/word14"] == found(names, "word", limit=3)


def test_an_empty_index_finds_nothing() -> None:
    """There may be no repositories at all."""
    assert [] == NameIndex(index_of()).search("llama")


def test_long_words_are_told_apart_by_their_ends() -> None:
    """Words that begin alike for longer than the index compares at once."""
    names = names_of("a/supercalifragilistic", "a/supercalifornia", "a/supercal")

    assert ["a/supercalifornia"] == found(names, "supercalifo", limit=1)
    assert ["a/supercalifornia"] == found(names, "supercalifornja")


@given(st.lists(ids, min_size=1, max_size=6, unique=True), st.data())
def test_every_word_of_an_id_finds_it(names: list[str], data: st.DataObject) -> None:
    """Whatever ids are made of, a word of one and a beginning of it find it."""
    index = NameIndex(index_of(*(Model(id=name) for name in names)))
    name = data.draw(st.sampled_from(names))
    letters = (c if c.isalnum() or not c.isascii() else " " for c in name.casefold())
    words = re.findall(r"[^ ]+", "".join(letters))
    for word in words:
        assert name in found(index, word, limit=10)


def test_typos_are_one_letter_away() -> None:
    """One letter more, less, other, or two swapped, and never the word itself."""
    meant = typos(b"abc")

    assert {b"ab", b"abcd", b"axc", b"bac"} <= set(meant)
    assert b"abc" not in meant
    assert [] == [word for word in meant if abs(len(word) - 3) > 1]
