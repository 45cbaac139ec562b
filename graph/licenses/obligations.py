"""What artefacts hand down to what is made of them, and through which kind of step.

A burden is a licence or a circumstance that an artefact carries of its own or has inherited. It
names no ancestor: artefacts share burdens, and the path to the nearest cause is kept beside them.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from graph.licenses.facts import terms
from graph.licenses.names import find_vendor
from graph.licenses.resolution import Effective, Status, resolve_declarations
from graph.licenses.views import Artefact, LicenseView
from graph.model.records import Gating, Relation
from graph.model.relations import Passage

__all__ = ["STEPS", "Burden", "Channel", "Mark", "own_burdens", "pass_on"]


class Mark(StrEnum):
    """What kind of burden it is."""

    LICENSE = "license"
    UNRESOLVED = "unresolved"
    SEVERAL = "several"
    UNVERIFIABLE = "unverifiable"
    RENAMED = "renamed"
    GATED = "gated"
    CONFLICT = "conflict"
    MIXED = "mixed"
    VENDOR = "vendor"


class Channel(StrEnum):
    """How a burden came: from the artefact itself, or by what kind of ancestor.

    Material is what is contained: the weights of a model, the rows of a dataset.
    """

    OWN = "own"
    MATERIAL = "material"
    ADAPTER = "adapter"
    OUTPUT = "output"
    DATA = "data"
    DATA_SOURCE = "data source"


class Burden(NamedTuple):
    """A licence key or circumstance, and how it came.

    ``subject`` is the key of a licence, two of them joined by a blank, or a vendor. Where
    ``is_certain`` is False, the ancestor leaves open whether the licence applies. ``origin`` is
    set only within cycles, where an artefact must not take itself for an ancestor.
    """

    mark: Mark
    subject: str = ""
    channel: Channel = Channel.OWN
    is_certain: bool = True
    is_multimodal: bool = False
    origin: Artefact | None = None


_KEEP = {channel: channel for channel in Channel if channel is not Channel.OWN}
_FULL = _KEEP | {Channel.OWN: Channel.MATERIAL}
_ADAPTER = _KEEP | {Channel.OWN: Channel.ADAPTER, Channel.MATERIAL: Channel.ADAPTER}
_OUTPUT = dict.fromkeys((Channel.OWN, Channel.MATERIAL, Channel.ADAPTER), Channel.OUTPUT)
_DATA = {
    Channel.OWN: Channel.DATA,
    Channel.MATERIAL: Channel.DATA_SOURCE,
    Channel.OUTPUT: Channel.OUTPUT,
}

_CHANNELS: dict[Passage, dict[Channel, Channel]] = {
    Passage.WHOLE: _FULL,
    Passage.ADAPTER: _ADAPTER,
    Passage.OUTPUT: _OUTPUT,
    Passage.DATA: _DATA,
    Passage.NOTHING: {},
}

STEPS = {relation: _CHANNELS[relation.row.licenses] for relation in Relation}
"""What a channel becomes one step down, by relation; one that is not named ends there.

What a model owes for its training data is not handed on to the data it generates. To distil is to
generate data and to train on it: the two steps and the one come to the same.
"""

_BODY = frozenset([Channel.MATERIAL, Channel.ADAPTER])
_LICENSES_AND_VENDORS = frozenset([Mark.LICENSE, Mark.VENDOR])
_OF_WEIGHTS = frozenset([Mark.GATED, Mark.CONFLICT, Mark.MIXED])


def pass_on(burden: Burden, relation: Relation) -> Burden | None:
    """Return what a parent's burden becomes in a child, or None where it is not inherited."""
    channel = STEPS[relation].get(burden.channel)
    if channel is None or not _is_inherited(burden.mark, channel):
        return None
    return burden if channel is burden.channel else burden._replace(channel=channel)


def own_burdens(view: LicenseView) -> tuple[Burden, ...]:
    """Return what an artefact carries of its own, sorted."""
    if not view.is_known:
        mark = Mark.UNVERIFIABLE if view.renamed_to is None else Mark.RENAMED
        return (Burden(mark),)
    burdens = _declared(resolve_declarations(view.declarations), view.is_multimodal)
    burdens += _circumstances(view)
    return tuple(sorted(burdens)) if len(burdens) > 1 else burdens


@lru_cache(maxsize=65536)
def _declared(effective: Effective, is_multimodal: bool) -> tuple[Burden, ...]:  # noqa: FBT001 - cached
    found = [_license(key, effective, is_multimodal) for key in effective.keys]
    if effective.status is Status.SEVERAL:
        found.append(Burden(Mark.SEVERAL))
    if not effective.is_certain and _is_open(effective):
        found.append(Burden(Mark.UNRESOLVED))
    found += [Burden(Mark.VENDOR, vendor, Channel.OUTPUT) for vendor in effective.vendors]
    return tuple(found)


def _is_open(effective: Effective) -> bool:
    """Tell whether something is declared that no table knows, or nothing at all."""
    return bool(effective.words) or not (effective.keys or effective.vendors)


def _license(key: str, effective: Effective, is_multimodal: bool) -> Burden:  # noqa: FBT001 - a fact
    matters = bool(is_multimodal and terms(key).territory)
    return Burden(Mark.LICENSE, key, Channel.OWN, effective.is_certain, matters)


def _circumstances(view: LicenseView) -> tuple[Burden, ...]:
    found = [
        Burden(Mark.VENDOR, vendor, Channel.OUTPUT)
        for parent in view.parents
        if parent.relation.row.licenses is Passage.OUTPUT and parent.artefact is None
        if (vendor := find_vendor(parent.words))
    ]
    if view.gating in {Gating.AUTO, Gating.MANUAL}:
        found.append(Burden(Mark.GATED))
    if view.renamed_to is not None:
        found.append(Burden(Mark.RENAMED))
    return tuple(found)


def _is_inherited(mark: Mark, channel: Channel) -> bool:
    """Tell whether a mark travels by a channel: what is open about a generator, say, does not."""
    if channel is Channel.OUTPUT:
        return mark in _LICENSES_AND_VENDORS
    return mark not in _OF_WEIGHTS or channel in _BODY
