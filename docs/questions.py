"""Write docs/questions.md anew: the named questions, from the heads of their files."""

from __future__ import annotations

from pathlib import Path

from graph.queries import listing, questions

if __name__ == "__main__":
    Path(__file__).with_suffix(".md").write_text(listing(questions()), encoding="utf-8")
