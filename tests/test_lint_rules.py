"""Every rule of lint, with a card that breaks it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.licenses.views import Artefact, view_of, views_of
from graph.model.records import IssueKind, Kind
from graph.quality.severity import Severity
from ingest.aliases import Aliases
from ingest.linting import RULES, Problem, Surroundings, lint, lint_record
from tests.builders import dataset, issue, license_, model

ALIASES = Aliases(models={"gpt2": "openai-community/gpt2"}, datasets={"squad": "rajpurkar/squad"})

RECIPE = """
```yaml
models:
  - model: acme/one
  - model: acme/two
merge_method: linear
```
"""


def card(front_matter: str, body: str = "# Tiny\n") -> str:
    """Return a card; its front matter begins on line 2."""
    return f"---\n{front_matter}\n---\n{body}"


def problems(text: str, **known: Any) -> list[Problem]:  # noqa: ANN401 - of the surroundings
    """Return the problems of a card."""
    return lint(text, Surroundings(**known), ALIASES)


def found(text: str, **known: Any) -> list[tuple[str, int | None]]:  # noqa: ANN401 - likewise
    """Return the rules that a card breaks, with their lines."""
    return [(one.rule.name, one.line) for one in problems(text, **known)]


def adapter(base: object) -> str:
    """Return the configuration of an adapter."""
    return json.dumps({"base_model_name_or_path": base})


GOOD = "license: mit\nbase_model: acme/base\nbase_model_relation: finetune\ndatasets: [acme/qa]"


# --- what the parsers note ----------------------------------------------------------------------


@pytest.mark.parametrize("front_matter", [GOOD, "license: mit", "license: apache-2.0 # ours"])
def test_a_good_card(front_matter: str) -> None:
    """A card that says what it should has no problem."""
    assert [] == found(card(front_matter))


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("license: mit\nbase_model: ./out", ("local-path", 3)),
        ("license: mit\nbase_model:\n- acme/base\n- /kaggle/input/x", ("local-path", 5)),
        ("license: mit\nbase_model: my-model", ("bare-id", 3)),
        ("license: mit\nbase_model: 'acme/base '", ("whitespace", 3)),
        ("license: mit\nbase_model: https://github.com/a/b", ("foreign-url", 3)),
        ("license: mit\nbase_model: merge", ("not-a-repository", 3)),
        ("license: mit\ndatasets:\n- acme/qa\n- generator", ("junk-dataset", 5)),
        ("license: mit\nbase_model: a/b\nbase_model_relation: distill", ("unknown-relation", 4)),
        ("license: mit\nbase_model: 7", ("wrong-type", 3)),
        ("license: mit\nmodel-index: x", ("wrong-type", 3)),
        ("tags: [x]\nlicense: free", ("unknown-license", 3)),
        ("license:\n- mit\n- gpl-3.0", ("several-licenses", 2)),
        ("tags: [x]\nlicence: mit", ("misspelt-license", 3)),
    ],
)
def test_issues_of_the_parsers(front_matter: str, expected: tuple[str, int]) -> None:
    """What a parser notes is a problem, on the line of the value."""
    assert expected in found(card(front_matter), kind=Kind.MODEL)


def test_a_card_that_names_itself() -> None:
    """The base of a model is another one."""
    text = card("license: mit\nbase_model: acme/tiny")

    assert ("self-loop", 3) in found(text, repository_id="acme/tiny")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (card("license: mit\ntags: [a"), 3),
        (card("a: b: c"), 2),
        ("\n\n---\nlicense: mit\na: b: c\n---\n", 5),
        (card("[]"), 1),
        (card("license: !!bool perhaps"), 1),
    ],
)
def test_front_matter_that_cannot_be_read(text: str, line: int) -> None:
    """It is one problem, on the line of the file where the reader gave up."""
    assert [("invalid-card", line)] == found(text)


@pytest.mark.parametrize("text", ["", "# Tiny\n", "---\nlicense: mit\n# no end\n"])
def test_no_front_matter(text: str) -> None:
    """A card without front matter declares nothing."""
    assert [("no-front-matter", 1)] == found(text)


def test_every_issue_has_a_rule() -> None:
    """The rule of an issue has its name and its remedy."""
    assert all(RULES[kind.value].remedy == kind.remedy for kind in IssueKind)


def test_the_recipe_is_told_as_a_note() -> None:
    """What is wrong in the recipe tells how it was, on the line of the text."""
    body = RECIPE.replace("acme/two", "./merged")
    text = card("license: mit\nbase_model: acme/one\nbase_model_relation: merge", body)
    path = next(one for one in problems(text) if one.rule.name == "local-path")

    assert (10, Severity.NOTE) == (path.line, path.severity)
    assert "merge recipe: ./merged is a path on a disk" == path.message


# --- licences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("tags: [x]", [("missing-license", 1)]),
        ("license: unknown", [("missing-license", 2)]),
        ("license: other", [("unnamed-license", 2)]),
        ("license: other\nlicense_name: qwen", [("unnamed-license", 2)]),
        ("license: other\nlicense_name: qwen\nlicense_link: LICENSE", []),
        ("license: mit\nlicense_name: qwen", [("contradictory-license", 3)]),
        ("tags: [x]\nlicense_name: qwen", [("missing-license", 3)]),
        ("license: gpl", [("license-family", 2)]),
        ("licence: license", [("missing-license", 2), ("misspelt-license", 2)]),
    ],
)
def test_licenses(front_matter: str, expected: list[tuple[str, int]]) -> None:
    """A licence is declared in the right field, by a name that says which it is."""
    assert sorted(expected) == sorted(found(card(front_matter)))


def test_a_placeholder_in_the_misspelt_field() -> None:
    """To rename the field would give a card that the Hub refuses: the remedy is another."""
    remedies = {
        value: next(one.remedy for one in problems(card(f"licence: {value}")) if one.line == 2)
        for value in ("mit", "free")
    }

    assert "Rename the field 'licence' to 'license': the Hub reads only that." == remedies["mit"]
    assert remedies["free"].startswith("Declare a licence of the Hub's list in 'license' instead")


def test_a_licence_in_other_words() -> None:
    """Where a table knows which one is meant, the remedy names it."""
    remedies = [problems(card(f"license: {text}"))[0].remedy for text in ("Apache 2.0", "free")]

    assert ["Write apache-2.0, if that is meant.", RULES["unknown-license"].remedy] == remedies


def test_what_other_lacks_is_said() -> None:
    """The message names the fields that are missing."""
    (one,) = problems(card("license: other\nlicense_link: LICENSE"))

    assert "license: other without license_name does not say which licence it is" == one.message


# --- parents and relation -----------------------------------------------------------------------


def test_the_recipe_names_a_parent_that_the_card_does_not() -> None:
    """Each is a problem of the field."""
    text = card("license: mit\nbase_model: acme/one\nbase_model_relation: merge", RECIPE)

    assert [("missing-parent", 3)] == found(text)


def test_a_quantised_copy_may_carry_the_recipe_of_its_original() -> None:
    """The recipe in a copied card is not that of the copy."""
    for sign in ("tags: [gguf]", "base_model_relation: quantized", "library_name: gguf"):
        text = card(f"license: mit\nbase_model: acme/merged\n{sign}", RECIPE)
        assert "missing-parent" not in dict(found(text))


def test_the_adapter_config_names_a_parent() -> None:
    """The base that the adapter was trained on is in base_model."""
    text = card("license: mit\nbase_model: acme/other\nbase_model_relation: adapter")

    assert [("missing-parent", 3)] == found(text, adapter_config=adapter("acme/base"))
    assert [] == found(text, adapter_config=adapter("acme/other"))


@pytest.mark.parametrize("config", ["", "[]", "{", adapter(7), adapter("./out"), adapter("base")])
def test_an_adapter_config_that_tells_nothing(config: str) -> None:
    """One that is broken, or names a folder, says nothing of the parent."""
    text = card("license: mit\nbase_model: acme/base\nbase_model_relation: adapter")

    assert [] == found(text, adapter_config=config)


@pytest.mark.parametrize(
    "known",
    [
        {"adapter_config": "{}"},
        {"files": ("README.md", "tiny.Q4_K_M.gguf")},
    ],
)
def test_files_show_a_relation_that_is_missing(known: dict[str, Any]) -> None:
    """Beside an adapter or GGUF files the relation should be declared."""
    assert [("missing-relation", 3)] == found(card("license: mit\nbase_model: a/b"), **known)


def test_several_parents_want_a_relation() -> None:
    """Several parents are a merge, or are not."""
    text = card("license: mit\nbase_model: [a/b, a/c]")

    assert [("missing-relation", 3)] == found(text)


def test_files_contradict_the_relation() -> None:
    """An adapter is no finetune; with whole weights beside it nothing is sure."""
    text = card("license: mit\nbase_model: a/b\nbase_model_relation: finetune")

    assert [("contradictory-relation", 4)] == found(text, adapter_config="{}")
    assert [] == found(text, adapter_config="{}", files=("model.safetensors",))


# --- fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("license: mit\nbase_model: gpt2", ("legacy-id", 3)),
        ("license: mit\ndatasets:\n- a/b\n- squad", ("legacy-id", 5)),
        ("license: mit\nbase_model: https://huggingface.co/a/b", ("hub-address", 3)),
        ("license: mit\ntags:\n- x\n- y\n- x", ("duplicate-value", 4)),
        ("license: mit\nlicense: mit", ("duplicate-field", 3)),
        ("licenses:\n- mit", ("old-field", 2)),
        ("license: mit\nlanguages: en", ("old-field", 3)),
    ],
)
def test_fields(front_matter: str, expected: tuple[str, int]) -> None:
    """Fields have their names and their values of today, each once."""
    assert [expected] == found(card(front_matter), kind=Kind.MODEL)


def test_the_remedy_names_the_id_of_today() -> None:
    """A legacy id comes with what to write."""
    (one,) = problems(card("license: mit\nbase_model: gpt2"))

    assert "Write openai-community/gpt2." == one.remedy


# --- with a graph -------------------------------------------------------------------------------

GRAPH = views_of(
    [
        model("meta/Llama-3.1", licenses=(license_("llama3.1"),)),
        model("acme/chat -> meta/Llama-3.1: finetune"),
        dataset("acme/qa"),
    ]
)


def test_ids_that_the_graph_does_not_hold() -> None:
    """They are a hint: a repository may be new, private or gone."""
    text = card("license: mit\nbase_model: acme/chta\ndatasets:\n- acme/qa\n- acme/qaa")
    hints = problems(text, look_up=GRAPH.get)

    assert [("unknown-base-model", 3), ("unknown-dataset", 6)] == [
        (one.rule.name, one.line) for one in hints
    ]
    assert {Severity.NOTE} == {one.severity for one in hints}
    assert [] == found(text)


def test_the_name_that_an_inherited_licence_asks_for() -> None:
    """A descendant of Llama 3.1 begins its name with Llama; who names no id hears nothing."""
    text = card("license: mit\nbase_model: acme/chat\nbase_model_relation: finetune")
    (one,) = problems(text, repository_id="acme/tiny", look_up=GRAPH.get)

    assert "name-prefix" == one.rule.name
    assert (
        "the name of acme/tiny is wrong: llama3.1 asks for a name that begins with Llama"
        " (acme/tiny <- acme/chat <- meta/Llama-3.1)"
    ) == one.message
    assert [] == found(text, repository_id="acme/Llama-tiny", look_up=GRAPH.get)
    assert [] == found(text, look_up=GRAPH.get)


def test_a_record_of_the_graph() -> None:
    """Its issues, its licence and its unknown parents are told, without lines."""
    record = model(
        "acme/new -> acme/chat: merge, acme/gone: merge, acme/lost: trained_on",
        issues=(issue(IssueKind.BARE_ID),),
    )
    views = GRAPH | {Artefact(Kind.MODEL, "acme/new"): view_of(record)}
    told = lint_record(record, views.get)

    assert {None} == {one.line for one in told}
    assert [
        "bare-id",
        "missing-license",
        "name-prefix",
        "unknown-base-model",
        "unknown-dataset",
    ] == sorted(one.rule.name for one in told)


def test_untyped_parents_in_the_graph() -> None:
    """Several parents without a relation are told of a record, too."""
    record = model("acme/new -> acme/a, acme/b", licenses=(license_("mit"),))
    views = {Artefact(Kind.MODEL, name): view_of(record) for name in ("acme/a", "acme/b")}
    views[Artefact(Kind.MODEL, "acme/new")] = view_of(record)

    assert "missing-relation" in [one.rule.name for one in lint_record(record, views.get)]


def test_every_rule_is_tried_here() -> None:
    """A rule without a card in this file is one that nobody has seen at work."""
    text = Path(__file__).read_text(encoding="utf-8")
    never = {"not-an-object", "invalid-id", "invalid-date", "several-relations", "duplicate"}

    assert [] == [name for name in RULES if name not in never and f'"{name}"' not in text]
