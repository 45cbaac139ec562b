"""What declarations come to."""

from __future__ import annotations

import pytest

from graph.licenses.resolution import Effective, Status, resolve_declarations
from graph.model.records import ClaimSource, LicenseDeclaration
from tests.builders import license_


def resolved(*declarations: LicenseDeclaration) -> Effective:
    """Return what declarations come to."""
    return resolve_declarations(declarations)


def other(name: str | None = None, link: str | None = None) -> LicenseDeclaration:
    """Return a declaration of ``other``."""
    return license_("other", license=None, name=name, link=link)


def tag(key: str) -> LicenseDeclaration:
    """Return what a tag of the Hub declares."""
    return license_(key, source=ClaimSource.HUB)


def test_one_licence() -> None:
    """The plain case."""
    assert Effective(Status.RESOLVED, ("mit",)) == resolved(license_("mit"))


def test_nothing_is_missing() -> None:
    """No declaration is not the same as one that nobody knows."""
    assert Effective(Status.MISSING) == resolved()


@pytest.mark.parametrize("word", ["other", "unknown", "license", "my-own-1.0"])
def test_words_that_name_nothing(word: str) -> None:
    """The words are kept."""
    expected = Effective(Status.UNRESOLVED, words=(word,))

    assert expected == resolved(license_(word, license=None))


def test_other_by_its_name() -> None:
    """The name leads to a text that the table knows."""
    assert ("qwen-research",) == resolved(other("qwen-research")).keys


def test_other_by_its_link() -> None:
    """The address of the text does where the name does not, and is believed less."""
    found = resolved(other("acme", "https://llama.meta.com/llama3/license/"))

    assert ("llama3",) == found.keys
    assert found.belief < resolved(other("llama3")).belief


def test_a_list_leaves_open_what_applies() -> None:
    """All or any? Nothing is chosen."""
    found = resolved(license_("mit"), license_("gpl-3.0"))

    assert (Status.SEVERAL, ("gpl-3.0", "mit")) == (found.status, found.keys)
    assert not found.is_certain


def test_a_known_licence_beside_an_unknown_word() -> None:
    """The word may be what restricts: the known licence is only a possible one."""
    found = resolved(license_("mit"), other("acme-terms"))

    assert (Status.SEVERAL, ("acme-terms",)) == (found.status, found.words)


def test_and_applies_as_a_whole() -> None:
    """An expression says what a list does not."""
    found = resolved(license_("Apache-2.0 AND CC-BY-4.0", license=None))

    assert (Status.RESOLVED, ("apache-2.0", "cc-by-4.0")) == (found.status, found.keys)


def test_or_is_the_users_choice() -> None:
    """What asks for least may be taken."""
    assert ("mit",) == resolved(license_("GPL-3.0-or-later OR MIT", license=None)).keys


@pytest.mark.parametrize(
    "text", ["MIT OR", "(MIT AND", "MIT AND acme", "a OR b", "MIT OR MIT " * 50]
)
def test_what_is_no_expression(text: str) -> None:
    """A broken expression, or one with an unknown licence, resolves to nothing."""
    assert Status.UNRESOLVED is resolved(license_(text, license=None)).status


def test_the_misspelt_field_is_believed_less() -> None:
    """The author's will in a field that the Hub does not read."""
    found = resolved(license_("mit", field="licence"))

    assert ("mit",) == found.keys
    assert found.belief < 1


def test_old_names_after_other() -> None:
    """Data set cards before 2022 wrote other-<name>."""
    found = resolved(license_("other-C-UDA", license=None, field="licenses", name="C-UDA"))

    assert ("c-uda",) == found.keys


def test_a_tag_that_differs_from_the_card() -> None:
    """Both are kept, and the contradiction is said."""
    found = resolved(license_("gpl-3.0"), tag("mit"))

    assert ("gpl-3.0", "mit") == found.keys
    assert ("the tag says mit, the card gpl-3.0",) == found.contradictions


def test_a_name_beside_an_identifier() -> None:
    """The Hub reads a name only beside `other`; here it says something else, too."""
    found = resolved(license_("apache-2.0", name="yi-license"))

    assert ("apache-2.0",) == found.keys
    assert ("license is apache-2.0, but license_name is yi-license",) == found.contradictions


def test_a_name_that_repeats_the_identifier() -> None:
    """`license: llama3` with `license_name: llama3` contradicts nothing."""
    assert () == resolved(license_("llama3", name="llama3")).contradictions


def test_a_vendor_in_place_of_a_licence() -> None:
    """Data summaries name a service whose terms apply."""
    found = resolved(license_("OpenAI", license=None, source=ClaimSource.DATASET_RECORD))

    assert ("OpenAI",) == found.vendors
