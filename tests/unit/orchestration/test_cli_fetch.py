"""`acpgvc fetch --plan` and `--observe` at the terminal: what is printed, and the exit code."""

from __future__ import annotations

import gzip

import pytest

from ingestion.settings import Home
from orchestration import cli
from tests.servers.comtrade import KEY, Comtrade
from tests.servers.publishers import worlds
from tests.servers.wire import Reply, Seen, Wire

ASKED = ("fetch", "comtrade", "reporters=404,288", "years=2010-2011")


def acpgvc(*arguments: str) -> int:
    """Exit code of a command."""
    with pytest.raises(SystemExit) as e:
        cli.main(arguments)
    return int(e.value.code or 0)


def test_plan_and_observe(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    with Wire(Comtrade(["404", "288"], (2010, 2011))) as wire:
        monkeypatch.setenv("ACPGVC_COMTRADE_BASE_URL", wire.url)
        monkeypatch.setenv("ACPGVC_COMTRADE_MIN_INTERVAL_S", "0")
        assert acpgvc(*ASKED, "--plan") == 0
        said = capsys.readouterr().out
        assert "comtrade: 2 calls to make in 1 tasks, at most" in said
        assert "480 calls a day, 479 left now: 1 day(s)" in said
        assert "2 reporters x 2 periods x 5113 products = 20,452 calls, 43 day(s)" in said
        assert "1 call where that makes 10,226" in said
        assert "1. Comtrade A 2010-2011, 2 reporters, AG6: 2 calls" in said
        assert acpgvc(*ASKED, "--observe") == 0
        said = capsys.readouterr().out
        assert "as declared" in said and "Nothing was landed or published." in said
        wire.on("/data/v1/get/C/A/HS", Reply(b'{"elapsedTime":"","count":1,"data":[{"reporter":4}],"error":""}'))
        assert acpgvc(*ASKED, "--observe") == 1
        shown = "".join(capsys.readouterr())
        assert "new: reporter" in shown and KEY not in shown
    assert not home.landing.exists()


def test_a_plan_of_whole_files_names_no_naive_one(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with Wire() as wire:
        for source, why in (("baci", "the publisher gives whole files"), ("rasff", "all pages of one answer are read")):
            monkeypatch.setenv(f"ACPGVC_{source.upper()}_BASE_URL", wire.url)
            assert acpgvc("fetch", source, "--plan") == 0
            assert f"no naive plan: {why}, whatever is asked" in capsys.readouterr().out


def test_observing_an_answer_whose_names_the_asker_gives(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing else than was asked for is no difference; a column under another name, or one that nobody asked for, is."""
    world = worlds()["unctadstat"]
    for variable, value in world.env.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("ACPGVC_UNCTADSTAT_MIN_INTERVAL_S", "0")
    asked = ("fetch", "unctadstat", *(f"{k}={v}" for k, v in world.args.items()), "--observe")

    def renamed(seen: Seen, honest: Reply) -> Reply:
        if not world.is_data(seen):
            return honest
        text = gzip.decompress(honest.body).replace(b",Category_Label", b",Category_Name").replace(b"\n", b",x\n")
        return Reply(gzip.compress(text.replace(b",x\n", b",Note\n", 1)), headers=honest.headers)

    with Wire(world.publisher) as wire:
        monkeypatch.setenv("ACPGVC_UNCTADSTAT_BASE_URL", wire.url)
        assert acpgvc(*asked) == 0
        said = capsys.readouterr().out
        assert "api_csv, 3 rows, kept as " in said and "as declared" in said
        assert len(list((Home.of("main").folder / "observed" / "unctadstat").glob("*.body"))) == 1
        wire.spoil = renamed
        assert acpgvc(*asked) == 1
        said = capsys.readouterr().out
        assert "new: Category_Name, Note" in said and "missing: Category_Label" in said
    assert not Home.of("main").landing.exists()
