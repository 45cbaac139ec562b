"""Tables as files: one Arrow file a table, mapped into memory rather than read.

Rule: nothing here knows what a column means. The manifest of a build's results has the checksums.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from graph.model.errors import InvalidGraph
from graph.tables.schema import SCHEMAS, Tables

__all__ = ["ENDING", "open_tables", "write_tables"]

ENDING = ".arrow"


def write_tables(tables: Tables, directory: Path) -> None:
    """Write tables into a directory, which is made."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, schema in SCHEMAS.items():
        table = getattr(tables, name)
        with pa.ipc.new_file(directory / f"{name}{ENDING}", schema) as writer:
            writer.write_table(table.unify_dictionaries())


def open_tables(directory: Path) -> Tables:
    """Open the tables in a directory: only what is looked at is read.

    Raises InvalidGraph where one is missing, damaged, or of another schema.
    """
    return Tables(**{name: _open(directory / f"{name}{ENDING}", name) for name in SCHEMAS})


def _open(path: Path, name: str) -> pa.Table:
    try:
        table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    except (OSError, pa.ArrowInvalid) as error:
        raise InvalidGraph(f"{path} cannot be read ({error}): run `remixgraph index`") from None
    if table.schema != SCHEMAS[name]:
        raise InvalidGraph(f"{path} has other columns than it should: run `remixgraph index`")
    return table
