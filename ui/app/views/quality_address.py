"""What the page Quality shows, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Self

from graph.model.records import IssueKind
from graph.quality.checks import Check
from graph.quality.severity import Severity

__all__ = ["VIEWS", "Asked", "read_asked"]

_MOST_PAGES = 10**6


class Asked(NamedTuple):
    """What to look at: findings, missing parents or metadata, and which of them.

    >>> read_asked({"check": "cycle", "owner": "acme", "page": "x"}).parameters
    {'owner': 'acme', 'check': 'cycle'}
    """

    view: str = "findings"
    owner: str = ""
    text: str = ""
    level: Severity | None = None
    check: Check | None = None
    issue: IssueKind | None = None
    page: int = 1

    @property
    def parameters(self) -> dict[str, str]:
        """Return what an address says of it: what is usual is left out."""
        usual = Asked()
        return {
            name: str(value)
            for name, value, other in zip(self._fields, self, usual, strict=True)
            if value != other and value is not None
        }

    def turned(self, **changes: object) -> Self:
        """Return the same with changes, from its first page on."""
        return self._replace(**{"page": 1} | changes)  # type: ignore[arg-type]


VIEWS = {
    "findings": "Findings",
    "parents": "Missing parents",
    "metadata": "Metadata",
}
"""The three parts of the page."""


def read_asked(address: Mapping[str, str]) -> Asked:
    """Return what an address asks for; nonsense counts as nothing."""
    page = address.get("page", "")
    is_number = page.isascii() and page.isdecimal() and len(page) < 8
    return Asked(
        view=address.get("view", "") if address.get("view") in VIEWS else "findings",
        owner=address.get("owner", "").strip().strip("/")[:100],
        text=address.get("text", "").strip()[:100],
        level=next((level for level in Severity if level == address.get("level")), None),
        check=next((check for check in Check if check == address.get("check")), None),
        issue=next((kind for kind in IssueKind if kind == address.get("issue")), None),
        page=max(1, min(int(page), _MOST_PAGES)) if is_number else 1,
    )
