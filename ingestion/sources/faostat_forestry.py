"""FAOSTAT, forestry production and trade: cubic metres of logs, sawnwood, veneer and panels by country and year since 1961."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import polars as pl

from ingestion import content
from ingestion.errors import BadFile
from ingestion.spec import Budget, Parsed, Recognition, Request, SourceSpec
from ingestion.tabular import BAD_SCHEMA, Cell, CsvRows, file_name, parsed, typed
from ingestion.text_stream import AGAIN, BLOCK_BYTES, open_text

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

MEMBER = re.compile(r"(?:.*/)?Forestry_E_All_Data_\(Normalized\)\.csv")
ARCHIVE = "Forestry_E_All_Data_(Normalized).zip"
NORMALIZED = [
    "Area Code", "Area Code (M49)", "Area", "Item Code", "Item Code (CPC)", "Item", "Element Code", "Element", "Year Code", "Year", "Unit",
    "Value", "Flag", "Note",
]  # fmt: skip
FORESTRY_ITEM = re.compile(r"16\d\d|18[67]\d")  # FAO's numbers of wood and paper products; crops and animals share the columns
TIDY = ["area_code", "area", "item_code", "item", "year", "unit", "exports", "imports", "production"]
TIDY_ELEMENTS = {"exports": "export quantity", "imports": "import quantity", "production": "production"}

CELLS = {
    "area_code": Cell("Area Code", pl.String, "an area number of FAO"),
    "area": Cell("Area", pl.String, "an area name", required=False),
    "item_code": Cell("Item Code", pl.String, "an item number of FAO"),
    "item": Cell("Item", pl.String, "an item name", required=False),
    "element": Cell("Element", pl.String, "an element", expr=lambda text: text.str.to_lowercase()),
    "year": Cell("Year", pl.Int16, "a year"),
    "unit": Cell("Unit", pl.String, "a unit"),
    "quantity": Cell("Value", pl.Float64, "a number", required=False),
    "flag": Cell("Flag", pl.String, "a flag of FAO", required=False),
}
DTYPES: dict[str, Any] = {target: cell.dtype for target, cell in CELLS.items()}


def recognise(s: Sniff) -> Recognition | None:
    """By the member of the archive (also of a cut one); bare, by FAO's columns and the items below them; or by the nine tidy columns."""
    detail = {"name": s.name}
    if any(MEMBER.fullmatch(m) for m in content.members(s)):
        return Recognition("bulk_zip", detail=detail)
    header = content.header(s)
    if content.looks_like(header, NORMALIZED, 9) and "Item Code" in header:
        first = content.text(s).partition("\n")[2].partition("\n")[0].split(",")
        item = first[header.index("Item Code")].strip('"') if len(first) > header.index("Item Code") else ""
        return Recognition("bulk_csv", detail=detail) if FORESTRY_ITEM.fullmatch(item) else None
    if content.looks_like(header, TIDY, 7) and "area_code" in header:
        return Recognition("tidy_wide", detail=detail)
    return None


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row a number: area, item, element and year. In the wide table `rows_read` counts the cells that hold a number.

    Raises:
        BadFile: damaged archive, wrong members, undecodable text, or a missing column.
    """
    name = file_name(path, recognition)
    if recognition.layout == "tidy_wide":
        return _tidy(path, name)
    if recognition.layout == "bulk_csv":
        with _opened(path) as look:
            is_utf8 = _is_utf8(look)
        with _opened(path) as plain:
            return _normalized(path, name, _as_utf8(plain, name, is_utf8=is_utf8))
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.namelist() if MEMBER.fullmatch(m)]
            if len(members) != 1:
                raise BadFile(name, "one member Forestry_E_All_Data_(Normalized).csv", ", ".join(members) or "none", AGAIN)
            with archive.open(members[0]) as look:
                is_utf8 = _is_utf8(look)
            with archive.open(members[0]) as member:
                inside = f"{name}:{members[0]}"
                return _normalized(path, inside, _as_utf8(member, inside, is_utf8=is_utf8))
    except zipfile.BadZipFile as e:
        raise BadFile(name, "a complete zip archive", f"a damaged one ({e})", AGAIN) from e


def _normalized(path: Path, name: str, text: IO[bytes]) -> Parsed:
    with open_text(path, name, text) as stream:
        rows = CsvRows(stream, name, CELLS)
        frames = list(rows)
    return parsed(frames, rows.faults, rows.rows_read, DTYPES)


def _tidy(path: Path, name: str) -> Parsed:
    cells = {c: Cell(c, pl.String, "text", required=c not in ("area", "item", *TIDY_ELEMENTS)) for c in TIDY}
    with open_text(path, name) as stream:
        rows = CsvRows(stream, name, cells)
        blocks = list(rows)
    wide = pl.concat(blocks) if blocks else pl.DataFrame(schema={**dict.fromkeys(cells, pl.String), "_row": pl.Int64})
    lines = pl.concat(rows.faults) if rows.faults else pl.DataFrame(schema=BAD_SCHEMA)
    broken = lines["_row"].n_unique()  # their numbers come first, so that numbers of lines and of cells never meet
    long = (
        wide.unpivot(list(TIDY_ELEMENTS), index=["_row", *TIDY[:6]], variable_name="cell", value_name="Value")
        .filter(pl.col("Value") != "")
        .sort("_row", "cell")
        .with_columns(Element=pl.col("cell").replace_strict(TIDY_ELEMENTS), Flag=pl.lit(""))
        .with_columns(_row=pl.int_range(broken + 1, broken + 1 + pl.len(), dtype=pl.Int64))
        .rename({"area_code": "Area Code", "area": "Area", "item_code": "Item Code", "item": "Item", "year": "Year", "unit": "Unit"})
        .with_columns(pl.col("Area", "Item").fill_null(""))
    )
    good, bad = typed(long, CELLS)
    place = pl.concat_str("cell", pl.lit(" of area "), "Area Code", pl.lit(", item "), "Item Code", pl.lit(", "), "Year")
    bad = bad.drop("column").join(long.select("_row", place.alias("column")), on="_row").select(list(BAD_SCHEMA))
    lines = lines.with_columns(pl.col("_row").rank("dense").cast(pl.Int64))
    return parsed([good], [lines, bad], long.height + broken, DTYPES)


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as f:
        is_gzip = f.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path)) if is_gzip else path.open("rb")


def _is_utf8(stream: IO[bytes]) -> bool:
    """A damaged stream counts as UTF-8: the reader that follows names the place."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(BLOCK_BYTES):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except (EOFError, OSError, zlib.error):
        return True
    return True


def _as_utf8(raw: IO[bytes], name: str, *, is_utf8: bool) -> IO[bytes]:
    """FAO's older files are in cp1252, and nothing in them says so."""
    return raw if is_utf8 else cast("IO[bytes]", _Cp1252(raw, name))


class _Cp1252(io.RawIOBase):
    """Bytes in cp1252, passed on as UTF-8."""

    def __init__(self, raw: IO[bytes], name: str) -> None:
        self._raw, self._name = raw, name

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._raw.read(size if size < 0 else max(1, size // 3))  # no character of cp1252 is longer than three bytes in UTF-8
        try:
            return chunk.decode("cp1252").encode()
        except UnicodeDecodeError as e:
            found = f"byte 0x{chunk[e.start]:02x}, which is in neither"
            raise BadFile(self._name, "text in UTF-8 or cp1252", found, AGAIN) from e


PLAN_HELP = "acpgvc fetch faostat_forestry; one archive, always the whole data set"


def plan(args: Mapping[str, str]) -> Iterable[Request]:
    """The one archive. It is overwritten in place under the same name."""
    content.need(args, (), (), PLAN_HELP)
    yield Request(f"{content.base_url('faostat_forestry', SOURCE.base_url)}/{ARCHIVE}", note=ARCHIVE)


def schema() -> DataFrameSchema:
    from ingestion.schemas.faostat_forestry import schema as build

    return build()


SOURCE = SourceSpec(
    name="faostat_forestry",
    table="raw_faostat_forestry__data",
    title="FAOSTAT, forestry production and trade",
    publisher="Food and Agriculture Organization of the United Nations",
    homepage="https://www.fao.org/faostat/en/#data/FO",
    citation="FAO, FAOSTAT: Forestry production and trade",
    licence="CC BY 4.0 (FAOSTAT)",
    may_redistribute=True,
    kind="trade",
    cadence="yearly, in December; files are overwritten under the same name",
    hosts=("bulks-faostat.fao.org",),
    yearly=False,
    key=("area_code", "item_code", "element", "unit", "year"),
    partition=("item_code",),
    layouts={
        "bulk_zip": f"{ARCHIVE}: Area Code, Area, Item Code, Item, Element, Year, Unit, Value, Flag; UTF-8 or cp1252",
        "bulk_csv": "the member of that archive alone",
        "tidy_wide": "area_code,area,item_code,item,year,unit,exports,imports,production: the same numbers put into columns by others",
    },
    recognise=recognise,
    parse=parse,
    schema=schema,
    plan=plan,
    budget=Budget(min_interval_s=1.0, read_timeout_s=300.0, total_timeout_s=3600.0),
    base_url="https://bulks-faostat.fao.org/production",
    plan_help=PLAN_HELP,
)
