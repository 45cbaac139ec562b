"""Finding a repository by a part of its name."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Kind
from graph.search import Found, SearchIndex, index_graph, starting_points
from tests.builders import dataset, model
from tests.graphs import graph_in_memory

IDS = ("meta-llama/Llama-3-8B", "acme/tiny-llama", "llama/other", "acme/xllamax", "gpt2", "acme/qa")


def _index(*ids: str) -> SearchIndex:
    """Return an index over models, the first with the most downloads."""
    return SearchIndex(Found(Kind.MODEL, name, 1000 - n) for n, name in enumerate(ids))


def _found(index: SearchIndex, text: str) -> list[str]:
    return [found.id for found in index.search(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gpt2", ["gpt2"]),
        ("GPT", ["gpt2"]),
        ("acme qa", ["acme/qa"]),
        ("qa acme", ["acme/qa"]),
        ("acme/qa", ["acme/qa"]),
        ("https://huggingface.co/acme/qa", ["acme/qa"]),
        ("  8b   llama ", ["meta-llama/Llama-3-8B"]),
        ("llama", ["llama/other", "meta-llama/Llama-3-8B", "acme/tiny-llama", "acme/xllamax"]),
        ("nothing", []),
        ("acme nothing", []),
        ("", []),
        ("   ", []),
        ("\n", []),
        ("x" * 5_000, []),
    ],
)
def test_words_are_found_in_any_order(text: str, expected: list[str]) -> None:
    """Every word must be in the id; capitals, order and an address around it do not matter."""
    found = _found(_index(*IDS), text)

    assert sorted(expected) == sorted(found)


def test_better_matches_come_first() -> None:
    """The whole name, then the beginning of one, then of a part, then the inside."""
    index = _index("a/xllama", "a/x-llama", "a/llama-x", "a/llama")

    assert ["a/llama", "a/llama-x", "a/x-llama", "a/xllama"] == _found(index, "llama")


def test_downloads_decide_among_equals() -> None:
    """What most people use comes first; what is only named, last."""
    index = SearchIndex(
        [
            Found(Kind.MODEL, "a/tiny-1", None, known=False),
            Found(Kind.MODEL, "a/tiny-2", 0),
            Found(Kind.MODEL, "a/tiny-3", 7),
        ]
    )

    assert ["a/tiny-3", "a/tiny-2", "a/tiny-1"] == _found(index, "tiny")


def test_the_limit_is_kept() -> None:
    """No more than asked for, and the best of them."""
    index = _index(*(f"a/m-{n}" for n in range(50)))

    assert ["a/m-0", "a/m-1"] == [found.id for found in index.search("m", limit=2)]


@given(
    st.lists(st.text(min_size=1, max_size=8), max_size=12, unique=True),
    st.text(min_size=1, max_size=6),
)
def test_any_text_is_searched_for_as_it_is(ids: list[str], text: str) -> None:
    """What is found contains every word; of two letters and more, nothing else does."""
    found = set(_found(_index(*ids), text))
    words = text.casefold().split()
    containing = {name for name in ids if words and all(word in name.casefold() for word in words)}

    assert found <= containing
    if all(len(word.encode(errors="replace")) > 1 for word in words):
        assert containing == found or len(containing) > 10


def test_an_empty_index_finds_nothing() -> None:
    """A graph may hold nothing yet."""
    assert [] == SearchIndex([]).search("llama")
    assert 0 == len(SearchIndex([]))


def test_a_graph_is_indexed_with_what_it_only_names() -> None:
    """A withdrawn parent can be found, and is marked as not known."""
    graph = graph_in_memory(
        model("a/chat -> gone/base: finetune", downloads=3), dataset("a/chat-data")
    )

    found = {(hit.kind, hit.id, hit.downloads, hit.known) for hit in index_graph(graph).search("a")}
    gone = index_graph(graph).search("gone")
    assert {(Kind.MODEL, "a/chat", 3, True), (Kind.DATASET, "a/chat-data", None, True)} == found
    assert [Found(Kind.MODEL, "gone/base", None, known=False)] == gone


def test_starting_points_are_what_most_was_made_from() -> None:
    """The repository with the most children first; a model made from itself is no start."""
    graph = graph_in_memory(
        model("a/1 -> a/base: finetune"),
        model("a/2 -> a/base: merge, a/other: merge"),
        model("a/loop -> a/loop: finetune"),
        model("a/base"),
    )

    assert ["a/base", "a/other"] == [found.id for found in starting_points(graph)]


def test_two_hundred_thousand_ids_answer_while_one_types() -> None:
    """A search takes a fraction of what is felt as a pause."""
    chance = random.Random(7)  # noqa: S311 - names for a test, no secret
    words = ("llama", "mistral", "qwen", "chat", "instruct", "lora", "gguf", "7b", "base", "merge")
    index = _index(
        *(
            f"user{chance.randrange(9_999)}/{'-'.join(chance.choices(words, k=4))}-{n}"
            for n in range(200_000)
        )
    )
    times = []
    for text in ("llama", "qwen 7b", "user12", "l", "mer ges lla") * 3:
        begin = time.perf_counter()
        index.search(text)
        times.append(time.perf_counter() - begin)

    assert sorted(times)[len(times) // 2] < 0.05
