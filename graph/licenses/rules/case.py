"""What a rule is given and what it returns: a case, and drafts of findings.

Rule: a rule is a pure function from a case. It knows the artefact, what it declares effectively
and what it has inherited; it never sees the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from graph.licenses.facts import Fact, Terms, facts_of, terms
from graph.licenses.findings import Level
from graph.licenses.inheritance import Step, step_order
from graph.licenses.obligations import Burden, Channel, Mark
from graph.licenses.resolution import Effective, resolve_declarations
from graph.licenses.views import LicenseView
from graph.model.records import Kind

__all__ = ["BODY", "DATA", "HELD", "Case", "Draft", "Rule", "own_facts"]

BODY = (Channel.MATERIAL, Channel.ADAPTER)
"""Inherited with the weights or rows themselves."""

HELD = (Channel.OWN, *BODY)
"""Binding on whoever has the artefact."""

DATA = (Channel.DATA, Channel.DATA_SOURCE)
"""From what a model was trained on."""


class Draft(NamedTuple):
    """A finding without its path.

    ``burden`` is what the path leads to the cause of; None where that is the artefact itself.
    """

    level: Level
    subject: str
    reason: str
    remedy: str
    burden: Burden | None = None
    facts: tuple[Fact, ...] = ()


class Case:
    """One artefact before the rules; ``territories`` are where the user is, if that was said."""

    def __init__(
        self,
        view: LicenseView,
        burdens: Mapping[Burden, Step],
        territories: frozenset[str] | None = None,
    ) -> None:
        self.view = view
        self.burdens = burdens
        self.territories = territories

    @cached_property
    def effective(self) -> Effective:
        """What the artefact declares effectively."""
        return resolve_declarations(self.view.declarations)

    @cached_property
    def own(self) -> tuple[Terms, ...]:
        """The terms of every licence that the artefact declares."""
        return tuple(terms(key) for key in self.effective.keys)

    @property
    def is_model(self) -> bool:
        """Whether the artefact is a model."""
        return self.view.artefact.kind is Kind.MODEL

    @property
    def is_silent(self) -> bool:
        """Whether the artefact is there, but names no licence that any table knows."""
        said = self.effective.keys or self.effective.vendors
        return self.view.is_known and not said

    @cached_property
    def is_derived(self) -> bool:
        """Whether the artefact was made from another, rather than only trained on data."""
        return any(burden.channel in BODY for burden in self.burdens)

    @cached_property
    def declares_commerce(self) -> bool:
        """Whether every licence declared permits commercial use."""
        return bool(self.own) and all(one.allows_commerce for one in self.own)

    @cached_property
    def is_noncommercial(self) -> bool:
        """Whether a licence declared prohibits commercial use."""
        return any(one.is_noncommercial for one in self.own)

    @cached_property
    def declared(self) -> str:
        """What the artefact declares, for a sentence."""
        words = self.effective.keys or self.effective.words or self.effective.vendors
        return ", ".join(words) or "no licence"

    @cached_property
    def _marked(self) -> dict[tuple[Mark, Channel], list[Burden]]:
        marked: dict[tuple[Mark, Channel], list[Burden]] = {}
        for burden in self.burdens:
            marked.setdefault((burden.mark, burden.channel), []).append(burden)
        return marked

    def marked(self, mark: Mark, channels: Iterable[Channel]) -> Iterator[Burden]:
        """Yield the burdens of a mark that came by some channels."""
        for channel in channels:
            yield from self._marked.get((mark, channel), ())

    def licenses(self, channels: Iterable[Channel]) -> Iterator[tuple[Burden, Terms]]:
        """Yield the licences that came by some channels, with their terms."""
        for burden in self.marked(Mark.LICENSE, channels):
            yield burden, terms(burden.subject)

    def nearest(self, key: str) -> Burden | None:
        """Return the nearest way by which a licence was inherited with the material."""
        found = [burden for burden, _ in self.licenses(BODY) if burden.subject == key]
        return min(found, key=lambda one: step_order(self.burdens[one]), default=None)


Rule = Callable[[Case], Iterator[Draft]]


def own_facts(case: Case, *names: str) -> tuple[Fact, ...]:
    """Return what the licences that the artefact declares say in some terms."""
    return tuple(fact for key in case.effective.keys for fact in facts_of(key, *names))
