"""How files are to be read: what the user says of them, and what they may hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.model.errors import UnknownShape
from graph.model.records import Kind
from ingest.aliases import Aliases
from ingest.dumps import read_rows
from ingest.readmes import is_readme, read_readme
from ingest.shapes import Row, Shape, recognise

__all__ = ["Reading"]

_WANTED = {
    Shape.CARD: "no cards: neither a README.md nor rows with the fields id and card",
    Shape.PROVENANCE: "no dataset summaries of the Data Provenance collection",
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How files are to be read.

    ``kind`` overrides what rows look like, ``shape`` is the only one that is wanted, and
    ``repository_id`` that of a single card. Of the files that the user has ``named`` each must
    be of use; what else lies in a folder is skipped.
    """

    aliases: Aliases = Aliases.none()  # noqa: RUF009 - frozen
    kind: Kind | None = None
    shape: Shape | None = None
    repository_id: str | None = None
    named: frozenset[Path] = frozenset()

    def rows(self, path: Path) -> Iterator[list[Row]]:
        """Yield the rows of a file in batches; raises what ``read_rows`` raises."""
        named = path in self.named
        if self.shape is Shape.CARD and is_readme(path, named=named):
            yield [read_readme(path, self.repository_id, self.kind)]
        elif self.shape is Shape.PROVENANCE and path.name.startswith("_") and not named:
            raise UnknownShape(f"{path}: a template")
        elif self.shape is Shape.CARD and self.kind:
            for rows in read_rows(path):
                yield [row | {"kind": self.kind} if isinstance(row, dict) else row for row in rows]
        else:
            yield from read_rows(path)

    def recognise(self, rows: list[Row], path: Path) -> Shape:
        """Return the shape of a file by its first rows; raises UnknownShape for an unwanted one."""
        if self.kind and self.shape is None:
            return Shape(self.kind.value)
        found = recognise(rows)
        if self.shape is not None and found is not self.shape:
            raise UnknownShape(f"{path}: holds {_WANTED[self.shape]}")
        if found is None:
            raise UnknownShape(
                f"{path}: its rows look like no kind of repository that is known:"
                " name the kind with --kind"
            )
        return found
