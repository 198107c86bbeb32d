"""From bytes to text: which encoding, and where lines end.

Everything stays in the bytes of the input until a whole batch of lines is cut, so that offsets are exact and memory
stays flat: a line longer than LINE_BYTES is cut there, whatever its length.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from desktop_app.core.errors import SourceUnreadable
from desktop_app.core.spans import PAD
from desktop_app.core.text import ntext, text
from desktop_app.extensions.logs.model import BATCH_ROWS, SAMPLE_BYTES, Reading, RecordBatch, Sample
from desktop_app.extensions.logs.sources.guard import broken_off
from desktop_app.extensions.logs.sources.spanning import cut_padded, records

LINE_BYTES = 1 << 20
BLOCK_BYTES = 16 << 20  # raw text of a batch; its decoded form may take twice that
CHUNK_BYTES = 1 << 17  # below LINE_BYTES, so that a line within one chunk never needs cutting

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = {"utf-16-le": "<u2", "utf-16-be": ">u2", "utf-32-le": "<u4", "utf-32-be": ">u4"}
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b\b")) + b"\x7f"
_HIGH_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
# What logs are written in, as ranges of UTF-16: white space, Latin to Cyrillic, punctuation, Chinese, Japanese, Korean.
_WRITTEN = (
    *((0x09, 0x0D), (0x20, 0x7E), (0xA0, 0x52F), (0x2000, 0x22FF)),
    *((0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFE30, 0xFFEF)),
)
_BINARY_SHARE = 0.03  # a compressed or compiled file has over 10 %; a log with blocks of NUL from a power cut less


def take_sample(name: str, stream: BinaryIO) -> Sample:
    """Read the beginning of a stream and decode it. The stream is left behind it.

    Where the stream breaks off, what stood before is the sample. SourceUnreadable where that is nothing.
    """
    head = b""
    try:
        while len(head) < SAMPLE_BYTES and (more := stream.read(SAMPLE_BYTES - len(head))):
            head += more
    except SourceUnreadable:
        if not head:
            raise
    return sample(name, head)


def sample(name: str, head: bytes) -> Sample:
    """Decode the beginning of an input; ``text`` is None where it is binary."""
    encoding = detect(head)
    if encoding is None:
        return Sample(name, head)
    decoded = head.decode(encoding, "replace").removeprefix("\ufeff")
    lines = [line.rstrip("\r") for line in decoded.split("\n")]
    if len(lines) > 1 and (len(head) >= SAMPLE_BYTES or not lines[-1]):
        lines.pop()  # empty, or cut in the middle
    return Sample(name, head, decoded, lines, encoding)


def detect(head: bytes) -> str | None:
    """Name the encoding by its mark, else by what the bytes look like; None for binary."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if (wide := _wide(head)) is not None:
        return wide
    if len(head.translate(None, _CONTROL)) < len(head) * (1 - _BINARY_SHARE):
        return None
    return _narrow(head)


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: read that way, nearly all of it is letters, digits and signs that people write."""
    if 0 not in head:
        return None
    for name in ("utf-16-le", "utf-16-be"):
        units = np.frombuffer(head[: len(head) // 2 * 2], _WIDE[name])
        written = sum(np.count_nonzero((units >= low) & (units <= high)) for low, high in _WRITTEN)
        if len(units) > 3 and written >= len(units) * 0.97 and np.count_nonzero((units == 10) | (units == 32)):
            return name
    return None


def _narrow(head: bytes) -> str:
    """UTF-8, GB18030 or Latin-1, by how many lines of those beyond ASCII each can read."""
    if _reads(head, "utf-8"):
        return "utf-8"
    lines = [line for line in head.splitlines()[:-1] or [head] if not line.isascii()]
    readable = sum(_reads(line, "utf-8") for line in lines)
    if readable * 2 > len(lines):
        return "utf-8"
    return "gb18030" if _looks_chinese(head) else "latin-1"


def _reads(data: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(data, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(data: bytes) -> bool:
    """GB18030 accepts nearly any bytes: it is believed where most pairs lie in the part that GB 2312 fills."""
    if not _reads(data, "gb18030"):
        return False
    pairs = _HIGH_PAIR.findall(data)
    common = sum(0xA1 <= lead <= 0xF7 and trail >= 0xA1 for lead, trail in pairs)
    return bool(pairs) and common * 10 >= len(pairs) * 8


@dataclass(slots=True)
class _Block:
    """Lines in the bytes of the input, with PAD behind them.

    ``offset`` counts what was consumed, ``cut`` the lines cut short; ``ended`` unless the input ends within a line.
    """

    padded: bytes
    offset: int
    cut: int = 0
    ended: bool = True

    @property
    def data(self) -> bytes:
        """The lines alone, as a copy."""
        return self.padded[: -len(PAD)]


class _Blocks:
    """Cuts a stream into blocks of whole lines, at most BATCH_ROWS lines and BLOCK_BYTES each."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._dtype = _WIDE.get(encoding)
        self._width = int(self._dtype[-1]) if self._dtype else 1
        self._newline = "\n".encode(encoding)
        self._parts: list[bytes] = []
        self._size = self._lines = self._cut = self._offset = 0
        self._open = b""  # the line that has not ended yet, cut at LINE_BYTES
        self._open_size = 0

    def __iter__(self) -> Iterator[_Block]:
        """Yield the blocks. Whatever the stream raises comes after the lines that were whole before it."""
        try:
            while chunk := self._chunk():
                yield from self._take(chunk)
        except (SourceUnreadable, OSError, EOFError):
            yield from self._rest()
            raise
        yield from self._rest()

    def _chunk(self) -> bytes:
        chunk = self._stream.read(CHUNK_BYTES)
        while len(chunk) % self._width and (more := self._stream.read(self._width - len(chunk) % self._width)):
            chunk += more
        return chunk

    def _take(self, chunk: bytes) -> Iterator[_Block]:
        first, last, count = self._ends(chunk)
        if not count:
            self._grow(chunk)
            return
        if self._parts and (self._lines + count > BATCH_ROWS or self._size >= BLOCK_BYTES):
            yield self._flush()
        self._grow(chunk[:first])
        self._close(chunk[first:last])
        self._lines += count
        self._grow(chunk[last:])

    def _ends(self, chunk: bytes) -> tuple[int, int, int]:
        """Return where the first line ends, where the last one ends, and how many end."""
        if self._dtype is None:
            number = int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == ord("\n")))  # ten times as fast as count
            return chunk.find(b"\n") + 1, chunk.rfind(b"\n") + 1, number
        usable = len(chunk) // self._width * self._width
        at = np.flatnonzero(np.frombuffer(chunk[:usable], self._dtype) == 10)
        if not len(at):
            return 0, 0, 0
        return (int(at[0]) + 1) * self._width, (int(at[-1]) + 1) * self._width, len(at)

    def _grow(self, piece: bytes) -> None:
        self._open_size += len(piece)
        if room := LINE_BYTES - len(self._open):
            self._open += piece[:room]

    def _close(self, whole: bytes) -> None:
        """End the open line, then keep the whole lines that follow it in the same chunk."""
        if self._open_size > LINE_BYTES:
            self._cut += 1
            self._open = self._open[: -len(self._newline)] + self._newline
        self._parts += (self._open, whole)
        self._size += len(self._open) + len(whole)
        self._offset += self._open_size + len(whole)
        self._open, self._open_size = b"", 0

    def _flush(self) -> _Block:
        block = _Block(b"".join((*self._parts, PAD)), self._offset, self._cut)
        self._parts, self._size, self._lines, self._cut = [], 0, 0, 0
        return block

    def _rest(self) -> Iterator[_Block]:
        """The last line stands alone where nothing ends it: it may go on when the file has grown."""
        if self._parts:
            yield self._flush()
        if self._open:
            self._close(b"")
            block = self._flush()
            block.ended = False
            yield block


@dataclass(frozen=True, slots=True)
class Portion:
    """Some lines of a stream: the records they are, and the numbers of the first line and of the one that follows.

    ``ended`` unless the stream ends within the last line.
    """

    records: RecordBatch
    first: int
    after: int
    ended: bool
    _block: _Block
    _newline: bytes

    def start_of(self, line: int) -> int | None:
        """Return where in the stream a line of this portion begins; None where a line was cut, so nobody knows."""
        if self._block.cut:
            return None
        data, at = self._block.data, len(self._block.data)
        for _ in range(self.after - line + 1):
            at = _newline_before(data, at, self._newline)
        begins = at + len(self._newline) if at >= 0 else 0
        return self._block.offset - len(data) + begins


def _newline_before(data: bytes, end: int, newline: bytes) -> int:
    at = data.rfind(newline, 0, max(end, 0))
    while at >= 0 and at % len(newline):  # half of one sign and half of the next
        at = data.rfind(newline, 0, at + len(newline) - 1)
    return at


def read_lines(stream: BinaryIO, reading: Reading, *, spans: bool = False) -> Iterator[RecordBatch]:
    """Cut a stream into its lines; blank ones are left out but counted in the ordinals.

    With ``spans`` the lines of a clean block of UTF-8 stay bytes (``core.spans``). Where the input breaks off, what
    stood before is yielded, then SourceUnreadable says why.
    """
    for portion in read_portions(stream, reading, spans=spans):
        if len(portion.records):
            yield portion.records
        if portion.ended:
            reading.settle(portion.records.offset, portion.after - 1)


def read_portions(stream: BinaryIO, reading: Reading, *, spans: bool = False) -> Iterator[Portion]:
    """Do as ``read_lines`` does, but leave it to the caller to settle the reading."""
    ordinal = reading.first_ordinal
    newline = "\n".encode(reading.encoding)
    try:
        for block in _Blocks(stream, reading.encoding):
            batch, after = _lines(block, ordinal, reading, spans=spans)
            yield Portion(batch, ordinal, after, block.ended, block, newline)
            ordinal = after
    except SourceUnreadable as broken:
        reading.error = broken
    except (OSError, EOFError) as broken:
        reading.error = broken_off(reading.name, broken)
    if reading.error is not None:
        raise reading.error
    if ordinal == reading.first_ordinal == 1:
        reading.note(text("The file is empty."))


def _lines(block: _Block, ordinal: int, reading: Reading, *, spans: bool) -> tuple[RecordBatch, int]:
    if spans and not block.cut and (found := cut_padded(block.padded, reading.encoding)) is not None:
        numbers = np.arange(ordinal, ordinal + len(found), dtype=np.int64)
        kept = found.length > 0
        if kept.all():
            return RecordBatch(records(found), numbers, block.offset), ordinal + len(found)
        left = records(found.take(np.flatnonzero(kept)))
        return RecordBatch(left, numbers[kept], block.offset), ordinal + len(found)
    lines = _split(block.data, reading)
    numbers = np.arange(ordinal, ordinal + len(lines), dtype=np.int64)
    if "" in lines:
        kept = np.fromiter(map(bool, lines), bool, len(lines))
        lines = [line for line in lines if line]
        kept_numbers = numbers[kept]
    else:
        kept_numbers = numbers
    if block.cut:
        reading.note(
            ntext(
                "%(num)s line is longer than 1 MB and was cut there.",
                "%(num)s lines are longer than 1 MB and were cut there.",
                num=block.cut,
            )
        )
    return RecordBatch(lines, kept_numbers, block.offset), ordinal + len(numbers)


def _split(data: bytes, reading: Reading) -> list[str]:
    """Decode and cut at line feeds only: text files of other programs break lines nowhere else."""
    decoded = _decode(data, reading)
    decoded = decoded.removeprefix("\ufeff")
    lines = decoded.split("\n")
    if not lines[-1]:
        lines.pop()
    if "\r" in decoded:
        lines = [line.rstrip("\r") for line in lines]
    if "\0" in decoded:
        lines = _without_nul(lines, reading)
    return lines


def _without_nul(lines: list[str], reading: Reading) -> list[str]:
    """A power cut leaves blocks of NUL in a log; they say nothing and many programs stop at them."""
    reading.note(
        ntext(
            "%(num)s line held NUL characters, which were left out.",
            "%(num)s lines held NUL characters, which were left out.",
            num=sum("\0" in line for line in lines),
        )
    )
    return [line.replace("\0", "").rstrip("\r") for line in lines]


def _decode(data: bytes, reading: Reading) -> str:
    try:
        return data.decode(reading.encoding)
    except UnicodeDecodeError:
        if reading.encoding in _WIDE:
            return data.decode(reading.encoding, "replace")
    return "\n".join(_decode_line(line, reading) for line in data.split(b"\n"))


def _decode_line(line: bytes, reading: Reading) -> str:
    """One line at a time, so that a stray byte costs only its own line the file's encoding."""
    try:
        return line.decode(reading.encoding)
    except UnicodeDecodeError:
        other, decoded = otherwise(line)
    reading.note(
        ntext(
            "%(num)s line is not in the encoding of the file and was read as %(encoding)s.",
            "%(num)s lines are not in the encoding of the file and were read as %(encoding)s.",
            num=1,
            encoding=other,
        )
    )
    return decoded


def otherwise(line: bytes) -> tuple[str, str]:
    """Return what a line that is no UTF-8 seems to be written in, and its text."""
    if _looks_chinese(line):
        try:
            return "gb18030", line.decode("gb18030")
        except UnicodeDecodeError:  # cut in the middle of a character
            pass
    return "latin-1", line.decode("latin-1")
