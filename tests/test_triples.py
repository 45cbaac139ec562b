"""The one mapping between records and RDF: both paths, both directions, through both engines."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given

from graph.model import vocabulary as v
from graph.model.records import Gating, IssueKind, Kind, Model, Repository
from graph.rdf import terms
from graph.rdf.properties import repository_id
from graph.rdf.rdflib_triples import rdflib_triples
from graph.rdf.triples import (
    Triple,
    issue_triples,
    mentions,
    nquads,
    record_from_triples,
    record_triples,
)
from tests import strategies as a
from tests.builders import dataset, issue, license_, model, space

HUB, SPDX = v.HUB, v.SPDX
RDF, DCT, PROV = v.PREFIXES["rdf"], v.PREFIXES["dcterms"], v.PREFIXES["prov"]
XSD, FAIR4ML, REMIX = v.PREFIXES["xsd"], v.PREFIXES["fair4ml"], v.PREFIXES["remix"]

# The hashes are what makes an export the same next year: a change of them is a change for users.
DERIVATION = f"{HUB}acme/chat#derivation-d3e6085942c13518"
LICENSE = f"{HUB}acme/chat#license-d585f9945d812659"


def lines(record: Repository) -> str:
    """Return a record's triples as N-Triples."""
    return nquads(record_triples(record)).decode()


# --- by hand ------------------------------------------------------------------------------------


def test_a_model_as_triples() -> None:
    """A small model gives these triples, in this order."""
    record = Model(
        id="acme/chat",
        created="2024-07-01T12:00:00Z",
        likes=3,
        gating=Gating.MANUAL,
        commit="0a1b",
        tasks=("text-generation",),
        derivations=model("acme/chat -> acme/base: finetune").derivations,
        licenses=(license_("mit"),),
    )
    expected = f"""\
<{HUB}acme/chat> <{RDF}type> <{FAIR4ML}MLModel> .
<{HUB}acme/chat> <{DCT}identifier> "acme/chat" .
<{HUB}acme/chat> <{PROV}wasAttributedTo> <{HUB}acme#owner> .
<{HUB}acme/chat> <{DCT}created> "2024-07-01T12:00:00Z"^^<{XSD}dateTime> .
<{HUB}acme/chat> <{REMIX}likes> "3"^^<{XSD}integer> .
<{HUB}acme/chat> <{REMIX}gated> <{REMIX}GatedManual> .
<{HUB}acme/chat> <{FAIR4ML}mlTask> <{HUB}tasks/text-generation> .
<{HUB}acme/chat> <{REMIX}headCommit> <{HUB}acme/chat/tree/0a1b> .
<{HUB}acme/chat/tree/0a1b> <{PROV}specializationOf> <{HUB}acme/chat> .
<{HUB}acme/chat> <{PROV}qualifiedDerivation> <{DERIVATION}> .
<{DERIVATION}> <{RDF}type> <{REMIX}BaseModelDeclaration> .
<{DERIVATION}> <{REMIX}relation> <{REMIX}finetune> .
<{DERIVATION}> <{REMIX}rawValue> "acme/base" .
<{DERIVATION}> <{REMIX}relationSource> <{REMIX}DeclaredInCard> .
<{DERIVATION}> <{PROV}entity> <{HUB}acme/base> .
<{HUB}acme/chat> <{REMIX}licenseDeclaration> <{LICENSE}> .
<{LICENSE}> <{RDF}type> <{REMIX}LicenseDeclaration> .
<{LICENSE}> <{REMIX}declaredLicense> "mit" .
<{LICENSE}> <{REMIX}relationSource> <{REMIX}DeclaredInCard> .
<{LICENSE}> <{REMIX}resolvesTo> <{SPDX}MIT> .
<{HUB}acme/chat> <{REMIX}finetunedFrom> <{HUB}acme/base> .
<{HUB}acme/chat> <{PROV}wasDerivedFrom> <{HUB}acme/base> .
<{HUB}acme/chat> <{DCT}license> <{SPDX}MIT> .
"""

    assert expected == lines(record)


# --- bulk = rdflib ------------------------------------------------------------------------------


@given(a.repositories)
def test_both_paths_carry_the_same_graph(record: Repository) -> None:
    """What Oxigraph and rdflib parse from the bulk path is what the rdflib path gives."""
    triples = list(record_triples(record))
    expected = {(s.n3(), p.n3(), o.n3()) for s, p, o in rdflib_triples(triples)}
    document = nquads(triples)
    by_oxigraph = {
        (rdflib.URIRef(q.subject.value), rdflib.URIRef(q.predicate.value), _from_oxigraph(q.object))
        for q in ox.parse(document, ox.RdfFormat.N_QUADS)
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)  # "41" stays "41"
        by_rdflib = set(rdflib.Graph().parse(data=document, format="nt"))

    assert set(rdflib_triples(triples)) == by_oxigraph
    assert set(rdflib_triples(triples)) == by_rdflib
    assert expected == {(s.n3(), p.n3(), o.n3()) for s, p, o in by_rdflib}


def _from_oxigraph(term: ox.NamedNode | ox.Literal) -> rdflib.URIRef | rdflib.Literal:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    plain = term.datatype.value == v.XSD.string
    datatype = None if plain else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def test_an_issue_of_a_run_is_a_claim_about_the_run() -> None:
    """An issue that concerns no repository hangs on the run that met it, by the same mapping."""
    found = issue(IssueKind.NOT_AN_OBJECT)
    triples = issue_triples(v.run_iri("0a1b"), found)
    node = triples[0][2]

    assert (f"<{v.BASE}run/0a1b>", f"<{REMIX}issue>") == triples[0][:2]
    assert {node} == {subject for subject, _, _ in triples[1:]}
    assert triples[1:] == [
        (node, predicate, value)
        for subject, predicate, value in record_triples(model("chat", issues=(found,)))
        if "#issue-" in subject
    ]


def test_a_named_graph_is_written_on_each_line() -> None:
    """The bulk path can put triples into a named graph."""
    triples: list[Triple] = [("<x:s>", "<x:p>", '"o"'), ("<x:s>", "<x:q>", "<x:o>")]

    assert b'<x:s> <x:p> "o" <x:g> .\n<x:s> <x:q> <x:o> <x:g> .\n' == nquads(triples, "x:g")
    assert b"" == nquads([])


# --- records -> triples -> records --------------------------------------------------------------


@given(a.repositories)
def test_records_survive(record: Repository) -> None:
    """A record comes back from its triples, in whatever order they are."""
    triples = list(record_triples(record))

    assert record == record_from_triples(triples)
    assert record == record_from_triples(reversed(triples))


@given(a.repositories)
def test_records_survive_the_store(record: Repository) -> None:
    """A record comes back from a store that its triples were loaded into."""
    store = ox.Store()
    store.load(nquads(record_triples(record)), ox.RdfFormat.N_QUADS)
    triples = [(str(q.subject), str(q.predicate), str(q.object)) for q in store]

    assert set(record_triples(record)) == set(triples)
    assert record == record_from_triples(triples)


@given(a.repositories)
def test_records_are_written_the_same_every_time(record: Repository) -> None:
    """The same record gives the same triples in the same order, and none twice."""
    triples = list(record_triples(record))

    assert triples == list(record_triples(record))
    assert len(triples) == len(set(triples))


@given(a.repositories)
def test_there_are_no_blank_nodes(record: Repository) -> None:
    """Every subject and predicate is an IRI, every object an IRI or a literal."""
    assert {"<", '"'} >= {term[0] for triple in record_triples(record) for term in triple}
    assert {"<"} == {term[0] for s, p, _ in record_triples(record) for term in (s, p)}


@pytest.mark.parametrize(
    "triples",
    [
        [],
        [("<x:s>", terms.iri(v.RDF.type), terms.iri(v.FAIR4ML.MLModel))],
        [(f"<{HUB}acme/chat>", terms.iri(v.RDF.type), terms.iri(v.REMIX.RepositoryReference))],
    ],
)
def test_what_describes_no_repository_is_no_record(triples: list[Triple]) -> None:
    """Nothing, a model elsewhere and a mere reference are refused."""
    with pytest.raises(ValueError, match="describe no repository"):
        record_from_triples(triples)


def test_what_is_no_repository_has_no_id() -> None:
    """A property that should point at a repository and does not is an error."""
    with pytest.raises(ValueError, match="not the IRI of a repository"):
        repository_id(v.task_iri("text-generation"))


# --- mentions -----------------------------------------------------------------------------------


def test_mentions_are_the_shared_nodes() -> None:
    """A record mentions its owner, parents, licences and the like, but none of its own nodes."""
    record = model(
        "acme/chat -> acme/base: finetune, acme/qa: trained_on",
        commit="0a1b",
        gating=Gating.AUTO,
        licenses=(license_("mit"),),
        tasks=("text-generation",),
        library="transformers",
        papers=("2403.13257",),
        spaces=("acme/demo",),
        new_version="acme/chat-2",
    )

    assert {
        v.owner_iri("acme"),
        f"{HUB}acme/base",
        f"{HUB}acme/chat-2",
        f"{HUB}datasets/acme/qa",
        f"{HUB}spaces/acme/demo",
        "http://spdx.org/licenses/MIT",
        v.task_iri("text-generation"),
        v.library_iri("transformers"),
        v.paper_iri("2403.13257"),
    } == set(mentions(record_triples(record)))


def test_a_repository_does_not_mention_itself() -> None:
    """A repository that claims to be made from itself needs no description as a reference."""
    record = model("chat -> chat: finetune", new_version="chat")

    assert [] == list(mentions(record_triples(record)))


def test_the_same_id_of_another_kind_is_mentioned() -> None:
    """A Space that uses a model of its own name mentions the model."""
    record = space("demo", uses=("demo",))

    assert [f"{HUB}demo"] == list(mentions(record_triples(record)))


def test_legacy_ids_have_no_owner() -> None:
    """A repository without an owner in its id is attributed to nobody."""
    assert [] == list(mentions(record_triples(dataset("squad"))))


@given(a.repositories)
def test_mentions_are_never_the_repositorys_own(record: Repository) -> None:
    """No mentioned node is the repository itself or a part of it."""
    node = v.repository_iri(Kind(record.kind), record.id)

    assert [] == [
        mentioned
        for mentioned in mentions(record_triples(record))
        if mentioned == node or v.is_owned_by(mentioned, node)
    ]
