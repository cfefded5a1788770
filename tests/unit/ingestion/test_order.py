"""One integer a row sorts and repeats as the columns do that it stands for."""

from __future__ import annotations

import polars as pl
import pytest

from ingestion import order

CODES = pl.DataFrame(
    {
        "code": pl.Series(["9", None, "10", "NA", "9", "10", "", "9"]).cast(pl.Categorical()),
        "year": pl.Series([2020, -5, None, 7, 7, -5, 0, 2020], dtype=pl.Int16),
        "flag": [True, None, False, True, True, False, True, True],
        "text": list("hgfedcba"),
    }
)


@pytest.mark.parametrize("columns", [["code", "year", "flag"], ["year", "flag", "code"], ["flag"], []])
def test_packed_integers_sort_as_their_columns(columns: list[str]) -> None:
    key, used = order.packed(CODES, columns)
    assert used == columns
    texts = CODES.with_columns(pl.col("code").cast(pl.String)).with_columns(key.alias("key"))
    groups = texts.sort(columns).select(columns).unique(maintain_order=True) if columns else texts.select([])
    assert texts.sort("key").select(columns).unique(maintain_order=True).equals(groups)
    assert key.n_unique() == max(groups.height, 1)


def test_a_column_that_does_not_pack_decides_where_the_others_repeat() -> None:
    columns = ["code", "year", "text"]
    assert order.packed(CODES, columns)[1] == ["code", "year"]
    in_order = CODES[order.sort_places(CODES, columns)].with_columns(pl.col("code").cast(pl.String))
    assert in_order.equals(CODES.with_columns(pl.col("code").cast(pl.String)).sort(columns))


def test_what_does_not_fit_is_left_to_the_comparison_of_columns() -> None:
    wide = pl.DataFrame({"a": [0, 2**40, 0], "b": [2**40, 1, 0]})
    assert order.packed(wide, ["a", "b"])[1] == ["a"]
    assert order.sort_places(wide, ["a", "b"]).to_list() == [2, 0, 1]


def test_an_enumeration_holds_the_texts_that_occur_in_order() -> None:
    codes = CODES["code"]
    named = order.as_enum(codes)
    assert named.dtype == pl.Enum(["", "10", "9", "NA"]) and named.cast(pl.String).equals(codes.cast(pl.String))
    fewer = order.as_enum(named.filter(named != "9"))
    assert fewer.dtype == pl.Enum(["", "10", "NA"]) and order.text_ranks(fewer)[1].tolist() == [1, 2, 1, 0]
    assert order.as_enum(named) is named
    assert order.as_enum(pl.Series(["b", "a"]).cast(pl.Enum(["b", "a"]))).dtype == pl.Enum(["a", "b"])


def test_enumerations_of_other_texts_are_compared_as_texts() -> None:
    frame = pl.DataFrame([order.as_enum(pl.Series("a", ["4", "8", "12"])), order.as_enum(pl.Series("b", ["8", "8", "4"]))])
    assert order.with_common_enum(frame, ["a", "b"]).select(pl.col("a") == pl.col("b"))["a"].to_list() == [False, True, False]


@pytest.mark.parametrize("factor", [1, 2**57])
def test_repeats_are_seen_whether_or_not_the_row_number_fits_beside_the_key(factor: int) -> None:
    numbers = pl.DataFrame({"a": [5, 3, 5, 0]}).with_columns(pl.col("a") * factor)
    assert order.ordered(numbers, ["a"]).has_repeats and not order.ordered(numbers[1:], ["a"]).has_repeats
    assert order.ordered(numbers[1:], ["a"]).places.to_list() == [2, 0, 1]


def test_ranks_of_no_rows_and_of_nulls_only() -> None:
    assert order.text_ranks(pl.Series([], dtype=pl.String))[0] == []
    texts, ranks = order.text_ranks(pl.Series([None, None], dtype=pl.String))
    assert (texts, ranks.tolist()) == ([], [0, 0])
