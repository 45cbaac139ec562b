"""A verdict as a story: what an artefact is and declares, what it drags along, and what follows.

Everything here is plain text, and a sentence of its own; ids and licences are as their owners wrote
them. Whoever shows it makes it harmless first.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.licenses.answers import Answer, Use
from graph.licenses.explaining import Explained, Reason, Way
from graph.licenses.findings import Level
from graph.licenses.resolution import Status
from graph.licenses.views import Artefact
from graph.model.licenses import texts
from graph.model.records import Kind, Relation
from ui.app.markup import Tone
from ui.palette import RELATIONS

__all__ = [
    "ANSWERS",
    "LEVEL_TONES",
    "USES",
    "VERIFIED",
    "because",
    "capital",
    "consequence",
    "declares",
    "made",
    "own",
    "steps",
    "summary",
    "threads",
    "weakest",
]

USES = {
    Use.COMMERCIAL: ("Commercial use", "use it in a product or service that earns money"),
    Use.RESEARCH: ("Research", "use it for research that earns none"),
    Use.REDISTRIBUTE: ("Hand it on", "hand on copies, changed or not"),
    Use.TRAIN_OTHERS: ("Train others with it", "train another model with it or its outputs"),
}
"""What each use is called, and what it means: "may I …"."""

ANSWERS: dict[Answer, tuple[str, Tone]] = {
    Answer.YES: ("Yes", "good"),
    Answer.CONDITIONAL: ("Yes, on conditions", "warn"),
    Answer.UNKNOWN: ("Nobody can tell", "unknown"),
    Answer.NO: ("No", "bad"),
}
"""What each answer is called, and its colour."""

LEVEL_TONES: dict[Level, Tone] = {
    Level.HIGH: "bad",
    Level.MEDIUM: "warn",
    Level.LOW: "info",
    Level.INFO: "info",
}

VERIFIED = {
    "text-read": "the text was read",
    "metadata": "a maintained table says so",
    "excerpt-read": "an excerpt was read",
    "inferred": "follows from what was read",
    "secondary": "quoted by others",
    "not-read": "nobody has read it",
    "name-only": "only its name says so",
}
"""How a fact was verified, in words."""

_MOST = 3


def summary(told: Explained) -> str:
    """Return the answer in one sentence, without its reason."""
    verdict = told.verdict
    aim = USES[verdict.use][1]
    if verdict.answer is Answer.NO:
        return f"A licence that applies does not let you {aim}."
    if verdict.answer is Answer.UNKNOWN:
        return f"Before you {aim}, something has to be found out."
    if verdict.answer is Answer.CONDITIONAL:
        many = len(verdict.duties)
        return f"You may {aim}, if you " + (
            "do what is listed below." if many > 1 else "do one thing."
        )
    return f"Nothing that is declared speaks against it: you may {aim}."


def because(told: Explained) -> str:
    """Return why the answer is what it is: its first reason."""
    if not told.deciding or told.verdict.answer is Answer.YES:
        return "Nothing declared speaks against it."
    more = len(told.deciding) - 1
    return consequence(told.deciding[0]) + (f" And {more} more." if more else "")


def made(told: Explained) -> str:
    """Return what the artefact is and what it was made from.

    It is a model, merged from a/x and a/y, and trained on a/z.
    """
    view = told.view
    kind = "dataset" if view.artefact.kind is Kind.DATASET else view.artefact.kind.value
    if not view.is_known:
        today = f" It is called {view.renamed_to} today." if view.renamed_to else ""
        return (
            f"This {kind} is only named by others: it is gone, private, or was not ingested."
            + today
        )
    parts = []
    for relation in Relation:
        named = [one for one in view.parents if one.relation is relation]
        if named:
            names = [_name(one.artefact) or " ".join(one.words) for one in named]
            parts.append(f"{RELATIONS[relation].meaning} {_listed(names)}")
    if not parts:
        return f"It is a {kind} that declares nothing it was made from."
    return f"It is a {kind} that {_joined(parts)}."


def own(told: Explained) -> str:
    """Return what the artefact in question declares, as a sentence."""
    found = told.declared(told.verdict.artefact)
    if found.status is Status.RESOLVED:
        return f"It declares {' and '.join(found.keys)} for itself."
    return f"It {declares(told)}."


def declares(told: Explained, artefact: Artefact | None = None) -> str:
    """Return what an artefact declares as its licence, the one in question unless said."""
    artefact = artefact or told.verdict.artefact
    if not told.views[artefact].is_known:
        return "is only named here, so that nobody can tell what it is under"
    found = told.declared(artefact)
    keys = " and ".join(found.keys)
    if found.status is Status.MISSING:
        return "declares no licence, and without one all rights are reserved"
    if found.status is Status.UNRESOLVED:
        words = ", ".join((*found.words, *found.vendors)) or "other"
        return f"declares a licence that no table knows: {words}"
    if found.status is Status.SEVERAL:
        every = ", ".join((*found.keys, *found.words))
        return f"declares several licences ({every}) and leaves open which of them apply"
    return f"is under {keys}"


def threads(told: Explained) -> list[tuple[Way, list[Reason]]]:
    """Return what decides the answer by the way that it came along, the nearest first."""
    found: dict[Way, list[Reason]] = {}
    for reason in told.deciding:
        found.setdefault(reason.way, []).append(reason)
    return list(found.items())


def steps(told: Explained, way: Way) -> Iterator[str]:
    """Yield the way to a cause, step by step; of a long one its beginning and its end."""
    path = way.path
    is_long = len(path) > 2 * _MOST
    for number, relation in enumerate(way.relations[: _MOST if is_long else None]):
        start = "It" if number == 0 else _name(path[number])
        parent = path[number + 1]
        declared = f", which {declares(told, parent)}"
        yield f"{start} {RELATIONS[relation].meaning} {_name(parent)}{declared}."
    if is_long:
        between = len(path) - _MOST - 1
        yield (
            f"{between} more steps lead back to {_name(path[-1])}, which"
            f" {declares(told, path[-1])}."
        )


def consequence(reason: Reason) -> str:
    """Return what follows at the end of a way, which need not be named again."""
    cause = reason.way.path[-1].id
    says = reason.says.removesuffix(f" [{cause}]")
    if says.endswith(f", {cause})"):
        says = says.removesuffix(f", {cause})") + ")"
    return _sentence(says)


def capital(text: str) -> str:
    """Return text with a great letter at its beginning, unless it begins with a licence.

    >>> capital("keep to mit"), capital("mit asks for it")
    ('Keep to mit', 'mit asks for it')
    """
    is_key = text.partition(" ")[0] in texts()
    return text if is_key else text[:1].upper() + text[1:]


def weakest(told: Explained) -> str:
    """Return how sure the answer is, in words."""
    sure = told.verdict.confidence
    if sure >= 0.9:
        return "well founded: what it rests on was read, or stands in maintained tables"
    if sure >= 0.7:
        return "fairly sure: some steps are inferred, or some ancestors could not be looked at"
    return "take it with care: a fact that it rests on was not read, or may not apply"


def _name(artefact: Artefact | None) -> str:
    if artefact is None:
        return ""
    return f"the dataset {artefact.id}" if artefact.kind is Kind.DATASET else artefact.id


def _listed(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    if len(names) > _MOST + 1:
        return ", ".join(names[:_MOST]) + f" and {len(names) - _MOST} more"
    return _joined(names)


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def _sentence(text: str) -> str:
    return capital(text) + ("" if text.endswith(".") else ".")
