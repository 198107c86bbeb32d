"""The few calls of Windows' event log API that following a channel needs, by ``wevtapi.dll``.

Written after Microsoft's description ("Windows Event Log Functions"); never tried on a Windows machine. Reading asks
for no right beyond that of the account: a channel that it may not read is refused by Windows, and named.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.text import text

_CHANNEL_PATH, _FORWARD, _REVERSE = 0x1, 0x100, 0x200  # EVT_QUERY_FLAGS
_AS_XML = 1  # EvtRenderEventXml
_AT_ONCE = 100
_TIMEOUT = 2_000  # ms
_USUAL_SIZE = 1 << 16  # bytes
_LARGEST_SIZE = 1 << 24
_HANDLE = ctypes.c_void_p


class EventLog(Protocol):
    """What following needs of an event log. Channels that there are not, or that are refused, give None."""

    def newest(self, channel: str) -> str | None:
        """Return the newest event as XML, empty where the channel is."""

    def after(self, channel: str, record: int, most: int) -> list[str] | None:
        """Return at most so many events behind a record's number as XML, the oldest first."""


class WindowsLog:
    """The event log of this computer."""

    def __init__(self) -> None:
        """Find the library. SourceUnreadable where this is no Windows."""
        try:
            self._library: Any = ctypes.CDLL("wevtapi.dll")
        except OSError as missing:
            raise SourceUnreadable(
                text("This system has no Windows event log."), why=text("There is no library wevtapi.dll.")
            ) from missing
        self._library.EvtQuery.restype = _HANDLE
        self._library.EvtQuery.argtypes = (_HANDLE, ctypes.c_wchar_p, ctypes.c_wchar_p, ctypes.c_uint32)
        self._library.EvtNext.argtypes = (
            _HANDLE, ctypes.c_uint32, ctypes.POINTER(_HANDLE), ctypes.c_uint32, ctypes.c_uint32,
            ctypes.POINTER(ctypes.c_uint32),
        )  # fmt: skip
        self._library.EvtRender.argtypes = (
            _HANDLE, _HANDLE, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.POINTER(ctypes.c_uint32),
            ctypes.POINTER(ctypes.c_uint32),
        )  # fmt: skip
        self._library.EvtClose.argtypes = (_HANDLE,)

    def newest(self, channel: str) -> str | None:
        """Return the newest event as XML, empty where the channel is."""
        found = self._query(channel, "*", _REVERSE, 1)
        return None if found is None else "".join(found)

    def after(self, channel: str, record: int, most: int) -> list[str] | None:
        """Return at most so many events behind a record's number as XML, the oldest first."""
        return self._query(channel, f"*[System[EventRecordID > {int(record)}]]", _FORWARD, most)

    def _query(self, channel: str, query: str, direction: int, most: int) -> list[str] | None:
        with self._closing(self._library.EvtQuery(None, channel, query, _CHANNEL_PATH | direction)) as result:
            if not result:
                return None
            found: list[str] = []
            while len(found) < most and (some := self._next(result, min(most - len(found), _AT_ONCE))):
                found += some
            return found

    def _next(self, result: int, most: int) -> list[str]:
        handles, number = (_HANDLE * most)(), ctypes.c_uint32(0)
        if not self._library.EvtNext(result, most, handles, _TIMEOUT, 0, ctypes.byref(number)):
            return []
        found = []
        for handle in handles[: number.value]:
            with self._closing(handle):
                found.append(self._rendered(handle))
        return found

    def _rendered(self, event: int | None) -> str:
        size = _USUAL_SIZE
        used, count = ctypes.c_uint32(0), ctypes.c_uint32(0)
        while size <= _LARGEST_SIZE:
            buffer = ctypes.create_string_buffer(size)
            if self._library.EvtRender(None, event, _AS_XML, size, buffer, ctypes.byref(used), ctypes.byref(count)):
                return buffer.raw[: used.value].decode("utf-16-le", "replace").rstrip("\0")
            size = max(used.value, size * 2)
        return ""

    @contextmanager
    def _closing(self, handle: int | None) -> Iterator[int | None]:
        try:
            yield handle
        finally:
            if handle:
                self._library.EvtClose(handle)
