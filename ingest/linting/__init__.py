"""Linting: what the author of a card should mend before publishing, and the patch for it.

    card + surroundings -> Sheet -> every rule -> problems
                                 -> fixes, each proved on the parsed fields -> patch

sheet        a card taken apart: fields, and where each stands
reading      cards on disk, and what stands beside them
rules        what is looked for: name, severity, remedy
checking     every rule over one card
fields       the fields themselves
licences     what is declared about the licence
parents      the parents that should be named
references   the repositories that are named
problems     a problem, and where it stands
fixes        what can surely be mended
edits        replaced spans of the text
mending      fixes made one after the other, each proved
patch        the outcome as a unified diff

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
