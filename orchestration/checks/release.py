"""The gate: blocking checks on the release candidate. One that fails with severity error, and nothing is published.

Great Expectations is imported in here only, when a suite runs: the import costs more than the suites.
"""

import dagster as dg

from orchestration.assets.release import CANDIDATE
from orchestration.expectations import SUITES
from orchestration.resources import Platform


def release_checks() -> list[dg.AssetChecksDefinition]:
    """`gx_<table>` for every suite, and `coverage` of the live indicators."""
    return [*(_suite_check(s) for s in SUITES), coverage_check()]


def _suite_check(table: str) -> dg.AssetChecksDefinition:
    @dg.asset_check(asset=CANDIDATE, name=f"gx_{table}", blocking=True, description=f"What {table} must say to be believed.")
    def gx(platform: Platform) -> dg.AssetCheckResult:
        from orchestration.expectations.suite import run_suite, to_markdown
        from orchestration.release import written_candidate

        findings = run_suite(table, written_candidate(platform.home, platform.identity().release_id), platform.home)
        failed = [f for f in findings if not f.passed]
        return dg.AssetCheckResult(
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description="; ".join(f.told() for f in failed) or None,
            metadata={
                "expectations": len(findings),
                "failed_expectations": len(failed),
                "findings": dg.MetadataValue.md(to_markdown(findings)),
            },
        )

    return gx


def coverage_check() -> dg.AssetChecksDefinition:
    """Share of values that are not null, per live indicator; one without any value needs a missing source or a listed reason."""

    @dg.asset_check(
        asset=CANDIDATE, name="coverage", blocking=True, description="Every live indicator has values, or a listed reason for having none."
    )
    def coverage(platform: Platform) -> dg.AssetCheckResult:
        from orchestration.expectations.coverage import allowed_empty, indicator_coverage
        from orchestration.release import written_candidate

        rows = indicator_coverage(written_candidate(platform.home, platform.identity().release_id))
        reasons = allowed_empty(platform.profile)
        empty = [r.indicator_id for r in rows if r.n_values == 0 and not r.n_without_source and r.indicator_id not in reasons]
        needless = sorted(set(reasons) & {r.indicator_id for r in rows if r.n_values})
        lines = ["| indicator | rows | with a value | share |", "| --- | --: | --: | --: |"]
        lines += [f"| {r.indicator_id} | {r.n_rows} | {r.n_values} | {r.share:.1%} |" for r in rows]
        return dg.AssetCheckResult(
            passed=not empty,
            severity=dg.AssetCheckSeverity.ERROR,
            description=f"no value at all and no listed reason: {', '.join(empty)}" if empty else None,
            metadata={
                "coverage": dg.MetadataValue.md("\n".join(lines)),
                "empty": ", ".join(empty) or "-",
                "listed_but_has_values": ", ".join(needless) or "-",
            },
        )

    return coverage
