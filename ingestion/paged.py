"""The plainest task: one call of a plan, with the further pages of its answer."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping

from ingestion.errors import TerminalError
from ingestion.spec import Ask, Haul, Request, SourceSpec, Task

MAX_PAGES = 10_000  # a `follow` that never ends is a fault


def paged(spec: SourceSpec, request: Request, slices: Mapping[str, str] | None = None) -> Task:
    """The task of one call of the plan with its further pages."""

    def run(ask: Ask) -> Haul:
        todo, answers = deque([request]), []
        while todo:
            asked = todo.popleft()
            answers.append((asked, ask(asked)))
            if len(answers) > MAX_PAGES:
                raise TerminalError(f"{spec.name}: expected at most {MAX_PAGES} pages, found more. Remedy: ask for less at a time")
            if spec.follow and not answers[-1][1].is_unchanged:
                todo.extend(spec.follow(asked, answers[-1][1].path))
        return Haul(answers)

    described = [request.method, request.url, sorted(request.params.items()), request.json]
    return Task(json.dumps(described), request.note or request.url, run, slices or {}, request=None if spec.follow else request)
