"""Strategies for hypothesis: records as hostile as the Hub's users, and then some."""

from __future__ import annotations

from hypothesis import strategies as st

from graph.model.licenses import licenses
from graph.model.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Evaluation,
    Gating,
    Issue,
    IssueKind,
    Kind,
    LicenseDeclaration,
    Model,
    Relation,
    Repository,
    Space,
)

__all__ = [
    "datasets",
    "derivations",
    "evaluations",
    "floats",
    "ids",
    "instants",
    "issues",
    "kinds",
    "license_declarations",
    "models",
    "repositories",
    "spaces",
    "texts",
    "wholes",
]

_HOSTILE = [
    "",
    " ",
    ".",
    "..",
    "/",
    "a/b/c",
    "a/tree/b",
    "a#owner",
    "datasets",
    "datasets/x",
    "spaces/x",
    "tasks",
    "tasks/x",
    "tree/x",
    "#license-0",
    "%2F",
    "%E0",
    '"',
    "\\",
    "\\u0041",
    '"@en',
    '"^^<x>',
    "<x> .\n<y>",
    "\x00\x1f\x7f\x85",
    "\u2028\ufffe\uffff",
    "é/漢",
    "\U0001f917",
]

texts = st.one_of(st.text(max_size=12), st.sampled_from(_HOSTILE))
"""Any text that can be encoded: no lone surrogates, which JSON cannot carry either."""

_plain = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
ids = st.one_of(st.builds("{}/{}".format, _plain, _plain), _plain, texts)
"""Ids of repositories: plausible ones, legacy ones without an owner, and any text."""

wholes = st.one_of(st.integers(0, 1000), st.integers(0), st.just(10**40))
floats = st.floats(allow_nan=False, allow_infinity=False)
instants = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
kinds = st.sampled_from(Kind)


def _some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3).map(tuple)


derivations = st.builds(
    Derivation,
    relation=st.sampled_from(Relation),
    target=st.none() | ids,
    raw=st.lists(texts, min_size=1, max_size=2).map(tuple),
    sources=st.lists(st.sampled_from(ClaimSource), min_size=1, max_size=2).map(tuple),
    position=wholes,
    aliased=st.booleans(),
)

license_declarations = st.builds(
    LicenseDeclaration,
    declared=texts,
    source=st.sampled_from(ClaimSource),
    field=texts,
    name=st.none() | texts,
    link=st.none() | texts,
    license=st.none() | st.sampled_from(list(licenses())),
)

evaluations = st.builds(
    Evaluation,
    task=st.none() | texts,
    dataset=st.none() | ids,
    dataset_declared=st.none() | texts,
    dataset_name=st.none() | texts,
    dataset_config=st.none() | texts,
    dataset_split=st.none() | texts,
    metric=st.none() | texts,
    metric_name=st.none() | texts,
    value=st.none() | floats,
    value_text=st.none() | texts,
    verified=st.none() | st.booleans(),
    source_url=st.none() | texts,
)

issues = st.builds(Issue, kind=st.sampled_from(IssueKind), field=texts, value=texts, where=texts)

_common = {
    "id": ids,
    "created": st.none() | instants,
    "modified": st.none() | instants,
    "downloads": st.none() | wholes,
    "downloads_all_time": st.none() | wholes,
    "likes": st.none() | wholes,
    "gating": st.none() | st.sampled_from(Gating),
    "disabled": st.none() | st.booleans(),
    "commit": st.none() | texts,
    "title": st.none() | texts,
    "new_version": st.none() | ids,
    "tasks": _some(texts),
    "languages": _some(texts),
    "papers": _some(texts),
    "derivations": st.lists(derivations, max_size=3).map(tuple),
    "licenses": st.lists(license_declarations, max_size=2).map(tuple),
    "issues": st.lists(issues, max_size=2).map(tuple),
}

models = st.builds(
    Model,
    **_common,
    library=st.none() | texts,
    parameters=st.none() | wholes,
    emissions=st.none() | floats,
    evaluations=st.lists(evaluations, max_size=2).map(tuple),
    spaces=_some(ids),
)
datasets = st.builds(Dataset, **_common, sizes=_some(texts))
spaces = st.builds(Space, **_common, sdk=st.none() | texts, models=_some(ids), datasets=_some(ids))
repositories: st.SearchStrategy[Repository] = st.one_of(models, datasets, spaces)
