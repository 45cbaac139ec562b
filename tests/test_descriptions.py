"""What the graph says about the nodes that repositories share."""

from __future__ import annotations

import pytest
from hypothesis import given

from graph.model import vocabulary as v
from graph.model.licenses import licenses
from graph.model.records import Kind, Repository
from graph.rdf.descriptions import describe
from graph.rdf.triples import mentions, nquads, record_triples
from tests import strategies as a


def described(node: str) -> list[str]:
    """Return a description with prefixes instead of namespaces, and without its subject."""
    words = []
    for _, predicate, value in describe(node):
        text = f"{predicate} {value}"
        for prefix in (
            "rdf",
            "rdfs",
            "dcterms",
            "skos",
            "prov",
            "cc",
            "fair4ml",
            "dcat",
            "remix",
            "schema",
        ):
            text = text.replace(f"<{v.PREFIXES[prefix]}", f"{prefix}:<")
        words.append(text.replace("<", "").replace(">", ""))
    return words


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (
            v.owner_iri("acmé"),
            ["rdf:type remix:Owner", 'rdfs:label "acmé"'],
        ),
        (
            v.paper_iri("2403.13257"),
            ["rdf:type schema:ScholarlyArticle", 'dcterms:identifier "arXiv:2403.13257"'],
        ),
        (
            v.library_iri("transformers.js"),
            ["rdf:type remix:Library", 'rdfs:label "transformers.js"'],
        ),
        (
            v.task_iri("text-generation"),
            [
                "rdf:type skos:Concept",
                "skos:inScheme https://huggingface.co/tasks",
                'skos:notation "text-generation"',
            ],
        ),
        (
            licenses()["apache-2.0"].iri,
            [
                "rdf:type dcterms:LicenseDocument",
                "rdf:type cc:License",
                'rdfs:label "Apache license 2.0"',
                'dcterms:identifier "Apache-2.0"',
                'skos:notation "apache-2.0"',
                'remix:licenseCategory "permissive"',
            ],
        ),
        (
            v.repository_iri(Kind.DATASET, "acme/qa"),
            [
                "rdf:type remix:RepositoryReference",
                "dcterms:type dcat:Dataset",
                'dcterms:identifier "acme/qa"',
                "remix:resolutionStatus remix:NeverChecked",
            ],
        ),
    ],
)
def test_descriptions(node: str, expected: list[str]) -> None:
    """A description follows from the IRI alone."""
    assert expected == described(node)


def test_a_licence_without_an_spdx_id_has_a_reference() -> None:
    """A licence that SPDX does not list is identified the way SPDX documents do it."""
    assert 'dcterms:identifier "LicenseRef-hf-gemma"' in described(licenses()["gemma"].iri)


@pytest.mark.parametrize("kind", Kind)
def test_a_reference_tells_its_kind(kind: Kind) -> None:
    """A reference is never typed as what it stands for; dcterms:type tells that."""
    types = {
        Kind.MODEL: "fair4ml:MLModel",
        Kind.DATASET: "dcat:Dataset",
        Kind.SPACE: "remix:Space",
    }
    said = described(v.repository_iri(kind, "acme/x"))

    assert ["rdf:type remix:RepositoryReference", f"dcterms:type {types[kind]}"] == said[:2]


@pytest.mark.parametrize(
    "node",
    [
        v.REMIX.GatedAuto if hasattr(v.REMIX, "GatedAuto") else "https://w3id.org/x",
        v.FAIR4ML.MLModel,
        str(v.TASK_SCHEME),
        v.commit_iri("https://huggingface.co/gpt2", "0a1b"),
        "https://example.org/",
    ],
)
def test_what_is_described_elsewhere_is_not_described_here(node: str) -> None:
    """Classes, concepts, commits and foreign pages get no description."""
    assert [] == list(describe(node))


@given(a.repositories)
def test_every_mention_has_a_description(record: Repository) -> None:
    """Whatever a record points at is described, by valid triples about that node only."""
    for node in set(mentions(record_triples(record))):
        triples = list(describe(node))

        assert {f"<{node}>"} == {subject for subject, _, _ in triples}
        assert triples == list(describe(node))
        assert nquads(triples).count(b"\n") == len(triples)
