"""The release as two assets: a candidate written aside, which the gate looks at, and the published folder."""

from pathlib import Path

import dagster as dg

from orchestration.dbt_translator import OWNER
from orchestration.resources import Platform
from orchestration.settings import warehouse_file

CANDIDATE, PUBLISHED = "rel_candidate", "rel_published"


def release_assets(manifest_path: Path, upstream: list[str]) -> list[dg.AssetsDefinition]:
    """`upstream` are the tables a release holds; when one of them or a test of it failed, no candidate is written."""

    @dg.asset(name=CANDIDATE, group_name="release", owners=[OWNER], kinds={"parquet", "duckdb"}, deps=upstream, pool="duckdb")
    def rel_candidate(platform: Platform) -> dg.MaterializeResult:
        """Every published table as Parquet, one DuckDB file, dictionary and data package, in a folder nobody reads yet."""
        from orchestration.release.candidate import write_candidate

        identity = platform.identity()
        folder = write_candidate(platform.home, identity, warehouse_file(platform.home), manifest_path)
        size = sum(f.stat().st_size for f in folder.iterdir())
        return dg.MaterializeResult(
            metadata={"release_id": identity.release_id, "folder": dg.MetadataValue.path(folder), "size_bytes": size}
        )

    @dg.asset(name=PUBLISHED, group_name="release", owners=[OWNER], kinds={"parquet", "duckdb"}, deps=[CANDIDATE])
    def rel_published(platform: Platform) -> dg.MaterializeResult:
        """The release readers use: the candidate renamed into place, then LATEST switched."""
        from orchestration.release import written_candidate
        from orchestration.release.publish import publish

        folder = publish(platform.home, written_candidate(platform.home, platform.identity().release_id))
        return dg.MaterializeResult(metadata={"release_id": folder.name, "folder": dg.MetadataValue.path(folder)})

    return [rel_candidate, rel_published]
