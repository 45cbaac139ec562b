"""Merge recipes in the text of cards."""

from __future__ import annotations

import pytest

from graph.model.records import ClaimSource, IssueKind, Kind, Relation
from ingest.aliases import Aliases
from ingest.cards import parse_card
from ingest.mergekit import LONGEST_RECIPE, recipe_models

LINEAR = """\
# A merge

```yaml
models:
  - model: a/one
    parameters: {weight: 0.5}
  - model: a/two+b/lora
merge_method: linear
base_model: a/base
```
"""


def fenced(text: str, mark: str = "```yaml") -> str:
    """Return a text as a fenced block."""
    return f"{mark}\n{text}\n{mark.rstrip('yaml')}\n"


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ("models:\n  - model: a/x\n  - model: a/y", ("a/x", "a/y")),
        ("slices:\n- sources:\n  - model: a/x\n    layer_range: [0, 8]\n  - model: a/y",
         ("a/x", "a/y")),
        ("base_model: a/b\nexperts:\n  - source_model: a/x\n  - source_model: a/x", ("a/x", "a/b")),
        ("merge_method: slerp\nbase_model: a/b", ("a/b",)),
        ("merge_method: [unclosed", ()),
        ("merge_method: none of it is a model", ()),
        ("models: a/x", ()),
        ("models:\n  - a/x\n  - model: {path: a/y}\n  - model: '+lora'", ()),
        ("- models\n- a/x", ()),
        ("other: 1", ()),
    ],
)  # fmt: skip
def test_recipes(recipe: str, expected: tuple[str, ...]) -> None:
    """Every kind of recipe names its inputs; what is no recipe names nothing."""
    assert expected == recipe_models(fenced(recipe))


def test_blocks_of_other_kinds_and_texts_are_no_recipes() -> None:
    """Code in another language, a recipe outside a block, and one that is too long."""
    long = "models:\n" + "  - model: a/x\n" * LONGEST_RECIPE

    assert () == recipe_models("```python\nmodels = 1\n```\nmodels:\n - model: a/x\n")
    assert () == recipe_models(fenced(long))
    assert ("a/x",) == recipe_models(fenced("models:\n- model: a/x", "~~~"))


def test_the_inputs_of_a_recipe_are_merged_parents() -> None:
    """The author says so, in the card's text; the front matter's untyped names join them."""
    card = "---\nbase_model: [a/one, a/two]\n---\n" + LINEAR
    record = parse_card(Kind.MODEL, "me/merge", card, Aliases.none())

    assert {
        ("a/one", Relation.MERGE, (ClaimSource.CARD,)),
        ("a/two", Relation.MERGE, (ClaimSource.CARD,)),
        ("a/base", Relation.MERGE, (ClaimSource.CARD,)),
    } == {(claim.target, claim.relation, claim.sources) for claim in record.derivations}


def test_a_local_path_in_a_recipe_stays_as_it_was_written() -> None:
    """It names no repository, and that is an issue."""
    record = parse_card(
        Kind.MODEL, "me/x", fenced("models:\n- model: ./step-1\n- model: a/x"), Aliases.none()
    )

    assert {None, "a/x"} == {claim.target for claim in record.derivations}
    assert [IssueKind.LOCAL_PATH] == [issue.kind for issue in record.issues]
