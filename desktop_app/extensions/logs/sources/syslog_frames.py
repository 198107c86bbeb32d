"""Where a syslog message ends in a stream of bytes: a line feed, or a count of bytes in front (RFC 6587, RFC 5425).

Which of the two a sender uses is told by the first bytes of its connection: ``57 <34>1 …`` counts, ``<34>…`` does not.
"""

from __future__ import annotations

import re

MESSAGE_BYTES = 65_536  # of one message; RFC 5424 asks for 2,048, Windows forwarders send more
LONGEST_COUNT = 8  # digits
_COUNTED = re.compile(rb"[1-9][0-9]{0,7} <")
_PERHAPS_COUNTED = re.compile(rb"(?:[1-9][0-9]{0,7} ?)?")


class Frames:
    """Cuts what one connection sends into messages.

    ``cut`` counts messages of which only the beginning was kept; ``broken``: a count that is none, nothing after it can
    be understood. ``pending`` is how many bytes wait for the rest of their message.
    """

    def __init__(self, limit: int = MESSAGE_BYTES) -> None:
        self._limit = limit
        self._counted: bool | None = None
        self._held = bytearray()
        self._skip = 0  # bytes of a counted message beyond the limit
        self._skipping = False  # to the end of a line beyond the limit
        self.cut = 0
        self.broken = False

    @property
    def pending(self) -> int:
        """How many bytes wait for the rest of their message."""
        return len(self._held) + self._skip + self._skipping

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that end in what came now, without blank ones."""
        if self._counted is None:
            self._held += data
            if not self._decide():
                return []
            data = b""
        return self._by_count(data) if self._counted else self._by_line(data)

    def end(self) -> list[bytes]:
        """Return the last message of a connection that has ended: a line needs no end there."""
        rest, self._held = bytes(self._held), bytearray()
        return _kept([] if self._counted or self._skipping else [rest])

    def _decide(self) -> bool:
        held = bytes(self._held[: LONGEST_COUNT + 2])
        if len(held) < LONGEST_COUNT + 2 and _PERHAPS_COUNTED.fullmatch(held):
            return False  # not enough of it yet
        self._counted = _COUNTED.match(held) is not None
        return True

    def _by_line(self, data: bytes) -> list[bytes]:
        if b"\n" not in data and b"\n" not in self._held:
            return self._grow(data)
        lines = (bytes(self._held) + data).split(b"\n")
        self._held = bytearray()
        if self._skipping:
            lines, self._skipping = lines[1:], False
        rest = lines.pop()
        self.cut += sum(len(one) > self._limit for one in lines)
        return _kept([one[: self._limit] for one in lines]) + self._grow(rest)

    def _grow(self, data: bytes) -> list[bytes]:
        """Keep the beginning of a line; one beyond the limit is a message now, and the rest of it is passed over."""
        if self._skipping:
            return []
        self._held += data
        if len(self._held) <= self._limit:
            return []
        found, self._held = bytes(self._held[: self._limit]), bytearray()
        self._skipping = True
        self.cut += 1
        return _kept([found])

    def _by_count(self, data: bytes) -> list[bytes]:
        if self._skip:
            gone = min(self._skip, len(data))
            self._skip -= gone
            data = data[gone:]
        self._held += data
        found: list[bytes] = []
        at = 0
        while not self.broken and at < len(self._held):
            after = self._one(at, found)
            if after == at:
                break
            at = after
        del self._held[:at]
        return _kept(found)

    def _one(self, at: int, found: list[bytes]) -> int:
        """Take one counted message; return where the next one begins, the same place where it is not whole yet."""
        held = self._held
        space = held.find(b" ", at, at + LONGEST_COUNT + 1)
        if space < 0:
            self.broken = len(held) - at > LONGEST_COUNT
            return at
        digits = bytes(held[at:space])
        if not digits.isdigit():
            self.broken = True
            return at
        size, start = int(digits), space + 1
        wanted = min(size, self._limit)
        if len(held) - start < wanted:
            return at
        found.append(bytes(held[start : start + wanted]))
        if size > wanted:
            self.cut += 1
            end = min(start + size, len(held))
            self._skip = start + size - end
            return end
        return start + size


def _kept(messages: list[bytes]) -> list[bytes]:
    """Leave out what ends a message besides its frame, and blank ones."""
    return [one for message in messages if (one := message.rstrip(b"\r\n\0"))]
