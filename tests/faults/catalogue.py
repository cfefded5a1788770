"""The faults: what the server does, where it applies, and the one outcome that is right.

Outcomes: ROWS, exactly the true rows land; NOTHING, the fetch ends well and no row lands; else a pattern of the typed error, and
nothing lands.
"""

from __future__ import annotations

import email.utils
import gzip
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.servers.publishers import rows_of, unzipped, zipped
from tests.servers.wire import Reply

ROWS, NOTHING = "rows", "nothing"
JSON_SOURCES = ("comtrade", "comtrade_references", "wdi", "rasff", "fda", "eping", "wto_timeseries")
FAOSTAT = ("faostat_forestry", "faostat_crops", "faostat_trade_matrix")
ARCHIVES = ("baci", *FAOSTAT)
PAGED = ("wdi", "rasff")
ALL = (*JSON_SOURCES, *ARCHIVES, "oecd_tiva", "wits_tariffs", "unctadstat")
Change = Callable[[Reply], Reply]


@dataclass(frozen=True)
class Fault:
    """`change` makes an honest reply a faulty one, by source, in the first `times` calls for data (0: in all).

    `expected` is the outcome by source, '*' for the others.
    """

    name: str
    change: Mapping[str, Change]
    expected: Mapping[str, str]
    times: int = 1
    on_call: int = 1  # first call for data that it is played on


def everywhere(name: str, change: Change, expected: str = ROWS, times: int = 1, sources: tuple[str, ...] = ALL, **other: str) -> Fault:
    """The same fault at all of these sources."""
    return Fault(name, dict.fromkeys(sources, change), {"*": expected} | other, times)


def status(code: int, body: bytes = b"busy", **headers: str) -> Change:
    return lambda honest: Reply(body, code, {k.replace("_", "-"): v for k, v in headers.items()})


def body(content: bytes, **headers: str) -> Change:
    return lambda honest: Reply(content, headers=headers)


def changed(**fields: Any) -> Change:
    return lambda honest: replace(honest, **fields)


def half(honest: Reply) -> int:
    return max(1, len(honest.body) * 2 // 3)


def document(edit: Callable[[Any], None]) -> Change:
    """Change the JSON document of an answer in place."""

    def change(honest: Reply) -> Reply:
        content = json.loads(honest.body)
        edit(content)
        return replace(honest, body=json.dumps(content).encode())

    return change


def each(edit: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """Change each row of a JSON answer."""

    def change(content: Any) -> None:
        rows = rows_of(content)
        rows[:] = [edit(r) for r in rows]  # type: ignore[index]

    return document(change)


def table(edit: Callable[[str], str]) -> Change:
    """Change the text of a CSV answer, or of the data in an archive."""

    def change(honest: Reply) -> Reply:
        if not honest.body.startswith(b"PK"):
            return replace(honest, body=edit(honest.body.decode()).encode())
        members = {n: t if "codes" in n else edit(t) for n, t in unzipped(honest.body).items()}
        return replace(honest, body=zipped(members))

    return change


def packed(edit: Callable[[str], str]) -> Change:
    """Change the text of an answer whose body is a gzip file."""
    return lambda honest: replace(honest, body=gzip.compress(edit(gzip.decompress(honest.body).decode()).encode()))


def _renamed(old: str, new: str) -> Change:
    return each(lambda r: {(new if k == old else k): v for k, v in r.items()})


def _skewed_date(honest: Reply) -> Reply:
    skew = 7200.0
    until = email.utils.formatdate(time.time() + skew + 1, usegmt=True)
    return Reply(b"busy", 429, {"Retry-After": until}, clock_skew_s=skew)


def _bad_crc(honest: Reply) -> Reply:
    """A zip whose first member does not match its checksum: the stored checksum is changed in both headers."""
    at = honest.body.index(b"PK\x01\x02") + 16
    crc = honest.body[at : at + 4]
    return replace(honest, body=honest.body.replace(crc, bytes(b ^ 0xFF for b in crc)))


def _columns(edit: Callable[[list[str]], list[str]]) -> Change:
    return table(lambda text: "".join(",".join(edit(line.split(","))) + "\n" for line in text.splitlines()))


def _more_pages(**head: Any) -> Change:
    return document(lambda d: (d[0] if isinstance(d, list) else d).update(head))


def _twice(content: Any) -> None:
    rows = rows_of(content)
    rows.append(dict(rows[0]))  # type: ignore[attr-defined, index]


def _in_latin_1(honest: Reply) -> Reply:
    return replace(honest, body=json.dumps(json.loads(honest.body), ensure_ascii=False).replace("Land", "Côte").encode("latin-1"))


def _last_line_again(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return text + lines[-1]


QUOTA = b'{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 02:12:20."}'
HTML = b"<html><body>Service temporarily unavailable</body></html>"
GAVE_UP = "gave up after 4 tries"
NOT_AN_ANSWER = (
    "expected an answer of|expected complete JSON with Dataset|expected a JSON document, found text that begins|"
    "expected a first line DATAFLOW"
)

FAULTS: list[Fault] = [
    everywhere("429, Retry-After in seconds", status(429, b"Rate limit is exceeded. Try again in 1 seconds.", Retry_After="1")),
    everywhere("429, Retry-After as a date, clock off by 2 h", _skewed_date),
    everywhere("429, Retry-After a day", status(429, Retry_After="86400"), "gave up after 1 tries"),
    everywhere("500 twice", status(500), times=2),
    everywhere("503, HTML", status(503, HTML)),
    everywhere("503 for ever", status(503), GAVE_UP, 0),
    everywhere("401", status(401), "found 401", 0, oecd_tiva="found 401"),
    everywhere("403, HTML", status(403, HTML), "the publisher refuses this client", 0),
    everywhere(
        "quota of the day used up",
        status(403, QUOTA),
        "Quota will be replenished in 02:12:20.*what landed is not asked again",
        0,
        ("comtrade",),
    ),
    everywhere("422", status(422), "found 422", 0),
    everywhere("304 that nobody asked for", status(304, b""), "found 304", 0),
    everywhere("slow first byte", changed(delay_s=0.8)),
    everywhere("drip, a byte at a time", changed(drip_s=0.05), "not complete within|Read timed out", 0),
    everywhere("connection reset in the body", lambda r: replace(r, cut_after=half(r), reset=True)),
    everywhere("body shorter than its length", lambda r: replace(r, cut_after=half(r))),
    everywhere("cut in the middle of a chunk", lambda r: replace(r, chunked=True, cut_after=half(r))),
    everywhere("ends early, in an orderly way", lambda r: replace(r, body=r.body[: half(r)]), oecd_tiva="it was cut"),
    everywhere("Range ignored when resumed", lambda r: replace(r, cut_after=half(r), ignores_range=True), times=2, sources=ARCHIVES),
    everywhere("empty body", body(b"")),
    everywhere("chunked, no length", changed(chunked=True), times=0),
    everywhere("neither length nor chunks", changed(no_length=True), times=0),
    everywhere("wrong content type", lambda r: replace(r, headers={"Content-Type": "text/html"}), times=0),
    everywhere("header names in lower case", lambda r: replace(r, headers={k.lower(): v for k, v in r.headers.items()}), times=0),
    everywhere(
        "gzip that nobody asked for", lambda r: replace(r, body=gzip.compress(r.body), headers={"Content-Encoding": "gzip"}), times=0
    ),
    everywhere("says gzip, is plain", lambda r: replace(r, headers={"Content-Encoding": "gzip"})),
    everywhere(
        "gzip with a wrong checksum", lambda r: replace(r, body=gzip.compress(r.body)[:-8] + bytes(8), headers={"Content-Encoding": "gzip"})
    ),
    everywhere("gzip cut", lambda r: replace(r, body=gzip.compress(r.body)[:-9], headers={"Content-Encoding": "gzip"})),
    everywhere("archive with a wrong member checksum", _bad_crc, "damaged|CRC|checksum", 0, ARCHIVES),
    everywhere("archive without its end, for ever", lambda r: replace(r, body=r.body[:-30]), "body cut", 0, ARCHIVES),
    everywhere("HTML under 200", body(HTML), NOT_AN_ANSWER, 0),
    everywhere("429 text under 200", body(b"Too Many Requests"), NOT_AN_ANSWER, 0),
    everywhere("redirect to another host", status(307, b"", Location="http://elsewhere.example.org/x"), "elsewhere.example.org", 0),
    everywhere("byte order mark", lambda r: replace(r, body=b"\xef\xbb\xbf" + r.body), times=0, sources=(*JSON_SOURCES, "oecd_tiva")),
    everywhere("byte order mark", table(lambda t: "\ufeff" + t), times=0, sources=ARCHIVES),
    everywhere(
        "older code page",
        lambda r: replace(r, body=zipped({n: t.encode("cp1252") for n, t in unzipped(r.body).items()})),
        times=0,
        sources=FAOSTAT,
    ),
    # what is in the answer
    Fault(
        "exactly as many rows as the cap",
        {"comtrade": document(lambda d: d.update(data=(d["data"] * 999)[:500], count=500))},
        {"comtrade": "cut without notice"},
        0,
    ),
    Fault(
        "error text, count 0",
        {
            "comtrade": document(lambda d: d.update(data=[], count=0, error="Invalid period")),
            "wdi": body(b'[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]'),
            "fda": document(lambda d: d.update(message="Invalid filter", statuscode=200)),
        },
        {"comtrade": "Invalid period", "wdi": "120 Invalid value", "fda": "Invalid filter"},
        0,
    ),
    Fault(
        "no rows, and that is true",
        {
            "wto_timeseries": status(204, b""),
            "eping": document(lambda d: d.update(items=[])),
            "wits_tariffs": status(404, b"<error>no data</error>"),
            "oecd_tiva": status(404, b"NoRecordsFound"),
            "wdi": body(b'[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]'),
            "rasff": document(lambda d: d.update(notifications=[], totalPages=0, totalElements=0)),
            "fda": document(lambda d: d.update(result=[], resultcount=0, totalrecordcount=0)),
        },
        {"*": NOTHING},
        0,
    ),
    Fault(
        "no rows, and that is not true",
        {
            "comtrade": document(lambda d: d.update(data=[], count=0)),
            "comtrade_references": document(lambda d: d.update(results=[])),
            "rasff": document(lambda d: d.update(notifications=[])),
            "fda": document(lambda d: d.update(result=[])),
        },
        {
            "comtrade": "rows as counted",
            "comtrade_references": "expected an answer of",
            "rasff": "3 notices on the pages together",
            "fda": "3 lines on the pages together",
        },
        0,
    ),
    Fault(
        "rows lost in the middle",
        {
            "wto_timeseries": document(lambda d: d["Dataset"].pop(1)),
            "comtrade": document(lambda d: (d["data"].pop(3), d.update(count=len(d["data"])))),
            "comtrade_references": document(lambda d: d["results"].pop(1)),
            "wdi": document(lambda d: d[1].pop()),
            "rasff": document(lambda d: d["notifications"].pop()),
            "fda": document(lambda d: d["result"].pop(1)),
        },
        {
            "comtrade": "rows as counted",
            "comtrade_references": "at least 150 reporters in force",
            "wto_timeseries": "as the service counts",
            "*": "on the pages together",
        },
        0,
    ),
    Fault("a later page fails", dict.fromkeys(PAGED, status(404, b"gone")), {"*": "found 404 gone"}, 0, on_call=2),
    Fault(
        "fewer pages halfway",
        {"rasff": _more_pages(totalPages=1, totalElements=2), "wdi": _more_pages(pages=2, total=4)},
        {"*": "expected the same total"},
        0,
        on_call=2,
    ),
    Fault(
        "a new vintage between pages", {"wdi": _more_pages(lastupdated="2026-11-28")}, {"wdi": "new vintage came in between"}, 0, on_call=2
    ),
    Fault("numbers of pages as text", {"wdi": _more_pages(pages="3", total="5")}, {"wdi": ROWS}, 0),
    Fault("rows of one page on the next", dict.fromkeys(PAGED, document(_twice)), {"*": "on the pages together"}, 0, on_call=2),
    Fault(
        "the same row twice",
        {
            "comtrade": document(lambda d: (_twice(d), d.update(count=len(d["data"])))),
            "comtrade_references": document(_twice),
            "fda": document(_twice),
            "oecd_tiva": table(lambda t: t + t.splitlines()[1].replace("80.125", "81") + "\r\n"),
            **dict.fromkeys(ARCHIVES, table(_last_line_again)),
        },
        {
            "comtrade": "rows as counted",
            "comtrade_references": ROWS,  # the second of equal rows is left out
            "fda": "on the pages together",
            "*": "expected each key once in a file",
        },
        0,
    ),
    Fault(
        "totals not pinned by the service",
        {
            "comtrade": document(
                lambda d: (d["data"].extend([r | {"partner2Code": 276} for r in d["data"]]), d.update(count=len(d["data"])))
            )
        },
        {"comtrade": "rows as counted"},
        0,
    ),
    Fault(
        "a new column",
        {
            **dict.fromkeys(JSON_SOURCES, each(lambda r: r | {"newField": "x"})),
            **dict.fromkeys(("oecd_tiva", "baci"), _columns(lambda c: [*c, "NEW" if c[0] in ("DATAFLOW", "t") else "1"])),
        },
        {"*": ROWS},
        0,
    ),
    Fault(
        "columns in another order",
        {
            **dict.fromkeys(JSON_SOURCES, each(lambda r: dict(reversed(r.items())))),
            **dict.fromkeys(("oecd_tiva", "baci"), _columns(lambda c: [c[0], *reversed(c[1:])])),
        },
        {"*": ROWS},
        0,
    ),
    Fault(
        "a column renamed",
        {
            "eping": _renamed("documentSymbol", "symbol"),
            "wto_timeseries": _renamed("ReportingEconomyCode", "Reporter"),
            "wits_tariffs": table(lambda t: t.replace("OBS_VALUE=", "VALUE=")),
            "unctadstat": packed(lambda t: t.replace("Economy_Code", "Economy", 1)),
            "comtrade": _renamed("primaryValue", "value"),
            "comtrade_references": _renamed("entryExpiredDate", "entryEndDate"),
            "wdi": _renamed("value", "obsValue"),
            "rasff": _renamed("subject", "subjectSearch"),
            "fda": _renamed("RefusalDate", "DateOfRefusal"),
            "oecd_tiva": table(lambda t: t.replace("OBS_VALUE", "VALUE", 1)),
            "baci": table(lambda t: t.replace(",v,", ",value,", 1)),
            **dict.fromkeys(FAOSTAT, table(lambda t: t.replace(",Value,", ",Val,", 1))),
        },
        {"*": "expected (column|field|attribute)|expected an answer of"},
        0,
    ),
    Fault(
        "numbers as text",
        {
            "comtrade": each(lambda r: r | {"primaryValue": str(r["primaryValue"])}),
            "comtrade_references": each(lambda r: r | {"reporterCode": str(r["reporterCode"])}),
            "wdi": each(lambda r: r | {"value": None if r["value"] is None else str(r["value"])}),
        },
        {"*": ROWS},
        0,
    ),
    Fault(
        "years as numbers",
        {"comtrade": each(lambda r: r | {"period": int(r["period"])}), "wdi": each(lambda r: r | {"date": int(r["date"])})},
        {"*": ROWS},
        0,
    ),
    Fault(
        "a word for a number",
        {
            "wto_timeseries": each(lambda r: r | {"Value": "n.a."}),
            "wits_tariffs": table(lambda t: t.replace('OBS_VALUE="10"', 'OBS_VALUE="ten"')),
            "unctadstat": packed(lambda t: t.replace("28.5", "_")),
            "comtrade": each(lambda r: r | {"primaryValue": "confidential"}),
            "comtrade_references": each(lambda r: r | {"isGroup": "maybe"}),
            "wdi": each(lambda r: r | {"value": "n/a"}),
            "oecd_tiva": table(lambda t: t.replace("80.125", "c")),
            "baci": table(lambda t: t.replace("4.500", "  n/a")),
            **dict.fromkeys(FAOSTAT, table(lambda t: t.replace('"812.5"', '"conf."'))),
        },
        {"*": "at most 1% bad rows"},
        0,
    ),
    Fault(
        "a date in another form",
        {
            "comtrade_references": each(lambda r: r | {"entryEffectiveDate": "31/12/1992"}),
            "rasff": each(lambda r: r | {"ecValidationDate": "2026/11/01"}),
            "eping": each(lambda r: r | {"distributionDate": "26/01/2026"}),
            "fda": each(lambda r: r | {"RefusalDate": "10.03.2026"}),
        },
        {"*": "at most 1% bad rows"},
        0,
    ),
    Fault(
        "a number that is none",
        {"wdi": each(lambda r: r | {"value": float("nan") if r["value"] is None else r["value"]})},
        {"wdi": ROWS},
        0,
    ),
    Fault("another power of ten", {"oecd_tiva": table(lambda t: re.sub(r",0\r\n", ",3\r\n", t))}, {"oecd_tiva": "UNIT_MULT"}, 0),
    Fault(
        "years of two members swapped",
        {
            "baci": lambda r: replace(
                r, body=zipped({n.replace("Y2021", "Y1900").replace("Y2022", "Y2021"): t for n, t in unzipped(r.body).items()})
            )
        },
        {"baci": "as the member's name says"},
        0,
    ),
    Fault(
        "two versions in one archive",
        {"baci": lambda r: replace(r, body=zipped({n.replace("Y2022_V202501", "Y2022_V202401b"): t for n, t in unzipped(r.body).items()}))},
        {"baci": "V202401b"},
        0,
    ),
    Fault("names in an older code page", {"wto_timeseries": _in_latin_1}, {"*": ROWS}, 0),
    Fault(
        "exactly as many rows as the default of the service",
        {"wto_timeseries": document(lambda d: d.update(Dataset=(d["Dataset"] * 200)[:500]))},
        {"wto_timeseries": "cuts without notice"},
        0,
    ),
    Fault("byte order mark, XML", {"wits_tariffs": lambda r: replace(r, body=b"\xef\xbb\xbf" + r.body)}, {"*": ROWS}, 0),
    Fault("an empty set", {"wits_tariffs": table(lambda t: re.sub("<Series.*</Series>", "", t))}, {"*": NOTHING}, 0),
    Fault("byte order mark, in the packed text", {"unctadstat": packed(lambda t: "\ufeff" + t)}, {"*": ROWS}, 0),
    Fault("plain where packed was asked for", {"unctadstat": lambda r: replace(r, body=gzip.decompress(r.body))}, {"*": ROWS}, 0),
]
