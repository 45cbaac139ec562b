"""The parents that a card should name, and how it was made of them, by what else is known.

A merge recipe in the text, an adapter's configuration and GGUF files tell what the fields may
leave out. A card that was copied from another repository tells that one's story: so a recipe
counts only where nothing speaks for an adapter or a quantised copy, and an adapter's configuration
only where no whole weights are beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from graph.model.records import Kind, Relation
from ingest.derivations import RELATIONS
from ingest.linting.problems import Problem, problem
from ingest.linting.sheet import Sheet
from ingest.mergekit import recipe_models
from ingest.references import resolve_model

__all__ = ["check_parents", "evident_relation", "recipe_gaps", "recipe_parents", "undeclared_base"]

LONGEST_CONFIG = 1_000_000
"""The most characters of an adapter's configuration that are read: they have a few hundred."""

_BASE = "base_model"
_RELATION = "base_model_relation"
_QUANTIZED_TAG = re.compile(r"gguf|ggml|gptq|awq|exl[23]|[48]-?bit|quantized", re.IGNORECASE)
_GGUF = ".gguf"
_WHOLE_WEIGHTS = re.compile(
    r"(model|pytorch_model|tf_model|flax_model)[\w-]*\.(safetensors|bin|h5|msgpack)"
)


def check_parents(sheet: Sheet) -> Iterator[Problem]:
    """Find parents that are not declared, and relations that are missing or cannot be."""
    if sheet.kind is not Kind.MODEL or not sheet.is_readable:
        return
    line = sheet.line_of(_BASE)
    for parent in recipe_gaps(sheet):
        yield _missing(parent, "the merge recipe", line)
    base = undeclared_base(sheet)
    if base is not None:
        yield _missing(base, "adapter_config.json", line)
    yield from _check_relation(sheet)


def recipe_gaps(sheet: Sheet) -> list[str]:
    """Return the models that the merge recipe names and ``base_model`` does not."""
    if not _is_own_recipe(sheet):
        return []
    known = {parent.casefold() for parent in _declared(sheet)} | {sheet.name.casefold()}
    return [parent for parent in recipe_parents(sheet) if parent.casefold() not in known]


def undeclared_base(sheet: Sheet) -> str | None:
    """Return the base that the adapter's configuration names and ``base_model`` does not."""
    base = _adapter_base(sheet)
    known = {parent.casefold() for parent in _declared(sheet)} | {sheet.name.casefold()}
    return None if base is None or base.casefold() in known else base


def evident_relation(sheet: Sheet) -> Relation | None:
    """Return the relation that the files or the recipe show, if they show one and no other."""
    found = {relation for relation in (_by_files(sheet), _by_recipe(sheet)) if relation}
    return found.pop() if len(found) == 1 else None


def _check_relation(sheet: Sheet) -> Iterator[Problem]:
    parents, evident = _declared(sheet), evident_relation(sheet)
    words = sheet.texts(_RELATION)
    line = sheet.line_of(_RELATION if words else _BASE)
    if not words and (evident or len(parents) > 1) and (parents or recipe_parents(sheet)):
        changes = {"remedy": f"Declare base_model_relation: {evident}."} if evident else {}
        yield problem("missing-relation", _BASE, line=line, **changes)
    declared = words[0].lower() if words else None
    by_files = _by_files(sheet)
    if declared in RELATIONS and by_files not in (None, declared):
        yield problem("contradictory-relation", _RELATION, f"{declared}, not {by_files},", line)


def _missing(parent: str, witness: str, line: int) -> Problem:
    message = f"{_BASE}: {parent} is missing, which {witness} names"
    return problem("missing-parent", _BASE, parent, line, message=message)


def _declared(sheet: Sheet) -> list[str]:
    """Return the base models of the front matter by the ids they resolve to."""
    targets = (resolve_model(value, sheet.aliases) for value in sheet.texts(_BASE))
    return [target.id for target in targets if target.id]


def recipe_parents(sheet: Sheet) -> list[str]:
    """Return the whole ids in the merge recipe; what has no owner may be a folder."""
    found = (_whole_id(name, sheet) for name in recipe_models(sheet.body))
    return list(dict.fromkeys(one for one in found if one))


def _whole_id(name: str, sheet: Sheet) -> str | None:
    target = resolve_model(name, sheet.aliases)
    return target.id if target.id and target.issue is None and "/" in target.id else None


def _adapter_base(sheet: Sheet) -> str | None:
    config = sheet.surroundings.adapter_config
    is_adapter = _by_files(sheet) is Relation.ADAPTER
    if config is None or not is_adapter or len(config) > LONGEST_CONFIG:
        return None
    try:
        fields = json.loads(config)
    except (ValueError, RecursionError):
        return None
    base = fields.get("base_model_name_or_path") if isinstance(fields, dict) else None
    return _whole_id(base, sheet) if isinstance(base, str) else None


def _by_files(sheet: Sheet) -> Relation | None:
    """Return what files alone show: an adapter or GGUF beside whole weights shows nothing."""
    names = [name.casefold() for name in sheet.surroundings.files]
    if any(_WHOLE_WEIGHTS.fullmatch(name) for name in names):
        return None
    is_adapter = sheet.surroundings.adapter_config is not None
    is_gguf = any(name.endswith(_GGUF) for name in names)
    if is_adapter == is_gguf:
        return None
    return Relation.ADAPTER if is_adapter else Relation.QUANTIZED


def _by_recipe(sheet: Sheet) -> Relation | None:
    """Return a merge where the recipe's models are the declared ones, or none are declared."""
    recipe = recipe_parents(sheet)
    if len(recipe) < 2 or not _is_own_recipe(sheet):  # noqa: PLR2004 - two make a merge
        return None
    declared = {parent.casefold() for parent in _declared(sheet)}
    named = {parent.casefold() for parent in recipe}
    return Relation.MERGE if not declared or declared <= named else None


def _is_own_recipe(sheet: Sheet) -> bool:
    signs = [*sheet.texts("tags"), *sheet.texts("library_name"), *sheet.texts(_RELATION)]
    signs += [sheet.name, *(f for f in sheet.surroundings.files if f.endswith(_GGUF))]
    is_copy = any(_QUANTIZED_TAG.search(sign) for sign in signs)
    return not is_copy and _by_files(sheet) is None
