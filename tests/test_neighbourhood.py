"""The view around a focus: how far it reaches, what is opened in it, and what it counts instead."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.lineage import of
from graph.lineage.stepping import children, parents
from graph.model import vocabulary as v
from graph.model.records import ClaimSource, Gating, Kind, Relation, Resolution
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.expansion import Reach, Side, Turn, short_name
from graph.view.neighbourhood import (
    USES,
    Neighbourhood,
    facts,
    links_around,
    neighbourhood,
    to_networkx,
)
from tests.builders import dataset, derivation, license_, model, space
from tests.depth import dear
from tests.graphs import graph_in_memory


def _iri(name: str) -> str:
    return v.repository_iri(Kind.MODEL, name)


def _open(side: Side, name: str, helpings: int = 1) -> Turn:
    return Turn(side, short_name(_iri(name)), helpings)


def _levels(shown: Neighbourhood) -> dict[str, int]:
    return {facts["id"]: facts["level"] for _, facts in shown.view.nodes(data=True)}


def _ids(shown: Neighbourhood) -> set[str]:
    return set(_levels(shown))


def _hidden(shown: Neighbourhood) -> dict[tuple[str, Side], int]:
    return {
        (v.parse_repository_iri(iri)[1], side): handles.hidden  # type: ignore[index]
        for (iri, side), handles in shown.handles.items()
        if handles.hidden
    }


def _star(count: int, relation: str = "finetune") -> LineageGraph:
    """Return a base and its children ``c00``, ``c01`` …, the later the more downloaded."""
    children = (model(f"c{n:02} -> base: {relation}", downloads=n) for n in range(count))
    return graph_in_memory(model("base", downloads=999), *children)


BASE = Node(Kind.MODEL, "base")


def test_levels_count_generations_from_the_focus() -> None:
    """Ancestors are at negative levels, descendants at positive ones."""
    graph = graph_in_memory(
        model("d -> c: finetune"), model("c -> b: finetune"), model("b -> a: finetune")
    )
    shown = neighbourhood(graph, Node(Kind.MODEL, "c"), Reach(up=2, down=1))

    assert {"c": 0, "b": -1, "a": -2, "d": 1} == _levels(shown)


def test_the_most_downloaded_are_shown_and_the_rest_counted() -> None:
    """Of many children the view has twelve; another helping adds more and removes none."""
    graph = _star(40)
    shown = neighbourhood(graph, BASE)
    more = neighbourhood(graph, BASE, Reach(turns=[_open(Side.CHILDREN, "base", 2)]))

    assert {"base", *(f"c{n}" for n in range(28, 40))} == _ids(shown)
    assert {("base", Side.CHILDREN): 28} == _hidden(shown)
    assert {"base", *(f"c{n:02}" for n in range(4, 40))} == _ids(more)
    assert {("base", Side.CHILDREN): 4} == _hidden(more)


def test_opening_a_node_adds_exactly_its_neighbours() -> None:
    """A child's other parents come when they are asked for, and go again."""
    graph = graph_in_memory(
        model("a -> base: finetune"), model("m -> a: merge, x: merge, y: merge")
    )
    shown = neighbourhood(graph, BASE, Reach(down=2))
    opened = neighbourhood(graph, BASE, Reach(down=2, turns=[_open(Side.PARENTS, "m")]))

    assert {"base", "a", "m"} == _ids(shown)
    assert {("m", Side.PARENTS): 2} == _hidden(shown)
    assert {"x", "y"} == _ids(opened) - _ids(shown)
    assert {"base": 0, "a": 1, "m": 2, "x": 1, "y": 1} == _levels(opened)
    assert {} == _hidden(opened)


def test_a_side_that_the_steps_open_can_be_closed() -> None:
    """Closed, it counts what it hides; what the other side shows stays."""
    graph = graph_in_memory(model("c -> base: finetune"), model("base -> a: finetune"))
    shown = neighbourhood(graph, BASE, Reach(turns=[_open(Side.CHILDREN, "base", 0)]))

    assert {"base", "a"} == _ids(shown)
    assert {("base", Side.CHILDREN): 1} == _hidden(shown)
    assert shown.handles[BASE.iri, Side.CHILDREN].usual


def test_copies_are_rolled_up_and_open() -> None:
    """Quantised copies are one counted group, with the downloads of all; opened, they are shown."""
    copies = (model(f"q{n} -> base: quantized", downloads=n) for n in range(14))
    graph = graph_in_memory(model("base"), model("tuned -> base: finetune"), *copies)
    shown = neighbourhood(graph, BASE)
    opened = neighbourhood(graph, BASE, Reach(turns=[_open(Side.QUANTIZED, "base")]))
    group = shown.groups[BASE.iri, Side.QUANTIZED]

    assert {"base", "tuned"} == _ids(shown)
    assert (14, 14, sum(range(14))) == (group.size, group.hidden, group.downloads)
    assert {} == _hidden(shown)
    assert 12 == len(_ids(opened) - _ids(shown))
    assert 2 == opened.groups[BASE.iri, Side.QUANTIZED].hidden


def test_one_copy_is_shown_and_so_are_those_whose_children_are() -> None:
    """A group needs two, and hides nothing that something else in the view was made from."""
    graph = graph_in_memory(
        model("q1 -> base: quantized"),
        model("q2 -> base: quantized"),
        model("a1 -> base: adapter"),
        model("a2 -> base: adapter"),
        model("m -> a1: merge"),
        model("m2 -> a2: merge"),
        model("one -> tuned: adapter"),
        model("tuned -> base: finetune"),
    )
    shown = neighbourhood(graph, BASE, Reach(down=2))

    assert [(BASE.iri, Side.QUANTIZED)] == list(shown.groups)
    assert {"base", "a1", "a2", "m", "m2", "tuned", "one"} == _ids(shown)


def test_rolling_up_can_be_switched_off() -> None:
    """Then copies are neighbours like others."""
    shown = neighbourhood(_star(4, "quantized"), BASE, Reach(rolled=False))

    assert {} == shown.groups
    assert 5 == len(shown.view)


def test_what_is_shown_by_another_way_is_not_counted_as_hidden() -> None:
    """A child that was left out and then met two steps down is in the view: nothing is hidden."""
    many = (model(f"c{n:02} -> base: finetune", downloads=n + 1) for n in range(12))
    graph = graph_in_memory(*many, model("b -> base: merge, c11: merge"))
    shown = neighbourhood(graph, BASE, Reach(down=2))

    assert 2 == _levels(shown)["b"]
    assert {} == _hidden(shown)


@pytest.mark.parametrize("limit", [0, 1])
def test_a_view_without_room_has_the_focus_only(limit: int) -> None:
    """However small the limit, the focus is shown and the rest is counted."""
    shown = neighbourhood(_star(2), BASE, Reach(limit=limit))

    assert {"base": 0} == _levels(shown)
    assert {("base", Side.CHILDREN): 2} == _hidden(shown)
    assert 2 == shown.hidden


def test_the_view_has_a_limit() -> None:
    """However many there are within the steps, the view stays small enough to draw."""
    shown = neighbourhood(_star(9), BASE, Reach(limit=5))

    assert 5 == len(shown.view)
    assert {("base", Side.CHILDREN): 5} == _hidden(shown)


_NAMES = "abcdef"
_TURNS = st.lists(
    st.builds(_open, st.sampled_from(Side), st.sampled_from(_NAMES), st.integers(0, 2)), max_size=5
)


@dear
@given(
    links=st.dictionaries(
        st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES)),
        st.sampled_from(["finetune", "quantized", "adapter"]),
        min_size=6,
        max_size=24,
    ),
    turns=_TURNS,
    turn=st.builds(_open, st.sampled_from([Side.PARENTS, Side.CHILDREN]), st.sampled_from(_NAMES)),
    rolled=st.booleans(),
)
def test_a_view_keeps_its_promises(
    *, links: dict[tuple[str, str], str], turns: list[Turn], turn: Turn, rolled: bool
) -> None:
    """Opening only adds; edges join all that is shown; what is not is counted, or in a group."""
    graph = graph_in_memory(
        *(
            model(
                f"{name} -> " + ", ".join(f"{p}: {r}" for (c, p), r in links.items() if c == name)
            )
            for name in _NAMES
        )
    )
    focus = Node(Kind.MODEL, "a")
    turns = [other for other in turns if other[:2] != turn[:2]]
    shown = neighbourhood(graph, focus, Reach(turns=turns, rolled=rolled))
    opened = neighbourhood(graph, focus, Reach(turns=[*turns, turn], rolled=rolled))
    edges = {(_iri(child), _iri(parent)) for child, parent in links}

    assert set(shown.view) <= set(opened.view)
    for view in (shown, opened):
        inside = set(view.view)
        assert {(c, p) for c, p in edges if {c, p} <= inside} == set(view.view.edges())
        for node in inside:
            hidden = {p for c, p in edges if c == node} - inside
            assert len(hidden) == _count(view, node, Side.PARENTS)
            hidden = {c for c, p in edges if p == node} - inside
            grouped = sum(g.hidden for (iri, _), g in view.groups.items() if iri == node)
            assert len(hidden) == grouped + _count(view, node, Side.CHILDREN)


def _count(shown: Neighbourhood, node: str, side: Side) -> int:
    handles = shown.handles.get((node, side))
    return handles.hidden if handles else 0


def test_a_path_is_shown_where_it_touches_the_view() -> None:
    """What a path lacks is added, each step beside the last."""
    graph = graph_in_memory(
        model("d -> c: merge"), model("c -> b: finetune"), model("b -> a: finetune")
    )
    path = [Node(Kind.MODEL, name) for name in "abcd"]
    shown = neighbourhood(graph, path[-1], Reach(up=0), path=path)

    assert {"d": 0, "c": -1, "b": -2, "a": -3} == _levels(shown)
    assert tuple(node.iri for node in path) == shown.path


def test_a_space_stands_right_of_what_it_uses() -> None:
    """Looked at from a Space, its models and datasets are its parents; else Spaces are a choice."""
    graph = graph_in_memory(
        space("acme/demo", uses=("base",), datasets=("qa",)), model("base"), dataset("qa")
    )
    demo = Node(Kind.SPACE, "acme/demo")
    shown = neighbourhood(graph, demo, Reach(spaces=True))
    without, with_ = (neighbourhood(graph, BASE, Reach(spaces=chosen)) for chosen in (False, True))

    assert {"acme/demo": 0, "base": -1, "qa": -1} == _levels(shown)
    assert {(demo.iri, BASE.iri, USES)} < set(shown.view.edges(keys=True))
    assert {"base"} == _ids(without)
    assert {"base": 0, "acme/demo": 1} == _levels(with_)


def test_the_links_around_a_repository_are_counted() -> None:
    """One number for each relation, both ways, and one for the Spaces."""
    graph = graph_in_memory(
        model("a -> base: merge"),
        model("b -> base: merge"),
        model("base -> root: finetune, base: merge"),
        space("acme/demo", uses=("base",)),
    )

    assert {"merge": 3, "finetune": 1, USES: 1} == +links_around(of(graph), BASE)


def test_who_says_a_link_is_told() -> None:
    """A card declares; what the Hub works out, or a card leaves open, is not declared."""
    by_hub = derivation("base: merge", sources=(ClaimSource.HUB,))
    graph = graph_in_memory(
        model("said -> base: merge"), model("open -> base"), model("hub", derivations=(by_hub,))
    )
    view = neighbourhood(graph, BASE).view

    assert {_iri("said"): True, _iri("open"): False, _iri("hub"): False} == {
        edge[0]: view.edges[edge]["declared"] for edge in view.edges(keys=True)
    }


def test_what_is_gone_or_closed_says_so() -> None:
    """A tombstone has its state, a gated repository is known and says that it is gated."""
    graph = graph_in_memory(
        model("base"),
        model("dead -> base: finetune", status=Resolution.MISSING),
        model("off -> base: finetune", disabled=True),
        model("shut -> base: finetune", gating=Gating.MANUAL),
        model("tuned -> base: finetune, gone: merge"),
    )
    view = neighbourhood(graph, BASE, Reach(turns=[_open(Side.PARENTS, "tuned")])).view
    marks = {
        facts["id"]: (facts.get("state"), facts.get("gated", False))
        for _, facts in view.nodes(data=True)
    }

    assert {
        "base": (None, False),
        "dead": ("NotFoundOrNoAccess", False),
        "off": ("Disabled", False),
        "shut": (None, True),
        "tuned": (None, False),
        "gone": ("NeverChecked", False),
    } == marks


@pytest.mark.parametrize("relations", [tuple(Relation), (Relation.MERGE,)], ids=["all", "merges"])
def test_a_view_of_the_demo_agrees_with_its_store(
    demo: LineageGraph, relations: tuple[Relation, ...]
) -> None:
    """What is shown, grouped and counted of the busiest is what the store holds of them."""
    index = of(demo)
    busiest = np.argsort(-(index.up.degrees() + index.down.degrees()))[:25].tolist()
    for focus in index.nodes(np.array(busiest)):
        shown = neighbourhood(demo, focus, Reach(relations=relations), index=index)
        edges = {*parents(demo, focus.iri, relations), *children(demo, focus.iri, relations)}
        drawn = {
            (child, parent, Relation(word))
            for child, parent, word in shown.view.edges(keys=True)
            if focus.iri in {child, parent}
        }
        counted = sum(group.hidden for (iri, _), group in shown.groups.items() if iri == focus.iri)
        for side in (Side.PARENTS, Side.CHILDREN):
            counted += _count(shown, focus.iri, side)
        left_out = {(edge.child, edge.parent) for edge in edges if edge not in drawn}

        assert drawn <= edges
        assert len(left_out) == counted
        if len(relations) > 1:
            assert Counter(edge.relation.value for edge in edges) == +links_around(index, focus)


def test_only_chosen_relations_are_followed_and_drawn() -> None:
    """A relation that was not chosen leads nowhere."""
    graph = graph_in_memory(model("child -> tuned: finetune, merged: merge"))
    shown = neighbourhood(graph, Node(Kind.MODEL, "child"), Reach(relations=[Relation.MERGE]))

    assert {"child": 0, "merged": -1} == _levels(shown)


def test_self_loops_and_double_relations_are_kept() -> None:
    """Every edge between the nodes is in the view, one for each relation."""
    graph = graph_in_memory(model("a -> a: merge, b: merge, b: finetune"))
    view = neighbourhood(graph, Node(Kind.MODEL, "a")).view

    expected = [("a", "a", "merge"), ("a", "b", "finetune"), ("a", "b", "merge")]
    name = {iri: facts["id"] for iri, facts in view.nodes(data=True)}
    assert expected == sorted((name[c], name[p], key) for c, p, key in view.edges(keys=True))


def test_a_self_loop_takes_no_place() -> None:
    """A repository that names itself is not one of its own neighbours."""
    graph = graph_in_memory(model("base -> base: merge"), model("child -> base: finetune"))

    assert {"base": 0, "child": 1} == _levels(neighbourhood(graph, BASE))


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
