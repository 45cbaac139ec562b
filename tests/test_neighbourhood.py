"""The view around a focus: how far it reaches, and what it counts instead of showing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import vocabulary as v
from graph.neighbourhood import Neighbourhood, facts, neighbourhood, to_networkx
from graph.records import Kind, Relation
from graph.store import Node
from tests.builders import license_, model
from tests.graphs import graph_in_memory


def _iri(name: str) -> str:
    return v.repository_iri(Kind.MODEL, name)


def _levels(shown: Neighbourhood) -> dict[str, int]:
    return {facts["id"]: facts["level"] for _, facts in shown.view.nodes(data=True)}


def test_levels_count_steps_from_the_focus() -> None:
    """Ancestors are at negative levels, descendants at positive ones."""
    graph = graph_in_memory(
        model("d -> c: finetune"), model("c -> b: finetune"), model("b -> a: finetune")
    )
    shown = neighbourhood(graph, Node(Kind.MODEL, "c"), up=2, down=1)

    assert {"c": 0, "b": -1, "a": -2, "d": 1} == _levels(shown)


def test_the_most_downloaded_are_shown_and_the_rest_counted() -> None:
    """Of many children the view has as many as asked for; opening a node adds and removes none."""
    children = [model(f"child{n} -> base: finetune", downloads=n) for n in range(5)]
    graph = graph_in_memory(model("base"), *children)
    focus = Node(Kind.MODEL, "base")
    shown = neighbourhood(graph, focus, fan_out=2)
    opened = neighbourhood(graph, focus, fan_out=2, more={focus.iri: 2})

    assert {"base": 0, "child4": 1, "child3": 1} == _levels(shown)
    assert {_iri("base"): 3} == shown.hidden_children
    assert set(shown.view) < set(opened.view)
    assert {_iri("base"): 1} == opened.hidden_children


def test_parents_that_are_left_out_are_counted_apart() -> None:
    """A merge of many shows some parents and counts the others."""
    parents = ", ".join(f"p{n}: merge" for n in range(4))
    graph = graph_in_memory(model(f"merge -> {parents}"))
    shown = neighbourhood(graph, Node(Kind.MODEL, "merge"), fan_out=3)

    assert {_iri("merge"): 1} == shown.hidden_parents
    assert {} == shown.hidden_children


def test_what_is_shown_by_another_way_is_not_counted_as_hidden() -> None:
    """A child that was left out and then met two steps down is in the view: nothing is hidden."""
    graph = graph_in_memory(
        model("a -> base: finetune", downloads=9), model("b -> base: merge, a: merge")
    )
    shown = neighbourhood(graph, Node(Kind.MODEL, "base"), down=2, fan_out=1)

    assert {"base": 0, "a": 1, "b": 2} == _levels(shown)
    assert {} == shown.hidden_children


@pytest.mark.parametrize("limit", [0, 1])
def test_a_view_without_room_has_the_focus_only(limit: int) -> None:
    """However small the limit, the focus is shown and the rest is counted."""
    graph = graph_in_memory(model("a -> base: finetune"), model("b -> base: finetune"))
    shown = neighbourhood(graph, Node(Kind.MODEL, "base"), limit=limit)

    assert {"base": 0} == _levels(shown)
    assert {_iri("base"): 2} == shown.hidden_children


@given(
    st.sets(
        st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), min_size=6, max_size=24
    ),
    st.fixed_dictionaries({name: st.integers(0, 3) for name in "abcdef"}),
    st.integers(0, 2),
)
def test_a_view_keeps_its_promises(
    links: set[tuple[str, str]], extra: dict[str, int], fan_out: int
) -> None:
    """Opening nodes only adds; edges join all that is shown; what is not is counted."""
    parents = {
        name: [parent for child, parent in sorted(links) if child == name] for name in "abcdef"
    }
    graph = graph_in_memory(
        *(model(f"{child} -> " + ", ".join(named)) for child, named in parents.items())
    )
    focus = Node(Kind.MODEL, "a")
    shown = neighbourhood(graph, focus, up=2, down=2, fan_out=fan_out)
    more = {_iri(name): number for name, number in extra.items()}
    opened = neighbourhood(graph, focus, up=2, down=2, fan_out=fan_out, more=more)
    edges = {(_iri(child), _iri(parent)) for child, parent in links}

    assert set(shown.view) <= set(opened.view)
    for view, hidden_parents, hidden_children in (shown[1:], opened[1:]):
        assert {(c, p) for c, p in edges if c in view and p in view} == set(view.edges())
        for node, count in hidden_parents.items():
            assert count == len({p for c, p in edges if c == node and p not in view})
        for node, count in hidden_children.items():
            assert count == len({c for c, p in edges if p == node and c not in view})


def test_the_view_has_a_limit() -> None:
    """However many there are within the steps, the view stays small enough to draw."""
    graph = graph_in_memory(*(model(f"c{n} -> base: finetune") for n in range(9)))
    shown = neighbourhood(graph, Node(Kind.MODEL, "base"), fan_out=100, limit=5)

    assert 5 == len(shown.view)
    assert {_iri("base"): 5} == shown.hidden_children


def test_only_chosen_relations_are_followed_and_drawn() -> None:
    """A relation that was not chosen leads nowhere."""
    graph = graph_in_memory(model("child -> tuned: finetune, merged: merge"))
    chosen = [Relation.MERGE]
    shown = neighbourhood(graph, Node(Kind.MODEL, "child"), relations=chosen)

    assert {"child": 0, "merged": -1} == _levels(shown)


def test_self_loops_and_double_relations_are_kept() -> None:
    """Every edge between the nodes is in the view, one for each relation."""
    graph = graph_in_memory(model("a -> a: merge, b: merge, b: finetune"))
    view = neighbourhood(graph, Node(Kind.MODEL, "a")).view

    expected = [("a", "a", "merge"), ("a", "b", "finetune"), ("a", "b", "merge")]
    name = {iri: facts["id"] for iri, facts in view.nodes(data=True)}
    assert expected == sorted((name[c], name[p], key) for c, p, key in view.edges(keys=True))


def test_a_self_loop_takes_no_place() -> None:
    """A repository that names itself is not one of its own most downloaded neighbours."""
    graph = graph_in_memory(
        model("base -> base: merge", downloads=9), model("child -> base: finetune")
    )

    shown = neighbourhood(graph, Node(Kind.MODEL, "base"), fan_out=1)

    assert {"base": 0, "child": 1} == _levels(shown)


def test_facts_leave_out_what_is_not_known() -> None:
    """A card of facts has what is declared, and nothing made up."""
    record = model(
        "acme/chat -> gone: finetune",
        downloads=7,
        created="2024-01-01T00:00:00Z",
        tasks=("text-generation",),
        licenses=(license_("mit"), license_("gpl-3.0")),
    )
    graph = graph_in_memory(record)

    assert {
        "id": "acme/chat",
        "kind": "model",
        "known": True,
        "downloads": 7,
        "created": "2024-01-01T00:00:00Z",
        "task": "text-generation",
        "license": "gpl-3.0, mit",
        "license_category": "several",
    } == facts(graph, _iri("acme/chat"))
    assert {"id": "gone", "kind": "model", "known": False} == facts(graph, _iri("gone"))


def test_facts_are_of_repositories_only() -> None:
    """Another node is refused by name."""
    with pytest.raises(ValueError, match="owner is not the IRI of a repository"):
        facts(graph_in_memory(), v.owner_iri("acme"))


def test_networkx_gets_the_edges_between_what_was_asked_for() -> None:
    """A part of the graph handed out holds no edge that leads out of it."""
    graph = graph_in_memory(model("c -> b: finetune, x: merge"), model("b -> a: finetune"))
    view = to_networkx(graph, [_iri("c"), _iri("b")])

    assert [(_iri("c"), _iri("b"), "finetune")] == list(view.edges(keys=True))
