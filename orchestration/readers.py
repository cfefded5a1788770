"""Open the release that a reader reads, and ask it. Every door that reads (query, explain, notebooks, pages) goes through here."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.settings import PROFILES, Home, Profile
from orchestration.release import DUCKDB_FILE, LATEST, RELEASE_JSON, ReleaseError

if TYPE_CHECKING:
    import duckdb
    import pyarrow


class QueryError(Exception):
    """The SQL cannot be answered; the message is short and says what exists."""


@dataclass(frozen=True)
class Release:
    """A published release. `facts` is its release.json."""

    release_id: str
    profile: Profile
    path: Path
    facts: dict[str, Any]

    @property
    def is_sample(self) -> bool:
        return bool(self.facts["is_sample"])

    @property
    def line(self) -> str:
        """What every door prints before it answers."""
        synthetic = ", SYNTHETIC DATA" if self.is_sample else ""
        return f"release {self.release_id} (profile {self.profile}{synthetic}, data to {self.facts['data_date']}) at {self.path}"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A read-only connection that reaches nothing but this release: no other file, no network, no extension."""
        import duckdb

        con = duckdb.connect(str(self.path / DUCKDB_FILE), read_only=True, config={"memory_limit": "2GB"})
        con.execute("SET enable_external_access = false; SET lock_configuration = true")
        return con


def current_release(profile: Profile | None = None, release_id: str | None = None) -> Release:
    """The release to read: `main` if it has one, else `sample`, or what `profile` says; its LATEST, or `release_id`.

    Raises:
        ReleaseError: no such release.
    """
    for home in [Home.of(p) for p in ((profile,) if profile else ("main", "sample"))]:
        name = release_id or latest_id(home)
        if name and not name.startswith(".") and (home.release / name / RELEASE_JSON).is_file():
            return load_release(home, name)
    where = f"profile {profile}" if profile else "profile main or sample"
    what = f"release {release_id}" if release_id else "a release"
    known = [p.parent.name for q in PROFILES for p in sorted(Home.of(q).release.glob(f"[!.]*/{RELEASE_JSON}"))]
    remedy = (
        f"known releases: {', '.join(known)}" if known else "make one with `acpgvc run` (built-in sample) or `acpgvc run --drop FOLDER`"
    )
    raise ReleaseError(f"expected {what} in {where} below {Home.of('main').root}, found none. Remedy: {remedy}")


def latest_id(home: Home) -> str | None:
    """What `LATEST` names; None before the first release."""
    path = home.release / LATEST
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def load_release(home: Home, release_id: str) -> Release:
    """The release `release_id` of `home`, which must exist."""
    path = home.release / release_id
    return Release(release_id, home.profile, path, json.loads((path / RELEASE_JSON).read_text(encoding="utf-8")))


def query(release: Release, sql: str) -> pyarrow.Table:
    """Answer `sql` (any statement that only reads) as an Arrow table.

    Raises:
        QueryError: the SQL is wrong, returns no rows by nature, or wants something outside the release.
    """
    import duckdb

    with release.connect() as con:
        try:
            answer = con.sql(sql)
            if answer is None:
                raise QueryError("the statement gives no rows; ask with select, from, describe or show tables")
            return answer.to_arrow_table()
        except duckdb.Error as e:
            raise QueryError(_short(e, con)) from e


def relation_names(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Tables and views of the release, sorted."""
    return [r[0] for r in con.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall()]


def nearest(name: str, known: list[str], n: int = 5) -> list[str]:
    """The `n` names most like `name`: first those that contain it, then by spelling."""
    wanted = name.lower()
    contain = [k for k in known if wanted in k.lower()]
    similar = difflib.get_close_matches(wanted, [k.lower() for k in known], n=n, cutoff=0.4)
    by_lower = {k.lower(): k for k in known}
    return list(dict.fromkeys([*contain, *(by_lower[s] for s in similar)]))[:n]


def _short(error: duckdb.Error, con: duckdb.DuckDBPyConnection) -> str:
    import duckdb

    message = str(error).strip()
    first = message.split("\n\n")[0].split("\nLINE ")[0].strip()
    if isinstance(error, duckdb.CatalogException):
        names = relation_names(con)
        wanted = re.search(r"with name (\S+) does not exist", message)
        like = nearest(wanted.group(1).strip('"'), names) if wanted else []
        hint = f"nearest: {', '.join(like)}\n" if like else ""
        first = first.split("\n")[0]
        return f"{first}\n{hint}tables: {', '.join(names)}"
    if isinstance(error, duckdb.BinderException):
        return f'{first}\ncolumns of a table: acpgvc query "describe fct_indicator"'
    if isinstance(error, duckdb.PermissionException) or "read-only" in message:
        return f"{first.splitlines()[0]}\na release is read-only and sees no other file: take rows out with --output and go on elsewhere"
    return first
