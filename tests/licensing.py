"""Lineages with licences, drawn one artefact a line, for the tests of the licence engine.

    draw("acme/chat@mit -> acme/base: finetune", "acme/base@cc-by-nc-4.0")

After ``@`` stands the licence, ``other:name`` for one that is named, several divided by ``|``,
nothing where none is declared. A name that begins with ``datasets/`` is a data set's, and a
parent without a slash in it is a product, such as ``OpenAI GPT-4``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from graph.licenses.engine import find
from graph.licenses.findings import Finding, Level
from graph.licenses.inheritance import inherit
from graph.licenses.verdict import Context, Use, Verdict, judge
from graph.licenses.views import Artefact, LicenseView, view_of
from graph.model.licenses import resolve
from graph.model.records import Dataset, Derivation, Kind, LicenseDeclaration, Model, Relation
from tests.builders import derivation, license_

__all__ = ["Views", "artefact", "declare", "draw", "findings", "flags", "verdict"]

Views = dict[Artefact, LicenseView]

_DATASETS = "datasets/"


def artefact(name: str) -> Artefact:
    """Return the artefact of a drawn name.

    >>> artefact("datasets/acme/qa").kind
    <Kind.DATASET: 'dataset'>
    """
    kind = Kind.DATASET if name.startswith(_DATASETS) else Kind.MODEL
    return Artefact(kind, name.removeprefix(_DATASETS))


def declare(text: str) -> tuple[LicenseDeclaration, ...]:
    """Return the declarations drawn as ``mit``, ``mit|gpl-3.0``, ``other:qwen`` or nothing."""
    return tuple(_declaration(part.strip()) for part in text.split("|") if part.strip())


def draw(*lines: str, **changes: Any) -> Views:  # noqa: ANN401 - fields of the first record
    """Return the views of the artefacts drawn, by way of records; ``changes`` are the first's."""
    drawn = {}
    for number, line in enumerate(lines):
        left, _, right = line.partition("->")
        name, _, license_text = left.strip().partition("@")
        fields = {"licenses": declare(license_text), "derivations": _derivations(right)}
        view = _view(name.strip(), fields | (changes if number == 0 else {}))
        drawn[view.artefact] = view
    return drawn


def findings(views: Views, name: str | None = None, **context: Any) -> list[Finding]:  # noqa: ANN401 - territories
    """Return the findings of an artefact, of the first one drawn unless said otherwise."""
    return find(inherit(views), _focus(views, name), **context)


def flags(views: Views, name: str | None = None, **context: Any) -> dict[str, str]:  # noqa: ANN401 - territories
    """Return the gravest level found by each rule."""
    levels: dict[str, Level] = {}
    for finding in findings(views, name, **context):
        levels.setdefault(finding.rule, finding.level)  # they come the gravest first
    return {rule: levels[rule].value for rule in sorted(levels)}


def verdict(views: Views, use: str, name: str | None = None, **context: Any) -> Verdict:  # noqa: ANN401 - of a context
    """Return the verdict on a use of the first artefact drawn."""
    return judge(inherit(views), _focus(views, name), Use(use), Context(**context))


def _focus(views: Views, name: str | None) -> Artefact:
    return next(iter(views)) if name is None else artefact(name)


def _declaration(text: str) -> LicenseDeclaration:
    declared, colon, name = text.partition(":")
    if colon:
        return license_(declared, license=None, name=name)
    return license_(declared, license=resolve(declared))


def _derivations(text: str) -> tuple[Derivation, ...]:
    return tuple(_derivation(part) for part in _split(text))


def _derivation(text: str) -> Derivation:
    target, _, word = (part.strip() for part in text.rpartition(":"))
    if "/" not in target:
        return derivation(text, target=None, relation=Relation(word), raw=(target,))
    return derivation(f"{artefact(target).id}: {word}")


def _split(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _view(name: str, fields: dict[str, Any]) -> LicenseView:
    known = {key: fields.pop(key) for key in ("previous",) if key in fields}
    one = artefact(name)
    record = Model if one.kind is Kind.MODEL else Dataset
    view = view_of(record(id=one.id, **fields))
    return replace(view, **known)
