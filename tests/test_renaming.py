"""Renames learned after a record was read: the same as knowing them before."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Evaluation, IssueKind, Model, Relation, Space
from ingest.aliases import Aliases
from ingest.datasets import parse_datasets
from ingest.models import parse_models
from ingest.renaming import retarget
from tests.builders import dataset, model
from tests.oracle import read_pages

MODELS = {"a/old": "a/new", "gpt2": "openai-community/gpt2", "b/gone": "me/chat"}
DATASETS = {"a/olddata": "a/newdata", "squad": "rajpurkar/squad"}
ALIASES = Aliases(models=MODELS, datasets=DATASETS)

_names = st.sampled_from(["a/old", "a/new", "gpt2", "b/gone", "c/other", "./path", "merge"])
_relations = st.sampled_from(["", "finetune:", "merge:", "quantized:"])
_tags = st.lists(
    st.one_of(
        st.builds("base_model:{}{}".format, _relations, _names),
        st.builds("dataset:{}".format, st.sampled_from(["a/olddata", "a/newdata", "squad", "x/y"])),
    ),
    max_size=5,
)
_cards = st.none() | st.fixed_dictionaries(
    {"base_model": st.lists(_names, max_size=3)},
    optional={"base_model_relation": st.sampled_from(["merge", "adapter"])},
)
_rows = st.fixed_dictionaries({"id": st.just("me/chat"), "tags": _tags, "cardData": _cards})


def typed_hub(row: Mapping[str, object]) -> bool:
    """Tell whether the Hub types a parent and a card names others: then it follows renames."""
    tags = row["tags"]
    assert isinstance(tags, list)
    return row["cardData"] is not None and any(tag.count(":") > 1 for tag in tags)


@given(_rows)
def test_learning_a_rename_later_is_the_same_as_knowing_it(row: dict[str, object]) -> None:
    """Law: retarget(read without the table) = read with it."""
    if typed_hub(row):  # then "which name is the old one" is told from the pair, not the table
        return
    (before,) = parse_models([row], Aliases.none(), "page").records
    (after,) = parse_models([row], ALIASES, "page").records

    assert after == retarget(before, ALIASES)


@pytest.mark.realdata
def test_the_law_holds_on_recorded_rows(realdata: Path) -> None:
    """5,000 models and datasets of the Hub, with the table that ships."""
    seed = Aliases.seed()
    for folder, parse in (("models", parse_models), ("datasets", parse_datasets)):
        rows = list(islice(read_pages(realdata / "hub-2024-07" / folder), 5000))
        before = parse(rows, Aliases.none(), "page").records
        after = parse(rows, seed, "page").records

        assert after == tuple(retarget(record, seed) for record in before)


@given(_rows)
def test_retargeting_twice_changes_nothing(row: dict[str, object]) -> None:
    """Law: a record that follows the table follows it."""
    (record,) = parse_models([row], ALIASES, "page").records

    assert record == retarget(record, ALIASES)


def test_two_names_of_one_parent_become_one_claim() -> None:
    """The typed claim takes the untyped in, with the words of both."""
    before = model("me/chat -> a/new: merge, a/old")
    (claim,) = retarget(before, ALIASES).derivations

    assert ("a/new", Relation.MERGE, ("a/new", "a/old"), True) == (
        claim.target,
        claim.relation,
        claim.raw,
        claim.aliased,
    )


def test_a_repository_that_named_itself_by_its_old_name_is_a_loop() -> None:
    """The claim stays, and so does the issue."""
    after = retarget(model("me/chat -> b/gone: finetune"), ALIASES)

    assert [IssueKind.SELF_LOOP] == [issue.kind for issue in after.issues]


def test_everything_that_names_a_repository_follows() -> None:
    """New versions, the datasets of evaluations, what a Space uses, the sources of a dataset."""
    scored = model("m/x", new_version="a/old", evaluations=(Evaluation(dataset="squad"),))
    after = retarget(scored, ALIASES)
    app = Space(id="s/x", models=("a/old", "c/x"), datasets=("squad",))

    assert isinstance(after, Model)
    assert ("a/new", "rajpurkar/squad") == (after.new_version, after.evaluations[0].dataset)
    assert Space(id="s/x", models=("a/new", "c/x"), datasets=("rajpurkar/squad",)) == retarget(
        app, ALIASES
    )
    assert ["a/newdata"] == [
        claim.target for claim in retarget(dataset("d/x -> a/olddata: source"), ALIASES).derivations
    ]
