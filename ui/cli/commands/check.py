"""Checking the lineage for what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import print_json, print_table

if TYPE_CHECKING:
    from graph.quality.checking import Finding

__all__ = ["check"]


@click.command()
@click.argument("repository", metavar="[ID]", required=False)
@click.option(
    "--worst",
    type=click.IntRange(min=0),
    default=5,
    show_default=True,
    metavar="N",
    help="List the N most downloaded findings of each check.",
)
@json_option
@graph_option
def check(repository: str | None, worst: int, *, as_json: bool) -> None:
    """Check the lineage, or that of one repository: cycles, impossible dates, missing parents.

    Ends with 1 when there is an error; warnings and notes alone are no failure.
    """
    from graph.quality.checking import Level

    findings = _findings(repository)
    if as_json:
        _print_json(findings, worst if repository is None else len(findings))
    elif repository is None:
        _print_summary(findings, worst)
    else:
        _print_findings(findings)
    if any(finding.check.level is Level.ERROR for finding in findings):
        click.get_current_context().exit(1)


def _findings(repository: str | None) -> list[Finding]:
    from graph import lineage as index
    from graph.quality import checking
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        if repository is None:
            return checking.check(graph, index.of(graph))
        focus = find(graph, repository)
        return checking.check_repository(graph, index.of(graph), focus)


def _print_json(findings: Sequence[Finding], worst: int) -> None:
    from graph.quality.checking import summarise

    print_json(
        [
            {
                "check": summary.check,
                "level": summary.check.level,
                "count": summary.total,
                "remedy": summary.check.remedy,
                "findings": [
                    {
                        "id": finding.node.id,
                        "kind": finding.node.kind,
                        "others": finding.others,
                        "detail": finding.detail,
                        "downloads": finding.downloads,
                    }
                    for finding in summary.worst
                ],
            }
            for summary in summarise(findings, worst=worst)
        ]
    )


def _print_summary(findings: Sequence[Finding], worst: int) -> None:
    from graph.quality.checking import summarise

    summaries = summarise(findings, worst=worst)
    rows = [(s.check.level, s.check, s.total, s.check.remedy) for s in summaries]
    if not rows:
        click.echo("nothing found")
        return
    print_table(("level", "check", "count", "remedy"), rows)
    shown = [finding for summary in summaries for finding in summary.worst]
    if shown:
        click.echo()
        _print_findings(shown)


def _print_findings(findings: Sequence[Finding]) -> None:
    if not findings:
        click.echo("nothing found")
        return
    rows = [(f.check.level, f.check, f.node.id, f.others, f.detail, f.downloads) for f in findings]
    print_table(("level", "check", "id", "others", "detail", "downloads"), rows)
