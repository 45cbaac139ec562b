"""Exports: the graph, or the lineage of one repository, in formats of others.

``EXPORTERS`` is the one place where a format is plugged in. Two exports of one graph are the same
to the byte.

selection   what an export holds: the whole graph, or one lineage
nquads      everything in all graphs
turtle      the default graph, to be read by people
graphml     the lineage, for Gephi, yEd and the like
edges_csv   a line for each claim
html        a picture as one page
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph.exports.edges_csv import write_edges_csv
from graph.exports.graphml import write_graphml
from graph.exports.html import write_html
from graph.exports.nquads import write_nquads
from graph.exports.selection import repositories
from graph.exports.turtle import write_turtle
from graph.model.errors import UnknownFormat, UsageError
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.look import PLAIN, Look
from graph.view.neighbourhood import to_networkx

__all__ = ["EXPORTERS", "Exporter", "export"]

MOST_ON_A_PAGE = 2000
"""Repositories that an HTML page can show and still be moved around in."""


class Exporter(NamedTuple):
    """A format: how it is written, what it is in one line, and how its files are called.

    ``write`` gets the graph, a file, and the focus; None stands for the whole graph. One that
    ``draws`` gets the look of its drawing, too.
    """

    write: Callable[..., None]
    doc: str
    extension: str
    draws: bool = False


def export(
    graph: LineageGraph,
    format_name: str,
    out: BinaryIO | Path,
    focus: Node | None = None,
    look: Look = PLAIN,
) -> None:
    """Write a graph, or the lineage around ``focus``, in one of the formats of ``EXPORTERS``.

    ``look`` has the colours for a format that draws. A file of that name is replaced, once the new
    one is complete. Raises UnknownFormat, and UsageError when there is too much for the format.
    """
    exporter = EXPORTERS.get(format_name)
    if exporter is None:
        raise UnknownFormat(f"{format_name} is no export format: use {', '.join(EXPORTERS)}")
    write = partial(exporter.write, look=look) if exporter.draws else exporter.write
    if isinstance(out, Path):
        with _replacing(out) as file:
            write(graph, file, focus)
    else:
        write(graph, out, focus)


def _write_page(graph: LineageGraph, out: BinaryIO, focus: Node | None, look: Look) -> None:
    iris = repositories(graph, focus)
    if len(iris) > MOST_ON_A_PAGE:
        whose = f"the lineage of {focus.id}" if focus else "this graph"
        raise UsageError(
            f"{whose} has {len(iris):,} repositories, a page can show {MOST_ON_A_PAGE:,}:"
            f" export graphml, or choose {'another' if focus else 'a'} focus"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        write_html(to_networkx(graph, iris), focus.iri if focus else None, path, look)
        out.write(path.read_bytes())


EXPORTERS = {
    "nquads": Exporter(
        write_nquads, "every quad, sorted: the canonical form for comparing and loading", ".nq"
    ),
    "turtle": Exporter(
        write_turtle, "the default graph with prefixes; names of graphs are dropped", ".ttl"
    ),
    "graphml": Exporter(
        write_graphml, "linked repositories and their links, for Gephi, yEd or networkx", ".graphml"
    ),
    "csv": Exporter(
        write_edges_csv, "one line for each claim that links a child to a parent", ".csv"
    ),
    "html": Exporter(
        _write_page, "a picture as one page that needs no network", ".html", draws=True
    ),
}
"""Every format by its name."""


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Offer a file that becomes ``path`` once it is complete; what fails leaves ``path`` alone."""
    path = path.resolve()
    if path.exists() and not path.is_file():  # a pipe or a device: nothing to replace
        with path.open("wb") as file:
            yield file
        return
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with beside.open("wb") as file:
            yield file
        beside.replace(path)
    except FileNotFoundError:
        raise UsageError(f"{path.parent} does not exist: make the folder first") from None
    finally:
        beside.unlink(missing_ok=True)
