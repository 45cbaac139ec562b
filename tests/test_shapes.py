"""The shapes: what is well made conforms, and every shape catches what it is there for."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oxrdflib import OxigraphStore
from pyshacl import validate as run_pyshacl
from rdflib import RDF, SH, Dataset, Graph, URIRef

from graph.model import vocabulary as v
from graph.model.records import Evaluation, Gating, IssueKind, Repository
from graph.quality import conformance
from graph.quality.conformance import count_nodes, validate_graph, validate_store
from graph.rdf import validation
from graph.rdf.descriptions import describe
from graph.rdf.rdflib_triples import rdflib_triples
from graph.rdf.shapes import read_shapes
from graph.rdf.triples import Triple, mentions, nquads, record_triples
from graph.rdf.validation import (
    ValidationReport,
    Violation,
    validate,
    validate_repositories,
)
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph
from tests import strategies as a
from tests.builders import dataset, derivation, issue, license_, model, models, space
from tests.depth import dear, sampled
from tests.graphs import build_graph

SHAPE = "https://w3id.org/remixgraph/shapes#"
PREFIXES = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in v.PREFIXES.items())

CHAT = model(
    "acme/chat -> acme/base: finetune, acme/qa: trained_on, acme/web: pretrained_on,"
    " acme/test: decontaminated_against",
    title="Chat",
    created="2024-07-01T12:00:00Z",
    modified="2024-07-02T12:00:00Z",
    downloads=1,
    downloads_all_time=2,
    likes=3,
    gating=Gating.AUTO,
    disabled=False,
    commit="0a1b",
    new_version="acme/chat-2",
    tasks=("text-generation",),
    languages=("en",),
    papers=("2403.13257",),
    library="transformers",
    parameters=7,
    emissions=1.5,
    spaces=("acme/demo",),
    licenses=(license_("mit", name="MIT", link="LICENSE"),),
    evaluations=(
        Evaluation(
            task="qa",
            dataset="acme/qa",
            dataset_declared="acme/qa",
            dataset_name="QA",
            dataset_config="en",
            dataset_split="test",
            metric="f1",
            metric_name="F1",
            value=0.5,
            value_text="half",
            verified=True,
            source_url="https://example.org/",
        ),
    ),
    issues=(issue(IssueKind.BARE_ID),),
)
QA = dataset(
    "acme/qa",
    derivations=(
        derivation("rajpurkar/squad: source", aliased=True),
        derivation("acme/base: generated"),
    ),
    sizes=("n<1K",),
    new_version="acme/qa-2",
)
DEMO = space(
    "acme/demo", uses=("acme/chat",), datasets=("acme/qa",), sdk="gradio", new_version="acme/demo-2"
)
EXAMPLES = (CHAT, QA, DEMO)


def described(*records: Repository) -> list[Triple]:
    """Return the triples of records and the descriptions of what they mention."""
    triples = [triple for record in records for triple in record_triples(record)]
    known = {subject for subject, _, _ in triples}
    for node in sorted(set(mentions(triples))):
        if f"<{node}>" not in known:
            triples += describe(node)
    return triples


def graph_of(*records: Repository) -> Graph:
    """Return records, and the descriptions of what they mention, as a graph."""
    graph = Graph()
    for triple in rdflib_triples(described(*records)):
        graph.add(triple)
    return graph


def store_of(*records: Repository) -> ox.Store:
    """Return records, and the descriptions of what they mention, as a store."""
    store = ox.Store()
    store.load(nquads(described(*records)), ox.RdfFormat.N_QUADS)
    return store


def shapes_named(report: ValidationReport) -> set[str]:
    """Return the names of the shapes that something violates."""
    return {violation.shape.removeprefix(SHAPE) for violation in report.violations}


# --- what conforms ------------------------------------------------------------------------------


def test_the_examples_conform() -> None:
    """A model, a dataset and a Space with every property conform, together and alone."""
    assert () == validate(graph_of(*EXAMPLES)).violations
    assert [True] * 3 == [validate(graph_of(record)).conforms for record in EXAMPLES]


@dear
@given(a.repositories)
def test_every_record_conforms(record: Repository) -> None:
    """Whatever a record holds, its triples and what is said about its mentions conform."""
    assert () == validate_repositories([record_triples(record)]).violations


def test_an_empty_graph_conforms() -> None:
    """Where nothing is, nothing is wrong."""
    assert ValidationReport(()) == validate(Graph())
    assert ValidationReport(()) == validate_repositories([])
    assert ValidationReport(()) == validate_store(ox.Store())


# --- what does not ------------------------------------------------------------------------------

CHAT_IRI = "<https://huggingface.co/acme/chat>"
BASE_IRI = "<https://huggingface.co/acme/base>"
QA_IRI = "<https://huggingface.co/datasets/acme/qa>"
DEMO_IRI = "<https://huggingface.co/spaces/acme/demo>"

# By shape: what is done to the examples, in SPARQL. "?m" is the model, "?d" the dataset, "?s" the
# Space, "?r" a reference to a model, "?c" the derivation of the model, "?t" its training data
# declaration, "?p" its pretraining data declaration, "?n" its decontamination declaration, "?q" the
# dataset's source declaration, "?g" its generator declaration, "?l" the licence declaration, "?e"
# the evaluation, "?i" the issue, "?o" the owner, "?k" the commit.
BREAKS = {
    "Model": ["INSERT {?m remix:sdk 'gradio'}"],
    "Dataset": ["INSERT {?d remix:library <x:library>}"],
    "Space": ["INSERT {?s remix:parameters 7}"],
    "Reference": ["INSERT {?r dcterms:title 'Base'}"],
    "oneClass": [
        "INSERT {?r a fair4ml:MLModel}",
        "INSERT {?m a remix:RepositoryReference}",
        "INSERT {?m a dcat:Dataset}",
        "INSERT {?d a remix:Space}",
        "INSERT {?s a fair4ml:MLModel}",
    ],
    "identifier": [
        "DELETE {?m dcterms:identifier ?any} WHERE {?m dcterms:identifier ?any}",
        "INSERT {?r dcterms:identifier 'other'}",
        "INSERT {?d dcterms:identifier <x:other>}",
    ],
    "referenceKind": [
        "DELETE {?r dcterms:type ?any} WHERE {?r dcterms:type ?any}",
        "INSERT {?r dcterms:type remix:Owner}",
    ],
    "resolutionStatus": [
        "DELETE {?r remix:resolutionStatus ?any} WHERE {?r remix:resolutionStatus ?any}",
        "INSERT {?r remix:resolutionStatus remix:Resolved}",
        "INSERT {<x:r> a remix:RepositoryReference ; remix:resolutionStatus remix:Gone}",
    ],
    "renamedTo": ["INSERT {?r dcterms:isReplacedBy ?m, ?d}"],
    "tombstone": ["INSERT {?m remix:resolutionStatus remix:NeverChecked}"],
    "owner": ["INSERT {?m prov:wasAttributedTo <https://huggingface.co/other#owner>}"],
    "title": ["INSERT {?m dcterms:title 'Other'}"],
    "created": ["INSERT {?d dcterms:created '2024-07-01'}"],
    "modified": ["INSERT {?d dcterms:modified '2024-07-01'}"],
    "downloads": ["INSERT {?d remix:downloads -1}", "INSERT {?d remix:downloads 1.5}"],
    "downloadsAllTime": ["INSERT {?d remix:downloadsAllTime -1}"],
    "likes": ["INSERT {?m remix:likes 4}"],
    "gated": ["INSERT {?d remix:gated remix:Gated}"],
    "disabled": ["INSERT {?d remix:disabled 'yes'}"],
    "newModelVersion": ["INSERT {?m remix:newVersion ?s}"],
    "newDatasetVersion": ["INSERT {?d remix:newVersion ?s}"],
    "newSpaceVersion": ["INSERT {?s remix:newVersion ?d}"],
    "isReplacedBy": [
        "INSERT {?m dcterms:isReplacedBy ?r}",
        "DELETE {?m dcterms:isReplacedBy ?any} WHERE {?m dcterms:isReplacedBy ?any}",
    ],
    "task": ["INSERT {?m fair4ml:mlTask 'text-generation'}"],
    "language": ["INSERT {?m schema:inLanguage <x:en>}"],
    "paper": ["INSERT {?m dcterms:references '2403.13257'}"],
    "headCommit": ["INSERT {?m remix:headCommit '0a1b'}"],
    "commitAgrees": [
        "INSERT {<x:commit> prov:specializationOf ?m}",
        "DELETE {?m remix:headCommit ?k} WHERE {}",
    ],
    "library": ["INSERT {?m remix:library <https://w3id.org/remixgraph/library/peft>}"],
    "parameters": ["INSERT {?m remix:parameters 'many'}"],
    "emissions": ["INSERT {?m remix:emissions 2}"],
    "sizeCategory": ["INSERT {?d remix:sizeCategory 1000}"],
    "sdk": ["INSERT {?s remix:sdk 'docker'}"],
    "modelClass": [
        "INSERT {?s remix:usesModel ?d}",
        "INSERT {?d remix:generatedBy ?s}",
        "INSERT {?m remix:finetunedFrom <x:undescribed>}",
        "INSERT {?m remix:newVersion <x:undescribed>}",
    ],
    "datasetClass": [
        "INSERT {?s remix:usesDataset ?m}",
        "INSERT {?m fair4ml:trainedOn ?r}",
        "INSERT {?e fair4ml:evaluatedOn ?r}",
        "INSERT {?d remix:sourcedFrom ?r}",
    ],
    "spaceClass": ["INSERT {?m remix:usedBySpace ?r}"],
    "derivation": [
        "INSERT {?m prov:qualifiedDerivation <x:undescribed>}",
        "INSERT {?m prov:qualifiedDerivation <x:c> . <x:c> a prov:Derivation}",
        "DELETE {?c a remix:BaseModelDeclaration} WHERE {}",
    ],
    "derivationAgrees": [
        "INSERT {?m prov:wasDerivedFrom ?d}",
        "DELETE {?m prov:wasDerivedFrom ?r} WHERE {}",
        "DELETE {?c prov:entity ?r} WHERE {}",
    ],
    "shortcutsAgree": [
        "DELETE {?m remix:finetunedFrom ?r} WHERE {}",
        "INSERT {?m remix:mergedFrom ?m}",
    ],
    "Derived": [
        "DELETE {?m remix:finetunedFrom ?r} INSERT {?m remix:adapterOf ?r} WHERE {}",
        "INSERT {?m remix:quantizedFrom ?r}",
        "DELETE {?c remix:relation remix:finetune} INSERT {?c remix:relation remix:merge} WHERE {}",
        "DELETE {?d remix:generatedBy ?r} INSERT {?d remix:adapterOf ?r} WHERE {}",
    ],
    "wasDerivedFrom": ["INSERT {?m prov:wasDerivedFrom 'acme/base'}"],
    "trainingData": ["INSERT {?m remix:trainingDataDeclaration ?l}"],
    "trainingDataAgrees": [
        "DELETE {?m fair4ml:trainedOn ?d} WHERE {}",
        "DELETE {?t prov:entity ?d} WHERE {}",
    ],
    "pretrainingData": ["INSERT {?m remix:pretrainingDataDeclaration ?l}"],
    "pretrainingDataAgrees": [
        "DELETE {?m remix:pretrainedOn ?w} WHERE {?m remix:pretrainedOn ?w}",
        "DELETE {?p prov:entity ?w} WHERE {?p prov:entity ?w}",
    ],
    "decontamination": ["INSERT {?m remix:decontaminationDeclaration ?l}"],
    "decontaminationAgrees": [
        "DELETE {?m remix:decontaminatedAgainst ?w} WHERE {?m remix:decontaminatedAgainst ?w}",
        "DELETE {?n prov:entity ?w} WHERE {?n prov:entity ?w}",
    ],
    "license": ["INSERT {?m dcterms:license 'mit'}"],
    "licenses": ["INSERT {?m remix:licenseDeclaration ?e}"],
    "licenseAgrees": [
        "INSERT {?m dcterms:license <http://spdx.org/licenses/Apache-2.0>}",
        "DELETE {?m dcterms:license ?any} WHERE {?m dcterms:license ?any}",
    ],
    "evaluation": ["INSERT {?m remix:evaluation ?l}"],
    "evaluatedOn": ["INSERT {?m fair4ml:evaluatedOn 'squad'}"],
    "evaluationAgrees": [
        "DELETE {?m fair4ml:evaluatedOn ?d} WHERE {}",
        "DELETE {?e fair4ml:evaluatedOn ?d} WHERE {}",
    ],
    "issue": ["INSERT {?m remix:issue ?l}"],
    "BaseModelDeclaration": ["INSERT {?c dcterms:title 'x'}"],
    "GeneratorDeclaration": ["INSERT {?g dcterms:title 'x'}"],
    "SourceDatasetDeclaration": ["INSERT {?q dcterms:title 'x'}"],
    "TrainingDataDeclaration": ["INSERT {?t dcterms:title 'x'}"],
    "PretrainingDataDeclaration": ["INSERT {?p dcterms:title 'x'}"],
    "DecontaminationDeclaration": ["INSERT {?n dcterms:title 'x'}"],
    "LicenseDeclaration": ["INSERT {?l dcterms:title 'x'}"],
    "Evaluation": ["INSERT {?e dcterms:title 'x'}"],
    "Issue": ["INSERT {?i dcterms:title 'x'}"],
    "derivationClass": [
        "INSERT {?c a remix:GeneratorDeclaration}",
        "INSERT {?c a prov:Derivation}",
    ],
    "influenceClass": ["INSERT {?t a prov:Derivation}", "INSERT {?n a prov:Derivation}"],
    "claimClass": ["INSERT {?l a remix:Evaluation}", "INSERT {?i a remix:Evaluation}"],
    "claimedOnce": [
        "DELETE {?m prov:qualifiedDerivation ?c} WHERE {}",
        "DELETE {?m remix:trainingDataDeclaration ?t} WHERE {}",
        "DELETE {?m remix:pretrainingDataDeclaration ?p} WHERE {}",
        "DELETE {?m remix:decontaminationDeclaration ?n} WHERE {}",
        "INSERT {?d prov:qualifiedDerivation ?c}",
    ],
    "licensedOnce": ["INSERT {?d remix:licenseDeclaration ?l}"],
    "evaluatedOnce": ["DELETE {?m remix:evaluation ?e} WHERE {}"],
    "modelRelation": ["INSERT {?c remix:relation remix:generated}"],
    "generatorRelation": ["INSERT {?g remix:relation remix:source}"],
    "sourceRelation": ["DELETE {?q remix:relation remix:source} WHERE {}"],
    "trainingRelation": ["INSERT {?t remix:relation remix:finetune}"],
    "pretrainingRelation": ["INSERT {?p remix:relation remix:trained_on}"],
    "decontaminationRelation": ["INSERT {?n remix:relation remix:source}"],
    "rawValues": ["DELETE {?c remix:rawValue ?any} WHERE {?c remix:rawValue ?any}"],
    "sources": [
        "DELETE {?c remix:relationSource ?any} WHERE {?c remix:relationSource ?any}",
        "INSERT {?t remix:relationSource remix:Hearsay}",
    ],
    "source": ["INSERT {?l remix:relationSource remix:ComputedByHub}"],
    "position": ["INSERT {?c remix:position 0}", "INSERT {?t remix:position -1}"],
    "entity": ["INSERT {?c prov:entity ?m}", "INSERT {?t prov:entity 'squad'}"],
    "resolvedBy": ["INSERT {?c remix:resolvedBy ?m}"],
    "declaredLicense": ["INSERT {?l remix:declaredLicense 'other'}"],
    "declaredIn": ["INSERT {?l remix:declaredIn 'license'}"],
    "licenseName": ["INSERT {?l remix:licenseName 'other'}"],
    "licenseLink": ["INSERT {?l remix:licenseLink 'other'}"],
    "resolvesTo": ["INSERT {?l remix:resolvesTo 'mit'}"],
    "evaluationTask": ["INSERT {?e remix:evaluationTask 'other'}"],
    "evaluationData": ["INSERT {?e fair4ml:evaluatedOn <x:other>}"],
    "rawValue": ["INSERT {?e remix:rawValue 'other'}"],
    "datasetName": ["INSERT {?e remix:datasetName 'other'}"],
    "datasetConfig": ["INSERT {?e remix:datasetConfig 'other'}"],
    "datasetSplit": ["INSERT {?e remix:datasetSplit 'other'}"],
    "metric": ["INSERT {?e remix:metric 'other'}"],
    "metricName": ["INSERT {?e remix:metricName 'other'}"],
    "score": ["INSERT {?e remix:score 'half'}"],
    "scoreText": ["INSERT {?e remix:scoreText 'other'}"],
    "verified": ["INSERT {?e remix:verified 'yes'}"],
    "sourceUrl": ["INSERT {?e remix:sourceUrl <x:other>}"],
    "issueKind": ["INSERT {?i remix:issueKind remix:issue-other}"],
    "field": ["INSERT {?i remix:field 'other'}"],
    "offendingValue": ["INSERT {?i remix:offendingValue 'other'}"],
    "foundAt": ["INSERT {?i remix:foundAt 'other'}"],
    "Owner": ["INSERT {?o dcterms:title 'x'}"],
    "ownerClasses": ["DELETE {?o a remix:Owner} WHERE {}", "INSERT {?o a remix:Library}"],
    "label": ["INSERT {?o rdfs:label 'other'}", "DELETE {?o rdfs:label 'acme'} WHERE {}"],
    "Library": ["INSERT {?any dcterms:title 'x'} WHERE {?m remix:library ?any}"],
    "libraryClass": ["DELETE {?any a remix:Library} WHERE {?m remix:library ?any}"],
    "Paper": ["INSERT {?any dcterms:title 'x'} WHERE {?m dcterms:references ?any}"],
    "paperClass": ["INSERT {?m dcterms:references <x:undescribed>}"],
    "paperIdentifier": ["INSERT {?any dcterms:identifier 'x'} WHERE {?m dcterms:references ?any}"],
    "Task": ["INSERT {?any dcterms:title 'x'} WHERE {?m fair4ml:mlTask ?any}"],
    "taskClass": ["DELETE {?any a skos:Concept} WHERE {?m fair4ml:mlTask ?any}"],
    "taskScheme": ["INSERT {?any skos:inScheme <x:tasks>} WHERE {?m fair4ml:mlTask ?any}"],
    "notation": ["INSERT {?any skos:notation 'x'} WHERE {?m fair4ml:mlTask ?any}"],
    "License": ["INSERT {?any dcterms:title 'x'} WHERE {?m dcterms:license ?any}"],
    "licenseClasses": ["DELETE {?any a cc:License} WHERE {?m dcterms:license ?any}"],
    "licenseIdentifier": ["INSERT {?any dcterms:identifier 'x'} WHERE {?m dcterms:license ?any}"],
    "licenseCategory": ["INSERT {?any remix:licenseCategory 1} WHERE {?m dcterms:license ?any}"],
    "headOf": ["INSERT {?d remix:headCommit ?k}", "DELETE {?m remix:headCommit ?k} WHERE {}"],
    "Commit": ["INSERT {?k dcterms:title 'x'}"],
    "commitOf": ["INSERT {?k prov:specializationOf ?d}"],
}

_NODES = f"""
    BIND ({CHAT_IRI} AS ?m) BIND ({QA_IRI} AS ?d) BIND ({DEMO_IRI} AS ?s) BIND ({BASE_IRI} AS ?r)
    ?m prov:qualifiedDerivation ?c ; remix:trainingDataDeclaration ?t ;
        remix:pretrainingDataDeclaration ?p ; remix:decontaminationDeclaration ?n ;
        remix:licenseDeclaration ?l ; remix:evaluation ?e ; remix:issue ?i ;
        prov:wasAttributedTo ?o ; remix:headCommit ?k .
    ?d prov:qualifiedDerivation ?q, ?g .
    ?q a remix:SourceDatasetDeclaration . ?g a remix:GeneratorDeclaration .
"""


CHANGES = [change for changes in BREAKS.values() for change in changes]


def broken(change: str) -> ox.Store:
    """Return the examples after a change, which is SPARQL about the nodes of _NODES."""
    store = store_of(*EXAMPLES)
    spoil(store, change)
    return store


def spoil(store: ox.Store, change: str) -> None:
    """Change a store that holds the examples."""
    change, _, where = change.partition(" WHERE {")
    before = set(store)
    store.update(f"{PREFIXES}{change} WHERE {{ {_NODES} {where.removesuffix('}')} }}")
    assert before != set(store), "this changes nothing"


def flat(store: ox.Store) -> Graph:
    """Return a store's triples, of all graphs, as one graph in memory."""
    text = ox.serialize((quad.triple for quad in store), format=ox.RdfFormat.N_TRIPLES)
    return Graph().parse(data=text, format="nt")


@pytest.mark.parametrize(
    ("shape", "change"),
    [(shape, change) for shape, changes in BREAKS.items() for change in changes],
)
def test_violations_are_caught(shape: str, change: str) -> None:
    """Each shape catches what it is there for."""
    report = validate(flat(broken(change)))

    assert not report.conforms
    assert shape in shapes_named(report)


def test_every_shape_has_an_example_of_what_it_catches() -> None:
    """No shape without a failing example, and no example of a shape that is gone."""
    graph = read_shapes()
    shapes = {*graph.subjects(SH.message), *graph.subjects(SH.sparql)} - {
        *graph.objects(None, SH.sparql)
    }

    assert shapes == {URIRef(SHAPE + name) for name in BREAKS}


def test_every_shape_is_named() -> None:
    """Every shape has an IRI, and every one that can be violated a message, which is a sentence."""
    graph = read_shapes()
    checking = {
        *graph.subjects(SH.path),
        *graph.subjects(SH.closed),
        *graph.objects(None, SH.sparql),
    }
    silent = [shape for shape in checking if not str(graph.value(shape, SH.message)).endswith(".")]

    assert [] == silent
    assert {URIRef} == {type(shape) for shape in checking}


def test_the_shapes_are_shacl() -> None:
    """The shapes conform to the shapes of SHACL itself."""
    conforms, _, text = run_pyshacl(Graph(), shacl_graph=read_shapes(), meta_shacl=True)

    assert conforms, text


# --- the report ---------------------------------------------------------------------------------


def test_a_violation_tells_what_is_wrong_and_where() -> None:
    """A violation has the node, the property, the value, the shape and the rule."""
    expected = Violation(
        node="https://huggingface.co/acme/chat",
        path="https://w3id.org/remixgraph/ns#emissions",
        value='"2"^^<http://www.w3.org/2001/XMLSchema#integer>',
        shape=SHAPE + "emissions",
        message="A model has at most one number of emissions, an xsd:double.",
    )
    graph = flat(
        broken(
            "DELETE {?m remix:emissions ?x} INSERT {?m remix:emissions 2} WHERE"
            " {?m remix:emissions ?x}"
        )
    )

    assert (expected,) == validate(graph).violations


def test_what_is_missing_has_no_value() -> None:
    """Where a value is missing, or a shape is about several properties, the field is empty."""
    graph = flat(broken("DELETE {?m dcterms:identifier ?x} WHERE {?m dcterms:identifier ?x}"))
    (missing,) = validate(graph).violations
    astray = flat(broken("DELETE {?m prov:wasDerivedFrom ?r} WHERE {}"))
    paths = {violation.path for violation in validate(astray).violations}

    assert (v.DCTERMS.identifier, "") == (missing.path, missing.value)
    assert {""} == paths


def test_reports_are_in_order() -> None:
    """The violations are sorted, and none is reported twice."""
    violations = validate(flat(broken("INSERT {?r a fair4ml:MLModel ; remix:likes -1}"))).violations

    assert 2 < len(violations) == len(set(violations))
    assert sorted(violations) == list(violations)


@pytest.mark.parametrize("shape", list(BREAKS)[:: sampled(4, 1)])
def test_the_rewritten_shapes_say_the_same(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Moving targets to the property shapes changes the speed and nothing else."""
    graph = flat(broken(BREAKS[shape][0]))
    fast = validate(graph)
    monkeypatch.setattr(validation, "shapes", read_shapes)

    assert validate(graph) == fast


def test_named_graphs_count_as_one() -> None:
    """A dataset is validated whole: a claim may lie in another named graph than its repository."""
    store = ox.Store()
    for number, triple in enumerate(described(*EXAMPLES)):
        graph = "" if number % 3 == 0 else f"x:graph-{number % 3}"
        store.load(nquads([triple], graph), ox.RdfFormat.N_QUADS)
    quads = Dataset(store=OxigraphStore(store=store))

    assert () == validate(quads).violations
    store.update(f"{PREFIXES} INSERT DATA {{ GRAPH <x:graph-9> {{ {CHAT_IRI} remix:likes 4 }} }}")
    assert {"likes"} == shapes_named(validate(quads))


# --- slices -------------------------------------------------------------------------------------


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make slices of a single repository."""
    monkeypatch.setattr(validation, "SLICE", 1)
    monkeypatch.setattr(conformance, "SLICE", 1)


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("change", CHANGES[:: sampled(4, 1)])
def test_slices_show_what_the_whole_shows(change: str) -> None:
    """Each shape can be decided from a slice: in slices of one repository all is caught, too."""
    assert not validate_store(broken(change), limit=1).conforms


DAMAGE = [
    "INSERT {?m remix:likes -1}",
    "DELETE {?m dcterms:identifier ?x} WHERE {?m dcterms:identifier ?x}",
    "DELETE {?m remix:evaluation ?e} WHERE {}",
]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a graph on disk, and spoil its store."""
    directory = build_graph(tmp_path_factory.mktemp("damaged") / "graph", *EXAMPLES)
    store = ox.Store(str(build_directory(directory, "000001") / "store"))
    for change in DAMAGE:
        spoil(store, change)
    store.flush()
    return directory


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("limit", [1000, 1])
def test_many_processes_report_what_one_does(damaged: Path, limit: int) -> None:
    """Slice by slice, in order, and up to the same limit; every slice is told as it is done."""
    told: list[int] = []
    with LineageGraph.open(damaged) as graph:
        expected = validate_store(graph.store, limit=limit)
        count = count_nodes(graph.store)
        report = validate_graph(graph, progress=told.append, limit=limit)

    assert expected == report
    assert not report.conforms
    assert limit < 1000 or count <= sum(told)


def test_a_small_graph_starts_no_process(damaged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process takes longer to start than a few slices to check."""
    monkeypatch.setattr(conformance, "process_pool", None)
    with LineageGraph.open(damaged) as graph:
        assert validate_store(graph.store) == validate_graph(graph)


@pytest.mark.usefixtures("narrow")
def test_a_slice_takes_its_neighbours_for_references() -> None:
    """A repository outside the slice is what any repository is that is only named."""
    records = (*EXAMPLES, *models("acme/base", "a -> b: merge, acme/base: merge", "b"))

    assert () == validate_repositories(map(record_triples, records)).violations
    assert () == validate_store(store_of(*records)).violations


@dear
@given(st.lists(a.repositories, max_size=4, unique_by=lambda record: (record.kind, record.id)))
def test_a_store_of_any_records_conforms(records: list[Repository]) -> None:
    """Whatever records hold, and say of one another, the store that holds them conforms."""
    assert () == validate_store(store_of(*records)).violations


def test_what_the_store_does_not_describe_is_found() -> None:
    """A parent without a description of its own is a violation in a store."""
    store = ox.Store()
    store.load(nquads(record_triples(model("chat -> base: merge"))), ox.RdfFormat.N_QUADS)

    assert {"modelClass"} == shapes_named(validate_store(store))


@pytest.mark.parametrize(
    ("shape", "change"),
    [
        ("evaluatedOnce", "DELETE {?m remix:evaluation ?e} WHERE {}"),
        (
            "claimedOnce",
            "DELETE {?m prov:qualifiedDerivation ?x} WHERE {?m prov:qualifiedDerivation ?x}",
        ),
        ("headOf", "INSERT {<x:commit> prov:specializationOf ?m}"),
    ],
)
def test_parts_that_nothing_points_at_are_found(shape: str, change: str) -> None:
    """A claim or commit that no repository points at is validated, too."""
    assert shape in shapes_named(validate_store(broken(change)))


@pytest.mark.usefixtures("narrow")
def test_validation_stops_at_the_limit() -> None:
    """A graph that is wrong all over is not read to the end."""
    one = f"<{v.REMIX.likes}>", '"-1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    wrong = (
        [*record_triples(record), (f"<{v.HUB}{record.id}>", *one)]
        for record in models(*(f"m{number}" for number in range(9)))
    )

    assert 2 == len(validate_repositories(wrong, limit=2).violations)
    assert 7 == len(list(wrong))


def test_validation_leaves_the_graph_alone() -> None:
    """Nothing is added to what is validated."""
    graph = graph_of(CHAT)
    before = set(graph)

    validate(graph)

    assert before == set(graph)
    assert (None, RDF.type, SH.NodeShape) not in graph
