"""History: which differences between two records are changes, and how they are kept."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from msgspec.structs import replace

from graph.model import vocabulary as v
from graph.model.records import Aspect, Gating, Kind, Model, Repository, Resolution
from graph.rdf.editing import insert
from graph.rdf.history import Change, change_triples, changes_of, compare, existence
from tests.builders import dataset, license_, model

RUN = v.run_iri("1")


def aspects(old: Repository, new: Repository) -> dict[Aspect, tuple[tuple[str, ...], ...]]:
    """Return what changed: the values before and after of each aspect."""
    return {change.aspect: (change.old, change.new) for change in compare(old, new)}


def test_the_same_record_has_no_history() -> None:
    """Nothing changed, nothing to tell; downloads and likes are not history."""
    old = model("a/chat -> a/base: finetune", downloads=1)

    assert {} == aspects(old, replace(old, downloads=2, likes=5))


def test_a_new_parent_is_a_change_of_parents_only() -> None:
    """The values are all parents before and after, with their relations."""
    old, new = model("a/chat -> a/base: finetune"), model("a/chat -> b/base: merge")

    assert {Aspect.PARENTS: (("finetune:a/base",), ("merge:b/base",))} == aspects(old, new)


def test_another_relation_to_the_same_parent_is_a_change_of_relation() -> None:
    """The parents stay what they are."""
    old, new = model("a/chat -> a/base: finetune"), model("a/chat -> a/base: merge")

    assert {Aspect.RELATION: (("finetune:a/base",), ("merge:a/base",))} == aspects(old, new)


def test_parents_and_relation_may_change_at_once() -> None:
    """A parent that stays under another relation is told apart from one that is new."""
    old = model("a/chat -> a/base: finetune")
    new = model("a/chat -> a/base: merge, b/base: merge")

    assert {
        Aspect.PARENTS: (("finetune:a/base",), ("merge:a/base", "merge:b/base")),
        Aspect.RELATION: (("finetune:a/base",), ("merge:a/base",)),
    } == aspects(old, new)


def test_what_a_model_was_trained_on_is_no_parent() -> None:
    """Training data is used, not derived from; the sources of a dataset are its parents."""
    old, new = model("a/chat"), model("a/chat -> a/qa: trained_on")

    assert {} == aspects(old, new)
    assert {Aspect.PARENTS: ((), ("source:a/raw",))} == aspects(
        dataset("a/qa"), dataset("a/qa -> a/raw: source")
    )


def test_a_parent_that_is_no_repository_is_named_as_declared() -> None:
    """A path counts as a parent by what the card says."""
    claim = replace(model("a/x -> a/y: merge").derivations[0], target=None, raw=("./local",))

    assert {Aspect.PARENTS: ((), ("merge:./local",))} == aspects(
        model("a/x"), model("a/x", derivations=(claim,))
    )


def test_licences_are_compared_by_what_they_resolve_to_and_by_name() -> None:
    """Another spelling is no change; another name behind 'other' is one."""
    old = model("a/x", licenses=(license_("mit", declared="MIT"),))
    other = license_("other", name="llama3")
    renamed = license_("other", name="custom")

    assert {} == aspects(old, model("a/x", licenses=(license_("mit"),)))
    assert {Aspect.LICENSE: (("mit",), ())} == aspects(old, model("a/x"))
    assert {Aspect.LICENSE: (("other", "other (llama3)"), ("other", "other (custom)"))} == aspects(
        model("a/x", licenses=(other,)), model("a/x", licenses=(renamed,))
    )


def test_gating_that_is_not_said_is_no_change() -> None:
    """A dump without the field says nothing about it."""
    silent, gated = model("a/x"), model("a/x", gating=Gating.MANUAL)

    assert {} == aspects(silent, gated) | aspects(gated, silent)
    assert {Aspect.GATING: (("none",), ("manual",))} == aspects(
        model("a/x", gating=Gating.NONE), gated
    )


def test_a_new_version_and_the_end_of_a_repository_are_changes() -> None:
    """Both are told with what was there before."""
    gone = model("a/x", status=Resolution.MISSING)

    assert {Aspect.NEW_VERSION: ((), ("a/y",))} == aspects(
        model("a/x"), model("a/x", new_version="a/y")
    )
    assert {Aspect.EXISTENCE: (("Resolved",), ("NotFoundOrNoAccess",))} == aspects(
        model("a/x"), gone
    )


@pytest.mark.parametrize("aspect", Aspect)
def test_events_come_back_as_they_were_written(aspect: Aspect) -> None:
    """Each aspect has its concept; values are sorted, and may be hostile."""
    change = Change(
        kind=Kind.MODEL,
        id="a/x",
        aspect=aspect,
        old=("a", 'say "hi"\n'),
        new=(),
        seen="2026-05-01T00:00:00Z",
    )
    store = ox.Store()
    insert(store, change_triples([change], RUN), v.HISTORY)

    assert [change] == changes_of(store) == changes_of(store, v.repository_iri(Kind.MODEL, "a/x"))


def test_history_is_in_the_order_in_which_it_was_seen() -> None:
    """The same change seen twice is two events; written twice it is one."""
    old, new = model("a/x"), model("a/x", new_version="a/y")
    first, second = (
        replace(next(compare(old, new)), seen=f"2026-05-0{day}T00:00:00Z") for day in (1, 2)
    )
    store = ox.Store()
    for _ in range(2):
        insert(store, change_triples([second, first], RUN), v.HISTORY)

    assert [first, second] == changes_of(store)


def test_existence_names_the_two_states() -> None:
    """What appears or vanishes has no two records to compare."""
    change = existence(Model(id="a/x"), Resolution.RESOLVED, Resolution.RENAMED)

    assert (("Resolved",), ("Renamed",)) == (change.old, change.new)
