"""What one segment brought to one correlation by one base rule, as one compact block of arrays.

A log may hold a group an address, so nothing here is one object a group: the groups of a block lie in the order of the
hash of their key, and a group is found in any number of blocks by binary search.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import orjson

from desktop_app.core.model import Times
from desktop_app.core.sigma.model import CorrelationRows

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_HEAD = struct.Struct("<qqB")
_WIDTHS = (1, 2, 4, 8)


def key_text(key: Sequence[str]) -> str:
    """Return the stored spelling of a key: its group-by values as a JSON list."""
    return _json(key).decode()


def _json(texts: Sequence[str | None]) -> bytes:
    try:
        return orjson.dumps(texts)
    except TypeError:  # lone surrogates, which the event store replaces as well
        return orjson.dumps(
            [one and one.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for one in texts]
        )


def key_hash(text: str) -> int:
    """Return the number, 64 bits with a sign, by which a key is found."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)


def hashes_of(texts: Sequence[str]) -> Whole:
    """Return the hashes of keys."""
    return np.fromiter(map(key_hash, texts), np.int64, len(texts))


@dataclass(frozen=True, slots=True)
class Block:
    """The matches of one base rule that a correlation counts in one segment.

    ``hashes``, ``ends``, ``keys``: of each group the hash of its key, ascending, where its tallies end, and its key as
    ``key_text`` spells it. ``times``, ``events``, ``codes``: the tallies, sorted by group, time and event; ``codes``
    are indices into ``distinct``, the values that are counted, and empty where only events are.
    """

    rule_id: str
    base_id: str
    hashes: Whole
    ends: Whole
    keys: Sequence[str]
    times: Times
    events: Whole
    distinct: Sequence[str | None] = ()
    codes: Whole = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        """Return the number of tallies."""
        return len(self.times)


def build(found: CorrelationRows, times: Times, events: Whole) -> Block:
    """Arrange the matches of a segment as a block; ``times`` and ``events`` are those of its rows."""
    used, groups = np.unique(found.groups, return_inverse=True)
    return arrange(found, [key_text(found.keys[one]) for one in used.tolist()], groups, times, events)


def arrange(found: CorrelationRows, keys: Sequence[str], groups: Whole, times: Times, events: Whole) -> Block:
    """Do as ``build`` does with keys that are texts already, all of them used; ``groups`` counts in them."""
    hashes = hashes_of(keys)
    by_hash = np.argsort(hashes, kind="stable")
    rank = np.empty(len(keys), np.int64)
    rank[by_hash] = np.arange(len(keys))
    order = np.lexsort((events, times, rank[groups]))
    ends = np.cumsum(np.bincount(rank[groups], minlength=len(keys)))
    distinct, codes = compact(found.distinct, found.codes[order]) if found.distinct else ((), found.codes[:0])
    return Block(
        found.rule_id, found.base_id, hashes[by_hash], ends.astype(np.int64), [keys[one] for one in by_hash.tolist()],
        times[order], events[order], distinct, codes,
    )  # fmt: skip


def compact(distinct: Sequence[str | None], codes: Whole) -> tuple[tuple[str | None, ...], Whole]:
    """Leave out the values that no code stands for; the others are in the order in which they come first.

    So a block is the same one, whatever the order in which a batch or a stored segment happens to number its values.
    """
    used, first, codes = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(used), np.int64)
    rank[order] = np.arange(len(used))
    return tuple(distinct[one] for one in used[order].tolist()), rank[codes]


def starts(ends: Whole) -> Whole:
    """Return where the tallies of each group begin."""
    return np.concatenate([[0], ends[:-1]]).astype(np.int64)


def find(hashes: Whole, wanted: Whole) -> tuple[Whole, Whole]:
    """Return which of the ``wanted`` hashes a block holds, and where: both as indices. Both arrays ascend."""
    places = np.searchsorted(hashes, wanted)
    inside = places < len(hashes)
    held = np.flatnonzero(inside)[hashes[places[inside]] == wanted[inside]]
    return held, places[held]


def spans(begin: Whole, size: Whole) -> Whole:
    """Return the indices that many stretches cover, one after the other."""
    before = np.cumsum(size) - size
    return np.repeat(begin - before, size) + np.arange(int(size.sum()))


# --- how it is stored -----------------------------------------------------------------------------------------------
# The migration m10_blocks writes this format: another one needs a migration that converts.


def pack(values: Whole) -> bytes:
    """Return whole numbers as few bytes: the least, the step that all lie apart by, a width, and the multiples."""
    if not len(values):
        return b""
    least = int(values.min())
    apart = values.astype(np.uint64) - np.uint64(least & 0xFFFF_FFFF_FFFF_FFFF)
    step = int(np.gcd.reduce(apart)) or 1
    many = apart // np.uint64(step)
    width = next(one for one in _WIDTHS if int(many.max()) < 1 << 8 * one)
    return _HEAD.pack(least, step, width) + many.astype(f"<u{width}").tobytes()


def unpack(blob: bytes) -> Whole:
    """Undo ``pack``."""
    if not blob:
        return np.zeros(0, np.int64)
    least, step, width = _HEAD.unpack_from(blob)
    many = np.frombuffer(blob, f"<u{width}", offset=_HEAD.size).astype(np.int64)
    return np.asarray(many * step + least, np.int64)


def pack_texts(texts: Sequence[str | None]) -> bytes:
    """Return texts as compressed JSON."""
    return zlib.compress(_json(list(texts)), 1) if texts else b""


def unpack_texts(blob: bytes) -> list[str | None]:
    """Undo ``pack_texts``."""
    found: list[str | None] = orjson.loads(zlib.decompress(blob)) if blob else []
    return found


def pack_mask(mask: Mask) -> bytes:
    """Return a mask as compressed bits; nothing where none is set."""
    return zlib.compress(np.packbits(mask).tobytes(), 1) if mask.any() else b""


def unpack_mask(blob: bytes, size: int) -> Mask:
    """Undo ``pack_mask``."""
    if not blob:
        return np.zeros(size, dtype=bool)
    return np.unpackbits(np.frombuffer(zlib.decompress(blob), np.uint8), count=size).astype(bool)
