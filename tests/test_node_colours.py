"""What the colour of a node says, and the legend that counts it."""

from __future__ import annotations

import networkx as nx
import pytest

from ui.app.node_colours import ColourBy, shades
from ui.palette import CATEGORIES, OTHER


def _legend(by: ColourBy, *facts: dict[str, str]) -> dict[str, int]:
    """Return the titles of the legend of some nodes, each with its count."""
    view: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    view.add_nodes_from((str(number), {"id": "x", **given}) for number, given in enumerate(facts))
    legend, nodes = shades(view, by)

    assert len(facts) == len(nodes)
    return {shade.title: shade.nodes for shade in legend}


@pytest.mark.parametrize(
    ("by", "facts", "legend"),
    [
        (
            ColourBy.LICENSE,
            [{"license_category": "permissive"}, {"license_category": "permissive"}, {}],
            {"Permissive": 2, "No known licence": 1},
        ),
        (
            ColourBy.TASK,
            [{"task": "text-generation"}, {"task": "summarization, translation"}, {}],
            {"summarization": 1, "text-generation": 1, "No task declared": 1},
        ),
        (
            ColourBy.OWNER,
            [{"id": "acme/a"}, {"id": "acme/b"}, {"id": "gpt2"}],
            {"acme": 2, "Without an owner": 1},
        ),
        (
            ColourBy.AGE,
            [{"created": "2021-05-01T00:00:00Z"}, {"created": "2024-05-01T00:00:00Z"}, {}],
            {"2022 or before": 1, "2024": 1, "No date": 1},
        ),
    ],
)
def test_the_legend_counts(
    by: ColourBy, facts: list[dict[str, str]], legend: dict[str, int]
) -> None:
    """Each entry says how many nodes have its colour, and those that nobody has are left out."""
    assert legend == _legend(by, *facts)


def test_the_most_frequent_have_colours() -> None:
    """Eight owners have a colour each, none the same; the rest share one and are counted."""
    view: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for owner in range(11):
        view.add_nodes_from(
            (f"{owner}/{number}", {"id": f"owner{owner:02}/m{number}"})
            for number in range(12 - owner)
        )
    legend, _ = shades(view, ColourBy.OWNER)

    assert [f"owner{n:02}" for n in range(8)] == [shade.title for shade in legend[:8]]
    assert set(CATEGORIES) == {shade.colour for shade in legend[:8]}
    assert ("Other owners", OTHER, 4 + 3 + 2) == (
        legend[8].title,
        legend[8].colour,
        legend[8].nodes,
    )


def test_a_value_keeps_its_colour() -> None:
    """An owner alone in one view has the same colour in the next, with less frequent ones."""
    colours = []
    for others in ([], ["else/one"]):
        view: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        view.add_nodes_from((id_, {"id": id_}) for id_ in ["acme/a", "acme/b", *others])
        legend, nodes = shades(view, ColourBy.OWNER)
        colours.append(legend[nodes["acme/a"]].colour)

    assert colours[0] == colours[1]
