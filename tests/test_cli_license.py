"""The commands on licences: verdicts with their exit codes, the tree of ways, and drift."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph.build.building import new_build
from graph.licenses.verdict import ADVICE, Use
from graph.model.records import Aspect, Kind
from graph.model.vocabulary import HISTORY, run_iri
from graph.rdf.editing import insert
from graph.rdf.history import Change, change_triples
from tests.builders import derivation, license_, model
from tests.graphs import build_graph
from ui.cli.commands.license import USES
from ui.cli.main import run

Capture = pytest.CaptureFixture[str]
Ask = Callable[..., tuple[int, Any]]

HOSTILE = "acme/\x1b[2J[bold]x"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a graph: a relaxed chat, a llama, a model without a licence, and an odd name."""
    mit, nc = (license_("mit"),), (license_("cc-by-nc-4.0"),)
    graph = build_graph(
        tmp_path_factory.mktemp("license") / "graph",
        model("acme/chat -> acme/tuned: finetune", licenses=mit),
        model("acme/tuned -> acme/base: quantized", licenses=mit),
        model("acme/base", licenses=nc),
        model("acme/free", licenses=mit),
        model("acme/silent"),
        model("acme/llama", licenses=(license_("llama3.2"),), tasks=("image-text-to-text",)),
        model("acme/odd", licenses=mit, derivations=(derivation(f"{HOSTILE}: merge"),)),
    )
    change = Change(
        kind=Kind.MODEL,
        id="acme/free",
        aspect=Aspect.LICENSE,
        old=("other", "other (qwen)"),
        new=("mit",),
        seen="2026-01-01T00:00:00Z",
    )
    with new_build(graph) as build:
        insert(build.store, change_triples([change], run_iri("1")), HISTORY)
        build.publish(())
    return graph


@pytest.fixture
def ask(graph: Path, capsys: Capture) -> Ask:
    """Return a function that runs a command, and returns its exit code and what it prints."""

    def ask(*arguments: str) -> tuple[int, Any]:
        code = run([*arguments, "--graph", str(graph)])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in arguments else out

    return ask


def test_the_uses_are_those_of_verdicts() -> None:
    """The command names them apart, so that help need not load the tables."""
    assert [use.value for use in Use] == list(USES)


@pytest.mark.parametrize(
    ("name", "use", "answer", "code"),
    [
        ("acme/free", "commercial", "yes", 0),
        ("acme/free", "redistribute", "conditional", 0),
        ("acme/chat", "commercial", "no", 1),
        ("acme/silent", "research", "unknown", 1),
    ],
)
def test_a_verdict_ends_as_it_answers(
    ask: Ask, name: str, use: str, answer: str, code: int
) -> None:
    """Yes and conditional exit with status 0, no and unknown with 1."""
    ended, document = ask("license", name, "--use", use, "--json")

    assert (code, name, use, answer) == (ended, *(document[key] for key in ("id", "use", "answer")))
    assert document["advice"].endswith(ADVICE)


def test_a_finding_has_its_way_and_its_facts(ask: Ask) -> None:
    """As the contract says: rule, level, path, relations, facts, remedy."""
    _, document = ask("license", "acme/chat", "--use", "commercial", "--json")
    (finding,) = [one for one in document["findings"] if one["rule"] == "R03"]

    assert ["acme/chat", "acme/tuned", "acme/base"] == finding["path"]
    assert ["finetune", "quantized"] == finding["relations"]
    assert "high" == finding["level"]
    assert {"cc-by-nc-4.0", "mit"} == {fact["license"] for fact in finding["facts"]}
    assert "cc-by-nc-4.0" in finding["remedy"]


def test_the_text_says_what_to_do(ask: Ask) -> None:
    """What forbids it, the findings with their remedies, and what all this is."""
    _, text = ask("license", "acme/chat", "--use", "commercial")

    assert "acme/chat, commercial: no" in text
    assert "cc-by-nc-4.0 allows no commercial use [acme/base]" in text
    assert "way: finetune acme/tuned, quantized acme/base" in text
    assert "remedy: declare cc-by-nc-4.0" in text
    assert text.endswith(f"{ADVICE}\n")


def test_without_a_use_all_are_answered(ask: Ask) -> None:
    """A line for each, and 0: nothing was asked that could be denied."""
    code, text = ask("license", "acme/chat")
    _, documents = ask("license", "acme/chat", "--json")

    assert 0 == code
    assert "train-others" in text
    assert ADVICE in text
    assert ["no", "conditional"] == [one["answer"] for one in documents[:2]]


def test_the_tree_shares_what_ways_share(ask: Ask) -> None:
    """Each step once, with its relation; the finding hangs at the end of its way."""
    tree = ask("license", "acme/chat", "--use", "commercial", "--explain")[1].partition(ADVICE)[2]

    assert 1 == tree.count("finetune: acme/tuned")
    assert "└── quantized: acme/base" in tree
    assert "R03 high" in tree


def test_hostile_names_are_shown_and_not_obeyed(ask: Ask) -> None:
    """Neither a terminal nor the tree's own markup does what a name says."""
    _, text = ask("license", "acme/odd", "--use", "commercial", "--explain")

    assert "\x1b" not in text
    assert r"merge: acme/\x1b[2J[bold]x" in text


def test_who_asks_may_decide(ask: Ask) -> None:
    """A territory that is left out, and more users than are licensed, turn the answer."""
    question = ("license", "acme/llama", "--use", "commercial")

    assert 0 == ask(*question)[0]
    assert 0 == ask(*question, "--territory", "US")[0]
    assert 1 == ask(*question, "--territory", "DE")[0]
    assert 1 == ask(*question, "--mau", "800000000")[0]


def test_a_licence_that_changed_is_told(ask: Ask) -> None:
    """What the history saw before: old copies keep what they came with."""
    _, document = ask("license", "acme/free", "--use", "research", "--json")
    (finding,) = [one for one in document["findings"] if one["rule"] == "R23"]

    assert "declared qwen before, mit now" == finding["reason"]


def test_drift(ask: Ask) -> None:
    """Counts and shares, with the transitions that relax a licence."""
    code, document = ask("drift", "--json")
    groups = {group["group"]: group for group in document["groups"]}

    assert (0, {"finetune", "quantized"}) == (code, set(groups))
    assert 1 == groups["quantized"]["shares"]["relaxed"]
    assert ("cc-by-nc-4.0", "mit", "relaxed") in [
        (row["parent"], row["child"], row["outcome"]) for row in document["transitions"]
    ]
    assert "Relaxed most often" in ask("drift")[1]
    assert "acme/base" in ask("drift", "--by", "family", "--limit", "1")[1]
    assert "unknown" in ask("drift", "--by", "month")[1]
