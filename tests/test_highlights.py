"""Highlights of a graph: each is there where the graph has something of it, else it is None."""

from __future__ import annotations

from graph import lineage as index
from graph.licenses.findings import Level
from graph.model.records import Aspect, Kind, Repository
from graph.model.vocabulary import HISTORY
from graph.rdf.editing import insert
from graph.rdf.history import Change, change_triples
from graph.rdf.runs import Run, record_run
from graph.statistics.highlights import (
    Base,
    Changed,
    Conflict,
    Data,
    Highlights,
    Merge,
    Newest,
    highlights,
)
from graph.statistics.striking import gravest_conflict, latest_change
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, license_, model, space
from tests.graphs import graph_in_memory
from ui.app.highlights import cards


def of(*records: Repository) -> Highlights:
    """Return the highlights of a graph of records."""
    return highlights_in(graph_in_memory(*records))


def highlights_in(graph: LineageGraph) -> Highlights:
    """Return the highlights of a graph."""
    found, store = index.of(graph), graph.store
    standing_out = gravest_conflict(store, found), latest_change(store, found)
    return highlights(found, conflict=standing_out[0], changed=standing_out[1])


def says(found: Highlights) -> list[str]:
    """Return what is said of each highlight."""
    return [card.sentence for card in cards(found)]


def a_model(id_: str, *, known: bool = True) -> Node:
    """Return the node of a model."""
    return Node(Kind.MODEL, id_, known)


def test_a_graph_without_steps_has_no_highlights() -> None:
    """Nothing is made from anything, nothing has a date: nothing is promised."""
    assert Highlights(None, None, None, None, None) == of(
        model("a/x"), dataset("a/d"), space("a/s")
    )


def test_the_famous_base_has_the_most_descendants_by_so_many_owners() -> None:
    """Over any number of steps; whoever made several counts once; of equal ones the downloaded."""
    found = of(
        model("a/base", downloads=3),
        model("b/1 -> a/base: finetune"),
        model("b/2 -> b/1: quantized"),
        model("c/3 -> b/1: merge"),
        model("c/4 -> z/other: finetune"),
    )

    assert Base(a_model("a/base"), 3, 2) == found.base
    assert "3 models descend from it, made by 2 owners." in says(found)


def test_the_wild_merge_has_the_most_parents_then_the_most_licences() -> None:
    """Itself is no parent, and neither is what it was fine-tuned from."""
    found = of(
        model("a/mit", licenses=(license_("mit"),)),
        model("a/gpl", licenses=(license_("gpl-3.0"),)),
        model("m/plain -> a/mit: merge, a/none: merge", downloads=9),
        model("m/wild -> a/mit: merge, a/gpl: merge, m/wild: merge, a/none: finetune"),
    )

    assert Merge(a_model("m/wild"), 2, ("gpl-3.0", "mit")) == found.merge
    assert "2 models were mixed into it, under 2 licences: gpl-3.0, mit." in says(found)


def test_a_merge_of_one_is_none() -> None:
    """One parent is no mixture, whatever the relation is called."""
    assert None is of(model("m/one -> a/base: merge")).merge


def test_the_conflict_is_the_gravest_of_the_most_downloaded() -> None:
    """What an ancestor's licence forbids, and nothing about licences that nobody declares."""
    licensed = (license_("apache-2.0"),)
    found = of(
        model("a/base", licenses=(license_("cc-by-nc-4.0"),)),
        model("b/small -> a/base: finetune", licenses=licensed, downloads=5),
        model("b/large -> a/base: finetune", licenses=licensed, downloads=50),
        model("b/silent", downloads=500),
    )

    assert isinstance(found.conflict, Conflict)
    assert (a_model("b/large"), Level.HIGH) == (found.conflict.node, found.conflict.level)
    assert a_model("a/base") == found.conflict.cause
    assert any("This is inherited from a/base." in text for text in says(found))


def test_a_clean_graph_has_no_conflict() -> None:
    """A derivative under the licence of its base conflicts with nothing."""
    mit = (license_("mit"),)

    assert None is of(model("a/b", licenses=mit), model("a/c -> a/b: merge", licenses=mit)).conflict


def test_the_dataset_is_the_one_that_most_models_name() -> None:
    """What goes back to it through others is told as well; one that is only named comes last."""
    found = of(
        dataset("d/data"),
        dataset("d/copy -> d/data: source"),
        model("a/1 -> d/data: trained_on"),
        model("a/2 -> a/1: finetune"),
        model("b/1 -> d/named: trained_on"),
        model("b/2 -> d/named: trained_on"),
    )

    assert Data(Node(Kind.DATASET, "d/data"), 1, 2, 1) == found.data
    expected = "1 model names it as training data; 2 go back to it in all, and 1 dataset."
    assert expected in says(found)


def test_without_history_the_newest_is_what_came_lately() -> None:
    """The most downloaded of the latest month."""
    found = of(
        model("a/old", created="2024-05-01T00:00:00Z", downloads=99),
        model("a/new", created="2024-06-01T00:00:00Z", downloads=5),
        model("a/newer", created="2024-06-30T00:00:00Z", downloads=1),
    )

    assert Newest(a_model("a/new"), "2024-06", 2) == found.latest
    expected = "The most downloaded of the 2 models that were created in June 2024."
    assert expected in says(found)


def test_the_change_is_of_the_most_downloaded_that_the_latest_run_saw() -> None:
    """A later run that saw nothing hides nothing."""
    graph = graph_in_memory(model("a/x", downloads=1), model("a/y", downloads=7))
    runs = [
        Run(
            sources=("hub",), started=f"2024-07-0{day}T00:00:00Z", ended=f"2024-07-0{day}T01:00:00Z"
        )
        for day in (1, 2, 3)
    ]
    for run in runs:
        record_run(graph.store, run)

    def change(id_: str, old: str, seen: str) -> Change:
        aspect = Aspect.LICENSE
        return Change(kind=Kind.MODEL, id=id_, aspect=aspect, old=(old,), new=("mit",), seen=seen)

    first, second, third = (
        change("a/y", "gpl", runs[0].ended),
        change("a/x", "cc0-1.0", runs[1].ended),
        change("a/y", "apache-2.0", runs[1].ended),
    )
    insert(graph.store, change_triples([first], runs[0].iri), HISTORY)
    insert(graph.store, change_triples([second, third], runs[1].iri), HISTORY)
    found = highlights_in(graph)

    assert Changed(a_model("a/y"), third, 2, is_all=True) == found.latest
    expected = "Its licence went from apache-2.0 to mit, seen on 2 July 2024 with 1 other change."
    assert [expected] == says(found)
