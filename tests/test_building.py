"""Building a graph: the laws of adding and replacing, and what publishing promises."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import mkdtemp

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.build import building
from graph.build.building import Build, new_build
from graph.model import vocabulary as v
from graph.model.errors import GraphNotWritable, InvalidGraph
from graph.model.records import Dataset, Kind, Model, Repository, Space
from graph.store.builds import GraphInfo, build_directory, make_build
from graph.store.directory import publish, read_info
from graph.store.lineage_graph import LineageGraph
from tests import strategies as a
from tests.builders import dataset, derivation, license_, model, models, space
from tests.depth import dear
from tests.graphs import build_graph, fill, graph_in_memory, quads

POOL = ("acme/one", "acme/two", "other/one", "gpt2", "datasets/x")
"""Few ids, so that records replace, name and share what others have."""

_some = st.sets(st.sampled_from(POOL), max_size=3).map(sorted).map(tuple)
_relations = st.sampled_from(["finetune", "merge", "unspecified", "source", "trained_on"])
_common = {
    "id": st.sampled_from(POOL),
    "commit": st.none() | st.sampled_from(["01", "02"]),
    "new_version": st.none() | st.sampled_from(POOL),
    "papers": st.sampled_from([(), ("2307.09288",), ("2307.09288", "1706.03762")]),
    "tasks": st.sampled_from([(), ("text-generation",)]),
    "licenses": st.sampled_from([(), (license_("mit"),), (license_("mit"), license_("gpl-3.0"))]),
    "derivations": st.lists(
        st.builds("{}: {}".format, st.sampled_from(POOL), _relations).map(derivation), max_size=3
    ).map(tuple),
}
related = st.lists(
    st.one_of(
        st.builds(Model, **_common, library=st.none() | st.just("peft"), spaces=_some),
        st.builds(Dataset, **_common),
        st.builds(Space, **_common, models=_some, datasets=_some),
    ),
    max_size=6,
)
"""Records that have much to do with one another, some of the same repository."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the working files of builds."""
    return tmp_path_factory.mktemp("building")


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """Return where a graph may be made."""
    return tmp_path / "graph"


def begin(folder: Path, store: ox.Store, *, fresh: bool) -> Build:
    """Begin a build in a store in memory, with a place of its own for working files."""
    place = Path(mkdtemp(dir=folder))
    info = GraphInfo(build="000001")
    make_build(place, info.build)
    return Build(place, info, store, fresh=fresh)


def built(folder: Path, *runs: Sequence[Repository]) -> set[str]:
    """Return the quads after runs of ingestion, one over the other, in a store in memory."""
    store = ox.Store()
    for number, records in enumerate(runs):
        build = begin(folder, store, fresh=number == 0)
        fill(build, records)
        build.publish(())
    return set(map(str, store))


def declared(quads: Iterable[str]) -> set[str]:
    """Leave out summaries, findings and facts about licences, which follow from others."""
    derived = tuple(f"<{graph}>" for graph in (v.SUMMARIES, v.FINDINGS, v.LICENSES))
    return {quad for quad in quads if not quad.endswith(derived)}


def expected_quads(records: Sequence[Repository]) -> set[str]:
    """Return the quads of a graph that never held anything but the last record of each."""
    last = {(record.kind, record.id): record for record in records}
    return set(map(str, graph_in_memory(*last.values()).store))


# --- laws ---------------------------------------------------------------------------------------


@dear
@given(first=related, second=related)
def test_adding_to_a_graph_is_building_it_in_one_go(
    folder: Path, first: list[Repository], second: list[Repository]
) -> None:
    """Whatever a graph held of a repository before leaves no trace, in one run or in two."""
    expected = expected_quads([*first, *second])

    assert expected == built(folder, first, second)
    assert expected == built(folder, [*first, *second])


@dear
@given(st.lists(a.repositories, max_size=2), st.lists(a.repositories, max_size=2))
def test_hostile_records_obey_the_same_law(
    folder: Path, first: list[Repository], second: list[Repository]
) -> None:
    """No text in a record makes a build remove or keep what it should not."""
    assert expected_quads([*first, *second]) == built(folder, first, second)


@dear
@given(related)
def test_adding_twice_changes_nothing(folder: Path, records: list[Repository]) -> None:
    """The same records once more give the same graph."""
    assert built(folder, records) == built(folder, records, records)


@given(related)
def test_records_come_back(folder: Path, records: list[Repository]) -> None:
    """A build tells what it holds of a repository, and None of one that is only named."""
    build = begin(folder, ox.Store(), fresh=True)
    fill(build, records)
    last = {(record.kind, record.id): record for record in records}

    for kind in Kind:
        for name in POOL:
            assert last.get((kind, name)) == build.record(v.repository_iri(kind, name))


def test_the_law_holds_on_disk(graph: Path) -> None:
    """A store that was copied for the second run obeys it like one in memory."""
    old = [model("a/chat -> a/base: finetune", commit="01"), dataset("a/qa -> a/raw: source")]
    new = [model("a/chat -> a/other: merge", commit="02"), model("a/base"), space("a/demo")]
    build_graph(graph, *old)
    build_graph(graph, *new)

    assert quads(build_graph(graph.parent / "at once", *old, *new)) == quads(graph)


# --- replacing ----------------------------------------------------------------------------------


def test_a_repository_goes_with_what_it_alone_had(folder: Path) -> None:
    """Its claims and commit, its owner, paper, licence and reference go; what is shared stays."""
    mit, gpl = license_("mit"), license_("gpl-3.0")
    shared = {"tasks": ("text-generation",), "papers": ("1706.03762",)}
    before = [
        model("own/x -> a/base: finetune", licenses=(mit,), **shared),
        model("a/y -> lost/only: merge, lost/both: merge", new_version="lost/next"),
        model(
            "b/z -> lost/both: merge", licenses=(gpl, mit), library="peft", commit="01", **shared
        ),
    ]
    gone = declared(built(folder, before) - built(folder, before, [model("b/z")]))
    nodes = {quad.partition("> ")[0].removeprefix("<") for quad in gone}
    b_z = v.repository_iri(Kind.MODEL, "b/z")

    assert {
        b_z,
        v.commit_iri(b_z, "01"),
        v.library_iri("peft"),
        v.license_iri("gpl-3.0", "GPL-3.0-only"),
    } == {node for node in nodes if not node.startswith(f"{b_z}#")}
    assert 3 == sum(node.startswith(f"{b_z}#") for node in nodes)  # two licences and a parent


def test_a_reference_lasts_as_long_as_somebody_names_it(folder: Path) -> None:
    """Of two that name it one may stop; when the other does, too, it is gone."""
    both = models("a/x -> lost/base: merge", "a/y -> lost/base: merge")
    reference = f"<{v.repository_iri(Kind.MODEL, 'lost/base')}> <{v.RDF.type}>"

    def named(*runs: list[Model]) -> bool:
        return any(quad.startswith(reference) for quad in built(folder, *runs))

    assert named(both, models("a/x"))
    assert not named(both, models("a/x"), models("a/y"))


def test_a_reference_becomes_the_repository(folder: Path) -> None:
    """When the record arrives, everything that was said of the mere name vanishes."""
    child, parent = models("a/x -> a/base: finetune", "a/base")
    subject = f"<{v.repository_iri(Kind.MODEL, 'a/base')}>"
    before = declared(quad for quad in built(folder, [child]) if quad.startswith(subject))
    after = built(folder, [child], [parent])

    assert any(f"<{v.REMIX.RepositoryReference}>" in quad for quad in before)
    assert {f'{subject} <{v.DCTERMS.identifier}> "a/base"'} == before & after


# --- publishing ---------------------------------------------------------------------------------


def test_a_publication_counts_and_names_its_sources_once(graph: Path) -> None:
    """Counts are those of the whole graph; a source that comes again is not listed again."""
    for records in (models("a/x", "a/y -> a/z: merge"), [model("a/x"), dataset("a/x")]):
        build_graph(graph, *records)
    info = read_info(graph)

    assert info is not None
    assert (2, 1, 0) == (info.models, info.datasets, info.spaces)
    assert ("records of a test",) == info.sources


def test_a_build_that_starts_afresh_forgets(graph: Path) -> None:
    """Starting from nothing, a build has only what it is given; the ontology is always there."""
    build_graph(graph, model("a/x"))
    with new_build(graph, fresh=True) as build:
        fill(build, [model("a/y")])
        build.publish(["afresh"])

    assert quads(build_graph(graph.parent / "other", model("a/y"))) == quads(graph)
    assert ("afresh",) == getattr(read_info(graph), "sources", None)


def test_a_build_can_be_restored_from_a_file(graph: Path) -> None:
    """It then holds what the file does, in all graphs, and keeps nothing of what it held."""
    lines = "".join(f"{quad} .\n" for quad in quads(build_graph(graph, model("a/x"))))
    other = build_graph(graph.parent / "other", model("a/y"))
    with new_build(other) as build:
        file = build.work / "graph.nq"
        file.write_text(lines, encoding="utf-8")
        build.restore(file, vocabulary="0.0.1")
        build.publish(["a file"])
    info = read_info(other)

    assert quads(graph) == quads(other)
    assert info is not None
    assert (1, "0.0.1", ("a file",)) == (info.models, info.vocabulary, info.sources)


def test_an_interruption_right_after_publishing_keeps_the_graph(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C that arrives when the new build is already in force does not take it away."""
    build_graph(graph, model("a/x"))

    def publish_and_stop(directory: Path, info: GraphInfo) -> None:
        publish(directory, info)
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "publish", publish_and_stop)
    with pytest.raises(KeyboardInterrupt):
        build_graph(graph, model("a/y"))

    with LineageGraph.open(graph) as opened:
        assert 2 == opened.info.models
    assert ["000002"] == [path.name for path in (graph / "builds").iterdir()]


def test_a_failure_while_publishing_keeps_the_old_graph(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the last moment costs the new build only."""
    build_graph(graph, model("a/x"))
    before = quads(graph)

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(GraphNotWritable, match="no space left"):
            build_graph(graph, model("a/y"))

    assert before == quads(graph)
    assert ["000001"] == [path.name for path in (graph / "builds").iterdir()]
    build_graph(graph, model("a/y"))
    assert [".lock", "builds", "graph.json"] == sorted(path.name for path in graph.iterdir())


@pytest.mark.parametrize(
    "target",
    [
        "graph.store.builds.sync_all",
        "graph.store.builds.replace_document",
        "graph.build.building.publish",
    ],
)
def test_a_disk_that_is_full_at_the_end_keeps_the_old_graph(
    graph: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """Be it for the last of the build, for its build.json or for graph.json: nothing is lost."""
    build_graph(graph, model("a/x"))
    before = quads(graph), (graph / "graph.json").read_bytes()

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(target, fail)
        with pytest.raises(GraphNotWritable, match="No space left on device"):
            build_graph(graph, model("a/y"))

    assert before == (quads(graph), (graph / "graph.json").read_bytes())
    assert ["000001"] == [path.name for path in (graph / "builds").iterdir()]


def test_a_build_that_cannot_be_read_back_keeps_the_old_one(
    graph: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a bad disk makes of the new build is told at once, and how to go on with the old one."""
    build_graph(graph, model("a/x"))
    before = quads(graph)

    def publish_and_rot(directory: Path, info: GraphInfo) -> None:
        publish(directory, info)
        for file in build_directory(directory, info.build).glob("store/CURRENT"):
            file.write_bytes(b"rot")

    with monkeypatch.context() as patch:
        patch.setattr(building, "publish", publish_and_rot)
        with pytest.raises(InvalidGraph, match=r"000002 cannot be read: remove .* 000001, which"):
            build_graph(graph, model("a/y"))

    assert {"000001", "000002"} == {path.name for path in (graph / "builds").iterdir()}
    shutil.rmtree(graph / "builds" / "000002")
    (graph / "graph.json").unlink()
    assert before == quads(graph)


def test_a_build_says_of_itself_what_the_graph_says(graph: Path) -> None:
    """Its build.json is what graph.json was when it named the build."""
    build_graph(graph, model("a/x"))
    told = (graph / "builds" / "000001" / "build.json").read_bytes()

    assert (graph / "graph.json").read_bytes() == told
