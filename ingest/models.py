"""Models: a row of the Hub's list, an answer about one model, or a row of the hub-stats export.

The three differ in which fields they have, not in what a field means, so one reader serves them.
Absent from the list are author, card and relation; from the export ``gated``, ``private`` and
``sha``. Keys of a card in another case (``Base_model``) are not read, for the Hub ignores them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from graph.model.records import Derivation, Evaluation, IssueKind, Model, Relation
from ingest.aliases import Aliases
from ingest.derivations import base_models, linked
from ingest.evaluations import FIELD as MODEL_INDEX
from ingest.evaluations import evaluations
from ingest.licenses import declared_licenses
from ingest.parsed import Parsed, parse_rows
from ingest.references import Target, is_repository_id, resolve_dataset, resolve_model
from ingest.tags import BARE_LANGUAGE, iso639_1, papers, read_tags
from ingest.values import (
    Notes,
    Row,
    card_data,
    flag,
    gating,
    instant,
    integer,
    mapping,
    number,
    text,
    text_list,
)


def parse_models(rows: Iterable[object], aliases: Aliases, where: str) -> Parsed:
    """Return the models in rows; ``where`` names the file or page for the issues of broken rows.

    >>> rows = [{"id": "acme/tuned", "tags": ["base_model:finetune:acme/base"]}]
    >>> model = parse_models(rows, Aliases.none(), "page").records[0]
    >>> model.derivations[0].relation, model.derivations[0].target
    (<Relation.FINETUNE: 'finetune'>, 'acme/base')
    """
    return parse_rows(rows, partial(read_model, aliases), where)


def read_model(aliases: Aliases, model_id: str, row: Row, notes: Notes) -> Model:
    """Read the row of one model whose id is known to be one."""
    tags = read_tags(row, _PREFIXES, iso639_1(), notes)
    card = card_data(row, notes)
    return Model(
        id=model_id,
        created=instant(row, "createdAt", notes),
        modified=instant(row, "lastModified", notes),
        downloads=integer(row, "downloads", notes),
        downloads_all_time=integer(row, "downloadsAllTime", notes),
        likes=integer(row, "likes", notes),
        gating=gating(row, notes),
        disabled=flag(row, "disabled", notes),
        commit=text(row, "sha", notes),
        new_version=_new_version(card, aliases, notes),
        tasks=_tasks(row, card, notes),
        languages=_languages(tags.get(BARE_LANGUAGE), card, notes),
        papers=papers(tags.get("arxiv", [])),
        derivations=_derivations(model_id, row, tags, card, aliases, notes),
        licenses=declared_licenses(tags.get("license", ()), card, notes),
        library=_text_of_either(row, card, "library_name", notes),
        parameters=_parameters(row, notes),
        emissions=_emissions(card, notes),
        evaluations=_evaluations(row, card, aliases, notes),
        spaces=_spaces(row, notes),
        issues=tuple(notes.issues),
    )


_PREFIXES = frozenset(["arxiv", "base_model", "dataset", "license"])


def _derivations(
    model_id: str,
    row: Row,
    tags: dict[str, list[str]],
    card: Row | None,
    aliases: Aliases,
    notes: Notes,
) -> tuple[Derivation, ...]:
    parents = base_models(model_id, row, tags.get("base_model", ()), card, aliases, notes)
    return (*parents, *_training_data(tags.get("dataset", ()), card, aliases, notes))


def _training_data(
    tags: Sequence[str], card: Row | None, aliases: Aliases, notes: Notes
) -> list[Derivation]:
    declared = text_list(card, "datasets", notes) if card else []
    if not tags and not declared:
        return []

    def resolve(value: str) -> tuple[Target]:
        return (resolve_dataset(value, aliases),)

    return linked(Relation.TRAINED_ON, tags, declared, resolve, notes)


def _text_of_either(row: Row, card: Row | None, field: str, notes: Notes) -> str | None:
    """Read what the Hub computed, or else what the card says."""
    found = text(row, field, notes)
    return text(card, field, notes) if found is None and card else found


def _tasks(row: Row, card: Row | None, notes: Notes) -> tuple[str, ...]:
    task = _text_of_either(row, card, "pipeline_tag", notes)
    return () if task is None else (task,)


def _languages(tags: list[str] | None, card: Row | None, notes: Notes) -> tuple[str, ...]:
    declared = text_list(card, "language", notes) if card else None
    return tuple(declared or tags or ())


def _new_version(card: Row | None, aliases: Aliases, notes: Notes) -> str | None:
    value = text(card, "new_version", notes) if card else None
    if value is None:
        return None
    target = resolve_model(value, aliases)
    if target.issue is not None:
        notes.add(target.issue, "new_version", value)
    return target.id


def _parameters(row: Row, notes: Notes) -> int | None:
    summary = mapping(row.get("safetensors"))
    return integer(summary, "total", notes) if summary else None


def _emissions(card: Row | None, notes: Notes) -> float | None:
    """Read grams of CO2 equivalent: a number, or an object about how they came about."""
    value = card.get("co2_eq_emissions") if card else None
    details = mapping(value)
    grams = value if details is None else details.get("emissions")
    found = number(grams)
    if found is None and grams is not None:
        notes.add(IssueKind.WRONG_TYPE, "co2_eq_emissions", grams)
    return found


def _evaluations(
    row: Row, card: Row | None, aliases: Aliases, notes: Notes
) -> tuple[Evaluation, ...]:
    value = row.get(MODEL_INDEX)
    if value is None and card:
        value = card.get(MODEL_INDEX)
    return evaluations(value, aliases, notes)


def _spaces(row: Row, notes: Notes) -> tuple[str, ...]:
    return tuple(one for one in text_list(row, "spaces", notes) if is_repository_id(one))
