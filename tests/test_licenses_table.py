"""The table of the licences that the Hub knows."""

from __future__ import annotations

import pytest

from graph.model import vocabulary as v
from graph.model.licenses import UNRESOLVED, License, licenses, licenses_by_iri, resolve

CATEGORIES = {
    "cc-noncommercial",
    "cc-noncommercial-noderivs",
    "cc-noderivs",
    "cc-sharealike",
    "community-restricted",
    "copyleft",
    "data-permissive",
    "data-restricted",
    "data-sharealike",
    "family-ambiguous",
    "other",
    "permissive",
    "permissive-model",
    "public-domain-like",
    "rail",
    "research-only",
    "unknown",
}


def test_a_row() -> None:
    """A licence has its key, its SPDX id, its title and its category."""
    expected = License("gpl-3.0", "GPL-3.0-only", "GNU General Public License v3.0", "copyleft")

    assert expected == licenses()["gpl-3.0"]


def test_every_row_is_complete() -> None:
    """Only the SPDX id may be missing, and keys are as the Hub writes them: in lower case."""
    assert [] == [entry for entry in licenses().values() if not entry.title]
    assert [] == [key for key in licenses() if key != key.strip().lower()]
    assert sorted(CATEGORIES) == sorted({entry.category for entry in licenses().values()})


def test_licences_and_iris_are_one_to_one() -> None:
    """No two licences share an IRI, so a licence can be read back from its IRI."""
    assert len(licenses()) == len(licenses_by_iri())
    assert [] == [
        entry for iri, entry in licenses_by_iri().items() if licenses()[entry.key].iri != iri
    ]


def test_licences_with_an_spdx_id_have_its_iri() -> None:
    """The IRI is SPDX's where there is one, else ours."""
    for entry in licenses().values():
        assert entry.iri.startswith(v.SPDX if entry.spdx_id else v.BASE)


@pytest.mark.parametrize(
    ("declared", "key"),
    [
        ("mit", "mit"),
        (" MIT\n", "mit"),
        ("Apache-2.0", "apache-2.0"),
        ("bsl-1.0", "bsl-1.0"),
        ("openrail++", "openrail++"),
        ("apache 2", None),
        ("", None),
        *((word, None) for word in sorted(UNRESOLVED)),
    ],
)
def test_resolve(declared: str, key: str | None) -> None:
    """An identifier of the Hub is resolved in any case; words that name no licence are not."""
    assert key == resolve(declared)


def test_every_licence_resolves_to_itself() -> None:
    """Each key of the table is an identifier of it, but for those that name no licence."""
    assert UNRESOLVED == {key for key in licenses() if resolve(key) != key}
