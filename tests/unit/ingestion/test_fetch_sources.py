"""Every live source from socket to lake: what is fetched is what the same file gives when it is dropped, and counts once."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from ingestion import landing
from ingestion.fetch import fetch
from ingestion.ingest import ingest_table
from ingestion.registry import all_sources
from ingestion.settings import Home
from ingestion.sources import faostat_trade_matrix
from tests.servers.wire import Reply, Wire

TARIFF = b"""<m:StructureSpecificData xmlns:m="m"><m:DataSet><Series DATATYPE="Reported" PRODUCTCODE="080131" PARTNER="000" REPORTER="404">
<Obs TIME_PERIOD="2021" OBS_VALUE="10" TARIFFTYPE="MFN" OBS_VALUE_MEASURE="SimpleAverage"/>
</Series></m:DataSet></m:StructureSpecificData>"""
JSON = {"Content-Type": "application/json"}
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


def fda_pages() -> list[bytes]:
    """An answer of 5,001 made-up lines: 5,000 on the first page."""
    row = {
        "CountryCode": "NA",
        "ProductCode": "16AAA01",
        "ProductCodeDescription": "FISH",
        "RefusalDate": "2026-03-12",
        "RefusalCharges": "9",
    }
    rows = [{**row, "ShipmentID": n} for n in range(5_001)]
    head = {"statuscode": 400, "message": "Success", "totalrecordcount": len(rows)}
    return [json.dumps({**head, "result": part}).encode() for part in (rows[:5_000], rows[5_000:])]


def trade_matrix() -> bytes:
    """The bulk archive with one made-up row."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as z:
        row = "107,'384,Ivory Coast,150,'528,Netherlands,661,'01640,Cocoa beans,5910,Export quantity,2021,2021,t,300.5,A"
        z.writestr(faostat_trade_matrix.ARCHIVE.replace(".zip", ".csv"), ",".join(faostat_trade_matrix.NORMALIZED) + f"\r\n{row}\r\n")
    return buffer.getvalue()


def reporters() -> bytes:
    """The shortest list of reporters that may be fetched."""
    row = {"reporterDesc": "Land", "reporterNote": "Land", "reporterCodeIsoAlpha2": "NA", "reporterCodeIsoAlpha3": "NAM", "isGroup": False}
    days = {"entryEffectiveDate": "1900-01-01T00:00:00", "entryExpiredDate": None}
    return json.dumps({"results": [row | days | {"reporterCode": n} for n in range(150)]}).encode()


def eping_pages() -> list[bytes]:
    """101 made-up notifications: 100 on the first page."""
    row = {"area": "TBT", "documentSymbol": "G/TBT/N/UGA/1", "distributionDate": "2026-01-26T00:00:00", "notifyingMember": "Uganda"}
    rows = [{**row, "id": n} for n in range(101)]
    return [json.dumps({"items": part}).encode() for part in (rows[:100], rows[100:])]


def pci_answer() -> bytes:
    """The body is gzip, not its encoding."""
    index = "Productive_Capacities_Index"
    head = f"Year,Economy_Code,Economy_Label,Category_Code,Category_Label,{index},{index}_Missing_value"
    return gzip.compress(f'{head}\n2022,"516",Namibia,0,Overall index,33.5,\n'.encode(), mtime=0)


def published(source: str, sample: Path) -> tuple[dict[str, str], str, list[bytes]]:
    """(arguments of the fetch, path below the base URL, answers in order) with the sample's own bytes."""
    if source == "baci":
        return {}, "/BACI_HS96_V202501.zip", [(sample / "BACI_HS96_V202501.zip").read_bytes()]
    if source == "wdi":
        pages = [(sample / f"wdi_NV.IND.MANF.ZS_page{n}.json").read_bytes() for n in (1, 2, 3)]
        return {"indicators": "NV.IND.MANF.ZS"}, "/country/all/indicator/NV.IND.MANF.ZS", pages
    if source == "faostat_forestry":
        name = "Forestry_E_All_Data_(Normalized).zip"
        return {}, f"/{name}", [(sample / name).read_bytes()]
    if source == "fda":
        return {"from": "2026-01-01", "to": "2026-03-31"}, "/import_refusals", fda_pages()
    if source == "faostat_crops":
        name = "Production_Crops_Livestock_E_All_Data_(Normalized).zip"
        return {}, f"/{name}", [(sample / name).read_bytes()]
    if source == "faostat_trade_matrix":
        return {}, f"/{faostat_trade_matrix.ARCHIVE}", [trade_matrix()]
    if source == "comtrade_references":
        return {"lists": "Reporters"}, "/files/v1/app/reference/Reporters.json", [reporters()]
    if source == "eping":
        return {"from": "2026-01-01", "to": "2026-01-31"}, "/notifications/search", eping_pages()
    if source == "wits_tariffs":
        path = "/SDMX/V21/datasource/TRN/reporter/404/partner/000/product/all/year/2021/datatype/reported"
        return {"reporters": "404", "years": "2021"}, path, [TARIFF]
    if source == "unctadstat":
        args = {"report": "US.PCI", "measures": "M9:Productive_Capacities_Index", "years": "2022"}
        return args, "/US.PCI/cur/Facts", [pci_answer()]
    if source == "oecd_tiva":
        return {}, TIVA, [(sample / "OECD.STI.PIE,DSD_TIVA_MAINSH@DF_MAINSH,1.1.csv").read_bytes()]
    return {}, "/notification/search/consolidated/", rasff_pages()


@pytest.mark.parametrize("source", sorted(n for n, spec in all_sources().items() if spec.plan and n not in ("comtrade", "wto_timeseries")))
def test_fetched_equals_dropped_and_counts_once(source, sample_folder, tmp_path, monkeypatch):
    args, path, bodies = published(source, sample_folder)
    spec = all_sources()[source]
    fetched, dropped = Home(tmp_path / "fetched", "main"), Home(tmp_path / "dropped", "main")
    for variable in filter(None, (spec.key_env, *spec.more_keys.values())):
        monkeypatch.setenv(variable, f"not-a-real-key-{variable}")
    headers = JSON if bodies[0][:1] in (b"{", b"[") else {}
    with Wire() as wire:
        prefix = "/v2" if source == "wdi" and spec.base_url.endswith("/v2") else ""
        monkeypatch.setenv(f"ACPGVC_{source.upper()}_BASE_URL", wire.url + prefix)
        monkeypatch.setenv(f"ACPGVC_{source.upper()}_MIN_INTERVAL_S", "0")
        failures = [Reply(status=503, headers={"Retry-After": "0"})]  # the answer must come through a retry unharmed
        wire.on(prefix + path, *failures, *(Reply(body=b, headers=headers) for b in bodies))
        report = fetch(fetched, spec, args)
        seen, sent = [s.path for s in wire.log if s.path == prefix + path], [s.secrets for s in wire.log]
        forms = [s.body for s in wire.log if s.headers.get("Content-Type") == "application/x-www-form-urlencoded"]
    assert [f.status for f in report.files] == ["accepted"] * len(bodies), (seen, report.files)
    assert bool(forms) == (source == "unctadstat") and all(b"%24select=Year" in f and b"compress=gz" in f for f in forms)
    assert len(seen) == len(bodies) + len(failures)
    assert all(len(keys) == bool(spec.key_env) + len(spec.more_keys) for keys in sent)

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
        assert "not-a-real-key" not in file.read_text(), file
