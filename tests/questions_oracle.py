"""A second opinion on the named questions: every answer worked out from records, in plain Python.

Rule: nothing here knows RDF or SPARQL. A node is its path on the Hub ("datasets/acme/qa"), the
records are all there is, and each function is the question said once more, however slowly.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from graph.licenses.engine import find
from graph.licenses.inheritance import Inheritance, inherit
from graph.licenses.verdict import Context, Use, grounds_of, worst
from graph.licenses.views import Artefact, views_of
from graph.model.records import Dataset, Kind, Model, Relation, Repository, Space
from graph.model.relations import MODEL_RELATIONS
from tests import drift_oracle

__all__ = ["ANSWERS", "World", "walk"]

Rows = Iterable[tuple[object, ...]]

FLOOR = "2022-03-02T23:29:05Z"
_FOLDER = {Kind.MODEL: "", Kind.DATASET: "datasets/", Kind.SPACE: "spaces/"}
_LLAMA = ("llama2", "llama3", "llama3.1", "llama3.2", "llama3.3", "llama4")


class World:
    """Records, with what hangs together of them."""

    def __init__(self, records: Iterable[Repository]) -> None:
        self.records = {_FOLDER[one.kind] + one.id: one for one in records}
        self.edges: set[tuple[str, str, str]] = set()
        self.trained: set[tuple[str, str]] = set()
        for name, record in self.records.items():
            for claim in record.derivations:
                if claim.target is not None:
                    parent = _FOLDER[claim.relation.target_kind] + claim.target
                    if claim.relation is Relation.TRAINED_ON:
                        self.trained.add((name, parent))
                    else:
                        self.edges.add((name, parent, claim.relation.value))
        self.parents: dict[str, set[str]] = defaultdict(set)
        self.children: dict[str, set[str]] = defaultdict(set)
        self.merged: dict[str, set[str]] = defaultdict(set)
        for child, parent, relation in self.edges:
            self.parents[child].add(parent)
            self.children[parent].add(child)
            if relation == "merge" and child != parent:
                self.merged[child].add(parent)
        self._up: dict[str, dict[str, int]] = {}

    def up(self, name: str) -> dict[str, int]:
        """Return the distance of every ancestor."""
        if name not in self._up:
            self._up[name] = walk(name, self.parents)
        return self._up[name]

    def down(self, name: str) -> dict[str, int]:
        """Return the distance of every descendant."""
        return walk(name, self.children)

    def labels(self, name: str) -> set[str]:
        """Return the words for what a repository declares as its licence."""
        record = self.records.get(name)
        return {one.license or one.declared.lower() for one in record.licenses} if record else set()

    def licenses(self, name: str) -> set[str]:
        """Return the licences that a repository's declarations resolve to."""
        record = self.records.get(name)
        return {one.license for one in record.licenses if one.license} if record else set()

    def models(self) -> dict[str, Model]:
        """Return the models."""
        return {name: one for name, one in self.records.items() if isinstance(one, Model)}


def walk(start: str, links: Mapping[str, set[str]]) -> dict[str, int]:
    """Return the distance of everything that is reached over links, but for the start."""
    depths = {start: 0}
    waiting = [start]
    for name in waiting:  # grows while it is walked along
        for other in sorted(links.get(name, ())):
            if other not in depths:
                depths[other] = depths[name] + 1
                waiting.append(other)
    del depths[start]
    return depths


def _ancestors(world: World, model: str) -> Rows:
    depths = {model: 0} | world.up(model)
    rows: dict[tuple[str, str], int] = {}
    for child, parent, relation in world.edges:
        if child in depths and parent != model:
            steps = depths[child] + 1
            rows[parent, relation] = min(steps, rows.get((parent, relation), steps))
    for (name, relation), steps in rows.items():
        yield steps, relation, name, name in world.records


def _descendants(world: World, model: str) -> Rows:
    depths = {model: 0} | world.down(model)
    order = [relation.value for relation in Relation]
    first: dict[str, str] = {}
    for child, parent, relation in world.edges:
        if child != model and parent in depths and depths[child] == depths[parent] + 1:
            first[child] = min(relation, first.get(child, relation), key=order.index)
    counts = Counter((depths[name], relation) for name, relation in first.items())
    return ((*key, count) for key, count in counts.items())


def _roots(world: World, model: str) -> Rows:
    for name in world.up(model):
        if not world.parents.get(name, set()) - {name}:
            yield name, name in world.records


def _path(world: World, **ends: str) -> Rows:
    start, end = ends["from"], ends["to"]
    above, below = {start: 0} | world.up(start), {end: 0} | world.down(end)
    for child, parent, relation in world.edges:
        if start != end and start in below and child in above and parent in below:
            step = above[child] + 1
            yield from [(step, child, relation, parent)] * (step + below[parent] == below[start])


def _siblings(world: World, model: str) -> Rows:
    own = {(parent, relation) for child, parent, relation in world.edges if child == model}
    for child, parent, relation in world.edges:
        if child != model and (parent, relation) in own:
            yield relation, parent, child


def _common(world: World, a: str, b: str) -> Rows:
    shared = {a, *world.up(a)} & {b, *world.up(b)} if a != b else set(world.up(a))
    for name in shared:
        below = {one for one in shared if name in world.up(one)}
        yield name, all(one in world.up(name) for one in below), name in world.records


def _mixed_merges(world: World) -> Rows:
    for name, parents in world.merged.items():
        declared = {(parent, label) for parent in parents for label in world.labels(parent)}
        if any(p != q and a != b for p, a in declared for q, b in declared):
            for parent, label in declared:
                yield from ((name, parent, label, own) for own in _or_none(world.labels(name)))


def _or_none(values: set[str]) -> list[str | None]:
    return [*values] or [None]


def _inherited(world: World, name: str) -> set[str]:
    return {key for ancestor in world.up(name) for key in world.licenses(ancestor)}


def _undeclared_licenses(world: World) -> Rows:
    for child, parent, relation in world.edges:
        if child != parent and not world.records[child].licenses:
            for key in _inherited(world, child):
                yield relation, child, key


def _license_transitions(world: World) -> Rows:
    counts = Counter(step[:3] for step in drift_oracle.steps(world.records.values()))
    return ((*key, count) for key, count in counts.items())


def _llama_terms(world: World) -> Rows:
    for name, model in world.models().items():
        for key in _inherited(world, name).intersection(_LLAMA):
            licensed = bool(world.licenses(name).intersection(_LLAMA))
            named = model.id.rpartition("/")[2].lower().startswith("llama")
            if not (licensed and named):
                yield key, name, licensed, named


def _unlisted_licenses(world: World) -> Rows:
    for name, model in world.models().items():
        for claim in model.licenses:
            key = claim.declared.lower()
            if claim.license is None and key == "other" and claim.name is None:
                yield "other without a name", claim.declared, name
            elif claim.license is None and key not in {"other", "unknown"}:
                yield "outside the list", claim.declared, name


def _trained_on(world: World, dataset: str) -> Rows:
    for through, data in world.trained:
        if data == dataset:
            yield through, through
            below = (name for name in world.down(through) if name in world.models())
            yield from ((name, through) for name in below)


def _dataset_derivatives(world: World, dataset: str) -> Rows:
    for name, depth in world.down(dataset).items():
        if isinstance(world.records[name], Dataset):
            for label in world.labels(name) or {"none declared"}:
                yield name, depth == 1, label


def _generated_data(world: World, model: str) -> Rows:
    for child, parent, relation in world.edges:
        if parent == model and relation == "generated":
            trained = {name for name, data in world.trained if data == child}
            yield from ((child, name) for name in _or_none(trained))


def _shared_evaluation(world: World) -> Rows:
    for name, model in world.models().items():
        tested = {f"datasets/{one.dataset}" for one in model.evaluations if one.dataset is not None}
        trained = {data for one, data in world.trained if tested and one == name}
        for training in trained:
            for evaluation in tested:
                both = {training, *world.up(training)} & {evaluation, *world.up(evaluation)}
                yield from ((name, training, evaluation, shared) for shared in both)


def _impact(world: World, model: str) -> Rows:
    below = set(world.down(model))
    hit = {model, *below}
    for name, record in world.records.items():
        if isinstance(record, Model) and name in hit:
            below |= {f"spaces/{space}" for space in record.spaces}
        if isinstance(record, Space) and hit.intersection(record.models):
            below.add(name)
    for name in below - {model}:
        found = world.records.get(name)
        kind = (
            "Space" if found and found.kind is Kind.SPACE else found.kind.value if found else None
        )
        yield kind or "only named", name, found.downloads if found else None


def _missing_parents(world: World) -> Rows:
    for name, children in world.children.items():
        if name not in world.records:
            yield name, "NeverChecked", len(children), len(world.down(name))


def _integrity(world: World) -> Rows:
    for child, parent in {(child, parent) for child, parent, _ in world.edges}:
        made = world.records[child].created
        above = world.records[parent].created if parent in world.records else None
        if child == parent:
            yield "self-loop", child, parent, None, None
        elif child in world.up(parent):
            yield "cycle", child, parent, None, None
        if made and above and FLOOR < made < above:
            yield "older than its parent", child, parent, made, above


def _relation_conflicts(world: World) -> Rows:
    pairs: dict[tuple[str, str], set[str]] = defaultdict(set)
    for child, parent, relation in world.edges:
        if relation in MODEL_RELATIONS:
            pairs[child, parent].add(relation)
    for (child, parent), relations in pairs.items():
        if relations == {"unspecified"} and child != parent:  # else it is a self-loop, no more
            yield "no relation", child, parent, None
        elif len(relations - {"unspecified"}) > 1:
            for relation in relations - {"unspecified"}:
                yield "several relations", child, parent, relation


def _finetunes(world: World, model: str) -> Rows:
    for child, parent, relation in world.edges:
        if parent == model != child and relation == "finetune":
            copies = {c for c, p, r in world.edges if p == child != c and r == "quantized"}
            yield child, len(copies), world.records[child].downloads


def _top_bases(world: World, most: str = "10") -> Rows:
    bases = [name for name in world.children if not name.startswith(("datasets/", "spaces/"))]
    counts = {name: len(world.down(name)) for name in bases if world.down(name)}
    ranked = sorted(counts, key=lambda name: (-counts[name], name))[: int(most)]
    for rank, name in enumerate(ranked, 1):
        dates = (world.records[one].created for one in world.down(name))
        months = Counter(date[:7] for date in dates if date)
        if not months:
            yield rank, name, counts[name], None, None, None
        for month, made in months.items():
            number = int(month[:4]) * 12 + int(month[5:]) - 2
            before = f"{number // 12:04}-{number % 12 + 1:02}"
            yield rank, name, counts[name], month, made, made - months[before]


def _evidence(world: World, child: str, parent: str) -> Rows:
    record = world.records.get(child)
    for claim in record.derivations if record else ():
        if (
            claim.target is not None
            and parent == _FOLDER[claim.relation.target_kind] + claim.target
        ):
            commit = (
                None if not record or record.commit is None else f"{child}/tree/{record.commit}"
            )
            for source in claim.sources:
                for value in claim.raw:
                    yield claim.relation.value, source.value, value, commit, None, None


def _named(artefact: Artefact) -> str:
    return _FOLDER[artefact.kind] + artefact.id


def _judged(world: World) -> Inheritance:
    """Return what the rules see: the records as they are, and nothing that a graph says."""
    return inherit(views_of(one for one in world.records.values() if not isinstance(one, Space)))


def _relaxed_licenses(world: World) -> Rows:
    inheritance = _judged(world)
    for artefact in inheritance.views:
        for found in find(inheritance, artefact):
            if found.rule in {"R03", "R05", "R06"}:
                for step, one in enumerate(found.path, 1):
                    said = found.rule, found.level.value, found.subject
                    yield _named(artefact), *said, step, _named(one)


def _commercial_use(world: World, model: str) -> Rows:
    record = world.records.get(model)
    if record is None or isinstance(record, Space):
        return
    inheritance, artefact = _judged(world), Artefact(record.kind, record.id)
    found = find(inheritance, artefact)
    grounds = grounds_of(inheritance, artefact, found, Use.COMMERCIAL, Context())
    answer = worst(grounds)
    for one in grounds:
        if one.answer is answer:
            yield answer.value, _named(one.cause or artefact), one.says
    if not grounds:
        yield answer.value, None, None


ANSWERS: dict[str, Callable[..., Rows]] = {
    "ancestors": _ancestors,
    "commercial-use": _commercial_use,
    "common": _common,
    "dataset-derivatives": _dataset_derivatives,
    "descendants": _descendants,
    "evidence": _evidence,
    "finetunes": _finetunes,
    "generated-data": _generated_data,
    "impact": _impact,
    "integrity": _integrity,
    "license-transitions": _license_transitions,
    "llama-terms": _llama_terms,
    "missing-parents": _missing_parents,
    "mixed-merges": _mixed_merges,
    "path": _path,
    "relation-conflicts": _relation_conflicts,
    "relaxed-licenses": _relaxed_licenses,
    "roots": _roots,
    "shared-evaluation": _shared_evaluation,
    "siblings": _siblings,
    "top-bases": _top_bases,
    "trained-on": _trained_on,
    "undeclared-licenses": _undeclared_licenses,
    "unlisted-licenses": _unlisted_licenses,
}
"""The questions, but for the changes between two dates: those are in no record."""
