"""Rules about training data and generated data: advice, for their reach into weights is open."""

from __future__ import annotations

from collections.abc import Iterator

from graph.licenses.facts import facts_of
from graph.licenses.findings import Level
from graph.licenses.obligations import Burden, Channel, Mark
from graph.licenses.rules.case import DATA, Case, Draft

__all__ = ["data_noncommercial", "data_share_alike", "output_training", "vendor_terms"]

_OUTPUTS = (Channel.OUTPUT, Channel.DATA)


def output_training(case: Case) -> Iterator[Draft]:
    """R10: outputs must not improve other models (Llama 2 and 3 s.1.b.v; not from 3.1 on)."""
    if not case.is_model:
        return
    for burden, said in case.licenses(_OUTPUTS):
        if said.outputs == "prohibited" and burden.subject not in case.effective.keys:
            level = Level.HIGH if burden.is_certain else Level.MEDIUM
            reason = f"{burden.subject} forbids to train other models on its outputs"
            facts = facts_of(burden.subject, "outputTraining")
            remedy = "train on other data, or start from a model of that licence and declare it"
            yield Draft(level, burden.subject, reason, remedy, burden, facts)


def data_noncommercial(case: Case) -> Iterator[Draft]:
    """R11: trained on non-commercial data (CC BY-NC 4.0 s.2(a)(1)): whether it binds is open."""
    if not case.is_model or case.is_noncommercial:
        return
    for burden, said in case.licenses(DATA):
        if said.is_noncommercial:
            level = _data_level(Level.MEDIUM, burden)
            reason = f"trained on data under {burden.subject}, which prohibits commercial use"
            facts = facts_of(burden.subject, "commercialUse")
            remedy = "say in the card how the data was used, or ask its author"
            yield Draft(level, burden.subject, reason, remedy, burden, facts)


def data_share_alike(case: Case) -> Iterator[Draft]:
    """R12: trained on share-alike data (CC BY-SA 4.0 s.3(b)): whether weights adapt it is open."""
    if not case.is_model:
        return
    for burden, said in case.licenses(DATA):
        if said.is_strong_copyleft and burden.subject not in case.effective.keys:
            reason = f"trained on data under {burden.subject}, which asks for the same licence"
            facts = facts_of(burden.subject, "shareAlike")
            remedy = "credit the data; those who see weights as adapted would share alike"
            yield Draft(Level.LOW, burden.subject, reason, remedy, burden, facts)


def vendor_terms(case: Case) -> Iterator[Draft]:
    """R13: data from a service whose terms forbid competing models (OpenAI: terms of use).

    They bind whoever called the service, perhaps nobody else.
    """
    for burden in case.marked(Mark.VENDOR, (Channel.OUTPUT,)):
        reason = f"holds, or was trained on, output under the terms of {burden.subject}"
        remedy = f"check what the terms of {burden.subject} let you do with its output"
        yield Draft(_vendor_level(case), burden.subject, reason, remedy, burden)


def _vendor_level(case: Case) -> Level:
    if not case.is_model:
        return Level.MEDIUM
    return Level.INFO if case.is_noncommercial else Level.LOW


def _data_level(level: Level, burden: Burden) -> Level:
    """Lower the level for what is only a source of the data, or perhaps not even its licence."""
    if burden.channel is Channel.DATA_SOURCE:
        level = level.lowered
    return level if burden.is_certain else level.lowered
