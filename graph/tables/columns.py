"""Reading whole columns of a store: SPARQL in, Arrow's strings out.

Rule: an answer never becomes Python objects, row by row: Oxigraph writes it as one CSV text, which
Arrow reads. Queries run side by side, for Oxigraph lets go of Python's lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pyarrow as pa
import pyoxigraph as ox
from pyarrow import csv

__all__ = ["read_column", "read_pairs"]

_AT_A_TIME = 2
_PARSING = csv.ParseOptions(newlines_in_values=True)


def read_pairs(store: ox.Store, properties: Iterable[str]) -> dict[str, pa.Table]:
    """Return for each property its ``subject`` and ``value`` columns, from the default graph.

    Cells are text: an IRI, or what a literal says.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        names = list(properties)
        tables = pool.map(lambda name: read_column(store, "pairs", property=name), names)
        return dict(zip(names, tables, strict=True))


def read_column(store: ox.Store, name: str, **iris: str) -> pa.Table:
    """Return the answer to the query of this name, all text; an unbound cell is "".

    ``iris`` take the place of the variables of their names.
    """
    query = files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")
    for variable, iri in iris.items():
        query = query.replace(f"?{variable}", f"<{iri}>")
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - each of them is a SELECT
    columns = {variable.value: pa.string() for variable in found.variables}
    text = found.serialize(format=ox.QueryResultsFormat.CSV)
    assert text is not None  # noqa: S101 - it is, where nothing to write to is given
    reading = csv.ReadOptions(block_size=max(1, len(text)))  # a cell may be of any length
    return csv.read_csv(
        pa.BufferReader(text),
        read_options=reading,
        parse_options=_PARSING,
        convert_options=csv.ConvertOptions(column_types=columns, strings_can_be_null=False),
    )
