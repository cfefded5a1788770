"""Dagster's event log in one SQLite file, with one engine for all events."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property

from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import ConsolidatedSqliteEventLogStorage
from sqlalchemy import Connection, Engine, create_engine

BUSY_TIMEOUT_S = 30


class OneEngineEventLog(ConsolidatedSqliteEventLogStorage):
    """As its base, which makes a new engine for every statement and so compiles each anew: a fifth of a run went there."""

    @cached_property
    def _engine(self) -> Engine:
        return create_engine(self._conn_string, connect_args={"timeout": BUSY_TIMEOUT_S})

    @contextmanager
    def _connect(self) -> Generator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        self._engine.dispose()
        super().dispose()
