"""Discs beside one another: none over another, all within the circle that is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.arrays import Array
from graph.view.atlas import packing
from graph.view.atlas.packing import enclose, pack

RADII = st.lists(st.sampled_from([0.2, 1.0, 1.0, 1.5, 7.0, 40.0]) | st.floats(0.1, 30), min_size=1)


def _gaps(radii: Array, x: Array, y: Array) -> Array:
    """Return the room between every two discs, as a share of what is between their middles."""
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    reach = radii[:, None] + radii
    first, second = np.triu_indices(len(radii), 1)
    gaps: Array = ((apart - reach) / reach)[first, second]
    return gaps


@given(RADII)
def test_no_two_discs_overlap(sizes: list[float]) -> None:
    """In whatever order they come, and all lie within the circle."""
    radii = np.array(sizes)
    packed = pack(radii)

    assert (_gaps(radii, packed.x, packed.y) > -1e-5).all()
    assert (np.hypot(packed.x, packed.y) + radii <= packed.radius * (1 + 1e-9)).all()


@given(RADII)
def test_the_same_discs_lie_in_the_same_places(sizes: list[float]) -> None:
    """Nothing is random."""
    one, other = pack(np.array(sizes)), pack(np.array(sizes))

    assert one.x.tobytes() + one.y.tobytes() == other.x.tobytes() + other.y.tobytes()


def test_what_is_too_many_for_the_outline_lies_in_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest stands around the largest, and overlaps them no more."""
    monkeypatch.setattr(packing, "_CHAINED", 40)
    radii = np.sort(np.random.default_rng(0).pareto(1.5, 900) + 0.5)[::-1]
    packed = pack(radii)

    assert (_gaps(radii, packed.x, packed.y) > -1e-5).all()
    assert (np.hypot(packed.x, packed.y) + radii <= packed.radius * (1 + 1e-9)).all()


def test_equal_discs_fill_most_of_their_circle() -> None:
    """A hundred take less than twice the area that they have."""
    packed = pack(np.ones(100))

    assert 100 / packed.radius**2 > 0.6


def test_a_group_is_enclosed_tightly() -> None:
    """Two discs of radius 1 that touch are in a circle of radius 2; one is its own circle."""
    x, y, radii = enclose(
        np.array([0.0, 2.0, 9.0]), np.zeros(3), np.array([1.0, 1.0, 5.0]), np.array([0, 2])
    )

    assert [1.0, 9.0] == pytest.approx(x.tolist(), abs=0.01)
    assert [0.0, 0.0] == pytest.approx(y.tolist(), abs=0.01)
    assert [2.0, 5.0] == pytest.approx(radii.tolist(), rel=0.01)
