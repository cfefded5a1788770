"""The release id follows contents and code, nothing else."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from ingestion.settings import REPO_ROOT
from orchestration.identity import SCHEMA_VERSION, Identity, code_files, code_version, inputs_sha256


def _receipt(content: str, duplicate_of: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(table="raw_x__y", content_sha256=content, duplicate_of=duplicate_of)


def test_inputs_are_a_set_of_contents() -> None:
    a, b = _receipt("a"), _receipt("b")
    assert inputs_sha256([a, b]) == inputs_sha256([b, a]) == inputs_sha256([b, a, _receipt("a", duplicate_of="a")])
    assert inputs_sha256([a]) != inputs_sha256([a, b])


def test_a_rejected_file_makes_another_release() -> None:
    assert inputs_sha256([_receipt("a")]) != inputs_sha256([_receipt("a")], [("raw_x__y", "f")])


def test_release_id_is_readable_and_depends_on_everything() -> None:
    base = Identity("sample", "1", "2", 2024)
    assert base.release_id.startswith("sample-2024-") and len(base.release_id) == len("sample-2024-") + 12
    others = [
        Identity("main", "1", "2", 2024),
        Identity("sample", "x", "2", 2024),
        Identity("sample", "1", "x", 2024),
        Identity("sample", "1", "2", 2024, goalpost_version="v1"),
    ]
    assert len({i.release_id for i in [base, *others]}) == 5


def test_code_version_sees_content_and_name_but_no_caches(tmp_path: Path) -> None:
    (tmp_path / "ingestion" / "__pycache__").mkdir(parents=True)
    module = tmp_path / "ingestion" / "a.py"
    module.write_text("1")
    before = code_version(tmp_path)
    (tmp_path / "ingestion" / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    assert code_version(tmp_path) == before
    module.write_text("2")
    assert code_version(tmp_path) != before
    module.write_text("1")
    module.rename(tmp_path / "ingestion" / "b.py")
    assert code_version(tmp_path) != before


def test_code_includes_models_and_lock() -> None:
    names = {p.name for p in code_files()}
    assert {"identity.py", "requirements.lock", "dbt_project.yml"} <= names


def test_schema_version_is_the_one_of_the_models() -> None:
    text = (REPO_ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8")
    assert f'schema_version: "{SCHEMA_VERSION}"' in text


def test_identity_is_cheap_to_import() -> None:
    code = "import sys, orchestration.identity; assert not {'dagster', 'polars', 'pandas', 'duckdb', 'dbt'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
