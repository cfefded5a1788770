"""What assets are given: the home they work in."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

from ingestion.settings import Home, Profile
from orchestration.identity import Identity, identity_of
from orchestration.run_lock import PID_TAG, is_download, run_lock
from orchestration.settings import current_home, dbt_env
from orchestration.years import YearPlan


class Platform(dg.ConfigurableResource):
    """The home of a run. Holding it is holding its lock, whoever started the run: command line, web page or schedule.

    The queue (dagster.yaml) knows only of runs; what works here without being one, or in other pools, is waited for."""

    root: str
    profile: str

    @classmethod
    def of(cls, home: Home) -> "Platform":
        return cls(root=str(home.root), profile=home.profile)

    @classmethod
    def current(cls) -> "Platform":
        return cls.of(current_home())

    @property
    def home(self) -> Home:
        profile: Profile = "main" if self.profile == "main" else "sample"
        return Home(Path(self.root), profile)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator["Platform"]:
        run, log = context.run, context.log
        if run is not None and context.instance is not None:
            context.instance.add_run_tags(run.run_id, {PID_TAG: str(os.getpid())})
        with run_lock(Path(self.root), is_shared=run is not None and is_download(run.job_name), on_wait=log.info if log else print):
            yield self

    def identity(self) -> Identity:
        """Identity of the release that this landing zone and this code give."""
        return identity_of(self.home)

    def set_dbt_env(self, plan: YearPlan) -> None:
        """Tell dbt, which runs in this process, where everything is and which years to build."""
        os.environ.update(dbt_env(self.home, self.identity(), plan.rebuild, plan.fingerprints, plan.at_once))
