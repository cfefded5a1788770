"""Whose file is this? Content decides; when nobody claims it, say what it looks like most."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion import content
from ingestion.drop import Offer
from ingestion.errors import BadFile
from ingestion.sniff import Sniff
from ingestion.spec import Recognition, SourceSpec

R_DATA = (
    "R's own format (.rda, .rds, .RData): objects as somebody's program left them, with names and types of its choice, and read by R only. "
    "Remedy: take the publisher's file, docs/sources.md says where; what exists in R alone can be saved as CSV where a converted layout "
    "is declared"
)
NEAR = 0.34  # share of common words below which a resemblance is called weak


@dataclass(frozen=True)
class Claim:
    """Outcome for one file: a source with its recognition; or a source with `damage`; or nobody, with `why`.

    `is_refused`: nobody's, and told for what it is.
    """

    source: str | None = None
    recognition: Recognition | None = None
    damage: BadFile | None = None
    why: str = ""
    is_refused: bool = False


_claims: dict[tuple[object, ...], Claim] = {}  # every source asks about the same folder: look into each file once a process


def claim_of(offer: Offer, specs: Mapping[str, SourceSpec]) -> Claim:
    """`recognise`, remembered for the same bytes, names and sources."""
    key = (offer.sha256, offer.name, *((name, spec.recognise) for name, spec in specs.items()))
    if key not in _claims:
        _claims[key] = recognise(offer.path, offer.name, specs)
    return _claims[key]


def recognise(path: Path, name: str, specs: Mapping[str, SourceSpec]) -> Claim:
    """Ask every source. Sources know their own damaged archives by what is still readable of them."""
    sniff = Sniff(path, name)
    claims, damages = _ask(sniff, specs)
    if len(claims) > 1:
        return Claim(why=f"claimed by {' and '.join(sorted(claims))}: their recognise functions overlap; report this")
    if claims:
        source, recognition = next(iter(claims.items()))
        return Claim(source, recognition)
    if content.is_r_data(sniff):
        return Claim(why=R_DATA, is_refused=True)
    if not damages:
        return Claim(why=nearest(sniff, specs))
    if len(damages) == 1 and len(specs) > 1:  # one source looked deep enough to know that it is its own
        source, damage = next(iter(damages.items()))
        return Claim(source, damage=damage)
    return Claim(why=str(next(iter(damages.values()))))


def _ask(sniff: Sniff, specs: Mapping[str, SourceSpec]) -> tuple[dict[str, Recognition], dict[str, BadFile]]:
    claims: dict[str, Recognition] = {}
    damages: dict[str, BadFile] = {}
    for source, spec in specs.items():
        try:
            if recognition := spec.recognise(sniff):
                claims[source] = recognition
        except BadFile as e:
            damages[source] = e
    return claims, damages


def words(text: str) -> set[str]:
    """Lower-case words of a header or description."""
    return {w for w in re.split(r"[^0-9a-z_]+", text.lower()) if w}


def _described(sniff: Sniff) -> str:
    """What a person would say the file is."""
    start = sniff.head[:512]
    if b"\0" in start or start.startswith((b"BZh", b"\xfd7zXZ")):
        return f"a binary file inside {sniff.container}" if sniff.container == "gzip" else "a binary file"
    return f"a {sniff.container} file" + (f" that begins with {sniff.lines[0][:60]!r}" if sniff.lines else "")


def nearest(sniff: Sniff, specs: Mapping[str, SourceSpec]) -> str:
    """Say what the file is, which layout it resembles most, and what speaks against it."""
    try:
        archive = sniff.container in ("zip", "xlsx")
        header = words(" ".join(sniff.members) if archive else "".join(sniff.lines[:1])[:4096])
    except BadFile as e:
        return str(e)
    scored: list[tuple[float, int, str, str, set[str]]] = []
    for source, spec in specs.items():
        columns = {c.lower() for c in spec.schema().columns}
        for rank, (layout, line) in enumerate(spec.layouts.items()):
            known = words(line) | columns
            common = header & known
            share = len(common) / max(1, len(header))
            scored.append((share, -rank, source, layout, header - known))
    what = _described(sniff)
    if what.startswith("a binary"):
        return f"{what}; no source ships such files"
    share, _, source, layout, odd = max(scored, key=lambda s: s[:4], default=(0.0, 0, "", "", set()))
    if share == 0.0:
        return f"{what}; has nothing in common with a known layout"
    weak = "only " if share < NEAR else ""
    against = f"; not in it: {', '.join(sorted(odd)[:6])}" if odd else ""
    return f"{what}; nearest is {source} {layout} ({specs[source].layouts[layout]}), {weak}{share:.0%} of its words agree{against}"
