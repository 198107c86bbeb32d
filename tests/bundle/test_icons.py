"""The icon of the executable."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from build import icons


@pytest.mark.parametrize("size", [16, 256])
def test_the_icon_is_a_white_eye_on_the_accent_colour(size: int) -> None:
    image = icons.draw(size)
    assert image.size == (size, size)
    assert image.getpixel((0, 0))[3] < 128, "the corners are round"
    assert image.getpixel((size // 2, size // 2)) == (255, 255, 255, 255)
    accent = image.getpixel((size // 2, size // 12))
    assert accent[2] > accent[1] > accent[0], "blue around the eye"


def test_windows_gets_every_size_it_shows(tmp_path: Path) -> None:
    icons.write(tmp_path)
    with Image.open(tmp_path / "watchdesk.ico") as icon:
        assert icon.info["sizes"] == {(size, size) for size in icons.SIZES}
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".ico", ".icns"}
