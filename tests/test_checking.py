"""What the checks find in a lineage, about all of it and about one repository."""

from __future__ import annotations

from typing import Any

import pytest

from graph import lineage as index
from graph.model.records import IssueKind, Repository
from graph.quality.checking import Check, Finding, Level, check, check_repository, summarise
from tests.builders import derivation, issue, model
from tests.graphs import graph_in_memory
from tests.lineages import node

EARLY, MIDDLE, LATE = (f"202{year}-01-01T00:00:00Z" for year in (3, 4, 5))


def found(*records: Repository) -> list[tuple[Check, str, tuple[str, ...]]]:
    """Return what is found in a graph of records: the check, the repository, and the others."""
    graph = graph_in_memory(*records)
    findings = check(graph, index.of(graph))
    return [(finding.check, finding.node.id, finding.others) for finding in findings]


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (["a -> a: finetune"], [(Check.SELF_LOOP, "a", ("a",))]),
        (["a -> b: merge", "b -> a: merge"], [(Check.CYCLE, "a", ("b",))]),
        (
            ["a -> b: finetune, b: merge", "b"],
            [(Check.SEVERAL_RELATIONS, "a", ("b",))],
        ),
        (["a -> b", "b"], [(Check.UNTYPED_RELATION, "a", ("b",))]),
        (["a -> b: finetune"], [(Check.DANGLING_PARENT, "a", ("b",))]),
        (
            ["gguf -> base: quantized", "tuned -> gguf: finetune", "lora -> gguf: adapter", "base"],
            [(Check.BUILT_ON_COPY, "gguf", ("tuned",))],
        ),
        (["lora -> base: adapter", "gguf -> lora: quantized", "base"], []),
        (["a -> data: trained_on"], []),
    ],
)
def test_what_links_alone_tell(drawn: list[str], expected: list[tuple[Any, ...]]) -> None:
    """Each kind of fault is found once, and what is in order is left alone."""
    assert expected == found(*map(model, drawn))


def test_a_parent_that_is_younger_than_its_child() -> None:
    """It was registered again if the child was never touched since the parent is there."""
    records = (
        model("base", created=MIDDLE),
        model("odd -> base: finetune", created=EARLY, modified=LATE),
        model("orphan -> base: finetune", created=EARLY, modified=EARLY),
        model("fine -> base: finetune", created=LATE, modified=LATE),
    )

    expected = [
        (Check.TIME_PARADOX, "odd", ("base",)),
        (Check.RECREATED_PARENT, "orphan", ("base",)),
    ]
    assert expected == found(*records)


def test_what_was_declared() -> None:
    """Parents by an old name, and words that are no datasets."""
    renamed = derivation("new/bert: finetune", raw=("bert",), aliased=True)
    records = (
        model("a", derivations=(renamed,), issues=(issue(IssueKind.JUNK_DATASET, value="json"),)),
        model("new/bert"),
    )
    graph = graph_in_memory(*records)

    expected = [
        Finding(Check.RENAMED_PARENT, node("a"), ("new/bert",), "declared as bert", None),
        Finding(Check.JUNK_DATASET, node("a"), (), "declares json", None),
    ]
    assert expected == check(graph, index.of(graph))
    assert [] == check_repository(graph, index.of(graph), node("new/bert"))


def test_one_repository_is_checked_alone() -> None:
    """Any member of a cycle is told of it; nobody of another's faults."""
    graph = graph_in_memory(
        model("a -> b: merge"), model("b -> a: merge"), model("c -> c: merge, a: merge")
    )
    opened = index.of(graph)

    assert [Check.CYCLE] == [row.check for row in check_repository(graph, opened, node("b"))]
    assert [Check.SELF_LOOP] == [row.check for row in check_repository(graph, opened, node("c"))]


def test_the_worst_are_the_most_downloaded() -> None:
    """A summary counts all and lists a few."""
    graph = graph_in_memory(
        *(model(f"m{n} -> m{n}: merge", downloads=n) for n in range(9)), model("x -> x: merge")
    )
    (summary,) = summarise(check(graph, index.of(graph)), worst=2)

    assert (Check.SELF_LOOP, 10) == (summary.check, summary.total)
    assert ["m8", "m7"] == [finding.node.id for finding in summary.worst]


@pytest.mark.parametrize("name", Check)
def test_every_check_has_a_level_and_a_remedy(name: Check) -> None:
    """A finding says what to do, in a sentence."""
    assert name.level in Level
    assert name.remedy.endswith(".")
