"""What the index lacks of the few repositories that a view shows: tasks, and whether they exist.

And of their links: whether somebody declared them, or the Hub or this project worked them out.
"""

from __future__ import annotations

from graph.model import vocabulary as v
from graph.model.records import ClaimSource, Gating, Relation, Resolution
from graph.rdf.properties import RESOLUTION
from graph.store.lineage_graph import LineageGraph

__all__ = ["claimed", "status"]

_OPEN = v.gating_iri(Gating.NONE)
_SAID = frozenset(map(v.claim_source_iri, (ClaimSource.CARD, ClaimSource.DATASET_RECORD)))
_NORMAL = Resolution.RESOLVED


def status(graph: LineageGraph, iri: str) -> dict[str, str | bool]:
    """Return the tasks of a repository, whether it is gated, and its state where it is not there.

    ``state`` is a word of ``Resolution``; what is known and not gone has none.
    """
    found: dict[str, str | bool] = {}
    if tasks := [v.parse_task_iri(task) for task in graph.objects(iri, v.FAIR4ML.mlTask)]:
        found["task"] = ", ".join(sorted(tasks))
    for stated in graph.objects(iri, v.REMIX.resolutionStatus):
        state = RESOLUTION.decode(f"<{stated}>")
        if state is not _NORMAL:
            found["state"] = state.value
    if "true" in graph.objects(iri, v.REMIX.disabled):
        found["state"] = Resolution.DISABLED.value
    if any(gating != _OPEN for gating in graph.objects(iri, v.REMIX.gated)):
        found["gated"] = True
    return found


def claimed(graph: LineageGraph, child: str, parent: str, relation: Relation) -> bool:
    """Tell whether a card or a record of a dataset says that a link is there, and of which kind."""
    target = v.parse_repository_iri(parent)
    if target is None or relation is Relation.UNSPECIFIED:
        return False
    claim = v.claim_iri(child, "derivation", relation, target[1])
    return not _SAID.isdisjoint(graph.objects(claim, v.REMIX.relationSource))
