"""Derivations: what several witnesses say about one parent, united into one claim.

A parent is named up to four times: in the field ``baseModels``, in a typed tag, in its untyped
twin, and in the card. Each is a piece of evidence. Evidence about the same parent becomes one
derivation for each relation that is claimed. Its ``raw`` are the values as found (tags in full),
its ``sources`` say who claims the *relation*:

- a relation in ``baseModels`` or a tag is the Hub's, and may be a guess;
- ``base_model_relation`` in the card is the author's;
- where nobody types it, the parent is the author's claim if the card was seen. A tag without a card
  is the Hub's copy of a claim that we did not see, so the Hub's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from graph.model.records import ClaimSource, Derivation, IssueKind, Relation
from ingest.aliases import Aliases
from ingest.references import Target, is_repository_id, resolve_model
from ingest.values import Notes, Row, clean, text, text_list

HUB_RELATIONS = (Relation.FINETUNE, Relation.ADAPTER, Relation.MERGE, Relation.QUANTIZED)
"""The relations between two models that the Hub knows; it takes no other word."""

RELATIONS: dict[str, Relation] = {relation.value: relation for relation in HUB_RELATIONS}
"""The Hub's words for them."""

RECIPE = "mergeRecipe"
"""The field of a card's row with the models that a merge recipe in its text names."""


class Evidence(NamedTuple):
    """One mention of a parent: its resolved name, and the mention as it was found."""

    target: Target
    raw: str
    source: ClaimSource
    position: int
    relation: Relation | None = None


def base_models(
    child: str,
    row: Row,
    tags: Sequence[str],
    card: Row | None,
    aliases: Aliases,
    notes: Notes,
) -> list[Derivation]:
    """Return what a model was made from, by everything that its row says."""
    if not tags and not card and row.get("baseModels") is None and not row.get(RECIPE):
        return []  # most rows of a list, so worth a line
    hub = [_resolved(one, aliases, notes) for one in _from_hub(row, notes)]
    hub += [_resolved(one, aliases, notes) for one in _from_tags(tags, notes)]
    author = [_resolved(one, aliases, notes) for one in _from_card(card or {}, notes)]
    author += [_resolved(one, aliases, notes) for one in _from_recipe(row)]
    found = unite([*hub, *_follow_rename(hub, author)], Relation.UNSPECIFIED, notes)
    note_self_loop(child, found, "base_model", notes)
    return found


def linked(
    relation: Relation,
    tags: Iterable[str],
    values: Iterable[str],
    resolve: Callable[[str], Iterable[Target]],
    notes: Notes,
) -> list[Derivation]:
    """Return what a repository says of data: the values of its tags and of its card."""
    prefix, field = _DATA_FIELDS[relation]
    evidence: list[Evidence] = []
    for source, raw_prefix, mentions in (
        (ClaimSource.HUB, prefix, tags),
        (ClaimSource.CARD, "", values),
    ):
        for position, value in enumerate(mentions):
            for target in resolve(value):
                if target.issue is not None:
                    notes.add(target.issue, field, value)
                evidence.append(Evidence(target, raw_prefix + value, source, position))
    return unite(evidence, relation, notes)


def unite(evidence: Sequence[Evidence], untyped: Relation, notes: Notes) -> list[Derivation]:
    """Make one derivation of all evidence about the same parent and relation.

    ``untyped`` is the relation where no evidence names one.
    """
    if len(evidence) == 1:
        return [_derivation(evidence, evidence[0].relation or untyped)]
    by_parent: dict[str, list[Evidence]] = {}
    for mention in evidence:
        by_parent.setdefault(_parent_key(mention), []).append(mention)
    return [one for group in by_parent.values() for one in _unite_group(group, untyped, notes)]


def note_self_loop(child: str, derivations: Iterable[Derivation], field: str, notes: Notes) -> None:
    """Note a repository that names itself; the claim stays, for it was made."""
    for derivation in derivations:
        if derivation.target == child and derivation.relation.is_derivation:
            notes.add(IssueKind.SELF_LOOP, field, child)


TAG_PREFIXES = ("base_model:", "dataset:", "source_datasets:")
"""How the raw value of evidence begins that was found in a tag."""

_DATA_FIELDS = {
    Relation.TRAINED_ON: ("dataset:", "datasets"),
    Relation.SOURCE: ("source_datasets:", "source_datasets"),
}


class _Mention(NamedTuple):
    value: str
    raw: str
    source: ClaimSource
    position: int
    relation: Relation | None


def _from_hub(row: Row, notes: Notes) -> Iterator[_Mention]:
    """Yield from ``baseModels``: an object with a relation for all, in old answers a bare list."""
    value = row.get("baseModels")
    if value is None:
        return
    relation = None
    items = value
    if isinstance(value, dict):
        relation = _relation(value, "relation", notes)
        items = value.get("models") or ()
    if not isinstance(items, list | tuple):
        notes.add(IssueKind.WRONG_TYPE, "baseModels", value)
        return
    for position, item in enumerate(items):
        named = item.get("id") if isinstance(item, dict) else item
        if isinstance(named, str):
            yield _Mention(named, clean(named), ClaimSource.HUB, position, relation)
        else:
            notes.add(IssueKind.WRONG_TYPE, "baseModels", item)


def _from_tags(tags: Sequence[str], notes: Notes) -> Iterator[_Mention]:
    """Yield from ``base_model:`` tags; an id has no colon, so a first part is a relation."""
    for position, value in enumerate(tags):
        word, colon, parent = value.partition(":")
        relation = RELATIONS.get(word) if colon else None
        if colon and relation is None and word.isidentifier() and is_repository_id(parent):
            notes.add(IssueKind.UNKNOWN_RELATION, "base_model", value)
        elif relation is None:
            parent = value
        yield _Mention(parent, f"base_model:{value}", ClaimSource.HUB, position, relation)


def _from_card(card: Row, notes: Notes) -> Iterator[_Mention]:
    relation = _relation(card, "base_model_relation", notes)
    for position, value in enumerate(text_list(card, "base_model", notes)):
        yield _Mention(value, value, ClaimSource.CARD, position, relation)


def _from_recipe(row: Row) -> Iterator[_Mention]:
    recipe = row.get(RECIPE)
    for position, value in enumerate(recipe if isinstance(recipe, tuple) else ()):
        yield _Mention(value, value, ClaimSource.CARD, position, Relation.MERGE)


def _relation(row: Row, field: str, notes: Notes) -> Relation | None:
    word = text(row, field, notes)
    if word is None:
        return None
    relation = RELATIONS.get(word.lower())
    if relation is None:
        notes.add(IssueKind.UNKNOWN_RELATION, field, word)
    return relation


def _resolved(mention: _Mention, aliases: Aliases, notes: Notes) -> Evidence:
    target = resolve_model(mention.value, aliases)
    if target.issue is not None:
        notes.add(target.issue, "base_model", mention.value)
    return Evidence(target, mention.raw, mention.source, mention.position, mention.relation)


def _follow_rename(hub: Sequence[Evidence], author: list[Evidence]) -> list[Evidence]:
    """Let a card's old name of a parent count for the parent's name of today.

    The Hub computes its typed claims from the card and follows renames: where just one parent on
    either side has no counterpart on the other, they are the same (so in all 117 such rows of the
    hub-stats export of May 2026). A parent that only the card names is gone, and stays an edge.
    """
    typed = {_parent_key(mention): mention.target for mention in hub if mention.relation}
    named = {_parent_key(mention) for mention in author if mention.target.id is not None}
    only_hub = typed.keys() - named
    only_card = named - typed.keys()
    if len(only_hub) != 1 or len(only_card) != 1:
        return author
    old, today = only_card.pop(), typed[only_hub.pop()]
    return [
        mention._replace(target=today) if _parent_key(mention) == old else mention
        for mention in author
    ]


def _parent_key(mention: Evidence) -> str:
    """Return what tells parents apart; the Hub does not tell ids apart by case."""
    return (mention.target.id or _without_tag(mention.raw)).casefold()


def _without_tag(raw: str) -> str:
    """Return the value in a tag, and any other raw value as it is."""
    for prefix in TAG_PREFIXES:
        if raw.startswith(prefix):
            word, _, parent = raw.removeprefix(prefix).partition(":")
            return parent if word in RELATIONS else raw.removeprefix(prefix)
    return raw


def _unite_group(group: list[Evidence], untyped: Relation, notes: Notes) -> Iterator[Derivation]:
    relations = sorted({mention.relation for mention in group if mention.relation is not None})
    if len(relations) > 1:
        parent = group[0].target.id or min(_without_tag(mention.raw) for mention in group)
        notes.add(IssueKind.SEVERAL_RELATIONS, "base_model", f"{parent}: {', '.join(relations)}")
    for relation in relations or [untyped]:
        yield _derivation([m for m in group if m.relation in (None, relation)], relation)


def _derivation(group: Sequence[Evidence], relation: Relation) -> Derivation:
    typed = [mention for mention in group if mention.relation is relation]
    sources = {mention.source for mention in typed or group}
    if not typed and ClaimSource.CARD in sources:
        sources = {ClaimSource.CARD}
    return Derivation(
        relation=relation,
        target=group[0].target.id,
        raw=tuple(mention.raw for mention in group),
        sources=tuple(sources),
        position=min(mention.position for mention in group),
        aliased=any(mention.target.aliased for mention in group),
    )
