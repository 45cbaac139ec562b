"""Where the atlas puts things: everything with lineage once, in the disc of its family."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from graph import lineage as index
from graph.lineage.adjacency import Bits, Steps, mask
from graph.model.arrays import Array
from graph.model.records import Repository
from graph.model.relations import DERIVATIONS
from graph.view.atlas.forest import MOST_LEVELS, main_parents, plant
from graph.view.atlas.placing import lay_out
from graph.view.atlas.reading import Atlas
from tests.builders import dataset, model, models
from tests.depth import dear
from tests.lineages import Links, draw, index_of, links, node, to_digraph


def _atlas(*records: Repository) -> Atlas:
    return Atlas(index_of(*records))


def _family(atlas: Atlas, point: int) -> int:
    return int(np.searchsorted(atlas.families, point, side="right")) - 1


def _steps(*pairs: tuple[int, int]) -> Steps:
    origins, ends = (np.array(column, np.int32) for column in zip(*pairs, strict=True))
    return Steps(origins, ends, np.ones(len(pairs), Bits))


@given(links)
@dear
def test_everything_with_lineage_has_one_place(drawn: Links) -> None:
    """Whatever the links: the points are those that something joins, the rest is counted."""
    with draw(drawn) as graph:
        atlas = Atlas(index.of(graph))
    joined = [
        number
        for number, (up, down) in enumerate(
            zip(_degrees(atlas, up=True), _degrees(atlas, up=False), strict=True)
        )
        if up or down
    ]

    assert joined == sorted(atlas.nodes.tolist())
    assert len(atlas.index) == len(atlas) + atlas.alone
    assert len(atlas) == len({*zip(atlas.x.tolist(), atlas.y.tolist(), strict=True)})
    assert all(atlas.nodes[atlas.points[number]] == number for number in joined)


def _degrees(atlas: Atlas, *, up: bool) -> list[int]:
    """Return how many others each node is derived from, or derived into."""
    children, parents, bits = atlas.index.up.all()
    derived = (children != parents) & (bits & mask(DERIVATIONS) != 0)
    ends = children if up else parents
    counts: list[int] = np.bincount(ends[derived], minlength=len(atlas.index)).tolist()
    return counts


@given(links)
@dear
def test_every_family_is_within_its_own_disc(drawn: Links) -> None:
    """The discs of two families do not overlap, and the atlas has them all."""
    with draw(drawn) as graph:
        atlas = Atlas(index.of(graph))
    roots = np.flatnonzero(atlas.parents[atlas.discs] < 0)
    x, y, radii = atlas.disc_x[roots], atlas.disc_y[roots], atlas.disc_radii[roots]
    place = {_family(atlas, int(atlas.discs[n])): k for k, n in enumerate(roots.tolist())}

    assert len(atlas.families) - 1 == len(place)
    assert (np.hypot(x, y) + radii <= 1 + 1e-4).all()
    for point in range(len(atlas)):
        k = place[_family(atlas, point)]
        assert np.hypot(atlas.x[point] - x[k], atlas.y[point] - y[k]) <= radii[k] + 1e-4
    for k in range(len(roots)):
        apart = np.hypot(x - x[k], y - y[k]) - radii - radii[k]
        assert (np.delete(apart, k) > -1e-4).all()


def test_a_merge_stands_with_its_greatest_parent() -> None:
    """Of two families it joins the one from whose root most descend."""
    atlas = _atlas(
        *models("great", "small", *(f"child-{n} -> great: finetune" for n in range(5))),
        model("merge -> small: merge, great: merge"),
    )
    merge, great, small = (
        atlas.point(atlas.index.find(node(name))) for name in ("merge", "great", "small")
    )

    assert merge is not None
    assert great == atlas.parents[merge]
    assert small is not None
    assert _family(atlas, small) != _family(atlas, merge)


def test_a_cycle_is_cut() -> None:
    """Two that are made from one another: the first by number is the root."""
    parents = main_parents(_steps((0, 1), (1, 0)), np.array([1, 1]))

    assert [-1, 0] == parents.tolist()


def test_datasets_have_families_of_their_own() -> None:
    """What a dataset was made from counts, what a model was trained on does not."""
    atlas = _atlas(
        dataset("acme/qa -> acme/raw: source"),
        dataset("acme/raw"),
        model("acme/tiny -> acme/qa: trained_on"),
    )

    assert ["acme/qa", "acme/raw"] == sorted(atlas.index.ids(atlas.nodes))
    assert 1 == atlas.alone


def test_childless_children_stand_around_their_parent_by_age() -> None:
    """The older, the nearer; nobody's age comes first."""
    atlas = _atlas(
        model("base"),
        model("late -> base: finetune", created="2024-07-01T00:00:00Z"),
        model("early -> base: finetune", created="2023-07-01T00:00:00Z"),
        model("undated -> base: finetune"),
    )
    base = atlas.points[atlas.index.find(node("base"))]
    away = np.hypot(atlas.x - atlas.x[base], atlas.y - atlas.y[base])
    order = atlas.index.ids(atlas.nodes[np.argsort(away)])

    assert ["base", "undated", "early", "late"] == order


def test_a_long_chain_is_no_onion() -> None:
    """Sixty generations, each made from the one before, fill their disc as well as others do."""
    atlas = _atlas(*(model(f"m{n:02} -> m{n + 1:02}: merge") for n in range(60)))
    area = len(atlas) * atlas.unit**2

    assert area > 0.3 * float(atlas.disc_radii[0]) ** 2


def test_what_is_too_deep_hangs_on_the_last_level() -> None:
    """A chain of thousands has as many levels as any other may have, and all of its places."""
    count = 5_000
    chain = _steps(*((n + 1, n) for n in range(count - 1)))
    influence = np.arange(count)[::-1]
    forest = plant(chain, influence)
    arrays = lay_out(chain, influence, np.full(count, np.datetime64("NaT", "s")))

    assert MOST_LEVELS + 1 == len(forest.levels)
    assert count == len(arrays["atlas_nodes"]) == _different(arrays["atlas_x"], arrays["atlas_y"])


def _different(x: Array, y: Array) -> int:
    return len({*zip(x.tolist(), y.tolist(), strict=True)})


def test_a_graph_without_lineage_has_an_empty_atlas() -> None:
    """Everything stands alone."""
    atlas = _atlas(*models("one", "two"))

    assert (0, 2) == (len(atlas), atlas.alone)
    assert None is atlas.months
    assert [] == atlas.history


@given(links)
@dear
def test_the_same_graph_has_the_same_atlas(drawn: Links) -> None:
    """Byte for byte."""
    digraph = to_digraph(drawn)
    names = sorted(digraph)
    pairs = [(names.index(a), names.index(b)) for a, b in digraph.edges()]
    if not pairs:
        return
    influence = np.array([len(digraph.pred[name]) for name in names])
    created = np.full(len(names), np.datetime64("NaT", "s"))
    one, other = (lay_out(_steps(*pairs), influence, created) for _ in range(2))

    assert all(one[name].tobytes() == other[name].tobytes() for name in one)
