"""YAML that strangers wrote: read as YAML 1.2 means it, and only so much of it.

PyYAML reads YAML 1.1, in which ``no`` is false and a date is no text; and it would unfold aliases
to any size.
"""

from __future__ import annotations

import re

import yaml

__all__ = ["LARGEST_UNFOLDED", "YAML_ERRORS", "compose_yaml", "load_yaml"]

LARGEST_UNFOLDED = 1_000_000
"""The most nodes that front matter may have once each alias is replaced by what it stands for."""

# Explicit tags with a value that does not fit (`!!bool maybe`, `!!timestamp soon`) make PyYAML
# fail with whatever its own code trips over.
YAML_ERRORS = (
    yaml.YAMLError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Loader(yaml.CSafeLoader):
    """Reads YAML 1.2's true and false, and leaves dates as text."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def load_yaml(text: str) -> object:
    """Build the fields, but only once it is known how large they get.

    Merging (``<<``) unfolds aliases while the values are built: nine lines of it are a bomb.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        if "*" in text and _unfolded(node, {}) > LARGEST_UNFOLDED:
            raise ValueError("aliases unfold to too much")
        return loader.construct_document(node)
    finally:
        loader.dispose()


def compose_yaml(text: str) -> yaml.Node | None:
    """Return the nodes of a text, each with the marks where it starts and ends; builds no value."""
    loader = _Loader(text)
    try:
        node: yaml.Node | None = loader.get_single_node()
        return node
    finally:
        loader.dispose()


def _unfolded(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Return how many nodes there are when every alias is replaced by what it stands for."""
    known = sizes.get(id(node))
    if known is not None:
        return known
    sizes[id(node)] = LARGEST_UNFOLDED + 1  # what an alias inside its own anchor unfolds to
    size = 1
    if not isinstance(node, yaml.ScalarNode):
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                size += _unfolded(part, sizes)
    sizes[id(node)] = size
    return size
