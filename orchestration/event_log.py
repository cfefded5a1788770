"""Dagster's event log in one SQLite file, with one engine for all events."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine, event

BUSY_TIMEOUT_S = 30


class OneEngineEventLog(ConsolidatedSqliteEventLogStorage):
    """As its base, which makes a new engine for every statement and so compiles each anew: a fifth of a run went there."""

    @cached_property
    def _engine(self) -> Engine:
        engine = create_engine(self._conn_string, connect_args={"timeout": BUSY_TIMEOUT_S})
        event.listen(engine, "connect", _no_sync_per_commit)
        return engine

    @contextmanager
    def _connect(self) -> Generator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @cached_property
    def _tables(self) -> set[str]:
        return set()

    def has_table(self, table_name: str) -> bool:
        """Asked with every event of a check; a table that is there never goes away."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        self._engine.dispose()
        super().dispose()


def _no_sync_per_commit(connection: Any, _: Any) -> None:
    """With SQLite's write-ahead log a killed process loses nothing this way; only a power cut loses the last events."""
    connection.execute("PRAGMA synchronous=NORMAL")
