"""What the engines leave out of a PDF, added behind its end as an incremental update (ISO 32000-1, 7.5.6).

Title, author and language; bookmarks, from the headings of the HTML that was printed; and letters as people type them:
a font that draws a letter and its radical with one glyph makes the engine name the radical (U+2FAF for U+9762), so that
nothing could be found or copied. Only files with a plain cross-reference table are changed (Chromium writes those); any
other stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

_TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_SIZE = re.compile(rb"/Size\s+(\d+)")
_ROOT = re.compile(rb"/Root\s+(\d+)\s+0\s+R")
_INFO = re.compile(rb"/Info\s+(\d+)\s+0\s+R")
_UNICODE = re.compile(rb"/ToUnicode\s+(\d+)\s+0\s+R")
_STREAM = re.compile(rb"stream\r?\n")
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_PAIR = re.compile(rb"(<[0-9A-Fa-f]+>\s*)<([0-9A-Fa-f]+)>")
RADICALS = range(0x2E80, 0x2FE0)
# No compatibility form is given for these by Unicode, but they are what the glyph is called.
OTHER_RADICALS = {0x2EA0: 0x6C11, 0x2ED1: 0x957F, 0x2EDA: 0x9875, 0x2EDD: 0x98DF, 0x2EC5: 0x89C1, 0x2ED3: 0x957F,
                  0x2ED4: 0x95E8, 0x2ECB: 0x8F66, 0x2EE2: 0x9A6C, 0x2EE5: 0x9C7C, 0x2EE6: 0x9E1F, 0x2ED8: 0x9752,
                  0x2EDB: 0x98CE, 0x2EDC: 0x98DE, 0x2EE9: 0x9EC4, 0x2EEC: 0x9F50, 0x2EEE: 0x9F7F, 0x2EF0: 0x9F99,
                  0x2EF3: 0x9F9F, 0x2EC9: 0x8D1D, 0x2EC6: 0x89D2}  # fmt: skip
LEVELS = ("h1", "h2", "h3")


@dataclass
class Heading:
    """A heading with the anchor that it stands under, and those below it."""

    words: str
    anchor: str
    below: list[Heading] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads title, author, language and headings of one of our own files."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.author, self.language = "", "", ""
        self.headings: list[tuple[int, Heading]] = []
        self._anchor = ""
        self._into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.language = (named.get("lang") or "") if tag == "html" else self.language
        if tag == "meta" and named.get("name") == "author":
            self.author = named.get("content") or ""
        if named.get("id"):
            self._anchor = str(named["id"])
        if tag in {"title", *LEVELS}:
            self._into = tag
            if tag in LEVELS:
                self.headings.append((LEVELS.index(tag), Heading("", self._anchor)))

    def handle_endtag(self, tag: str) -> None:
        self._into = "" if tag == self._into else self._into

    def handle_data(self, data: str) -> None:
        if self._into == "title":
            self.title += data
        elif self._into:
            self.headings[-1][1].words += data


def finish(source: Path, target: Path) -> None:
    """Add to a printed PDF what its HTML knows; a PDF of another build than expected stays as it is."""
    document = target.read_bytes()
    file = _File.read(document)
    if file is None:
        return
    reader = _Reader()
    reader.feed(source.read_text(encoding="utf-8"))
    reader.close()
    added = file.update(reader)
    if added:
        with target.open("ab") as end:
            end.write(added)


@dataclass
class _File:
    """A PDF with a plain cross-reference table: where its objects are, and what its trailer names."""

    document: bytes
    start: int
    size: int
    root: int
    info: int
    places: dict[int, int]

    @classmethod
    def read(cls, document: bytes) -> _File | None:
        tail = _TAIL.search(document[-1024:])
        if tail is None or document[int(tail[1]) : int(tail[1]) + 4] != b"xref":
            return None
        table, _, trailer = document[int(tail[1]) :].partition(b"trailer")
        if b"/Prev" in trailer:  # it was added to already
            return None
        size, root, info = (found.search(trailer) for found in (_SIZE, _ROOT, _INFO))
        if size is None or root is None or info is None:
            return None
        return cls(document, int(tail[1]), int(size[1]), int(root[1]), int(info[1]), _places(table))

    def body(self, number: int) -> bytes:
        """Return what stands between ``obj`` and ``endobj``."""
        begin = self.document.index(b"obj", self.places[number]) + 3
        return self.document[begin : self.document.index(b"endobj", begin)].strip()

    def update(self, reader: _Reader) -> bytes:
        """Return the objects, table and trailer to be added."""
        changed: dict[int, bytes] = dict(self._letters())
        catalog = self.body(self.root)
        outline = _Outline(self.size, self._anchors(catalog))
        top = outline.add(reader.headings)
        changed |= outline.objects
        extra = [b"/Lang " + _text(reader.language), b"/ViewerPreferences <</DisplayDocTitle true>>"]
        if top is not None:
            extra += [b"/Outlines %d 0 R" % top, b"/PageMode /UseOutlines"]
        wanted = b"\n".join(one for one in extra if one.split(b" ")[0] not in catalog)
        changed[self.root] = _closed(catalog, wanted)
        changed[self.info] = _closed(self.body(self.info), b"/Title " + _text(reader.title.strip()) + b"\n/Author "
                                     + _text(reader.author))  # fmt: skip
        return self._written(changed)

    def _anchors(self, catalog: bytes) -> set[str]:
        """Return the names that pages can be jumped to by: those that something in the HTML links to."""
        held = re.search(rb"/Dests\s+(\d+)\s+0\s+R", catalog)
        listed = self.body(int(held[1])) if held else catalog
        return {_name(one) for one in re.findall(rb"/([^\s/<>\[\]()]+)\s*(?:\[|\d+ 0 R)", listed)}

    def _letters(self) -> dict[int, bytes]:
        """Return the tables from glyphs to letters in which letters replace radicals."""
        numbers = {int(one) for one in _UNICODE.findall(self.document)}
        changed = {}
        for number in sorted(numbers & self.places.keys()):
            body = self.body(number)
            begin = _STREAM.search(body)
            if begin is None or b"FlateDecode" not in body[: begin.start()]:
                continue
            table = zlib.decompressobj().decompress(body[begin.end() :])
            letters = _with_letters(table)
            if letters != table:
                packed = zlib.compress(letters)
                changed[number] = b"<</Filter /FlateDecode\n/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
        return changed

    def _written(self, changed: dict[int, bytes]) -> bytes:
        out = bytearray(b"" if self.document.endswith(b"\n") else b"\n")
        places = {}
        for number, body in sorted(changed.items()):
            places[number] = len(self.document) + len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        table = len(self.document) + len(out)
        entries = b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in sorted(places.items()))
        size = max(self.size, max(changed) + 1)
        out += b"xref\n" + entries + b"trailer\n<</Size %d\n/Root %d 0 R\n/Info %d 0 R\n/Prev %d>>\n" % (
            size, self.root, self.info, self.start
        )  # fmt: skip
        return bytes(out + b"startxref\n%d\n%%%%EOF\n" % table)


class _Outline:
    """Bookmarks as objects of a PDF, numbered from the first free number on."""

    def __init__(self, free: int, anchors: set[str]) -> None:
        self._free = free
        self._anchors = anchors
        self.objects: dict[int, bytes] = {}

    def add(self, headings: list[tuple[int, Heading]]) -> int | None:
        """Make the objects of nested headings; returns the number of the outline, None without any."""
        tree = _nested([(level, one) for level, one in headings if one.anchor in self._anchors])
        if not tree:
            return None
        top = self._take()
        first, last = self._level(tree, top)
        self.objects[top] = b"<</Type /Outlines\n/First %d 0 R\n/Last %d 0 R\n/Count %d>>" % (first, last, len(tree))
        return top

    def _take(self) -> int:
        self._free += 1
        return self._free - 1

    def _level(self, tree: list[Heading], parent: int) -> tuple[int, int]:
        numbers = [self._take() for _ in tree]
        for place, one in enumerate(tree):
            parts = [b"/Title " + _text(" ".join(one.words.split())), b"/Parent %d 0 R" % parent,
                     b"/Dest /" + _escaped(one.anchor)]  # fmt: skip
            if place:
                parts.append(b"/Prev %d 0 R" % numbers[place - 1])
            if place + 1 < len(tree):
                parts.append(b"/Next %d 0 R" % numbers[place + 1])
            if one.below:
                # A negative count: closed, so that the parts of the report stay in sight.
                parts.append(b"/First %d 0 R\n/Last %d 0 R" % self._level(one.below, numbers[place]))
                parts.append(b"/Count -%d" % len(one.below))
            self.objects[numbers[place]] = b"<<" + b"\n".join(parts) + b">>"
        return numbers[0], numbers[-1]


def _nested(headings: list[tuple[int, Heading]]) -> list[Heading]:
    """Put headings below those of the level above them; the first level there is stands on top."""
    tops: list[Heading] = []
    path: list[tuple[int, Heading]] = []
    for level, one in headings:
        # The cover's title stands beside the sections, not above them.
        deep = max(level, 1)
        while path and path[-1][0] >= deep:
            path.pop()
        (path[-1][1].below if path else tops).append(one)
        path.append((deep, one))
    return tops


def _places(table: bytes) -> dict[int, int]:
    places, number = {}, 0
    for line in table.splitlines()[1:]:
        parts = line.split()
        if len(parts) == 2:
            number = int(parts[0])
        elif len(parts) == 3:
            if parts[2] == b"n":
                places[number] = int(parts[0])
            number += 1
    return places


def _with_letters(table: bytes) -> bytes:
    """Return a table of a font (CMap) in which every radical is the letter that looks the same."""

    def spread(found: re.Match[bytes]) -> bytes:
        low, high, first = (int(found[place], 16) for place in (1, 2, 3))
        if len(found[3]) != 4 or not any(first + step in RADICALS for step in range(high - low + 1)):
            return found[0]
        letters = b" ".join(b"<" + _letter(b"%04X" % (first + step)) + b">" for step in range(high - low + 1))
        return b"<%s> <%s> [%s]" % (found[1], found[2], letters)

    def section(found: re.Match[bytes]) -> bytes:
        if found[1] == b"bfrange":
            return _RANGE.sub(spread, found[0])
        return _PAIR.sub(lambda one: one[1] + b"<" + _letter(one[2]) + b">", found[0])

    return re.sub(rb"begin(bfrange|bfchar).*?end\1", section, table, flags=re.DOTALL)


def _letter(code: bytes) -> bytes:
    """Return the code of the letter for that of a radical, any other code as it is."""
    value = int(code, 16)
    if len(code) != 4 or value not in RADICALS:
        return code
    plain = unicodedata.normalize("NFKC", chr(value))
    letter = OTHER_RADICALS.get(value, ord(plain) if len(plain) == 1 else value)
    return b"%04X" % letter


def _closed(dictionary: bytes, extra: bytes) -> bytes:
    """Add entries to a dictionary."""
    return dictionary[: dictionary.rindex(b">>")] + b"\n" + extra + b">>"


def _text(words: str) -> bytes:
    """Return a text string: UTF-16 with its mark, in hexadecimal, so that nothing needs an escape."""
    return b"<FEFF" + words.encode("utf-16-be").hex().upper().encode() + b">"


def _escaped(name: str) -> bytes:
    """Return a name with everything but letters, digits and a few marks as ``#xx``."""
    return b"".join(
        bytes([one]) if chr(one).isascii() and (chr(one).isalnum() or chr(one) in "-_.") else b"#%02X" % one
        for one in name.encode()
    )


def _name(escaped: bytes) -> str:
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), escaped).decode("utf-8", "replace")
