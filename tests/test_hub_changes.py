"""A thousand changes of a Hub: the graph after a run is that of a fresh harvest, and more.

Beside it the graph has what the Hub has no more: tombstones, old names, and the history.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Aspect, Kind
from graph.rdf.history import changes_of
from graph.rdf.properties import DERIVED
from graph.sparql.questions import question
from graph.store.lineage_graph import LineageGraph
from tests.depth import sampled
from tests.hub import StandIn
from tests.live import row, standing, sync

MODELS, CHANGES = sampled((500, 200), (2500, 1000))
LICENSES = ("mit", "apache-2.0", "gpl-3.0", "llama2")
RELATIONS = ("finetune", "merge", "adapter", "quantized")
LATER = "2026-05-20T00:00:00.000Z"

Event = tuple[str, Aspect, tuple[str, ...], tuple[str, ...]]


class Script:
    """Changes a Hub at random, one repository at most once, and notes what history should hold."""

    def __init__(self, hub: StandIn, seed: int) -> None:
        self.hub = hub
        self.random = random.Random(seed)  # noqa: S311 - a script, not a secret
        self.untouched = [f"a/{number}" for number in range(MODELS)]
        self.random.shuffle(self.untouched)
        self.expected: list[Event] = []
        self.vanished: set[str] = set()

    def play(self, changes: int) -> None:
        """Make so many changes of all kinds."""
        acts = (
            self.relicense,
            self.reparent,
            self.retype,
            self.gate,
            self.rename,
            self.delete,
            self.appear,
        )
        for number in range(changes):
            acts[number % len(acts)](self.untouched.pop())

    def relicense(self, name: str) -> None:
        """Give a model another licence."""
        parent, relation, license_ = self._told(name)
        other = self._other(LICENSES, license_)
        self._retag(name, parent, relation, other)
        self._expect(name, Aspect.LICENSE, license_, other)

    def reparent(self, name: str) -> None:
        """Give a model another parent, which is never renamed: that is another matter."""
        parent, relation, license_ = self._told(name)
        self._retag(name, "base/new", relation, license_)
        self._expect(name, Aspect.PARENTS, f"{relation}:{parent}", f"{relation}:base/new")

    def retype(self, name: str) -> None:
        """Give a model another relation to its parent."""
        parent, relation, license_ = self._told(name)
        other = self._other(RELATIONS, relation)
        self._retag(name, parent, other, license_)
        self._expect(name, Aspect.RELATION, f"{relation}:{parent}", f"{other}:{parent}")

    def gate(self, name: str) -> None:
        """Gate a model."""
        self.hub.change("model", name, gated="manual", lastModified=LATER)
        self._expect(name, Aspect.GATING, "none", "manual")

    def rename(self, name: str) -> None:
        """Rename a model; those that name it keep its old name in their cards."""
        self.hub.rename("model", name, f"renamed/{name.partition('/')[2]}")
        self.vanished.add(name)
        self._expect(name, Aspect.EXISTENCE, "Resolved", "Renamed")
        self.expected.append(
            (f"renamed/{name.partition('/')[2]}", Aspect.EXISTENCE, (), ("Resolved",))
        )

    def delete(self, name: str) -> None:
        """Delete a model."""
        self.hub.delete("model", name)
        self.vanished.add(name)
        self._expect(name, Aspect.EXISTENCE, "Resolved", "NotFoundOrNoAccess")

    def appear(self, name: str) -> None:
        """Add a model, made from another."""
        self.untouched.append(name)
        new = f"new/{len(self.expected)}"
        self.hub.add("model", child(new, "base/new", "finetune", "mit", lastModified=LATER))
        self.expected.append((new, Aspect.EXISTENCE, (), ("Resolved",)))

    def _told(self, name: str) -> tuple[str, str, str]:
        tags = self.hub.shelves[Kind.MODEL][name]["tags"]
        _, relation, parent = tags[1].split(":")
        return parent, relation, tags[2].partition(":")[2]

    def _retag(self, name: str, parent: str, relation: str, license_: str) -> None:
        tags = child(name, parent, relation, license_)["tags"]
        self.hub.change("model", name, tags=tags, lastModified=LATER)

    def _other(self, words: tuple[str, ...], word: str) -> str:
        return self.random.choice([one for one in words if one != word])

    def _expect(self, name: str, aspect: Aspect, old: str, new: str) -> None:
        self.expected.append((name, aspect, (old,), (new,)))


def child(name: str, parent: str, relation: str, license_: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """Return a model with one parent and one licence."""
    tags = f"base_model:{parent}", f"base_model:{relation}:{parent}", f"license:{license_}"
    return row(name, *tags, **fields)


def models(seed: int) -> Iterator[dict[str, Any]]:
    """Yield models, each made from an earlier one or from something that is not there."""
    chance = random.Random(seed)  # noqa: S311 - a script, not a secret
    yield row("base/new", "license:mit")
    for number in range(MODELS):
        parent = f"a/{chance.randrange(number)}" if number > 50 else f"gone/{number % 7}"
        yield child(f"a/{number}", parent, chance.choice(RELATIONS), chance.choice(LICENSES))


def history(graph: Path) -> list[Event]:
    """Return every change that a graph knows of."""
    with LineageGraph.open(graph) as opened:
        return sorted((one.id, one.aspect, one.old, one.new) for one in changes_of(opened.store))


def answered(graph: Path) -> list[tuple[str, str, str]]:
    """Return who changed, from or to which value, as question 20 tells it without parameters."""
    with LineageGraph.open(graph) as opened:
        rows = opened.store.query(question("changes").text)
        assert isinstance(rows, ox.QuerySolutions)
        names = ("model", "change", "value")
        return sorted(
            (model.value.removeprefix(v.HUB), change.value, value.value)
            for model, change, value in ([row[name] for name in names] for row in rows)
        )


def values(events: list[Event]) -> list[tuple[str, str, str]]:
    """Return who changed, from or to which value, as a script tells it."""
    return sorted(
        (name, change, value)
        for name, _, old, new in events
        for change, several in (("old", old), ("new", new))
        for value in several
    )


def living(graph: Path, vanished: set[str]) -> set[str]:
    """Return the current state, but for what is said of repositories that have vanished.

    What follows from them is left out, too: a tombstone still has its ancestors to hand on.
    """
    gone = {v.repository_iri(Kind.MODEL, name) for name in vanished}
    derived = set(map(ox.NamedNode, DERIVED))
    with LineageGraph.open(graph) as opened:
        quads = list(opened.store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return {
        str(quad)
        for quad in quads
        if _repository(quad.subject) not in gone and quad.predicate not in derived
    }


def _repository(node: object) -> str:
    assert isinstance(node, ox.NamedNode)
    return node.value.partition("#")[0].partition("/tree/")[0]


def test_a_thousand_changes(tmp_path: Path) -> None:
    """The graph equals a fresh harvest; the history holds the scripted changes and no other."""
    every: dict[str, Any] = {"kinds": (Kind.MODEL,), "lookups": 10_000}
    with standing(*models(1)) as hub:
        sync(tmp_path / "old", hub, **every)
        script = Script(hub, 1)
        script.play(CHANGES)
        sync(tmp_path / "old", hub, full=True, **every)
        sync(tmp_path / "fresh", hub, **every)
    gone = script.vanished

    assert living(tmp_path / "fresh", gone) == living(tmp_path / "old", gone)
    assert sorted(script.expected) == history(tmp_path / "old")
    assert CHANGES + sum("renamed/" in event[0] for event in script.expected) == len(
        script.expected
    )


def test_what_is_listed_by_date_needs_no_full_run(tmp_path: Path) -> None:
    """All but renames and deletions: a run by changes brings the same in a few requests."""
    every: dict[str, Any] = {"kinds": (Kind.MODEL,), "lookups": 0}
    with standing(*models(3)) as hub:
        sync(tmp_path / "old", hub, **every)
        script = Script(hub, 3)
        acts: tuple[Callable[[str], None], ...] = (
            script.relicense,
            script.reparent,
            script.retype,
            script.gate,
            script.appear,
        )
        for number in range(100):
            acts[number % len(acts)](script.untouched.pop())
        hub.requests.clear()
        sync(tmp_path / "old", hub, **every)
        requests = len(hub.requests)
        sync(tmp_path / "fresh", hub, **every)

    assert requests <= 5
    assert living(tmp_path / "fresh", set()) == living(tmp_path / "old", set())
    assert sorted(script.expected) == history(tmp_path / "old")
    assert values(script.expected) == answered(tmp_path / "old")
