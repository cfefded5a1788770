"""Two economies of one industry each, every measure by hand; formulas: the papers named in the modules.

Z = [[20, 10], [10, 20]], Y = [[60, 10], [20, 50]], so x = (100, 100), A = [[.2, .1], [.1, .2]], V = (.7, .7),
det(I - A) = .64 - .01 = .63, B = [[.8, .1], [.1, .8]] / .63, L = 1 / .8. For economy P: c = .7 * .8 / .63 = 8/9, f = 1/9,
d = .7 / .8 = 7/8, E = 20; Q exports 30.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from indicators.icio import borin_mancini, content, kww, perimeters, position, production, tripartite, wwz
from indicators.icio.measures import measure
from indicators.icio.system import System, solve
from indicators.icio.table import BadTable, IcioTable


@pytest.fixture(scope="module")
def table() -> IcioTable:
    z, y = np.array([[20.0, 10.0], [10.0, 20.0]]), np.array([[60.0, 10.0], [20.0, 50.0]])
    return IcioTable(("P", "Q"), ("all", "all"), z, y)


@pytest.fixture(scope="module")
def system(table: IcioTable) -> System:
    return solve(table)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-13, abs=1e-13)


def test_content(system: System) -> None:
    """DVX of P: V_P B_PQ E_Q = 1/9 * 30. VAX: V_P (B Y)_PQ = .7 * (.8 * 10 + .1 * 50) / .63 = 130/9."""
    unctad = content.unctad(system)
    assert [unctad[k][0] for k in ("dva", "fva", "dvx")] == [near(160 / 9), near(20 / 9), near(30 / 9)]
    assert content.by_exporter(system)["ffd_dva"][0] == near(130 / 9)
    assert content.by_exporter(system)["vs"][0] == near(2.5)
    oecd = content.oecd_exports(system)
    assert oecd["exgr_ddc"][0, 1] == near(17.5)
    assert oecd["exgr_idc"][0, 1] == near(0.0)
    assert oecd["exgr_rim"][0, 1] == near(160 / 9 - 17.5)


def test_borin_mancini(system: System) -> None:
    """fx = f B^-1 L = 1/9 * .63/.8 / .8 = 7/64. DAVAX = 7/8 (10 + .125 * 50). With one partner the bilateral perimeter is the same."""
    found = borin_mancini.source(system)
    expected = {"dva": 17.5, "ddc": 160 / 9 - 17.5, "fva": 20 * 7 / 64, "fdc": 20 / 9 - 20 * 7 / 64}
    expected |= {"davax": 14.21875, "gvc": 5.78125, "gvcb": 2.5, "gvcf": 3.28125, "vax": 130 / 9}
    for name, value in expected.items():
        assert found[name][0, 1] == near(value), name
    for same in (perimeters.bilateral(system), perimeters.sectoral_bilateral(system)):
        assert same["dva"][0, 1] == near(17.5)
        assert same["fva"][0, 1] == near(20 * 7 / 64)
    assert perimeters.world(system)["fdc1"][0, 1] == near(2.1875)


def test_kww(system: System) -> None:
    """V_P B_PQ = 1/9, A L = 1/8: 8/9*10, 1/9*50, 0, 1/9*20, 1/9*1/8*60, 1/9*1/8*20, 1/9*10, 1/9*1/8*50, 1/9*1/8*30."""
    expected = [80 / 9, 50 / 9, 0.0, 20 / 9, 60 / 72, 20 / 72, 10 / 9, 50 / 72, 30 / 72]
    assert [v[0] for v in kww.decompose(system).values()] == [near(v) for v in expected]


def test_wwz_without_third_economies(system: System) -> None:
    """d = 7/8, A = .1, B_QQ = 8/6.3, B_QP = 1/6.3: the terms of third economies are zero."""
    found = {k: v[0, 1] for k, v in wwz.decompose(system).items()}
    for third in ("dva_intrex_i1", "dva_intrex_f", "dva_intrex_i2", "rdv_fin2", "ova_fin", "ova_int", "odc"):
        assert found[third] == near(0.0), third
    assert found["dva_int"] == near(0.0875 * 50 * 8 / 6.3)
    assert found["rdv_fin"] == near(0.0875 * 20 * 8 / 6.3)
    assert found["rdv_int"] == near(0.0875 * 60 / 6.3)
    assert found["ddc_fin"] == near(0.0875 * 10 / 6.3)
    assert found["mva_fin"] == near(10 / 9)
    assert found["mdc"] == near(30 / 72)


def test_tripartite(system: System) -> None:
    """Trade: k1 = 16.25, k2 = .125 * 30. Output: f1 = 7/8 * .1 / .8 = 7/64, fr = 1/64, q0 = 75, q1 = 20.3125, q2 = 4.6875."""
    trade = {k: v[0, 1] for k, v in tripartite.trade(system).items()}
    assert [trade[k] for k in ("traditional", "pure_forward")] == [near(14.21875), near(3.28125)]
    assert [trade[k] for k in ("pure_backward", "two_sided")] == [near(2.03125), near(0.46875)]
    found = {k: v[0] for k, v in tripartite.output(system).items()}
    assert [found[k] for k in ("domestic", "traditional", "pure_forward")] == [near(65.625), near(25.9765625), near(3.28125)]
    assert [found[k] for k in ("pure_backward", "two_sided")] == [near(2.1875), near(2.9296875)]


def test_position(system: System, table: IcioTable) -> None:
    """U and D: row and column sums of B, .9/.63. With inventories (20, 0) row P of A times 100/80: det .5875."""
    assert position.upstreamness(system)[0] == near(10 / 7)
    assert position.downstreamness(system)[1] == near(10 / 7)
    up, down = position.inventory_corrected(solve(replace(table, inventories=np.array([20.0, 0.0]))))
    np.testing.assert_allclose(up, [0.925 / 0.5875, 0.85 / 0.5875], rtol=1e-13)
    np.testing.assert_allclose(down, [0.9 / 0.5875, 0.875 / 0.5875], rtol=1e-13)
    ratio = position.kpww(np.array([30 / 9]), np.array([20 / 9]), np.array([20.0]))
    assert ratio[0] == near(np.log(1 + 1 / 6) - np.log(1 + 1 / 9))
    assert np.isnan(position.kpww(np.zeros(1), np.zeros(1), np.zeros(1))).all()


def test_inventories_that_do_not_fit(system: System, table: IcioTable) -> None:
    """Without inventories there is no correction; an industry that sold to stocks only has no value of its own."""
    with pytest.raises(BadTable, match="net change in inventories of each industry, found none"):
        position.inventory_corrected(system)
    up, down = position.inventory_corrected(solve(replace(table, inventories=np.array([100.0, 0.0]))))
    assert np.isnan([up[0], down[0]]).all()
    assert up[1] == near(10 / 7)


def test_production(system: System) -> None:
    """V L Y^D = 52.5, V L Y^F = 8.75, simple V L A^F L Y^D = .875 * .1 / .8 * 50 = 5.46875; the rest of va = 70 is complex.

    Lengths: domestic L L Y / L Y = 1.25; all: upstreamness.
    """
    forward = {k: v[0] for k, v in production.forward(system).items()}
    assert [forward[k] for k in production.PARTS] == [near(52.5), near(8.75), near(5.46875), near(70 - 66.71875)]
    backward = {k: v[0] for k, v in production.backward(system).items()}
    assert [backward[k] for k in production.PARTS] == [near(52.5), near(8.75), near(60 * 7 / 64), near(70 - 61.25 - 60 * 7 / 64)]
    lengths = {k: (n / d)[0] for k, (n, d) in production.lengths(system).items()}
    assert lengths["plv"] == near(10 / 7)
    assert lengths["plv_domestic"] == near(1.25)
    assert lengths["ply"] == near(10 / 7)
    assert lengths["ply_traditional"] == near(1.25)
    # (B B - L L) y / (B - L) y: output for value added that crosses borders in intermediates, (1000/7 - 1.25 * 87.5) / 12.5
    assert lengths["plv_gvc"] == near((1000 / 7 - 1.25 * 87.5) / 12.5)
    # (u B - d L) / (u - d), the same for each dollar of final goods: (10/7 - .875 / .8) / .125
    assert lengths["ply_gvc"] == near((10 / 7 - 1.09375) / 0.125)
    numerator, denominator = production.lengths(system)["ply_gvc"]
    assert (numerator[0], denominator[0]) == (near((10 / 7 - 1.09375) * 70), near(0.125 * 70))


def test_shares(system: System) -> None:
    """From the levels above; one industry an economy, so industry and country agree."""
    found = measure(system)
    expected = {
        "bm_source.backward_share": 0.125,
        "bm_source.forward_share": 3.28125 / 20,
        "bm_source.gvc_share": 5.78125 / 20,
        "oecd.exgr_fva_share": 1 / 9,
        "unctad.participation": (20 + 30) / 9 / 20,
        "content.vax_ratio": 13 / 18,
        "trade.forwardness": (3.28125 - 2.03125) / 5.78125,
        "output.gvc_share": 0.083984375,
        "production_forward.participation": 0.125,
        "length.plv_domestic": 1.25,
    }
    for name, value in expected.items():
        assert found.ratios_by_sector[name][0] == near(value), name
        assert found.ratios_by_country[name][0] == near(value), name
