"""All sources, found by their module: adding a file in `ingestion/sources/` is all it takes."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from ingestion import sources
from ingestion.spec import SourceSpec


@cache
def all_sources() -> dict[str, SourceSpec]:
    """Source name -> declaration, sorted by name.

    Raises:
        TypeError: a module in `ingestion/sources/` declares no SOURCE or one of another name.
    """
    found: dict[str, SourceSpec] = {}
    for module in sorted(m.name for m in pkgutil.iter_modules(sources.__path__)):
        spec = getattr(importlib.import_module(f"ingestion.sources.{module}"), "SOURCE", None)
        if not isinstance(spec, SourceSpec) or spec.name != module or not spec.table.startswith(f"raw_{module}__"):
            raise TypeError(f"ingestion/sources/{module}.py must declare SOURCE = SourceSpec(name={module!r}, table='raw_{module}__…')")
        found[module] = spec
    return found
