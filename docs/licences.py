"""Write anew what is generated in docs/licences.md; ``make docs`` runs it.

That is the table of rules, what the commands in the page print on the demo snapshot, and the list
of the most downloaded models with findings of level high.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pyoxigraph as ox
from click.testing import CliRunner

from graph.licenses.rule_table import rule_table
from graph.snapshots import load
from graph.store.lineage_graph import LineageGraph
from ui.cli.main import remixgraph

HERE = Path(__file__).resolve().parent
TARGET = HERE / "licences.md"
COMMAND = re.compile(r"(```console\n\$ remixgraph (.+)\n)[^`]*(```)")


def page(graph: Path, text: str) -> str:
    """Return a page with its generated parts made anew on a graph."""
    text = _between(text, "rules", rule_table())
    text = _between(text, "gravest", gravest(graph))
    return COMMAND.sub(lambda found: found[1] + printed(graph, found[2]) + found[3], text)


def printed(graph: Path, command: str) -> str:
    """Return what a command prints."""
    return CliRunner().invoke(remixgraph, ["--graph", str(graph), *command.split()]).stdout


def gravest(directory: Path) -> str:
    """Return the ten most downloaded models with findings of level high, as a table."""
    query = (HERE / "gravest.rq").read_text(encoding="utf-8")
    rows = ["| Model | Rule | What is found | Cause |", "|---|---|---|---|"]
    with LineageGraph.open(directory) as graph:
        found = graph.store.query(query)
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
        for row in found:
            cells = (row[name].value for name in ("model", "rule", "reason", "cause"))
            rows.append(f"| {' | '.join(map(_short, cells))} |")
    return "\n".join(rows)


def _short(text: str) -> str:
    return text.removeprefix("https://huggingface.co/")


def _between(text: str, name: str, new: str) -> str:
    pattern = re.compile(rf"(<!-- {name}: .*? -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}{new}\n{found[2]}", text)


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "graph"
        load(HERE.parent / "snapshots" / "demo", graph)
        text = page(graph, TARGET.read_text(encoding="utf-8"))
    TARGET.write_text(text, encoding="utf-8")
    print(f"written: docs/{TARGET.name}")


if __name__ == "__main__":
    main()
