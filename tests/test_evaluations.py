"""Scores in a card's model-index."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Evaluation, IssueKind
from ingest.aliases import Aliases
from ingest.evaluations import evaluations
from ingest.values import Notes


def model_index(metric: dict[str, object], **result: object) -> list[object]:
    """Return a model-index with one result of one metric."""
    return [{"name": "model", "results": [{"metrics": [metric], **result}]}]


def read(value: object) -> list[Evaluation]:
    """Return the evaluations in a model-index."""
    return list(evaluations(value, Aliases.seed(), Notes()))


def test_every_field() -> None:
    """A result that follows the schema keeps task, dataset, metric and source."""
    value = model_index(
        {"type": "acc_norm", "value": 54.69, "name": "normalized accuracy", "verified": False},
        task={"type": "text-generation", "name": "Text Generation"},
        dataset={
            "name": "AI2 Reasoning Challenge",
            "type": "ai2_arc",
            "config": "ARC-Challenge",
            "split": "test",
            "args": {"num_few_shot": 25},
        },
        source={"url": "https://huggingface.co/spaces/open-llm-leaderboard", "name": "Board"},
    )
    expected = Evaluation(
        task="text-generation",
        dataset="allenai/ai2_arc",
        dataset_declared="ai2_arc",
        dataset_name="AI2 Reasoning Challenge",
        dataset_config="ARC-Challenge",
        dataset_split="test",
        metric="acc_norm",
        metric_name="normalized accuracy",
        value=54.69,
        verified=False,
        source_url="https://huggingface.co/spaces/open-llm-leaderboard",
    )

    assert [expected] == read(value)


@pytest.mark.parametrize(
    ("value", "number", "words"),
    [
        (10, 10.0, None),
        ("78.2", 78.2, None),
        ("7.56 +/- 2.71", None, "7.56 +/- 2.71"),
        ("15.88%", None, "15.88%"),
        (float("nan"), None, "nan"),
        ([0.5, 0.6], None, "[0.5, 0.6]"),
        ({"f1": 0.5}, None, "{'f1': 0.5}"),
        (True, None, "True"),
        (None, None, None),
    ],
)
def test_score(value: object, number: float | None, words: str | None) -> None:
    """A score is a finite number, or else the words that stand in its place."""
    evaluation = read(model_index({"type": "f1", "value": value}))[0]

    assert (number, words) == (evaluation.value, evaluation.value_text)


@pytest.mark.parametrize(
    ("declared", "dataset"),
    [
        ("glue", "nyu-mll/glue"),
        ("legacy-datasets/common_voice", "legacy-datasets/common_voice"),
        ("FrozenLake-v1-4x4-no_slippery", None),
        ("HuggingFaceH4/ifeval dataset", None),
    ],
)
def test_dataset(declared: str, dataset: str | None) -> None:
    """Only a type with an owner, or an alias, names a repository: others are environments."""
    evaluation = read(model_index({"type": "f1"}, dataset={"type": declared}))[0]

    assert (declared, dataset) == (evaluation.dataset_declared, evaluation.dataset)


def test_single_values_become_text() -> None:
    """YAML reads a configuration named 2019 as a number, and one named true as a truth."""
    evaluation = read(model_index({}, dataset={"config": 2019, "split": True, "name": []}))[0]

    assert ("2019", "true", None) == (
        evaluation.dataset_config,
        evaluation.dataset_split,
        evaluation.dataset_name,
    )


@pytest.mark.parametrize(
    "value",
    [
        {"error": 'Schema validation error. "model-index[0].results" is required'},
        "none",
        ["model"],
        [{"results": "none"}],
        [{"results": [7]}],
        [{"results": [{"metrics": {"accuracy": 0.9}}]}],
    ],
)
def test_other_shapes_are_noted(value: object) -> None:
    """What is no list of objects gives no score and one issue; the error is a real answer."""
    notes = Notes()

    assert () == evaluations(value, Aliases.none(), notes)
    assert [(IssueKind.WRONG_TYPE, "model-index")] == [(i.kind, i.field) for i in notes.issues]


@pytest.mark.parametrize("value", [None, [], [None], [{}], [{"results": None}], [{"results": []}]])
def test_nothing_is_no_fault(value: object) -> None:
    """An index without results is common and says nothing."""
    notes = Notes()

    assert () == evaluations(value, Aliases.none(), notes)
    assert [] == notes.issues


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["results", "metrics", "dataset", "value"]), inner)
        ),
    )
)
def test_any_json_is_read(value: object) -> None:
    """No value makes the reader fail."""
    assert isinstance(read(value), list)
