"""The ontology: it defines every term of ours, and nothing else."""

from __future__ import annotations

from importlib.resources import files

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, PROV, RDF, RDFS, SKOS, Graph, Literal, URIRef

from graph.model import vocabulary as v
from graph.model.records import Aspect, ClaimSource, Gating, IssueKind, Relation

TEXT = files("graph.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
GRAPH = Graph().parse(data=TEXT, format="turtle")
ONTOLOGY = URIRef(v.ONTOLOGY)
SHORTCUT = URIRef(v.REMIX.shortcut)
OURS = v.PREFIXES["remix"]
CONCEPTS = {
    URIRef(v.REMIX.RelationScheme): {
        relation.value: v.relation_iri(relation) for relation in Relation
    },
    URIRef(v.REMIX.GatingScheme): {gating.value: v.gating_iri(gating) for gating in Gating},
    URIRef(v.REMIX.AspectScheme): {aspect.value: v.aspect_iri(aspect) for aspect in Aspect},
    URIRef(v.REMIX.IssueKindScheme): {kind.value: v.issue_kind_iri(kind) for kind in IssueKind},
}
"""The concepts with a notation: scheme, then notation and concept."""

STATUSES = {
    URIRef(v.REMIX.Resolved),
    URIRef(v.REMIX.Renamed),
    URIRef(v.REMIX.Gated),
    URIRef(v.REMIX.NotFoundOrNoAccess),
    URIRef(v.REMIX.Disabled),
    URIRef(v.REMIX.NeverChecked),
}
TERMS = sorted({s for s in GRAPH.subjects() if isinstance(s, URIRef) and s.startswith(OURS)})
PROPERTIES = [term for term in TERMS if (term, RDFS.domain, None) in GRAPH]


def test_the_terms_are_those_of_the_vocabulary() -> None:
    """Every term in Python is defined, and every term defined is in Python."""
    named = {getattr(v.REMIX, name) for name in v.REMIX.__annotations__}
    concepts = {
        *map(v.relation_iri, Relation),
        *map(v.claim_source_iri, ClaimSource),
        *map(v.gating_iri, Gating),
        *map(v.issue_kind_iri, IssueKind),
        *map(v.aspect_iri, Aspect),
    }

    assert sorted(named | concepts) == [str(term) for term in TERMS]
    assert set() == named & concepts


def test_the_terms_used_are_defined() -> None:
    """The ontology speaks of no term of ours that it does not define."""
    spoken = {term for triple in GRAPH for term in triple if str(term).startswith(OURS)}

    assert set(TERMS) == {term for term in spoken if str(term) != OURS}


def test_the_header() -> None:
    """The ontology has the version of the vocabulary, and a licence."""
    assert (ONTOLOGY, RDF.type, OWL.Ontology) in GRAPH
    assert Literal(v.VOCABULARY_VERSION) == GRAPH.value(ONTOLOGY, OWL.versionInfo)
    assert v.SPDX + "Apache-2.0" == str(GRAPH.value(ONTOLOGY, DCTERMS.license))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.removeprefix(OURS))
def test_every_term_is_labelled_and_defined(term: URIRef) -> None:
    """A term has one label and one definition, which is a sentence."""
    (label,) = GRAPH.objects(term, RDFS.label)
    (definition,) = GRAPH.objects(term, SKOS.definition)

    assert str(label)
    assert str(definition).endswith(".")


@pytest.mark.parametrize("term", PROPERTIES, ids=lambda term: term.removeprefix(OURS))
def test_every_property_has_a_domain_and_a_range(term: URIRef) -> None:
    """A property has one domain and one range, and is of the type that fits the range."""
    (domain,) = GRAPH.objects(term, RDFS.domain)
    (range_,) = GRAPH.objects(term, RDFS.range)
    is_data = str(range_).startswith(v.PREFIXES["xsd"])

    assert isinstance(domain, URIRef)
    assert (term, RDF.type, OWL.DatatypeProperty if is_data else OWL.ObjectProperty) in GRAPH


def test_properties_and_nothing_else_have_a_domain() -> None:
    """A term has a domain exactly when it is a property."""
    types = {OWL.ObjectProperty, OWL.DatatypeProperty}

    assert PROPERTIES == [term for term in TERMS if GRAPH.value(term, RDF.type) in types]


def test_no_range_makes_a_reference_a_model() -> None:
    """Whatever may point at a reference has no range but the class of all repositories."""
    narrow = {URIRef(v.FAIR4ML.MLModel), URIRef(v.DCAT.Dataset), URIRef(v.REMIX.Space)}

    assert set() == narrow & set(GRAPH.objects(None, RDFS.range))


def test_terms_are_of_one_type() -> None:
    """A term of ours is a class, a property, a concept, a scheme or the table of aliases."""
    counts = {term: len(list(GRAPH.objects(term, RDF.type))) for term in TERMS}

    assert dict.fromkeys(TERMS, 1) == counts


@pytest.mark.parametrize("relation", Relation)
def test_shortcuts_are_those_of_the_vocabulary(relation: Relation) -> None:
    """Each relation names its shortcut; those that are derivations say so."""
    shortcut = URIRef(v.relation_shortcut(relation))

    assert [shortcut] == list(GRAPH.objects(URIRef(v.relation_iri(relation)), SHORTCUT))
    assert relation.is_derivation == ((shortcut, RDFS.subPropertyOf, PROV.wasDerivedFrom) in GRAPH)


def test_finetunes_are_those_of_fair4ml() -> None:
    """FAIR4ML has a word for finetunes only."""
    children = list(GRAPH.subjects(RDFS.subPropertyOf, URIRef(v.FAIR4ML.fineTunedFrom)))

    assert [URIRef(v.REMIX.finetunedFrom)] == children


@pytest.mark.parametrize("scheme", CONCEPTS, ids=lambda scheme: scheme.removeprefix(OURS))
def test_concepts_have_the_words_of_the_enums(scheme: URIRef) -> None:
    """A scheme holds the members of its enum, each with its word as notation."""
    concepts = {
        str(GRAPH.value(concept, SKOS.notation)): str(concept)
        for concept in GRAPH.subjects(SKOS.inScheme, scheme)
    }

    assert CONCEPTS[scheme] == concepts


def test_concepts_without_a_notation() -> None:
    """The sources of claims and the resolution statuses are whole schemes, too."""
    sources = set(map(URIRef, map(v.claim_source_iri, ClaimSource)))

    assert sources == set(GRAPH.subjects(SKOS.inScheme, URIRef(v.REMIX.ClaimSourceScheme)))
    assert STATUSES == set(GRAPH.subjects(SKOS.inScheme, URIRef(v.REMIX.ResolutionStatusScheme)))


@pytest.mark.parametrize("kind", IssueKind)
def test_issue_kinds_have_their_remedies(kind: IssueKind) -> None:
    """The note of a kind of issue is its remedy."""
    assert kind.remedy == str(GRAPH.value(URIRef(v.issue_kind_iri(kind)), SKOS.note))


def test_every_scheme_is_one() -> None:
    """What concepts are in is a concept scheme, the scheme of tasks included."""
    schemes = set(GRAPH.subjects(RDF.type, SKOS.ConceptScheme))

    assert schemes == set(GRAPH.objects(None, SKOS.inScheme)) | {URIRef(v.TASK_SCHEME)}


def test_both_engines_read_the_same() -> None:
    """Oxigraph and rdflib read the same triples, and there are no blank nodes."""
    quads = list(ox.parse(TEXT, ox.RdfFormat.TURTLE))

    assert len(GRAPH) == len(quads)
    assert [] == [quad for quad in quads for node in quad.triple if isinstance(node, ox.BlankNode)]
