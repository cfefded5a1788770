"""The built-in sample: repeatable, small, independent, readable by a naive reader, and it holds what it promises."""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

import ingestion.sample as sample
from ingestion.sample.names import COUNTRIES
from tests import planted_truths as truth

PACKAGE = Path(sample.__file__).parent


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def text_rows(path: Path) -> list[dict[str, str]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def comtrade(folder: Path) -> list[dict[str, str]]:
    """All Comtrade rows, CSV and JSON alike, as text; an API row that repeats a CSV row is there twice."""
    rows = [r for p in sorted(folder.glob("comtrade_C_*.csv.gz")) for r in text_rows(p)]
    for path in sorted(folder.glob("data_v1_get_*.json")):
        body = json.loads(path.read_bytes())
        assert body["count"] == len(body["data"]) and body["error"] == ""
        rows += [{k: "" if v is None else str(v).lower() if isinstance(v, bool) else str(v) for k, v in r.items()} for r in body["data"]]
    return rows


def test_two_runs_give_the_same_bytes(sample_folder: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Apia", "LC_ALL": "C"}
    code = "import sys; from pathlib import Path; from ingestion.sample import write_sample; write_sample(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "again")], check=True, env=env, timeout=120)
    assert hashes(sample_folder) == hashes(tmp_path / "again")


def test_it_is_small(sample_folder: Path) -> None:
    assert sum(p.stat().st_size for p in sample_folder.iterdir()) < 5_000_000


def test_the_marker_says_what_it_is(sample_folder: Path) -> None:
    assert (sample_folder / sample.MARKER).read_text().startswith("SYNTHETIC")


def test_it_imports_nothing_else_of_the_project() -> None:
    allowed = set(sys.stdlib_module_names) | {"numpy"}
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for name in names:
                assert name == "ingestion.sample" or name.startswith("ingestion.sample.") or name.split(".")[0] in allowed, (
                    path.name,
                    name,
                )


def test_no_floating_point_functions_of_the_maths_library() -> None:
    """exp, log and pow differ between machines in the last digit; the sample must not."""
    for path in PACKAGE.glob("*.py"):
        assert not re.search(r"^import (math|random|time)|numpy|datetime\.(now|today)|\bhash\(", path.read_text(encoding="utf-8"), re.M), (
            path.name
        )


class TestComtrade:
    def test_rows_keep_the_rules_of_the_source(self, sample_folder: Path) -> None:
        header = gzip.decompress((sample_folder / "comtrade_C_A_HS_cocoa_2007-2019.csv.gz").read_bytes()).decode().split("\n")[0]
        assert header.count(",") == 46 and header.startswith('"typeCode","freqCode","refPeriodId"')
        key = (
            "freqCode",
            "period",
            "reporterCode",
            "flowCode",
            "partnerCode",
            "partner2Code",
            "classificationCode",
            "cmdCode",
            "customsCode",
            "motCode",
        )
        for path in sorted(sample_folder.glob("comtrade_C_*.csv.gz")):
            rows = text_rows(path)
            assert max(Counter(tuple(r[k] for k in key) for r in rows).values()) == 1, path.name
            for r in rows:
                assert len(r) == 47 and float(r["primaryValue"]) > 0 and r["reporterCode"] != r["partnerCode"]
                assert r["primaryValue"] == (r["cifvalue"] or r["fobvalue"]) and float(r["netWgt"] or 0) >= 0
                assert (r["freqCode"], r["refMonth"] == "52", len(r["period"])) in {("A", True, 4), ("M", False, 6)}
                assert re.fullmatch(r"\d{6}", r["cmdCode"]) and r["mosCode"] in {"0", "0 "}

    def test_levels_world_rows_and_other_flows_are_mixed_in(self, sample_folder: Path) -> None:
        rows = comtrade(sample_folder)
        assert {"M", "X", "RX", "DX", "RM"} == {r["flowCode"] for r in rows}
        assert {"0", "2", "4", "6"} == {r["aggrLevel"] for r in rows}
        assert {"H2", "H3", "H4", "H5", "H6"} == {r["classificationCode"] for r in rows}
        assert {"0", "899"} <= {r["partnerCode"] for r in rows}
        assert {r["mosCode"] for r in rows} == {"0", "0 "}
        assert set(truth.LEADING_ZEROS) | set(truth.RENAMED_CODES) <= {r["cmdCode"] for r in rows}
        assert any(r["reporterISO"] == truth.NAMIBIA[0] and r["reporterCode"] == truth.NAMIBIA[2] for r in rows)

    def test_reporters_come_and_go_as_planted(self, sample_folder: Path) -> None:
        years, months = defaultdict(set), defaultdict(set)
        for r in comtrade(sample_folder):
            years[r["reporterISO"]].add(int(r["refYear"]))
            if r["freqCode"] == "M":
                months[r["reporterISO"], int(r["refYear"])].add(r["refMonth"])
        who, last = truth.STOPPED_IMPORTER
        assert max(years[who]) == last and len(years) >= 25
        short = {k: len(m) for k, m in months.items() if len(m) < 12 and k[1] != 2024}
        assert short == truth.PARTIAL_YEARS
        assert {len(m) for k, m in months.items() if k[1] == 2024} == {8}

    def test_double_deliveries_agree(self, sample_folder: Path) -> None:
        rows = comtrade(sample_folder)
        who, _, year, value = truth.COUNTED_ONCE_ANNUAL_AND_MONTHLY
        for freq in ("A", "M"):
            mine = [
                r
                for r in rows
                if (r["reporterISO"], r["refYear"], r["freqCode"]) == (who, str(year), freq) and r["cmdCode"][:2] in ("03", "16")
            ]
            assert sum(Decimal(r["primaryValue"]) for r in mine) == pytest.approx(Decimal(str(value)), abs=Decimal("0.05"))
        who, _, year, value = truth.COUNTED_ONCE_JSON_AND_CSV
        mine = [r for r in rows if (r["reporterISO"], r["refYear"], r["flowCode"], r["aggrLevel"]) == (who, str(year), "X", "6")]
        cocoa = [r for r in mine if r["cmdCode"][:2] == "18" and r["partnerCode"] != "0"]
        assert sum(float(r["primaryValue"]) for r in cocoa) == pytest.approx(2 * value, abs=0.1)


class TestBaci:
    def test_the_archive_is_a_whole_list(self, sample_folder: Path) -> None:
        with zipfile.ZipFile(sample_folder / "BACI_HS96_V202501.zip") as z:
            countries = {r["country_code"]: r for r in csv.DictReader(io.StringIO(z.read("country_codes_V202501.csv").decode()))}
            products = {r["code"] for r in csv.DictReader(io.StringIO(z.read("product_codes_HS96_V202501.csv").decode()))}
            assert b"SYNTHETIC" in z.read("Readme.txt")
            years = {y: z.read(f"BACI_HS96_Y{y}_V202501.csv").decode() for y in truth.WHOLE_LIST_YEARS}
        assert countries[truth.NAMIBIA[2]]["country_iso2"] == "NA" and countries["490"]["country_iso3"] == "S19"
        acp = {c.iso3 for c in COUNTRIES.values() if c.is_acp}
        assert len(acp) == 79 and "9999AA" in products and len(products) == 5114
        for text in years.values():
            lines = text.splitlines()
            assert lines[0] == "t,i,j,k,v,q" and all(len(x.split(",")[4]) == len(x.split(",")[5]) == 12 for x in lines[1:])
            rows = [x.split(",") for x in lines[1:]]
            assert len({(i, j, k) for _, i, j, k, _, _ in rows}) == len(rows)
            assert all(i != j and k in products and float(v) > 0 and (q.strip() == "NA" or float(q) > 0) for _, i, j, k, v, q in rows)
            exporters = {countries[r[1]]["country_iso3"] for r in rows}
            assert len(exporters) >= 100 and len({r[3] for r in rows}) >= 4000
            assert acp - exporters == {truth.BACI_SILENT_MEMBER}

    def test_concentration_is_as_planted(self, sample_folder: Path) -> None:
        with zipfile.ZipFile(sample_folder / "BACI_HS96_V202501.zip") as z:
            iso3 = {r["country_code"]: r["country_iso3"] for r in csv.DictReader(io.StringIO(z.read("country_codes_V202501.csv").decode()))}
            exports: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
            for r in csv.DictReader(io.StringIO(z.read("BACI_HS96_Y2022_V202501.csv").decode())):
                exports[iso3[r["i"]]][r["k"]] += float(r["v"])
        for bounds, share in ((truth.EXPORT_HHI_2022, False), (truth.POINT_RESOURCES_2022, True)):
            for country, (low, high) in bounds.items():
                total = sum(exports[country].values())
                points = sum(v for k, v in exports[country].items() if k[:4] in {"7108", "7102", "2709", "2710", "2711"}) / total
                found = points if share else sum((v / total) ** 2 for v in exports[country].values())
                assert low <= found <= high, (country, found)


def test_wits_identities_are_exact(sample_folder: Path) -> None:
    rows = text_rows(sample_folder / "gvc_output_WITS.csv")
    assert list(rows[0]) == ["country", "sect", "t", "source", "outp", "outpd", "outptt", "gvco", "gvcobp", "gvcofp", "gvcomix"]
    assert len({(r["source"], r["country"], r["sect"], r["t"]) for r in rows}) == len(rows)
    for r in rows:
        n = {k: Decimal(r[k]) for k in list(r)[4:]}
        assert (
            n["outp"] == n["outpd"] + n["outptt"] + n["gvco"] and n["gvco"] == n["gvcobp"] + n["gvcofp"] + n["gvcomix"] and n["outpd"] > 0
        )
    assert {r["source"] for r in rows} == {"eora", "tiva", "adb", "wiodo", "wiodn", "wiodlr"}
    assert {"SUD"} <= {r["country"] for r in rows if r["source"] == "eora"} and {"FIJ", "MLD"} <= {
        r["country"] for r in rows if r["source"] == "adb"
    }
    country, sector, eora, tiva = truth.WITNESSES_DISAGREE
    for source, year, (low, high) in (("eora", "2015", eora), ("tiva", "2020", tiva)):
        (r,) = [r for r in rows if (r["source"], r["country"], r["sect"], r["t"]) == (source, country, sector, year)]
        assert low <= float(r["gvco"]) / float(r["outp"]) <= high


def test_tiva_answer(sample_folder: Path) -> None:
    path = sample_folder / "OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1.csv"
    data = path.read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    sums: dict[tuple[str, ...], list[Decimal]] = defaultdict(list)
    for r in text_rows(path):
        assert (r["UNIT_MEASURE"], r["UNIT_MULT"], r["COUNTERPART_AREA"]) == ("PT_EXGR", "0", "W")
        sums[r["REF_AREA"], r["ACTIVITY"], r["TIME_PERIOD"]].append(Decimal(r["OBS_VALUE"]))
    assert all(len(v) == 2 and sum(v) == 100 for v in sums.values())
    assert {*truth.TIVA_MEMBERS, "ZAF", "WXD"} <= {k[0] for k in sums}
