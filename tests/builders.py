"""Records in one line of a test: ``model("chat -> base: finetune")`` reads as it is drawn.

Public to all tests: ``from tests.builders import model, license_``.
"""

from __future__ import annotations

from typing import Any

from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Issue,
    IssueKind,
    LicenseDeclaration,
    Model,
    Relation,
    Space,
)

__all__ = ["dataset", "derivation", "issue", "license_", "model", "models", "space"]


def derivation(text: str, **changes: Any) -> Derivation:  # noqa: ANN401 - a field of the record
    """Return the derivation drawn as ``parent: relation`` (unspecified where no relation is).

    >>> derivation("acme/base: merge").relation
    <Relation.MERGE: 'merge'>
    """
    target, _, word = (part.strip() for part in text.partition(":"))
    fields: dict[str, Any] = {
        "relation": Relation(word or "unspecified"),
        "target": target,
        "raw": (target,),
        "sources": (ClaimSource.CARD,),
    }
    return Derivation(**fields | changes)


def model(text: str, **fields: Any) -> Model:  # noqa: ANN401 - a field of the record
    """Return the model drawn as ``child`` or ``child -> parent: relation, other: relation``.

    >>> [d.target for d in model("a/chat -> a/base: finetune, a/qa: trained_on").derivations]
    ['a/base', 'a/qa']
    """
    child, derivations = _parse(text)
    return Model(id=child, **{"derivations": derivations} | fields)


def models(*texts: str) -> list[Model]:
    """Return the models drawn, one a text."""
    return [model(text) for text in texts]


def dataset(text: str, **fields: Any) -> Dataset:  # noqa: ANN401 - a field of the record
    """Return the dataset drawn as ``child`` or ``child -> parent: source``."""
    child, derivations = _parse(text)
    return Dataset(id=child, **{"derivations": derivations} | fields)


def space(text: str, *, uses: tuple[str, ...] = (), **fields: Any) -> Space:  # noqa: ANN401 - likewise
    """Return the Space of this id, with the models that it uses."""
    return Space(id=text, models=uses, **fields)


def license_(key: str, **fields: Any) -> LicenseDeclaration:  # noqa: ANN401 - a field of the record
    """Return the declaration in a card of the licence with this key.

    >>> license_("mit").license
    'mit'
    """
    values: dict[str, Any] = {"declared": key, "source": ClaimSource.CARD, "license": key}
    return LicenseDeclaration(**values | fields)


def issue(kind: IssueKind, field: str = "base_model", value: str = "x") -> Issue:
    """Return an issue of a kind."""
    return Issue(kind=kind, field=field, value=value)


def _parse(text: str) -> tuple[str, tuple[Derivation, ...]]:
    child, _, parents = (part.strip() for part in text.partition("->"))
    drawn = [parent for parent in parents.split(",") if parent.strip()]
    return child, tuple(
        derivation(parent, position=position) for position, parent in enumerate(drawn)
    )
