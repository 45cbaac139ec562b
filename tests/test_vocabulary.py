"""The two-way street between ids and IRIs."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.model import vocabulary as v
from graph.model.records import ClaimSource, Gating, IssueKind, Kind, Relation
from tests import strategies as a

NAMESPACES = (v.REMIX, v.FAIR4ML, v.DCAT, v.SCHEMA, v.CC)

# --- repositories -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "id_", "iri"),
    [
        (Kind.MODEL, "gpt2", "https://huggingface.co/gpt2"),
        (Kind.MODEL, "acme/Chat-7B_v1.5", "https://huggingface.co/acme/Chat-7B_v1.5"),
        (Kind.DATASET, "acme/qa", "https://huggingface.co/datasets/acme/qa"),
        (Kind.SPACE, "acme/demo", "https://huggingface.co/spaces/acme/demo"),
        (Kind.MODEL, "acme/été", "https://huggingface.co/acme/%C3%A9t%C3%A9"),
        (Kind.MODEL, "a/b/c", "https://huggingface.co/a/b%2Fc"),
        (Kind.MODEL, "a/tree", "https://huggingface.co/a/tree"),
        (Kind.MODEL, "datasets/qa", "https://huggingface.co/%64%61%74%61%73%65%74%73/qa"),
        (Kind.MODEL, "..", "https://huggingface.co/%2E%2E"),
        (Kind.MODEL, "acme/..", "https://huggingface.co/acme/%2E%2E"),
    ],
)
def test_a_repository_is_its_address(kind: Kind, id_: str, iri: str) -> None:
    """The IRI of a repository is its address on the Hub; what could mislead is encoded."""
    assert iri == v.repository_iri(kind, id_)


@given(kind=a.kinds, id_=a.ids)
def test_ids_survive(kind: Kind, id_: str) -> None:
    """Any id, however hostile, comes back from its IRI, with its kind."""
    assert (kind, id_) == v.parse_repository_iri(v.repository_iri(kind, id_))


@given(
    iri=st.sampled_from(["", "datasets/", "spaces/", "tasks/"]).flatmap(
        lambda folder: a.texts.map(lambda rest: v.HUB + folder + rest)
    )
)
def test_only_what_is_given_is_read(iri: str) -> None:
    """An IRI that is read as a repository's is the very IRI of that repository."""
    parsed = v.parse_repository_iri(iri)

    assert parsed is None or iri == v.repository_iri(*parsed)


@pytest.mark.parametrize(
    "iri",
    [
        "https://example.org/acme/chat",
        str(v.TASK_SCHEME),
        "https://huggingface.co/datasets",
        "https://huggingface.co/acme/chat/blob/main/README.md",
        "https://huggingface.co/acme/%c3%a9",
        v.task_iri("text-generation"),
        v.owner_iri("acme"),
        v.commit_iri("https://huggingface.co/acme/chat", "0a1b"),
        v.claim_iri("https://huggingface.co/acme/chat", "issue", 1),
    ],
)
def test_other_addresses_are_no_repository(iri: str) -> None:
    """Tasks, owners, commits, claims, files and ids spelt otherwise are not repositories."""
    assert v.parse_repository_iri(iri) is None


# --- the other nodes ----------------------------------------------------------------------------


@given(text=a.texts)
@example("acme/chat")
def test_names_survive(text: str) -> None:
    """Owners, papers, tasks, libraries and commits come back from their IRIs."""
    repository = v.repository_iri(Kind.MODEL, "acme/chat")

    assert [text] * 5 == [
        v.parse_owner_iri(v.owner_iri(text)),
        v.parse_paper_iri(v.paper_iri(text)),
        v.parse_task_iri(v.task_iri(text)),
        v.parse_library_iri(v.library_iri(text)),
        v.parse_commit_iri(v.commit_iri(repository, text)),
    ]


@given(kind=a.kinds, id_=a.ids, text=a.texts)
def test_iris_are_valid(kind: Kind, id_: str, text: str) -> None:
    """Oxigraph takes every IRI as it is."""
    repository = v.repository_iri(kind, id_)
    iris = [
        repository,
        v.commit_iri(repository, text),
        v.claim_iri(repository, "issue", text),
        v.owner_iri(text),
        v.paper_iri(text),
        v.task_iri(text),
        v.library_iri(text),
        v.license_iri(text, None),
        v.run_iri("0a1b"),
        v.snapshot_iri("0a1b"),
    ]

    ox.parse("".join(f"<{iri}> <x:p> <{iri}> .\n" for iri in iris), ox.RdfFormat.N_TRIPLES)
    assert iris == [ox.NamedNode(iri).value for iri in iris]


_nodes = st.one_of(
    st.tuples(a.kinds, a.ids),
    st.tuples(st.just("owner"), a.texts),
    st.tuples(st.just("task"), a.texts),
    st.tuples(st.just("paper"), a.texts),
    st.tuples(st.just("library"), a.texts),
    st.tuples(st.just("license"), a.texts),
    st.tuples(st.just("commit"), a.kinds, a.ids, a.texts),
    st.tuples(st.just("claim"), a.kinds, a.ids, a.texts | st.none(), a.texts | st.none()),
)


def _iri(node: tuple[str, ...]) -> str:
    match node:
        case ("commit", kind, id_, sha):
            return v.commit_iri(v.repository_iri(Kind(kind), id_), sha)
        case ("claim", kind, id_, *key):
            return v.claim_iri(v.repository_iri(Kind(kind), id_), "issue", *key)
        case ("license", key):
            return v.license_iri(key, None)
        case (Kind() as kind, id_):
            return v.repository_iri(kind, id_)
        case (word, text):
            iri: str = getattr(v, f"{word}_iri")(text)
            return iri
    raise AssertionError(node)


@given(st.lists(_nodes, unique=True, max_size=8))
@example([(Kind.MODEL, "gpt2"), ("owner", "gpt2"), (Kind.MODEL, "gpt2#owner")])
@example([(Kind.MODEL, "datasets/qa"), (Kind.DATASET, "qa")])
@example([(Kind.MODEL, "tasks/x"), ("task", "x")])
@example([(Kind.MODEL, "gpt2/tree/0a"), ("commit", Kind.MODEL, "gpt2", "0a")])
@example([(Kind.MODEL, "a/tree"), ("commit", Kind.MODEL, "a", "")])
@example([("claim", Kind.MODEL, "a", None, "x"), ("claim", Kind.MODEL, "a", "", "x")])
@example([("claim", Kind.MODEL, "a", "\x1f", ""), ("claim", Kind.MODEL, "a", "", "\x1f")])
@example([("library", "x"), ("license", "x")])
def test_no_two_nodes_share_an_iri(nodes: list[tuple[str, ...]]) -> None:
    """Different nodes have different IRIs, whatever their kinds and names."""
    assert len(nodes) == len({_iri(node) for node in nodes})


def test_a_licence_of_spdx_has_its_iri() -> None:
    """A licence has the IRI of SPDX where it has one, else one of ours."""
    assert "http://spdx.org/licenses/MIT" == v.license_iri("mit", "MIT")
    assert "https://w3id.org/remixgraph/license/gemma" == v.license_iri("gemma", None)


# --- what belongs to a repository ---------------------------------------------------------------


@given(kind=a.kinds, id_=a.ids, other=a.ids, text=a.texts)
def test_parts_are_owned_by_their_repository_alone(
    kind: Kind, id_: str, other: str, text: str
) -> None:
    """Claims and commits of a repository are its own; other repositories and owners are not."""
    repository = v.repository_iri(kind, id_)
    parts = [v.claim_iri(repository, "issue", text), v.commit_iri(repository, text)]
    strangers = [repository, v.owner_iri(id_), v.repository_iri(kind, other), v.task_iri(text)]

    assert all(v.is_owned_by(part, repository) for part in parts)
    assert not any(v.is_owned_by(node, repository) for node in strangers)
    if other != id_:
        assert not any(v.is_owned_by(part, v.repository_iri(kind, other)) for part in parts)


# --- terms --------------------------------------------------------------------------------------


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_namespaces_are_closed(namespace: type) -> None:
    """A misspelt term is an error at once."""
    with pytest.raises(AttributeError):
        _ = namespace.Modell  # type: ignore[attr-defined]


def test_prefixes_end_where_names_begin() -> None:
    """Every prefix stands for an IRI that a name can follow."""
    assert [] == [name for name, iri in v.PREFIXES.items() if iri[-1] not in "#/"]


def test_every_relation_has_its_own_shortcut_and_concept() -> None:
    """No two relations share a property or a concept."""
    assert len(Relation) == len({v.relation_shortcut(relation) for relation in Relation})
    assert len(Relation) == len({v.relation_iri(relation) for relation in Relation})


def test_concepts_are_ours() -> None:
    """The concept of every member of an enum lies in our namespace."""
    concepts = [
        *map(v.relation_iri, Relation),
        *map(v.claim_source_iri, ClaimSource),
        *map(v.gating_iri, Gating),
        *map(v.issue_kind_iri, IssueKind),
    ]

    assert len(concepts) == len(set(concepts))
    assert [] == [iri for iri in concepts if not iri.startswith(v.PREFIXES["remix"])]


def test_all_is_sorted() -> None:
    """The public names are listed in order, and exist."""
    assert sorted(v.__all__) == v.__all__
    assert [] == [name for name in v.__all__ if not hasattr(v, name)]
