"""Merge recipes in model cards: which models a merge was made of, by its configuration.

mergekit puts its configuration into the card, as a fenced block of YAML
(https://github.com/arcee-ai/mergekit#merge-configuration). It names the inputs even where the
front matter does not. Pure: the card's text in, the names as written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ingest.safe_yaml import YAML_ERRORS, load_yaml

__all__ = ["recipe_models"]

LONGEST_RECIPE = 100_000
"""The most characters of a block that are read: recipes have a few hundred."""

_BLOCK = re.compile(r"^(`{3,}|~{3,})[ \t]*(?:ya?ml)?[ \t]*\r?\n(.*?)^\1", re.DOTALL | re.MULTILINE)
_MARKS = frozenset(["experts", "merge_method", "models", "slices"])


def recipe_models(body: str) -> tuple[str, ...]:
    r"""Return the models that the merge recipes in a card's text name, each once, in order.

    >>> recipe_models("```yaml\nmodels:\n  - model: a/x\n  - model: a/y+b/lora\n```\n")
    ('a/x', 'a/y')
    """
    found: dict[str, None] = {}
    for match in _BLOCK.finditer(body):
        if len(match[2]) <= LONGEST_RECIPE and any(mark in match[2] for mark in _MARKS):
            found.update(dict.fromkeys(_models(match[2])))
    return tuple(found)


def _models(block: str) -> Iterator[str]:
    try:
        recipe = load_yaml(block)
    except YAML_ERRORS:
        return  # a block of something else, or one that its author broke: it names nothing
    if not isinstance(recipe, Mapping) or _MARKS.isdisjoint(recipe):
        return
    inputs = [
        *_named(recipe.get("models"), "model"),
        *(
            name
            for part in _items(recipe.get("slices"))
            for name in _named(part.get("sources"), "model")
        ),
        *_named(recipe.get("experts"), "source_model"),
        recipe.get("base_model"),
    ]
    for name in inputs:
        # "model+adapter": the adapter is applied to the model before the merge.
        if isinstance(name, str) and (model := name.partition("+")[0].strip()):
            yield model


def _named(value: object, field: str) -> Iterator[object]:
    return (item.get(field) for item in _items(value))


def _items(value: object) -> Iterable[Mapping[object, object]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
