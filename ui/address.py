"""The address of a view: what a permalink says, read with mistrust and written short.

?id=acme/tiny&kind=dataset&up=2&down=1&relations=merge,finetune
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from graph.lineage import DERIVATIONS
from graph.records import Kind, Relation
from graph.store import Node
from ui.focus import asked

__all__ = ["MOST_STEPS", "View", "read_view"]

MOST_STEPS = 4
"""How far a view may reach in one direction."""

_UP, _DOWN = 2, 1


class View(NamedTuple):
    """What is looked at: a repository, how far around it, and along which relations.

    ``kind`` is None where the address does not say; ``id`` is empty where there is no focus yet.
    """

    id: str = ""
    kind: Kind | None = None
    up: int = _UP
    down: int = _DOWN
    relations: tuple[Relation, ...] = DERIVATIONS

    @property
    def parameters(self) -> dict[str, str]:
        """The view as parameters of an address; what is usual is left out.

        >>> View("acme/tiny", Kind.MODEL, up=1).parameters
        {'id': 'acme/tiny', 'up': '1'}
        """
        usual = View()
        parameters = {}
        if self.id:
            parameters["id"] = self.id
        if self.kind not in {None, Kind.MODEL}:
            parameters["kind"] = str(self.kind)
        if self.up != usual.up:
            parameters["up"] = str(self.up)
        if self.down != usual.down:
            parameters["down"] = str(self.down)
        if self.relations != usual.relations:
            parameters["relations"] = ",".join(self.relations) or "none"
        return parameters

    def at(self, node: Node) -> View:
        """Return the same view around another repository."""
        return self._replace(id=node.id, kind=node.kind)

    def along(self, relations: Collection[Relation]) -> View:
        """Return the same view along these relations, in their usual order."""
        return self._replace(relations=tuple(r for r in Relation if r in relations))


def read_view(parameters: Mapping[str, str]) -> View:
    """Read an address; what makes no sense in it is taken for what is usual.

    >>> read_view({"id": "gpt2", "up": "99", "relations": "merge,nonsense"})
    View(id='gpt2', kind=None, up=4, down=1, relations=(<Relation.MERGE: 'merge'>,))
    """
    kind, text = asked(parameters)
    view = View(
        id=text,
        kind=kind,
        up=_steps(parameters.get("up"), _UP),
        down=_steps(parameters.get("down"), _DOWN),
    )
    named = parameters.get("relations")
    if named is None:
        return view
    return view.along([relation for relation in Relation if relation in named.split(",")])


def _steps(text: str | None, usual: int) -> int:
    if text is None or not text.isdecimal():
        return usual
    return min(int(text[:6]), MOST_STEPS)
