from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources import journal_follow
from desktop_app.extensions.logs.sources.journal_follow import JournalFollow
from tests.extensions.logs.listening import eventually

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is no journal")

# Stands in for journalctl: says what it was asked, then entries; then it waits to be ended, or ends.
PROGRAM = """#!{python}
import json, sys, time
for n in range({number}):
    told = {{"__CURSOR": f"c{{n}}", "MESSAGE": " ".join(sys.argv[1:]), "__REALTIME_TIMESTAMP": "1"}}
    print(json.dumps(told), flush=True)
if {stays}:
    time.sleep(60)
"""


@pytest.fixture
def journalctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path / "journalctl"


def write(program: Path, number: int, *, stays: bool) -> None:
    program.write_text(PROGRAM.format(python=sys.executable, number=number, stays=stays), encoding="utf-8")
    program.chmod(0o700)


def test_entries_come_with_the_cursor_behind_them(journalctl: Path) -> None:
    write(journalctl, 3, stays=True)
    feed = JournalFollow({})
    feed.start()
    eventually(lambda: feed.waiting() == 3)
    first, rest = feed.take(2), feed.take(10)
    feed.stop()
    assert first is not None
    assert rest is not None
    assert [json.loads(one)["__CURSOR"] for one in (*first.raw, *rest.raw)] == ["c0", "c1", "c2"]
    assert (first.cursor, rest.cursor) == ({"cursor": "c1"}, {"cursor": "c2"})
    assert json.loads(first.raw[0])["MESSAGE"].endswith("--lines=0")
    assert feed.problem is None


def test_it_goes_on_behind_the_cursor(journalctl: Path) -> None:
    write(journalctl, 1, stays=True)
    feed = JournalFollow({"cursor": "c7"})
    feed.start()
    portion = eventually(lambda: feed.take(10))
    feed.stop()
    assert json.loads(portion.raw[0])["MESSAGE"].endswith("--after-cursor=c7")


def test_a_journal_that_ends_is_told(journalctl: Path) -> None:
    write(journalctl, 0, stays=False)
    feed = JournalFollow({})
    feed.start()
    assert "has ended" in str(eventually(lambda: feed.problem))
    feed.stop()


def test_a_system_without_journal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceUnreadable, match="no systemd journal"):
        JournalFollow({}).start()


def test_journalctl_waits_while_nobody_takes_anything(journalctl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_follow, "MOST_WAITING", 5)
    write(journalctl, 40, stays=True)
    feed = JournalFollow({})
    feed.start()
    found: list[str] = []

    def taken() -> bool:
        assert feed.waiting() <= 5
        portion = feed.take(100)
        found.extend(portion.raw if portion is not None else ())
        return len(found) == 40

    eventually(taken)
    feed.stop()
