"""How well a name answers what a person typed: whole, by its beginnings, by its initials, or loosely.

Chinese needs no spaces: every Han character begins a word, and its pinyin initial counts as a letter (``drrz`` finds
导入日志). The initials come from GB2312, whose first level is sorted by pinyin; rarer characters have none.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

# First code (as one number) of each initial in the first level of GB2312, and where that level ends.
_STARTS = (
    45217, 45253, 45761, 46318, 46826, 47010, 47297, 47614, 48119, 49062, 49324, 49896, 50371, 50614, 50622, 50906,
    51387, 51446, 52218, 52698, 52980, 53689, 54481, 55290,
)  # fmt: skip
_LETTERS = "abcdefghjklmnopqrstwxyz"

WHOLE, START, WORD, WORDS, INSIDE, INITIALS, LOOSE = 100.0, 90.0, 80.0, 70.0, 60.0, 50.0, 30.0
SHORTEST_LOOSE = 3


def fold(written: str) -> str:
    """Return words as they are compared: one width, one case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", written).casefold().split())


def _is_han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


@lru_cache(maxsize=8192)
def _initial(letter: str) -> str:
    """Return the pinyin initial of a Han character, or nothing."""
    try:
        high, low = letter.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return ""
    place = bisect_right(_STARTS, high * 256 + low) - 1
    return _LETTERS[place] if 0 <= place < len(_LETTERS) else ""


def _begins(name: str, index: int) -> bool:
    """Say whether a word begins at a place of a folded name."""
    return index == 0 or _is_han(name[index]) or not name[index - 1].isalnum() or _is_han(name[index - 1])


@dataclass(frozen=True, slots=True)
class Name:
    """A name made ready for comparing; making it is dearer than comparing it."""

    folded: str
    initials: str

    @classmethod
    def of(cls, written: str) -> Name:
        """Make a name ready."""
        folded = fold(written)
        letters = (
            _initial(one) if _is_han(one) else one
            for index, one in enumerate(folded)
            if one.isalnum() and _begins(folded, index)
        )
        return cls(folded, "".join(letters))

    def score(self, asked: str, *, loose: bool = True) -> float:
        """Return how well the name answers folded words, from 0 (not at all) to 100 (it is the same)."""
        name = self.folded
        if not asked:
            return 0.0
        if name.startswith(asked):
            return WHOLE if name == asked else START
        at = name.find(asked)
        if at >= 0:
            return WORD if _begins(name, at) else INSIDE
        words = asked.split()
        if len(words) > 1 and all(one in name for one in words):
            return WORDS
        if len(asked) > 1 and asked in self.initials:
            return INITIALS + (5.0 if self.initials.startswith(asked) else 0.0)
        return self._loosely(asked) if loose and len(asked) >= SHORTEST_LOOSE else 0.0

    def _loosely(self, asked: str) -> float:
        """Look for the letters in their order, close together, the first at the beginning of a word."""
        name = self.folded
        best = 0.0
        for start in (index for index, one in enumerate(name) if one == asked[0] and _begins(name, index)):
            at = start
            for letter in asked[1:]:
                at = name.find(letter, at + 1)
                if at < 0:
                    break
            else:
                gaps = at - start + 1 - len(asked)
                best = max(best, LOOSE - gaps if gaps < 2 * len(asked) else 0.0)
        return best


def best(asked: str, *names: Name, loose: bool = True) -> float:
    """Return the best score among several names of one thing, such as its name in both languages."""
    return max((one.score(asked, loose=loose) for one in names), default=0.0)
