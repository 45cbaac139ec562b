"""Records: frozen, and equal exactly when the graph cannot tell them apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import (
    ClaimSource,
    Dataset,
    Evaluation,
    IssueKind,
    Kind,
    Model,
    Relation,
    Repository,
    Space,
)
from graph.model.relations import MODEL_RELATIONS, TYPED_RELATIONS
from graph.rdf.triples import record_triples
from tests import strategies as a
from tests.builders import dataset, derivation, issue, license_, model, space


def test_collections_are_sorted_and_free_of_duplicates() -> None:
    """Collections without an order of their own are brought into one."""
    record = model("chat", languages=("en", "de", "en"), tasks=("b", "a"), spaces=("y", "x", "y"))

    assert ("de", "en") == record.languages
    assert ("a", "b") == record.tasks
    assert ("x", "y") == record.spaces
    assert ("x", "y") == space("demo", uses=("y", "x")).models
    assert ("1K", "2K") == dataset("qa", sizes=("2K", "1K", "2K")).sizes


def test_claims_are_sorted_and_free_of_duplicates() -> None:
    """Claims of every type are kept once, in an order that None does not upset."""
    first, second = issue(IssueKind.BARE_ID), issue(IssueKind.DUPLICATE)
    score, nothing = Evaluation(value=0.5), Evaluation()
    mit, other = license_("mit"), license_("other", license=None)
    record = model(
        "chat",
        issues=(second, first, second),
        evaluations=(score, nothing, score),
        licenses=(other, mit, other),
    )

    assert (first, second) == record.issues
    assert (nothing, score) == record.evaluations
    assert (mit, other) == record.licenses


def test_derivations_that_claim_the_same_are_united() -> None:
    """One parent and relation make one derivation, with every source and raw value."""
    card = derivation("base: merge", raw=("Base",), position=2, aliased=True)
    hub = derivation("base: merge", sources=(ClaimSource.HUB,), position=1)
    record = model("chat", derivations=(card, hub))

    assert (
        derivation(
            "base: merge",
            raw=("Base", "base"),
            sources=(ClaimSource.HUB, ClaimSource.CARD),
            position=1,
            aliased=True,
        ),
    ) == record.derivations


def test_derivations_that_claim_different_things_stay_apart() -> None:
    """Another relation, another parent or another value without a parent is another claim."""
    claims = (
        derivation("", target=None, raw=("./model",)),
        derivation("", target=None, raw=("./other",)),
        derivation("base: adapter"),
        derivation("base: merge"),
        derivation("other: merge"),
    )

    assert 5 == len(model("chat", derivations=claims).derivations)


def test_a_parent_without_a_name_is_a_parent() -> None:
    """The empty id is an id: claims about it are united by it, not by what was declared."""
    claims = (derivation("", raw=("a",)), derivation("", raw=("b",)))

    assert (derivation("", raw=("a", "b")),) == model("chat", derivations=claims).derivations


@given(a.models, st.randoms())
def test_the_order_of_claims_does_not_matter(record: Model, random: st.DataObject) -> None:
    """A record made from the same claims in another order is the same record."""
    claims = list(record.derivations)
    random.shuffle(claims)  # type: ignore[attr-defined]  # it is a Random

    assert record.derivations == model("x", derivations=tuple(claims)).derivations


@given(a.repositories, a.repositories)
def test_records_are_equal_when_their_triples_are(one: Repository, two: Repository) -> None:
    """Two records are equal exactly when the graph cannot tell them apart."""
    assert (set(record_triples(one)) == set(record_triples(two))) == (one == two)


def test_equal_numbers_are_one_number() -> None:
    """A whole number becomes a float, and a negative zero zero: so equal records are the same."""
    record = model("chat", emissions=-0.0, evaluations=(Evaluation(value=-0.0),))
    plain = model("chat", emissions=0, evaluations=(Evaluation(value=0),))

    assert 1.0 == math.copysign(1, record.emissions or 0.0)
    assert list(record_triples(plain)) == list(record_triples(record))


def test_records_are_frozen() -> None:
    """A record cannot be changed."""
    with pytest.raises(AttributeError):
        model("chat").title = "Chat"  # type: ignore[misc]


def test_each_repository_knows_its_kind() -> None:
    """A model is a model, a dataset a dataset, and a Space a Space; nothing is none of them."""
    assert Kind.MODEL == Model(id="x").kind
    assert Kind.DATASET == Dataset(id="x").kind
    assert Kind.SPACE == Space(id="x").kind
    with pytest.raises(NotImplementedError):
        _ = Repository(id="x").kind


def test_relations_point_at_models_unless_they_are_about_data() -> None:
    """What data come from, or a model was trained on, are datasets; other parents are models."""
    data = [relation for relation in Relation if relation.target_kind is Kind.DATASET]

    assert data == [
        Relation.SOURCE,
        Relation.TRAINED_ON,
        Relation.FILTERED,
        Relation.PRETRAINED_ON,
        Relation.DECONTAMINATED_AGAINST,
    ]
    assert Relation.UNSPECIFIED in set(MODEL_RELATIONS) - set(TYPED_RELATIONS)


@pytest.mark.parametrize("kind", IssueKind)
def test_every_issue_has_a_remedy(kind: IssueKind) -> None:
    """A remedy is a sentence."""
    assert "." == kind.remedy[-1]
