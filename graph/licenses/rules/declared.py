"""Rules about what a repository itself declares, and about ancestors that declare too little."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.licenses.facts import facts_of
from graph.licenses.findings import Level
from graph.licenses.obligations import Channel, Mark
from graph.licenses.resolution import Status, resolve_declarations
from graph.licenses.rules.case import BODY, DATA, Case, Draft, own_facts
from graph.licenses.views import Parent
from graph.model.records import Relation

__all__ = [
    "changed_license",
    "code_license_on_weights",
    "contradiction",
    "family",
    "guessed_relation",
    "several_licenses",
    "unresolved",
]

_NAME_LICENSE = "give a licence of the Hub's list, or 'other' with license_name and license_link"
_ADAPTER_OR_QUANTIZED = re.compile(
    r"(?<![a-z])(q?lora|adapter|gguf|ggml|gptq|awq|exl2|mlx|[48]bit|int[48])(?![a-z])",
    re.IGNORECASE,
)


def unresolved(case: Case) -> Iterator[Draft]:
    """R01: no licence, or one that no table knows; without one all rights are reserved.

    Berne Convention, article 5(2): protection needs no formality. Of an ancestor it is a gap.
    """
    open_ = "nobody can tell what is allowed"
    if case.is_silent:
        reason = f"declares {case.declared}: {open_}"
        yield Draft(Level.MEDIUM, "own", reason, _NAME_LICENSE)
    for level, channels in ((Level.LOW, BODY), (Level.INFO, DATA)):
        for burden in case.marked(Mark.UNRESOLVED, channels):
            reason = f"an ancestor ({burden.channel}) declares no known licence: {open_}"
            yield Draft(level, burden.channel, reason, "ask its author for a licence", burden)


def family(case: Case) -> Iterator[Draft]:
    """R02: the identifier names a family, not a text (the Hub's list: bsd, cc, gpl, …)."""
    for level, channels in ((Level.LOW, (Channel.OWN,)), (Level.INFO, BODY)):
        for burden, said in case.licenses(channels):
            if said.family:
                reason = f"{burden.subject} names a family of licences, not a version"
                facts = facts_of(burden.subject, "familyAmbiguous")
                remedy = "declare the version, such as gpl-3.0 or cc-by-4.0"
                yield Draft(level, burden.subject, reason, remedy, burden, facts)


def contradiction(case: Case) -> Iterator[Draft]:
    """R19: tag, card and name disagree (the Hub's rule: license_name only beside 'other')."""
    for text in case.effective.contradictions:
        remedy = "make the fields of the card agree; license_name belongs to 'license: other'"
        yield Draft(Level.MEDIUM, text, text, remedy)


def several_licenses(case: Case) -> Iterator[Draft]:
    """R20: several licences in a list: the Hub's metadata do not say whether all or any apply."""
    remedy = "say in the card which licence applies to what, or write an SPDX expression"
    if case.effective.status is Status.SEVERAL:
        also = " and ".join((*case.effective.keys, *case.effective.words))
        yield Draft(Level.MEDIUM, "own", f"declares {also}: all of them, or any?", remedy)
    for burden in case.marked(Mark.SEVERAL, BODY):
        reason = "an ancestor declares several licences: all of them, or any?"
        yield Draft(Level.LOW, "ancestor", reason, remedy, burden)


def code_license_on_weights(case: Case) -> Iterator[Draft]:
    """R22: GPL-3.0 s.1 and its kin define source for programs; for weights that is unclear."""
    if case.is_model:
        for fact in own_facts(case, "requires"):
            if fact.value == "SourceCode":
                reason = f"{fact.license} asks for source code, which weights have none of"
                remedy = "say in the card what counts as the source: data, code, checkpoints"
                yield Draft(Level.LOW, fact.license, reason, remedy, facts=(fact,))


def changed_license(case: Case) -> Iterator[Draft]:
    """R23: declared otherwise in an earlier snapshot; CC BY 4.0 s.6(c): old copies keep theirs."""
    if case.view.previous is None:
        return
    before = resolve_declarations(case.view.previous)
    if (before.keys, before.words) != (case.effective.keys, case.effective.words):
        was = ", ".join(before.keys or before.words) or "no licence"
        reason = f"declared {was} before, {case.declared} now"
        remedy = "note which revision was obtained under which licence"
        yield Draft(Level.INFO, was, reason, remedy)


def guessed_relation(case: Case) -> Iterator[Draft]:
    """REL: the Hub computed 'finetune' where the name tells of an adapter or a quantization."""
    for parent in case.view.parents:
        if _is_doubtful(parent) and _ADAPTER_OR_QUANTIZED.search(case.view.artefact.name):
            about = parent.artefact.id if parent.artefact else ""
            reason = f"the Hub takes it for a finetune of {about}, its name for something else"
            remedy = "declare base_model_relation in the card"
            yield Draft(Level.INFO, about, reason, remedy)


def _is_doubtful(parent: Parent) -> bool:
    return parent.relation is Relation.FINETUNE and not parent.is_declared
