"""Measure the named questions on a made graph: ``questions.py [MODELS]``.

The graph is shaped like the Hub: 45 % of the models have a base model, bases follow a power law,
half of the repositories declare a licence, a few name data, evaluations and Spaces. Each question
is asked three times, and the best is told, as is the time that the derived triples take to make.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

import pyoxigraph as ox

from graph.building import new_build
from graph.chunks import Chunk
from graph.queries import Question, bind, questions
from graph.records import (
    ClaimSource,
    Dataset,
    Derivation,
    Evaluation,
    LicenseDeclaration,
    Model,
    Relation,
    Repository,
    Space,
)
from graph.results import Term
from graph.store import LineageGraph
from ingest.mapper import write_records
from ingest.report import Tally

MODELS = 300_000
BATCH = 20_000
DATASET = "owner1/data-1"
RELATIONS = [Relation.FINETUNE] * 4 + [Relation.ADAPTER] * 3 + [Relation.QUANTIZED] * 3
DERIVED, MERGED, DOUBLED, GONE = 0.45, 0.06, 0.02, 0.1
TRAINED, EVALUATED, LICENSED = 0.1, 0.3, 0.5
SOURCED, GENERATED = 0.1, 0.05
DATA = 30_000
LICENSES = ["apache-2.0", "mit", "llama3.1", "cc-by-nc-4.0", "gemma", "other", "openrail"]
WEIGHTS = [50, 15, 8, 5, 5, 4, 3]


def main() -> None:
    """Build the graph, then ask."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else MODELS
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "graph"
        build(directory, number)
        ask_all(directory, number)


def build(directory: Path, number: int) -> None:
    """Write the graph of so many models."""
    with new_build(directory) as making:
        begin = perf_counter()
        mentioned = set[str]()
        making.load(_chunks(making.work, number, mentioned))
        making.load([making.describe(mentioned)[0]])
        loaded = perf_counter()
        making.derive()
        derived = perf_counter()
        making.optimize()
        making.publish(["made"])
        print(
            f"map and load {loaded - begin:.1f} s, derive {derived - loaded:.1f} s,"
            f" optimize and publish {perf_counter() - derived:.1f} s"
        )


def ask_all(directory: Path, number: int) -> None:
    """Ask every question, of one model in the middle and of the most derived one."""
    with LineageGraph.open(directory) as graph:
        print(f"{len(graph.store):,} triples")
        for one in questions():
            print(f"{one.number:3} {one.name:20}", _ask(graph.store, one, _name(number // 2)))
            if any(each.required and each.type != "dataset" for each in one.parameters):
                print(f"    {'... the widest':20}", _ask(graph.store, one, _name(0)))


def _ask(store: ox.Store, asked: Question, model: str) -> str:
    required = [each for each in asked.parameters if each.required]
    values = {each.name: DATASET if each.type == "dataset" else model for each in required}
    if len(required) > 1:
        values[required[-1].name] = _name(0)
    bound: dict[ox.Variable, Term] = {
        ox.Variable(name): term for name, term in bind(asked, values).items()
    }
    times, rows = [], 0
    for _ in range(3):
        begin = perf_counter()
        found = store.query(asked.text, substitutions=bound)
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - every question is a SELECT
        rows = sum(1 for _ in found)
        times.append(perf_counter() - begin)
    return f"{min(times) * 1000:8.1f} ms {rows:8,} rows"


def _name(number: int) -> str:
    return f"owner{number % 997}/model-{number}"


def _chunks(folder: Path, number: int, mentioned: set[str]) -> Iterator[Chunk]:
    records = _records(random.Random(0), number)
    while batch := list(islice(records, BATCH)):
        chunk, nodes = write_records(batch, folder / "batch.nq", Tally())
        mentioned |= nodes
        yield chunk


def _records(chance: random.Random, number: int) -> Iterator[Repository]:
    for place in range(number):
        yield _model(chance, place)
    for place in range(number // 10):
        source = f"owner1/data-{int(place * chance.random() ** 3)}"
        derivations = [_claim(source, Relation.SOURCE)] if chance.random() < SOURCED else []
        if chance.random() < GENERATED:
            derivations.append(_claim(_name(chance.randrange(number)), Relation.GENERATED))
        yield Dataset(
            id=f"owner1/data-{place}",
            derivations=tuple(derivations),
            licenses=_licenses(chance),
        )
    for place in range(number // 20):
        yield Space(id=f"owner2/space-{place}", models=(_name(_skewed(chance, number)),), likes=1)


def _bases(chance: random.Random, place: int) -> list[Derivation]:
    derivations: list[Derivation] = []
    if place and chance.random() < DERIVED:
        relation = chance.choice(RELATIONS)
        merged = chance.random() < MERGED
        for position in range(2 if merged else 1):
            base = _skewed(chance, place)
            owner = base % 997 if chance.random() > GONE else "gone"
            target = f"owner{owner}/model-{base}"
            derivations.append(_claim(target, Relation.MERGE if merged else relation, position))
            if chance.random() < DOUBLED:
                derivations.append(_claim(target, Relation.UNSPECIFIED, position))
    return derivations


def _model(chance: random.Random, place: int) -> Model:
    derivations = _bases(chance, place)
    evaluations: tuple[Evaluation, ...] = ()
    if chance.random() < TRAINED:
        data = f"owner1/data-{_skewed(chance, DATA)}"
        derivations.append(_claim(data, Relation.TRAINED_ON))
        if chance.random() < EVALUATED:
            evaluations = (Evaluation(dataset=f"owner1/data-{_skewed(chance, DATA)}", value=0.5),)
    month = 1 + place * 12 // 300_000 % 12
    return Model(
        id=_name(place),
        likes=chance.randrange(100),
        downloads=chance.randrange(10**6),
        created=f"2024-{month:02}-{chance.randrange(1, 29):02}T03:51:35Z",
        modified="2024-12-02T03:51:35Z",
        commit=f"{place:040x}",
        tasks=("text-generation",),
        library="transformers",
        languages=("en",),
        derivations=tuple(derivations),
        licenses=_licenses(chance),
        evaluations=evaluations,
    )


def _skewed(chance: random.Random, number: int) -> int:
    return int(number * chance.random() ** 3)


def _claim(target: str, relation: Relation, position: int = 0) -> Derivation:
    return Derivation(
        relation=relation,
        target=target,
        raw=(target,),
        sources=(ClaimSource.HUB,),
        position=position,
    )


def _licenses(chance: random.Random) -> tuple[LicenseDeclaration, ...]:
    if chance.random() > LICENSED:
        return ()
    key = chance.choices(LICENSES, WEIGHTS)[0]
    resolved = None if key == "other" else key
    return (LicenseDeclaration(declared=key, source=ClaimSource.HUB, license=resolved),)


if __name__ == "__main__":
    main()
