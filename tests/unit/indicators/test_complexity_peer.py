"""The same numbers as py-ecomplexity (Harvard Growth Lab), each difference of convention converted in the open.

* py-ecomplexity drops countries and products without exports; here they stay and are NaN. Compared on what it keeps.
* RCA, M, ECI, PCI, proximity, density: same conventions, compared as they are.
* COI: it takes the eigenvector before it is centred in place of PCI, and standardises the sums over countries. That vector
  times diversity sums to 0, which gives it back from PCI up to a factor: PCI - sum(k_c ECI_c) / sum(k_c). The factor falls out.
* COG: the same vector in units of ECI, and without the term d_cp PCI_p of the printed formula.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path

import numpy as np
import pytest

from indicators.complexity import advantage, diversity, eci_pci, rca, ubiquity
from indicators.complexity_space import cog, coi, density, proximity

TOLERANCE = 1e-8


def random_exports(seed: int) -> np.ndarray:
    """60 x 300, nested as trade is; two countries without exports and one product that nobody exports."""
    rng = np.random.default_rng(seed)
    gap = np.linspace(0, 1, 60)[:, None] - np.linspace(0, 1, 300)[None, :]
    x = rng.lognormal(3, 2, gap.shape) * (rng.random(gap.shape) < 1 / (1 + np.exp(-6 * gap)))
    x[[7, 41]] = 0.0
    x[:, 123] = 0.0
    return x


@pytest.fixture(scope="module", params=[1, 2, 3])
def both(request: pytest.FixtureRequest) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Exports, and the peer's answers as matrices: countries x products, NaN where it dropped a row or column."""
    pd = pytest.importorskip("pandas", reason="the peer works on data frames")
    peer = pytest.importorskip("ecomplexity", reason="py-ecomplexity is a test-only dependency (`make setup` installs it)")
    x = random_exports(request.param)
    c, p = (a.ravel() for a in np.indices(x.shape))
    frame = pd.DataFrame({"t": 2020, "c": c, "p": p, "v": x.ravel()})
    columns = {"time": "t", "loc": "c", "prod": "p", "val": "v"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        found = peer.ecomplexity(frame, columns, check_logsupermodularity=False, verbose=False).sort_values(["c", "p"])
        near = peer.proximity(frame, columns)
    answers = {name: found[name].to_numpy(dtype=float).reshape(x.shape) for name in ("rca", "mcp", "eci", "pci", "density", "coi", "cog")}
    square = near.pivot(index="p_1", columns="p_2", values="proximity").reindex(index=range(300), columns=range(300))
    return x, {**answers, "proximity": square.to_numpy()}


def test_same_numbers_as_the_peer(both: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    x, peer = both
    ratio = rca(x)
    m = advantage(ratio)
    (eci, pci), phi = eci_pci(m), proximity(m)
    d, k_c = density(m, m), diversity(m)
    with_exports, exported = k_c > 0, ubiquity(m) > 0
    assert (~with_exports).sum() == 2 and (~exported).sum() == 1
    uncentred = pci - (k_c @ np.nan_to_num(eci)) / k_c.sum()
    outlook = coi(m, d, uncentred)
    gain = cog(m, m, d, uncentred) + np.where(m, 0.0, d * uncentred)
    ours = {
        "rca": ratio,
        "mcp": np.where(with_exports[:, None] & exported[None, :], m, np.nan),
        "eci": np.where(exported[None, :], eci[:, None], np.nan),
        "pci": np.where(with_exports[:, None], pci[None, :], np.nan),
        "proximity": phi,
        "density": d,
        "coi": np.where(exported[None, :], ((outlook - np.nanmean(outlook)) / np.nanstd(outlook))[:, None], np.nan),
        "cog": gain,
    }
    for name, values in ours.items():
        np.testing.assert_array_equal(np.isnan(values), np.isnan(peer[name]), err_msg=name)
        assert np.nanmax(np.abs(values - peer[name])) < TOLERANCE, name


def test_the_peers_index_is_the_mean_of_its_products(both: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    """Why PCI has the mean and sd of ECI (cid-harvard/ecomplexity issue 3)."""
    _, peer = both
    m = peer["mcp"] == 1
    means = np.nansum(np.where(m, peer["pci"], 0.0), axis=1) / np.maximum(m.sum(axis=1), 1)
    known = m.any(axis=1)
    np.testing.assert_allclose(means[known], np.nanmax(peer["eci"][known], axis=1), atol=TOLERANCE)


def test_open_trade_statistics_2017(shared: Path) -> None:
    """Diversity, ubiquity and leaders of 2017 as another program printed them on the same table.

    R package economiccomplexity (M. Vargas), help page of its data set complexity_measures_2017: 224 countries, 1,222 products,
    first ten of diversity and ubiquity, leaders by the method of reflections with 20 steps, which is near the eigenvector: two
    decimals of its 2.27, 2.20 and 1.97 are not reached exactly.
    """
    pl = pytest.importorskip("polars")
    file = shared / "data/trade/ots_hs4_cross_sections/converted_hs4_exports_1962_1980_2017_2018.csv.gz"
    table = pl.read_csv(file, schema_overrides={"hs4": pl.String}).filter((pl.col("year") == 2017) & (pl.col("export_value_usd") > 0))
    countries, c = np.unique(table["reporter_iso"].to_numpy(), return_inverse=True)
    products, p = np.unique(table["hs4"].to_numpy(), return_inverse=True)
    assert (len(countries), len(products)) == (224, 1222)
    x = np.zeros((224, 1222))
    x[c, p] = table["export_value_usd"].to_numpy()
    m = advantage(rca(x))
    assert diversity(m)[:10].tolist() == [68, 10, 73, 140, 85, 109, 183, 92, 71, 20]
    assert ubiquity(m)[:10].tolist() == [20, 42, 16, 25, 34, 55, 28, 23, 15, 27]
    eci, _ = eci_pci(m)
    leaders = np.argsort(-eci)[:5]
    assert countries[leaders].tolist() == ["jpn", "che", "deu", "bvt", "kor"]
    np.testing.assert_allclose(eci[leaders], [2.27, 2.20, 1.97, 1.91, 1.82], atol=0.02)
