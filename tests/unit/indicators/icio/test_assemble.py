"""From rows of a table to a table: final demand by economy, inventories, split economies; and back to columns."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from indicators.icio import records
from indicators.icio.assemble import table_of
from indicators.icio.measures import measure
from indicators.icio.system import solve
from indicators.icio.table import BadTable, IcioTable

Z = np.array([[1.0, 2.0, 0.5], [0.5, 1.0, 1.0], [2.0, 0.0, 3.0]])
FINAL = np.array([[4.0, -1.0, 2.0, 0.0], [3.0, 1.0, 1.0, 0.5], [1.0, 0.0, 6.0, -0.5]])


def test_final_demand_is_summed_over_categories_and_inventories_over_economies() -> None:
    table = table_of(["A", "A", "B"], ["s", "t", "s"], Z, FINAL, ["A:HFCE", "A:INVNT", "B:HFCE", "B:INVNT"])
    assert table.economies == ("A", "B")
    assert table.y.tolist() == [[3.0, 2.0], [4.0, 1.5], [1.0, 5.5]]
    assert table.inventories is not None
    assert table.inventories.tolist() == [-1.0, 1.5, -0.5]


def test_a_table_without_inventories_has_none() -> None:
    table = table_of(["A", "A", "B"], ["s", "t", "s"], Z, FINAL, ["A:c37", "A:c39", "B:c37", "B:c39"])
    assert table.inventories is None
    assert "position_upstreamness_inventory" not in records.measures(measure(solve(table)))


def test_final_demand_of_a_split_economy_is_one_column() -> None:
    table = table_of(["CN1", "CN2", "B"], ["s", "s", "s"], Z, FINAL, ["CHN:HFCE", "CHN:GGFC", "B:HFCE", "B:GGFC"])
    assert table.economies == ("CHN", "B")
    assert table.y.tolist() == [[3.0, 2.0], [4.0, 1.5], [1.0, 5.5]]
    found = records.measures(measure(solve(table)))
    assert list(zip(found["country"], found["sector"], strict=True)) == [("CHN", "s"), ("B", "s"), ("CHN", "ALL"), ("B", "ALL")]


def test_final_demand_of_nobody_is_an_error() -> None:
    with pytest.raises(BadTable, match="final demand X:HFCE: expected an economy of the table"):
        table_of(["A", "A", "B"], ["s", "t", "s"], Z, FINAL, ["A:HFCE", "A:INVNT", "B:HFCE", "X:HFCE"])


def test_reexports_leave_before_the_table_is_solved() -> None:
    labels = ["s", "Re-export & Re-import", "s", "Re-export & Re-import"]
    z = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 6.0], [0.5, 6.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    final = np.array([[4.0, 2.0], [0.0, 0.0], [1.0, 1.5], [0.0, 6.0]])
    table = table_of(["A", "A", "B", "B"], labels, z, final, ["A:HFCE", "B:HFCE"])
    assert table.sectors == ("s", "s")
    assert table.z.tolist() == [[1.0, 1.0], [0.5, 1.0]]
    assert table.reexport_output_share == 12.0 / 30.0
    assert records.all_records(table)["tables"]["reexport_output_share"] == [0.4]
    # A's industry buys a sixteenth of its output of 8 abroad. The 6 that only pass through would lift its foreign share far above.
    foreign = solve(table).f[0]
    through = solve(IcioTable(countries=("A", "A", "B", "B"), sectors=tuple(labels), z=z, y=final))
    assert foreign < 0.1 < 0.6 < float(through.f[:2] @ through.exports_total[:2] / through.exports_total[:2].sum())


def test_rows_add_up_to_countries_and_pairs_to_their_exports() -> None:
    table = table_of(["A", "A", "B"], ["s", "t", "s"], Z, FINAL, ["A:HFCE", "A:GGFC", "B:HFCE", "B:GGFC"])
    found = records.all_records(table)
    rows, pairs = found["measures"], found["partners"]
    exports = dict(zip(zip(rows["country"], rows["sector"], strict=True), rows["bm_source_exgr_musd"], strict=True))
    assert exports["A", "ALL"] == exports["A", "s"] + exports["A", "t"] == 0.5 + 2.0 + 1.0 + 1.5
    flows = dict(zip(zip(pairs["country"], pairs["partner"], strict=True), pairs["bm_source_exgr_musd"], strict=True))
    assert flows == {("A", "A"): 0.0, ("A", "B"): exports["A", "ALL"], ("B", "A"): exports["B", "ALL"], ("B", "B"): 0.0}
    assert np.isnan(rows["kww_dva_fin_musd"][:3]).all()  # the nine terms exist for countries only
    assert max(found["identities"]["largest_violation"]) < 1e-10
    assert found["tables"]["n_industries"] == [3]


def test_the_same_digits_on_any_number_of_cores() -> None:
    """With another number of threads the last digits of a product differ; the engine sets its own."""
    random = np.random.default_rng(1)
    n, countries = 150, [f"C{i // 30}" for i in range(150)]
    z, final = random.lognormal(0.0, 1.0, (n, n)), random.lognormal(4.0, 1.0, (n, 5))
    table = table_of(countries, [f"s{i % 30}" for i in range(n)], z, final, [f"C{i}:HFCE" for i in range(5)])
    found = []
    for threads in (1, 3):
        with threadpool_limits(threads, "blas"):
            found.append(records.all_records(table)["measures"])
    for name, values in found[0].items():
        np.testing.assert_array_equal(values, found[1][name], err_msg=name)
