"""The licence findings that a store holds, as arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from graph.lineage.index import LineageIndex
from graph.model.errors import InvalidGraph
from graph.quality.finding_arrays import DifferentFindings, finding_arrays
from graph.quality.license_findings import LEVELS, LicenseFindings
from graph.store.arrays import Array, read_arrays, write_arrays
from graph.store.directory import build_directory
from graph.store.lineage_graph import LineageGraph
from graph.tables.columns import read_columns

__all__ = ["FINDINGS", "license_findings_of", "write_license_findings"]

FINDINGS = "findings"
"""The directory of the findings, beside the index."""


def license_findings_of(graph: LineageGraph, index: LineageIndex) -> LicenseFindings:
    """Return the licence findings that were stored with a build; ``index`` is the graph's.

    Of a graph that is nowhere on disk they are read now. Raises InvalidGraph where the stored ones
    are missing, damaged or of another version.
    """
    if not graph.info.build:
        return LicenseFindings.read(index, read_findings(graph.store, index))
    directory = build_directory(graph.directory, graph.info.build) / FINDINGS
    try:
        return LicenseFindings.read(index, read_arrays(directory)[1])
    except KeyError:
        raise InvalidGraph(
            f"{directory} is of another version: run `remixgraph index`, or build the graph again"
        ) from None


def write_license_findings(store: ox.Store, index: LineageIndex, directory: Path) -> None:
    """Write the licence findings of a store into a directory."""
    arrays = read_findings(store, index)
    write_arrays(directory, arrays, {"findings": len(arrays["finding_node"])})


def read_findings(store: ox.Store, index: LineageIndex) -> dict[str, Array]:
    """Return the findings that a store holds; numbers are those of its index."""
    different, found = read_columns(store, ["findings", "found"])
    levels = pa.array([level.value for level in LEVELS])
    columns = DifferentFindings(
        level=pc.index_in(different["level"], levels).to_numpy(),
        confidence=different["confidence"].cast(pa.float64()).to_numpy(),
        cause=_numbers(index, different["cause"]),
        **{name: different[name].combine_chunks() for name in _WORDS},
    )
    rows = pc.index_in(found["finding"], different["finding"].combine_chunks()).to_numpy()
    return finding_arrays(columns, _numbers(index, found["repository"]), rows, index.downloads)


_WORDS = ("rule", "concerns", "reason", "remedy", "relations")


def _numbers(index: LineageIndex, iris: pa.ChunkedArray) -> Array:
    """Return the numbers of repositories; -1 for none."""
    encoded = iris.combine_chunks().dictionary_encode()
    found = (index.number(iri) if iri else None for iri in encoded.dictionary.to_pylist())
    numbers = np.array([-1 if number is None else number for number in found], np.int32)
    places: Array = encoded.indices.to_numpy()
    return numbers[places]
