"""The sample's notices (RASFF) and country series (WDI) in the layouts of their publishers, read naively."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from tests import planted_truths as truth

XLSX = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def text_rows(path: Path) -> list[dict[str, str]]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


class TestRasff:
    def sheet(self, sample_folder: Path) -> list[list[str]]:
        with zipfile.ZipFile(sample_folder / "RASFF_window_results.xlsx") as z:
            tree = ElementTree.fromstring(z.read("xl/worksheets/sheet1.xml"))
        rows = []
        for row in tree.iter(f"{XLSX}row"):
            cells = {re.sub(r"\d", "", c.get("r", "")): c.findtext(f"{XLSX}is/{XLSX}t") or "" for c in row}
            rows.append([cells.get(chr(65 + i), "") for i in range(14)])
        return rows

    def test_layouts(self, sample_folder: Path) -> None:
        rows = self.sheet(sample_folder)
        assert rows[0][0] == "reference" and rows[0][-1] == "hazards" and all(re.fullmatch(r"20\d\d\.\d{4}", r[0]) for r in rows[1:])
        assert all(re.fullmatch(r"\d\d-\d\d-20\d\d \d\d:\d\d:\d\d", r[4]) for r in rows[1:])
        assert any(" - {pesticide residues}" in r[13] for r in rows) and any(r[12].count(",") for r in rows[1:])
        window = text_rows(sample_folder / "rasff_notifications.csv.gz")
        assert list(window[0])[-2:] == ["year", "week"] and not any("{" in r["hazards"] for r in window)
        assert any(len(r["reference"]) < 9 for r in window) and max(Counter(r["reference"] for r in window).values()) == 2
        cases = gzip.decompress((sample_folder / "rasff_export_2020_to_2024-10-30.csv.gz").read_bytes())
        assert cases.startswith(b'\xef\xbb\xbf"Date of Case",Reference') and cases.count(b"\r\n") == cases.count(b"\n")
        origins = {r["Country Origin"] for r in text_rows(sample_folder / "rasff_export_2020_to_2024-10-30.csv.gz")}
        assert {"Turkey", "Türkiye", "unknown origin", ""} <= origins and any("; " in o for o in origins)

    def test_rejection_clusters(self, sample_folder: Path) -> None:
        sheet = self.sheet(sample_folder)
        last: dict[str, dict[str, str]] = {}
        for r in [*(dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]), *text_rows(sample_folder / "rasff_notifications.csv.gz")]:
            last[r["reference"].ljust(9, "0")] = r  # the later row of a repeated reference stands below
        names = {"NGA": "Nigeria", "GHA": "Ghana"}
        for (country, category), by_year in truth.REJECTIONS.items():
            mine = [k for k, r in last.items() if names[country] in r["origin"].split(",")]
            assert Counter(int(k[:4]) for k in mine) == by_year and sum(by_year.values()) == truth.REJECTION_SUMS_2024[country]
            assert {(last[k]["classification"], last[k]["category"]) for k in mine} == {("border rejection notification", category)}
            assert "Switzerland" not in {last[k]["notifying_country"] for k in mine}
        months = {(k[:4], r["date"][3:5] if r["date"][2] == "-" else r["date"][5:7]) for k, r in last.items()}
        assert len(months) == 48 and len(last) == truth.NOTICES["with classification"]
        cases = {r["Reference"] for r in text_rows(sample_folder / "rasff_export_2020_to_2024-10-30.csv.gz")}
        assert len(cases | set(last)) == truth.NOTICES["all layouts"]


class TestWdi:
    def test_bulk_files(self, sample_folder: Path) -> None:
        codes = set()
        for path in sorted(sample_folder.glob("API_*")):
            data = path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as z:
                    assert len(z.namelist()) == 3
                    data = z.read(path.stem + ".csv")
            lines = data.decode("utf-8").split("\n")
            assert lines[0] == '\ufeff"Data Source","World Development Indicators",' and lines[1] == lines[3] == ""
            rows = list(csv.reader(lines[4:-1]))
            assert {len(r) for r in rows} == {4 + 66 + 1} and all(line.endswith(",") for line in lines[4:-1])
            assert "NAM" in {r[1] for r in rows} and "SSF" in {r[1] for r in rows}
            codes |= {r[3] for r in rows[1:]}
        assert len(codes) == 14

    def test_api_pages(self, sample_folder: Path) -> None:
        pages = [json.loads(p.read_bytes()) for p in sorted(sample_folder.glob("wdi_*.json"))]
        assert [p[0]["page"] for p in pages] == [1, 2, 3] and sum(len(p[1]) for p in pages) == pages[0][0]["total"]
        ids = {r["countryiso3code"]: r["country"]["id"] for p in pages for r in p[1]}
        assert ids["NAM"] == "NA" and "" in ids and any(r["value"] is None for p in pages for r in p[1])
