"""Reading whole columns of a store: SPARQL in, Arrow's strings out.

What follows from the whole graph is worked out with arrays. Each ``.rq`` file here reads one table
for that; its answer never becomes Python objects, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files

import pyarrow as pa
import pyoxigraph as ox
from pyarrow import csv

__all__ = ["read_columns"]

_PARSING = csv.ParseOptions(newlines_in_values=True)


def read_columns(store: ox.Store, names: Iterable[str]) -> list[pa.Table]:
    """Return the tables of these names, whose cells are all text.

    An unbound cell is "". The tables are read side by side: Oxigraph lets go of Python's lock.
    """
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda name: _read(store, name), names))


def _read(store: ox.Store, name: str) -> pa.Table:
    query = files(__package__).joinpath(f"{name}.rq").read_text(encoding="utf-8")
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
