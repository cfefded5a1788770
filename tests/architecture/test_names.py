"""Asset key = file stem = table. Change a name in one place and a test here fails."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import dagster as dg
import pytest

from orchestration.assets.release import CANDIDATE, PUBLISHED

ROOT = Path(__file__).resolve().parents[2]
DBT = ROOT / "dbt_project"


def _stems(folder: str, suffix: str) -> list[str]:
    return sorted(p.stem for p in (DBT / folder).rglob(f"*{suffix}"))


def _models() -> list[str]:
    return [*_stems("models", ".sql"), *_stems("models", ".py")]


def expected_keys() -> set[str]:
    """One key a file: models, seeds, sources, functions of `indicators/`, and what has no file of its own."""
    keys = {*_models(), *_stems("seeds", ".csv"), CANDIDATE, PUBLISHED, "raw_landing__files", "raw_landing__sources"}
    for source in (ROOT / "ingestion" / "sources").glob("*.py"):
        if source.stem != "__init__":
            table = re.search(rf'table="(raw_{source.stem}__\w+)"', source.read_text(encoding="utf-8"))
            assert table, f"{source.name} declares no table raw_{source.stem}__…"
            keys.add(table[1])
    numerics = (ROOT / "orchestration" / "assets" / "numerics.py").read_text(encoding="utf-8")
    for module, function in re.findall(r"^def num_(\w+?)__(\w+)\(", numerics, re.MULTILINE):
        code = (ROOT / "indicators" / f"{module}.py").read_text(encoding="utf-8")
        assert f"def {function}(" in code, f"num_{module}__{function}: indicators/{module}.py has no function {function}"
        keys.add(f"num_{module}__{function}")
    records = (ROOT / "indicators" / "icio" / "records.py").read_text(encoding="utf-8")
    return keys | {f"num_icio__{table}" for table in re.findall(r"^def (\w+)\(found", records, re.MULTILINE)}


def test_no_two_files_share_a_stem() -> None:
    stems = [*_models(), *_stems("seeds", ".csv")]
    assert sorted(set(stems)) == sorted(stems)


def test_keys_are_file_stems(repository: dg.RepositoryDefinition) -> None:
    keys = {k.to_user_string() for k in repository.asset_graph.get_all_asset_keys()}
    assert keys == expected_keys()


def test_every_asset_has_a_definition_behind_it(repository: dg.RepositoryDefinition) -> None:
    """A source table that names a raw asset that does not exist would show as an asset without code."""
    graph = repository.asset_graph
    assert [k.to_user_string() for k in graph.get_all_asset_keys() if not graph.get(k).is_materializable] == []


def test_group_is_the_text_before_the_double_underscore_or_the_folder(repository: dg.RepositoryDefinition) -> None:
    folders = {p.stem: p.parent.name for p in [*DBT.glob("models/**/*.sql"), *DBT.glob("models/**/*.py"), *DBT.glob("seeds/**/*.csv")]}
    graph = repository.asset_graph
    for key in graph.get_all_asset_keys():
        name = key.to_user_string()
        assert graph.get(key).group_name == (name.split("__")[0] if "__" in name else folders.get(name, "release"))


@pytest.mark.parametrize("layer", ["staging", "intermediate"])
def test_models_lie_in_the_folder_they_are_named_after(layer: str) -> None:
    prefix = {"staging": "stg", "intermediate": "int"}[layer]
    wrong = [
        p.name
        for p in (DBT / "models" / layer).rglob("*.*")
        if p.suffix in (".sql", ".py") and not p.stem.startswith(f"{prefix}_{p.parent.name}__")
    ]
    assert wrong == []


def test_indicator_models_are_the_live_rows_of_the_catalogue() -> None:
    """A row without a model or a column of a mart, or either without a row, fails; so does a model in another pillar's folder."""
    with (DBT / "seeds" / "indicator_catalogue.csv").open(encoding="utf-8", newline="") as f:
        live = {(r["pillar"], r["indicator_id"]) for r in csv.DictReader(f) if r["status"] == "live"}
    macro = (DBT / "macros" / "mart_indicators.sql").read_text(encoding="utf-8")
    in_marts = dict(re.findall(r"^\s+'(\w+)': '(mart_\w+)'", macro, re.MULTILINE))
    for indicator, mart in in_marts.items():
        (contract,) = DBT.glob(f"models/marts/*/{mart}.yml")
        assert f"- name: {indicator}\n" in contract.read_text(encoding="utf-8"), f"{mart} has no column {indicator}"
    models = {(p.parent.name, p.stem.split("__", 1)[1]) for p in (DBT / "models" / "indicators").rglob("ind_*.sql")}
    assert set(in_marts) <= {indicator for _, indicator in live}
    assert models == {(pillar, indicator) for pillar, indicator in live if indicator not in in_marts}
    assert all(p.stem.startswith(f"ind_{p.parent.name}__") for p in (DBT / "models" / "indicators").rglob("*.sql"))


def test_indicator_union_names_every_indicator_model() -> None:
    macro = (DBT / "macros" / "indicator_models.sql").read_text(encoding="utf-8")
    assert sorted(re.findall(r"'(ind_\w+)'", macro)) == _stems("models/indicators", ".sql")
