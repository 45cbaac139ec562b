"""Write docs/questions.md anew from the heads of the named questions; ``make docs`` runs it."""

from __future__ import annotations

from pathlib import Path

from graph.sparql.questions import listing, questions

TARGET = Path(__file__).resolve().parent / "questions.md"

if __name__ == "__main__":
    TARGET.write_text(listing(questions()), encoding="utf-8")
    print(f"written: docs/{TARGET.name}")
