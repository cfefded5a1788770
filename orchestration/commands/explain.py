"""`acpgvc explain`: from a number to its meaning, inputs and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration import console
from orchestration.commands.options import ReadProfile

if TYPE_CHECKING:
    from orchestration.explain import Explanation
    from orchestration.readers import Release


def explain(
    indicator: Annotated[str, typer.Argument(help="Indicator id, as in dim_indicator.", show_default=False)],
    iso3: Annotated[str, typer.Argument(help="Country, ISO 3166 code of three letters.", show_default=False)],
    year: Annotated[int, typer.Argument(help="Year of the value.", show_default=False)],
    scope: Annotated[
        str | None,
        typer.Option("--scope", metavar="KIND:ID", help="One of several scopes: chain:cocoa, sector:C10T12, chain_market:fish:EU."),
    ] = None,
    profile: ReadProfile = None,
) -> None:
    """Show what stands behind a number: definition, formula, value, grade, inputs, and the files with their hashes.

    \b
    Examples:
      acpgvc explain ladder_position GHA 2020 --scope chain:cocoa
      acpgvc explain ladder_climb_10y SEN 2022 --scope tuna
      acpgvc explain gvc_output_share CMR 2015
      acpgvc query "select indicator_id, name from dim_indicator"      what can be explained
    """
    from orchestration.explain import explain as look_up
    from orchestration.readers import current_release

    release = current_release(profile)
    console.note(release.line)
    _show(release, look_up(release, indicator, iso3, year, scope), year)


def _show(release: Release, found: Explanation, year: int) -> None:
    if release.is_sample:
        console.say(console.SYNTHETIC, style="bold yellow")
    ind = found.indicator
    console.heading(f"{ind['name']} ({ind['indicator_id']}): {found.country}, {year}")
    _pairs(ind, ("definition", "formula", "unit", "pillar", "grain", "direction", "tier", "method_version"))
    for value in found.values:
        _show_value(value)
    if found.flows and found.flows["flows"]:
        flows = found.flows
        console.heading("flows behind it (fct_trade)")
        console.say(
            f"  {flows['flows']} flows, {flows['products']} products, {flows['importers']} importers, "
            f"{console.cell(flows['value_kusd'])} thousand USD"
        )
    for mart, rows in found.inputs.items():
        console.heading(f"where it stands with its parts: {mart}")
        for row in rows:
            console.say("  " + ", ".join(f"{k}={console.cell(v)}" for k, v in row.items() if v not in (None, [])))
    console.heading(f"files it comes from ({len(found.files)})")
    if not found.files:
        console.say("  none recorded: the value comes from no loaded file (see its null reason)")
    licences = dict.fromkeys((f["source"], f["licence"], f["may_redistribute"]) for f in found.files)
    for source, licence, may_redistribute in licences:
        console.say(f"  licence of {source}: {licence}{'' if may_redistribute else ' (its rows may not be passed on)'}")
    for f in found.files:
        console.say(f"  {f['source']}, vintage {f['source_vintage'] or '-'}: {f['request']}")
        console.say(f"    sha256 {f['sha256']}, {f['row_count']} rows, retrieved {f['retrieved_at']} UTC")


def _show_value(v: dict[str, Any]) -> None:
    from orchestration.explain import GRADES

    console.heading(f"{v['scope_kind']} {v['scope_id']}, source {v['source']}, vintage {v['source_vintage']}, {v['data_origin']}")
    if v["value"] is None:
        console.say(f"  no value: {v['null_reason']} ({v['null_meaning'] or 'meaning not in this release'})")
    else:
        interval = "" if v["low"] is None and v["high"] is None else f" (from {console.cell(v['low'])} to {console.cell(v['high'])})"
        console.say(f"  value   {console.cell(v['value'])} {v['unit']}{interval}")
    console.say(f"  grade   {v['dq_grade']}: {GRADES[v['dq_grade']]}")
    if v["flags"]:
        console.say(f"  flags   {', '.join(v['flags'])}")
    if v["n_obs"] is not None:
        console.say(f"  n_obs   {v['n_obs']}")
    if v["staleness_years"]:
        console.say(f"  carried forward from {v['staleness_years']} years earlier")


def _pairs(row: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if row.get(name) is not None:
            console.say(f"  {name:<15}{console.cell(row[name])}")
