"""The command line: one program, ``remixgraph``; each command is a few lines in ``commands``.

Exit codes: 0 done, 1 the answer is "no" or a check failed, 2 wrong usage, 3 bad input,
4 source unavailable, 130 interrupted. An error is one clear line, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from graph.model.errors import RemixgraphError
from ui.cli.commands import app, ask, check, drift, ingest, lint, pulse, query, relate, share
from ui.cli.commands import license as verdicts
from ui.cli.options import graph_option
from ui.cli.output import printable

__all__ = ["main", "remixgraph"]

_INTERRUPTED = 130


class _Program(click.Group):
    """A group of commands that leaves it to ``run`` what an interruption and a closed pipe mean.

    By itself click would print an empty line for the one and exit with status 1 for the other.
    """

    def invoke(self, ctx: click.Context) -> object:
        """Run the command that the arguments name."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise click.Abort from None
        except BrokenPipeError:
            raise click.exceptions.Exit(0) from None


def _print_version(context: click.Context, _: click.Parameter, value: object) -> None:
    if value:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("remixgraph")
        except PackageNotFoundError:  # run from a checkout
            found = "(not installed)"
        click.echo(f"remixgraph {found}")
        context.exit()


@click.group(
    cls=_Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
@graph_option
def remixgraph() -> None:
    """Show how open models and datasets are remixed from one another."""


for command in (
    ingest.ingest,
    ask.stats,
    pulse.pulse,
    ask.show,
    ask.ancestors,
    ask.descendants,
    relate.path,
    relate.common,
    relate.roots,
    relate.siblings,
    relate.impact,
    relate.family,
    check.check,
    lint.lint,
    verdicts.license_,
    drift.drift,
    query.query,
    query.questions,
    share.export,
    share.index,
    share.snapshot,
    share.validate,
    app.app,
):
    remixgraph.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and end the process with the exit code of the contract."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the program; return its exit code."""
    try:
        return _run(arguments)
    except RemixgraphError as error:
        return _fail(str(error), error.exit_code)
    except click.UsageError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _fail(error.format_message(), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _fail("interrupted; the graph is as it was", _INTERRUPTED)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result = remixgraph.main(arguments, prog_name="remixgraph", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _fail(message: str, code: int) -> int:
    click.echo(f"error: {printable(message)}", err=True)
    return code
