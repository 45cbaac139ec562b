"""Licence declarations from fields and tags."""

from __future__ import annotations

from graph.model.records import ClaimSource, Issue, IssueKind, LicenseDeclaration
from ingest.licenses import declared_licenses
from ingest.values import Notes


def read(*tags: str, **card: object) -> tuple[list[LicenseDeclaration], list[Issue]]:
    """Return the declarations of tags and card fields, and the issues."""
    notes = Notes()
    return list(declared_licenses(tags, card, notes)), notes.issues


def in_card(declared: str, license_: str | None, field: str = "license") -> LicenseDeclaration:
    """Return what a card's field declares, without name and link."""
    return LicenseDeclaration(
        declared=declared, source=ClaimSource.CARD, field=field, license=license_
    )


def test_a_tag_alone_is_the_hubs_copy() -> None:
    """Where no card was seen, the declaration is what the Hub copied from it."""
    expected = LicenseDeclaration(declared="mit", source=ClaimSource.HUB, license="mit")

    assert ([expected], []) == read("mit")


def test_the_card_wins_over_its_copy() -> None:
    """The same licence by tag and by card is one declaration, the card's."""
    assert ([in_card("Apache-2.0", "apache-2.0")], []) == read("apache-2.0", license="Apache-2.0")


def test_a_tag_that_differs_from_the_card_is_kept() -> None:
    """Two claims that differ are both kept, each with its source."""
    hub = LicenseDeclaration(declared="mit", source=ClaimSource.HUB, license="mit")

    assert ([in_card("gpl-3.0", "gpl-3.0"), hub], []) == read("mit", license="gpl-3.0")


def test_other_has_a_name_and_a_link() -> None:
    """`other` resolves to no licence; its name and link are part of the declaration."""
    link = "https://huggingface.co/THUDM/glm-4-9b-chat-hf/blob/main/LICENSE"
    expected = LicenseDeclaration(
        declared="other", source=ClaimSource.CARD, name="glm-4", link=link
    )

    assert ([expected], []) == read(
        "other", license="other", license_name="glm-4", license_link=link
    )


def test_a_name_without_an_identifier_is_a_declaration() -> None:
    """OpenBuddy/openbuddy-falcon3-10b-v24.2-131k names a licence, but gives no identifier."""
    name = "falcon-llm-license"
    link = "https://falconllm.tii.ae/falcon-terms-and-conditions.html"
    expected = LicenseDeclaration(
        declared=name, source=ClaimSource.CARD, field="license_name", name=name, link=link
    )

    assert ([expected], []) == read(license_name=name, license_link=link)


def test_the_misspelt_field_declares_and_is_noted() -> None:
    """A training library generates `licence: license`, which the Hub does not read."""
    issue = Issue(kind=IssueKind.MISSPELT_LICENSE, field="licence", value="license")

    assert ([in_card("license", None, "licence")], [issue]) == read(licence="license")


def test_the_misspelt_field_does_not_hide_a_tag() -> None:
    """The Hub copied its tag from another field than the one it cannot read."""
    declarations, _ = read("mit", licence="mit")

    assert [ClaimSource.CARD, ClaimSource.HUB] == [one.source for one in declarations]


def test_several_licenses_are_noted() -> None:
    """A repository with two licences leaves open which applies to what."""
    issue = Issue(
        kind=IssueKind.SEVERAL_LICENSES, field="license", value="apache-2.0, bsd-3-clause"
    )
    declarations, issues = read(license=["bsd-3-clause", "apache-2.0"])

    assert 2 == len(declarations)
    assert [issue] == issues


def test_unknown_words_are_noted() -> None:
    """A word outside the Hub's list declares, but resolves to nothing."""
    issue = Issue(kind=IssueKind.UNKNOWN_LICENSE, field="license", value="apple-ascl-9")

    assert ([in_card("apple-ascl-9", None)], [issue]) == read(license="apple-ascl-9")


def test_the_hubs_words_for_no_license_are_no_fault() -> None:
    """`unknown` is on the Hub's list."""
    assert ([in_card("unknown", None)], []) == read(license="unknown")


def test_licenses_of_old_dataset_cards() -> None:
    """The card of `wi_locness` has licences by configuration, with names after `other-`."""
    licenses = {"wi": ["other-wi-license"], "locness": ["other-locness-license"]}
    declarations, issues = read(licenses=licenses)

    assert [("other-wi-license", "wi-license"), ("other-locness-license", "locness-license")] == [
        (one.declared, one.name) for one in declarations
    ]
    assert [IssueKind.SEVERAL_LICENSES] == [issue.kind for issue in issues]
