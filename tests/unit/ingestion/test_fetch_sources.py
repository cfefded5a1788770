"""Every live source from socket to lake: what is fetched is what the same file gives when it is dropped, and counts once."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from ingestion import landing
from ingestion.faostat_text import NORMALIZED
from ingestion.fetch import fetch
from ingestion.ingest import ingest_table
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.sources import faostat_crops
from tests.servers.wire import Reply, Wire

JSON = {"Content-Type": "application/json"}
COMTRADE_ARGS = {"reporters": "404", "years": "2007-2012", "codes": "090111"}
TIVA = "/data/OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1/EXGR_FVA+EXGR_DVA.._T.W.PT_EXGR.A"


def rasff_pages() -> list[bytes]:
    """Two search pages with three made-up notices."""
    rows = [
        {
            "notifId": n,
            "reference": f"2024.{n:04d}",
            "ecValidationDate": "02-05-2024 10:00:00",
            "subject": "Salmonella in sesame seeds from Nigeria ",
            "notifyingCountry": {"isoCode": "DE", "organizationName": "Germany"},
            "originCountries": [{"isoCode": "NG", "organizationName": "Nigeria"}],
            "notificationClassification": {"id": 1, "description": "border rejection notification"},
            "riskDecision": {"id": 1, "description": "serious"},
            "productCategory": {"id": 18400, "description": "nuts, nut products and seeds"},
            "productType": {"id": 1, "description": "food"},
        }
        for n in (9001, 9002, 9003)
    ]
    return [json.dumps({"notifications": part, "totalPages": 2, "totalElements": 3}).encode() for part in (rows[:2], rows[2:])]


def crops_archive() -> bytes:
    """The bulk archive with one made-up row."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        row = '"81","\'288","Ghana","661","\'01640","Cocoa beans","5510","Production","2022","2022","t","812.000000","A",""\r\n'
        z.writestr(faostat_crops.ARCHIVE.replace(".zip", ".csv"), ",".join(NORMALIZED) + "\r\n" + row)
    return buffer.getvalue()


def published(source: str, sample: Path) -> tuple[dict[str, str], str, list[bytes]]:
    """(arguments of the fetch, path below the base URL, answers in order) with the sample's own bytes."""
    if source == "comtrade":
        return COMTRADE_ARGS, "/data/v1/get/C/A/HS", [(sample / "data_v1_get_C_A_HS_404_2007-2012.json").read_bytes()]
    if source == "baci":
        return {}, "/BACI_HS96_V202501.zip", [(sample / "BACI_HS96_V202501.zip").read_bytes()]
    if source == "wdi":
        pages = [(sample / f"wdi_NV.IND.MANF.ZS_page{n}.json").read_bytes() for n in (1, 2, 3)]
        return {"indicators": "NV.IND.MANF.ZS"}, "/country/all/indicator/NV.IND.MANF.ZS", pages
    if source == "faostat_forestry":
        name = "Forestry_E_All_Data_(Normalized).zip"
        return {}, f"/{name}", [(sample / name).read_bytes()]
    if source == "faostat_crops":
        return {}, f"/{faostat_crops.ARCHIVE}", [crops_archive()]
    if source == "oecd_tiva":
        return {}, TIVA, [(sample / "OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1.csv").read_bytes()]
    return {}, "/notification/search/consolidated/", rasff_pages()


@pytest.mark.parametrize("source", sorted(name for name, spec in all_sources().items() if spec.plan))
def test_fetched_equals_dropped_and_counts_once(source, sample_folder, tmp_path, monkeypatch):
    args, path, bodies = published(source, sample_folder)
    spec = all_sources()[source]
    fetched, dropped = Home(tmp_path / "fetched", "main"), Home(tmp_path / "dropped", "main")
    monkeypatch.setenv("COMTRADE_API_KEY", "not-a-real-key-5f1c")
    headers = JSON if bodies[0][:1] in (b"{", b"[") else {}
    with Wire() as wire:
        prefix = "/v2" if source == "wdi" and spec.base_url.endswith("/v2") else ""
        monkeypatch.setenv(f"ACPGVC_{source.upper()}_BASE_URL", wire.url + prefix)
        # a 503 first: the answer must come through a retry unharmed (not where politeness would make the test wait a minute)
        failures = [Reply(status=503, headers={"Retry-After": "0"})] if spec.budget.min_interval_s < 5 else []
        wire.on(prefix + path, *failures, *(Reply(body=b, headers=headers) for b in bodies))
        report = fetch(fetched, spec, args)
        seen = [s.path for s in wire.log]
    assert [f.status for f in report.files] == ["accepted"] * len(bodies), (seen, report.files)
    assert len(seen) == len(bodies) + len(failures)

    drop = tmp_path / "drop"
    drop.mkdir()
    for n, body in enumerate(bodies):
        (drop / f"renamed-{n}").write_bytes(body)
    ingest_table(dropped, spec, [drop])
    contents = [{r.content_sha256 for r in landing.receipts(home)} for home in (fetched, dropped)]
    assert contents[0] == contents[1]

    again = ingest_table(fetched, spec, [drop])
    assert {f.status for f in again.files} == {"known"}, "the same bytes from a drop are the same object"
    for file in (tmp_path / "fetched").rglob("*.json"):
        assert "not-a-real-key" not in file.read_text()
