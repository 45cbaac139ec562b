"""Findings of what a graph holds."""

from __future__ import annotations

from graph.licenses.engine import find
from graph.licenses.inheritance import inherit
from graph.licenses.stored import inheritance_in, look_up_in
from graph.licenses.verdict import Use, judge
from graph.licenses.views import view_of, views_of
from graph.model.records import ClaimSource, Gating
from tests.builders import dataset, derivation, license_, model
from tests.graphs import graph_in_memory
from tests.licensing import artefact

RECORDS = [
    model("acme/chat -> acme/base: finetune, acme/qa: trained_on", licenses=(license_("mit"),)),
    model(
        "acme/base",
        licenses=(license_("cc-by-nc-4.0"), license_("mit", source=ClaimSource.HUB)),
        gating=Gating.MANUAL,
        derivations=(derivation("acme/gone: quantized", sources=(ClaimSource.HUB,)),),
        tasks=("image-text-to-text",),
    ),
    dataset(
        "acme/qa",
        derivations=(derivation("OpenAI GPT-4: generated", target=None),),
    ),
]


def test_a_view_comes_back_from_the_graph() -> None:
    """A record's view and the view of what the graph holds of it are the same."""
    look_up = look_up_in(graph_in_memory(*RECORDS).store)

    for record in RECORDS:
        view = view_of(record)
        assert view == look_up(view.artefact)
    assert look_up(artefact("acme/gone")) is None
    assert look_up(artefact("acme/nowhere")) is None


def test_findings_are_those_of_the_records() -> None:
    """A single artefact judged out of the graph is judged as among all records."""
    graph = graph_in_memory(*RECORDS)
    everything = inherit(views_of(RECORDS))
    focus = artefact("acme/chat")

    assert find(everything, focus) == find(inheritance_in(graph, focus), focus)
    # The base's card forbids what its tag permits.
    assert "unknown" == judge(inheritance_in(graph, focus), focus, Use.COMMERCIAL).answer
