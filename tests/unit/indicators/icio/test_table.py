"""Tables: what is refused and how it is named, what is counted, folding of split economies."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from indicators.icio.checks import validate
from indicators.icio.measures import measure
from indicators.icio.system import solve
from indicators.icio.table import BadTable, IcioTable, fold_parts, ratio, row_groups


def changed(table: IcioTable, name: str, at: tuple[int, ...], value: float) -> IcioTable:
    values = getattr(table, name).copy()
    values[at] = value
    return replace(table, **{name: values})


def test_a_good_table_is_reported(leather: IcioTable) -> None:
    published = leather.row_sums.copy()
    published[2] *= 1.25
    report = validate(replace(leather, published_output=published))
    assert (report.n_economies, report.n_industries, report.n_zero_output) == (3, 9, 0)
    assert report.max_imbalance == pytest.approx(0.2)
    assert report.worst_imbalance == (("ARG", "transport", pytest.approx(0.2)),)
    assert report.mean_imbalance == pytest.approx(0.2 / 9)
    assert validate(leather).max_imbalance is None


def test_oddities_are_counted_not_clipped(leather: IcioTable) -> None:
    table = changed(leather, "y", (3, 1), -1.0)
    table = changed(table, "z", (0, 5), -0.01)
    table = changed(table, "z", (8, 8), 200.0)
    report = validate(table)
    assert report.n_negative_final_demand == 1
    assert report.n_negative_intermediate == 1
    assert report.n_negative_value_added == 0
    taken = changed(leather, "y", (8, 2), 0.0)
    taken = changed(taken, "z", (6, 8), 400.0)
    assert validate(taken).n_negative_value_added == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: replace(t, z=t.z[:, :8]), r"z: expected shape \(9, 9\) for 9 industries of 3 economies, found \(9, 8\)"),
        (lambda t: replace(t, y=t.y[:, :2]), r"y: expected shape \(9, 3\)"),
        (lambda t: replace(t, inventories=np.zeros(3)), r"inventories: expected shape \(9,\)"),
        (lambda t: replace(t, sectors=t.sectors[:8]), "sectors: expected 9 labels, one a row, found 8"),
        (lambda t: changed(t, "z", (4, 1), np.nan), r"z: country TUR, sector leather \(row 5\): expected a finite number"),
        (lambda t: changed(t, "y", (8, 0), np.inf), r"y: country DEU, sector transport \(row 9\)"),
        (
            lambda t: replace(t, sectors=("agriculture", "agriculture", "transport") * 3),
            "country ARG, sector agriculture: expected one row",
        ),
        (lambda t: replace(t, countries=("ARG", "TUR", "ARG", *t.countries[3:])), "expected its rows next to each other, found them in 2"),
        (lambda t: changed(t, "z", (3, 6), -9.0), r"country TUR, sector agriculture \(row 4\): expected intermediate sales of 0 or more"),
        (lambda t: changed(t, "y", (0, 0), -300.0), r"country ARG, sector agriculture \(row 1\): expected an output"),
        (
            lambda t: changed(t, "y", (0, 0), 21.5 - t.row_sums[0]),
            "country ARG, sector agriculture .*: expected no inputs where output is 0",
        ),
    ],
)
def test_unusable_tables_are_refused(leather: IcioTable, change: Any, message: str) -> None:
    with pytest.raises(BadTable, match=message):
        validate(change(leather))


def test_a_table_without_inverse_is_refused() -> None:
    """Two industries that use up each other's output entirely: I - A is singular."""
    table = IcioTable(("P", "Q"), ("all", "all"), np.array([[0.0, 1.0], [1.0, 0.0]]), np.zeros((2, 2)))
    with pytest.raises(BadTable, match="I - A has no inverse"):
        solve(table)


def test_zero_output_gives_no_missing_value(leather: IcioTable) -> None:
    """Row and column zero: coefficients and value added 0, levels 0, ratios NaN; the others are not disturbed."""
    z, y = leather.z.copy(), leather.y.copy()
    z[4], z[:, 4], y[4] = 0.0, 0.0, 0.0
    table = replace(leather, z=z, y=y)
    assert validate(table).n_zero_output == 1
    system = solve(table)
    assert not system.a[:, 4].any()
    assert system.v[4] == 0.0
    found = measure(system)
    for levels in (found.by_partner, found.by_sector, found.by_country):
        assert all(np.isfinite(v).all() for v in levels.values())
    assert all(np.isnan(v[4]) for v in found.ratios_by_sector.values())
    assert np.isfinite(found.ratios_by_sector["position.upstreamness"][[0, 1, 2, 3, 5, 6, 7, 8]]).all()


def test_output_that_cancels_to_zero_keeps_the_sums(leather: IcioTable) -> None:
    """An industry that exports what it takes from stock has output 0 and exports: their content is its own, V B = u."""
    z, y = leather.z.copy(), leather.y.copy()
    z[4], z[:, 4], y[4] = 0.0, 0.0, (5.0, -5.0, 0.0)
    system = solve(replace(leather, z=z, y=y))
    assert system.x[4] == 0.0
    assert system.v[4] == 1.0
    found = measure(system)
    np.testing.assert_allclose(found.by_partner["oecd.exgr_dva"][4], [5.0, 0.0, 0.0])
    assert found.by_sector["output.value_added"][4] == 0.0


def split(table: IcioTable, share: float) -> IcioTable:
    """Turkey's industries in two parts of the same technology and customers, the first with `share`; the parts stand at the end."""
    rows = [0, 1, 2, 6, 7, 8, 3, 4, 5, 3, 4, 5]
    weight = np.array([1.0] * 6 + [share] * 3 + [1 - share] * 3)
    order = [0, 2, 1]
    z = table.z[np.ix_(rows, rows)] * weight[:, None] * weight[None, :]
    y = np.column_stack([table.y[rows][:, order] * weight[:, None], np.zeros(12)])
    countries = tuple(["ARG"] * 3 + ["DEU"] * 3 + ["MX1"] * 3 + ["MX2"] * 3)
    return IcioTable(countries, table.sectors + table.sectors[:3], z, y, published_output=table.row_sums[rows] * weight)


def test_parts_of_one_technology_fold_to_the_whole(leather: IcioTable) -> None:
    """Splitting an economy proportionally and folding it changes nothing, and flows between parts are no exports."""
    folded = fold_parts(split(leather, 0.3))
    assert folded.economies == ("ARG", "DEU", "MEX")
    assert validate(folded).max_imbalance == pytest.approx(0.0, abs=1e-12)
    whole, parts = measure(solve(leather)), measure(solve(folded))
    assert parts.countries == ("ARG",) * 3 + ("DEU",) * 3 + ("MEX",) * 3
    rows, columns = [0, 1, 2, 6, 7, 8, 3, 4, 5], [0, 2, 1]
    for name, values in whole.by_partner.items():
        if not name.startswith("sectoral"):  # the perimeter of an industry is that of each part
            np.testing.assert_allclose(parts.by_partner[name], values[rows][:, columns], rtol=1e-11, atol=1e-12, err_msg=name)
    for name, values in whole.ratios_by_sector.items():
        np.testing.assert_allclose(parts.ratios_by_sector[name], values[rows], rtol=1e-11, err_msg=name)
    for name, values in whole.by_country.items():
        np.testing.assert_allclose(parts.by_country[name], values[columns], rtol=1e-11, atol=1e-12, err_msg=name)


def test_rows_of_parts_come_together() -> None:
    """The older OECD order: the parts stand behind the last economy, the economy's own rows are empty."""
    countries, sectors = ("CHN", "ROW", "CN1", "CN2"), ("all",) * 4
    z, y = np.arange(16.0).reshape(4, 4), np.arange(16.0).reshape(4, 4)
    z[0], z[:, 0], y[0] = 0.0, 0.0, 0.0
    folded = fold_parts(IcioTable(countries, sectors, z, y))
    assert folded.countries == ("CHN", "CHN", "CHN", "ROW")
    assert folded.parts == ("CHN", "CN1", "CN2", "ROW")
    assert folded.z[1, 2] == 11.0
    np.testing.assert_array_equal(folded.y[3], [4.0 + 6.0 + 7.0, 5.0])
    validate(folded)
    assert fold_parts(folded) is folded


def test_folding_means_skip_missing_rows() -> None:
    table = IcioTable(("P", "P", "Q"), ("all", "all", "all"), np.zeros((3, 3)), np.zeros((3, 2)), parts=("P1", "P2", "Q"))
    groups = row_groups(table)
    np.testing.assert_array_equal(groups.fold(np.array([1.0, 2.0, 4.0])), [3.0, 4.0])
    np.testing.assert_array_equal(groups.fold(np.array([1.0, np.nan, 4.0]), weights=np.array([2.0, 5.0, 0.0])), [1.0, np.nan])
    np.testing.assert_array_equal(ratio(np.array([1.0, 0.0]), np.array([0.0, 2.0])), [np.nan, 0.0])
