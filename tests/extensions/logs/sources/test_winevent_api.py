"""The calls of Windows' event log API, against a stand-in for its library."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources.winevent_api import WindowsLog


class Call:
    """A function of a library: its types can be told, and it notes what it was asked."""

    restype: Any = None
    argtypes: Any = None

    def __init__(self, does: Any) -> None:
        self._does = does

    def __call__(self, *given: Any) -> Any:
        return self._does(*given)


class Library:
    """Answers as wevtapi.dll is described to."""

    def __init__(self, events: list[str]) -> None:
        self.events = events
        self.asked: list[tuple[Any, ...]] = []
        self.open: set[int] = set()
        self._at = 0
        self.EvtQuery, self.EvtNext = Call(self._query), Call(self._next)
        self.EvtRender, self.EvtClose = Call(self._render), Call(self._close)

    def _query(self, _session: None, channel: str, query: str, flags: int) -> int | None:
        self.asked.append((channel, query, flags))
        if channel == "Refused":
            return None
        self._at = 0
        self.open.add(1000)
        return 1000

    def _next(self, _result: int, most: int, handles: Any, _timeout: int, _flags: int, number: Any) -> int:
        some = range(self._at, min(self._at + most, len(self.events)))
        for place, one in enumerate(some):
            handles[place] = one + 1
            self.open.add(one + 1)
        number._obj.value = len(some)
        self._at += len(some)
        return int(len(some) > 0)

    def _render(self, _none: None, event: int, kind: int, size: int, buffer: Any, used: Any, _count: Any) -> int:
        assert kind == 1
        data = (self.events[event - 1] + "\0").encode("utf-16-le")
        used._obj.value = len(data)
        if len(data) > size:
            return 0
        ctypes.memmove(buffer, data, len(data))
        return 1

    def _close(self, handle: int) -> int:
        self.open.remove(handle)
        return 1


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library(["<Event>1</Event>", "<Event>größer 登录</Event>", f"<Event>{'x' * 100_000}</Event>"])
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: made)
    return made


def test_events_behind_a_record_are_asked_for_and_come_as_xml(library: Library) -> None:
    assert WindowsLog().after("Security", 41, 10) == library.events
    assert library.asked == [("Security", "*[System[EventRecordID > 41]]", 0x101)]
    assert not library.open


def test_no_more_come_than_were_asked_for(library: Library) -> None:
    assert WindowsLog().after("Security", 0, 2) == library.events[:2]
    library.events *= 100
    assert len(WindowsLog().after("Security", 0, 250) or ()) == 250
    assert not library.open


def test_the_newest_event_is_asked_for_backwards(library: Library) -> None:
    assert WindowsLog().newest("System") == library.events[0]
    assert library.asked == [("System", "*", 0x201)]
    library.events.clear()
    assert WindowsLog().newest("System") == ""


def test_a_channel_that_windows_refuses_gives_nothing(library: Library) -> None:
    assert WindowsLog().newest("Refused") is None
    assert WindowsLog().after("Refused", 1, 1) is None
    assert not library.open


def test_another_system_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    with pytest.raises(SourceUnreadable, match="no Windows event log"):
        WindowsLog()
