"""What the licences say: facts with their source, read from ``facts.csv``, and their sum.

A fact is one statement about one licence. Its terms are those of the Creative Commons Rights
Expression Language (``permits``, ``requires``, ``prohibits``) and ours; its value may be
``unknown``. How a fact was verified decides how far it is believed.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, NamedTuple

from graph.model.licenses import read_rows

__all__ = ["BELIEF", "Fact", "Terms", "compatible", "facts", "facts_of", "terms"]

BELIEF = {
    "text-read": 1.0,
    "metadata": 0.95,
    "excerpt-read": 0.9,
    "inferred": 0.75,
    "secondary": 0.6,
    "not-read": 0.5,
    "name-only": 0.4,
}
"""How far a fact is believed, by how it was verified; below 0.7 it counts as unverified.

Inferred is what other facts of a text that was read imply: what asks derivatives for a copy of its
agreement permits derivatives.
"""

_UNVERIFIED = 0.7
_NAMELESS_FLOWS = frozenset(["", "unknown"])


class Fact(NamedTuple):
    """One statement about a licence, with the clause that makes it and who read that clause."""

    license: str
    term: str
    value: str
    clause: str
    source: str
    verified: str

    @property
    def belief(self) -> float:
        """How far the fact is believed, from 0 to 1."""
        return BELIEF[self.verified]

    @property
    def is_verified(self) -> bool:
        """Whether somebody read the text, or a maintained table says so."""
        return self.belief >= _UNVERIFIED


class Terms(NamedTuple):
    """The facts of one licence in the form that rules ask for; "" and 0 mean: says nothing.

    ``commercial`` is permitted, conditional, prohibited or unknown; ``share`` a kind of
    share-alike; ``flow`` the group of licences that keep its restrictions; ``outputs`` what a
    model trained on outputs owes.
    """

    commercial: str = "unknown"
    no_derivatives: str = ""
    attribution: str = ""
    share: str = ""
    flow: str = ""
    use_restrictions: str = ""
    prefix: str = ""
    prefix_trigger: str = ""
    display: str = ""
    notice: str = ""
    agreement: str = ""
    documentation: str = ""
    outputs: str = ""
    mau: int = 0
    revenue: int = 0
    threshold_effect: str = ""
    territory: tuple[str, ...] = ()
    modality: str = ""
    research_only: str = ""
    family: str = ""

    @property
    def is_noncommercial(self) -> bool:
        """Whether commercial use is prohibited."""
        return self.commercial == "prohibited"

    @property
    def allows_commerce(self) -> bool:
        """Whether commercial use is permitted, if only on conditions."""
        return self.commercial in {"permitted", "conditional"}

    @property
    def flows_down(self) -> bool:
        """Whether derivatives must carry its agreement or restrictions on."""
        return self.flow not in _NAMELESS_FLOWS

    @property
    def is_strong_copyleft(self) -> bool:
        """Whether whole derivatives must be under the same licence."""
        return self.share in {"share-alike", "strong", "network"}

    @property
    def is_permissive(self) -> bool:
        """Whether it asks for no more than its text and notices to be kept."""
        restricts = self.share or self.flow or self.no_derivatives or self.use_restrictions
        return self.commercial == "permitted" and not (restricts or self.family)


_FIELDS = {
    "commercialUse": "commercial",
    "noDerivatives": "no_derivatives",
    "shareAlike": "share",
    "flowDown": "flow",
    "useRestrictions": "use_restrictions",
    "namePrefix": "prefix",
    "prefixTrigger": "prefix_trigger",
    "display": "display",
    "notice": "notice",
    "agreementCopy": "agreement",
    "documentation": "documentation",
    "outputTraining": "outputs",
    "thresholdEffect": "threshold_effect",
    "territoryModality": "modality",
    "researchOnly": "research_only",
    "familyAmbiguous": "family",
}


@cache
def facts() -> dict[str, tuple[Fact, ...]]:
    """Return the facts of every licence by its key, as the table lists them."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for row in read_rows(__package__, "facts.csv"):
        grouped[row[0]].append(Fact(*row))
    return {key: tuple(found) for key, found in grouped.items()}


@cache
def facts_of(key: str, *names: str) -> tuple[Fact, ...]:
    """Return what a licence says in some terms.

    >>> [fact.value for fact in facts_of("llama3.2", "territory")]
    ['EU']
    """
    return tuple(fact for fact in facts().get(key, ()) if fact.term in names)


@cache
def terms(key: str) -> Terms:
    """Return the sum of what a licence says.

    >>> terms("llama3").prefix
    'Llama 3'
    """
    said: dict[str, Any] = {_FIELDS[fact.term]: fact.value for fact in facts_of(key, *_FIELDS)}
    values = {fact.value for fact in facts_of(key, "requires")}
    return Terms(**said)._replace(
        attribution="true" if "Attribution" in values else "",
        mau=_number(key, "mauThreshold"),
        revenue=_number(key, "revenueThreshold", "monthlyRevenueThreshold"),
        territory=tuple(sorted(fact.value for fact in facts_of(key, "territory"))),
    )


@cache
def compatible(key: str) -> dict[str, Fact]:
    """Return the licences that a share-alike licence lets derivatives take, with the clause."""
    return {
        child: Fact(license_, "compatibleWith", child, *rest)
        for license_, child, *rest in read_rows(__package__, "compatible.csv")
        if license_ == key
    }


def _number(key: str, *names: str) -> int:
    return next((int(fact.value) for fact in facts_of(key, *names)), 0)
