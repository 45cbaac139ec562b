"""What an ingestion read, kept and found wrong, in numbers that add up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Self

from graph.records import (
    MODEL_RELATIONS,
    Derivation,
    Issue,
    IssueKind,
    Kind,
    Relation,
    Repository,
)

__all__ = ["Report", "Tally"]

_RELATION_TAGS = tuple(f"base_model:{relation}:" for relation in MODEL_RELATIONS)


@dataclass
class Tally:
    """Counts of one part of an ingestion.

    ``declared_pairs`` and ``declared_links`` count distinct (child, declared value) of base
    models and training data before aliases are resolved; ``aliased`` those that an alias
    resolved; ``seconds`` are spent per stage, summed over processes.
    """

    rows: int = 0
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

    def count(self, record: Repository) -> None:
        """Count a record that is kept."""
        self.kept[record.kind] += 1
        self.issues.update(issue.kind for issue in record.issues)
        for derivation in record.derivations:
            self._count_derivation(derivation)

    def count_issues(self, issues: tuple[Issue, ...]) -> None:
        """Count issues of rows that no repository could be made of."""
        self.issues.update(issue.kind for issue in issues)

    def _count_derivation(self, derivation: Derivation) -> None:
        if derivation.relation is Relation.TRAINED_ON:
            self.declared_links += len(_declared(derivation))
        elif derivation.relation in MODEL_RELATIONS:
            self.declared_pairs += len(_declared(derivation))
        if derivation.target is not None:
            self.edges[derivation.relation] += 1
            self.aliased += derivation.aliased


@dataclass
class Report:
    """What a whole ingestion did: its tally, what it replaced, and the files it could not read.

    ``references`` counts repositories that became known by name only; ``failed`` holds one line
    for each file of which nothing was kept.
    """

    tally: Tally = field(default_factory=Tally)
    files: int = 0
    replaced: int = 0
    references: int = 0
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)

    def document(self) -> dict[str, object]:
        """Return the report as plain values, for ``--json``."""
        tally = self.tally
        return {
            "files": self.files,
            "failed": list(self.failed),
            "read": tally.rows,
            "kept": {f"{kind}s": tally.kept[kind] for kind in Kind},
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
