"""Checking the lineage for what cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import print_json, print_table

if TYPE_CHECKING:
    from graph.quality.rows import Diagnostic
    from graph.quality.selection import Selection, Summary

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

    Exits with status 1 when there is an error; warnings and notes alone are no failure.
    """
    from graph.quality.severity import Severity

    chosen = _chosen(repository)
    summaries = chosen.summaries(worst=worst if repository is None else len(chosen))
    if not summaries and not as_json:
        click.echo("nothing found")
    elif as_json:
        _print_json(summaries)
    else:
        _print(summaries, with_counts=repository is None)
    if any(summary.check.severity is Severity.ERROR for summary in summaries):
        click.get_current_context().exit(1)


def _chosen(repository: str | None) -> Selection:
    from graph.lineage import of
    from graph.quality.report import quality_report_of
    from graph.quality.selection import one_repository, select
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        focus = None if repository is None else find(graph, repository)
        report = quality_report_of(graph, of(graph))
        if focus is None:
            return select(report)
        return select(report, repositories=one_repository(report, report.index.find(focus)))


def _print_json(summaries: Sequence[Summary]) -> None:
    print_json(
        [
            {
                "check": summary.check,
                "level": summary.check.severity,
                "count": summary.total,
                "remedy": summary.check.remedy,
                "findings": [
                    {
                        "id": found.node.id,
                        "kind": found.node.kind,
                        "others": found.others,
                        "detail": found.detail,
                        "downloads": found.downloads,
                    }
                    for found in summary.worst
                ],
            }
            for summary in summaries
        ]
    )


def _print(summaries: Sequence[Summary], *, with_counts: bool) -> None:
    worst = [found for summary in summaries for found in summary.worst]
    if with_counts:
        rows = [(s.check.severity, s.check, s.total, s.check.remedy) for s in summaries]
        print_table(("level", "check", "count", "remedy"), rows)
        if worst:
            click.echo()
    if worst:
        _print_diagnostics(worst)


def _print_diagnostics(found: Sequence[Diagnostic]) -> None:
    rows = [(f.check.severity, f.check, f.node.id, f.others, f.detail, f.downloads) for f in found]
    print_table(("level", "check", "id", "others", "detail", "downloads"), rows)
