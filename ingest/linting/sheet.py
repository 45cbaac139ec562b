"""A card taken apart: its fields, and where in the file each of them stands."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import yaml

from graph.licenses.views import Artefact, LicenseView
from graph.model.records import Issue, Kind, Repository
from ingest.aliases import Aliases
from ingest.cards import card_kind, locate_front_matter, parse_card, read_metadata
from ingest.safe_yaml import YAML_ERRORS, compose_yaml
from ingest.values import Notes, clean, shorten, text_list

__all__ = ["Entry", "Sheet", "Surroundings", "scalars"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known of a card beyond its text.

    ``adapter_config`` is the text of the file of that name beside it, ``files`` the names of all
    files there; ``look_up`` finds a repository in a graph, or None.
    """

    repository_id: str | None = None
    kind: Kind | None = None
    adapter_config: str | None = None
    files: tuple[str, ...] = ()
    look_up: Callable[[Artefact], LicenseView | None] | None = None


class Entry(NamedTuple):
    """One field of the front matter: the node of its name and that of its value."""

    key: yaml.ScalarNode
    value: yaml.Node

    @property
    def name(self) -> str:
        """The name of the field."""
        return str(self.key.value)


class Sheet:
    """A card and its surroundings, read once for all rules."""

    def __init__(self, text: str, surroundings: Surroundings, aliases: Aliases) -> None:
        self.text = text
        self.surroundings = surroundings
        self.aliases = aliases
        span = locate_front_matter(text)
        self.has_front_matter = span is not None
        self.start, self.end, self.body_start = span or (0, 0, 0)
        notes = Notes()
        self.fields = read_metadata(text, notes)
        self.is_readable = not notes.issues
        self.kind = surroundings.kind or card_kind(self.fields)
        self._known_places: dict[str, dict[str, int]] = {}

    @property
    def front(self) -> str:
        """The front matter, without the lines of dashes."""
        return self.text[self.start : self.end]

    @property
    def body(self) -> str:
        """The text after the front matter."""
        return self.text[self.body_start :]

    @property
    def name(self) -> str:
        """The id of the repository, empty where nobody says it."""
        return self.surroundings.repository_id or ""

    @cached_property
    def record(self) -> Repository:
        """The record that the whole card gives."""
        return parse_card(self.kind, self.name, self.text, self.aliases)

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """What the parsers note of the front matter alone."""
        head = self.text[: self.body_start]
        return parse_card(self.kind, self.name, head, self.aliases).issues

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The fields in the order of the file, those given twice included."""
        try:
            node = compose_yaml(self.front) if self.is_readable else None
        except YAML_ERRORS:
            return ()
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        return tuple(Entry(*pair) for pair in pairs if isinstance(pair[0], yaml.ScalarNode))

    def entry(self, field: str) -> Entry | None:
        """Return the field of a name; the last, where there are several, as YAML reads them."""
        found = [entry for entry in self.entries if entry.name == field]
        return found[-1] if found else None

    def texts(self, field: str) -> list[str]:
        """Return the texts in a field, be it a list or one value."""
        return text_list(self.fields, field, Notes())

    def line(self, offset: int) -> int:
        """Return the line of a place in the front matter, counted from 1 in the file."""
        return bisect_left(self._line_ends, self.start + offset) + 1

    def line_of(self, field: str, value: str | None = None) -> int:
        """Return the line of a value, else of its field, else the first."""
        entry = self.entry(field)
        if entry is None:
            return 1
        place = entry.key.start_mark.index
        if value is not None:
            place = self._places(entry).get(clean(value), place)
        return self.line(place)

    def line_in_body(self, value: str) -> int:
        """Return the line of the text after the front matter on which a value stands first."""
        return self.line(max(self.text.find(value, self.body_start), self.start) - self.start)

    @cached_property
    def _line_ends(self) -> list[int]:
        return [place for place, char in enumerate(self.text) if char == "\n"]

    def _places(self, entry: Entry) -> dict[str, int]:
        """Return where each value of a field stands first, as the issues shorten it."""
        found = self._known_places.get(entry.name)
        if found is None:
            found = self._known_places[entry.name] = {}
            for node in scalars(entry.value):
                found.setdefault(shorten(clean(node.value)), node.start_mark.index)
        return found


def scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    """Yield the single values in a node: itself, or those in a list or a mapping of lists."""
    waiting, seen = deque([node]), set()
    while waiting:
        one = waiting.popleft()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.ScalarNode):
            yield one
        elif isinstance(one, yaml.SequenceNode):
            waiting += one.value
        elif isinstance(one, yaml.MappingNode):
            waiting += [value for _, value in one.value]
