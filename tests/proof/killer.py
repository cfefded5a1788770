"""Runs the command line and kills it (-9) right after its n-th rename: the moments a crash hurts most."""

import itertools
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
renames = itertools.count(1)
limit = int(os.environ["PROOF_KILL_AFTER_RENAMES"])


def deadly(rename):
    def call(*args, **kwargs):
        result = rename(*args, **kwargs)
        if next(renames) == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


os.replace = deadly(os.replace)
os.rename = deadly(os.rename)

from orchestration.cli import main  # noqa: E402 - the renames must be deadly before anything is imported

main()
