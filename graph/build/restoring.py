"""Taking apart what a snapshot holds: what was declared, and what was derived from it.

What is derived is worked out anew, like that of any build. Only whether it is the same is noted: a
sum over its lines, in whatever order they come.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from graph.model import vocabulary as v
from graph.rdf import terms
from graph.rdf.properties import DERIVED

__all__ = ["LineSum", "take_apart"]

_GRAPHS = (v.SUMMARIES, v.FINDINGS, v.LICENSES)
_ENDS = tuple(f" {terms.iri(graph)} .\n".encode() for graph in _GRAPHS)
_PREDICATES = frozenset(terms.iri(predicate).encode() for predicate in DERIVED)


@dataclass
class LineSum:
    """How many lines there are, and the sum of their checksums."""

    lines: int = 0
    checksums: int = 0

    def add(self, line: bytes) -> None:
        """Count a line in."""
        self.lines += 1
        self.checksums += crc32(line)

    def add_all(self, content: bytes) -> None:
        """Count many in."""
        for line in content.splitlines(keepends=True):
            self.add(line)


def take_apart(path: Path, declared: BinaryIO) -> tuple[int, LineSum]:
    """Write the lines of a file that are not derived; returns how many, and the sum of the rest."""
    kept, derived = 0, LineSum()
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(_ENDS) or line.split(b" ", 2)[1] in _PREDICATES:
                derived.add(line)
            else:
                declared.write(line)
                kept += 1
    return kept, derived
