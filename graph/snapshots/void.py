"""The description of a snapshot for other programs: VoID, the vocabulary for RDF datasets.

It describes the default graph; the named graphs (runs, ontology) only count as triples of the
whole. The address of the data is relative: it holds wherever the folder lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.model import vocabulary as v
from graph.rdf import terms
from graph.snapshots.manifest import CONTENT, Manifest

__all__ = ["RIGHTS", "render_void"]

RIGHTS = (
    "Metadata declared by the authors of the repositories on the Hugging Face Hub, or taken from"
    " the sources named here under their terms; the snapshot itself adds no rights of its own."
)

_VERSION_LENGTH = 12


def render_void(manifest: Manifest) -> str:
    """Return the VoID description of a snapshot, as Turtle."""
    return "".join(
        [
            *(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(v.PREFIXES.items())),
            f"\n{terms.iri(v.snapshot_iri(manifest.sha256))} a void:Dataset ;\n",
            " ;\n".join(f"    {line}" for line in _properties(manifest)),
            " .\n",
        ]
    )


def _properties(manifest: Manifest) -> Iterator[str]:
    yield 'dcterms:title "Lineage of models and datasets on the Hugging Face Hub"'
    yield f"dcterms:rights {terms.text(RIGHTS)}"
    for source in manifest.sources:
        yield f"dcterms:source {terms.text(source)}"
    yield f"dcat:version {terms.text(manifest.sha256[:_VERSION_LENGTH])}"
    yield f"void:dataDump <{CONTENT}>"
    yield f"void:uriSpace {terms.text(v.HUB)}"
    for namespace in sorted(v.PREFIXES.values()):
        yield f"void:vocabulary {terms.iri(namespace)}"
    yield f"void:triples {manifest.triples}"
    yield f"void:properties {len(manifest.properties)}"
    yield f"void:classes {len(manifest.classes)}"
    yield from _partitions("class", "entities", manifest.classes)
    yield from _partitions("property", "triples", manifest.properties)


def _partitions(part: str, unit: str, counts: Mapping[str, int]) -> Iterator[str]:
    for iri, count in sorted(counts.items()):
        yield f"void:{part}Partition [ void:{part} {terms.iri(iri)} ; void:{unit} {count} ]"
