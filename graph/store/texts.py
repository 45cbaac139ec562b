"""Many texts in one array, to be read one at a time out of a file."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from graph.model.arrays import Array

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["NO_TEXT", "Texts"]

NO_TEXT = -1
"""Stands for the number of a text where there is none."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Different texts in the order of their bytes, one after the other in one array."""

    offsets: Array
    letters: Array

    @classmethod
    def of(cls, texts: pa.Array | pa.ChunkedArray | Collection[str]) -> tuple[Self, Array]:
        """Return texts, each kept once, and the number of each that was given."""
        import pyarrow as pa  # noqa: PLC0415 - whoever only reads does without
        import pyarrow.compute as pc  # noqa: PLC0415

        given = texts if isinstance(texts, pa.ChunkedArray) else pa.chunked_array([pa.array(texts)])
        encoded = given.cast(pa.large_string()).combine_chunks().dictionary_encode()
        order = pc.sort_indices(encoded.dictionary)
        numbers = np.empty(len(order), np.int32)
        numbers[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
        words = encoded.dictionary.take(order)
        offsets = np.append(0, np.cumsum(pc.binary_length(words).to_numpy(), dtype=np.int64))
        letters = np.frombuffer(words.buffers()[2] or b"", np.uint8)[: offsets[-1]]
        return cls(offsets, letters), numbers[encoded.indices.to_numpy()]

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.offsets) - 1

    def text(self, number: int) -> str:
        """Return a text; nothing for ``NO_TEXT``."""
        if number == NO_TEXT:
            return ""
        return self._bytes(number).decode()

    def number(self, text: str) -> int:
        """Return the number of a text; ``NO_TEXT`` where it is not among them."""
        wanted = text.encode()
        number = bisect_left(range(len(self)), wanted, key=self._bytes)
        return number if number < len(self) and self._bytes(number) == wanted else NO_TEXT

    def containing(self, part: str) -> Array:
        """Tell of each text whether it contains another, in whatever case."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        offsets = pa.py_buffer(self.offsets.astype(np.int64, copy=False))
        texts = pa.LargeStringArray.from_buffers(len(self), offsets, pa.py_buffer(self.letters))
        found: Array = pc.match_substring(texts, part, ignore_case=True).to_numpy(
            zero_copy_only=False
        )
        return found

    def _bytes(self, number: int) -> bytes:
        start, end = self.offsets[number : number + 2].tolist()
        return self.letters[start:end].tobytes()
