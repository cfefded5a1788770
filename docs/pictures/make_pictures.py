"""Draws the pictures of the docs from the sample release: `make pictures` (after `make run`).

The numbers are invented, so the words SYNTHETIC SAMPLE stand inside the picture, not beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pyarrow

from orchestration.readers import current_release, query

HERE = Path(__file__).resolve().parent
LINES = {"GHA": ("Ghana", "#0b6e4f"), "CIV": ("Côte d'Ivoire", "#c8553d"), "CMR": ("Cameroon", "#34568b")}  # iso3 -> label, colour
FIRST_YEAR, LAST_YEAR = 2007, 2019
FONT = "DejaVu Sans, Verdana, Arial, sans-serif"
LADDER = f"""
    SELECT iso3, year, position, low, high FROM mart_ladder
    WHERE chain_id = 'cocoa' AND iso3 IN ('GHA', 'CIV', 'CMR') AND year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}
    ORDER BY iso3, year
"""


def ladder_chart(rows: pyarrow.Table) -> alt.LayerChart:
    """Position (0 to 1) by year, one line a country; the band reaches from the lowest to the highest basis."""
    values: list[dict[str, Any]] = [{**r, "country": LINES[r["iso3"]][0]} for r in rows.to_pylist()]
    names, colours = [n for n, _ in LINES.values()], [c for _, c in LINES.values()]
    colour = alt.Color("country:N", scale=alt.Scale(domain=names, range=colours), legend=None)
    years = list(range(FIRST_YEAR, LAST_YEAR + 1, 2))
    scale = alt.Scale(domain=[FIRST_YEAR, LAST_YEAR], zero=False, nice=False)
    x = alt.X("year:Q", title=None, scale=scale, axis=alt.Axis(values=years, format="d", grid=False))
    y = alt.Y(
        "low:Q",
        title="ladder position (0 = all raw, 1 = all final)",
        scale=alt.Scale(domain=[0, 0.24]),
        axis=alt.Axis(values=[0, 0.05, 0.1, 0.15, 0.2], format=".2f"),
    )
    data = alt.Chart(alt.Data(values=values))
    band = data.mark_area(opacity=0.18).encode(x, y, alt.Y2("high:Q"), colour)
    line = data.mark_line(strokeWidth=2.6, point=alt.OverlayMarkDef(size=34)).encode(x, alt.Y("position:Q"), colour)
    ends = alt.Chart(alt.Data(values=[v for v in values if v["year"] == LAST_YEAR]))
    label = ends.mark_text(align="left", dx=10, fontSize=14, fontWeight="bold").encode(
        x, alt.Y("position:Q"), alt.Text("country:N"), colour
    )
    stamp = (
        alt.Chart(alt.Data(values=[{"year": FIRST_YEAR + 0.25, "at": 0.222}]))
        .mark_text(text="SYNTHETIC SAMPLE", align="left", fontSize=26, fontWeight="bold", color="#a0a0a0")
        .encode(alt.X("year:Q"), alt.Y("at:Q"))
    )
    return (
        alt.layer(stamp, band, line, label)
        .properties(
            width=620,
            height=340,
            padding={"left": 12, "right": 12, "top": 12, "bottom": 12},
            title=alt.TitleParams(
                "Cocoa: Ghana climbs, Côte d'Ivoire stays, Cameroon sells more beans and slides",
                subtitle=[
                    "Invented numbers: they show how a result looks, never quote them. Line: median of the bases; band: lowest to",
                    "highest basis. When the bean price doubles in 2018 only current value falls: the band widens, the line holds.",
                ],
                anchor="start",
                fontSize=17,
                subtitleFontSize=12,
                subtitleColor="#555555",
                offset=14,
            ),
        )
        .configure(font=FONT, background="#ffffff")
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor="#444444", titleColor="#444444")
        .configure_axisY(gridColor="#e6e6e6", domain=False, ticks=False, titlePadding=12)
    )


def main() -> None:
    """Raises ReleaseError when there is no sample release."""
    release = current_release("sample")
    target = HERE / "ladder_sample.svg"
    ladder_chart(query(release, LADDER)).save(target)
    print(f"written: {target.name}, from release {release.release_id}")


if __name__ == "__main__":
    main()
