"""Finding what a user means: by id, by a name of before the Hub's renaming, or with a hint."""

from __future__ import annotations

import pytest

from graph.model.errors import InvalidRepositoryId, NotInGraph
from graph.model.records import Kind
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, model, space
from tests.graphs import graph_in_memory
from ui.lookup import find


@pytest.fixture(scope="module")
def graph() -> LineageGraph:
    """Return a small graph with moved repositories, and ids that are like one another."""
    return graph_in_memory(
        model("google-bert/bert-base-uncased"),
        model("openai-community/gpt2"),
        model("acme/Tiny-Chat"),
        model("acme/Tiny-Chat-GGUF"),
        model("acme/tiny-chat-gguf-v2"),
        model("acme/tiny-chat-gguf-v2-again -> gone/Away: merge"),
        dataset("rajpurkar/squad"),
        dataset("acme/gpt2"),
        space("acme/Tiny-demo"),
    )


@pytest.mark.parametrize(
    ("text", "kind", "repository_id"),
    [
        ("acme/Tiny-Chat", Kind.MODEL, "acme/Tiny-Chat"),
        (" https://huggingface.co/acme/Tiny-Chat/ ", Kind.MODEL, "acme/Tiny-Chat"),
        ("bert-base-uncased", Kind.MODEL, "google-bert/bert-base-uncased"),
        (
            "https://huggingface.co/bert-base-uncased",
            Kind.MODEL,
            "google-bert/bert-base-uncased",
        ),
        ("gpt2", Kind.MODEL, "openai-community/gpt2"),
        ("squad", Kind.DATASET, "rajpurkar/squad"),
        ("datasets/squad", Kind.DATASET, "rajpurkar/squad"),
        ("https://huggingface.co/datasets/squad", Kind.DATASET, "rajpurkar/squad"),
        ("spaces/acme/Tiny-demo", Kind.SPACE, "acme/Tiny-demo"),
    ],
)
def test_ids_addresses_and_legacy_names(
    graph: LineageGraph, text: str, kind: Kind, repository_id: str
) -> None:
    """An id is found as it is, and a legacy name as what it is called today."""
    assert Node(kind, repository_id) == find(graph, text)


def test_the_graph_counts_more_than_the_aliases() -> None:
    """A legacy name that is in the graph under that name is what is meant."""
    graph = graph_in_memory(model("gpt2"), model("openai-community/gpt2"))

    assert Node(Kind.MODEL, "gpt2") == find(graph, "gpt2")


def test_what_is_only_named_is_found(graph: LineageGraph) -> None:
    """A repository that others name can be asked about."""
    assert Node(Kind.MODEL, "gone/Away", known=False) == find(graph, "gone/Away")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("acme/tiny-chat", "acme/Tiny-Chat or acme/Tiny-Chat-GGUF or acme/tiny-chat-gguf-v2"),
        ("ACME/TINY-CHAT-GGUF-V2", "acme/tiny-chat-gguf-v2 or acme/tiny-chat-gguf-v2-again"),
        ("datasets/acme/GPT2", "datasets/acme/gpt2"),
        ("demo", "spaces/acme/Tiny-demo"),
        ("https://huggingface.co/acme/tiny-demo", "spaces/acme/Tiny-demo"),
    ],
)
def test_a_hint_names_what_is_alike(graph: LineageGraph, text: str, hint: str) -> None:
    """Ids that differ by capitals, then the shortest that contain the text, three at most."""
    with pytest.raises(NotInGraph) as raised:
        find(graph, text)

    assert f"{text} is not in the graph: did you mean {hint}?" == str(raised.value)


@pytest.mark.parametrize("text", ["nobody/nothing", "bert-large-cased", "bert base", ""])
def test_nothing_is_alike(graph: LineageGraph, text: str) -> None:
    """Where nothing is alike, the remedy is named, also for a legacy name that is not there."""
    with pytest.raises(
        (NotInGraph, InvalidRepositoryId), match=r"check the spelling|no repository"
    ):
        find(graph, text)


def test_the_search_for_hints_is_bounded(
    graph: LineageGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a graph of any size, a mistake is answered soon."""
    monkeypatch.setattr("ui.lookup._LOOK_AT", 0)

    with pytest.raises(NotInGraph, match="check the spelling"):
        find(graph, "acme/tiny-chat")
