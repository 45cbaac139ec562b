"""Getting the live Hub into the graph: the one command that talks to the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from graph.model.records import Kind
from ui.cli.options import graph_directory, graph_option, json_option
from ui.cli.output import note, print_json, print_rows, print_table

if TYPE_CHECKING:
    from ingest.hub import HubReport, Plan

__all__ = ["hub"]

F = TypeVar("F", bound=Callable[..., object])

_UNAVAILABLE = 4

_endpoint = click.option(
    "--endpoint", metavar="URL", help="Another Hub, or a mirror  [default: $HF_ENDPOINT, the Hub]."
)
_patience = click.option(
    "--patience",
    type=click.FloatRange(min=1),
    default=900,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for an answer before giving up.",
)


def _plan_options(command: F) -> F:
    """Add the options that say what to bring."""
    for option in reversed(
        [
            *(click.option(f"--{kind}s", is_flag=True, help=f"Only {kind}s.") for kind in Kind),
            click.option("--author", metavar="NAME", help="Only what this owner has."),
            click.option(
                "--limit",
                type=click.IntRange(min=1),
                metavar="N",
                help="Only the N most downloaded of each kind.",
            ),
            click.option(
                "--full", is_flag=True, help="Read the lists whole, to find what is gone."
            ),
            click.option(
                "--cards", is_flag=True, help="Fetch cards that tell more than the lists."
            ),
            click.option(
                "--lookups",
                type=click.IntRange(min=0),
                default=500,
                show_default=True,
                metavar="N",
                help="Ask for at most N repositories that others name.",
            ),
        ]
    ):
        command = option(command)
    return command


@click.command()
@_plan_options
@_endpoint
@_patience
@json_option
@graph_option
def hub(*, endpoint: str | None, patience: float, as_json: bool, **wishes: object) -> int:
    """Bring the live Hub into the graph, or bring the graph up to date with it.

    The first run reads the Hub's lists whole, which takes hours; later ones read what changed.
    Interrupt it whenever you like: the same command goes on where it stopped. A token is taken
    from HF_TOKEN or from where 'hf auth login' puts it; it allows more requests.
    """
    from ingest.hub import Client, Limits, ingest_hub
    from ui.cli.progress import watch

    client = Client(
        endpoint or _default_endpoint(), token=_token(), limits=Limits(patience=patience)
    )
    progress = watch()
    client.waiting = progress.wait
    try:
        report = ingest_hub(graph_directory(), client, _plan(wishes), progress)
    except KeyboardInterrupt:
        client.stop()
        progress.note("what came is kept: run the same command again to go on")
        raise
    finally:
        progress.close()
    if as_json:
        print_json(report.document())
    else:
        _print_report(report)
    if not report.complete:
        note(f"error: {report.reason}")
    return 0 if report.complete else _UNAVAILABLE


def _plan(wishes: dict[str, object]) -> Plan:
    from ingest.hub import Plan

    chosen = tuple(kind for kind in Kind if wishes.pop(f"{kind}s"))
    return Plan(kinds=chosen or tuple(Kind), **wishes)  # type: ignore[arg-type]  # click's types


def _default_endpoint() -> str:
    from huggingface_hub import constants

    return constants.ENDPOINT


def _token() -> str | None:
    from huggingface_hub import get_token

    return get_token()


def _print_report(report: HubReport) -> None:
    tally = report.ingestion.tally
    kept = ", ".join(f"{tally.kept[kind]:,} {kind}s" for kind in Kind if tally.kept[kind])
    lookups = ", ".join(f"{status} {count:,}" for status, count in sorted(report.lookups.items()))
    changes = ", ".join(f"{aspect} {count:,}" for aspect, count in sorted(report.changes.items()))
    print_rows(
        [
            ("read", f"{report.rows:,} rows on {report.pages:,} pages"),
            ("requests", report.requests),
            ("unchanged", report.unchanged or None),
            ("kept", kept or "nothing new"),
            ("private", report.private or None),
            ("unusable", tally.unusable or None),
            ("gone", report.gone or None),
            ("cards", report.cards or None),
            ("look-ups", lookups),
            ("not looked up", f"{report.waiting:,} repositories" if report.waiting else None),
            ("failed", f"{report.failed:,} requests" if report.failed else None),
            ("changes", changes),
            ("seconds", f"{report.ingestion.seconds:.1f}"),
        ]
    )
    if tally.issues:
        click.echo()
        rows = [(kind, count, kind.remedy) for kind, count in tally.issues.most_common()]
        print_table(("issue", "count", "remedy"), rows)
