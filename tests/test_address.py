"""The address of a view: read with mistrust, written short, the same both ways."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.errors import NotInGraph, RemixgraphError
from graph.model.records import Kind, Relation
from graph.store.lineage_graph import Node
from graph.view.expansion import Side, Turn
from tests.builders import dataset, model
from tests.graphs import graph_in_memory
from ui.app.address import MOST_STEPS, MOST_TURNS, View, read_view
from ui.app.focus import address, asked, locate
from ui.app.markup import visible
from ui.app.node_colours import ColourBy

GRAPH = graph_in_memory(
    model("acme/tiny -> acme/tiny-base: finetune"), dataset("acme/tiny"), dataset("acme/qa")
)


TURNS = st.builds(
    Turn,
    st.sampled_from(Side),
    st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=6, max_size=6),
    st.integers(0, 9),
)


@given(
    st.builds(
        View,
        id=st.text(min_size=1, max_size=20),
        kind=st.sampled_from([None, Kind.DATASET, Kind.SPACE]),
        up=st.integers(0, MOST_STEPS),
        down=st.integers(0, MOST_STEPS),
        relations=st.sets(st.sampled_from(list(Relation))).map(
            lambda chosen: tuple(relation for relation in Relation if relation in chosen)
        ),
        spaces=st.booleans(),
        colour=st.sampled_from(ColourBy),
        rolled=st.booleans(),
        turns=st.lists(TURNS, max_size=MOST_TURNS, unique_by=lambda turn: turn[:2]).map(tuple),
    )
)
def test_an_address_gives_its_view_back(view: View) -> None:
    """What is written into the address is what is read from it."""
    assert view == read_view(view.parameters)


@given(st.builds(Node, st.sampled_from(Kind), st.text(min_size=1, max_size=20)))
def test_an_address_names_its_focus(node: Node) -> None:
    """Whatever its name, a repository is what the address of a page is read as."""
    kind, text = asked(dict(parse_qsl(urlsplit(address("explore", node)).query)))

    assert (node.kind, node.id) == (kind or Kind.MODEL, text)


@given(
    st.dictionaries(
        st.sampled_from(["id", "kind", "up", "down", "relations", "colour", "rollup", "open"]),
        st.text() | st.text("pcqa0123456789kz.", max_size=900),
    )
)
def test_any_address_is_read(parameters: dict[str, str]) -> None:
    """Nonsense is taken for what is usual, and never too far."""
    view = read_view(parameters)

    assert 0 <= view.up <= MOST_STEPS
    assert 0 <= view.down <= MOST_STEPS
    assert len(view.turns) <= MOST_TURNS
    assert len(view.parameters.get("open", "")) <= MOST_TURNS * 9


def test_what_is_closed_again_leaves_no_trace() -> None:
    """A turn back to how a side is at first is taken out of the address."""
    view = View("acme/tiny", Kind.MODEL)
    opened = view.turned(Turn(Side.CHILDREN, "1f3k9a"), usual=0)
    more = opened.turned(Turn(Side.CHILDREN, "1f3k9a", 2), usual=0)

    assert {"id": "acme/tiny", "open": "c1f3k9a"} == opened.parameters
    assert {"id": "acme/tiny", "open": "c1f3k9a2"} == more.parameters
    assert view == more.turned(Turn(Side.CHILDREN, "1f3k9a", 0), usual=0)


def test_what_was_opened_belongs_to_its_focus() -> None:
    """Another focus keeps how one looks, and none of what was opened around the last."""
    view = View("acme/tiny", Kind.MODEL, up=2, turns=(Turn(Side.CHILDREN, "1f3k9a"),))

    assert view == view.at(Node(Kind.MODEL, "acme/tiny"))
    assert View("acme/qa", Kind.DATASET, up=2) == view.at(Node(Kind.DATASET, "acme/qa"))


def test_the_address_has_a_bound() -> None:
    """However much is opened, the latest turns are kept and the first forgotten."""
    view = View("acme/tiny", Kind.MODEL)
    for number in range(MOST_TURNS + 3):
        view = view.turned(Turn(Side.CHILDREN, f"{number:06}"), usual=0)

    assert MOST_TURNS == len(view.turns)
    assert "000003" == view.turns[0].node


@given(st.text(max_size=40), st.sampled_from([None, *Kind]))
def test_any_id_is_found_or_answered(name: str, kind: Kind | None) -> None:
    """A hostile id leads to one of our errors, in one line that shows no hidden sign."""
    answer = ""
    try:
        locate(GRAPH, kind, name)
    except RemixgraphError as error:
        answer = str(error)

    assert visible(answer) == answer


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (View("acme/tiny"), Kind.MODEL),
        (View("acme/tiny", Kind.DATASET), Kind.DATASET),
        (View("acme/qa"), Kind.DATASET),
        (View("datasets/acme/tiny"), Kind.DATASET),
        (View("https://huggingface.co/acme/tiny"), Kind.MODEL),
        (View("acme/tiny-base"), Kind.MODEL),
    ],
)
def test_the_kind_decides_where_the_id_does_not(view: View, kind: Kind) -> None:
    """A bare id is a model first; a kind in the address settles it."""
    assert kind == locate(GRAPH, view.kind, view.id).kind


def test_a_kind_that_is_wrong_is_not_corrected() -> None:
    """An address that names a dataset does not show the model of that name."""
    with pytest.raises(NotInGraph, match="the space acme/tiny is not in the graph"):
        locate(GRAPH, Kind.SPACE, "acme/tiny")


def test_a_misspelt_id_gets_a_hint() -> None:
    """Capitals count, and who forgets them is told the right id."""
    with pytest.raises(NotInGraph, match="did you mean acme/tiny"):
        locate(GRAPH, None, "ACME/Tiny")
