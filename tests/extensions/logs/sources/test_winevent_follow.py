"""Following the Windows event log, against a stand-in for Windows' calls."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources import winevent_follow
from desktop_app.extensions.logs.sources.hosts.winxml import WINDOWS_XML
from desktop_app.extensions.logs.sources.winevent_follow import WinEventFollow


def xml(channel: str, number: int) -> str:
    return (
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/>"
        f"<EventID>7</EventID><TimeCreated SystemTime='2026-01-02T03:04:05.000Z'/><EventRecordID>{number}"
        f"</EventRecordID><Channel>{channel}</Channel><Computer>PC</Computer></System></Event>"
    )


class Log:
    """Channels as lists of record numbers; a channel that is not there is refused."""

    def __init__(self, **channels: list[int]) -> None:
        self.channels = channels

    def newest(self, channel: str) -> str | None:
        numbers = self.channels.get(channel)
        return None if numbers is None else "".join(xml(channel, number) for number in numbers[-1:])

    def after(self, channel: str, record: int, most: int) -> list[str] | None:
        numbers = self.channels.get(channel)
        if numbers is None:
            return None
        return [xml(channel, number) for number in itertools.islice((n for n in numbers if n > record), most)]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winevent_follow, "POLL_SECONDS", 0.0)


def followed(log: Log, cursor: dict[str, object] | None = None) -> WinEventFollow:
    feed = WinEventFollow(cursor or {}, lambda: log)
    feed.start()
    return feed


def test_what_is_written_from_now_on_comes_with_the_cursor_behind_it() -> None:
    log = Log(Security=[1, 2], System=[])
    feed = followed(log)
    assert feed.take(10) is None
    log.channels["Security"] += [3, 4, 5]
    log.channels["System"] += [1]
    first, second, third = feed.take(2), feed.take(10), feed.take(10)
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.raw == [xml("Security", 3), xml("Security", 4)]
    assert (second.raw, second.cursor) == ([xml("Security", 5)], {"records": {"Security": 5, "System": 0}})
    assert (third.key, third.cursor) == (("live:winevent:System", "System"), {"records": {"Security": 5, "System": 1}})
    assert feed.take(10) is None
    assert [list(one.losses) for one in (first, second, third)] == [[], [], []]


def test_it_goes_on_behind_the_cursor_and_tells_what_was_overwritten_meanwhile() -> None:
    feed = followed(Log(Security=[8, 9]), {"records": {"Security": 4}})
    portion = feed.take(10)
    assert portion is not None
    assert portion.raw == [xml("Security", 8), xml("Security", 9)]
    assert [(one.number, one.reason) for one in portion.losses] == [(3, "rotated")]


def test_a_channel_that_was_cleared_and_counts_anew_is_read_from_its_beginning() -> None:
    portion = followed(Log(Security=[1, 2]), {"records": {"Security": 900}}).take(10)
    assert portion is not None
    assert len(portion.raw) == 2
    assert portion.losses == []


def test_channels_that_are_refused_are_left_out_and_none_at_all_is_told() -> None:
    assert followed(Log(System=[1])).take(10) is None
    with pytest.raises(SourceUnreadable, match="No channel"):
        followed(Log())


def test_a_stopped_source_gives_nothing() -> None:
    log = Log(Security=[])
    feed = followed(log)
    log.channels["Security"] += [1]
    feed.stop()
    assert (feed.take(10), feed.waiting()) == (None, 0)


def test_what_it_gives_is_read_as_windows_events() -> None:
    log = Log(Security=[])
    feed = followed(log)
    log.channels["Security"] += [1]
    portion = feed.take(10)
    assert portion is not None
    assert portion.format == WINDOWS_XML.id
    (batch,) = WINDOWS_XML.normalize(RecordBatch(list(portion.raw), np.array([1]), 0), Reading("x"))
    assert (batch.log_source.name, batch.fields["EventRecordID"][0]) == ("windows-any-security", "1")
