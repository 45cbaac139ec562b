"""Rules about the lineage itself: ancestors that cannot be looked at, and gates that were lost."""

from __future__ import annotations

from collections.abc import Iterator

from graph.licenses.findings import Level
from graph.licenses.obligations import Channel, Mark
from graph.licenses.rules.case import BODY, DATA, HELD, Case, Draft
from graph.model.records import Gating

__all__ = ["gating_lost", "unverifiable"]


def gating_lost(case: Case) -> Iterator[Draft]:
    """R17: a gate asks for consent (the Hub's gated repositories), an open copy does not."""
    for burden in case.marked(Mark.GATED, (Channel.OWN,)):
        reason = "gated: its files are given only to those who accept its terms"
        yield Draft(Level.INFO, "own", reason, "gate copies likewise", burden)
    if case.view.gating is Gating.NONE:
        for burden in case.marked(Mark.GATED, BODY):
            reason = "open, though an ancestor gives its files only to those who accept its terms"
            yield Draft(
                Level.INFO, "ancestor", reason, "gate it, or say why it may be open", burden
            )


def unverifiable(case: Case) -> Iterator[Draft]:
    """R18: an ancestor is gone, private or renamed: nobody can read its terms (no licence text)."""
    for level, channels in ((Level.MEDIUM, HELD), (Level.INFO, DATA)):
        for burden in case.marked(Mark.UNVERIFIABLE, channels):
            reason = f"a repository ({burden.channel}) is not known here: gone, private or not read"
            remedy = "ingest it, or find out what it was licensed under"
            yield Draft(level, burden.channel, reason, remedy, burden)
        for burden in case.marked(Mark.RENAMED, channels):
            reason = f"a repository ({burden.channel}) was renamed: its old name may be taken"
            yield Draft(level, f"renamed {burden.channel}", reason, "name its new id", burden)
