"""Summaries of the Data Provenance collection: who made a dataset, of what, under which licence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Issue,
    IssueKind,
    LicenseDeclaration,
    Relation,
)
from ingest.aliases import Aliases
from ingest.provenance import merge_summary, parse_summaries, unite_summaries
from tests.builders import dataset, derivation, issue, license_
from tests.strategies import datasets

DATA = Path(__file__).parent / "data" / "data-provenance"
ALIASES = Aliases(datasets={"squad": "rajpurkar/squad", "Alpaca": "tatsu-lab/alpaca"})
RECORD = ClaimSource.DATASET_RECORD


def read(name: str) -> Dataset:
    """Return what a real summary of one dataset says."""
    rows = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")).values()
    (record,) = parse_summaries(rows, Aliases.seed(), name).records
    assert isinstance(record, Dataset)
    return record


def summary(**fields: object) -> dict[str, object]:
    """Return a summary of the dataset acme/qa."""
    address = "https://huggingface.co/datasets/acme/qa"
    return {"Unique Dataset Identifier": "qa", "Hugging Face URL": address} | fields


def parse(**fields: object) -> Dataset:
    """Return what a summary of the dataset acme/qa becomes."""
    (record,) = parse_summaries([summary(**fields)], ALIASES, "file").records
    assert isinstance(record, Dataset)
    return record


def claim(text: str, **fields: Any) -> Derivation:  # noqa: ANN401 - a field of the record
    """Return a derivation that a summary claims."""
    return derivation(text, sources=(RECORD,), **fields)


# --- real summaries ---------------------------------------------------------------------------


def test_licenses_and_a_generator_that_is_no_repository() -> None:
    """A product's licence has no key, and a product is no repository: both are kept as said."""
    assert read("Reasoning") == Dataset(
        id="SkunkworksAI/reasoning-0.01",
        derivations=(
            Derivation(
                relation=Relation.GENERATED,
                target=None,
                raw=("OpenAI ChatGPT",),
                sources=(RECORD,),
            ),
        ),
        licenses=(
            LicenseDeclaration(
                declared="Apache License 2.0",
                source=RECORD,
                field="Licenses",
                link="https://huggingface.co/datasets/SkunkworksAI/reasoning-0.01",
                license="apache-2.0",
            ),
            LicenseDeclaration(declared="OpenAI", source=RECORD, field="Licenses"),
        ),
    )


def test_a_generator_and_a_paper() -> None:
    """A model that the table knows by its name in prose is linked, and so is the paper."""
    record = read("KIWI")

    assert ("2403.03866",) == record.papers
    assert {
        "LLaMA-2-chat-70b": "meta-llama/Llama-2-70b-chat-hf",
        "OpenAI GPT-3.5-Turbo": None,
        "OpenAI GPT-4": None,
    } == {claim.raw[0]: claim.target for claim in record.derivations}
    assert {Relation.GENERATED} == {claim.relation for claim in record.derivations}


def test_sources_by_their_addresses() -> None:
    """Datasets that are named by an address, also one without its scheme, are linked."""
    assert [
        claim(
            f"ai4privacy/pii-masking-{size}: source",
            raw=(f"huggingface.co/datasets/ai4privacy/pii-masking-{size}",),
            position=position,
        )
        for position, size in enumerate(("43k", "65k"))
    ] == list(read("PII-Masking-200k").derivations)


def test_a_full_stop_is_no_part_of_a_paper() -> None:
    """An address that ends a sentence is still that of the paper."""
    assert ("2311.09528",) == read("HelpSteer").papers


@pytest.mark.realdata
def test_the_whole_collection(realdata: Path) -> None:
    """All 2,094 entries with an address of a dataset are read, but for one that has two of them."""
    rows = [
        row
        for path in sorted((realdata / "data-provenance" / "data_summaries").glob("[!_]*.json"))
        for row in json.loads(path.read_text(encoding="utf-8")).values()
    ]
    addresses = [f"{row['Hugging Face URL']} {row['Dataset URL']}" for row in rows]
    parsed = parse_summaries(rows, Aliases.seed(), "collection")

    assert 2_311 == len(rows)
    assert 2_094 == sum(bool(re.search(r"(huggingface|hf)\.co/datasets/", a)) for a in addresses)
    assert 2_093 == len(rows) - len(parsed.issues)
    assert {IssueKind.NOT_A_REPOSITORY} == {issue.kind for issue in parsed.issues}


# --- fields -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://huggingface.co/datasets/acme/raw", "acme/raw"),
        ("http://www.huggingface.co/datasets/acme/raw/tree/main?x=1#y", "acme/raw"),
        ("hf.co/datasets/acme/raw", "acme/raw"),
        ("https://huggingface.co/datasets/squad", "rajpurkar/squad"),
        ("https://huggingface.co/datasets/squad/?row=1", "rajpurkar/squad"),
        ("https://huggingface.co/datasets/own_name#part", "own_name"),
    ],
)
def test_every_way_to_write_an_address(address: str, expected: str) -> None:
    """Addresses lead to the repository, also those of legacy names without an owner."""
    fields = {"Hugging Face URL": address}
    (record,) = parse_summaries([summary(**fields)], ALIASES, "file").records

    assert expected == record.id
    assert expected == parse(**{"Derived from Datasets": [address]}).derivations[0].target


def test_the_address_may_be_in_the_other_field() -> None:
    """A dataset without an address on the Hub in its own field may have it in the general one."""
    fields = {"Hugging Face URL": "", "Dataset URL": "https://hf.co/datasets/acme/other"}

    assert "acme/other" == parse(**fields).id


@pytest.mark.parametrize(
    ("name", "target"),
    [("SQuAD", "rajpurkar/squad"), ("alpaca", "tatsu-lab/alpaca"), ("My diary", None)],
)
def test_a_source_by_its_name(name: str, target: str | None) -> None:
    """A name in prose is a link where the table of aliases knows it, else only a claim."""
    assert (
        Derivation(
            relation=Relation.SOURCE,
            target=target,
            raw=(name,),
            sources=(RECORD,),
            aliased=target is not None,
        ),
    ) == parse(**{"Derived from Datasets": name}).derivations


@pytest.mark.parametrize(
    ("address", "papers"),
    [
        ("https://arxiv.org/abs/2105.08209v2", ("2105.08209",)),
        ("https://arxiv.org/pdf/1909.05855.pdf", ("1909.05855",)),
        ("https://arxiv.org/pdf/1909.05855v3.pdf", ("1909.05855",)),
        ("http://www.arxiv.org/abs//2204.05862/", ("2204.05862",)),
        ("https://arxiv.org/abs/cs.CL/0306050", ("cs.CL/0306050",)),
        ("https://arxiv.org/abs/cmp-lg/9404002v1", ("cmp-lg/9404002",)),
        ("https://arxiv.org/abs/21050.820912", ()),
        ("https://aclanthology.org/D18-1419", ()),
        ("", ()),
    ],
)
def test_papers_are_without_a_version(address: str, papers: tuple[str, ...]) -> None:
    """A paper on arXiv is known by its id, whatever its address says beyond that."""
    assert papers == parse(**{"ArXiv URL": address}).papers


@pytest.mark.parametrize("entry", ["MIT License", None, {"License": ""}, {"License": 7}, {}])
def test_a_broken_license_is_an_issue(entry: object) -> None:
    """A licence that is no object with a name is noted, and its neighbours are kept."""
    record = parse(Licenses=[entry, {"License": "mit license", "License URL": "https://a.org"}])

    assert IssueKind.WRONG_TYPE in {issue.kind for issue in record.issues}
    assert [("mit license", "mit", "https://a.org")] == [
        (claim.declared, claim.license, claim.link) for claim in record.licenses
    ]


def test_licenses_that_are_no_list() -> None:
    """Something else in place of the list is noted, and null is no fault."""
    assert () == parse(Licenses=None).issues
    assert (Issue(kind=IssueKind.WRONG_TYPE, field="Licenses", value="MIT"),) == parse(
        Licenses="MIT"
    ).issues


def test_the_template_and_other_junk_become_issues() -> None:
    """What describes no dataset on the Hub is told with its place, and stops nothing."""
    rows = [
        7,
        summary(**{"Hugging Face URL": "https://huggingface.co/acme/model"}),
        summary(**{"Hugging Face URL": "string (''): The URL", "Dataset URL": None}),
        summary(),
    ]
    parsed = parse_summaries(rows, ALIASES, "file")

    assert ["acme/qa"] == [record.id for record in parsed.records]
    assert [
        (IssueKind.NOT_AN_OBJECT, "", "7", "file[0]"),
        (
            IssueKind.NOT_A_REPOSITORY,
            "Hugging Face URL",
            "https://huggingface.co/acme/model",
            "file[1]",
        ),
        (IssueKind.NOT_A_REPOSITORY, "Hugging Face URL", "string (''): The URL", "file[2]"),
    ] == [(issue.kind, issue.field, issue.value, issue.where) for issue in parsed.issues]


# --- several summaries, and what was known before ---------------------------------------------


def test_parts_of_a_dataset_are_united() -> None:
    """The dataset has the claims of all entries that describe a part of it."""
    rows = [
        summary(
            **{"Derived from Datasets": ["squad"], "ArXiv URL": "https://arxiv.org/abs/1606.05250"}
        ),
        summary(
            **{
                "Derived from Datasets": ["SQuAD", "alpaca"],
                "Licenses": [{"License": "MIT License"}],
            }
        ),
    ]
    parsed = parse_summaries(rows, ALIASES, "file")
    (record,) = parsed.records

    assert ("1606.05250",) == record.papers
    assert ["mit"] == [claim.license for claim in record.licenses]
    assert {"rajpurkar/squad": ("SQuAD", "squad"), "tatsu-lab/alpaca": ("alpaca",)} == {
        claim.target: claim.raw for claim in record.derivations
    }
    assert record == unite_summaries(record for row in rows for record in _records(row))[0]


def _records(row: dict[str, object]) -> list[Dataset]:
    found = parse_summaries([row], ALIASES, "file").records
    return [record for record in found if isinstance(record, Dataset)]


def test_claims_of_others_stay() -> None:
    """What the Hub and the card say of a dataset is not touched by a summary."""
    old = dataset(
        "acme/qa -> acme/raw: source",
        licenses=(license_("mit"),),
        papers=("1606.05250",),
        downloads=7,
        issues=(issue(IssueKind.BARE_ID),),
    )
    new = parse(
        **{
            "Derived from Datasets": [
                "https://hf.co/datasets/acme/raw",
                "hf.co/datasets/acme/more",
            ],
            "Licenses": [{"License": "CC BY 2.0"}, 7],
            "ArXiv URL": "https://arxiv.org/abs/2105.08209",
        }
    )
    merged = merge_summary(old, new)

    assert 7 == merged.downloads
    assert ("1606.05250", "2105.08209") == merged.papers
    assert {"mit": ClaimSource.CARD, "cc-by-2.0": RECORD} == {
        claim.license: claim.source for claim in merged.licenses
    }
    assert {"acme/raw": (ClaimSource.CARD, RECORD), "acme/more": (RECORD,)} == {
        claim.target: claim.sources for claim in merged.derivations
    }
    assert {IssueKind.BARE_ID, IssueKind.WRONG_TYPE} == {issue.kind for issue in merged.issues}


def test_a_newer_summary_takes_the_place_of_an_older() -> None:
    """What the collection no longer says is gone, unless somebody else says it, too."""
    old = dataset("acme/qa -> acme/raw: source")
    first = parse(
        **{
            "Derived from Datasets": ["hf.co/datasets/acme/raw", "hf.co/datasets/acme/gone"],
            "Model Generated": ["StarCoder"],
            "Licenses": [{"License": "CC BY 2.0"}],
        }
    )
    merged = merge_summary(merge_summary(old, first), parse())

    assert () == merged.licenses
    assert [("acme/raw", (ClaimSource.CARD,))] == [
        (claim.target, claim.sources) for claim in merged.derivations
    ]


def test_what_nobody_knew_is_the_summary() -> None:
    """A dataset that is new to the graph is as its summary says."""
    assert read("KIWI") == merge_summary(None, read("KIWI"))


@given(datasets, datasets)
def test_merging_twice_changes_nothing(old: Dataset, new: Dataset) -> None:
    """The same summary again leaves everything as it is, whatever was known before."""
    once = merge_summary(old, new)

    assert once == merge_summary(once, new)
