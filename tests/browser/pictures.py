"""Pictures of pages, held against committed ones.

``pytest tests/browser --update`` writes the references anew; look at them before committing. They are kept with a
palette of 256 colours, so that each stays small; a comparison allows for that and for the edges of letters.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page

REFERENCES = Path(__file__).parent / "references"
LOOKS = [("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark")]  # a language and a theme
TWO_LOOKS = [LOOKS[0], LOOKS[3]]  # what shows each language and each theme once
COLOURS = 256
NOTICEABLE = 40  # of 255, in any channel
TOLERATED = 0.01  # share of pixels that may differ noticeably: antialiasing and hinting differ between machines


def take(page: Page) -> Image.Image:
    """Take a picture of what the window shows, without a blinking caret."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the share of pixels that differ noticeably; 1 when the sizes do."""
    if one.size != other.size:
        return 1.0
    apart = np.abs(np.asarray(one, dtype=np.int16) - np.asarray(other, dtype=np.int16)).max(axis=2)
    return float((apart > NOTICEABLE).mean())


def check(page: Page, name: str, kept: Path, *, update: bool) -> None:
    """Hold the window against the reference of that name; what differs is left in ``kept`` for looking at it."""
    seen, reference = take(page), REFERENCES / f"{name}.png"
    if update:
        REFERENCES.mkdir(exist_ok=True)
        seen.quantize(COLOURS, dither=Image.Dither.NONE).save(reference, optimize=True)
    with Image.open(reference) as wanted:
        apart = difference(seen, wanted.convert("RGB"))
    if apart > TOLERATED:
        seen.save(kept / f"{name}.png")
    assert apart <= TOLERATED, f"{name}: {apart:.2%} of the picture differs; see {kept / name}.png"
