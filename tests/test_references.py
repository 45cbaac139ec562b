"""What a declared value names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import IssueKind
from ingest.aliases import Aliases
from ingest.references import (
    Target,
    is_repository_id,
    resolve_dataset,
    resolve_model,
    source_targets,
)

ALIASES = Aliases(models={"gpt2": "openai-community/gpt2"}, datasets={"squad": "rajpurkar/squad"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("google/gemma-7b", Target("google/gemma-7b")),
        ("0-hero/Matter-0.1", Target("0-hero/Matter-0.1")),
        ("runwayml/stable-diffusion-v1-5.", Target("runwayml/stable-diffusion-v1-5.")),
        ("gpt2", Target("openai-community/gpt2", aliased=True)),
        ("GPT2", Target("GPT2", issue=IssueKind.BARE_ID)),
        ("SDXL_model", Target("SDXL_model", issue=IssueKind.BARE_ID)),
        (" google/gemma-7b\n", Target("google/gemma-7b", issue=IssueKind.WHITESPACE)),
        ("google/gemma-7b/", Target("google/gemma-7b")),
        ("https://huggingface.co/google/gemma-7b", Target("google/gemma-7b")),
        ("https://huggingface.co/google/gemma-7b/tree/main?x#y", Target("google/gemma-7b")),
        ("http://www.hf.co/google/gemma-7b/", Target("google/gemma-7b")),
        ("huggingface.co/google/gemma-7b", Target("google/gemma-7b")),
        ("hf://google/gemma-7b", Target("google/gemma-7b")),
        ("https://huggingface.co/gpt2", Target("openai-community/gpt2", aliased=True)),
        ("huggingface.co/gpt2", Target("openai-community/gpt2", aliased=True)),
        ("https://huggingface.co/google", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        (
            "https://huggingface.co/datasets/rajpurkar/squad",
            Target(None, issue=IssueKind.NOT_A_REPOSITORY),
        ),
        ("https://huggingface.co/blog/llama2", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("./checkpoints", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("../model", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("..", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("/content/drive/My Drive/model", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("~/models/llama", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("C:\\models\\llama", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("models\\llama", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("file:///models/llama", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("outputs/llama/checkpoint-100", Target(None, issue=IssueKind.LOCAL_PATH)),
        ("https://civitai.com/models/4384", Target(None, issue=IssueKind.FOREIGN_URL)),
        ("github.com/meta-llama/llama", Target(None, issue=IssueKind.FOREIGN_URL)),
        ("s3://bucket/model", Target(None, issue=IssueKind.FOREIGN_URL)),
        ("OpenAI GPT-4", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("10.5281/zenodo.7752615", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("lazymergekit", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("None", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
    ],
)
def test_model(value: str, expected: Target) -> None:
    """A base model is an id, an alias, an address, a path, or words."""
    assert expected == resolve_model(value, ALIASES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("rajpurkar/squad", Target("rajpurkar/squad")),
        ("squad", Target("rajpurkar/squad", aliased=True)),
        ("KsponSpeech", Target("KsponSpeech")),
        ("imagefolder", Target(None, issue=IssueKind.JUNK_DATASET)),
        ("None", Target(None, issue=IssueKind.JUNK_DATASET)),
        ("-", Target(None, issue=IssueKind.JUNK_DATASET)),
        ("datasets/rajpurkar/squad", Target("rajpurkar/squad")),
        ("https://huggingface.co/datasets/rajpurkar/squad/viewer", Target("rajpurkar/squad")),
        ("https://huggingface.co/datasets/squad", Target("rajpurkar/squad", aliased=True)),
        ("https://huggingface.co/google/gemma-7b", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
        ("https://zenodo.org/records/4063986", Target(None, issue=IssueKind.FOREIGN_URL)),
        ("Egyptian Wikipedia", Target(None, issue=IssueKind.NOT_A_REPOSITORY)),
    ],
)
def test_dataset(value: str, expected: Target) -> None:
    """A dataset may lack an owner without a fault, and may be a loader's name."""
    assert expected == resolve_dataset(value, ALIASES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("original", ()),
        ("found", ()),
        ("extended", ()),
        ("extended|squad", (Target("rajpurkar/squad", aliased=True),)),
        ("extended|quora|google", (Target("quora"), Target("google"))),
        ("extended|other", (Target(None),)),
        ("extended|other-80-Million-Tiny-Images", (Target(None),)),
        ("allenai/c4", (Target("allenai/c4"),)),
        (
            "extended|WMT 2020 News Translation Task",
            (Target(None, issue=IssueKind.NOT_A_REPOSITORY),),
        ),
    ],
)
def test_source_datasets(value: str, expected: tuple[Target, ...]) -> None:
    """The schema's own words name nothing, pipes separate several, `other-` is free text."""
    assert expected == source_targets(value, ALIASES)


@given(st.text())
def test_any_value_resolves_to_an_id_or_to_a_reason(value: str) -> None:
    """Whatever is declared, there is a valid id or an issue."""
    for target in (resolve_model(value, ALIASES), resolve_dataset(value, ALIASES)):
        assert (target.id is None) == (target.issue not in {None, *WITH_ID})
        assert target.id is None or is_repository_id(target.id)


WITH_ID = (IssueKind.BARE_ID, IssueKind.WHITESPACE)


def test_seeded_aliases_lead_to_owners() -> None:
    """Each alias in the table is a name without an owner and leads to one with an owner."""
    seed = Aliases.seed()

    for table in (seed.models, seed.datasets):
        assert [] == [name for name in table if "/" in name or not is_repository_id(name)]
        assert [] == [id_ for id_ in table.values() if resolve_model(id_, seed).id != id_]
    assert "rajpurkar/squad" == seed.datasets["squad"]
    assert "google-bert/bert-base-uncased" == seed.models["bert-base-uncased"]
    assert Aliases.none() == Aliases()
