"""Eora26: one archive a year with its labels; a toy of two economies with two sectors and the rest of the world, in thousand dollars."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from source_files import check, read, recognise, refuses, zipped

from ingestion.errors import BadFile

T = [[1000, 0, 2000, 0, 10], [500, 1500, 0, 0, 0], [0, 0, 3000, 250, 5], [1, 2, 3, 4, 5], [7, 0, 0, 0, 9]]
FD = [[100, -50, 0, 0, 1, 0], [10, 0, 20, 0, 0, 0], [0, 0, 400, 0, 0, 0], [0, 5, 5, 0, 0, 0], [0, 0, 0, 0, 100, 0]]
VA = [[600, 700, 800, 900, 20], [60, 70, -80, 90, 2]]
MEMBERS = {
    "Eora26_2017_bp_T.txt": T,
    "Eora26_2017_bp_FD.txt": FD,
    "Eora26_2017_bp_VA.txt": VA,
    "Eora26_2017_bp_Q.txt": [[1, 2, 3, 4, 5]],
}
SECTORS = ["Agriculture", "Food & Beverages"]
LABELS_T = [("Ghana", "GHA", s) for s in SECTORS] + [("Sudan", "SUD", s) for s in SECTORS] + [("ROW", "ROW", "TOTAL")]
LABELS_FD = [(n, c, f) for n, c in (("Ghana", "GHA"), ("Sudan", "SUD"), ("ROW", "ROW")) for f in ("Household P.3h", "Inventories P.52")]


def archive(path: Path, **changed: str | None) -> Path:
    """`changed` replaces a member (dots and slashes as `_`) or leaves it out."""
    bodies = {name: "\n".join("\t".join(map(str, row)) for row in rows) + "\n" for name, rows in MEMBERS.items()}
    for name, labels, kind in (("T", LABELS_T, "Industries"), ("FD", LABELS_FD, "Final demand")):
        bodies[f"indices/labels_{name}.txt"] = "".join(f"{n}\t{c}\t{kind}\t{s}\t\n" for n, c, s in labels)
    for name in list(bodies):
        if (key := name.replace(".", "_").replace("/", "_")) in changed:
            body = changed[key]
            if body is None:
                del bodies[name]
            else:
                bodies[name] = body
    return zipped(path, bodies)


def test_rows_in_million_dollars(tmp_path: Path) -> None:
    got = check("eora26", archive(tmp_path / "a")).good
    assert got.row(1) == (
        "Eora26", 2017, "GHA", "Food & Beverages", 2, [0.5, 1.5, 0, 0, 0], [0.01, 0, 0.02, 0, 0, 0],
        [f"{c}:{f}" for _, c, f in LABELS_FD], None, 0.77, None, 2,
    )  # fmt: skip
    assert np.allclose(got["intermediate_musd"].to_list(), np.array(T) / 1000)
    assert got["value_added_musd"].to_list() == pytest.approx([0.66, 0.77, 0.72, 0.99, 0.022])
    assert got["country"].to_list() == ["GHA", "GHA", "SUD", "SUD", "ROW"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"indices_labels_T_txt": None}, r"a member labels_T.txt, found none. Remedy: put the publisher's"),
        ({"Eora26_2017_bp_VA_txt": None}, r"a member Eora26_2017_bp_VA.txt"),
        ({"Eora26_2017_bp_T_txt": "1\t2\t3\n"}, r"a:Eora26_2017_bp_T.txt.*expected 5 cells in every row"),
        ({"Eora26_2017_bp_T_txt": "1\t2\t3\t4\t5\n"}, r"expected 5 rows of 5 cells, found an array of \(1, 5\)"),
        ({"Eora26_2017_bp_T_txt": ("1\t2\t3\t4\t\n") * 5}, r"row 1, column ROW:TOTAL: expected a number in every cell, found 5 missing"),
        ({"Eora26_2017_bp_FD_txt": ("1\t2\tx\t4\t5\t6\n") * 5}, r"column number 3: expected a number .*'x'"),
        ({"indices_labels_T_txt": "Ghana GHA Industries Agriculture\n"}, r"row 1: expected 4 cells: name, code"),
        ({"indices_labels_T_txt": "Ghana\tGHA\tIndustries\tAgriculture\n" * 5}, r"GHA:Agriculture again"),
    ],
)
def test_damage(tmp_path: Path, changed: dict[str, str | None], message: str) -> None:
    with pytest.raises(BadFile, match=message):
        read("eora26", archive(tmp_path / "a", **changed))


def test_cut_archive(tmp_path: Path) -> None:
    whole = archive(tmp_path / "a").read_bytes()
    (cut := tmp_path / "b").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadFile, match="complete zip archive"):
        read("eora26", cut)


def test_other_prices_and_other_years(tmp_path: Path) -> None:
    found = recognise("eora26", zipped(tmp_path / "a", {"Eora26_2017_pp_T.txt": "1\n"}))
    assert found and "purchasers' prices" in str(found.refused)
    with pytest.raises(BadFile, match="one year in an archive, found 2016, 2017"):
        read("eora26", zipped(tmp_path / "b", {"Eora26_2016_bp_T.txt": "1\n", "Eora26_2017_bp_T.txt": "1\n"}))
    assert recognise("eora26", zipped(tmp_path / "c", {"T.txt": "1\n"})) is None


@pytest.mark.parametrize(("column", "value"), [("edition", "Eora"), ("country", "Ghana"), ("year", 1900)])
def test_schema_refuses(tmp_path: Path, column: str, value: object) -> None:
    assert refuses("eora26", read("eora26", archive(tmp_path / "a")), column, value)
