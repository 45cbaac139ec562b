"""The project keeps its own promises: its tasks, packages, lock files, decisions and hygiene."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL_PACKAGES = ("graph", "ingest", "ui")
LOCK_FILES = ("app", "dev", "installer")

needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None,
    reason="not a git checkout, or no git",
)


def _pyproject() -> dict[str, Any]:
    """Return pyproject.toml as a dictionary."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _canonical(requirement: str) -> str:
    """Return the name that a requirement is about, as package indexes spell it.

    >>> _canonical("huggingface_hub>=1.0")
    'huggingface-hub'
    """
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def _locked(name: str) -> dict[str, str]:
    """Return a lock file's requirements: the whole entry, hashes included, by package name."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    return {_canonical(entry): entry for entry in entries}


def _tracked_files() -> list[Path]:
    """Return the files that git tracks and that exist."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


# --- tasks --------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_help_lists_every_target() -> None:
    """`make help` has one line for each target of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, flags=re.MULTILINE)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )

    assert targets == re.findall(r"^  make ([a-z-]+) +\S", shown.stdout, flags=re.MULTILINE)


def test_every_target_is_phony() -> None:
    """A file that happens to be named like a target does not stop it."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z-]+):(?!=)", makefile, flags=re.MULTILINE)
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, flags=re.MULTILINE)

    assert sorted(targets) == sorted(" ".join(phony).split())


def test_ci_runs_what_a_developer_runs() -> None:
    """CI is `make test`, and may be executed."""
    script = ROOT / ".ci" / "run"

    assert "exec make test" in script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)


# --- packages -----------------------------------------------------------------------------------


def test_packages_are_the_folders_with_content() -> None:
    """Every folder with modules or data is a package, and every package such a folder."""
    setuptools = _pyproject()["tool"]["setuptools"]
    patterns = ["*.py", *setuptools["package-data"]["*"]]
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for top in TOP_LEVEL_PACKAGES
        for pattern in patterns
        for path in (ROOT / top).rglob(pattern)
        if "__pycache__" not in path.parts
    }

    assert sorted(folders) == setuptools["packages"]


@pytest.mark.parametrize("top", ["graph", "ingest"])
def test_packages_list_their_modules(top: str) -> None:
    """The docstring of each package has a line for each module in it, and for nothing else."""
    for package in sorted((ROOT / top).rglob("__init__.py")):
        folder = package.parent
        inside = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        inside |= {path.parent.name for path in folder.glob("*/__init__.py")}
        listed = re.findall(r"^(\w+) {2,}\S", package.read_text(encoding="utf-8"), re.MULTILINE)

        assert sorted(inside) == sorted(listed), folder


def test_packages_are_typed() -> None:
    """Each top-level package says that it ships its types."""
    assert all((ROOT / top / "py.typed").is_file() for top in TOP_LEVEL_PACKAGES)


def test_changelog_names_the_current_version() -> None:
    """CHANGELOG.md has a heading for the version in pyproject.toml."""
    version = re.escape(_pyproject()["project"]["version"])
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(rf"^## .*\b{version}\b", changelog, flags=re.MULTILINE)


# --- lock files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCK_FILES)
def test_lock_file_has_hashes_and_no_address(name: str) -> None:
    """A lock file pins each package by version and hash, and names no place to get it from."""
    entries = _locked(name)
    pinned = [
        package
        for package, entry in entries.items()
        if re.match(r"[\w.-]+==[\w.]+", entry) and "--hash=sha256:" in entry
    ]

    assert list(entries) == pinned
    assert "://" not in "".join(entries.values())


def test_lock_files_hold_every_direct_dependency() -> None:
    """What pyproject.toml asks for is locked: the app's part in both files, the rest in dev."""
    project = _pyproject()
    runtime = {_canonical(item) for item in project["project"]["dependencies"]}
    groups = project["dependency-groups"]
    build, dev = (
        {_canonical(item) for item in groups[name] if isinstance(item, str)}
        for name in ("build", "dev")
    )

    assert set() == (runtime | build) - _locked("app").keys()
    assert set() == (runtime | build | dev) - _locked("dev").keys()


def test_dev_lock_contains_the_app_lock() -> None:
    """The tests run on exactly the versions that the app runs on."""
    app, dev = _locked("app"), _locked("dev")

    assert app == {name: dev.get(name) for name in app}


# --- decisions ----------------------------------------------------------------------------------


def test_decision_records_are_numbered_uniquely() -> None:
    """A decision's number is enough to cite it."""
    records = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    numbers = Counter(name[:4] for name in records)

    assert records == [name for name in records if re.match(r"\d{4}-[a-z0-9-]+\.md$", name)]
    assert [1] == sorted(set(numbers.values()))


def test_every_dependency_has_its_reason() -> None:
    """The decision on dependencies names each one that pyproject.toml declares, and no other."""
    project = _pyproject()
    declared = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        declared += [item for item in group if isinstance(item, str)]
    decision = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([^`]+)` \| \S", decision, flags=re.MULTILINE)

    assert sorted({_canonical(item) for item in declared}) == sorted(map(_canonical, explained))


# --- hygiene ------------------------------------------------------------------------------------

# Put together from pieces, so that this file does not contain what it looks for.
REGISTRY_HOSTS = (
    ("pypi", "org"),
    ("files", "pythonhosted", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("deb", "debian", "org"),
    ("index", "crates", "io"),
    ("proxy", "golang", "org"),
)
MACHINE_FOLDERS = (("work",), ("root",), ("tmp", "lab"))
NEEDLE = re.compile(
    "|".join(
        [re.escape(".".join(labels)) for labels in REGISTRY_HOSTS]
        # At the start of a path only: an address may well go through a folder named work.
        + [rf"(?<![\w.~-])/{'/'.join(names)}/" for names in MACHINE_FOLDERS]
    )
)


@needs_git
def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    """What is committed works anywhere: no registry's host, no developer's own folders."""
    found = []
    for path in _tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # compressed data or a picture
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in NEEDLE.finditer(text)]

    assert [] == found
