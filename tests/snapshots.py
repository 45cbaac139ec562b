"""Snapshots for tests: of a small graph, and forged ones in which every digest is right."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pyoxigraph as ox
import zstandard

from graph.build.building import new_build
from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf.triples import nquads
from graph.snapshots import Manifest, create
from graph.snapshots.manifest import (
    CONTENT,
    FILES,
    MANIFEST,
    describe_file,
    encode_manifest,
    read_manifest,
    sealed,
)
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, license_, model, space
from tests.graphs import fill

LINE = b'<https://a.org/s> <https://a.org/p> "%s" .\n'
"""A quad, but for what it says."""

RECORDS = (
    model("acme/base", licenses=(license_("mit"),), downloads=7),
    model("acme/chat -> acme/base: finetune, acme/qa: trained_on, gone/lost: merge"),
    dataset("acme/qa -> acme/raw: source"),
    space("acme/demo", uses=("acme/chat",)),
)


def build_demo(directory: Path) -> Path:
    """Make a small graph with all kinds of repository, and a run in a named graph."""
    with new_build(directory) as build:
        fill(build, RECORDS)
        run = (f"<{v.run_iri('1')}>", f"<{v.DCTERMS.source}>", '"a \\"dump\\""')
        build.store.load(nquads([run], v.CATALOG), ox.RdfFormat.N_QUADS)
        build.publish(["a dump", "another `dump`\nof <us>"])
    return directory


def create_snapshot(graph: Path, out: Path) -> Manifest:
    """Write a snapshot of the graph in a directory."""
    with LineageGraph.open(graph) as opened:
        return create(opened, out)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return what is in the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def unpacked(snapshot: Path) -> bytes:
    """Return the N-Quads of a snapshot."""
    compressed = (snapshot / CONTENT).read_bytes()
    return zstandard.ZstdDecompressor().decompressobj().decompress(compressed)


def forge(snapshot: Path, text: bytes, **changes: object) -> None:
    """Replace the content of a snapshot as an attacker would: all digests are right."""
    path = snapshot / CONTENT
    path.write_bytes(zstandard.compress(text))
    reseal(snapshot, **{"size": len(text), "sha256": _sha256(text)} | changes)


def flip_bit(path: Path) -> None:
    """Damage a file as a disk may."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def reseal(snapshot: Path, **changes: object) -> None:
    """Change the manifest of a snapshot, and make every digest right."""
    path = snapshot / MANIFEST
    manifest = msgspec.structs.replace(read_manifest(path), **changes)
    files = {name: describe_file(snapshot / name) for name in FILES if name != MANIFEST}
    manifest = sealed(msgspec.structs.replace(manifest, files=files))
    path.write_bytes(encode_manifest(manifest))


def counted(properties: dict[str, int]) -> dict[str, object]:
    """Return the counts in a manifest of triples with these properties, in the default graph."""
    return {
        "triples": sum(properties.values()),
        "graphs": {"default": sum(properties.values())},
        "classes": {},
        "properties": properties,
        "relations": dict.fromkeys(Relation, 0),
    }


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
