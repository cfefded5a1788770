"""How long export flows live."""

from __future__ import annotations

import pandas as pd

from trade_pandas.governance import market
from trade_pandas.study import Study

LOOKED_AT = 5  # years of a spell
FLOW = ["exporter", "importer", "hs6"]


def flows(study: Study, trade: pd.DataFrame) -> None:
    """Markets that buy chain products in flows that are large enough to live."""
    is_alive = trade["hs6"].isin(study.chains["hs6"]) & (trade["value_kusd"] >= study.rules["survival_min_kusd"])
    alive = trade.loc[is_alive, FLOW]
    study.write("int_survival__flows", alive.assign(importer=market(alive["importer"])).drop_duplicates(), "source hs_revision year")


def events(study: Study, year: int) -> None:
    """Flows that were in their first to fifth year last year, and how many of them are gone."""
    years = range(year - LOOKED_AT - 1, year + 1)
    traded = study.read("int_survival__flows", years, [*FLOW, "year"])
    loaded = traded[["hs6", "year"]].drop_duplicates()
    loaded = loaded.assign(loaded=True).pivot(index="hs6", columns="year", values="loaded").notna().reindex(columns=years, fill_value=False)
    named = traded[(traded["exporter"] != "XXX") & (traded["importer"] != "XXX")]
    active = named.merge(named.loc[named["year"] == year - 1, FLOW], on=FLOW)
    active = active.assign(active=True).pivot(index=FLOW, columns="year", values="active").notna().reindex(columns=years, fill_value=False)
    is_loaded = loaded.reindex(active.index.get_level_values("hs6")).set_index(active.index)
    spells = []
    for age in range(1, LOOKED_AT + 1):
        was_there = active[[year - k for k in range(1, age + 1)]].all(axis=1)
        began = was_there & ~active[year - age - 1] & is_loaded[year - age - 1] & is_loaded[year]
        spells.append(active.index[began].to_frame(index=False).assign(age_years=age, ended=~active.loc[began, year].to_numpy()))
    found = pd.concat(spells).merge(study.chains[["chain_id", "hs6"]], on="hs6").rename(columns={"exporter": "iso3"})
    key = ["iso3", "chain_id", "age_years"]
    table = found.groupby(key, as_index=False).agg(n_at_risk=("ended", "size"), n_ended=("ended", "sum"))
    study.write("int_survival__events", table)
