"""The picture of the atlas: cells or points on a canvas, with discs, names, legend and time line.

Python sends what a window holds, as bytes: the length of a head, the head in JSON, columns of
numbers behind it, all of it compressed. The script draws it, moves it at once when someone drags or
zooms, and then asks for what the new window holds.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from graph.model.arrays import Array
from graph.model.licenses import licenses
from graph.view.atlas.discs import Disc, discs_in
from graph.view.atlas.grouping import GroupBy
from graph.view.atlas.points import MOST_DOTS, MOST_POINTS, Points, dots, single
from graph.view.atlas.raster import LEVELS, SIZES, rasterise
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window
from ui.app.atlas_colours import legend
from ui.app.components import renderer
from ui.app.markup import amount, visible

__all__ = ["Look", "Scene", "asked", "draw", "opened", "payload"]

MOST_BYTES = 190_000
"""What one picture may weigh; coarser cells are taken where finer ones weigh more."""

_NAME, _ID = 60, 120  # signs at most


class Scene(NamedTuple):
    """What a picture shows: a window, coloured by what, up to a month, with one point marked.

    ``answers`` is the number of the look that asked for it, if one did.
    """

    window: Window
    by: GroupBy = GroupBy.LICENSE
    until: int | None = None
    mark: int | None = None
    answers: int | None = None


class Look(NamedTuple):
    """What somebody wants to see now.

    ``passing`` while a month is only on the way to another, ``sizing`` when only the picture has
    another size.
    """

    number: int
    window: Window
    until: int | None
    passing: bool
    sizing: bool


def draw(key: str, data: bytes, *, on_look: Callable[[], None], on_open: Callable[[], None]) -> Any:  # noqa: ANN401 - Streamlit names no type for it that it exports
    """Draw a picture; it reports where one looks, and what is opened."""
    return renderer("atlas")(key=key, data=data, on_look_change=on_look, on_open_change=on_open)


def asked(key: str) -> Look | None:
    """Return what was just asked for."""
    value = _value(key, "look")
    if not isinstance(value, Mapping):
        return None
    try:
        x, y, zoom = (float(value[name]) for name in ("x", "y", "zoom"))
        size = int(value["width"]), int(value["height"])
        until = value.get("until")
        return Look(
            int(value["number"]),
            Window.of(x, y, zoom, size),
            None if until is None else int(until),
            bool(value.get("passing")),
            bool(value.get("sizing")),
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def opened(key: str) -> int | None:
    """Return the number of the repository that was just opened."""
    value = _value(key, "open")
    return value if isinstance(value, int) else None


def payload(atlas: Atlas, scene: Scene) -> bytes:
    """Return what the script needs to know of a scene."""
    grouping = atlas.grouping(scene.by)
    points = atlas.within(scene.window, scene.until)
    head = _head(atlas, scene) | {"seen": len(points)}
    if len(points) <= MOST_POINTS:
        found = single(atlas, scene.window, grouping, points=points)
        return _packed(head | _described(atlas, found), found.x, found.y, *_columns(atlas, found))
    if len(points) <= MOST_DOTS:
        return _packed(
            head | {"dots": len(points)}, *dots(atlas, scene.window, grouping, points=points)
        )
    data = b""
    for size in SIZES:
        raster = rasterise(atlas, scene.window, grouping, points=points, size=size)
        shape = {"columns": raster.columns, "rows": raster.rows, "size": raster.size}
        data = _packed(head | {"raster": shape}, raster.cells)
        if len(data) <= MOST_BYTES:
            break
    return data


def _head(atlas: Atlas, scene: Scene) -> dict[str, Any]:
    entries = legend(scene.by, atlas.grouping(scene.by).groups)
    counts = atlas.counts(scene.by, scene.until)
    return {
        "window": list(scene.window),
        "answers": scene.answers,
        "colour": scene.by.value,
        "levels": LEVELS,
        "classes": [
            [visible(title, limit=_NAME), *rest, count]
            for (title, *rest), count in zip(entries, counts, strict=True)
        ],
        "alone": atlas.alone,
        "named": atlas.named,
        "total": len(atlas),
        "until": scene.until,
        "months": atlas.months,
        "history": atlas.history,
        "unit": atlas.unit,
        "discs": [_disc(disc) for disc in discs_in(atlas, scene.window)],
        "mark": None if scene.mark is None else _mark(atlas, scene),
    }


def _disc(disc: Disc) -> list[Any]:
    name = visible(disc.node.id, limit=_ID)
    places = (round(part, 6) for part in (disc.x, disc.y, disc.radius, disc.own_x, disc.own_y))
    return [disc.number, name, *places, disc.made, amount(disc.downloads), disc.members]


def _mark(atlas: Atlas, scene: Scene) -> dict[str, Any] | None:
    point = atlas.point(scene.mark) if scene.mark is not None else None
    if point is None or scene.mark is None:
        return None
    around = atlas.window_around(point, scene.window)
    name = visible(atlas.index.id(scene.mark), limit=_ID)
    return {"number": scene.mark, "name": name, "x": around.x, "y": around.y, "zoom": around.zoom}


def _described(atlas: Atlas, found: Points) -> dict[str, Any]:
    """Return the words about points: names, and the licences that their codes stand for."""
    keys = atlas.index.manifest.licenses
    codes = sorted(set(atlas.index.licenses[found.nodes].tolist()))
    names = [visible(id_, limit=_ID) for id_ in atlas.index.ids(found.nodes)]
    titles = {code: _license(keys[code]) for code in codes if code >= 0}
    counts = {"points": len(found.nodes), "lines": len(found.lines)}
    return counts | {"names": names, "licences": titles}


def _license(key: str) -> str:
    known = licenses().get(key)
    return known.title if known else visible(key, limit=_NAME)


def _columns(atlas: Atlas, found: Points) -> list[Array]:
    index = atlas.index
    downloads = index.downloads[found.nodes].clip(-1, 2**31 - 1)
    return [
        found.lines.ravel(),
        index.licenses[found.nodes].astype(np.int16),
        found.nodes.astype(np.int32),
        downloads.astype(np.int32),
        found.codes.astype(np.uint8),
        found.sizes,
    ]


def _packed(head: dict[str, Any], *columns: Array) -> bytes:
    """Return a head and columns as bytes; each column begins where its numbers may be read."""
    text = json.dumps(head, separators=(",", ":")).encode()
    parts = [len(text).to_bytes(4, "little"), text, bytes(-len(text) % 4)]
    for column in columns:
        data = np.ascontiguousarray(column).astype(column.dtype.newbyteorder("<")).tobytes()
        parts += [data, bytes(-len(data) % 4)]
    return zlib.compress(b"".join(parts), 6)


def _value(key: str, name: str) -> object:
    state = st.session_state.get(key)
    return state.get(name) if state else None
