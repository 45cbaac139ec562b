"""The figures of Pulse: what each chart shows, how it says so in a sentence, and its definition.

Figures go by their names in ``remixgraph pulse --json``: ``bases.top_1``, ``edges.merge``.
docs/statistics.md has the definitions in full.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from graph.model.relations import MODEL_RELATIONS
from graph.statistics.concentration import Month
from graph.statistics.growth import Growth
from graph.statistics.pulse import FEW_STEPS, Pulse
from ui.app.months import named
from ui.palette import RELATIONS

__all__ = ["FIGURES", "Figure", "Row", "headline", "is_few", "rows", "value", "weight"]

Value: TypeAlias = "str | int | float | None"

Row: TypeAlias = Mapping[str, Value]
"""The figures of a month, flat: by the names that they have in JSON."""

NOTHING_TO_TELL = "no month has enough steps to tell"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A chart: its series by the figures that they show, and the words about it.

    ``says`` is its sentence, with a place for the ``month`` and one for the ``value`` of ``told``;
    ``form`` is how values are written, as Python and d3 alike have it. ``question`` names one that
    is related, for those who want to know more; ``is_stacked`` makes bars of it.
    """

    key: str
    title: str
    says: str
    told: str
    series: Mapping[str, str]
    form: str
    definition: str
    question: str | None = None
    is_stacked: bool = False


FIGURES = (
    Figure(
        key="concentration",
        title="Who is built on",
        says="The ten greatest owners of bases received {value} of the steps of {month}",
        told="bases.top_10",
        series={
            "bases.top_10": "ten greatest owners",
            "bases.top_5": "five greatest",
            "bases.top_1": "the greatest",
        },
        form=".0%",
        definition=(
            "A step leads from a model created in the month to a model that it says it was made"
            " from. Of all steps of the month: the share that leads to repositories of the one,"
            " five and ten owners that most of them lead to."
        ),
        question="top-bases",
    ),
    Figure(
        key="herfindahl",
        title="How concentrated that is",
        says="The steps of {month} were shared out as if among {value} equal owners",
        told="bases.effective_owners",
        series={
            "bases.herfindahl": "all steps",
            "crossing.herfindahl": "steps between owners",
            "origins.herfindahl": "by origin",
        },
        form=".2f",
        definition=(
            "The Herfindahl index: the sum of the squared shares of owners. It is 1 where all steps"
            " lead to one owner; 1 divided by it is the number of equal owners that would give the"
            " same. Between owners: only steps to somebody else's model. By origin: each derivative"
            " counts once, for the owner of its nearest root, whatever lies in between."
        ),
        question="top-bases",
    ),
    Figure(
        key="remixers",
        title="How many take part",
        says="{value} owners published derivatives in {month}",
        told="remixers",
        series={"remixers": "owners who remix", "bases.owners": "owners who are remixed"},
        form=",.0f",
        definition=(
            "The distinct owners of models of the month that were made from another, and the"
            " distinct owners of what these were made from. An owner is an account on the Hub."
        ),
    ),
    Figure(
        key="second-hand",
        title="Remixes of remixes",
        says="{value} of the derivatives of {month} were made from what was itself derived",
        told="second_hand",
        series={"second_hand": "from a derivative", "cross_owner": "steps to another owner"},
        form=".0%",
        definition=(
            "From a derivative: the share of derivatives of depth two and more. To another owner:"
            " the share of steps whose child and parent have different owners."
        ),
    ),
    Figure(
        key="depth",
        title="How long lines of descent are",
        says="What was derived in {month} was {value} steps deep on average",
        told="mean_depth",
        series={"mean_depth": "mean depth"},
        form=".1f",
        definition=(
            "Depth is the number of steps in the longest line of descent above a model. A few long"
            " chains of merges can raise the mean of a month."
        ),
    ),
    Figure(
        key="openness",
        title="How free it is",
        says="{value} of the models of {month} that declare a licence declare a permissive one",
        told="permissive",
        series={"permissive": "permissive licence", "open_data": "open training data"},
        form=".0%",
        definition=(
            "Permissive: of the models that declare a licence, those whose every licence asks for"
            " no more than its text and notices to be kept. Open data: of the models that name"
            " a training dataset, those whose every such dataset is in the graph, not gated, and"
            " under licences that let everyone use, change and share it."
        ),
        question="license-transitions",
    ),
    Figure(
        key="new",
        title="What is new",
        says="{value} models were created in {month}",
        told="growth.models",
        series={
            "growth.models": "models",
            "growth.datasets": "datasets",
            "growth.spaces": "Spaces",
        },
        form=",.0f",
        definition=(
            "The repositories in this graph by the month of their creation on the Hub. What was"
            " deleted before the graph was made is missing, and what the graph was made from may be"
            " a selection."
        ),
        is_stacked=True,
    ),
    Figure(
        key="relations",
        title="How models are made from one another",
        says="The most frequent relation of {month} was {relation}, with {value}",
        told="most",
        series={
            f"shares.{relation}": RELATIONS[relation].title.lower() for relation in MODEL_RELATIONS
        },
        form=".0%",
        definition=(
            "The share of each relation in the edges of the month; a pair of models with two"
            " relations counts for both. The Hub fills relations in by rules of its own, which have"
            " changed; unspecified are those that nobody stated."
        ),
        is_stacked=True,
    ),
)
"""Every chart of the page, in its order."""


_SHARED = ("bases", "crossing", "origins")
_TOLD_OF = {
    "permissive": "licensed",
    "open_data": "naming_data",
    "second_hand": "derivatives",
    "mean_depth": "derivatives",
}
_COUNTS = ("remixers", "bases.owners", "growth.models", "growth.datasets", "growth.spaces")


def rows(pulse: Pulse) -> dict[str, Row]:
    """Return the figures of each month by their names."""
    grown = {one.month: one for one in pulse.growth}
    return {
        row.month: dict(_flat(row, grown[row.month])) for row in pulse.months if row.month in grown
    }


def headline(figure: Figure, latest: Row | None, before: Row | None) -> str:
    """Return what a chart says of a month, and of the one a year before."""
    told = None if latest is None else latest[figure.told]
    if latest is None or told is None or is_few(figure.told, latest):
        return f"{figure.title}: {NOTHING_TO_TELL}"
    said = figure.says.format(
        value=value(told, figure), month=named(str(latest["month"])), relation=latest["relation"]
    )
    name = f"shares.{latest['key']}" if figure.told == "most" else figure.told
    was = None if before is None else before[name]
    return said if was is None else f"{said}, {value(was, figure)} a year before"


def weight(name: str) -> str:
    """Return the figure that tells of how many another one is.

    >>> weight("origins.top_10"), weight("permissive"), weight("edges.merge")
    ('origins.total', 'licensed', 'bases.total')
    """
    group = name.partition(".")[0]
    return f"{group}.total" if group in _SHARED else _TOLD_OF.get(name, "bases.total")


def is_few(name: str, row: Row) -> bool:
    """Tell whether a figure of a month is told of so few that it says little; a count never is."""
    number = row[weight(name)]
    return name not in _COUNTS and isinstance(number, int) and number < FEW_STEPS


def value(number: Value, figure: Figure) -> str:
    """Return a number as the sentence of a chart has it."""
    if number is None or isinstance(number, str):
        return "–"
    form = ",.0f" if figure.told.endswith("effective_owners") else figure.form
    return format(number, form)


def _flat(month: Month, grown: Growth) -> Iterator[tuple[str, Value]]:
    for name, found in msgspec.to_builtins(month).items():
        if isinstance(found, dict):
            yield from ((f"{name}.{part}", number) for part, number in found.items())
        else:
            yield name, found
    yield from ((f"growth.{name}", getattr(grown, name)) for name in ("models", "datasets"))
    yield "growth.spaces", grown.spaces
    yield from _shares(grown)


def _shares(grown: Growth) -> Iterator[tuple[str, Value]]:
    """Yield the shares of relations, and of the one that is most frequent."""
    whole = sum(grown.edges.values())
    for relation in MODEL_RELATIONS:
        count = grown.edges.get(relation)
        yield f"shares.{relation}", count / whole if whole and count is not None else None
    most = max(grown.edges, key=lambda relation: grown.edges[relation])
    yield "most", grown.edges[most] / whole if whole else None
    yield "key", most.value
    yield "relation", RELATIONS[most].title.lower()
