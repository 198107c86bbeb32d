"""Where the window was, so that it comes back there; never off the screens that are there now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

MIN_WIDTH, MIN_HEIGHT = 760, 480
DEFAULT_WIDTH, DEFAULT_HEIGHT = 1280, 820
# So much of the top edge must be on a screen that the person can take hold of it.
GRIP_WIDTH, GRIP_HEIGHT = 120, 40


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of the desktop, in the toolkit's pixels."""

    x: int
    y: int
    width: int
    height: int

    def overlap(self, other: Rectangle) -> tuple[int, int]:
        """Return width and height of what both cover; negative when they are apart."""
        right = min(self.x + self.width, other.x + other.width)
        bottom = min(self.y + self.height, other.y + other.height)
        return right - max(self.x, other.x), bottom - max(self.y, other.y)


@dataclass(frozen=True, slots=True)
class Place:
    """Size of the window, its corner (None: wherever the system puts it), and whether it fills the screen."""

    width: int = DEFAULT_WIDTH
    height: int = DEFAULT_HEIGHT
    x: int | None = None
    y: int | None = None
    maximized: bool = False


def fit(place: Place, screens: Sequence[Rectangle]) -> Place:
    """Return a place that can be reached on these screens (the primary one first)."""
    if not screens:
        return place
    home = next((screen for screen in screens if _reachable(place, screen)), None)
    room = home or screens[0]
    return Place(
        width=max(MIN_WIDTH, min(place.width, room.width)),
        height=max(MIN_HEIGHT, min(place.height, room.height)),
        x=place.x if home else None,
        y=place.y if home else None,
        maximized=place.maximized,
    )


def _reachable(place: Place, screen: Rectangle) -> bool:
    if place.x is None or place.y is None:
        return False
    width, height = screen.overlap(Rectangle(place.x, place.y, place.width, GRIP_HEIGHT))
    return width >= GRIP_WIDTH and height >= GRIP_HEIGHT


def load(path: Path) -> Place:
    """Read the place of last time; anything unreadable or absurd is as if it were the first start."""
    try:
        found = orjson.loads(path.read_bytes())
        place = Place(**found)
    except (OSError, ValueError, TypeError):
        return Place()
    return place if _sound(place) else Place()


def _sound(place: Place) -> bool:
    numbers = [place.width, place.height, *(one for one in (place.x, place.y) if one is not None)]
    if not all(isinstance(one, int) and abs(one) < 100_000 for one in numbers):
        return False
    return place.width > 0 and place.height > 0 and isinstance(place.maximized, bool)


def save(path: Path, place: Place) -> None:
    """Write the place; a full disk is no reason to fail at the end."""
    draft = path.with_suffix(".new")
    try:
        draft.write_bytes(orjson.dumps(asdict(place)))
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
