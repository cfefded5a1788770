"""UN Comtrade on loopback: made-up data sets behind the true paths, parameters, caps, errors and counts.

api = Comtrade(reporters=["404"], years=[2020, 2021])
with Wire(api) as wire: ...
api.truth()      # the rows that a whole fetch lands
api.revise("404", "2021")
"""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote_plus

from tests.servers.wire import Reply, Seen

KEY = "made-up-key-7f3a"
JSON = {"Content-Type": "application/json; charset=utf-8"}
CODES = ("030342", "080131", "090111", "180100", "180310", "710812", "999999")
PARTNERS = (0, 56, 276, 490, 699, 842)
QUOTA = '{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in %02d:%02d:%02d."}'
MISSING = (
    '{ "statusCode": 401, "message": "Access denied due to missing subscription key. Make sure to include subscription key when making '
    'requests to an API." }'
)
INVALID = (
    '{"statusCode":401,"message":"Access denied due to invalid subscription key. Make sure to provide a valid key for an active '
    'subscription."}'
)


def _luck(*key: object) -> int:
    return zlib.crc32("|".join(map(str, key)).encode())


class Comtrade:
    """The service. `cap` rows an answer at most, cut without notice; `quota` calls in `quota_s` seconds, counted over all callers."""

    def __init__(
        self,
        reporters: Sequence[str],
        years: Iterable[int],
        *,
        cap: int = 100_000,
        codes: Sequence[str] = CODES,
        partners: Sequence[int] = PARTNERS,
        quota: int | None = None,
        quota_s: float = 86_400.0,
    ) -> None:
        self.cap, self.codes, self.partners, self.quota, self.quota_s = cap, codes, partners, quota, quota_s
        self.places = [(r, str(y)) for r in reporters for y in years]
        self.versions = dict.fromkeys(self.places, 1)
        self.calls: list[float] = []  # of the counted paths, wall clock
        self.keys_in_urls = 0
        self._rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def revise(self, reporter: str, year: str) -> None:
        """The country sends its year again: some values differ, the last code is gone."""
        self.versions[reporter, year] += 1
        self._rows.pop((reporter, year), None)

    def rows(self, reporter: str, year: str) -> list[dict[str, Any]]:
        """All six-digit rows of a data set, totals over second partner, procedure and transport only."""
        if (reporter, year) not in self._rows:
            version = self.versions.get((reporter, year), 0)
            codes = self.codes if version < 2 else self.codes[:-1]
            self._rows[reporter, year] = [
                row(reporter, year, flow, partner, code, version)
                for code in codes if version
                for flow in ("M", "X")
                for partner in self.partners
                if partner == 0 or _luck(reporter, year, flow, partner, code) % 4
            ]  # fmt: skip
        return self._rows[reporter, year]

    def truth(self) -> set[tuple[Any, ...]]:
        """(period, reporter, flow, partner, code, value in US dollars) of every row there is."""
        return {as_truth(r) for place in self.places for r in self.rows(*place)}

    def __call__(self, seen: Seen) -> Reply:
        query = {k.lower(): unquote_plus(v[0]) for k, v in seen.query.items()}
        self.keys_in_urls += KEY in seen.target
        path = seen.path.lower()
        if len(seen.target) > 4096:
            return Reply(b"The resource you are looking for has been removed", 404)
        if path.startswith("/files/v1/app/reference/hs.json"):
            return self._reference()
        if path.startswith("/data/") and (refusal := self._refusal(seen)):
            return refusal
        if over := self._over_quota():
            return over
        _, area, _, action, *rest = path.split("/")
        is_preview = area == "public"
        if action == "getda":
            return self._available(query, is_preview)
        if action in ("get", "preview") and rest[:1] == ["c"] and is_preview == (action == "preview"):
            return self._data(query, 500 if is_preview else self.cap, rest[1].upper())
        return Reply(b"not found", 404)

    def _refusal(self, seen: Seen) -> Reply | None:
        key = seen.secrets.get("Ocp-Apim-Subscription-Key")
        return None if key == KEY else Reply((INVALID if key else MISSING).encode(), 401, JSON)

    def _over_quota(self) -> Reply | None:
        with self._lock:
            now = time.time()
            today = now - now % self.quota_s
            if self.quota is not None and sum(c >= today for c in self.calls) >= self.quota:
                left = int(today + self.quota_s - now)
                return Reply((QUOTA % (left // 3600, left // 60 % 60, left % 60)).encode(), 403, JSON)
            self.calls.append(now)
        return None

    def _available(self, query: dict[str, str], is_preview: bool) -> Reply:
        found = [p for p in self._asked(query) if p in self.versions and self.rows(*p)]
        if is_preview and not found:
            return Reply(b"", 404)
        return answer([self._data_set(*p) for p in found])

    def _data_set(self, reporter: str, year: str) -> dict[str, Any]:
        version = self.versions[reporter, year]
        return {
            "typeCode": "C", "freqCode": "A", "period": int(year), "reporterCode": int(reporter), "classificationCode": "H5",
            "classificationSearchCode": "HS", "isOriginalClassification": True, "totalRecords": len(self.rows(reporter, year)) + 14,
            "datasetChecksum": _luck(reporter, year, version) - 2**31, "firstReleased": f"{int(year) + 1}-03-01T10:18:40.23",
            "lastReleased": f"20{20 + version}-08-03T19:51:21.7333333",
        }  # fmt: skip

    @staticmethod
    def _asked(query: dict[str, str]) -> list[tuple[str, str]]:
        return [(r, p) for p in query["period"].split(",") for r in query["reportercode"].split(",")]

    def _data(self, query: dict[str, str], cap: int, freq: str) -> Reply:
        if len(query["period"].split(",")) > 12:
            return Reply(b'{"errorObject":{"errorMessage":"at most 12 periods"}}', 400, JSON)
        codes, flows = set(query.get("cmdcode", "").split(",")), query.get("flowcode", "M,X").split(",")
        found = [
            r
            for place in self._asked(query)
            for r in (self.rows(*place) if freq == "A" and place in self.versions else [])
            if ("AG6" in codes or r["cmdCode"] in codes or codes == {""}) and r["flowCode"] in flows
        ]
        # What is not pinned comes once more, split up: by second partner, by procedure, by mode of transport.
        for field, value in (("partner2Code", 56), ("customsCode", "C01"), ("motCode", 2100)):
            found += [r | {field: value} for r in found] if field.lower() not in query else []
        if query.get("countonly", "").lower() == "true":
            return Reply(json.dumps({"elapsedTime": "0.04 secs", "count": len(found), "data": [], "error": ""}).encode(), headers=JSON)
        return answer(found[:cap])

    def _reference(self) -> Reply:
        results = [{"id": "TOTAL", "aggrLevel": 0}, *({"id": c, "text": c, "aggrLevel": 6, "isLeaf": "1"} for c in self.codes)]
        return Reply(b"\xef\xbb\xbf" + json.dumps({"more": False, "classCode": "HS", "results": results}).encode(), headers=JSON)


def as_truth(r: dict[str, Any]) -> tuple[Any, ...]:
    """The cells of a row that a test compares."""
    return (r["period"], str(r["reporterCode"]), r["flowCode"], str(r["partnerCode"]), r["cmdCode"], r["primaryValue"])


def row(reporter: str, year: str, flow: str, partner: int, code: str, version: int = 1) -> dict[str, Any]:
    """One row in wire order. Values are made up; a revised year has others."""
    value = _luck(reporter, year, flow, partner, code) % 10**6 / 4 + (version - 1 if code < "1" else 0)
    return {
        "typeCode": "C", "freqCode": "A", "refPeriodId": int(f"{year}0101"), "refYear": int(year), "refMonth": 52, "period": year,
        "reporterCode": int(reporter), "reporterISO": None, "reporterDesc": None, "flowCode": flow, "flowDesc": None,
        "partnerCode": partner, "partnerISO": None, "partnerDesc": None, "partner2Code": 0, "partner2ISO": None, "partner2Desc": None,
        "classificationCode": "H5", "classificationSearchCode": "HS", "isOriginalClassification": True, "cmdCode": code, "cmdDesc": None,
        "aggrLevel": 6, "isLeaf": True, "customsCode": "C00", "customsDesc": None, "mosCode": "0", "motCode": 0, "motDesc": None,
        "qtyUnitCode": -1, "qtyUnitAbbr": None, "qty": None, "isQtyEstimated": False, "altQtyUnitCode": -1, "altQtyUnitAbbr": None,
        "altQty": None, "isAltQtyEstimated": False, "netWgt": 0, "isNetWgtEstimated": False, "grossWgt": None, "isGrossWgtEstimated": False,
        "cifvalue": value if flow == "M" else None, "fobvalue": value if flow == "X" else None, "primaryValue": value,
        "legacyEstimationFlag": 0, "isReported": True, "isAggregate": False,
    }  # fmt: skip


def answer(rows: list[dict[str, Any]], **head: object) -> Reply:
    """An answer of the service. `count` is what is in it, also when it was cut."""
    body = {"elapsedTime": "0.11 secs", "count": len(rows), "data": rows, "error": ""} | head
    return Reply(json.dumps(body, separators=(",", ":")).encode(), headers=JSON)
