"""EMERGING: modelled tables of 245 economies, MATLAB 7.3 (HDF5). Read when folded to fewer sectors; the full table is refused.

Names in the file (public programs agree on them): `z` deliveries, `f` final demand, `va`, `X` output, and as cells of text
`country_list`, `sector_list`, `final_list`; at the top or in one struct. HDF5 holds MATLAB's arrays transposed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingestion.errors import BadFile
from ingestion.icio_tables import KEY, PARTITION, REVISIONS, Table, same_labels, to_parsed
from ingestion.spec import Parsed, Recognition, SourceSpec
from ingestion.tabular import file_name
from ingestion.text_stream import AGAIN

if TYPE_CHECKING:
    from pandera.polars import DataFrameSchema

    from ingestion.sniff import Sniff

NUMBERS = ("z", "f", "va", "X")
LISTS = ("country_list", "sector_list", "final_list")
MATLAB = b"MATLAB 7.3 MAT-file"
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
# 245 economies with 24 sectors: 280 MB of cells. The full table (134 sectors) has 8.6 GB and does not fit a machine of 4 GB.
MAX_INDUSTRIES = 6_000
FOLD = "add up its sectors to at most 24 (rows and columns of z, rows of f and X, columns of va), keep the names, drop that file"


def recognise(s: Sniff) -> Recognition | None:
    """By the names in the file. No other source ships MATLAB 7.3.

    Raises:
        BadFile: a MATLAB 7.3 file that cannot be opened.
    """
    with s.path.open("rb") as f:
        is_matlab = f.read(len(MATLAB)) == MATLAB
    if not is_matlab:
        return None
    import h5py

    detail = {"name": s.name}
    try:
        with h5py.File(s.path) as file:
            found = _struct(file)
            if len({*NUMBERS, *LISTS} & set(found)) < len(NUMBERS) or "z" not in found:
                return None
            n = max(found["z"].shape)
    except OSError as e:
        raise BadFile(s.name, "a complete MATLAB 7.3 file", f"a damaged one ({e})", AGAIN) from e
    if n > MAX_INDUSTRIES:
        return Recognition("matlab", f"the full table, {n} x {n} cells ({n * n * 8 / 1e9:.1f} GB): {FOLD}", detail=detail)
    return Recognition("matlab", detail=detail)


def parse(path: Path, recognition: Recognition) -> Parsed:
    """One row an industry of an economy. Rows add up to `X`; columns need not, taxes and margins are not in the file.

    Raises:
        BadFile: an array or list is missing or of another size, no year in the name, a cell is missing, a sum misses the output.
    """
    import h5py

    name = file_name(path, recognition)
    try:
        with h5py.File(path) as file:
            found = _struct(file)
            if missing := [n for n in (*NUMBERS, *LISTS) if n not in found]:
                raise BadFile(name, f"the names {', '.join((*NUMBERS, *LISTS))}", ", ".join(sorted(found)), AGAIN, column=missing[0])
            countries, sectors, items = (_texts(file, found[n]) for n in LISTS)
            z, f, va, output = (found[n][()] for n in NUMBERS)
    except OSError as e:
        raise BadFile(name, "a complete MATLAB 7.3 file", f"a damaged one ({e})", AGAIN) from e
    industries = [(c, s) for c in countries for s in sectors]
    final = [(c, i) for c in countries for i in items]
    same_labels(name, industries, [*industries, *final])
    table = Table(
        edition="EMERGING",
        year=_year(name),
        industries=industries,
        intermediate=z.T,
        final=f.T,
        final_columns=[":".join(c) for c in final],
        output=_vector(name, "X", output, len(industries)),
        value_added=_vector(name, "va", va, len(industries)),
        columns_add_up=False,
    )
    return to_parsed(table, name)


def _struct(file: Any) -> Mapping[str, Any]:
    """The level that holds the arrays: the file, or the one struct in it."""
    names = [n for n in file if n != "#refs#"]
    return file[names[0]] if len(names) == 1 and hasattr(file[names[0]], "keys") else {n: file[n] for n in names}


def _texts(file: Any, cells: Any) -> list[str]:
    """A cell array of text: references to arrays of UTF-16 characters."""
    return ["".join(map(chr, file[ref][()].ravel())).strip("\0 ") for ref in cells[()].ravel()]


def _vector(name: str, what: str, values: np.ndarray, n: int) -> np.ndarray:
    if values.size != n:
        raise BadFile(name, f"{n} numbers, one an industry", f"an array of {values.shape}", AGAIN, column=what)
    return values.ravel().astype(np.float64)


def _year(name: str) -> int:
    years = set(YEAR.findall(re.split(r"[/:]", name)[-1]))
    if len(years) != 1:
        found = f"{name} ({len(years)} years)"
        raise BadFile(name, "one year in the name of the file, as in EMERGING_V2_2019.mat", found, "give the file its publisher's name")
    return int(years.pop())


def schema() -> DataFrameSchema:
    from ingestion.schemas.emerging import schema as build

    return build()


SOURCE = SourceSpec(
    name="emerging",
    table="raw_emerging__tables",
    title="EMERGING, multi-regional input-output tables for emerging economies",
    publisher="CEADs, Tsinghua University and partners",
    homepage="https://zenodo.org/records/10956623",
    citation="Huo, J., Chen, P., Hubacek, K., Zheng, H., Meng, J. and Guan, D. (2022), Full-scale, near real-time multi-regional "
    "input-output table for the global emerging economies (EMERGING), Journal of Industrial Ecology 26, 1218-1232",
    licence="not stated in a form that allows passing tables on",
    may_redistribute=False,
    kind="value_added",
    cadence="irregular, years from 2015 on",
    hosts=(),
    yearly=True,
    key=KEY,
    partition=PARTITION,
    revisions=REVISIONS,
    layouts={"matlab": "MATLAB 7.3 with z, f, va, X, country_list, sector_list, final_list, at most 6,000 industries"},
    recognise=recognise,
    parse=parse,
    schema=schema,
)
