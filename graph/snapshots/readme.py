"""The description of a snapshot for people: its ``README.md``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from string import Template

from graph.model import vocabulary as v
from graph.model.records import Kind
from graph.snapshots.manifest import Manifest, repositories
from graph.snapshots.void import RIGHTS

__all__ = ["render_readme"]

_UNSAFE = re.compile(r"[`\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def render_readme(manifest: Manifest) -> str:
    """Return the text of a snapshot's README."""
    template = Template(files(__package__).joinpath("readme.txt").read_text(encoding="utf-8"))
    amounts = {f"{kind}s": _amount(n, kind) for kind, n in repositories(manifest).items()}
    return template.substitute(
        amounts,
        home=v.BASE,
        vocabulary=manifest.vocabulary,
        sha256=manifest.sha256,
        size=f"{manifest.size:,}",
        triples=f"{manifest.triples:,}",
        graphs=_rows(manifest.graphs),
        relations=_rows(manifest.relations),
        classes=_rows(manifest.classes),
        rights=RIGHTS,
        sources="\n".join(f"- {_code(source)}" for source in manifest.sources) or "- none named",
    )


def _amount(count: int, kind: Kind) -> str:
    name = "Space" if kind is Kind.SPACE else str(kind)
    return f"{count:,} {name}" if count == 1 else f"{count:,} {name}s"


def _rows(counts: Mapping[str, int]) -> str:
    """Return the rows of a table, the largest first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return "\n".join(f"| `{name}` | {count:,} |" for name, count in ranked)


def _code(text: str) -> str:
    """Return text as a span of code, in which Markdown and HTML mean nothing."""
    return f"`{_UNSAFE.sub(' ', text)}`"
