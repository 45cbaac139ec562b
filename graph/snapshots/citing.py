"""How to cite a snapshot: by its digest, which is the same wherever the graph is."""

from __future__ import annotations

from graph.model import vocabulary as v
from graph.model.records import Kind
from graph.snapshots.manifest import Manifest, repositories

__all__ = ["citation"]


def citation(manifest: Manifest) -> str:
    """Return an entry for BibTeX.

    The sources are not in it: a snapshot's README lists them, with what they permit.
    """
    held = repositories(manifest)
    counts = (
        f"{held[Kind.MODEL]:,} models, {held[Kind.DATASET]:,} datasets, {held[Kind.SPACE]:,} Spaces"
    )
    return (
        f"@misc{{remixgraph-{manifest.sha256[:12]},\n"
        f"  title = {{{{remixgraph}}: a lineage graph of the Hugging Face Hub, snapshot}},\n"
        f"  note = {{{counts}; {manifest.triples:,} triples,"
        f" vocabulary {manifest.vocabulary};\n          SHA-256 {manifest.sha256}}},\n"
        f"  howpublished = {{\\url{{{v.snapshot_iri(manifest.sha256)}}}}},\n"
        "}\n"
    )
