"""CEPII BACI: reconciled bilateral trade by HS6 and year, from the official archive or as a bare extract (parse-only)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, Revisions, SourceSpec, Watch
from ingestion.tabular import Cell, CsvRows, file_name, in_row_order, joined, stacked
from ingestion.text_stream import AGAIN, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

COLUMNS = ["t", "i", "j", "k", "v", "q"]
MEMBER = re.compile(r"(?:.*/)?BACI_(?P<hs>HS\d{2})_Y(?P<year>\d{4})_(?P<version>V\w+)\.csv")
CODE_LIST = re.compile(r"(?:.*/)?(country_codes|product_codes)_\w+\.csv")
# A year is whole when it holds (nearly) the whole product list and most exporters; an HS edition has about 5,000 codes.
WHOLE_LIST_CODES = 4000
WHOLE_LIST_EXPORTERS = 100

# Shapes in which others pass BACI on: distinctive columns -> why not.
CONVERTED = (
    ({"exporter_iso3c", "importer_iso3c", "hs6", "total_v"}, "standardised by someone: ISO3 in place of BACI codes, rows dropped"),
    ({"exporter_code", "importer_code", "item_code", "tonnes"}, "converted by someone: FAO area codes, US dollars, quantities filled"),
    ({"iso3_o", "iso3_d", "section_code", "value_kd"}, "aggregated by someone to HS sections and averaged over years"),
    ({"t", "i", "j", "ztf1", "ztf2"}, "list of true zeros, without flows"),
    ({"country_code", "country_name_full", "iso_3digit_alpha"}, "code list without flows"),
    ({"country_code", "country_name", "country_iso3"}, "code list without flows"),
)

CELLS = {
    "year": Cell("t", pl.Int16, "a year"),
    "exporter_code": Cell("i", pl.Categorical(), "a country number"),
    "importer_code": Cell("j", pl.Categorical(), "a country number"),
    "hs6": Cell("k", pl.Categorical(), "six digits", expr=lambda text: text.str.zfill(6)),
    "value_kusd": Cell("v", pl.Float64, "thousand US dollars"),
    "quantity_t": Cell(
        "q", pl.Float64, "tonnes or NA", required=False, expr=lambda text: pl.when(text == "NA").then(pl.lit("0")).otherwise(text)
    ),
}
READ = {**{target: cell.dtype for target, cell in CELLS.items()}, "_row": pl.Int64}
DTYPES = {
    **{target: cell.dtype for target, cell in CELLS.items()},
    "value_kusd": pl.Decimal(18, 3), "hs_revision": pl.Categorical(), "baci_version": pl.Categorical(), "is_complete": pl.Boolean,
}  # fmt: skip


def recognise(s: Sniff) -> Recognition | None:
    """By the members of the archive (also of a cut one) or by the six one-letter columns."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("zip", detail=detail)
    header = [h.strip() for h in content.header(s)]
    if len(header) == len(COLUMNS) and content.looks_like(header, COLUMNS, 5):
        return Recognition("csv_extract", detail=detail)
    if len(header) == 1:
        header = [h.strip('"') for h in header[0].split(";")]
    for columns, why in CONVERTED:
        if columns <= set(header):
            return Recognition("csv_extract", why, detail=detail)
    if [h.strip('"') for h in header] == ["code", "description"] and re.match(r'"?\d{5,6}"?[,;]', content.text(s).partition("\n")[2]):
        return Recognition("csv_extract", "code list without flows", detail=detail)
    if content.text(s).startswith("Name of the dataset : BACI"):
        return Recognition("csv_extract", "read-me of the archive, without flows", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """All years of the archive at once (small archives only), or the rows of an extract."""
    return joined(pieces(path, recognition), DTYPES)


def pieces(path: Path, recognition: Recognition) -> Iterator[Parsed]:
    """One Parsed a year of the archive, or the extract. Quantity 0 or `NA` means missing and becomes null."""
    name = file_name(path, recognition)
    yield from parse_members(path, name) if recognition.layout == "zip" else (_extract(path, name),)


def _extract(path: Path, name: str) -> Parsed:
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, CELLS)
        frame = _finish(stacked(rows, READ), "", "", whole=False)
    return Parsed(frame, in_row_order(rows.faults), rows.rows_read)


def parse_members(path: Path, name: str) -> Iterator[Parsed]:
    """One Parsed a year: a full archive has 200 million rows.

    `_row` runs on over the members in the order of their names.

    Raises:
        BadFile: the archive is damaged, has no yearly member, or mixes versions or HS editions.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = sorted((m for m in map(MEMBER.fullmatch, archive.namelist()) if m), key=lambda m: m["year"])
            lists = {m[1] for m in map(CODE_LIST.fullmatch, archive.namelist()) if m}
            kinds = {(m["hs"], m["version"]) for m in found}
            if len(kinds) != 1:
                expected = "members BACI_HSxx_Yyyyy_Vvvvvv.csv of one HS edition and one version"
                raise BadFile(
                    name,
                    expected,
                    ", ".join(f"{h} {v}" for h, v in sorted(kinds)) or "none",
                    "download the archive again; do not mix archives",
                )
            rows_before = 0
            for m in found:
                part = _member(archive, m, f"{name}:{m[0]}", rows_before, has_lists=lists == {"country_codes", "product_codes"})
                rows_before += part.rows_read
                yield part
    except zipfile.BadZipFile as e:
        raise BadFile(
            name, "a complete zip archive", f"a damaged one ({e})", "download it again and compare its size with Content-Length"
        ) from e


def _member(archive: zipfile.ZipFile, m: re.Match[str], name: str, rows_before: int, *, has_lists: bool) -> Parsed:
    with archive.open(m[0]) as member, open_text(Path(name), name, member) as stream:
        rows = CsvRows(stream, name, CELLS, rows_before=rows_before)
        frame = stacked(rows, READ)
    year = int(m["year"])
    strange = frame.filter(pl.col("year") != year).head(1)
    if strange.height:
        row = strange.row(0, named=True)
        raise BadFile(name, f"year {year} as the member's name says", str(row["year"]), AGAIN, row["_row"] - rows_before, "t")
    codes, exporters = (frame[c].n_unique() for c in ("hs6", "exporter_code"))
    whole = has_lists and codes >= WHOLE_LIST_CODES and exporters >= WHOLE_LIST_EXPORTERS
    return Parsed(_finish(frame, m["hs"], m["version"], whole=whole), in_row_order(rows.faults), rows.rows_read, m["version"])


def _finish(good: pl.DataFrame, hs_revision: str, version: str, *, whole: bool) -> pl.DataFrame:
    """The lake's columns. Quantity 0 means that there is none."""
    quantity = pl.col("quantity_t")
    return good.select(
        "year",
        "exporter_code",
        "importer_code",
        "hs6",
        pl.col("value_kusd").round(3).cast(pl.Decimal(18, 3)),
        pl.when(quantity != 0).then(quantity),
        pl.lit(hs_revision, dtype=pl.Enum([hs_revision])).alias("hs_revision"),
        pl.lit(version, dtype=pl.Enum([version])).alias("baci_version"),
        pl.lit(whole).alias("is_complete"),
        "_row",
    )


PLAN_HELP = "acpgvc fetch baci [hs=HS96] [version=V202501]; one archive of about 2 GB, resumed when cut"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The archive of one HS edition and version. Versions are never mixed, so both are pinned."""
    content.need(args, ("hs", "version"), (), PLAN_HELP)
    archive = f"BACI_{args.get('hs', 'HS96')}_{args.get('version', 'V202501')}.zip"
    yield Request(f"{content.base_url('baci', SOURCE.base_url)}/{archive}", note=archive)


def schema() -> DataFrameSchema:
    from ingestion.schemas.baci import schema as build

    return build()


SOURCE = SourceSpec(
    name="baci",
    table="raw_baci__flows",
    title="BACI, reconciled bilateral trade by HS6",
    publisher="CEPII",
    homepage="https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37",
    citation="Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. CEPII Working Paper 2010-23",
    licence="Etalab 2.0 open licence; cite Gaulier and Zignago (2010)",
    may_redistribute=True,
    kind="trade",
    cadence="yearly, in January or February, sometimes months later",
    watch=Watch(425, "0 5 20 2-6 *", {"version": "V{now:%Y}01"}, awaited="version"),
    hosts=("www.cepii.fr",),
    yearly=True,
    key=("year", "exporter_code", "importer_code", "hs6"),
    partition=("hs_revision", "baci_version", "year"),
    revisions=Revisions(("value_kusd",), by=("exporter_code", "hs6")),
    layouts={
        "zip": "official archive: one BACI_HSxx_Yyyyy_Vvvvvv.csv a year, country_codes, product_codes",
        "csv_extract": "bare rows t,i,j,k,v,q: parse-only, never complete",
    },
    recognise=recognise,
    parse=parse,
    pieces=pieces,
    schema=schema,
    plan=plan,
    budget=Budget(min_interval_s=1.0, read_timeout_s=900.0, total_timeout_s=6 * 3600.0),
    wire_fields=dict.fromkeys(("zip", "csv_extract"), ("t", "i", "j", "k", "v", "q")),
    base_url="https://www.cepii.fr/DATA_DOWNLOAD/baci/data",
    plan_help=PLAN_HELP,
)
