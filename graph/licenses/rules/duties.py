"""Rules about what comes with a licence even where nothing is lost: names, notices, thresholds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from graph.licenses.facts import Terms, facts, facts_of, terms
from graph.licenses.findings import Level
from graph.licenses.obligations import Burden, Channel
from graph.licenses.rules.case import HELD, Case, Draft

__all__ = [
    "display_duty",
    "name_levels",
    "name_prefix",
    "prefixes",
    "territory",
    "threshold",
    "written",
]

_OUTPUT_DUTIES = frozenset(["display", "name-prefix"])


def name_prefix(case: Case) -> Iterator[Draft]:
    """R07: the name must begin as the agreement says (Llama 3 s.1.b.i; from 3.1 on for outputs)."""
    if not case.is_model or (not case.is_derived and not _has_outputs(case)):
        return
    for burden, said in case.licenses(Channel):
        binds = burden.channel in HELD or _reaches_by_output(burden, said)
        if said.prefix and binds and (level := _name_level(case.view.artefact.name, said.prefix)):
            reason = f"{burden.subject} asks for a name that begins with {said.prefix}"
            known = facts_of(burden.subject, "namePrefix", "prefixTrigger")
            remedy = f"rename it to {written(case.view.artefact.name, said.prefix)}"
            yield Draft(level, burden.subject, reason, remedy, burden, known)


def display_duty(case: Case) -> Iterator[Draft]:
    """R08: text, notice, "Built with …" (Llama s.1.b.i and iii, Gemma 3.1, OpenRAIL-M s.4b)."""
    for burden, said in case.licenses(Channel):
        asks = said.display or said.notice or said.agreement or said.documentation
        if asks and (burden.channel in HELD or _reaches_by_output(burden, said)):
            reason = f"{burden.subject} asks for {_asked(said)}"
            known = facts_of(burden.subject, "display", "notice", "agreementCopy", "documentation")
            remedy = f"put {_asked(said)} beside the files"
            yield Draft(Level.INFO, burden.subject, reason, remedy, burden, known)


def threshold(case: Case) -> Iterator[Draft]:
    """R09: a limit of monthly users or revenue (Llama s.2, Qwen s.4, Stability Community s.II)."""
    for burden, said in case.licenses(HELD):
        if said.mau or said.revenue:
            reason = f"{burden.subject} sets a limit of {_limits(said)}"
            known = facts_of(burden.subject, *_THRESHOLDS)
            remedy = "ask the licensor for a licence of your own before you reach the limit"
            yield Draft(Level.INFO, burden.subject, reason, remedy, burden, known)


def territory(case: Case) -> Iterator[Draft]:
    """R16: not licensed in a territory (Llama 3.2 and 4, use policy; Hunyuan, s.1)."""
    for burden, said in case.licenses(HELD):
        where = set(said.territory)
        if case.territories is not None:
            where &= case.territories
        sees = burden.is_multimodal or case.view.is_multimodal
        if where and (sees or said.modality == "all models"):
            level = Level.MEDIUM if case.territories is None else Level.HIGH
            reason = f"{burden.subject} grants no rights in {', '.join(sorted(where))}"
            known = facts_of(burden.subject, "territory", "territoryModality")
            remedy = "do not use it from there; end users of a product may be exempt"
            yield Draft(level, burden.subject, reason, remedy, burden, known)


def name_levels(name: str) -> tuple[Level | None, ...]:
    """Return all that a rule sees of a name: how grave it is for each beginning that is asked.

    >>> name_levels("Chat-8B") == name_levels("Qwen-7B")
    True
    """
    return tuple(_name_level(name, prefix) for prefix in prefixes())


@cache
def prefixes() -> tuple[str, ...]:
    """Return every beginning of a name that some licence asks for, sorted."""
    return tuple(sorted({said.prefix for key in facts() if (said := terms(key)).prefix}))


def written(name: str, prefix: str) -> str:
    """Return a name with a prefix, in the Hub's spelling.

    >>> written("Chat-8B", "Llama 3")
    'Llama-3-Chat-8B'
    """
    return f"{prefix.replace(' ', '-')}-{name}"


_THRESHOLDS = ("mauThreshold", "revenueThreshold", "monthlyRevenueThreshold", "thresholdEffect")
_BLANKS = str.maketrans("-_", "  ")


def _name_level(name: str, prefix: str) -> Level | None:
    """Return how grave a name's beginning is: hyphens and capitals do not count."""
    begun, asked = name.casefold().translate(_BLANKS), prefix.casefold()
    if _begins(begun, asked):
        return None
    return Level.LOW if _begins(begun, asked.replace(" ", "")) else Level.MEDIUM


def _begins(name: str, prefix: str) -> bool:
    """Tell whether a name begins with a prefix; Llama 30B does not begin with Llama 3."""
    following = name[len(prefix) : len(prefix) + 1]
    return name.startswith(prefix) and not (prefix[-1].isdigit() and following.isdigit())


def _reaches_by_output(burden: Burden, said: Terms) -> bool:
    """Tell whether a duty binds a model that was only trained on outputs."""
    by_output = burden.channel in {Channel.OUTPUT, Channel.DATA}
    return by_output and said.outputs in _OUTPUT_DUTIES


def _has_outputs(case: Case) -> bool:
    return any(_reaches_by_output(burden, said) for burden, said in case.licenses(Channel))


def _asked(said: Terms) -> str:
    parts = (
        said.agreement and "a copy of the agreement",
        said.notice and "its notice",
        said.documentation and "its documentation",
        said.display and f'"{said.display}"',
    )
    return ", ".join(part for part in parts if part)


def _limits(said: Terms) -> str:
    parts = (
        said.mau and f"{said.mau:,} monthly users",
        said.revenue and f"{said.revenue:,} US dollars of revenue",
    )
    return " or ".join(part for part in parts if part)
