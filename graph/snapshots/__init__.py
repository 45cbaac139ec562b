"""Snapshots: a whole graph as a folder of four files, to keep, check, cite and restore.

    graph.nq.zst     every quad, named graphs too, as sorted lines of N-Quads, compressed
    manifest.json    what the files are, to the byte, and what they hold
    void.ttl         the same for other programs, in the vocabulary VoID
    README.md        the same for people

The same graph gives the same bytes (for the same version of the compressor): made twice, or made
again from what a snapshot was loaded into.

creating    writing one, beside its place, and put there as a whole
dumping     the whole graph as sorted lines
counting    what a snapshot holds, counted in two ways that must agree
manifest    what the files are, to the byte
void        the description for other programs
readme      the description for people
verifying   checking one, which is hostile until proven otherwise
loading     making one the graph
listing     the snapshots in a folder
packing     one file to hand on
citing      how to cite one
progress    what whoever waits is told
"""

from graph.snapshots.creating import create
from graph.snapshots.loading import load
from graph.snapshots.manifest import FileEntry, Manifest
from graph.snapshots.verifying import verify

__all__ = ["FileEntry", "Manifest", "create", "load", "verify"]
