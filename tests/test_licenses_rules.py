"""The rules, one by one, where the worked cases leave something open."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from graph.licenses.conflicts import conflict
from graph.licenses.engine import find
from graph.licenses.facts import facts_of
from graph.licenses.inheritance import inherit
from graph.licenses.rules import RULES
from graph.licenses.views import Artefact
from graph.model.records import Gating, Kind, Relation
from tests.licensing import Views, artefact, draw, findings, flags

NC = "acme/base@cc-by-nc-4.0"


def one(views: Views, rule: str, name: str | None = None) -> list[tuple[str, list[str]]]:
    """Return level and path of the findings of a rule."""
    found = [finding for finding in findings(views, name) if finding.rule == rule]
    return [(finding.level.value, [step.id for step in finding.path]) for finding in found]


def test_every_rule_cites_its_clause() -> None:
    """The table of rules is made from these docstrings: an id, what it is, a source in brackets."""
    for name, rule in RULES.items():
        first = (rule.__doc__ or "").partition("\n\n")[0]

        assert first.startswith(f"{name}: ")
    assert [f"R{number:02}" for number in range(1, len(RULES))] == sorted(RULES)[:-1]


def test_a_cleaned_up_label_does_not_launder() -> None:
    """The ancestor's licence binds, whatever is declared in between; the path shows it."""
    views = draw("acme/c@mit -> acme/b: quantized", "acme/b@mit -> acme/base: finetune", NC)

    assert [("high", ["acme/c", "acme/b", "acme/base"])] == one(views, "R03")


def test_the_shortest_path_is_the_evidence() -> None:
    """Of two ways to the same licence the nearer is told; of two as near, the first by id."""
    views = draw(
        "acme/c@mit -> acme/b: finetune, acme/z: merge, acme/y: merge",
        "acme/b@mit -> acme/base: finetune",
        NC,
        "acme/z@cc-by-nc-4.0",
        "acme/y@cc-by-nc-4.0",
    )

    assert [("high", ["acme/c", "acme/y"])] == one(views, "R03")


def test_a_path_lowers_the_confidence() -> None:
    """A finding is believed no more than the weakest step, declaration or fact."""
    by_finetune, by_adapter, unread = (
        findings(draw(f"acme/c@mit -> acme/b: {how}", f"acme/b@{license_text}"))[0].confidence
        for how, license_text in [
            ("finetune", "cc-by-nc-4.0"),
            ("adapter", "cc-by-nc-4.0"),
            ("finetune", "intel-research"),
        ]
    )

    assert (0.95, 0.8, 0.5) == (by_finetune, by_adapter, unread)


def test_a_finding_carries_facts_and_a_remedy() -> None:
    """What it rests on, and what to do."""
    (finding,) = findings(draw("acme/c@mit -> acme/base: finetune", NC))

    assert facts_of("cc-by-nc-4.0", "commercialUse")[0] in finding.facts
    assert (Relation.FINETUNE,) == finding.relations
    assert "declare cc-by-nc-4.0" in finding.remedy


def test_a_ring_of_two() -> None:
    """Each inherits from the other and none from itself."""
    views = draw("acme/a@mit -> acme/b: finetune", "acme/b@cc-by-nc-4.0 -> acme/a: finetune")

    assert [("high", ["acme/a", "acme/b"])] == one(views, "R03")
    assert [] == one(views, "R03", "acme/b")


def test_a_self_loop_inherits_nothing() -> None:
    """A model that names itself as its base has no ancestor."""
    assert {} == flags(draw("acme/a@cc-by-nd-4.0 -> acme/a: finetune"))


def test_a_model_and_a_dataset_of_one_id() -> None:
    """They are two artefacts."""
    views = draw("acme/x@mit -> datasets/acme/x: trained_on", "datasets/acme/x@cc-by-nc-4.0")

    assert [("medium", ["acme/x", "acme/x"])] == one(views, "R11")


def test_r01_of_an_ancestor() -> None:
    """A gap above is told with the path to it, at a lower level."""
    views = draw("acme/c@mit -> acme/b: finetune", "acme/b@other")

    assert [("low", ["acme/c", "acme/b"])] == one(views, "R01")


@pytest.mark.parametrize("family", ["bsd", "cc", "gfdl", "gpl", "lgpl", "openrail"])
def test_r02_families(family: str) -> None:
    """An identifier of a family names no version."""
    assert "low" == flags(draw(f"acme/c@{family}"))["R02"]


def test_r03_of_one_among_several() -> None:
    """A list of the parent leaves open whether the restriction applies."""
    views = draw("acme/c@mit -> acme/b: finetune", "acme/b@cc-by-nc-4.0|apache-2.0")

    assert {"R03": "medium", "R20": "low"}.items() <= flags(views).items()


def test_r04_an_adapter_does_not_contain_the_weights() -> None:
    """For review."""
    views = draw("acme/c@mit -> acme/b: adapter", "acme/b@cc-by-nd-4.0")

    assert "medium" == flags(views)["R04"]


@pytest.mark.parametrize(
    ("parent", "child", "level"),
    [
        ("cc-by-sa-4.0", "mit", "high"),
        ("cc-by-sa-4.0", "cc-by-sa-4.0", None),
        ("cc-by-sa-4.0", "gpl-3.0", None),
        ("gpl-3.0", "cc-by-sa-4.0", "high"),
        ("gpl-3.0", "agpl-3.0", None),
        ("mpl-2.0", "mit", "medium"),
        ("gpl", "mit", "medium"),
        ("gpl", "gpl-3.0", None),
        ("cc", "mit", None),
        ("gpl-3.0", "", None),
    ],
)
def test_r05(parent: str, child: str, level: str | None) -> None:
    """Share-alike is kept by the same licence or one that it accepts."""
    views = draw(f"acme/c@{child} -> acme/b: finetune", f"acme/b@{parent}")

    assert level == flags(views).get("R05")


def test_r05_of_one_among_several() -> None:
    """Wikipedia is under cc-by-sa and gfdl: who keeps either has lost nothing."""
    base = "datasets/acme/wiki@cc-by-sa-3.0|gfdl"

    for child, expected in (("cc-by-sa-4.0", None), ("cc-by-4.0", "medium")):
        views = draw(f"datasets/acme/part@{child} -> datasets/acme/wiki: source", base)

        assert expected == flags(views).get("R05")


@pytest.mark.parametrize(
    ("parent", "child", "level"),
    [
        ("llama3.1", "apache-2.0", "high"),
        ("llama3.1", "llama3.1", None),
        ("llama3", "llama3.1", "medium"),
        ("gemma", "mit", "high"),
        ("creativeml-openrail-m", "openrail++", None),
        ("other:deepseek", "mit", "high"),
        ("llama3.1", "other:nvidia-open-model-license", "medium"),
        ("llama3.1", "cc-by-nc-4.0", "medium"),
        ("llama3.1", "other", None),
    ],
)
def test_r06(parent: str, child: str, level: str | None) -> None:
    """An agreement must be carried on; where another restricts instead, both bind."""
    views = draw(f"acme/llama-c@{child} -> acme/b: finetune", f"acme/b@{parent}")

    assert level == flags(views).get("R06")


@pytest.mark.parametrize(
    ("name", "license_text", "level"),
    [
        ("Llama-3-Chat", "llama3", None),
        ("llama_3_chat", "llama3", None),
        ("LLaMA-3", "llama3", None),
        ("Llama-30B", "llama3", "medium"),
        ("Llama3-Chat", "llama3", "low"),
        ("Chat-Llama-3", "llama3", "medium"),
        ("Llama-2-Chat", "llama3", "medium"),
        ("Chat", "llama2", None),
        ("Llama3-Chat", "llama3.1", None),
        ("Chat", "llama3.1", "medium"),
        ("EXAONE-Chat", "other:exaone", None),
    ],
)
def test_r07(name: str, license_text: str, level: str | None) -> None:
    """The name begins as the agreement says: capitals do not count, a hyphen is a blank."""
    views = draw(f"acme/{name}@{license_text} -> acme/b: finetune", f"acme/b@{license_text}")

    assert level == flags(views).get("R07")


def test_r07_is_not_for_the_original() -> None:
    """Meta-Llama-3-8B is what others must be named after."""
    assert "R07" not in flags(draw("meta-llama/Meta-Llama-3-8B@llama3"))


def test_r10_and_r07_of_outputs() -> None:
    """Llama 3 forbids to train on its outputs, 3.1 asks for the name instead."""
    for license_text, expected in (("llama3", "R10"), ("llama3.1", "R07")):
        views = draw(
            "acme/c@mit -> datasets/acme/made: trained_on",
            "datasets/acme/made@mit -> acme/llama: generated",
            f"acme/llama@{license_text}",
        )

        assert expected in flags(views)
        assert {"R07", "R10"} - {expected} - set(flags(views))


def test_r10_spares_the_family() -> None:
    """A Llama 3 model may be trained on outputs of Llama 3."""
    made = "datasets/acme/made@llama3"

    assert "R10" not in flags(draw("acme/c@llama3 -> datasets/acme/made: trained_on", made))


@pytest.mark.parametrize(
    ("one_", "other", "is_conflict"),
    [
        ("cc-by-nc-4.0", "gpl-3.0", True),
        ("cc-by-nc-4.0", "apache-2.0", False),
        ("llama2", "llama3", True),
        ("llama2", "apache-2.0", False),
        ("llama3", "llama3.1", False),
        ("llama3.1", "gpl-3.0", True),
        ("gpl-3.0", "cc-by-sa-4.0", False),
        ("gpl-3.0", "osl-3.0", True),
        ("cc-by-nc-sa-4.0", "cc-by-sa-4.0", True),
        ("llama3.1", "exaone", True),
        ("llama3.1", "gemma", False),
        ("mit", "mit", False),
    ],
)
def test_conflicts(one_: str, other: str, *, is_conflict: bool) -> None:
    """Some terms cannot be kept at once, whichever is named first."""
    assert is_conflict == bool(conflict(one_, other))
    assert is_conflict == bool(conflict(other, one_))


def test_r14_is_inherited() -> None:
    """A quantization of a merge has the merge's conflict; the path shows the part in question."""
    views = draw(
        "acme/q@gpl-3.0 -> acme/m: quantized",
        "acme/m@gpl-3.0 -> acme/a: merge, acme/b: merge",
        "acme/a@llama3.1",
        "acme/b@gpl-3.0",
    )

    assert ("high", ["acme/q", "acme/m", "acme/a"]) in one(views, "R14")


def test_r14_is_not_for_a_chain() -> None:
    """Two agreements one after the other are a wrong label (R06), not a merge."""
    views = draw(
        "acme/llama-c@llama3 -> acme/b: finetune",
        "acme/b@llama2 -> acme/a: finetune",
        "acme/a@llama3",
    )

    assert "R14" not in flags(views)


def test_r16_without_a_territory_warns() -> None:
    """Who says where they are gets an answer; the graph itself can only warn."""
    views = draw("acme/Llama-4-x@llama4")

    assert "medium" == flags(views)["R16"]
    assert "high" == flags(views, territories=frozenset(["EU"]))["R16"]
    assert "R16" not in flags(views, territories=frozenset(["US"]))


def test_r16_spares_text_models() -> None:
    """Llama 3.2 1B sees nothing; what was made of the vision model does."""
    text = draw(
        "acme/Llama-x@llama3.2 -> acme/Llama-3.2-1B: finetune", "acme/Llama-3.2-1B@llama3.2"
    )
    vision = draw("acme/Llama-x@llama3.2", tasks=("image-text-to-text",))

    assert "R16" not in flags(text)
    assert "R16" in flags(vision)


def test_r17_an_open_copy() -> None:
    """The gate of an ancestor was lost."""
    views = draw("acme/c@mit -> acme/b: quantized", "acme/b@mit", gating=Gating.NONE)
    gated = artefact("acme/b")
    views[gated] = replace(views[gated], gating=Gating.MANUAL)

    assert [("info", ["acme/c", "acme/b"])] == one(views, "R17")


def test_r18_a_renamed_ancestor() -> None:
    """The old name may belong to somebody else by now."""
    views = draw("acme/c@mit -> acme/b: finetune", "acme/b@mit")
    renamed = artefact("acme/b")
    views[renamed] = replace(views[renamed], is_known=False, renamed_to="acme/new")

    assert [("medium", ["acme/c", "acme/b"])] == one(views, "R18")


def test_r18_of_an_artefact_that_nobody_knows() -> None:
    """An id that is only named can be asked about, too."""
    inheritance = inherit(draw("acme/c@mit -> acme/gone: finetune"))
    (finding,) = find(inheritance, artefact("acme/gone"))

    assert ("R18", "medium") == (finding.rule, finding.level.value)


@pytest.mark.parametrize(
    ("license_text", "expected"),
    [("gpl-3.0", True), ("agpl-3.0", True), ("mpl-2.0", True), ("cc-by-sa-4.0", False)],
)
def test_r22_is_for_weights(license_text: str, *, expected: bool) -> None:
    """A code licence on data or on weights is another matter."""
    assert expected == ("R22" in flags(draw(f"acme/c@{license_text}")))
    assert "R22" not in flags(draw(f"datasets/acme/c@{license_text}"))


def test_findings_have_one_order() -> None:
    """The gravest first, then by rule."""
    found = findings(draw("acme/c@mit -> acme/b: finetune", "acme/b@llama3"))

    assert sorted(found, key=lambda finding: finding.order) == found
    assert re.fullmatch("(high )+(medium )*(low )*(info )*", "".join(f"{f.level} " for f in found))


def test_an_artefact_names_itself() -> None:
    """The name is what stands after the owner; models of before 2020 have none."""
    assert "chat" == Artefact(Kind.MODEL, "acme/chat").name
    assert "gpt2" == Artefact(Kind.MODEL, "gpt2").name
