"""May I use this, and who says so? Verdicts on the declared licences of a lineage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import print_json, print_table, printable

if TYPE_CHECKING:
    from graph.licenses.answers import Context, Use
    from graph.licenses.findings import Finding
    from graph.licenses.verdict import Verdict

__all__ = ["USES", "license_"]

USES = ("commercial", "research", "redistribute", "train-others")
"""The words of ``Use``, which costs half a second to import: help answers at once."""


@click.command("license")
@click.argument("repository", metavar="ID")
@click.option(
    "--use",
    type=click.Choice(USES),
    help="What you want to do; without it, a short answer for each of these.",
)
@click.option("--territory", metavar="CODE", help="Where you are established, such as EU or KR.")
@click.option("--mau", type=click.IntRange(min=0), metavar="N", help="Your monthly users.")
@click.option("--explain", is_flag=True, help="Draw the way to the cause of each finding.")
@json_option
@graph_option
def license_(
    repository: str,
    use: str | None,
    territory: str | None,
    mau: int | None,
    *,
    explain: bool,
    as_json: bool,
) -> None:
    """Tell whether a repository may be used, by what it and all its ancestors declare.

    An automated reading of self-declared metadata; not legal advice. With --use, exits with
    status 0 when the answer is yes or conditional, and with 1 when it is no or unknown.
    """
    from graph.licenses.answers import Context, Use

    uses = list(Use) if use is None else [Use(use)]
    verdicts = _judge(repository, uses, Context(territory=territory, mau=mau))
    if as_json:
        documents = [verdict.document() for verdict in verdicts]
        print_json(documents if use is None else documents[0])
    elif use is None:
        _print_overview(verdicts)
    else:
        _print_verdict(verdicts[0])
    if explain and not as_json:
        _draw(verdicts[0].findings)
    if use is not None and not verdicts[0].answer.permits:
        click.get_current_context().exit(1)


def _judge(repository: str, uses: list[Use], context: Context) -> list[Verdict]:
    from graph.licenses.stored import inheritance_in
    from graph.licenses.verdict import judge
    from graph.licenses.views import Artefact
    from graph.store.lineage_graph import LineageGraph
    from ui.lookup import find

    with LineageGraph.open(graph_directory()) as graph:
        node = find(graph, repository)
        artefact = Artefact(node.kind, node.id)
        inheritance = inheritance_in(graph, artefact)
    return [judge(inheritance, artefact, use, context) for use in uses]


def _print_overview(verdicts: list[Verdict]) -> None:
    from graph.licenses.verdict import ADVICE

    click.echo(printable(verdicts[0].artefact.id))
    rows = [(one.use, one.answer, _because(one), one.confidence) for one in verdicts]
    print_table(("use", "answer", "because", "confidence"), rows)
    _print_findings(verdicts[0].findings)
    click.echo(f"\n{ADVICE}")


def _because(verdict: Verdict) -> str:
    """Return the first reason, and how many more there are."""
    reasons = verdict.obstacles or verdict.missing or verdict.duties
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    return f"{reasons[0]}{more}" if reasons else ""


def _print_verdict(verdict: Verdict) -> None:
    name, use, answer = verdict.artefact.id, verdict.use, verdict.answer
    click.echo(f"{printable(name)}, {use}: {answer} (confidence {verdict.confidence:g})")
    for heading, lines in (
        ("What forbids it", verdict.obstacles),
        ("What is not known", verdict.missing),
        ("What you have to do", verdict.duties),
    ):
        if lines:
            click.echo(f"\n{heading}:")
            for line in lines:
                click.echo(f"- {printable(line)}")
    _print_findings(verdict.findings)
    click.echo(f"\n{printable(verdict.advice)}")


def _print_findings(findings: tuple[Finding, ...]) -> None:
    if findings:
        click.echo("\nFindings:")
    for one in findings:
        says = f"{one.level} {one.rule}: {one.reason} (confidence {one.confidence:g})"
        click.echo(f"- {printable(says)}")
        if one.relations:
            click.echo(f"  way: {printable(_way(one))}")
        click.echo(f"  remedy: {printable(one.remedy)}")


def _way(finding: Finding) -> str:
    """Return the steps to the cause, each with its relation."""
    steps = zip(finding.relations, finding.path[1:], strict=True)
    return ", ".join(f"{relation} {artefact.id}" for relation, artefact in steps)


def _draw(findings: tuple[Finding, ...]) -> None:
    """Draw the ways to the causes as one tree, from the artefact up."""
    from ui.cli.explanation_tree import draw

    found = [one for one in findings if len(one.path) > 1]
    if found:
        click.echo()
        draw(found)
