"""The rules, each a pure function from a case to drafts of findings, in one dictionary.

case        what a rule is given, and what it returns
declared    what a repository itself declares
inherited   what came with the material and must not be lost
duties      names, notices, thresholds: what comes with a licence
data        training data and generated data
lineage     ancestors that cannot be looked at, gates that were lost
"""

from graph.licenses.rules.case import Case, Draft, Rule
from graph.licenses.rules.data import (
    data_noncommercial,
    data_share_alike,
    output_training,
    vendor_terms,
)
from graph.licenses.rules.declared import (
    changed_license,
    code_license_on_weights,
    contradiction,
    family,
    guessed_relation,
    several_licenses,
    unresolved,
)
from graph.licenses.rules.duties import display_duty, name_prefix, territory, threshold
from graph.licenses.rules.inherited import (
    added_restriction,
    flow_down_lost,
    merge_conflict,
    no_derivatives,
    permissive_notice,
    relaxed_commercial,
    share_alike_lost,
)
from graph.licenses.rules.lineage import gating_lost, unverifiable

__all__ = ["RULES", "Case", "Draft", "Rule"]

RULES: dict[str, Rule] = {
    "R01": unresolved,
    "R02": family,
    "R03": relaxed_commercial,
    "R04": no_derivatives,
    "R05": share_alike_lost,
    "R06": flow_down_lost,
    "R07": name_prefix,
    "R08": display_duty,
    "R09": threshold,
    "R10": output_training,
    "R11": data_noncommercial,
    "R12": data_share_alike,
    "R13": vendor_terms,
    "R14": merge_conflict,
    "R15": added_restriction,
    "R16": territory,
    "R17": gating_lost,
    "R18": unverifiable,
    "R19": contradiction,
    "R20": several_licenses,
    "R21": permissive_notice,
    "R22": code_license_on_weights,
    "R23": changed_license,
    "REL": guessed_relation,
}
"""Every rule by its id; what it is about and on which clause it rests is its docstring."""
