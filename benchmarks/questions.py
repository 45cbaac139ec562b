"""Measure the named questions on a made graph: ``questions.py [MODELS]``.

The graph is shaped like the Hub: 45 % of the models have a base model, bases follow a power law,
half of the repositories declare a licence, a few name data, evaluations and Spaces; names are made
of families, sizes and what was done, and each month of four years brings more than the one before.
Each question is asked three times, and the best is told, as is the time that the derived triples
take to make.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

import pyoxigraph as ox

from graph.build.building import new_build
from graph.model.records import (
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
from graph.sparql.questions import Question, bind, questions
from graph.sparql.results import Term
from graph.store.chunks import Chunk
from graph.store.lineage_graph import LineageGraph
from ingest.mapper import write_records
from ingest.report import Tally


def _words(text: str) -> list[str]:
    return text.split()


MODELS = 300_000
BATCH = 20_000
DATASET = "owner1/data-1"
RELATIONS = [Relation.FINETUNE] * 4 + [Relation.ADAPTER] * 3 + [Relation.QUANTIZED] * 3
DERIVED, MERGED, DOUBLED, GONE = 0.45, 0.06, 0.02, 0.1
TRAINED, EVALUATED, LICENSED = 0.1, 0.3, 0.5
SOURCED, GENERATED = 0.1, 0.05
DATA = 30_000
FINDABLE = 1_000_000  # the licence rules keep a view of every repository in memory
MONTHS, FIRST_YEAR = 48, 2021
FAMILIES = _words("""
    llama mistral qwen gemma phi falcon mixtral yi deepseek bloom pythia opt gpt2 gptneo gptj mpt
    starcoder codellama vicuna alpaca wizardlm zephyr openchat orca tulu olmo dolly stablelm
    redpajama baichuan internlm chatglm aquila xverse skywork minicpm jamba mamba rwkv hermes
    solar nous dolphin command-r aya granite nemotron arctic dbrx grok bert roberta distilbert
    deberta albert electra xlnet camembert bart t5 flan-t5 mt5 byt5 pegasus marian nllb whisper
    wav2vec2 hubert wavlm speecht5 bark musicgen vit deit swin beit dinov2 clip siglip blip llava
    idefics paligemma detr yolos segformer sam stable-diffusion sdxl flux pixart kandinsky
    controlnet lora-style e5 bge gte minilm mpnet jina nomic colbert splade
""")
SIZES = ["", "0.5b", "1b", "3b", "7b", "8b", "13b", "70b", "base", "large", "small", "mini"]
DONE = _words("""
    instruct chat finetuned lora sft dpo gguf awq gptq 4bit 8bit merged uncensored roleplay code
    math medical legal german french japanese chinese arabic long-context vision reward emotion
    squad ner summarization
""")
OWNERS = _words("""
    nova acme lab data deep open neuro tiny mega hyper quant turbo astro cyber green blue silver
    iron crystal ember
""")
TASKS = _words("""
    text-generation text-classification text-to-image token-classification question-answering
    translation automatic-speech-recognition image-classification feature-extraction fill-mask
    sentence-similarity image-text-to-text
""")
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
    """Write the graph of so many models; beyond a million without findings on their licences."""
    with new_build(directory) as making, _findings(number):
        begin = perf_counter()
        mentioned = set[str]()
        making.load(_chunks(making.work, number, mentioned))
        making.load([making.describe(mentioned)[0]])
        loaded = perf_counter()
        making.derive()
        derived = perf_counter()
        making.optimize()
        optimized = perf_counter()
        making.publish(["made"])
        print(
            f"map and load {loaded - begin:.1f} s, derive {derived - loaded:.1f} s,"
            f" optimize {optimized - derived:.1f} s, publish {perf_counter() - optimized:.1f} s"
        )


def _findings(number: int) -> AbstractContextManager[object]:
    return nullcontext() if number <= FINDABLE else patch("graph.build.derived.refresh_findings")


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


def _name(number: int, owner: int | None = None) -> str:
    """Return the id of a model: the first of each family has its bare name, the rest a number."""
    mixed = number * 2_654_435_761 % 2**32  # neighbours get different parts
    owner = mixed >> 7 if owner is None else owner
    named = f"{OWNERS[owner % len(OWNERS)]}{owner % 9973}/{FAMILIES[number % len(FAMILIES)]}"
    if number < len(FAMILIES):
        return named
    parts = (SIZES[mixed % len(SIZES)], DONE[(mixed >> 5) % len(DONE)], f"{number:x}")
    return "-".join([named, *filter(None, parts)])


def _chunks(folder: Path, number: int, mentioned: set[str]) -> Iterator[Chunk]:
    records = _records(random.Random(0), number)
    while batch := list(islice(records, BATCH)):
        chunk, nodes = write_records(batch, folder / "batch.nq", Tally())
        mentioned |= nodes
        yield chunk


def _records(chance: random.Random, number: int) -> Iterator[Repository]:
    for place in range(number):
        yield _model(chance, place, number)
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
            target = _name(base, owner=None if chance.random() > GONE else 0)
            derivations.append(_claim(target, Relation.MERGE if merged else relation, position))
            if chance.random() < DOUBLED:
                derivations.append(_claim(target, Relation.UNSPECIFIED, position))
    return derivations


def _model(chance: random.Random, place: int, number: int) -> Model:
    derivations = _bases(chance, place)
    evaluations: tuple[Evaluation, ...] = ()
    if chance.random() < TRAINED:
        data = f"owner1/data-{_skewed(chance, DATA)}"
        derivations.append(_claim(data, Relation.TRAINED_ON))
        if chance.random() < EVALUATED:
            evaluations = (Evaluation(dataset=f"owner1/data-{_skewed(chance, DATA)}", value=0.5),)
    year, month = divmod(int(MONTHS * (place / number) ** 0.5), 12)
    return Model(
        id=_name(place),
        likes=chance.randrange(100),
        downloads=10**7 // (1 + chance.randrange(10**6)),
        created=f"{FIRST_YEAR + year}-{month + 1:02}-{chance.randrange(1, 29):02}T03:51:35Z",
        modified="2024-12-02T03:51:35Z",
        commit=f"{place:040x}",
        tasks=(TASKS[int(len(TASKS) * chance.random() ** 2)],),
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
