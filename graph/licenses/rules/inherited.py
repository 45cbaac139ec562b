"""Rules about licences that came with the material: what a child's licence must not lose."""

from __future__ import annotations

from collections.abc import Iterator

from graph.licenses.conflicts import conflict
from graph.licenses.facts import Fact, Terms, compatible, facts_of, terms
from graph.licenses.findings import Level
from graph.licenses.obligations import Burden, Channel, Mark
from graph.licenses.rules.case import BODY, Case, Draft, own_facts

__all__ = [
    "added_restriction",
    "flow_down_lost",
    "merge_conflict",
    "no_derivatives",
    "permissive_notice",
    "relaxed_commercial",
    "share_alike_lost",
]


def relaxed_commercial(case: Case) -> Iterator[Draft]:
    """R03: an ancestor is non-commercial (CC BY-NC 4.0 s.2(a)(1)), the child permits commerce."""
    if not case.declares_commerce:
        return
    for burden, said in case.licenses(BODY):
        if said.is_noncommercial:
            reason = f"declares {case.declared}, but {burden.subject} prohibits commercial use"
            facts = facts_of(burden.subject, "commercialUse") + own_facts(case, "commercialUse")
            remedy = f"declare {burden.subject}, or get a commercial licence from its author"
            yield Draft(_level(Level.HIGH, burden), burden.subject, reason, remedy, burden, facts)


def no_derivatives(case: Case) -> Iterator[Draft]:
    """R04: CC BY-ND 4.0 s.2(a)(1)(B): adapted material may be made, but not shared."""
    for burden, said in case.licenses(BODY):
        if said.no_derivatives == "true":
            contained = burden.channel is Channel.MATERIAL
            level = _level(Level.HIGH if contained else Level.MEDIUM, burden)
            reason = f"{burden.subject} permits no derivatives to be shared"
            facts = facts_of(burden.subject, "noDerivatives")
            remedy = "get permission from the author, or start from another base"
            yield Draft(level, burden.subject, reason, remedy, burden, facts)


def share_alike_lost(case: Case) -> Iterator[Draft]:
    """R05: share-alike or copyleft lost (CC BY-SA 4.0 s.3(b), GPL-3.0 s.5(c), MPL-2.0 s.3.1)."""
    for burden, said in case.licenses(BODY):
        # Of several licences, one that the child keeps may be the one that applies.
        is_kept = not burden.is_certain and any(one.share for one in case.own)
        if _loses_share_alike(case, burden.subject) and not is_kept:
            level = Level.HIGH if said.is_strong_copyleft else Level.MEDIUM
            reason = f"declares {case.declared}, but {burden.subject} must be kept"
            facts = facts_of(burden.subject, "shareAlike")
            others = sorted(compatible(burden.subject))
            remedy = f"declare {' or '.join((burden.subject, *others))}"
            yield Draft(_level(level, burden), burden.subject, reason, remedy, burden, facts)


def flow_down_lost(case: Case) -> Iterator[Draft]:
    """R06: use restrictions or agreement not carried on (Llama 3.1 s.1.b.i, Gemma 3.1, RAIL s.4a).

    A model that imitates outputs counts as a derivative too: Gemma 1.1(e), the RAILs' s.1.
    """
    for burden, said in case.licenses(Channel):
        limit = _flow_level(case, burden, said)
        if limit is not None and _loses_flow_down(case, burden.subject):
            reason = f"declares {case.declared}, which does not carry {burden.subject} on"
            facts = facts_of(burden.subject, "flowDown", "useRestrictions", "outputTraining")
            remedy = f"declare {burden.subject} and add a copy of the agreement"
            yield Draft(_level(limit, burden), burden.subject, reason, remedy, burden, facts)


def merge_conflict(case: Case) -> Iterator[Draft]:
    """R14: no licence satisfies all parts of a merge (GPL-3.0 s.10, Llama 2 s.1.b.v), or not this.

    Also where the licence declared is that of one part and falls short of another's.
    """
    channels = (Channel.OWN, *BODY)
    for burden in case.marked(Mark.CONFLICT, channels):
        pair = burden.subject.split()
        # The evidence is the part that the licence declared does not speak for.
        key = next((one for one in pair if one not in case.effective.keys), pair[0])
        facts = tuple(fact for one in pair for fact in _restrictions(one))
        remedy = "leave one of the parts out, or get a permission that ends the conflict"
        yield Draft(Level.HIGH, burden.subject, conflict(*pair), remedy, case.nearest(key), facts)
    for burden in case.marked(Mark.MIXED, channels):
        if _falls_short(case, key := burden.subject):
            reason = f"declares {case.declared} for a merge, a part of which is under {key}"
            remedy = f"declare the strictest: {key} binds the whole"
            level = _shortfall(case, key)
            yield Draft(level, key, reason, remedy, case.nearest(key), _restrictions(key))


def added_restriction(case: Case) -> Iterator[Draft]:
    """R15: the child is stricter: GPL-3.0 s.10 and CC BY-SA 4.0 s.3(b)(3) forbid it.

    Permissive licences allow it; an agreement such as Llama 3's binds beside it (s.5.b).
    """
    for burden, said in case.licenses(BODY):
        if added := _added(case, said):
            level = _added_level(case, said)
            reason = f"declares {case.declared}, which {added} beyond {burden.subject}"
            facts = own_facts(case, "commercialUse", "noDerivatives", "useRestrictions")
            remedy = f"keep to {burden.subject}, or say that the rest covers your own part only"
            yield Draft(level, burden.subject, reason, remedy, burden, facts)


def permissive_notice(case: Case) -> Iterator[Draft]:
    """R21: a permissive text and its notices must be kept (MIT, Apache-2.0 s.4)."""
    for burden, said in case.licenses(BODY):
        if said.is_permissive and said.attribution and burden.subject not in case.effective.keys:
            reason = f"{burden.subject} asks that its text and notices be kept"
            facts = facts_of(burden.subject, "requires")
            remedy = f"add the text of {burden.subject} and the NOTICE of the original"
            yield Draft(Level.INFO, burden.subject, reason, remedy, burden, facts)


def _falls_short(case: Case, key: str) -> bool:
    """Tell whether the licences declared lack what an inherited one demands."""
    relaxed = terms(key).is_noncommercial and case.declares_commerce
    return relaxed or _loses_share_alike(case, key) or _loses_flow_down(case, key)


def _shortfall(case: Case, key: str) -> Level:
    """Return how grave that is: less where only one agreement stands in for another."""
    strong = terms(key).is_strong_copyleft or terms(key).is_noncommercial
    return Level.MEDIUM if _is_restricted(case) and not strong else Level.HIGH


def _is_restricted(case: Case) -> bool:
    """Tell whether the licences declared restrict the use, if not as an ancestor's do."""
    return any(one.use_restrictions or one.is_noncommercial or one.flows_down for one in case.own)


def _loses_share_alike(case: Case, key: str) -> bool:
    said = terms(key)
    is_family = bool(said.family) and said.allows_commerce  # gpl, but not cc: it may be CC0
    if not said.share or (said.share == "unknown" and not is_family) or not case.own:
        return False
    kept = {key, *compatible(key)}
    return kept.isdisjoint(case.effective.keys)


def _loses_flow_down(case: Case, key: str) -> bool:
    said = terms(key)
    return said.flows_down and bool(case.own) and all(one.flow != said.flow for one in case.own)


def _flow_level(case: Case, burden: Burden, said: Terms) -> Level | None:
    """Return how grave it is to lose the flow-down that came by a channel, if it binds there."""
    if burden.channel in BODY:
        return Level.MEDIUM if _is_restricted(case) else Level.HIGH
    if not case.is_model or said.outputs != "derivative":
        return None
    if burden.channel is Channel.OUTPUT:
        return Level.HIGH
    # A data set under a model's agreement holds that model's output; under a RAIL, it may not.
    return Level.MEDIUM if burden.channel is Channel.DATA and said.flow != "rail" else None


def _added(case: Case, said: Terms) -> str:
    """Say what the licences declared add to an inherited one."""
    if case.is_noncommercial and said.allows_commerce:
        return "prohibits commercial use"
    if any(one.no_derivatives == "true" for one in case.own) and not said.no_derivatives:
        return "prohibits derivatives"
    if any(one.use_restrictions == "true" for one in case.own) and not said.use_restrictions:
        return "restricts the use"
    return ""


def _added_level(case: Case, said: Terms) -> Level:
    is_lost = said.flows_down and all(one.flow != said.flow for one in case.own)
    return Level.MEDIUM if said.is_strong_copyleft or is_lost else Level.INFO


def _restrictions(key: str) -> tuple[Fact, ...]:
    return facts_of(key, "commercialUse", "shareAlike", "flowDown", "outputTraining", "namePrefix")


def _level(level: Level, burden: Burden) -> Level:
    return level if burden.is_certain else level.lowered
