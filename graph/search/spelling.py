"""What someone may have meant who hit one wrong key."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["typos"]

_LETTERS = [bytes([char]) for char in b"abcdefghijklmnopqrstuvwxyz0123456789"]


def typos(word: bytes) -> list[bytes]:
    """Return every word that is one letter more, less, other or swapped, without the word itself.

    >>> b"llama" in typos(b"lama") and b"llama" in typos(b"lalma")
    True
    """
    return sorted(set(_edits(word)) - {word, b""})


def _edits(word: bytes) -> Iterator[bytes]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
