"""The address of a view: what a permalink says, read with mistrust and written short.

?id=acme/tiny&kind=dataset&up=2&relations=merge,finetune&colour=owner&open=c1f3k9a.p92kd0s2
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from graph.model.records import Kind, Relation
from graph.store.lineage_graph import Node
from graph.view.expansion import Reach, Side, Turn
from graph.view.neighbourhood import USES
from ui.app.focus import asked
from ui.app.node_colours import ColourBy

__all__ = ["MOST_STEPS", "MOST_TURNS", "View", "read_view"]

MOST_STEPS = 4
"""How far a view may reach in one direction."""

MOST_TURNS = 48
"""How many openings an address may name: what is opened beyond that closes the first."""

_TURN = re.compile(r"([pcqa])([0-9a-z]{6})([0-9]?)")
_USUAL_STEPS = 1


class View(NamedTuple):
    """What is looked at: a repository, how far around it, along what, and what was opened.

    ``kind`` is None where the address does not say; ``id`` is empty where there is no focus yet.
    """

    id: str = ""
    kind: Kind | None = None
    up: int = _USUAL_STEPS
    down: int = _USUAL_STEPS
    relations: tuple[Relation, ...] = tuple(Relation)
    spaces: bool = False
    colour: ColourBy = ColourBy.LICENSE
    rolled: bool = True
    turns: tuple[Turn, ...] = ()

    @property
    def parameters(self) -> dict[str, str]:
        """The view as parameters of an address; what is usual is left out.

        >>> View("acme/tiny", Kind.MODEL, up=2).parameters
        {'id': 'acme/tiny', 'up': '2'}
        """
        usual = View()
        values = {
            "id": self.id,
            "kind": "" if self.kind in {None, Kind.MODEL} else str(self.kind),
            "up": "" if self.up == usual.up else str(self.up),
            "down": "" if self.down == usual.down else str(self.down),
            "relations": self._relations,
            "colour": "" if self.colour is usual.colour else self.colour.value,
            "rollup": "" if self.rolled else "off",
            "open": ".".join(map(_written, self.turns)),
        }
        return {name: value for name, value in values.items() if value}

    @property
    def reach(self) -> Reach:
        """What is to be shown; the Spaces' own use of others always is."""
        return Reach(
            up=self.up,
            down=self.down,
            relations=self.relations,
            spaces=self.spaces,
            rolled=self.rolled,
            turns=self.turns,
        )

    @property
    def _relations(self) -> str:
        if self.relations == tuple(Relation) and not self.spaces:
            return ""
        return ",".join([*self.relations, *([USES] if self.spaces else [])]) or "none"

    def at(self, node: Node) -> View:
        """Return the same view around another repository; what was opened belongs to the old."""
        stays = (node.kind, node.id) == (self.kind or Kind.MODEL, self.id)
        return self._replace(id=node.id, kind=node.kind, turns=self.turns if stays else ())

    def along(self, chosen: Collection[str]) -> View:
        """Return the same view along these relations, in their usual order."""
        relations = tuple(relation for relation in Relation if relation in chosen)
        return self._replace(relations=relations, spaces=USES in chosen)

    def turned(self, turn: Turn, *, usual: int) -> View:
        """Return the view after something was opened or closed; ``usual`` is how it is at first."""
        others = [other for other in self.turns if other[:2] != turn[:2]]
        turns = others if turn.helpings == usual else [*others, turn]
        return self._replace(turns=tuple(turns[-MOST_TURNS:]))


def read_view(parameters: Mapping[str, str]) -> View:
    """Read an address; what makes no sense in it is taken for what is usual.

    >>> read_view({"id": "gpt2", "up": "99", "relations": "merge,nonsense"}).relations
    (<Relation.MERGE: 'merge'>,)
    """
    kind, text = asked(parameters)
    view = View(
        id=text,
        kind=kind,
        up=_steps(parameters.get("up")),
        down=_steps(parameters.get("down")),
        colour=next((by for by in ColourBy if by == parameters.get("colour")), ColourBy.LICENSE),
        rolled=parameters.get("rollup") != "off",
        turns=_turns(parameters.get("open", "")),
    )
    named = parameters.get("relations")
    return view if named is None else view.along(named.split(","))


def _steps(text: str | None) -> int:
    if text is None or not (text.isascii() and text.isdecimal()):
        return _USUAL_STEPS
    return min(int(text[:6]), MOST_STEPS)


def _written(turn: Turn) -> str:
    return f"{turn.side}{turn.node}{'' if turn.helpings == 1 else min(turn.helpings, 9)}"


def _turns(text: str) -> tuple[Turn, ...]:
    found: dict[tuple[Side, str], Turn] = {}
    for part in text.split(".")[: MOST_TURNS + 1]:
        if match := _TURN.fullmatch(part):
            turn = Turn(Side(match[1]), match[2], int(match[3] or 1))
            found.pop(turn[:2], None)
            found[turn[:2]] = turn
    return tuple(found.values())[:MOST_TURNS]
