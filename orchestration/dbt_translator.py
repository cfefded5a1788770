"""How a dbt node looks in Dagster: key = file stem, group = text before `__` else its folder, owner, kinds."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from dagster import AssetKey
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from orchestration.settings import DBT_PROJECT

OWNER = "team:acpgvc"


def group_of(name: str, folder: str) -> str:
    """Group of an asset: the text before `__` ('stg_comtrade'), else the folder of the file ('core', 'seeds')."""
    return name.split("__", 1)[0] if "__" in name else folder


@cache
def catalogue() -> dict[str, str]:
    """Indicator -> its name and definition, from the seed that dbt loads."""
    with (DBT_PROJECT / "seeds" / "indicator_catalogue.csv").open(encoding="utf-8", newline="") as f:
        return {row["indicator_id"]: f"{row['name']}. {row['definition']}." for row in csv.DictReader(f)}


class Translator(DagsterDbtTranslator):
    """Names from files, nothing to configure. A source table is the raw asset of the same name."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_source_tests_as_checks=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> AssetKey:
        """One part: the name of model, seed or source table."""
        return AssetKey(dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        folder = PurePosixPath(dbt_resource_props["original_file_path"]).parent.name
        return group_of(dbt_resource_props["name"], folder)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Of an indicator what the catalogue says, of everything else what its `.yml` says."""
        name = dbt_resource_props["name"]
        if name.startswith("ind_"):
            return catalogue().get(name.split("__", 1)[1], "")
        return str(super().get_description(dbt_resource_props))

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:
        return [OWNER]
