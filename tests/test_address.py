"""The address of a view: read with mistrust, written short, the same both ways."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import NotInGraph, RemixgraphError
from graph.records import Kind, Relation
from graph.store import Node
from tests.builders import dataset, model
from tests.graphs import graph_in_memory
from ui.address import MOST_STEPS, View, read_view
from ui.focus import address, asked, locate
from ui.markup import visible

GRAPH = graph_in_memory(
    model("acme/tiny -> acme/tiny-base: finetune"), dataset("acme/tiny"), dataset("acme/qa")
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


@given(st.dictionaries(st.sampled_from(["id", "kind", "up", "down", "relations"]), st.text()))
def test_any_address_is_read(parameters: dict[str, str]) -> None:
    """Nonsense is taken for what is usual, and never too far."""
    view = read_view(parameters)

    assert 0 <= view.up <= MOST_STEPS
    assert 0 <= view.down <= MOST_STEPS


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
