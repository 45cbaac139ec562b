"""A second opinion on what is wrong with models: one record after another, in the plainest way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import networkx as nx

from graph.model.records import IssueKind, Kind, Model
from graph.quality.checks import Check
from graph.quality.rows import Diagnostic
from graph.store.lineage_graph import Node

__all__ = ["diagnostics", "issues"]

_FLOOR = "2022-03-02T23:29:05Z"
_TYPED = {"finetune", "adapter", "merge", "quantized", "distilled", "converted"}
_NO_ANCESTORS = {"trained_on", "pretrained_on", "decontaminated_against"}

Name = tuple[str, Kind]


class _World:
    """Models, and the links between all that they hold or name."""

    def __init__(self, records: Iterable[Model]) -> None:
        self.held: dict[Name, Model] = {(record.id, Kind.MODEL): record for record in records}
        self.links: dict[tuple[Name, Name], set[str]] = defaultdict(set)
        for child, record in self.held.items():
            for claim in record.derivations:
                if claim.target is not None and claim.relation not in _NO_ANCESTORS:
                    parent = claim.target, claim.relation.target_kind
                    self.links[child, parent].add(claim.relation.value)

    def downloads(self, name: Name) -> int | None:
        """Return how often a repository was downloaded, as far as known."""
        return self.held[name].downloads if name in self.held else None

    def order(self, name: Name) -> tuple[int, Name]:
        """Return what repositories are sorted by: downloads, most first, then names."""
        downloads = self.downloads(name)
        return 1 if downloads is None else -downloads, name

    def found(self, check: Check, name: Name, others: Iterable[Name], detail: str) -> Diagnostic:
        """Return a diagnostic of a repository."""
        node = Node(name[1], name[0], name in self.held)
        ids = tuple(other for other, _ in others)
        return Diagnostic(check, node, ids, detail, self.downloads(name))


def diagnostics(records: Iterable[Model]) -> Iterator[Diagnostic]:
    """Yield everything that is wrong, in no order."""
    world = _World(records)
    for (child, parent), relations in world.links.items():
        for check, detail in _about_link(world, child, parent, relations):
            yield world.found(check, child, [parent], detail)
    yield from _cycles(world)
    yield from _built_on_copies(world)
    for name, record in world.held.items():
        for claim in record.derivations:
            if claim.aliased and claim.target is not None:
                parent = claim.target, claim.relation.target_kind
                said = f"declared as {' and '.join(claim.raw)}"
                yield world.found(Check.RENAMED_PARENT, name, [parent], said)
        for issue in record.issues:
            if issue.kind is IssueKind.JUNK_DATASET:
                yield world.found(Check.JUNK_DATASET, name, [], f"declares {issue.value}")


def issues(records: Iterable[Model]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the issues of all records: whose, of which kind, and about what."""
    for record in records:
        for issue in record.issues:
            yield record.id, issue.kind, issue.field, issue.value


def _about_link(
    world: _World, child: Name, parent: Name, relations: set[str]
) -> Iterator[tuple[Check, str]]:
    words = ", ".join(sorted(relations))
    if child == parent:
        yield Check.SELF_LOOP, words
    if len(relations & _TYPED) > 1:
        yield Check.SEVERAL_RELATIONS, words
    if "unspecified" in relations and not relations & _TYPED and child != parent:
        yield Check.UNTYPED_RELATION, words
    if parent not in world.held:
        yield Check.DANGLING_PARENT, words
        return
    born, touched = world.held[child].created, world.held[child].modified
    made = world.held[parent].created
    if born and made and _FLOOR < born < made:
        is_recreated = touched is not None and touched < made
        check = Check.RECREATED_PARENT if is_recreated else Check.TIME_PARADOX
        yield check, f"created {born}, its parent {made}"


def _cycles(world: _World) -> Iterator[Diagnostic]:
    for group in nx.strongly_connected_components(nx.DiGraph(list(world.links))):
        if len(group) > 1:
            first, *others = sorted(group)
            most = max(world.downloads(name) or 0 for name in group)
            known = any(world.downloads(name) is not None for name in group)
            said = f"{len(group)} repositories descend from one another"
            found = world.found(Check.CYCLE, first, others, said)
            yield found._replace(downloads=most if known else None)


def _built_on_copies(world: _World) -> Iterator[Diagnostic]:
    made: dict[Name, set[str]] = defaultdict(set)
    built: dict[Name, list[Name]] = defaultdict(list)
    for (child, parent), relations in world.links.items():
        made[child] |= relations
        if relations & {"finetune", "merge"}:
            built[parent].append(child)
    for name, relations in made.items():
        if relations <= {"quantized", "adapter"} and built[name]:
            said = f"{', '.join(sorted(relations))}, yet {len(built[name])} made from it otherwise"
            shown = sorted(built[name], key=world.order)[:5]
            yield world.found(Check.BUILT_ON_COPY, name, shown, said)
