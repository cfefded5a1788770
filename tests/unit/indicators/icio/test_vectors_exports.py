"""Decompositions of exports against independent programs, every cell of every file of the five small test tables.

Programs and their versions: ../shared/reference/icio_test_vectors/SOURCE.md. Where two programs cover a measure both are compared.
"""

from __future__ import annotations

from typing import Any

import pytest

from indicators.icio import borin_mancini, tripartite
from indicators.icio.system import System
from indicators.icio.table import Array

TABLES = ("leather", "wiod2011_7x5", "exvatools_wiodtest_6x3", "gvcanalyzer_toy_4x3", "pymrio_test_6x8")
SOURCE_STANDARD = ["EXGR", "DC", "DVA", "VAX", "DAVAX", "REF", "DDC", "FC", "FVA", "FDC", "GVC", "GVCB", "GVCF"]
TERMS = ["EXGR", "VAX1", "VAX2", "VAX3", "VAX4", "REF1", "REF2", "DDC", "FVA1", "FVA2", "FVA3", "FVA4", "FDC"]
SINK_STANDARD = ["EXGR", "DC", "DVA", "VAX", "VAXIM", "REF", "DDC", "FC", "FVA", "FDC"]
BM2023 = ("DVA", "DDC", "FVA", "FDC")


def by_name(found: dict[str, Array], columns: list[str]) -> dict[str, Array]:
    return {c: found[c.lower()] for c in columns}


def by_pair(system: System, values: Array) -> Array:
    return system.table.sum_by_country(values)


@pytest.mark.parametrize("name", TABLES)
def test_borin_mancini_source(vectors: Any, name: str) -> None:
    system = vectors.system(name)
    found = borin_mancini.source(system)
    folder = f"{name}/expected"
    vectors.compare(system, f"{folder}/exvatools_bm_src_terms.csv", by_name(found, TERMS))
    vectors.compare(system, f"{folder}/exvatools_bm_src_standard.csv", by_name(found, SOURCE_STANDARD))
    # Miroudot and Ye with the country perimeter: the same four parts by another road
    vectors.compare(system, f"{folder}/exvatools_my_standard.csv", by_name(found, ["EXGR", "DC", "DVA", "DDC", "FC", "FVA", "FDC"]))
    pairs = {f"{k}source_sr": by_pair(system, found[k.lower()]) for k in BM2023}
    vectors.compare(system, f"{folder}/gvcanalyzer_bm2023_bilateral_source.csv", pairs | {"EX_sr": by_pair(system, system.exports)})


@pytest.mark.parametrize("name", TABLES)
def test_borin_mancini_sink(vectors: Any, name: str) -> None:
    system = vectors.system(name)
    found = borin_mancini.sink(system)
    folder = f"{name}/expected"
    vectors.compare(system, f"{folder}/exvatools_bm_snk_terms.csv", by_name(found, TERMS))
    vectors.compare(system, f"{folder}/exvatools_bm_snk_standard.csv", by_name(found, SINK_STANDARD))
    pairs = {f"{k}sink_sr": by_pair(system, found[k.lower()]) for k in BM2023} | {"EX_sr": by_pair(system, system.exports)}
    vectors.compare(system, f"{folder}/gvcanalyzer_bm2023_bilateral_sink.csv", pairs)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("approach", [borin_mancini.source, borin_mancini.sink])
def test_borin_mancini_exporter_totals(vectors: Any, name: str, approach: Any) -> None:
    """The four parts of an exporter do not depend on source or sink."""
    system = vectors.system(name)
    found = approach(system)
    totals = {f"{k}_s": by_pair(system, found[k.lower()]).sum(axis=1) for k in BM2023}
    vectors.compare(system, f"{name}/expected/gvcanalyzer_bm2023_exporter.csv", totals | {"EX_s": system.exporter_totals()})


@pytest.mark.parametrize("name", TABLES)
def test_tripartite_trade(vectors: Any, name: str) -> None:
    system = vectors.system(name)
    found = {k: by_pair(system, v) for k, v in tripartite.trade(system).items()}
    columns = {
        "E_sr": by_pair(system, system.exports),
        "DAVAX_sr": found["traditional"],
        "GVC_sr": found["gvc"],
        "GVC_PF": found["pure_forward"],
        "GVC_TS": found["two_sided"],
        "GVC_PB": found["pure_backward"],
    }
    vectors.compare(system, f"{name}/expected/gvcanalyzer_bmt2025_trade.csv", columns)
