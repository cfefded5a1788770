"""Every model says what one row of it is: a test fails when two rows share that key."""

from __future__ import annotations

from typing import Any

GRAIN_TESTS = {"unique", "unique_per_year"}


def _says_the_grain(test: dict[str, Any]) -> bool:
    """A test of its own, or the key among the rules of `sound`."""
    metadata = test.get("test_metadata") or {}
    return metadata.get("name") in GRAIN_TESTS or (metadata.get("name") == "sound" and bool(metadata["kwargs"].get("key")))


def test_every_model_has_a_grain_test(manifest: dict[str, Any]) -> None:
    nodes = manifest["nodes"].values()
    models = {n["unique_id"]: n["name"] for n in nodes if n["resource_type"] == "model"}
    with_grain = {n["attached_node"] for n in nodes if n["resource_type"] == "test" and _says_the_grain(n) and n["config"]["enabled"]}
    assert models
    # Indicator models are tested where they stand together: the key of fct_indicator holds the name of the indicator.
    union = manifest["nodes"]["model.acpgvc.fct_indicator"]
    assert union["unique_id"] in with_grain
    with_grain |= {parent for parent in union["depends_on"]["nodes"] if parent.startswith("model.acpgvc.ind_")}
    assert sorted(name for model, name in models.items() if model not in with_grain) == []


def test_every_published_column_has_a_description_and_a_contract(manifest: dict[str, Any]) -> None:
    marts = [n for n in manifest["nodes"].values() if n["resource_type"] == "model" and "marts" in n["fqn"]]
    assert [f"{n['name']}.{c['name']}" for n in marts for c in n["columns"].values() if not c["description"].strip()] == []
    assert [n["name"] for n in marts if not n["config"]["contract"]["enforced"]] == []
