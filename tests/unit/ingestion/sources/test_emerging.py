"""EMERGING in MATLAB 7.3: a toy of two economies with two sectors, at the top of the file or in a struct."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import h5py
import numpy as np
import pytest
from source_files import check, read, recognise, refuses

from ingestion.errors import BadFile

USES = np.array([[10, 20, 5, 5], [10, 10, 0, 20], [5, 5, 40, 10], [0, 15, 20, 30]], dtype=float)
FINAL = np.array([[50, 10], [40, 20], [10, 130], [5, 130]], dtype=float)
OUTPUT = USES.sum(axis=1) + FINAL.sum(axis=1)
ARRAYS = {"z": USES, "f": FINAL, "va": np.array([[70.0, 45, 130, 120]]), "X": OUTPUT[:, None]}
TEXTS = {"country_list": ["GHA", "CHN"], "sector_list": ["1 Food", "2 Services"], "final_list": ["Household"]}


def matlab(path: Path, struct: str = "", arrays: Mapping[str, np.ndarray] = ARRAYS, texts: Mapping[str, list[str]] = TEXTS) -> Path:
    """MATLAB writes columns first: its arrays stand transposed in HDF5; a cell of text is a reference to its characters."""
    with h5py.File(path, "w", userblock_size=512) as file:
        target = file.create_group(struct) if struct else file
        for name, values in arrays.items():
            target[name] = values.T
        for name, cells in texts.items():
            refs = target.create_dataset(name, (1, len(cells)), dtype=h5py.ref_dtype)
            for i, cell in enumerate(cells):
                chars = file.create_dataset(f"#refs#/{name}{i}", data=np.array([[ord(c)] for c in cell], dtype=np.uint16))
                refs[0, i] = chars.ref
    with path.open("r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(124) + b"\x00\x02IM")
    return path


@pytest.mark.parametrize("struct", ["", "mrio"])
def test_rows(tmp_path: Path, struct: str) -> None:
    got = check("emerging", matlab(tmp_path / "EMERGING_V2_2019.mat", struct)).good
    assert got.row(1) == (
        "EMERGING", 2019, "GHA", "2 Services", 2, [10, 10, 0, 20], [40, 20], ["GHA:Household", "CHN:Household"], 100.0, 45.0, None, 2,
    )  # fmt: skip
    assert np.array_equal(got["intermediate_musd"].to_list(), USES)


def test_the_full_table_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "EMERGING_V2_2019.mat", "w", userblock_size=512) as file:
        file.create_dataset("z", (32_830, 32_830), chunks=(1000, 1000))
        for name in ("f", "va", "X", *TEXTS):
            file[name] = 0
    with (tmp_path / "EMERGING_V2_2019.mat").open("r+b") as f:
        f.write(b"MATLAB 7.3 MAT-file")
    found = recognise("emerging", tmp_path / "EMERGING_V2_2019.mat")
    assert found and "32830 x 32830 cells (8.6 GB): add up its sectors to at most 24" in str(found.refused)


@pytest.mark.parametrize(
    ("arrays", "texts", "message"),
    [
        ({"X": OUTPUT[:, None] * 2}, {}, r"row sum .* to be its output"),
        ({"z": USES.T}, {}, r"row sum .* to be its output"),
        ({"va": np.zeros((1, 3))}, {}, r"column va: expected 4 numbers, one an industry"),
        ({"f": FINAL[:3]}, {}, r"expected 4 rows of 2 cells, found an array of \(3, 2\)"),
        ({"z": np.where(USES == 20, np.nan, USES)}, {}, r"row 1, column GHA:2 Services: expected a number in every cell, found 3 missing"),
        ({}, {"country_list": ["GHA", "GHA"]}, r"GHA:1 Food again"),
    ],
)
def test_damage(tmp_path: Path, arrays: dict[str, np.ndarray], texts: dict[str, list[str]], message: str) -> None:
    path = matlab(tmp_path / "EMERGING_V2_2019.mat", arrays=ARRAYS | arrays, texts=TEXTS | texts)
    with pytest.raises(BadFile, match=message):
        read("emerging", path)


def test_labels_and_year_must_be_there(tmp_path: Path) -> None:
    bare = matlab(tmp_path / "EMERGING_V2_2019.mat", texts={})
    with pytest.raises(BadFile, match=r"column country_list: expected the names z, f, va, X"):
        read("emerging", bare)
    with pytest.raises(BadFile, match=r"one year in the name"):
        read("emerging", matlab(tmp_path / "a"))


def test_cut_file_and_other_matlab_files(tmp_path: Path) -> None:
    whole = matlab(tmp_path / "a").read_bytes()
    (tmp_path / "b").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadFile, match=r"complete MATLAB 7\.3 file"):
        recognise("emerging", tmp_path / "b")
    assert recognise("emerging", matlab(tmp_path / "c", arrays={"price": USES}, texts={})) is None


@pytest.mark.parametrize(("column", "value"), [("edition", "X"), ("country", "gh"), ("year", 1900)])
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    assert refuses("emerging", read("emerging", matlab(tmp_path / "global_mrio_2019.mat")), column, value)
