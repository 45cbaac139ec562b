"""What an ingestion read, kept and found wrong, in numbers that add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Self

from graph.model.records import Derivation, Issue, IssueKind, Kind, Relation, Repository
from graph.model.relations import MODEL_RELATIONS, TRAINING_RELATIONS
from ingest.derivations import RELATIONS

__all__ = ["Report", "Tally"]

_RELATION_TAGS = tuple(f"base_model:{word}:" for word in RELATIONS)


@dataclass
class Tally:
    """Counts of one part of an ingestion.

    ``rows`` are those read: each was kept, or a duplicate (another row of the same repository took
    its place, or both were merged), or unusable (no repository could be made of it). All other
    counts are of what is kept. ``declared_pairs`` and ``declared_links`` count distinct (child,
    declared value) of base models and training data before aliases are resolved; ``aliased``
    those that an alias resolved; ``seconds`` are spent per stage, summed over processes.
    """

    rows: int = 0
    duplicates: int = 0
    unusable: int = 0
    triples: int = 0
    declared_pairs: int = 0
    declared_links: int = 0
    aliased: int = 0
    kept: Counter[Kind] = field(default_factory=Counter)
    edges: Counter[Relation] = field(default_factory=Counter)
    issues: Counter[IssueKind] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def __iadd__(self, other: Tally) -> Self:
        """Add another part's counts."""
        self.rows += other.rows
        self.duplicates += other.duplicates
        self.unusable += other.unusable
        self.triples += other.triples
        self.declared_pairs += other.declared_pairs
        self.declared_links += other.declared_links
        self.aliased += other.aliased
        self.kept += other.kept
        self.edges += other.edges
        self.issues += other.issues
        for stage, spent in other.seconds.items():
            self.seconds[stage] += spent
        return self

    def count(self, record: Repository, triples: int) -> None:
        """Count a record that is kept as so many triples."""
        self._add(record, triples, 1)

    def discount(self, record: Repository, triples: int) -> None:
        """Take back a record that was counted, and is not kept after all."""
        self._add(record, triples, -1)

    def count_unusable(self, issues: tuple[Issue, ...]) -> None:
        """Count rows that no repository could be made of, each with its issue."""
        self.unusable += len(issues)
        self.issues.update(issue.kind for issue in issues)

    def _add(self, record: Repository, triples: int, times: int) -> None:
        self.kept[record.kind] += times
        self.triples += times * triples
        for issue in record.issues:
            self.issues[issue.kind] += times
        for derivation in record.derivations:
            self._add_derivation(derivation, times)

    def _add_derivation(self, derivation: Derivation, times: int) -> None:
        if derivation.relation in TRAINING_RELATIONS:
            self.declared_links += times * len(_declared(derivation))
        elif derivation.relation in MODEL_RELATIONS:
            self.declared_pairs += times * len(_declared(derivation))
        if derivation.target is not None:
            self.edges[derivation.relation] += times
            self.aliased += times * derivation.aliased


@dataclass
class Report:
    """What a whole ingestion did: its tally, what it replaced, and the files it could not read.

    ``replaced`` counts repositories that the graph had before, ``references`` those that became
    known by name only. ``failed`` holds one line for each file of which nothing was kept because
    it is damaged, or no dump although the user named it; ``skipped`` one for each file that was
    found in a folder and is no dump.
    """

    tally: Tally = field(default_factory=Tally)
    files: int = 0
    replaced: int = 0
    references: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Return the report as plain values, for ``--json``."""
        tally = self.tally
        return {
            "files": self.files,
            "failed": list(self.failed),
            "skipped": list(self.skipped),
            "read": tally.rows,
            "kept": {f"{kind}s": tally.kept[kind] for kind in Kind},
            "duplicates": tally.duplicates,
            "unusable": tally.unusable,
            "replaced": self.replaced,
            "edges": {relation.value: tally.edges[relation] for relation in Relation},
            "declared_pairs": tally.declared_pairs,
            "declared_links": tally.declared_links,
            "aliased": tally.aliased,
            "references": self.references,
            "issues": {kind.value: tally.issues[kind] for kind in sorted(tally.issues)},
            "triples": tally.triples,
            "seconds": round(self.seconds, 3),
            "stages": {name: round(spent, 3) for name, spent in tally.seconds.items()},
        }


def _declared(derivation: Derivation) -> set[str]:
    """Return the values as the author wrote them: a tag and its typed twin say the same."""
    return {_without_tag(raw) for raw in derivation.raw}


def _without_tag(raw: str) -> str:
    for prefix in _RELATION_TAGS:
        if raw.startswith(prefix):
            return raw.removeprefix(prefix)
    return raw.removeprefix("base_model:").removeprefix("dataset:")
