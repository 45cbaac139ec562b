"""Mending a card: what surely can be, and not one byte more."""

from __future__ import annotations

import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ingest.aliases import Aliases
from ingest.cards import split_card
from ingest.linting import Surroundings, lint, mend, unified_diff

ALIASES = Aliases(
    models={"gpt2": "openai-community/gpt2"},
    datasets={"squad": "rajpurkar/squad", "piqa": "ybisk/piqa"},
)
RECIPE = "```yaml\nmodels:\n- model: a/x\n- model: a/y\nmerge_method: slerp\n```\n"
ADAPTER = '{"base_model_name_or_path": "a/base"}'


def mended(front_matter: str, body: str = "", **known: Any) -> str:  # noqa: ANN401 - surroundings
    """Return front matter after mending."""
    card = mend(f"---\n{front_matter}\n---\n{body}", Surroundings(**known), ALIASES).card
    assert body == split_card(card)[1]
    return split_card(card)[0] or ""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("licence: mit", "license: mit"),
        ("'licence':   mit # ours", "'license':   mit # ours"),
        ("licence: mit\nlicense: mit", "license: mit"),
        ("license: mit\nlicence: mit", "license: mit"),
        ("licenses:\n- mit", "license:\n- mit"),
        ("languages: [en, de]", "language: [en, de]"),
        ("license: mit\nx: 1\nlicense: mit", "license: mit\nx: 1"),
        ("x: 1\nx: 1\nx: 1", "x: 1"),
        ("base_model: gpt2", "base_model: openai-community/gpt2"),
        ('base_model: ["gpt2"] # it', 'base_model: ["openai-community/gpt2"] # it'),
        ("base_model: https://huggingface.co/a/b/tree/main", "base_model: a/b"),
        ("base_model: ' a/b'", "base_model: 'a/b'"),
        ("datasets:\n  - squad  # x\n  - 'piqa'",
         "datasets:\n  - rajpurkar/squad  # x\n  - 'ybisk/piqa'"),
        ("source_datasets:\n- original\n- squad",
         "source_datasets:\n- original\n- rajpurkar/squad"),
        ("tags:\n- a\n- b\n- a\n- c", "tags:\n- a\n- b\n- c"),
        ("tags:\n- a\n- b\n- a", "tags:\n- a\n- b"),
        ("tags: [a, b, a, a]", "tags: [a, b]"),
        ("datasets: [squad, rajpurkar/squad]", "datasets: [rajpurkar/squad]"),
    ],
)  # fmt: skip
def test_mended(before: str, after: str) -> None:
    """The value changes; quotes, comments and order stay."""
    assert after == mended(before)


@pytest.mark.parametrize(
    "front_matter",
    [
        "licence: license",  # no licence: as a licence the Hub would refuse the card
        "license: mit\nlicence: gpl-3.0",
        "licenses:\n- my own",
        "licenses:\n  part: [mit]",
        "languages: [English]",
        "license: mit\nlicense: gpl-3.0",
        "x: 1\nx: 1\nx: 2",
        "base_model: my-model",
        "base_model: ./out",
        "base_model: >-\n  gpt2",
        "tags:\n- a\n- a # why",
        "tags: [a, # why\n  a]",
        "tags: &x [a, a]\nmore: *x",
        "source_datasets: [extended|squad]",
        "base_model: {name: gpt2}",
    ],
)
def test_not_mended(front_matter: str) -> None:
    """What needs its author's word, or is written in an unusual way, stays as it is."""
    assert front_matter == mended(front_matter)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x: 1", "x: 1\nbase_model:\n- a/x\n- a/y\nbase_model_relation: merge"),
        ("base_model: a/x", "base_model: [a/x, a/y]\nbase_model_relation: merge"),
        ("base_model: a/x # it\nx: 1",
         "base_model: [a/x, a/y] # it\nx: 1\nbase_model_relation: merge"),
        ("base_model: [a/y]", "base_model: [a/y, a/x]\nbase_model_relation: merge"),
        ("base_model:\n  - a/x  # it\nx: 1",
         "base_model:\n  - a/x  # it\n  - a/y\nx: 1\nbase_model_relation: merge"),
        ("base_model:\nx: 1", "base_model: [a/x, a/y]\nx: 1\nbase_model_relation: merge"),
        ("base_model: null", "base_model: [a/x, a/y]\nbase_model_relation: merge"),
        ("base_model: []", "base_model: [a/x, a/y]\nbase_model_relation: merge"),
        ("base_model: [a/x, a/y]", "base_model: [a/x, a/y]\nbase_model_relation: merge"),
        ("base_model: a/other", "base_model: a/other"),  # the recipe may be another model's
        ("base_model: [a/x, a/z]", "base_model: [a/x, a/z, a/y]"),
        ("base_model: a/x\ntags: [gguf]", "base_model: a/x\ntags: [gguf]"),
    ],
)  # fmt: skip
def test_parents_by_the_recipe(before: str, after: str) -> None:
    """The inputs of a merge are its parents, where the recipe is surely the card's own."""
    assert after == mended(before, RECIPE)


def test_a_parent_by_the_adapter_config() -> None:
    """The base is added where there is none, and never beside another."""
    assert "x: 1\nbase_model: a/base\nbase_model_relation: adapter" == (
        mended("x: 1", adapter_config=ADAPTER)
    )
    assert "base_model: a/other\nbase_model_relation: adapter" == (
        mended("base_model: a/other", adapter_config=ADAPTER)
    )


def test_a_relation_by_the_files() -> None:
    """GGUF files alone are a quantised copy; beside whole weights they show nothing."""
    assert "base_model: a/b\nbase_model_relation: quantized" == (
        mended("base_model: a/b", files=("x.gguf",))
    )
    assert "base_model: a/b" == mended("base_model: a/b", files=("x.gguf", "model.safetensors"))
    assert "base_model: a/b\nbase_model_relation: finetune" == (
        mended("base_model: a/b\nbase_model_relation: finetune", files=("x.gguf",))
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("---\n---\n", "---\nbase_model: a/base\nbase_model_relation: adapter\n---\n"),
        ("\ufeff---\r\nx: 1\r\n---\r\n# é",
         "\ufeff---\r\nx: 1\r\nbase_model: a/base\r\nbase_model_relation: adapter\r\n---\r\n# é"),
        ("---\nx: |\n  y\n---",
         "---\nbase_model_relation: adapter\nbase_model: a/base\nx: |\n  y\n---"),
        ("---\n{x: 1}\n---\n", "---\n{x: 1}\n---\n"),
        ("---\n  x: 1\n---\n", "---\n  x: 1\n---\n"),
        ("---\nx: 1\n...\n---\n", "---\nx: 1\n...\n---\n"),
        ("# no front matter", "# no front matter"),
    ],
)  # fmt: skip
def test_fields_at_the_end(before: str, after: str) -> None:
    """A new field has the line ends of the card; where none can be put, none is."""
    assert after == mend(before, Surroundings(adapter_config=ADAPTER), ALIASES).card


# --- laws ---------------------------------------------------------------------------------------

VALUE = st.sampled_from(
    ["gpt2", "squad", "piqa", "a/x", "'a/y'", '"squad"', "' a/z '", "imagefolder", "./out", "[b]"]
)
ITEMS = st.lists(VALUE, min_size=1, max_size=5)
COMMENT = st.sampled_from(["", " # why", "  #é: 'x'"])


@st.composite
def fields(draw: st.DrawFn) -> str:
    """Return one field as people write it."""
    name = draw(st.sampled_from(["base_model", "datasets", "tags", "source_datasets"]))
    items, comment = draw(ITEMS), draw(COMMENT)
    form = draw(st.sampled_from(["one", "flow", "block", "indented"]))
    if form == "one":
        return f"{name}: {items[0]}{comment}"
    if form == "flow":
        return f"{name}: [{', '.join(items)}]{comment}"
    indent = "  " if form == "indented" else ""
    return f"{name}:{comment}\n" + "\n".join(f"{indent}- {item}{comment}" for item in items)


LICENSE = st.sampled_from(
    ["licence: mit", "license: mit", "licence: license", "licenses: [mit]", "languages:\n- en"]
)
OTHER = st.sampled_from(["# a comment", "", "text: |\n  - gpt2\n  licence: mit", "y: &a [1, 1]"])
FIELD = st.one_of(fields(), LICENSE, OTHER)
BODY = st.one_of(st.just(RECIPE), st.text())


@st.composite
def cards(draw: st.DrawFn) -> str:
    """Return a card with any line ends, with or without a byte order mark."""
    front = "\n".join(draw(st.lists(FIELD, max_size=5)))
    card = f"---\n{front}\n---\n".replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from(["", "\ufeff"])) + card + draw(BODY)


SURROUNDINGS = st.builds(
    Surroundings,
    adapter_config=st.sampled_from([None, ADAPTER]),
    files=st.sampled_from([(), ("x.gguf",), ("model.safetensors", "x.gguf")]),
)


@given(cards(), SURROUNDINGS)
def test_what_is_mended_is_no_problem_any_more(card: str, known: Surroundings) -> None:
    """No problem is left of a rule and field that were mended, and twice is as once."""
    better = mend(card, known, ALIASES)
    left = {(one.rule.name, one.field) for one in lint(better.card, known, ALIASES)}

    assert set() == left & set(better.done)
    assert better.card == mend(better.card, known, ALIASES).card


@given(cards(), SURROUNDINGS)
def test_everything_else_stays_byte_for_byte(card: str, known: Surroundings) -> None:
    """Text after the front matter, fields that were not mended and the order of lines stay."""
    better = mend(card, known, ALIASES)
    concerned = {field for _, field in better.done}
    kept = [line for line in _lines_of_others(card, concerned) if line]
    front = split_card(better.card)[0] or ""
    rest = iter(front.replace("\r\n", "\n").split("\n"))

    assert split_card(card)[1] == split_card(better.card)[1]
    assert card.startswith("\ufeff") == better.card.startswith("\ufeff")
    assert front.count("\r\n") == (front.count("\n") if "\r\n---" in card else 0)
    assert all(any(line == other for other in rest) for line in kept)


@given(cards(), SURROUNDINGS)
def test_another_reader_of_yaml_agrees(card: str, known: Surroundings) -> None:
    """ruamel.yaml reads the same of all fields that were not mended."""
    better = mend(card, known, ALIASES)
    if not better.done:
        return
    concerned = {field for _, field in better.done}
    concerned |= {"license", "language", "base_model_relation"}
    before, after = (_other_reader(text) for text in (card, better.card))

    assert {name: value for name, value in before.items() if name not in concerned} == {
        name: value for name, value in after.items() if name not in concerned
    }


YAML_LIKE = st.text(st.sampled_from("aA1 -:[]{}#&*!|>'\"%@?,.\n\r\t\u0085\u2028é"), max_size=60)


@given(st.one_of(YAML_LIKE, st.text()), SURROUNDINGS)
def test_no_card_is_too_strange(text: str, known: Surroundings) -> None:
    """Whatever the front matter is, there are problems or none, and a card that reads as before."""
    card = f"---\nlicence: mit\n{text}\n---\n{text}"
    before, better = lint(card, known, ALIASES), mend(card, known, ALIASES)

    assert all(one.line and one.line <= card.count("\n") + 1 for one in before)
    assert split_card(card)[1] == split_card(better.card)[1]
    assert ("invalid-card" in {one.rule.name for one in before}) <= (card == better.card)


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
@pytest.mark.parametrize(
    ("card", "known"),
    [
        ("---\r\nlicence: mit\r\n---\r\n# Hi", Surroundings()),
        ("\ufeff---\ntags: [a, a]\n---\na\x0bb\u2028c\rd", Surroundings()),
        ("---\nx: 1\n---", Surroundings(adapter_config=ADAPTER)),
    ],
)
def test_git_applies_the_patch(tmp_path: Path, card: str, known: Surroundings) -> None:
    """The diff, applied by another program, gives the mended card byte for byte."""
    better = mend(card, known, ALIASES)
    path = tmp_path / "README.md"
    path.write_bytes(card.encode())
    diff = unified_diff("README.md", card, better.card)
    command = ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=diff.encode(), check=True)

    assert card != better.card
    assert better.card.encode() == path.read_bytes()


def test_a_path_that_would_end_its_line() -> None:
    """An unusual path is written as git writes it."""
    assert unified_diff("a\nb", "x\n", "y\n").startswith('--- "a/a\\nb"\n+++ "b/a\\nb"\n@@')


def _lines_of_others(card: str, concerned: set[str]) -> list[str]:
    """Return the lines of the front matter that belong to other fields."""
    kept, name = [], ""
    for line in (split_card(card)[0] or "").replace("\r\n", "\n").split("\n"):
        head, colon, _ = line.partition(":")
        if colon and head.replace("_", "").isalpha():
            name = head
        if name not in concerned:
            kept.append(line)
    return kept


def _other_reader(card: str) -> dict[str, object]:
    reader = YAML(typ="safe", pure=True)
    reader.allow_duplicate_keys = True
    return dict(reader.load(StringIO(split_card(card)[0])) or {})
