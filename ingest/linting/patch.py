"""A patch as a unified diff whose lines end where the card's lines end, byte for byte."""

from __future__ import annotations

import difflib
import json

__all__ = ["unified_diff"]

_NO_END = "\\ No newline at end of file\n"


def unified_diff(path: str, old: str, new: str) -> str:
    r"""Return what changes in a file, for ``patch`` and ``git apply``; nothing for no change.

    >>> print(unified_diff("README.md", "a\n", "b\n"), end="")
    --- a/README.md
    +++ b/README.md
    @@ -1 +1 @@
    -a
    +b
    """
    names = _name(f"a/{path}"), _name(f"b/{path}")
    lines = difflib.unified_diff(_lines(old), _lines(new), *names)
    return "".join(line if line.endswith("\n") else f"{line}\n{_NO_END}" for line in lines)


def _lines(text: str) -> list[str]:
    """Split after line feeds only; str.splitlines would split at more, and lose their bytes."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _name(path: str) -> str:
    """Return a path as git writes it in a diff: in quotes where it has unusual characters."""
    return path if path.isprintable() and '"' not in path else json.dumps(path)
