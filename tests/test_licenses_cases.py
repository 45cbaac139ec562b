"""The worked cases of ``tests/data/license-cases.csv``, each as the lineage that it speaks of.

The table gives a row's lineage in words; here it is drawn. A test passes when every flag that the
row expects is found, the gravest at the level that the row expects, and nothing else but what the
test names in ``also``: the table names the flags that matter, the rules name all that apply.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from graph.model.records import ClaimSource, Gating
from tests.builders import derivation
from tests.licensing import declare, draw, flags

CASES = Path(__file__).parent / "data" / "license-cases.csv"
LEVELS = ["none", "info", "low", "medium", "high"]
EU = frozenset(["EU"])


@cache
def rows() -> dict[str, dict[str, str]]:
    """Return the rows of the table by the id of the case."""
    with CASES.open(encoding="utf-8", newline="") as file:
        return {row["case_id"]: row for row in csv.DictReader(file)}


def check(case: str, found: dict[str, str], *, also: str = "", level: str | None = None) -> None:
    """Compare flags and the gravest level with the row; ``level`` says where the row is wrong."""
    expected = set(filter(None, rows()[case]["expected_flags"].split(";")))

    assert sorted(expected | set(also.split())) == sorted(found)
    assert (level or rows()[case]["severity"]) == max(
        found.values(), key=LEVELS.index, default="none"
    )


def test_every_case_has_a_test() -> None:
    """A row that is added to the table must be drawn here."""
    tests = {name for name in globals() if name.startswith("test_lc")}

    assert {f"test_{case.lower()}" for case in rows()} == {name[:9] for name in tests}


def test_lc02_a_quantizer_restored_the_license() -> None:
    """The parent says mit, its own parent llama3.1: nothing is relaxed, the name is still owed."""
    views = draw(
        "unsloth/DeepSeek-R1-Distill-Llama-8B-GGUF@llama3.1"
        " -> deepseek-ai/DeepSeek-R1-Distill-Llama-8B: quantized",
        "deepseek-ai/DeepSeek-R1-Distill-Llama-8B@mit -> meta-llama/Llama-3.1-8B: finetune",
        "meta-llama/Llama-3.1-8B@llama3.1",
    )

    check("LC02", flags(views), also="R15 R21")  # seen from mit, llama3.1 is stricter


def test_lc04_apache_may_become_mit() -> None:
    """A permissive licence may be replaced, if its text is kept."""
    views = draw(
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B@mit -> Qwen/Qwen2.5-32B: finetune",
        "Qwen/Qwen2.5-32B@apache-2.0",
    )

    check("LC04", flags(views))


def test_lc06_a_noncommercial_license_lost() -> None:
    """A quantization says apache-2.0, its parent cc-by-nc-4.0."""
    views = draw(
        "tsunemoto/SOLAR-10.7B-Instruct-v1.0-GGUF@apache-2.0"
        " -> upstage/SOLAR-10.7B-Instruct-v1.0: quantized",
        "upstage/SOLAR-10.7B-Instruct-v1.0@cc-by-nc-4.0",
    )

    check("LC06", flags(views))


def test_lc08_the_same_license() -> None:
    """The base is the Apache one, not its non-commercial namesake: nothing to say."""
    views = draw(
        "nayohan/corningQA-solar-10.7b-v1.0@apache-2.0 -> upstage/SOLAR-10.7B-v1.0: finetune",
        "upstage/SOLAR-10.7B-v1.0@apache-2.0",
    )

    check("LC08", flags(views))


def test_lc10_a_named_license_carried_over() -> None:
    """`other` with the same name on both sides is the same licence."""
    views = draw(
        "lmstudio-community/Qwen2.5-3B-Instruct-GGUF@other:qwen-research"
        " -> Qwen/Qwen2.5-3B-Instruct: quantized",
        "Qwen/Qwen2.5-3B-Instruct@other:qwen-research",
    )

    check("LC10", flags(views))


def test_lc12_the_strictest_of_two() -> None:
    """Adapters for two bases take the stricter licence, under another spelling of its name."""
    views = draw(
        "mit-han-lab/FLUX.1-dev-LoRA-Collections@other:flux-1-dev-non-commercial-license"
        " -> black-forest-labs/FLUX.1-dev: adapter, black-forest-labs/FLUX.1-schnell: adapter",
        "black-forest-labs/FLUX.1-dev@other:flux-1-dev-nc",
        "black-forest-labs/FLUX.1-schnell@apache-2.0",
    )

    check("LC12", flags(views), also="R15 R21")  # about the permissive one of the two


def test_lc14_a_lora_taken_for_a_finetune() -> None:
    """The Hub computed the relation; the name of the repository tells of something else."""
    inferred = derivation("black-forest-labs/FLUX.1-dev: finetune", sources=(ClaimSource.HUB,))
    views = draw(
        "lorenzot2424/l-lora@other:flux-1-dev-non-commercial-license",
        "black-forest-labs/FLUX.1-dev@other:flux-1-dev-nc",
        derivations=(inferred,),
    )

    check("LC14", flags(views), also="R08")


def test_lc16_a_name_in_other_letters() -> None:
    """`llama-3-…` begins with "Llama 3"; what remains informs ("none" leaves that out)."""
    views = draw(
        "grimjim/llama-3-experiment-v1-9B@llama3 -> meta-llama/Meta-Llama-3-8B-Instruct: merge",
        "meta-llama/Meta-Llama-3-8B-Instruct@llama3",
    )

    check("LC16", flags(views), also="R09", level="info")


def test_lc18_a_license_that_was_corrected() -> None:
    """R15 is of the first snapshot, R23 of the next: one row of the table tells of both."""
    base = "meta-llama/Meta-Llama-3-8B@llama3"
    child = "Salesforce/LLaMA-3-8B-SFR-Iterative-DPO-R@{} -> meta-llama/Meta-Llama-3-8B: finetune"
    before = draw(child.format("cc-by-nc-nd-3.0"), base)
    after = draw(child.format("llama3"), base, previous=declare("cc-by-nc-nd-3.0"))

    assert {"R15": "medium"}.items() <= flags(before).items()
    assert {"R23": "info"}.items() <= flags(after).items()
    # R06 in the first: cc-by-nc-nd passes nothing of the agreement on.
    check("LC18", flags(after) | flags(before), also="R06 R08 R09")


def test_lc20_one_part_of_a_merge_speaks_for_all() -> None:
    """A merge with Llama 2 in it stays under Llama 2, whatever the other part's licence."""
    views = draw(
        "TheBloke/EstopianMaid-13B-GGUF@apache-2.0 -> KatyTheCutie/EstopianMaid-13B: quantized",
        "KatyTheCutie/EstopianMaid-13B@apache-2.0 -> acme/l2: merge, acme/free: merge",
        "acme/l2@llama2",
        "acme/free@apache-2.0",
    )

    check("LC20", flags(views), also="R08 R09")


def test_lc22_a_quantization_taken_for_a_finetune() -> None:
    """Weights that are only on branches make the Hub infer a finetune."""
    base = "Replete-AI/Replete-LLM-Qwen2-7b"
    inferred = derivation(f"{base}: finetune", sources=(ClaimSource.HUB,))
    views = draw(
        "bartowski/Replete-LLM-Qwen2-7b-exl2@apache-2.0",
        f"{base}@apache-2.0",
        derivations=(inferred,),
    )

    check("LC22", flags(views))


def test_lc24_a_parent_that_is_gone() -> None:
    """The original was taken down: nobody can look its licence up."""
    views = draw(
        "Comfy-Org/stable-diffusion-v1-5-archive@creativeml-openrail-m"
        " -> CompVis/stable-diffusion-v1-4: unspecified,"
        " runwayml/stable-diffusion-v1-5: unspecified",
        "CompVis/stable-diffusion-v1-4@creativeml-openrail-m",
    )

    check("LC24", flags(views), also="R08")


def test_lc26_a_gate() -> None:
    """Who gets the files has accepted the terms; the data are named, but not on the Hub."""
    views = draw(
        "DeepFloyd/IF-I-M-v1.0@deepfloyd-if-license -> datasets/LAION-A/LAION-A: trained_on",
        gating=Gating.AUTO,
    )

    check("LC26", flags(views), also="R18")


def test_lc28_a_restriction_that_may_be_added() -> None:
    """A RAIL lets derivatives add terms, if its use restrictions are kept."""
    views = draw(
        "aipicasso/cool-japan-diffusion-2-1-1@other:CreativeML Open RAIL++-M-NC"
        " -> stabilityai/stable-diffusion-2-1: finetune",
        "stabilityai/stable-diffusion-2-1@openrail++",
    )

    check("LC28", flags(views), also="R08")


def test_lc30_data_and_model_noncommercial() -> None:
    """Conservative: non-commercial data, non-commercial model (the base is apache-2.0 today)."""
    views = draw(
        "jerrykim9981/no-robots-y34b-lora-Q8_0-GGUF@cc-by-nc-4.0"
        " -> 01-ai/Yi-34B: adapter, datasets/HuggingFaceH4/no_robots: trained_on",
        "01-ai/Yi-34B@apache-2.0",
        "datasets/HuggingFaceH4/no_robots@cc-by-nc-4.0",
    )

    check("LC30", flags(views), also="R15 R21", level="info")


def test_lc32_other_without_a_name() -> None:
    """`other` says nothing; Llama 2 is known, and so are the terms of the data."""
    views = draw(
        "jondurbin/airoboros-l2-70b-gpt4-1.4.1@other -> meta-llama/Llama-2-70b-hf: finetune,"
        " datasets/jondurbin/airoboros-gpt4-1.4.1: trained_on",
        "meta-llama/Llama-2-70b-hf@llama2",
        "datasets/jondurbin/airoboros-gpt4-1.4.1@cc-by-nc-4.0 -> OpenAI GPT-4: generated",
    )

    check("LC32", flags(views), also="R08")


def test_lc34_data_from_a_service() -> None:
    """A data set generated with a vendor's model, whose licence was changed later."""
    views = draw(
        "datasets/tatsu-lab/alpaca@cc-by-nc-4.0 -> OpenAI text-davinci-003: generated",
        previous=declare("apache-2.0"),
    )

    check("LC34", flags(views))


def test_lc36_share_alike_data() -> None:
    """Whether weights adapt their training data is open: advice only."""
    views = draw(
        "databricks/dolly-v2-12b@mit -> EleutherAI/pythia-12b: finetune,"
        " datasets/databricks/databricks-dolly-15k: trained_on",
        "EleutherAI/pythia-12b@apache-2.0",
        "datasets/databricks/databricks-dolly-15k@cc-by-sa-3.0",
    )

    check("LC36", flags(views), also="R21")  # as in LC04


def test_lc38_noncommercial_all_along() -> None:
    """Nothing is relaxed; the vendor of the data is told ("none" leaves that out)."""
    views = draw(
        "stanford/alpaca-7b@cc-by-nc-4.0 -> meta/LLaMA: finetune,"
        " datasets/tatsu-lab/alpaca: trained_on",
        "meta/LLaMA@other:research-only",
        "datasets/tatsu-lab/alpaca@cc-by-nc-4.0 -> OpenAI text-davinci-003: generated",
    )

    check("LC38", flags(views), level="info")


def test_lc40_noncommercial_data_two_steps_away() -> None:
    """The data were evolved from Alpaca: the farther from the weights, the lower the level."""
    views = draw(
        "WizardLM/WizardCoder-15B-V1.0@bigcode-openrail-m -> bigcode/starcoder: finetune,"
        " datasets/WizardLM/evol-instruct: trained_on",
        "bigcode/starcoder@bigcode-openrail-m",
        "datasets/WizardLM/evol-instruct@mit -> datasets/tatsu-lab/alpaca: source",
        "datasets/tatsu-lab/alpaca@cc-by-nc-4.0 -> OpenAI text-davinci-003: generated",
    )

    check("LC40", flags(views))


def test_lc42_a_restricted_license_in_place_of_another() -> None:
    """The child is restricted, but not by Llama 2's terms; the data mix is under a wrapper."""
    views = draw(
        "allenai/tulu-2-dpo-70b@other:ai2-impact-low-risk"
        " -> meta-llama/Llama-2-70b-hf: finetune, datasets/allenai/tulu-v2: trained_on",
        "meta-llama/Llama-2-70b-hf@llama2",
        "datasets/allenai/tulu-v2@odc-by -> datasets/tatsu-lab/alpaca: source,"
        " datasets/GAIR/lima: source, datasets/acme/sharegpt: source",
        "datasets/tatsu-lab/alpaca@cc-by-nc-4.0 -> OpenAI text-davinci-003: generated",
        "datasets/GAIR/lima@cc-by-nc-sa-4.0",
        "datasets/acme/sharegpt -> OpenAI ChatGPT: generated",
    )

    check("LC42", flags(views), also="R01 R08 R09")  # R01: sharegpt declares nothing


def test_lc44_outputs_of_llama_3() -> None:
    """A data set under llama3 holds its outputs, which must not improve another model."""
    views = draw(
        "acme/model@apache-2.0 -> mistralai/Mistral-7B-v0.1: finetune,"
        " datasets/Magpie-Align/Magpie-Pro-300K-Filtered: trained_on",
        "mistralai/Mistral-7B-v0.1@apache-2.0",
        "datasets/Magpie-Align/Magpie-Pro-300K-Filtered@llama3",
    )

    check("LC44", flags(views))


def test_lc46_imitation_of_gemma() -> None:
    """A model trained on Gemma's outputs to perform alike is a derivative of Gemma."""
    views = draw(
        "acme/distilled@apache-2.0 -> acme/base: finetune, datasets/acme/synthetic: trained_on",
        "acme/base@apache-2.0",
        "datasets/acme/synthetic@apache-2.0 -> google/gemma-2-9b: generated",
        "google/gemma-2-9b@gemma",
    )

    check("LC46", flags(views))


def test_lc48_a_merge_that_no_license_fits() -> None:
    """GPL forbids to add NC; that gpl-3.0 also relaxes NC and suits weights badly is told, too."""
    views = draw(
        "acme/merged@gpl-3.0 -> acme/a: merge, acme/b: merge",
        "acme/a@cc-by-nc-4.0",
        "acme/b@gpl-3.0",
    )

    check("LC48", flags(views), also="R03 R22")


def test_lc50_no_derivatives() -> None:
    """A finetune of what permits no derivatives, under any licence."""
    for license_text in ("mit", "cc-by-nd-4.0", ""):
        found = flags(draw(f"acme/child@{license_text} -> acme/a: finetune", "acme/a@cc-by-nd-4.0"))

        check("LC50", found, also="" if license_text else "R01")


def test_lc52_a_multimodal_llama_in_the_eu() -> None:
    """The row describes the model instead of naming it; a name without the prefix is meant."""
    views = draw(
        "acme-eu/assistant@llama3.2 -> meta-llama/Llama-3.2-11B-Vision: finetune",
        "meta-llama/Llama-3.2-11B-Vision@llama3.2",
    )

    check("LC52", flags(views, territories=EU))


def test_lc54_every_llama_4_is_multimodal() -> None:
    """Llama 4 needs no look at the tasks of a model."""
    views = draw(
        "acme/Llama-4-Scout-17B-16E-Instruct-GGUF@llama4"
        " -> meta-llama/Llama-4-Scout-17B-16E-Instruct: quantized",
        "meta-llama/Llama-4-Scout-17B-16E-Instruct@llama4",
    )

    check("LC54", flags(views, territories=EU))


def test_lc56_llama_2_needs_no_prefix() -> None:
    """Non-commercial data under a model that permits commerce; no word about its name."""
    views = draw(
        "nlpie/Llama2-MedTuned-7b@llama2 -> meta-llama/Llama-2-7b-hf: finetune,"
        " datasets/nlpie/Llama2-MedTuned-Instructions: trained_on",
        "meta-llama/Llama-2-7b-hf@llama2",
        "datasets/nlpie/Llama2-MedTuned-Instructions@cc-by-nc-4.0",
    )

    check("LC56", flags(views), also="R08")


def test_lc58_a_subset_of_mixed_data() -> None:
    """The whole is under many licences: which of them the rows of the subset have is open."""
    views = draw(
        "datasets/bigcode/commitpackft@mit -> datasets/bigcode/commitpack: source",
        "datasets/bigcode/commitpack@mit|gpl-3.0|apache-2.0|bsd-3-clause",
    )

    check("LC58", flags(views), also="R21")


def test_lc60_no_license() -> None:
    """No licence is no permission; what the parent asks for is still known."""
    views = draw(
        "acme/xtuned -> meta-llama/Llama-2-7b-hf: finetune",
        "meta-llama/Llama-2-7b-hf@llama2",
    )

    check("LC60", flags(views), also="R08 R09")
