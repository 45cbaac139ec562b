"""Closed namespaces: a term that is not listed is an AttributeError at once."""

from __future__ import annotations

from typing import ClassVar

__all__ = ["Namespace"]


class Namespace:
    """The terms of a vocabulary, as IRIs: each annotation of a subclass is one of them.

    >>> class FOAF(Namespace, iri="http://xmlns.com/foaf/0.1/"):
    ...     name: str
    >>> FOAF.name
    'http://xmlns.com/foaf/0.1/name'
    """

    NS: ClassVar[str]

    def __init_subclass__(cls, *, iri: str) -> None:
        cls.NS = iri
        for name in cls.__annotations__:
            setattr(cls, name, iri + name)
