"""Columns of FAOSTAT's bulk files in the normalized form."""

NORMALIZED = [
    "Area Code", "Area Code (M49)", "Area", "Item Code", "Item Code (CPC)", "Item", "Element Code", "Element", "Year Code", "Year", "Unit",
    "Value", "Flag", "Note",
]  # fmt: skip
