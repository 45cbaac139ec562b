"""Every benchmark in a row: ``make bench``.

Real pages are measured where ``REMIXGRAPH_REALDATA`` (default: ../shared/data) has them, else pages
made for the purpose, whose figures only compare with themselves.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
REALDATA = Path(os.environ.get("REMIXGRAPH_REALDATA") or HERE.parent.parent / "shared" / "data")
PAGES = REALDATA / "hub-2024-07" / "models"

MADE_MODELS = 20_000
PAGE = 1_000
LICENSED, DERIVED = 0.4, 0.45  # the shares of real pages


def main() -> None:
    """Run the benchmarks one after the other, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        pages = PAGES if PAGES.is_dir() else make_pages(Path(folder))
        scripts = (
            ["ingest_dump.py", str(pages)],
            ["harvest.py", str(pages)],
            ["index.py", "300000"],
            ["atlas.py", "300000"],
            ["questions.py"],
            ["query_pool.py"],
            ["start.py"],
            ["validate.py"],
            ["shapes.py", "--share", "0.02"],
            ["app.py"],
        )
        path = {"PYTHONPATH": str(HERE.parent)}  # the stand-in for the Hub is among the tests
        for script, *arguments in scripts:
            print(f"--- {script}", flush=True)
            command = [sys.executable, str(HERE / script), *arguments]
            subprocess.run(command, check=True, env=os.environ | path)


def make_pages(folder: Path) -> Path:
    """Write pages of the Hub's list of models, with as many base models as real ones name."""
    rows = list(_rows(random.Random(0)))
    for start in range(0, len(rows), PAGE):
        text = json.dumps(rows[start : start + PAGE])
        (folder / f"page-{start // PAGE:04}.json").write_text(text, encoding="utf-8")
    return folder


def _rows(chance: random.Random) -> Iterator[dict[str, object]]:
    for number in range(MADE_MODELS):
        tags = ["transformers", "safetensors", "en", "region:us"]
        if chance.random() < LICENSED:
            tags.append("license:apache-2.0")
        if number and chance.random() < DERIVED:
            base = int(number * chance.random() ** 3)
            tags.append(f"base_model:finetune:owner{base % 997}/model-{base}")
        yield {
            "id": f"owner{number % 997}/model-{number}",
            "likes": chance.randrange(100),
            "downloads": chance.randrange(10**6),
            "tags": tags,
            "pipeline_tag": "text-generation",
            "library_name": "transformers",
            "createdAt": "2024-03-02T03:51:35.000Z",
        }


if __name__ == "__main__":
    main()
