"""SPDX licence expressions: ``MIT OR (Apache-2.0 AND BSD-3-Clause)`` as sets of keys.

An expression says what a bare list of the Hub leaves open: AND means that all apply, OR that the
user chooses. ``-only`` and ``-or-later`` are the Hub's plain identifier, an exception to a
licence is left out: it permits more, never less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import product
from typing import TypeAlias

from license_expression import (
    AND,
    OR,
    ExpressionError,
    ExpressionParseError,
    LicenseSymbol,
    LicenseWithExceptionSymbol,
    Licensing,
    get_spdx_licensing,
)

from graph.model.licenses import texts

__all__ = ["alternatives"]

Choice = frozenset[str]
Node: TypeAlias = AND | OR | LicenseSymbol | LicenseWithExceptionSymbol

_OPERATOR = re.compile(r"\s(AND|OR|WITH)\s|[+()]|-only$|-or-later$", re.IGNORECASE)
_LONGEST = 200
_MOST_CHOICES = 64


@lru_cache(maxsize=4096)
def alternatives(declared: str) -> tuple[Choice, ...]:
    """Return the choices that an expression leaves, each the keys that then apply together.

    Nothing where it is no expression, or names a licence that no table knows.

    >>> [sorted(choice) for choice in alternatives("MIT OR GPL-3.0-or-later")]
    [['gpl-3.0'], ['mit']]
    """
    if len(declared) > _LONGEST or not _OPERATOR.search(declared):
        return ()
    try:
        parsed = _licensing().parse(declared)
    except (ExpressionError, ExpressionParseError):
        return ()
    choices = _choices(parsed) if parsed is not None else frozenset()
    return tuple(sorted(choices, key=sorted))


def _choices(node: Node) -> frozenset[Choice]:
    if isinstance(node, OR):
        parts = [_choices(part) for part in node.args]
        return frozenset().union(*parts) if all(parts) else frozenset()
    if isinstance(node, AND):
        return _together([_choices(part) for part in node.args])
    plain = node.license_symbol if isinstance(node, LicenseWithExceptionSymbol) else node
    key = _by_spdx_id().get(re.sub(r"-only$|-or-later$|\+$", "", str(plain.key).casefold()))
    return frozenset([frozenset([key])]) if key else frozenset()


def _together(parts: Iterable[frozenset[Choice]]) -> frozenset[Choice]:
    parts = list(parts)
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MOST_CHOICES:
        return frozenset()
    return frozenset(frozenset().union(*choice) for choice in product(*parts))


@cache
def _by_spdx_id() -> dict[str, str]:
    named = {entry.spdx_id.casefold(): key for key, entry in texts().items() if entry.spdx_id}
    return named | {name.removesuffix("-only"): key for name, key in named.items()}


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()
