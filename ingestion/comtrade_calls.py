"""Which calls bring a whole answer of UN Comtrade, where a body is cut at its cap without notice.

Availability first (`getDa`): what has the same checksum as what landed is not asked. Then the count of a question, then its rows,
split by period, by code, by reporter until every part is well below the cap. The parts together must hold the count.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, product
from pathlib import Path
from typing import Any, TypeVar

from ingestion import content
from ingestion.comtrade_answer import CutAnswer, caps, envelope, max_rows_configured, whole_answer
from ingestion.errors import BadFile, NoData, TerminalError
from ingestion.http import Answer
from ingestion.spec import Ask, Haul, Missing, Request, Task

T = TypeVar("T")
BASE_URL, KEY_ENV = "https://comtradeapi.un.org", "COMTRADE_API_KEY"
MAX_PERIODS = 12  # a call
# So many codes and reporters keep a URL below the 4,096 characters that the service takes.
MAX_CODES, MAX_REPORTERS = 400, 100
MAX_ROWS, MAX_ROWS_KEYLESS = 100_000, 500  # an answer with a free key, and without key
SOFT, ROOM = 0.9, 0.7  # of the cap: most rows that a part may count; most that are planned for one on an estimate
LEVELS = {"TOTAL", "AG2", "AG4", "AG6"}
# Members report under their M49 numbers without zeros; before under former ones: Ethiopia, Saint Kitts and Nevis, Sudan.
FORMER_ACP = ("230", "658", "736")
ACP = ",".join(sorted([*(code.lstrip("0") for code in content.ACP.split(",")), *FORMER_ACP], key=int))
PLAN_HELP = (
    "acpgvc fetch comtrade reporters=404,288|ACP years=2015-2020 [codes=180100,180310|AG6] [flows=M,X] [freq=A|M]; all partners, "
    "HS as reported; key from COMTRADE_API_KEY, without it the public preview (500 rows a call)"
)
ARGUMENTS = ("reporters", "years", "codes", "flows", "freq")


@dataclass(frozen=True)
class Box:
    """One question: all partners of these reporters, in these periods, of these codes (or of one level such as AG6)."""

    freq: str
    flows: str
    reporters: tuple[str, ...]
    periods: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def of(cls, request: Request) -> Box:
        """The box of a call of the plan."""
        p = request.params
        freq = request.url.split("/")[-2]
        return cls(freq, p["flowCode"], *(tuple(p[n].split(",")) for n in ("reporterCode", "period", "cmdCode")))

    @property
    def is_level(self) -> bool:
        return self.codes[0] in LEVELS

    @property
    def note(self) -> str:
        codes = self.codes[0] if len(self.codes) == 1 else f"{len(self.codes)} codes"
        who = self.reporters[0] if len(self.reporters) == 1 else f"{len(self.reporters)} reporters"
        when = self.periods[0] if len(self.periods) == 1 else f"{self.periods[0]}-{self.periods[-1]}"
        return f"Comtrade {self.freq} {when}, {who}, {codes}"

    def request(self, *, only_count: bool = False) -> Request:
        """The call, with second partner, customs procedure and mode of transport pinned to their totals."""
        params = {
            "reporterCode": ",".join(self.reporters),
            "period": ",".join(self.periods),
            "cmdCode": ",".join(self.codes),
            "flowCode": self.flows,
            "partner2Code": "0",
            "customsCode": "C00",
            "motCode": "0",
        }
        path = "data/v1/get" if has_key() else "public/v1/preview"
        more, note = ({"countOnly": "true"}, f"count of {self.note}") if only_count else ({}, self.note)
        return Request(f"{_base()}/{path}/C/{self.freq}/HS", params | more, note=note)


@dataclass(frozen=True)
class DataSet:
    """What the publisher says of the data of one reporter and period. `rows` counts all levels and breakdowns."""

    token: str
    rows: int


Sets = Mapping[tuple[str, str], DataSet]  # (reporter, period)


def has_key() -> bool:
    return bool(os.environ.get(KEY_ENV))


def _base() -> str:
    return content.base_url("comtrade", BASE_URL)


def max_rows() -> int:
    """Rows that one answer holds at most: a body with so many was cut."""
    return max_rows_configured() or (MAX_ROWS if has_key() else MAX_ROWS_KEYLESS)


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The widest questions that the service takes. `tasks` cuts them to what is new and what fits into an answer."""
    box = _asked(args)
    parts = product(
        content.chunks(box.periods, MAX_PERIODS), content.chunks(box.reporters, MAX_REPORTERS), content.chunks(box.codes, MAX_CODES)
    )
    for periods, reporters, codes in parts:
        yield replace(box, periods=tuple(periods), reporters=tuple(reporters), codes=tuple(codes)).request()


def _asked(args: Mapping[str, str]) -> Box:
    content.need(args, ARGUMENTS, ("reporters", "years"), PLAN_HELP)
    freq, codes = args.get("freq", "A"), args.get("codes", "AG6").split(",")
    if freq not in ("A", "M") or (len(codes) > 1 and set(codes) & LEVELS):
        raise TerminalError(f"expected freq A or M, and codes or one level, found freq={freq} codes={','.join(codes)}. Usage: {PLAN_HELP}")
    years = content.years(args["years"])
    periods = [str(y) for y in years] if freq == "A" else [f"{y}{m:02d}" for y in years for m in range(1, 13)]
    return Box(freq, args.get("flows", "M,X"), tuple(content.reporters(args["reporters"], ACP)), tuple(periods), tuple(codes))


def tasks(requests: Iterable[Request], ask: Ask, missing: Missing) -> Iterator[Task]:
    """What is new of each question, in families that are proven and landed together.

    Families are formed of all data sets and only then cut to the missing ones: a fetch that goes on finds the same families.
    """
    available: dict[tuple[Any, ...], Sets] = {}  # several lists of codes of the same reporters and periods
    for request in requests:
        box = Box.of(request)
        place = (box.reporters, box.periods)
        if place not in available:
            available[place] = _available(box, ask)
        sets = available[place]
        for family in _families(box, sets):
            keys = {(r, p): _slice(family, r, p) for r in family.reporters for p in family.periods if (r, p) in sets}
            wanted = missing({key: sets[place].token for place, key in keys.items()})
            left = {place for place, key in keys.items() if key in wanted}
            for part in _rectangles(family, left):
                slices = {keys[p]: sets[p].token for p in product(part.reporters, part.periods) if p in sets}
                yield _task(part, sets, slices)


def _slice(box: Box, reporter: str, period: str) -> str:
    codes = box.codes[0] if len(box.codes) == 1 else hashlib.sha256(",".join(sorted(box.codes)).encode()).hexdigest()[:12]
    way = "" if has_key() else " preview"
    return f"{box.freq} {reporter} {period} {box.flows} {codes}{way}"


def _available(box: Box, ask: Ask) -> Sets:
    """Data sets that are published for the reporters and periods of a box.

    Raises:
        BadFile: the list is not whole.
    """
    path = "data/v1/getDa" if has_key() else "public/v1/getDA"
    params = {"reporterCode": ",".join(box.reporters), "period": ",".join(box.periods)}
    request = Request(f"{_base()}/{path}/C/{box.freq}/HS", params, note=f"availability of {box.note}")
    try:
        _, listed = _good(ask, "", request, _listed)
    except NoData:
        return {}
    found: dict[tuple[str, str], DataSet] = {}
    rows = sorted(listed, key=lambda r: (str(r["reporterCode"]), str(r["period"]), str(r["classificationCode"])))
    for place, group in groupby(rows, key=lambda r: (str(r["reporterCode"]), str(r["period"]))):
        several = list(group)
        token = "+".join(f"{r['classificationCode']} {r['datasetChecksum']} {r['lastReleased']}" for r in several)
        if place[0] in box.reporters and place[1] in box.periods:
            found[place] = DataSet(token, sum(int(r["totalRecords"]) for r in several))
    return found


def _listed(path: Path, name: str) -> list[dict[str, Any]]:
    body = envelope(path, name)
    rows = body["data"]
    fields = ("reporterCode", "period", "classificationCode", "datasetChecksum", "lastReleased", "totalRecords")
    lacking = [f for r in rows for f in fields if f not in r]
    if body.get("count") != len(rows) or lacking:
        found = f"none of {lacking[0]}" if lacking else f"{len(rows)}"
        raise BadFile(name, f"{body.get('count')} data sets with {', '.join(fields)}", found, "fetch again; when it stays, report this")
    return rows


def _families(box: Box, sets: Sets) -> Iterator[Box]:
    """Reporters whose data sets fit into one answer go together; a larger one stands alone. Named codes are few rows: all together."""
    if not box.is_level:
        published = tuple(r for r in box.reporters if any((r, p) in sets for p in box.periods))
        if published:
            yield replace(box, reporters=published)
        return
    some: list[str] = []
    size = 0
    for reporter in box.reporters:
        rows = sum(sets[reporter, p].rows for p in box.periods if (reporter, p) in sets)
        if rows and some and size + rows > SOFT * max_rows():
            yield replace(box, reporters=tuple(some))
            some, size = [], 0
        if rows:
            some.append(reporter)
            size += rows
    if some:
        yield replace(box, reporters=tuple(some))


def _rectangles(box: Box, left: set[tuple[str, str]]) -> Iterator[Box]:
    """Boxes that cover exactly the places that are left: reporters with the same periods go together."""
    by_periods: dict[tuple[str, ...], list[str]] = {}
    for reporter in box.reporters:
        periods = tuple(p for p in box.periods if (reporter, p) in left)
        if periods:
            by_periods.setdefault(periods, []).append(reporter)
    for periods, reporters in by_periods.items():
        yield replace(box, reporters=tuple(reporters), periods=periods)


def _task(box: Box, sets: Sets, slices: Mapping[str, str]) -> Task:
    rows = _weight(box, sets)
    parts = max(1, -(-rows // int(ROOM * max_rows()))) if box.is_level and rows > SOFT * max_rows() else 1
    token = hashlib.sha256(json.dumps(sorted(slices.items())).encode()).hexdigest()

    def run(ask: Ask) -> Haul:
        for again in ("", "again"):  # a revision may come between a count and its rows: then once more, with nothing kept
            try:
                answers, tree = _Walk(sets, ask, token + again).whole(box)
                # Published data sets of which a whole level has no row: landed as nothing, but asked again the next time.
                is_settled = bool(tree["rows"]) or not box.is_level
                return Haul(answers, {"rows_counted": tree["rows"], "data_sets": dict(slices), "split": tree}, is_settled)
            except _Mismatch as e:
                mismatch = e
        raise mismatch

    return Task(f"comtrade {token}", box.note, run, slices, calls=1 + parts, rows=rows)


def _weight(box: Box, sets: Sets) -> int:
    return sum(sets[place].rows for place in product(box.reporters, box.periods) if place in sets)


def _good(ask: Ask, token: str, request: Request, read: Callable[[Path, str], T], *, is_sure: bool = True) -> tuple[Answer, T]:
    """An answer and what is read in it. What may not be used is asked once more; a cut only when the answer was sure to fit."""
    answer = ask(request, token)
    try:
        return answer, read(answer.path, request.note)
    except BadFile as e:
        if isinstance(e, CutAnswer) and not is_sure:
            raise
        answer = ask(request, f"{token} again" if token else "")
        return answer, read(answer.path, request.note)


class _Mismatch(BadFile):
    """The parts do not hold what the count of the whole says."""


class _Walk:
    """From a box to its answers, each below the cap."""

    def __init__(self, sets: Sets, ask: Ask, token: str) -> None:
        self.sets, self.ask, self.token = sets, ask, token

    def whole(self, box: Box) -> tuple[list[tuple[Request, Answer]], dict[str, Any]]:
        """Count, ask in one or in parts, and prove that the sum of the parts is the count.

        Raises:
            BadFile: an answer that may not be used, twice.
            TerminalError: a question that cannot be split is larger than an answer.
        """
        _, counted = _good(self.ask, self.token, box.request(only_count=True), lambda path, name: envelope(path, name)["count"])
        tree: dict[str, Any] = {"question": box.note, "rows": counted}
        answers: list[tuple[Request, Answer]] = []
        rows = 0
        if counted and counted <= SOFT * max_rows() and counted not in caps():
            answer, found = _good(self.ask, self.token, box.request(), whole_answer)
            answers, rows = [(box.request(), answer)], len(found)
        elif counted:
            tree["parts"] = []
            for part, estimate in self._split(box, counted):
                some, leaf = self._part(part, estimate)
                answers += some
                rows += leaf["rows"]
                tree["parts"].append(leaf)
        if rows != counted:
            raise _Mismatch(box.note, f"{counted} rows as counted", f"{rows} in {len(answers)} parts", "fetch again; nothing was landed")
        return answers, tree

    def _part(self, box: Box, estimate: float) -> tuple[list[tuple[Request, Answer]], dict[str, Any]]:
        """Ask at once where it will fit; a part that comes at the cap is counted and split after all."""
        if estimate > ROOM * max_rows() and _weight(box, self.sets) > SOFT * max_rows():
            return self.whole(box)
        try:
            answer, rows = _good(self.ask, self.token, box.request(), whole_answer, is_sure=False)
        except CutAnswer:
            return self.whole(box)
        return [(box.request(), answer)] if rows else [], {"question": box.note, "rows": len(rows)}

    def _split(self, box: Box, rows: int) -> list[tuple[Box, float]]:
        """Parts with their estimated rows. A level such as AG6 is written out as codes only when one reporter and period is too large."""
        if len(box.periods) > 1:
            weights = [_weight(replace(box, periods=(p,)), self.sets) for p in box.periods]
            return [(replace(box, periods=tuple(g)), e) for g, e in _packed(box.periods, weights, rows)]
        if box.is_level and len(box.reporters) == 1:
            codes = self._codes(box.codes[0])
            return [(replace(box, codes=tuple(g)), e) for g, e in _packed(codes, [1] * len(codes), rows, MAX_CODES)]
        if not box.is_level and len(box.codes) > 1:
            return [(replace(box, codes=tuple(g)), e) for g, e in _packed(sorted(box.codes), [1] * len(box.codes), rows, MAX_CODES)]
        if len(box.reporters) > 1:
            weights = [_weight(replace(box, reporters=(r,)), self.sets) for r in box.reporters]
            return [(replace(box, reporters=tuple(g)), e) for g, e in _packed(box.reporters, weights, rows)]
        raise TerminalError(
            f"{box.note}: expected one reporter, period and code to fit into an answer of {max_rows()} rows, found {rows} rows. Remedy: "
            f"{'report this' if has_key() else f'set {KEY_ENV}: without a key an answer holds {MAX_ROWS_KEYLESS} rows'}"
        )

    def _codes(self, level: str) -> list[str]:
        """The codes of a level in all HS editions, chapter by chapter. A list that lacks one is noticed: the parts miss the count."""
        request = Request(f"{_base()}/files/v1/app/reference/HS.json", note="list of HS codes", is_counted=False)
        listed = content.read_json(self.ask(request, self.token).path, "list of HS codes")
        codes = [r["id"] for r in listed.get("results", []) if str(r.get("aggrLevel")) == level[2:]]
        if not codes:
            raise BadFile("list of HS codes", f"codes of level {level}", "none", "report this: the publisher changed its list")
        return sorted(codes)


def _packed(items: Sequence[T], weights: Sequence[float], rows: int, most: int | None = None) -> list[tuple[list[T], float]]:
    """Neighbours in groups, each estimated to stay below the room of an answer; at least two groups."""
    total = sum(weights) or len(items)
    estimates = [rows * (w if sum(weights) else 1) / total for w in weights]
    groups: list[tuple[list[T], float]] = [([], 0.0)]
    for item, estimate in zip(items, estimates, strict=True):
        group, size = groups[-1]
        if group and (size + estimate > ROOM * max_rows() or len(group) == most):
            groups.append(([item], estimate))
        else:
            group.append(item)
            groups[-1] = (group, size + estimate)
    if len(groups) > 1 or len(items) < 2:
        return groups
    half = len(items) // 2
    return [(list(items[:half]), sum(estimates[:half])), (list(items[half:]), sum(estimates[half:]))]
