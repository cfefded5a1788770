"""docs/add_a_source.md, followed to the letter: its three blocks in a copy of the code make a source that is in everything."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
# What counts the rows of one other source and of the new one: dbt reads ten models instead of two hundred.
OTHER = "wdi"
FILES = (
    *("*.yml", "macros", "docs", "seeds/_seeds.yml", "seeds/country_codes.csv", "seeds/null_reasons.csv"),
    *("models/staging/landing", f"models/staging/{OTHER}", "models/intermediate/landing", "models/marts/release/mart_row_account.*"),
)
NO_TRADE = "select '' as table_name, '' as sha256, 0 as year, '' as row_status, '' as status_reason, 0 as n_rows where false"
DOWNLOAD = "Year,Country,Certificates\n2021,GHA,12\n2021,NAM,\n2021,OED,900\n2021,FJI,4\n"

# Runs inside the copy, in a process of its own: this one has imported the checkout's modules.
SCRIPT = """
import json, os, sys
from pathlib import Path
import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from ingestion.ingest import ingest_files
from ingestion.registry import all_sources
from ingestion.settings import Home
from orchestration.identity import identity_of
from orchestration.settings import dbt_env, dbt_target, warehouse_file

home = Home(Path(sys.argv[1]), "main")
report = ingest_files(home, [Path(sys.argv[2])])
os.environ.update(dbt_env(home, identity_of(home)), DO_NOT_TRACK="1", DBT_INDIRECT_SELECTION="empty")
for folder in ("temp", "yearly", "windows"):
    (home.warehouse / folder).mkdir(parents=True)
dirs = ["--project-dir", "dbt_project", "--profiles-dir", "dbt_project", "--target-path", str(dbt_target(home)), "--log-level", "none"]
wanted = ["stg_toy__certificates_is_sound"]
manifest = dbtRunner().invoke(["parse", *dirs]).result
done = dbtRunner(manifest=manifest).invoke(["build", "--select", "+mart_row_account", *wanted, *dirs])
status = {r.node.name: str(r.status) for r in done.result.results}
DuckDBConnectionManager.close_all_connections()
with duckdb.connect(str(warehouse_file(home)), read_only=True) as con:
    account = con.execute("select source, row_status, status_reason, n_rows, rows_read from mart_row_account order by all").fetchall()
print(json.dumps({
    "files": [[f.status, f.table, f.problem] for f in report.files],
    "calls": [[r.url, r.params] for r in all_sources()["toy"].plan({"years": "2020-2021"})],
    "upstream": manifest.nodes["model.acpgvc.int_landing__row_status"].depends_on.nodes,
    "tests": [status.get(name) for name in wanted],
    "account": account,
}))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code; of the dbt project what counts rows."""
    copy = tmp_path / "tree"
    for package in ("ingestion", "indicators", "orchestration"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for module in (copy / "ingestion" / "sources").glob("*.py"):
        if module.stem not in ("__init__", OTHER):
            module.unlink()
    project = copy / "dbt_project"
    for path in sorted(p for pattern in FILES for p in (ROOT / "dbt_project").glob(pattern)):
        target = project / path.relative_to(ROOT / "dbt_project")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, target) if path.is_dir() else shutil.copy(path, target)
    (project / "models" / "int_trade__row_status.sql").write_text(NO_TRADE)
    return copy


def test_the_page_makes_a_source(tree: Path, tmp_path: Path) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "add_a_source.md").read_text(encoding="utf-8"))
    before = {p.relative_to(tree).as_posix() for p in tree.rglob("*") if p.is_file()}
    assert len(blocks) == 3 and not before & {name for name, _ in blocks}, "at most three files, all of them new"
    for name, text in blocks:
        (tree / name).parent.mkdir(exist_ok=True)
        (tree / name).write_text(text, encoding="utf-8")
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "download.bin").write_text(DOWNLOAD)
    (tmp_path / "drop" / "other.csv").write_text("Year,Country,Share\n2021,GHA,0.5\n")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "home"), str(tmp_path / "drop")],
        cwd=tree, env={"PATH": "", "PYTHONPATH": str(tree)}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert sorted(said["files"]) == [
        ["accepted", "raw_toy__certificates", ""],
        ["refused", "raw_toy__certificates", "a table with shares: the publisher gives counts"],
    ]
    assert [params for _, params in said["calls"]] == [{"year": "2020"}, {"year": "2021"}]
    assert "model.acpgvc.stg_toy__certificates" in said["upstream"], "dbt sees no edge to the new model"
    assert said["account"] == [
        ["toy", "kept", "", 2, 4],
        ["toy", "out_of_scope", "no_value", 1, 4],
        ["toy", "out_of_scope", "not_a_country", 1, 4],
    ]
    assert said["tests"] == ["pass"]
