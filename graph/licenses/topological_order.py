"""The order in which a lineage can be worked off: whoever is named as a parent comes first.

This is Gabow's path-based search for strongly connected components, which finds them in just
this order, in time that grows with the edges. It keeps a stack of its own: chains are long.
networkx has the like, but takes half a second to import, which every verdict would wait for.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from typing import Generic, TypeVar

__all__ = ["ancestors_first"]

Node = TypeVar("Node", bound=Hashable)


def ancestors_first(parents: Mapping[Node, Collection[Node]]) -> Iterator[list[Node]]:
    """Yield every node that has parents after them, and the nodes of a cycle together.

    A node that is its own parent makes no cycle.

    >>> list(ancestors_first({"c": ["b"], "b": ["a"]}))
    [['b'], ['c']]
    """
    search = _Search(parents)
    for node in parents:
        yield from search.walk(node)


class _Search(Generic[Node]):
    """``path`` holds the first node of each component that may still grow."""

    def __init__(self, parents: Mapping[Node, Collection[Node]]) -> None:
        self.parents = parents
        self.number: dict[Node, int] = {}
        self.open: list[Node] = []
        self.path: list[Node] = []
        self.closed: set[Node] = set()

    def walk(self, root: Node) -> Iterator[list[Node]]:
        """Yield what is reached from a node and was not before."""
        way = [] if root in self.number else [self._enter(root)]
        while way:
            node, rest = way[-1]
            parent = next((one for one in rest if self._is_new(one)), None)
            if parent is not None:
                way.append(self._enter(parent))
                continue
            way.pop()
            if self.path[-1] == node:
                yield self._close(node)

    def _enter(self, node: Node) -> tuple[Node, Iterator[Node]]:
        self.number[node] = len(self.number)
        self.open.append(node)
        self.path.append(node)
        return node, (one for one in self.parents[node] if one in self.parents)

    def _is_new(self, parent: Node) -> bool:
        """Tell whether to go on to a parent; one on the way here closes a ring."""
        if parent not in self.number:
            return True
        if parent not in self.closed:
            while self.number[self.path[-1]] > self.number[parent]:
                self.path.pop()
        return False

    def _close(self, node: Node) -> list[Node]:
        """Return the component that begins with a node: all that was met since."""
        self.path.pop()
        component = [self.open.pop()]
        while component[-1] != node:
            component.append(self.open.pop())
        self.closed.update(component)
        return component
