"""From a store to the tables: for a graph that came as a snapshot, or without its tables.

Each property is scanned once. The law: what is read here equals, to the byte, what the records
that the store was loaded from give directly (``recording``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.licenses import licenses_by_iri
from graph.model.records import ClaimSource, Gating, IssueKind, Kind, Relation, Resolution
from graph.model.relations import LINKS
from graph.rdf.properties import CLASSES, repository_id
from graph.rdf.terms import iri_value
from graph.tables.columns import read_column, read_pairs
from graph.tables.schema import KINDS, SCHEMAS, Tables
from graph.tables.uniting import unite

__all__ = ["read_tables"]

Pairs = dict[str, pa.Table]

_KINDS = {iri_value(class_): kind for kind, class_ in CLASSES.items()}
_PLAIN = {
    "created": v.DCTERMS.created,
    "modified": v.DCTERMS.modified,
    "downloads": v.REMIX.downloads,
    "likes": v.REMIX.likes,
    "parameters": v.REMIX.parameters,
    "library": v.REMIX.library,
    "gating": v.REMIX.gated,
    "state": v.REMIX.resolutionStatus,
    "new_version": v.REMIX.newVersion,
}
_USES = {
    Kind.SPACE: v.REMIX.usedBySpace,
    Kind.MODEL: v.REMIX.usesModel,
    Kind.DATASET: v.REMIX.usesDataset,
}
_LINKS = {
    "derivations": tuple(map(v.expand, LINKS)),
    "licenses": (v.REMIX.licenseDeclaration,),
    "evaluations": (v.REMIX.evaluation,),
    "issues": (v.REMIX.issue,),
}
_CLAIMS = {
    "relation": v.REMIX.relation,
    "parent": v.PROV.entity,
    "raw": v.REMIX.rawValue,
    "sources": v.REMIX.relationSource,
    "position": v.REMIX.position,
    "aliased": v.REMIX.resolvedBy,
    "declared": v.REMIX.declaredLicense,
    "field": v.REMIX.declaredIn,
    "name": v.REMIX.licenseName,
    "link": v.REMIX.licenseLink,
    "license": v.REMIX.resolvesTo,
    "dataset": v.FAIR4ML.evaluatedOn,
    "task": v.REMIX.evaluationTask,
    "metric": v.REMIX.metric,
    "value": v.REMIX.score,
    "issue_kind": v.REMIX.issueKind,
    "issue_field": v.REMIX.field,
    "issue_value": v.REMIX.offendingValue,
}
_LICENSES = {iri: entry.key for iri, entry in licenses_by_iri().items()}


def _codes(members: Iterable[Any], to_iri: Callable[[Any], str]) -> dict[str, int]:
    return {str(to_iri(member)): code for code, member in enumerate(members)}


_RELATIONS = _codes(Relation, v.relation_iri)
_SOURCES = _codes(ClaimSource, v.claim_source_iri)
_GATINGS = _codes(Gating, v.gating_iri)
_STATES = _codes(Resolution, v.resolution_iri)
_ISSUE_KINDS = _codes(IssueKind, v.issue_kind_iri)


def read_tables(store: ox.Store) -> Tables:
    """Return the tables of everything that a store holds; it may be in use elsewhere."""
    return unite([_Reader(store).tables()])


class _Reader:
    """What was read of a store, and the repositories in it, by their numbers here."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        properties = [*_PLAIN.values(), *_USES.values(), *_CLAIMS.values(), v.FAIR4ML.mlTask]
        properties += [v.SCHEMA.inLanguage, *(link for links in _LINKS.values() for link in links)]
        self.pairs = read_pairs(store, map(str, properties))
        known = [read_column(store, "instances", **{"class": class_}) for class_ in _KINDS]
        self.known = pa.concat_arrays([table["repository"].combine_chunks() for table in known])
        named = [self._of(v.PROV.entity)["value"], self._of(v.FAIR4ML.evaluatedOn)["value"]]
        named += [self._of(use)["value"] for use in _USES.values()]
        named.append(self._of(v.REMIX.newVersion)["value"])
        every = pa.chunked_array([self.known, *(chunk for one in named for chunk in one.chunks)])
        self.iris = pc.unique(every)  # those that are held come first

    def tables(self) -> Tables:
        """Return everything as tables that are not yet in the one order."""
        return Tables(
            repositories=self._repositories(),
            derivations=self._derivations(),
            licenses=self._licenses(),
            tasks=self._words("tasks", "task", v.FAIR4ML.mlTask, v.parse_task_iri),
            languages=self._words("languages", "language", v.SCHEMA.inLanguage, str),
            evaluations=self._evaluations(),
            uses=self._uses(),
            issues=self._issues(),
            answers=self._answers(),
        )

    def _of(self, property_: str) -> pa.Table:
        return self.pairs[str(property_)]

    def _numbers(self, iris: pa.ChunkedArray) -> pa.Array:
        return _whole(pc.index_in(iris, self.iris))

    def _repositories(self) -> pa.Table:
        kinds, ids = _parsed(self.iris)
        plain = {
            name: _beside(self.iris, self._of(property_)) for name, property_ in _PLAIN.items()
        }
        columns = {
            "id": ids,
            "kind": kinds,
            "known": pa.array(np.arange(len(self.iris)) < len(self.known)),
            **{name: _dates(plain[name]) for name in ("created", "modified")},
            **{name: _counts(plain[name]) for name in ("downloads", "likes", "parameters")},
            "library": _renamed(plain["library"], v.parse_library_iri),
            "gating": _coded(plain["gating"], _GATINGS),
            "state": _coded(plain["state"], _STATES),
            "new_version": self._numbers(plain["new_version"]),
        }
        return _table("repositories", columns)

    def _derivations(self) -> pa.Table:
        owners, claims = self._claims("derivations")
        relation = _coded(self._said(claims, "relation"), _RELATIONS)
        parent = self._said(claims, "parent")
        raw = _lists(claims, self._of(_CLAIMS["raw"]))
        columns = {
            "child": owners,
            "relation": relation,
            "parent": self._numbers(parent),
            "raw": raw,
            "sources": _bits(claims, self._of(_CLAIMS["sources"]), _SOURCES),
            "position": pc.fill_null(
                pc.min_element_wise(
                    _counts(self._said(claims, "position")), 2**31 - 1, skip_nulls=False
                ),
                0,
            ),
            "aliased": pc.is_valid(self._said(claims, "aliased")),
        }
        ranks = _alphabetical(Relation)[relation.to_numpy()]
        targets = _ranks(_parsed_ids(parent))
        said = _ranks(pc.if_else(pc.is_null(parent), pc.binary_join(raw, "\0"), ""))
        return _table("derivations", columns, (said, targets, ranks, owners.to_numpy()))

    def _licenses(self) -> pa.Table:
        owners, claims = self._claims("licenses")
        names = ("declared", "field", "name", "link", "license")
        said = {name: self._said(claims, name) for name in names}
        said["field"] = pc.fill_null(said["field"], "license")  # a default is not written
        source = _coded(self._said(claims, "sources"), _SOURCES)
        columns = {
            "repository": owners,
            "source": source,
            **{name: said[name].dictionary_encode() for name in names[:-1]},
            "license": _renamed(said["license"], _LICENSES.__getitem__),
        }
        keys = [_ranks(said[name]) for name in ("link", "name", "field")]
        keys += [_alphabetical(ClaimSource)[source.to_numpy()], _ranks(said["declared"])]
        return _table("licenses", columns, (*keys, owners.to_numpy()))

    def _evaluations(self) -> pa.Table:
        owners, claims = self._claims("evaluations")
        columns = {
            "repository": owners,
            "dataset": self._numbers(self._said(claims, "dataset")),
            "task": self._said(claims, "task").dictionary_encode(),
            "metric": self._said(claims, "metric").dictionary_encode(),
            "value": self._said(claims, "value").cast(pa.float64()),
        }
        return _table("evaluations", columns)

    def _issues(self) -> pa.Table:
        owners, claims = self._claims("issues")
        kind = _coded(self._said(claims, "issue_kind"), _ISSUE_KINDS)
        field, value = self._said(claims, "issue_field"), self._said(claims, "issue_value")
        columns = {
            "repository": owners,
            "kind": kind,
            "field": field.dictionary_encode(),
            "value": value,
        }
        kinds = _alphabetical(IssueKind)[kind.to_numpy()]
        return _table("issues", columns, (_ranks(value), _ranks(field), kinds, owners.to_numpy()))

    def _uses(self) -> pa.Table:
        ends = [
            (self._numbers(table["subject"]).to_numpy(), self._numbers(table["value"]).to_numpy())
            for table in map(self._of, _USES.values())
        ]
        repository, other = (np.concatenate(column) for column in zip(*ends, strict=True))
        order = np.repeat(np.arange(len(ends)), [len(left) for left, _ in ends])
        columns = {"repository": pa.array(repository), "other": pa.array(other)}
        names = _ranks(_parsed(self.iris)[1])
        return _table("uses", columns, (names[other], order, repository))

    def _words(
        self, table: str, column: str, property_: str, read: Callable[[str], str]
    ) -> pa.Table:
        pairs = self._of(property_)
        numbers = self._numbers(pairs["subject"])
        words = _renamed(_whole(pairs["value"]), read)
        keys = (_ranks(words.cast(pa.string())), numbers.to_numpy())
        return _table(table, {"repository": numbers, column: words}, keys)

    def _answers(self) -> pa.Table:
        found = read_column(self.store, "answers")
        kinds, ids = _parsed(_whole(found["repository"]))
        today = _whole(found["today"])
        columns = {
            "id": ids,
            "kind": kinds,
            "state": _coded(_whole(found["state"]), _STATES),
            "replaced_by": _parsed_ids(pc.if_else(pc.equal(today, ""), None, today)),
        }
        return _table("answers", columns)

    def _claims(self, table: str) -> tuple[pa.Array, pa.Array]:
        """Return who makes the claims of a table, and the claims."""
        links = pa.concat_tables([self._of(link) for link in _LINKS[table]])
        return self._numbers(links["subject"]), _whole(links["value"])

    def _said(self, claims: pa.Array, name: str) -> pa.Array:
        return _beside(claims, self._of(_CLAIMS[name]))


def _beside(subjects: pa.Array, pairs: pa.Table) -> pa.Array:
    """Return the one value of each subject; null where it has none."""
    return _whole(pairs["value"].take(pc.index_in(subjects, pairs["subject"].combine_chunks())))


def _lists(subjects: pa.Array, pairs: pa.Table) -> pa.Array:
    """Return all values of each subject, sorted."""
    rows = pc.index_in(pairs["subject"], subjects)
    table = pa.table({"row": rows, "value": pairs["value"]}).filter(pc.is_valid(rows))
    table = table.sort_by([("row", "ascending"), ("value", "ascending")])
    counts = np.bincount(table["row"].to_numpy(), minlength=len(subjects))
    offsets = pa.array(np.concatenate(([0], np.cumsum(counts))), pa.int32())
    return pa.ListArray.from_arrays(offsets, _whole(table["value"]))


def _bits(subjects: pa.Array, pairs: pa.Table, codes: dict[str, int]) -> pa.Array:
    """Return a bit for each of the different values that a subject has."""
    rows = pc.index_in(pairs["subject"], subjects)
    chosen = pc.is_valid(rows)
    bits = np.zeros(len(subjects), np.uint8)
    values = _coded(_whole(pairs["value"].filter(chosen)), codes).to_numpy()
    np.bitwise_or.at(bits, rows.filter(chosen).to_numpy(), np.uint8(1) << values)
    return pa.array(bits)


def _parsed(iris: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Return the codes of the kinds of repositories, and their ids."""
    paths = pc.utf8_slice_codeunits(iris, len(v.HUB))
    kinds = np.full(len(iris), KINDS.index(Kind.MODEL), np.uint8)
    for kind, folder in ((Kind.DATASET, "datasets/"), (Kind.SPACE, "spaces/")):
        here = pc.starts_with(paths, folder)
        kinds[here.to_numpy(zero_copy_only=False)] = KINDS.index(kind)
        paths = pc.if_else(here, pc.utf8_slice_codeunits(paths, len(folder)), paths)
    encoded = pc.match_substring(paths, "%")
    if pc.any(encoded).as_py():
        decoded = pa.array(map(unquote, paths.filter(encoded).to_pylist()), pa.string())
        paths = pc.replace_with_mask(paths, encoded, decoded)
    return pa.array(kinds), paths


def _parsed_ids(iris: pa.Array) -> pa.Array:
    encoded = iris.dictionary_encode()
    ids = pa.array(map(repository_id, encoded.dictionary.to_pylist()), pa.string())
    return ids.take(encoded.indices)


def _renamed(values: pa.Array, read: Callable[[str], str]) -> pa.Array:
    """Return values as words, each different one read anew."""
    encoded = values.dictionary_encode()
    words = pa.array(map(read, encoded.dictionary.to_pylist()), pa.string())
    return pa.DictionaryArray.from_arrays(encoded.indices, words)


def _coded(values: pa.Array, codes: dict[str, int]) -> pa.Array:
    places = pc.index_in(values, pa.array(list(codes), pa.string()))
    return pa.array(list(codes.values()), pa.uint8()).take(places)


def _counts(values: pa.Array) -> pa.Array:
    """Return counts, cut where 64 bits end as ``recording`` does it."""
    is_long = pc.greater(pc.utf8_length(values), 18)
    if not pc.any(is_long).as_py():
        return values.cast(pa.int64())
    found = (None if text is None else min(int(text), 2**63 - 1) for text in values.to_pylist())
    return pa.array(found, pa.int64())


def _dates(values: pa.Array) -> pa.Array:
    return pc.utf8_slice_codeunits(values, 0, len("2024-07-01T12:00:00")).cast(pa.timestamp("s"))


def _alphabetical(members: Iterable[str]) -> Array:
    """Return for the code of each member its place in the order of the names."""
    names = list(members)
    return np.array([sorted(names).index(name) for name in names])


def _ranks(values: pa.Array) -> Array:
    """Return for each text its place among all in order; null comes first."""
    encoded = values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary).to_numpy()
    ranks = np.empty(len(order) + 1, np.int64)
    ranks[order], ranks[-1] = np.arange(len(order)), -1
    found: Array = ranks[pc.fill_null(encoded.indices, len(order)).to_numpy()]
    return found


def _table(name: str, columns: dict[str, Any], keys: tuple[Array, ...] = ()) -> pa.Table:
    """Return a table, its rows in the order of keys, of which the last counts most."""
    schema = SCHEMAS[name]
    table = pa.table([columns[column] for column in schema.names], schema.names).cast(schema)
    return table.take(np.lexsort(keys)) if keys else table


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column
