"""Linting: what the author of a card should mend before publishing, and the patch for it.

    card + surroundings -> Sheet -> every rule -> problems
                                 -> fixes, each proved on the parsed fields -> patch

Pure: text in, problems and text out. The rules of the parsers and of the licences are theirs.
"""

from ingest.linting.checking import lint, lint_record
from ingest.linting.mending import Mended, mend
from ingest.linting.patch import unified_diff
from ingest.linting.problems import Problem
from ingest.linting.rules import RULES, Rule
from ingest.linting.sheet import Surroundings

__all__ = [
    "RULES",
    "Mended",
    "Problem",
    "Rule",
    "Surroundings",
    "lint",
    "lint_record",
    "mend",
    "unified_diff",
]
