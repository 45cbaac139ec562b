"""Every error this project raises on purpose, as one tree.

    RemixgraphError                 one clear line for the user, never a traceback
    ├── UsageError                  the caller asked for something that makes no sense   (exit 2)
    │   ├── InvalidRepositoryId
    │   ├── UnknownQuestion
    │   ├── InvalidParameter
    │   └── UnknownFormat
    ├── InputError                  what was handed in cannot be used                    (exit 3)
    │   ├── UnreadableFile
    │   │   └── UnknownShape
    │   ├── InvalidQuery
    │   ├── InvalidGraph
    │   └── InvalidSnapshot
    ├── NotInGraph                  the answer is "no such thing here"                   (exit 1)
    ├── QueryStopped                a query met its deadline or its result limit         (exit 1)
    └── SourceUnavailable           a source or store cannot be reached or is locked     (exit 4)
        ├── GraphLocked
        └── GraphNotWritable

A message names the thing (repository id, file and line, field) and the remedy.
"""

from __future__ import annotations

from typing import ClassVar


class RemixgraphError(Exception):
    """Indicates a failure that the user can understand and act on.

    ``exit_code`` is what the command line ends with when the error reaches it.
    """

    exit_code: ClassVar[int] = 1


class UsageError(RemixgraphError):
    """Indicates a request that makes no sense, whatever the data."""

    exit_code: ClassVar[int] = 2


class InvalidRepositoryId(UsageError):
    """Indicates text that cannot be the id of a repository on the Hub."""


class UnknownQuestion(UsageError):
    """Indicates a named question that does not exist."""


class InvalidParameter(UsageError):
    """Indicates a missing, superfluous or ill-typed parameter of a named question."""


class UnknownFormat(UsageError):
    """Indicates an export or result format that does not exist, or does not fit the result."""


class InputError(RemixgraphError):
    """Indicates input that cannot be used as it is."""

    exit_code: ClassVar[int] = 3


class UnreadableFile(InputError):
    """Indicates a file that is missing, cut short, or not of a shape we know."""


class UnknownShape(UnreadableFile):
    """Indicates a file that is whole, as far as one can tell, but nothing that is wanted."""


class InvalidQuery(InputError):
    """Indicates SPARQL that cannot be parsed, or that asks for what is refused."""


class InvalidGraph(InputError):
    """Indicates a folder that is not a graph, or one of another format version."""


class InvalidSnapshot(InputError):
    """Indicates a snapshot whose content does not match its manifest."""


class NotInGraph(RemixgraphError):
    """Indicates a repository that the graph does not hold."""


class QueryStopped(RemixgraphError):
    """Indicates a query that was stopped at its deadline or at its result limit."""


class SourceUnavailable(RemixgraphError):
    """Indicates a source or a store that cannot be reached now."""

    exit_code: ClassVar[int] = 4


class GraphLocked(SourceUnavailable):
    """Indicates a graph that another process is writing."""


class GraphNotWritable(SourceUnavailable):
    """Indicates a graph that cannot be written: the disk is full, or its folder is not ours."""
