"""Models: rows of the list, answers about one model, rows of the hub-stats export."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import (
    ClaimSource,
    Derivation,
    Gating,
    Issue,
    IssueKind,
    LicenseDeclaration,
    Model,
    Relation,
)
from graph.model.relations import MODEL_RELATIONS
from graph.rdf.triples import record_from_triples, record_triples
from ingest.aliases import Aliases
from ingest.models import parse_models
from tests.oracle import Oracle
from tests.shared import PAGES

HUB, CARD = ClaimSource.HUB, ClaimSource.CARD


def read(*tags: str, aliases: Aliases | None = None, **fields: object) -> Model:
    """Return the model of one row, a child with these tags and fields."""
    row = {"id": "acme/child", "tags": list(tags), **fields}
    parsed = parse_models([row], aliases or Aliases.none(), "page")
    assert () == parsed.issues
    model = parsed.records[0]
    assert isinstance(model, Model)
    return model


def edges(model: Model) -> list[tuple[Relation, str | None, tuple[ClaimSource, ...]]]:
    """Return relation, target and sources of each derivation."""
    return [(one.relation, one.target, one.sources) for one in model.derivations]


def kinds(model: Model) -> list[IssueKind]:
    """Return the kinds of a model's issues."""
    return [issue.kind for issue in model.issues]


# --- the three kinds of row ---------------------------------------------------------------------


def test_row_of_the_list() -> None:
    """A row of the list has counts, tags and one date."""
    model = read(
        "transformers",
        "en",
        "dataset:garage-bAInd/Open-Platypus",
        "license:cc-by-nc-sa-4.0",
        "arxiv:2304.06767v2",
        "region:us",
        likes=3,
        private=False,
        downloads=1201,
        pipeline_tag="text-generation",
        library_name="transformers",
        createdAt="2023-12-08T16:36:20.000Z",
        modelId="acme/child",
    )
    expected = Model(
        id="acme/child",
        created="2023-12-08T16:36:20Z",
        downloads=1201,
        likes=3,
        tasks=("text-generation",),
        languages=("en",),
        papers=("2304.06767",),
        derivations=(
            Derivation(
                relation=Relation.TRAINED_ON,
                target="garage-bAInd/Open-Platypus",
                raw=("dataset:garage-bAInd/Open-Platypus",),
                sources=(HUB,),
            ),
        ),
        licenses=(
            LicenseDeclaration(declared="cc-by-nc-sa-4.0", source=HUB, license="cc-by-nc-sa-4.0"),
        ),
        library="transformers",
    )

    assert expected == model


def test_answer_about_one_model() -> None:
    """An answer about one model adds card, commit, gating, weights and Spaces."""
    model = read(
        "license:mit",
        sha="78040e4754051df49dd907cf1fd46a6b8a6cc30f",
        gated="manual",
        disabled=False,
        lastModified="2024-03-23T04:13:08.000Z",
        cardData={"license": "mit", "language": ["en", "\\no"], "datasets": "0-hero/Matter-0.1"},
        spaces=["Kit-Lemonfoot/vtuber_rvc_models", "not a space"],
        safetensors={"parameters": {"BF16": 7241781248}, "total": 7241781248},
    )

    assert "78040e4754051df49dd907cf1fd46a6b8a6cc30f" == model.commit
    assert (Gating.MANUAL, False) == (model.gating, model.disabled)
    assert 7241781248 == model.parameters
    assert ("Kit-Lemonfoot/vtuber_rvc_models",) == model.spaces
    assert ("\\no", "en") == model.languages
    assert [(Relation.TRAINED_ON, "0-hero/Matter-0.1", (CARD,))] == edges(model)
    assert [CARD] == [one.source for one in model.licenses]


def test_row_of_the_export() -> None:
    """OpenGVLab/InternVL2-26B in the hub-stats export: every witness agrees, the author, too."""
    parents = ["OpenGVLab/InternViT-6B-448px-V1-5", "internlm/internlm2-chat-20b"]
    tags = [tag for one in parents for tag in (f"base_model:{one}", f"base_model:merge:{one}")]
    card = {
        "base_model": parents,
        "base_model_relation": "merge",
        "new_version": "OpenGVLab/InternVL2_5-26B",
        "library_name": "transformers",
        "pipeline_tag": "image-text-to-text",
    }
    model = read(
        *tags,
        createdAt=datetime(2024, 6, 27, 10, 3, 55),  # noqa: DTZ001  # as Parquet gives it
        downloadsAllTime=200682,
        baseModels={"relation": "merge", "models": [{"_id": "0", "id": one} for one in parents]},
        cardData=json.dumps(card),
        safetensors={"parameters": {"BF16": 25514186112, "F32": None}, "total": 25514186112},
        gguf=None,
    )
    second = Derivation(
        relation=Relation.MERGE,
        target="internlm/internlm2-chat-20b",
        raw=(
            "base_model:internlm/internlm2-chat-20b",
            "base_model:merge:internlm/internlm2-chat-20b",
            "internlm/internlm2-chat-20b",
        ),
        sources=(CARD, HUB),
        position=1,
    )

    assert "2024-06-27T10:03:55Z" == model.created
    assert ("transformers", ("image-text-to-text",)) == (model.library, model.tasks)
    assert "OpenGVLab/InternVL2_5-26B" == model.new_version
    assert 200682 == model.downloads_all_time
    assert 2 == len(model.derivations)
    assert second == model.derivations[1]
    assert () == model.issues


# --- parents ------------------------------------------------------------------------------------


def test_an_untyped_tag_alone_is_the_hubs_and_unspecified() -> None:
    """Before autumn 2024 tags carry no relation."""
    model = read("base_model:acme/base")

    assert [(Relation.UNSPECIFIED, "acme/base", (HUB,))] == edges(model)


def test_an_untyped_tag_is_the_twin_of_a_typed_one() -> None:
    """The twin adds its raw value, never a second edge."""
    model = read("base_model:acme/base", "base_model:adapter:acme/base")

    assert [(Relation.ADAPTER, "acme/base", (HUB,))] == edges(model)
    assert ("base_model:acme/base", "base_model:adapter:acme/base") == model.derivations[0].raw


def test_what_the_card_and_its_copy_name_is_the_authors() -> None:
    """An untyped tag is the Hub's copy of the card, so the claim is the card's."""
    model = read("base_model:acme/base", cardData={"base_model": "acme/base"})

    assert [(Relation.UNSPECIFIED, "acme/base", (CARD,))] == edges(model)


def test_a_relation_of_the_hub_stays_its_guess() -> None:
    """The author named the parent, the Hub the relation: the relation's source is the Hub."""
    model = read("base_model:finetune:acme/base", cardData={"base_model": ["acme/base"]})

    assert [(Relation.FINETUNE, "acme/base", (HUB,))] == edges(model)


def test_the_card_may_contradict_the_hub() -> None:
    """Two relations of one pair are both kept, each with its source, and noted."""
    card = {"base_model": "acme/base", "base_model_relation": "Quantized"}
    model = read("base_model:finetune:acme/base", cardData=card)
    issue = Issue(
        kind=IssueKind.SEVERAL_RELATIONS,
        field="base_model",
        value="acme/base: finetune, quantized",
    )

    assert [
        (Relation.FINETUNE, "acme/base", (HUB,)),
        (Relation.QUANTIZED, "acme/base", (CARD,)),
    ] == edges(model)
    assert (issue,) == model.issues


def test_two_typed_tags_of_one_pair() -> None:
    """A pair with two typed tags has two edges."""
    model = read("base_model:merge:acme/base", "base_model:adapter:acme/base")

    assert [Relation.ADAPTER, Relation.MERGE] == [one.relation for one in model.derivations]
    assert [IssueKind.SEVERAL_RELATIONS] == kinds(model)


def test_unknown_relations_are_noted() -> None:
    """A relation that we do not know leaves the parent, without a relation."""
    model = read("base_model:distill:acme/base", baseModels={"relation": "copy", "models": []})

    assert [(Relation.UNSPECIFIED, "acme/base", (HUB,))] == edges(model)
    assert [IssueKind.UNKNOWN_RELATION] * 2 == kinds(model)


def test_the_hub_follows_a_rename() -> None:
    """The card of zai-org/glm-4-9b-chat-hf still has the parent's old name: one edge, not two."""
    model = read(
        "base_model:zai-org/glm-4-9b-chat",
        "base_model:finetune:zai-org/glm-4-9b-chat",
        baseModels={"relation": "finetune", "models": [{"id": "zai-org/glm-4-9b-chat"}]},
        cardData='{"base_model": ["THUDM/glm-4-9b-chat"]}',
    )

    assert [(Relation.FINETUNE, "zai-org/glm-4-9b-chat", (HUB,))] == edges(model)
    assert "THUDM/glm-4-9b-chat" in model.derivations[0].raw


def test_a_parent_that_the_hub_dropped_stays() -> None:
    """LeroyDyer/LCARS_TOP_SCORE names four parents; the three that are gone stay edges."""
    kept = "chihoonlee10/T3Q-Mistral-Orca-Math-DPO"
    gone = [
        "yam-peleg/Experiment26-7B",
        "liminerity/M7-7b",
        "LeroyDyer/Mixtral_AI_Cyber_3.1_SFT",
    ]
    model = read(f"base_model:finetune:{kept}", cardData={"base_model": [kept, *gone]})

    assert [
        (Relation.FINETUNE, kept, (HUB,)),
        *[(Relation.UNSPECIFIED, one, (CARD,)) for one in sorted(gone)],
    ] == edges(model)


def test_ids_differ_by_more_than_case() -> None:
    """Sakalti/SJT-3.7B names one parent in two spellings; the Hub's spelling counts."""
    model = read(
        "base_model:finetune:llm-jp/llm-jp-3-3.7b-instruct",
        cardData={"base_model": ["llm-jp/llm-jp-3-3.7b-instruct", "llm-jp/llm-jp-3-3.7b-Instruct"]},
    )

    assert [(Relation.FINETUNE, "llm-jp/llm-jp-3-3.7b-instruct", (HUB,))] == edges(model)


def test_aliases_unite_old_and_new_names() -> None:
    """The card says gpt2, the Hub's tag has today's id."""
    model = read(
        "base_model:finetune:openai-community/gpt2",
        cardData={"base_model": "gpt2"},
        aliases=Aliases.seed(),
    )

    assert [(Relation.FINETUNE, "openai-community/gpt2", (HUB,))] == edges(model)
    assert model.derivations[0].aliased


def test_words_in_place_of_a_parent() -> None:
    """Tremontaine/L3-12B-Lunaris-v1 lists its tools among its base models."""
    model = read(
        "base_model:finetune:Sao10K/L3-8B-Lunaris-v1",
        cardData={"base_model": ["Sao10K/L3-8B-Lunaris-v1", "merge", "mergekit", "lazymergekit"]},
    )

    assert [
        (Relation.FINETUNE, "Sao10K/L3-8B-Lunaris-v1", (HUB,)),
        *[(Relation.UNSPECIFIED, None, (CARD,))] * 3,
    ] == edges(model)
    assert [IssueKind.NOT_A_REPOSITORY] * 3 == kinds(model)


def test_a_word_by_tag_and_card_is_one_claim() -> None:
    """A value without a target is the same claim in the card and in its tag."""
    model = read("base_model:./out", cardData={"base_model": "./out"})

    assert [(Relation.UNSPECIFIED, None, (CARD,))] == edges(model)
    assert (Issue(kind=IssueKind.LOCAL_PATH, field="base_model", value="./out"),) == model.issues


def test_a_self_loop_is_kept_and_noted() -> None:
    """tiiuae/Falcon3-3B-Instruct names itself; the claim was made, so it is kept."""
    name = "tiiuae/Falcon3-3B-Instruct"
    model = read(f"base_model:finetune:{name}", f"base_model:{name}", id=name)

    assert [(Relation.FINETUNE, name, (HUB,))] == edges(model)
    assert (Issue(kind=IssueKind.SELF_LOOP, field="base_model", value=name),) == model.issues


def test_base_models_of_old_answers() -> None:
    """The client still types `baseModels` as a list of ids."""
    model = read(baseModels=["acme/base", {"id": "acme/other"}, 7])

    assert ["acme/base", "acme/other"] == [one.target for one in model.derivations]
    assert [IssueKind.WRONG_TYPE] == kinds(model)
    assert [IssueKind.WRONG_TYPE] == kinds(read(baseModels="acme/base"))


def test_keys_in_another_case_are_not_read() -> None:
    """Delta-Vector/Control-8B writes `Base_model` and `License`, which the Hub ignores."""
    card = {"License": "agpl-3.0", "Base_model": "arcee-ai/Llama-3.1-SuperNova-Lite"}
    model = read(cardData=card)

    assert Model(id="acme/child") == model


# --- the rest of the card -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "grams"),
    [(149200, 149200.0), ({"emissions": 7540, "source": "MLCo2"}, 7540.0), ("0.69", 0.69)],
)
def test_emissions(value: object, grams: float) -> None:
    """Emissions are a number, or an object that has one."""
    assert grams == read(cardData={"co2_eq_emissions": value}).emissions


def test_emissions_in_words_are_noted() -> None:
    """Words are no number of grams."""
    model = read(cardData={"co2_eq_emissions": "not much"})

    assert (None, [IssueKind.WRONG_TYPE]) == (model.emissions, kinds(model))


def test_new_version_must_be_a_repository() -> None:
    """A new version without an id is noted and absent."""
    model = read(cardData={"new_version": "coming soon"})

    assert (None, [IssueKind.NOT_A_REPOSITORY]) == (model.new_version, kinds(model))


def test_junk_datasets_are_noted() -> None:
    """A training script gives the loader's name where the dataset's should be."""
    model = read("dataset:imagefolder", cardData={"datasets": ["imagefolder"]})

    assert [(Relation.TRAINED_ON, None, (CARD,))] == edges(model)
    assert [IssueKind.JUNK_DATASET] == kinds(model)


def test_evaluations_of_row_or_card() -> None:
    """Scores stand in the row of an answer, in an export in the card."""
    index = {"model-index": [{"results": [{"metrics": [{"type": "f1", "value": 0.66}]}]}]}
    rows: list[object] = [{"id": "a/answer", **index}, {"id": "a/export", "cardData": index}]
    answer, export = parse_models(rows, Aliases.none(), "page").records

    assert isinstance(answer, Model)
    assert isinstance(export, Model)
    assert 0.66 == answer.evaluations[0].value
    assert answer.evaluations == export.evaluations


# --- broken rows --------------------------------------------------------------------------------


def test_a_broken_row_does_not_stop_its_neighbours() -> None:
    """Each row without a usable id becomes an issue that says where it is."""
    rows: list[object] = ["no object", {"id": "a/b/c"}, {}, {"id": " gpt2 "}, {"modelId": "a/b"}]
    parsed = parse_models(rows, Aliases.none(), "page-1.json")

    assert ["gpt2", "a/b"] == [record.id for record in parsed.records]
    assert [IssueKind.WHITESPACE] == [issue.kind for issue in parsed.records[0].issues]
    assert [
        (IssueKind.NOT_AN_OBJECT, "page-1.json[0]"),
        (IssueKind.INVALID_ID, "page-1.json[1]"),
        (IssueKind.INVALID_ID, "page-1.json[2]"),
    ] == [(issue.kind, issue.where) for issue in parsed.issues]


def test_tags_of_the_wrong_type_are_noted() -> None:
    """Tags are a list of texts."""
    assert [IssueKind.WRONG_TYPE] == kinds(read(tags="en"))
    assert [IssueKind.WRONG_TYPE] == kinds(read(tags=["en", 7]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAME = st.sampled_from(["acme/child", "acme/base", "gpt2", "./x", "imagefolder", "https://x.org/a"])
TAG = st.builds(
    "{}{}".format,
    st.sampled_from(["base_model:", "base_model:merge:", "dataset:", "license:", "arxiv:", ""]),
    NAME | st.text(),
)
CARD_DATA = st.fixed_dictionaries(
    {},
    optional={
        "base_model": NAME | st.lists(NAME | JSON),
        "base_model_relation": st.sampled_from(["merge", "quantized", "copy"]) | JSON,
        "datasets": NAME | st.lists(NAME | JSON),
        "language": JSON,
        "license": st.sampled_from(["mit", "other", ["mit", "gpl-3.0"]]) | JSON,
        "licence": JSON,
        "license_name": JSON,
        "new_version": NAME | JSON,
        "co2_eq_emissions": JSON,
        "model-index": JSON,
        "pipeline_tag": JSON,
    },
)
ROW = st.fixed_dictionaries(
    {"id": st.just("acme/child")},
    optional={
        "tags": st.lists(TAG | JSON),
        "cardData": CARD_DATA | CARD_DATA.map(json.dumps) | JSON,
        "baseModels": st.fixed_dictionaries(
            {"relation": st.sampled_from(["merge", None]), "models": st.lists(NAME | JSON)}
        )
        | JSON,
        "createdAt": st.datetimes() | JSON,
        "likes": JSON,
        "gated": JSON,
        "sha": JSON,
        "spaces": JSON,
        "safetensors": JSON,
    },
)


@given(st.lists(JSON))
def test_any_json_is_read(rows: list[object]) -> None:
    """Every row becomes a record or an issue."""
    parsed = parse_models(rows, Aliases.seed(), "page")

    assert len(rows) == len(parsed.records) + len(parsed.issues)


@given(ROW)
def test_records_survive_the_graph(row: object) -> None:
    """What is read from any row comes back from its triples unchanged."""
    record = parse_models([row], Aliases.seed(), "page").records[0]

    assert record == record_from_triples(record_triples(record))


# --- recorded data ------------------------------------------------------------------------------


@pytest.mark.realdata
def test_recorded_pages_have_no_issue(realdata: Path) -> None:
    """Every row of some pages is read, and gives the parents that the oracle finds."""
    for path in sorted((realdata / PAGES).glob("page-*.json.gz"))[::20]:
        rows = json.loads(gzip.decompress(path.read_bytes()))
        parsed = parse_models(rows, Aliases.none(), "")
        pairs = {
            (record.id, one.target)
            for record in parsed.records
            for one in record.derivations
            if one.relation in MODEL_RELATIONS
        }

        assert (1_000, ()) == (len(parsed.records), parsed.issues)
        assert {(child, parent) for child, parent, _ in Oracle(rows).edges()} == pairs


@pytest.mark.deep
@pytest.mark.realdata
def test_recorded_list(realdata: Path) -> None:
    """Every pair that was counted in the pages of July 2024 is a derivation with a target."""
    pairs, trained_on, unlicensed = set(), 0, 0
    for path in sorted((realdata / PAGES).glob("page-*.json.gz")):
        parsed = parse_models(json.loads(gzip.decompress(path.read_bytes())), Aliases.none(), "")
        assert () == parsed.issues
        for record in parsed.records:
            unlicensed += not record.licenses
            for one in record.derivations:
                trained_on += one.relation is Relation.TRAINED_ON
                if one.relation in MODEL_RELATIONS:
                    pairs.add((record.id, one.target))

    assert 31_528 == len(pairs)
    assert 0 == sum(parent is None for _, parent in pairs)
    assert 170 == sum(child == parent for child, parent in pairs)
    assert 30_507 == trained_on
    assert 118_893 == unlicensed


@pytest.mark.realdata
def test_recorded_export(realdata: Path) -> None:
    """The typed edges of the export are those that were counted in it."""
    path = realdata / "hub-stats-2026-05" / "hub_stats_frozen.parquet"
    parsed = parse_models(pyarrow.parquet.read_table(path).to_pylist(), Aliases.none(), "")
    typed = [
        one.relation.value
        for record in parsed.records
        for one in record.derivations
        if HUB in one.sources and one.relation is not Relation.TRAINED_ON
    ]
    expected = {"merge": 3_731, "finetune": 1_401, "quantized": 49, "adapter": 20}

    assert () == parsed.issues
    assert expected == {relation: typed.count(relation) for relation in set(typed)}


@pytest.mark.realdata
def test_recorded_answers(realdata: Path) -> None:
    """Answers about single models are read without a row lost."""
    path = realdata / "hub-2024-07" / "model_info.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    parsed = parse_models(rows, Aliases.seed(), "model_info")

    assert (2_529, ()) == (len(parsed.records), parsed.issues)
    assert [("model-index", IssueKind.WRONG_TYPE)] == [
        (issue.field, issue.kind)
        for record in parsed.records
        for issue in record.issues
        if issue.kind is not IssueKind.JUNK_DATASET
    ]
