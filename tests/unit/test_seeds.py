"""Traps of the code lists that live in the seeds: each test names what a wrong or re-typed row would break (docs/quirks.md)."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


@cache
def rows(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def codes(scheme: str) -> dict[str, dict[str, str]]:
    return {r["code"]: r for r in rows("country_codes") if r["scheme"] == scheme}


def product(hs6: str) -> dict[str, str]:
    (row,) = [r for r in rows("hs6_hs1996") if r["hs6"] == hs6]
    return row


def test_codes_keep_their_length() -> None:
    assert {len(r["hs6"]) for r in rows("hs6_hs1996")} == {6}
    assert {len(r["hs6_from"]) for r in rows("hs_revisions_to_hs1996")} == {6}
    assert {len(r["m49"]) for r in rows("countries") if r["m49"]} == {3}
    assert {len(r["sitc2_4d"]) for r in rows("hs6_hs1996")} == {0, 4}
    assert any(r["sitc2_4d"].startswith("0") for r in rows("hs6_hs1996") if r["rauch_con"])


def test_a_code_of_a_scheme_stands_once() -> None:
    """Several codes may share one country; a code in two rows would multiply the flows that are joined to it."""
    counts = Counter((r["scheme"], r["code"]) for r in rows("country_codes"))
    assert [code for code, n in counts.items() if n > 1] == []


@pytest.mark.parametrize(
    ("scheme", "code", "iso3"),
    [
        *[("comtrade", c, i) for c, i in [("842", "USA"), ("251", "FRA"), ("757", "CHE"), ("579", "NOR"), ("699", "IND")]],
        *[("comtrade", c, i) for c, i in [("736", "SDN"), ("729", "SDN"), ("728", "SSD"), ("230", "ETH"), ("231", "ETH"), ("232", "ERI")]],
        *[
            (s, c, i)
            for s in ("comtrade", "baci")
            for c, i in [("58", "BEL"), ("56", "BEL"), ("442", "LUX"), ("490", "TWN"), ("711", "XXX")]
        ],
        *[("comtrade", c, "XXX") for c in ("899", "837", "838", "839")],
        *[("eora", "SUD", "SDN"), ("eora", "SDS", "SSD")],
        *[("world_bank", c, i) for c, i in [("ZAR", "COD"), ("TMP", "TLS"), ("ROM", "ROU")]],
    ],
)
def test_codes_that_differ_from_the_standard(scheme: str, code: str, iso3: str) -> None:
    assert codes(scheme)[code]["iso3"] == iso3


def test_aggregates_of_the_world_bank_are_no_countries() -> None:
    assert {"SSF", "LDC", "WLD"} & set(codes("world_bank")) == set()


def test_split_states_are_dated() -> None:
    comtrade = codes("comtrade")
    assert comtrade["736"]["valid_to"] == "2012-01-01" and comtrade["729"]["valid_from"] == "2011-01-01"
    assert comtrade["230"]["valid_to"] == comtrade["231"]["valid_from"] == "1993-01-01"
    assert comtrade["58"]["valid_to"] == comtrade["56"]["valid_from"] == "1999-01-01"
    assert [r["is_member"] for r in rows("oacps_members") if r["iso3"] == "SSD"] == ["false"]


@pytest.mark.parametrize(
    ("group", "iso3", "end"),
    [("LDC", "STP", "2024-12-13"), ("ECOWAS", "BFA", "2025-01-29"), ("ECOWAS", "MLI", "2025-01-29"), ("ECOWAS", "NER", "2025-01-29")],
)
def test_memberships_end_on_their_day(group: str, iso3: str, end: str) -> None:
    assert [r["valid_to"] for r in rows("country_group_membership") if (r["group_id"], r["iso3"]) == (group, iso3)] == [end]


def test_income_groups_are_those_of_fiscal_year_2026() -> None:
    """Before it CPV and WSM stood lower and NAM higher; after it TGO stands higher."""
    found = {r["iso3"]: r["wb_income_group_2025"] for r in rows("oacps_members")}
    assert [found[c] for c in ("CPV", "WSM", "NAM", "TGO")] == ["upper_middle", "upper_middle", "lower_middle", "low"]


def test_members_with_input_output_tables() -> None:
    members = {r["iso3"]: r for r in rows("oacps_members") if r["is_member"] == "true"}
    assert {r["iso3"] for r in rows("icio_economies") if r["is_oacps"] == "true"} == {"AGO", "CMR", "CIV", "COD", "NGA", "SEN", "STP"}
    missing = {c for c, r in members.items() if r["in_eora26"] == "false"}
    assert len(missing) == 19 and missing > {"COM", "DMA", "GNB", "GNQ", "GRD", "KNA", "LCA", "VCT"}


def test_later_and_loose_codes_become_hs1996() -> None:
    found = {(r["classification_code"], r["hs6_from"]): r["hs6_hs1996"] for r in rows("hs_revisions_to_hs1996")}
    assert {to for (_, code), to in found.items() if code.startswith("2710")} == {"271000"}
    assert {to for (_, code), to in found.items() if code.startswith("9999")} == {"999999"}
    late = {"080310": "080300", "080390": "080300", "030616": "030613", "090710": "090700"}
    assert {code: found["H4", code] for code in late} == late


def test_end_use_is_filled_only_when_all_classes_agree() -> None:
    use_of = {r["bec4"]: r["bec4_use"] for r in rows("hs6_hs1996") if r["bec4_use"] and "|" not in r["bec4"]}
    many = [r for r in rows("hs6_hs1996") if "|" in r["bec4"]]
    assert len(many) == 200
    for r in many:
        uses = {use_of.get(bec, "") for bec in r["bec4"].split("|")}
        assert r["bec4_use"] == (uses.pop() if len(uses) == 1 else ""), r["hs6"]
    assert {r["bec4_use"] for r in rows("hs6_hs1996") if set(r["bec4"].split("|")) & {"51", "321", "7"}} == {""}


def test_goods_without_a_technology_or_an_industry_have_none() -> None:
    assert [product(c)["lall_class"] for c in ("710820", "711890")] == ["", ""]
    assert [product(c)["rauch_con"] for c in ("710820", "711890")] == ["", ""]
    scrap = [r for r in rows("hs6_hs1996") if r["isic3_4d"] == "9999"]
    assert len(scrap) == 75 and {r["icio_2025"] for r in scrap} == {""}


def test_processing_inside_a_lall_class_is_seen_by_the_ladder() -> None:
    """Roasted coffee and cocoa butter are primary products by Lall; only their stage says that they are processed."""
    assert {product(c)["lall_class"] for c in ("090111", "090121", "180100", "180400")} == {"PP"}
    stage = {r["hs6"]: int(r["stage"]) for r in rows("chain_ladder") if r["chain_id"] in ("coffee", "cocoa")}
    assert stage["090121"] > stage["090111"] and stage["180400"] > stage["180100"]


def test_used_clothing_stands_on_no_ladder() -> None:
    assert [r["hs6"] for r in rows("chain_ladder") if r["hs6"].startswith("6309")] == []


def test_codes_of_several_chains_say_so() -> None:
    counts = Counter((r["hs_revision"], r["hs6"]) for r in rows("chain_ladder"))
    assert [r for r in rows("chain_ladder") if int(r["n_chains_with_code"]) != counts[r["hs_revision"], r["hs6"]]] == []
    for generic in ("200819", "151620", "330129"):
        assert sum(r["shared_code"] == "false" for r in rows("chain_ladder") if r["hs6"] == generic) <= 1, generic
