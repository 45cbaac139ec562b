"""Loading chunks into a store while others are still being made, in as few long streams as may be.

Oxigraph's loader is fastest on one long stream, and keeps its threads busy without Python's lock.
So it works in a thread of its own, and whoever makes chunks hands them over and goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import IO, cast

import pyoxigraph as ox

from graph.store.chunks import Chunk, ChunkStream

__all__ = ["Loader"]


class Loader:
    """Loads what it is handed; ``finish`` waits until all of it is there."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._queue: SimpleQueue[Chunk | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._stopped = threading.Event()

    def load(self, chunk: Chunk) -> None:
        """Load a chunk after those before it, and remove its file.

        The chunks are trusted to hold valid terms, as ``triples`` writes them: the loader does not
        check their IRIs again. Raises what loading an earlier chunk has raised.
        """
        if self._error is not None:
            self.finish()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="loader", daemon=True)
            self._thread.start()
        self._queue.put(chunk)

    def finish(self) -> None:
        """Wait until everything is loaded; raises what loading has raised."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def stop(self) -> None:
        """End without loading the rest: the store is to be thrown away."""
        self._stopped.set()
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        chunks = self._chunks()
        try:
            for first in chunks:
                self._load_stream(first, chunks)
        except BaseException as error:  # noqa: BLE001 - whoever waits raises it
            self._error = error
            for _ in chunks:  # so that nobody waits for room
                pass

    def _load_stream(self, first: Chunk, others: Iterator[Chunk]) -> None:
        chunk: Chunk | None = first
        while chunk is not None and not self._stopped.is_set():
            stream = ChunkStream(chunk, others, self._stopped.is_set)
            source = cast("IO[bytes]", stream)
            self._store.bulk_load(source, format=ox.RdfFormat.N_QUADS, lenient=True)
            chunk = stream.left

    def _chunks(self) -> Iterator[Chunk]:
        while (chunk := self._queue.get()) is not None:
            yield chunk
