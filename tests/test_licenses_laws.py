"""What must hold of the licence engine for every lineage, cycles and gaps included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from graph.licenses.engine import find, find_all
from graph.licenses.inheritance import inherit, lineage_of
from graph.licenses.obligations import Burden, Mark, own_burdens, pass_on
from graph.licenses.verdict import Context, Use, judge
from graph.licenses.views import Artefact, LicenseView, Parent, reference
from graph.model.records import Gating, Kind, Relation
from tests.depth import dear
from tests.licensing import Views, declare

LICENSES = [
    "",
    "other",
    "mit",
    "apache-2.0",
    "cc",
    "gpl",
    "gpl-3.0",
    "agpl-3.0",
    "mpl-2.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nd-4.0",
    "cc-by-nc-sa-4.0",
    "llama2",
    "llama3",
    "llama3.1",
    "llama3.2",
    "llama4",
    "gemma",
    "openrail++",
    "intel-research",
    "other:exaone",
    "other:qwen",
    "other:flux-1-dev-nc",
    "mit|gpl-3.0",
    "cc-by-nc-4.0|apache-2.0",
    "mit|other",
]
RESTRICTIVE = [text for text in LICENSES if text not in {"", "mit", "apache-2.0"}]
RELATIONS = {
    (child, parent): tuple(
        one for one in Relation if one.target_kind is parent and child in one.row.claim.children
    )
    for child in (Kind.MODEL, Kind.DATASET)
    for parent in (Kind.MODEL, Kind.DATASET)
}
CONTEXTS = [Context(), Context(territory="DE"), Context(mau=800_000_000)]

parts = st.tuples(
    st.sampled_from([Kind.MODEL, Kind.MODEL, Kind.DATASET]),
    st.sampled_from(LICENSES),
    st.sampled_from([None, Gating.NONE, Gating.MANUAL]),
    st.booleans(),
)


@st.composite
def lineages(draw: st.DrawFn) -> Views:
    """Draw a few artefacts with any steps between them; the last parents may be unknown."""
    drawn = draw(st.lists(parts, min_size=2, max_size=7))
    artefacts = [Artefact(kind, f"acme/m{number}") for number, (kind, *_) in enumerate(drawn)]
    views = {
        artefact: LicenseView(
            artefact=artefact,
            declarations=declare(license_text),
            parents=draw(st.lists(_parents(artefact, artefacts), max_size=3).map(tuple)),
            gating=gating,
            is_multimodal=is_multimodal,
        )
        for artefact, (_, license_text, gating, is_multimodal) in zip(artefacts, drawn, strict=True)
    }
    for gone in draw(st.sets(st.sampled_from(artefacts[1:]), max_size=1)):
        del views[gone]
    return views


def _parents(child: Artefact, artefacts: list[Artefact]) -> st.SearchStrategy[Parent]:
    def step(parent: Artefact) -> st.SearchStrategy[Parent]:
        relations = RELATIONS[child.kind, parent.kind]
        return st.sampled_from(relations).map(lambda relation: Parent(relation, parent))

    return st.sampled_from(artefacts).flatmap(step)


@given(lineages(), st.data())
def test_a_restrictive_ancestor_never_improves_a_verdict(views: Views, data: st.DataObject) -> None:
    """Whatever is added above an artefact moves its answers towards no, or leaves them."""
    focus = next(iter(views))
    above = [one for one in lineage_of(focus, views.get) if one in views]
    child = views[data.draw(st.sampled_from(above))]
    added = Artefact(data.draw(st.sampled_from([Kind.MODEL, Kind.DATASET])), "acme/added")
    relation = data.draw(st.sampled_from(RELATIONS[child.artefact.kind, added.kind]))
    more = dict(views)
    more[added] = LicenseView(
        artefact=added, declarations=declare(data.draw(st.sampled_from(RESTRICTIVE)))
    )
    more[child.artefact] = replace(child, parents=(*child.parents, Parent(relation, added)))
    before, after = inherit(views), inherit(more)
    for context in CONTEXTS:
        for use in Use:
            worse = judge(after, focus, use, context).answer

            assert judge(before, focus, use, context).answer.rank <= worse.rank


@given(lineages())
def test_the_order_of_parents_changes_nothing(views: Views) -> None:
    """Neither the order of the parents nor that of the artefacts shows in any finding."""
    turned = {
        artefact: replace(views[artefact], parents=views[artefact].parents[::-1])
        for artefact in reversed(views)
    }

    assert dict(find_all(views)) == dict(find_all(turned))
    for use in Use:
        for artefact in views:
            verdict = judge(inherit(turned), artefact, use)
            assert judge(inherit(views), artefact, use) == verdict


@given(lineages())
def test_an_artefacts_own_lineage_is_enough(views: Views) -> None:
    """What is found in the whole graph is found in the ancestors' sub-graph alone."""
    for artefact, found in find_all(views):
        alone = inherit(lineage_of(artefact, views.get))

        assert found == find(alone, artefact)


@given(lineages())
def test_a_path_leads_along_the_lineage(views: Views) -> None:
    """Each step of a path is a step of the lineage, by its relation."""
    for artefact, found in find_all(views):
        for finding in found:
            steps = zip(pairwise(finding.path), finding.relations, strict=True)

            assert artefact == finding.path[0]
            assert all(Parent(how, parent) in views[one].parents for (one, parent), how in steps)


@given(lineages())
def test_burdens_are_those_of_all_paths_up(views: Views) -> None:
    """In a lineage without cycles, walking every path by itself gives the same, and the lengths."""
    order = list(views)
    straight = {
        one: replace(view, parents=tuple(p for p in view.parents if _is_later(order, one, p)))
        for one, view in views.items()
    }
    inheritance = inherit(straight)
    for artefact in straight:
        expected: dict[Burden, int] = {}
        for burden, length in _walk(straight, artefact):
            expected[burden] = min(length, expected.get(burden, length))
        actual = {
            burden: step.length
            for burden, step in inheritance.burdens(artefact).items()
            if burden.mark not in {Mark.CONFLICT, Mark.MIXED}
        }

        assert expected == actual


def _is_later(order: list[Artefact], child: Artefact, parent: Parent) -> bool:
    return parent.artefact not in order or order.index(child) < order.index(parent.artefact)


def _walk(views: Views, artefact: Artefact) -> Iterator[tuple[Burden, int]]:
    """Yield what an artefact carries by every single path, with the path's length."""
    view = views.get(artefact) or reference(artefact)
    yield from ((burden, 0) for burden in own_burdens(view))
    for parent in view.parents:
        if parent.artefact is not None:
            for carried, length in _walk(views, parent.artefact):
                if burden := pass_on(carried, parent.relation):
                    yield burden, length + 1


@dear
@given(st.integers(2, 6), st.sampled_from(["cc-by-nc-4.0", "llama2"]))
def test_a_long_chain_and_a_ring_end(length: int, license_text: str) -> None:
    """Nothing recurses: chains of thousands and rings of any size come to an end."""
    for size, is_ring in ((length, True), (3_000, False)):
        names = [Artefact(Kind.MODEL, f"acme/m{number:05}") for number in range(size)]
        following = [*names[1:], names[0]] if is_ring else names[1:]
        views = {
            child: LicenseView(
                artefact=child,
                declarations=declare("mit"),
                parents=(Parent(Relation.FINETUNE, parent),),
            )
            for child, parent in zip(names, following, strict=False)
        }
        views[names[-1]] = replace(
            views.get(names[-1], LicenseView(artefact=names[-1])),
            declarations=declare(license_text),
        )
        (grave, *_) = find(inherit(views), names[0])

        assert names[-1] == grave.path[-1]
        assert size == len(grave.path)
