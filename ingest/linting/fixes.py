"""What can surely be mended, and the fields that must come of it.

A fix changes one field for one rule. What would need the author's word has none: ``licence: x``
stays where x is no licence, for the Hub would refuse the whole card with ``license: x``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import yaml

from graph.model.licenses import UNRESOLVED, resolve
from graph.model.records import IssueKind, Kind, Relation
from ingest.licenses import MISSPELT
from ingest.linting.edits import (
    Edit,
    add_field,
    add_items,
    remove_entry,
    remove_item,
    rename,
    replace_scalar,
)
from ingest.linting.fields import OLD_FIELDS, SETS, repeated_entries, repeated_values
from ingest.linting.parents import (
    evident_relation,
    recipe_gaps,
    recipe_parents,
    undeclared_base,
)
from ingest.linting.references import Reference, references
from ingest.linting.sheet import Entry, Sheet

__all__ = ["Fix", "fixes"]

Fields = dict[str, object]

_LANGUAGE = re.compile("[a-z]{2,3}")
_BASE, _RELATION = "base_model", "base_model_relation"


class Fix(NamedTuple):
    """Edits that mend what a rule says of a field, and the fields that they must give."""

    rule: str
    field: str
    edits: tuple[Edit, ...]
    fields: Fields


def fixes(sheet: Sheet) -> Iterator[Fix]:
    """Yield what can be mended; where one fix makes way for another, it comes first."""
    if sheet.has_front_matter and sheet.is_readable:
        for fixer in _FIXERS:
            yield from fixer(sheet)


def _misspelt(sheet: Sheet) -> Iterator[Fix]:
    entry, rule = sheet.entry(MISSPELT), IssueKind.MISSPELT_LICENSE.value
    if entry is None or not _are_licenses(sheet.fields.get(MISSPELT)):
        return
    if sheet.entry("license") is None:
        yield from _renamed(sheet, entry, "license", rule)
    elif sheet.fields.get("license") == sheet.fields[MISSPELT]:
        left = {name: value for name, value in sheet.fields.items() if name != MISSPELT}
        yield from _fix(rule, MISSPELT, [remove_entry(sheet, entry)], left)


def _old_fields(sheet: Sheet) -> Iterator[Fix]:
    for old, new in OLD_FIELDS.items():
        entry, value = sheet.entry(old), sheet.fields.get(old)
        is_sure = _are_licenses(value) if new == "license" else _are_languages(value)
        if entry is not None and is_sure and sheet.entry(new) is None:
            yield from _renamed(sheet, entry, new, "old-field")


def _renamed_references(sheet: Sheet) -> Iterator[Fix]:
    groups: dict[tuple[str, str], list[Reference]] = {}
    for one in references(sheet):
        groups.setdefault((one.rule, one.field), []).append(one)
    for (rule, field), group in groups.items():
        edits = [replace_scalar(sheet, one.node, one.target) for one in group]
        new = {one.node.value: one.target for one in group}
        yield from _fix(rule, field, edits, sheet.fields | {field: _replaced(sheet, field, new)})


def _repeated_fields(sheet: Sheet) -> Iterator[Fix]:
    repeated = repeated_entries(sheet)
    for name in dict.fromkeys(entry.name for entry in repeated):
        first, *others = [entry for entry in sheet.entries if entry.name == name]
        if all(_is_same(first.value, one.value) for one in others):
            edits = [remove_entry(sheet, one) for one in others]
            yield from _fix("duplicate-field", name, edits, sheet.fields)


def _repeated_values(sheet: Sheet) -> Iterator[Fix]:
    for field in SETS:
        entry = sheet.entry(field)
        places = {place for place, _ in repeated_values(entry)} if entry else set()
        if entry is None or not places or not isinstance(entry.value, yaml.SequenceNode):
            continue
        edits = [remove_item(sheet, entry.value, place) for place in places]
        items = sheet.fields[field]
        left = [one for place, one in enumerate(_items(items)) if place not in places]
        yield from _fix("duplicate-value", field, edits, sheet.fields | {field: left})


def _missing_parents(sheet: Sheet) -> Iterator[Fix]:
    """Add what the recipe or the adapter's configuration names.

    Where base models are declared, and the recipe has none of them, it may be another model's.
    """
    if sheet.kind is not Kind.MODEL:
        return
    declared = sheet.texts(_BASE)
    base = undeclared_base(sheet)
    missing = [base] if base and not declared else []
    gaps = recipe_gaps(sheet)
    if gaps and not missing and (not declared or _is_about_this(sheet, gaps)):
        missing = gaps
    if missing:
        yield from _added(sheet, missing)


def _missing_relation(sheet: Sheet) -> Iterator[Fix]:
    evident = evident_relation(sheet)
    is_open = sheet.entry(_RELATION) is None and sheet.texts(_BASE)
    if sheet.kind is Kind.MODEL and evident and is_open and not _has_other_parents(sheet, evident):
        edit = add_field(sheet, _RELATION, [evident.value])
        fields = sheet.fields | {_RELATION: evident.value}
        yield from _fix("missing-relation", _BASE, [edit], fields)


_FIXERS: tuple[Callable[[Sheet], Iterator[Fix]], ...] = (
    _repeated_fields,
    _misspelt,
    _old_fields,
    _renamed_references,
    _repeated_values,
    _missing_parents,
    _missing_relation,
)


def _fix(rule: str, field: str, edits: Iterable[Edit | None], fields: Fields) -> Iterator[Fix]:
    """Yield the fix whose edits could all be written."""
    edits = list(edits)
    written = tuple(edit for edit in edits if edit is not None)
    if written and len(written) == len(edits):
        yield Fix(rule, field, written, fields)


def _renamed(sheet: Sheet, entry: Entry, new: str, rule: str) -> Iterator[Fix]:
    fields = {(new if name == entry.name else name): v for name, v in sheet.fields.items()}
    yield from _fix(rule, entry.name, [rename(sheet, entry, new)], fields)


def _added(sheet: Sheet, parents: list[str]) -> Iterator[Fix]:
    entry, value = sheet.entry(_BASE), sheet.fields.get(_BASE)
    if entry is None:
        edit: Edit | None = add_field(sheet, _BASE, parents)
        new: object = parents[0] if len(parents) == 1 else parents
    else:
        edit = add_items(sheet, entry, parents)
        new = [*([] if value is None else _items(value)), *parents]
    yield from _fix("missing-parent", _BASE, [edit], sheet.fields | {_BASE: new})


def _replaced(sheet: Sheet, field: str, new: dict[str, str]) -> object:
    value = sheet.fields[field]
    if isinstance(value, str):
        return new.get(value, value)
    return [new.get(one, one) if isinstance(one, str) else one for one in _items(value)]


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _is_about_this(sheet: Sheet, gaps: list[str]) -> bool:
    """Tell whether the recipe names a declared base model beside those that are missing."""
    return len(recipe_parents(sheet)) > len(gaps)


def _has_other_parents(sheet: Sheet, evident: Relation) -> bool:
    """Tell whether parents are still to be added, or several speak against one adapter's base."""
    if evident is Relation.MERGE:
        return bool(recipe_gaps(sheet))
    return len(sheet.texts(_BASE)) > 1


def _are_licenses(value: object) -> bool:
    items = _items(value)
    return bool(items) and all(
        isinstance(one, str) and (resolve(one) or one in UNRESOLVED) for one in items
    )


def _are_languages(value: object) -> bool:
    items = _items(value)
    return bool(items) and all(isinstance(one, str) and _LANGUAGE.fullmatch(one) for one in items)


def _is_same(one: yaml.Node, other: yaml.Node) -> bool:
    scalar = isinstance(one, yaml.ScalarNode) and isinstance(other, yaml.ScalarNode)
    return scalar and (one.tag, one.value) == (other.tag, other.value)
