"""Lines of a question that have to be there once for each relation, from the table of relations.

A file writes such a pattern once, for the first relation of a group, under a comment that names the
group; it ends with the first line that ends with a bracket. The reader repeats it for the others,
with their terms, their word and their place, counted from 1:

    # each derivation:
    { ?x remix:finetunedFrom ?ancestor BIND("finetune" AS ?relation) }

Patterns become a union, anything else a list. So a new relation is in every question that lists
relations, and the file is SPARQL as it stands, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.model.records import Relation
from graph.model.relations import DERIVATIONS, LINKS, TRAINING_RELATIONS, TYPED_RELATIONS

__all__ = ["write_out"]

_GROUPS = {
    "derivation": DERIVATIONS,
    "relation that says how": TYPED_RELATIONS,
    "relation to training data": TRAINING_RELATIONS,
    "link to a claim": tuple(
        next(one for one in Relation if one.row.claim.link == link) for link in LINKS
    ),
}
_LINE = re.compile(
    r"^(?P<indent> *)# each (?P<group>.+):\n +(?P<line>(?:.*[^})\n]\n +)*.*[})])\n", re.MULTILINE
)


def write_out(text: str) -> str:
    r"""Return the text of a question with such lines written out; raises KeyError for no group.

    >>> print(write_out("# each relation to training data:\n  { ?x fair4ml:trainedOn ?y }\n"))
    { ?x fair4ml:trainedOn ?y } UNION
    { ?x remix:pretrainedOn ?y }
    <BLANKLINE>
    """
    return _LINE.sub(lambda found: _repeated(*found.group("indent", "group", "line")), text)


def _repeated(indent: str, group: str, line: str) -> str:
    relations = _GROUPS[group]
    lines = [_rewritten(line, relations, place) for place in range(len(relations))]
    between = f" UNION\n{indent}" if line.startswith("{") else f"\n{indent}"
    return f"{indent}{between.join(lines)}\n"


def _rewritten(line: str, relations: Sequence[Relation], place: int) -> str:
    first, relation = relations[0], relations[place]
    line = re.sub(rf"{first.row.shortcut}\b", relation.row.shortcut, line)
    line = line.replace(first.row.claim.link, relation.row.claim.link)
    line = line.replace(f'"{first}"', f'"{relation}"')
    return re.sub(r"\b1\b", str(place + 1), line)
