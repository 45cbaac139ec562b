"""From records to columns: what a mapper writes beside each chunk of N-Quads.

Rule: a recorder numbers what it meets in the order in which it meets it; ``uniting`` brings all
into the one order. A row costs one tuple, and now and then all rows become Arrow's columns.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from graph.model import vocabulary as v
from graph.model.records import (
    ClaimSource,
    Derivation,
    Kind,
    Model,
    Relation,
    Repository,
    Space,
)
from graph.rdf.resolutions import LookUp
from graph.tables.schema import (
    GATINGS,
    ISSUE_KINDS,
    KINDS,
    RELATIONS,
    SCHEMAS,
    SOURCES,
    STATES,
    Tables,
)

__all__ = ["Mark", "Recorder", "tables_of", "tables_of_answers", "tables_without_answers"]

_GREATEST = 2**63 - 1
_GREATEST_NUMBER = 2**31 - 1
_BATCH = 20_000  # repositories whose rows are Python's before they become columns
_SECONDS = len("2024-07-01T12:00:00")

_KIND_CODES = {kind: code for code, kind in enumerate(KINDS)}
_RELATION_CODES = {relation: code for code, relation in enumerate(RELATIONS)}
_TARGET_KINDS = {relation: _KIND_CODES[relation.target_kind] for relation in Relation}
_SOURCE_CODES = {source: code for code, source in enumerate(SOURCES)}
_GATING_CODES = {None: None} | {gating: code for code, gating in enumerate(GATINGS)}
_STATE_CODES = {None: None} | {state: code for code, state in enumerate(STATES)}
_ISSUE_CODES = {kind: code for code, kind in enumerate(ISSUE_KINDS)}
_MODEL, _DATASET, _SPACE = (_KIND_CODES[kind] for kind in (Kind.MODEL, Kind.DATASET, Kind.SPACE))

Mark = dict[str, int]
"""How many rows each table had at a moment."""

_FACTS = "repositories"
_NUMBERED = [name for name in SCHEMAS if name not in {_FACTS, "answers"}]
_FACT_SCHEMA = pa.schema(
    [pa.field("number", pa.int32()), *(field for field in SCHEMAS[_FACTS] if field.name != "known")]
).remove(1)  # ids and kinds are those of the numbers
_FACT_SCHEMA = _FACT_SCHEMA.remove(_FACT_SCHEMA.get_field_index("kind"))


def tables_of(records: Iterable[Repository]) -> Tables:
    """Return records, each of another repository, as tables that are not yet in the one order."""
    recorder = Recorder()
    for record in records:
        recorder.add(record)
    return recorder.tables()


def tables_of_answers(answers: Iterable[LookUp]) -> Tables:
    """Return what the Hub answered for ids as tables, which hold no repository."""
    return _answered(
        (one.id, _KIND_CODES[one.kind], _STATE_CODES[one.resolution], one.replaced_by)
        for one in answers
    )


def tables_without_answers(iris: Iterable[str]) -> Tables:
    """Return tables that make those before them forget what was answered for some ids."""
    parsed = (v.parse_repository_iri(iri) for iri in iris)
    return _answered((name[1], _KIND_CODES[name[0]], None, None) for name in parsed if name)


def _answered(rows: Iterable[tuple[object, ...]]) -> Tables:
    schema = SCHEMAS["answers"]
    table = pa.Table.from_batches([_batch(list(rows), schema)], schema)
    return dataclasses.replace(Recorder().tables(), answers=table)


class Recorder:
    """Gathers the rows of records, each of another repository."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}
        self._rows: dict[str, list[tuple[object, ...]]] = {
            name: [] for name in (_FACTS, *_NUMBERED)
        }
        self._batches: dict[str, list[pa.RecordBatch]] = {name: [] for name in self._rows}
        self._counts: Mark = dict.fromkeys(self._rows, 0)

    def add(self, record: Repository) -> None:
        """Add the rows of a record."""
        number = self._number(_KIND_CODES[record.kind], record.id)
        self._rows[_FACTS].append(self._facts(number, record))
        if record.derivations:
            self._rows["derivations"] += self._derivations(number, record.derivations)
        if record.licenses:
            self._rows["licenses"] += [
                (
                    number,
                    claim.declared,
                    _SOURCE_CODES[claim.source],
                    claim.field,
                    claim.name,
                    claim.link,
                    claim.license,
                )
                for claim in record.licenses
            ]
        self._rows["tasks"] += [(number, task) for task in record.tasks]
        self._rows["languages"] += [(number, language) for language in record.languages]
        self._rows["issues"] += [
            (number, _ISSUE_CODES[issue.kind], issue.field, issue.value) for issue in record.issues
        ]
        self._add_uses(number, record)
        if len(self._rows[_FACTS]) >= _BATCH:
            self._flush()

    def mark(self) -> Mark:
        """Return how far it is, for ``roll_back``."""
        return {name: self._counts[name] + len(rows) for name, rows in self._rows.items()}

    def roll_back(self, mark: Mark) -> None:
        """Forget the rows that came after a mark."""
        self._flush()
        for name, count in mark.items():
            self._batches[name] = list(_first(self._batches[name], count))
            self._counts[name] = count

    def tables(self) -> Tables:
        """Return what was gathered as tables."""
        self._flush()
        return Tables(
            repositories=self._repositories(),
            answers=SCHEMAS["answers"].empty_table(),
            **{
                name: pa.Table.from_batches(self._batches[name], SCHEMAS[name]).unify_dictionaries()
                for name in _NUMBERED
            },
        )

    def _number(self, kind: int, repository_id: str) -> int:
        return self._numbers.setdefault((kind, repository_id), len(self._numbers))

    def _facts(self, number: int, record: Repository) -> tuple[object, ...]:
        newer = record.new_version
        return (
            number,
            record.created and record.created[:_SECONDS],
            record.modified and record.modified[:_SECONDS],
            _count(record.downloads),
            _count(record.likes),
            _count(record.parameters) if isinstance(record, Model) else None,
            record.library if isinstance(record, Model) else None,
            _GATING_CODES[record.gating],
            _STATE_CODES[record.status],
            None if newer is None else self._number(_KIND_CODES[record.kind], newer),
        )

    def _derivations(
        self, number: int, claims: tuple[Derivation, ...]
    ) -> Iterator[tuple[object, ...]]:
        for claim in claims:
            target, relation = claim.target, claim.relation
            yield (
                number,
                _RELATION_CODES[relation],
                None if target is None else self._number(_TARGET_KINDS[relation], target),
                claim.raw,
                _source_bits(claim.sources),
                min(claim.position, _GREATEST_NUMBER),
                claim.aliased,
            )

    def _add_uses(self, number: int, record: Repository) -> None:
        rows = self._rows["uses"]
        if isinstance(record, Model):
            rows += [(number, self._number(_SPACE, space)) for space in record.spaces]
            self._rows["evaluations"] += [
                (
                    number,
                    None if one.dataset is None else self._number(_DATASET, one.dataset),
                    one.task,
                    one.metric,
                    one.value,
                )
                for one in record.evaluations
            ]
        elif isinstance(record, Space):
            rows += [(number, self._number(_MODEL, model)) for model in record.models]
            rows += [(number, self._number(_DATASET, dataset)) for dataset in record.datasets]

    def _flush(self) -> None:
        """Make columns of the rows."""
        for name, rows in self._rows.items():
            if rows:
                schema = _FACT_SCHEMA if name == _FACTS else SCHEMAS[name]
                self._batches[name].append(_batch(rows, schema))
                self._counts[name] += len(rows)
                rows.clear()

    def _repositories(self) -> pa.Table:
        """Return the facts beside all that was numbered, known or only named."""
        facts = pa.Table.from_batches(self._batches[_FACTS], _FACT_SCHEMA).unify_dictionaries()
        numbers = pa.array(range(len(self._numbers)), pa.int32())
        rows = pc.index_in(numbers, facts["number"].combine_chunks())
        beside = facts.drop_columns(["number"]).take(rows)
        own = {
            "id": pa.array([id_ for _, id_ in self._numbers], pa.string()),
            "kind": pa.array([kind for kind, _ in self._numbers], pa.uint8()),
            "known": pc.is_valid(rows),
        }
        columns = own | dict(zip(beside.column_names, beside.columns, strict=True))
        return pa.table(columns, SCHEMAS[_FACTS])


def _batch(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.RecordBatch:
    columns: Iterable[tuple[object, ...]] = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [_column(values, field.type) for values, field in zip(columns, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def _column(values: tuple[object, ...], type_: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(type_):
        return pa.array(values, pa.string()).dictionary_encode()
    if pa.types.is_timestamp(type_):
        return pa.array(values, pa.string()).cast(type_)
    return pa.array(values, type_)


def _first(batches: Iterable[pa.RecordBatch], count: int) -> Iterator[pa.RecordBatch]:
    """Yield batches up to so many rows, the last of them cut short."""
    for batch in batches:
        if count > 0:
            yield batch[:count]
        count -= batch.num_rows


def _count(count: int | None) -> int | None:
    return count if count is None or count <= _GREATEST else _GREATEST


def _source_bits(sources: tuple[ClaimSource, ...]) -> int:
    return sum(1 << _SOURCE_CODES[source] for source in sources)
