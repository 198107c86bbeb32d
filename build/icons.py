"""Draw the icon of the executable: the eye of the brand mark, white on the accent colour.

The same shape as ``ui/static/mark.svg``, drawn with Pillow because nothing in the environment renders SVG.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

ACCENT = "#2f56d9"
GRID = 16  # the mark is drawn on a grid of 16 units, as all icons of the pages are
SIZES = (16, 24, 32, 48, 64, 128, 256)

Point = tuple[float, float]


def curve(start: Point, first: Point, second: Point, end: Point, steps: int = 256) -> list[Point]:
    """Return points of a cubic Bézier curve."""
    points = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        points.append(
            tuple(a * p + b * q + c * r + d * s for p, q, r, s in zip(start, first, second, end, strict=True))
        )
    return points  # type: ignore[return-value] # pairs, because the arguments are


def draw(size: int) -> Image.Image:
    """Draw the icon with ``size`` pixels a side."""
    scale = size * 4 / GRID
    image = Image.new("RGBA", (size * 4, size * 4))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, size * 4 - 1, size * 4 - 1), radius=3.4 * scale, fill=ACCENT)
    upper = [*curve((2.4, 8), (2.4, 8), (4.4, 4.4), (8, 4.4)), *curve((8, 4.4), (9.7, 4.4), (11.1, 5.2), (12.1, 6.2))]
    lower = curve((13.6, 8), (13.6, 8), (11.6, 11.6), (8, 11.6))
    width = max(1, round(1.15 * scale))
    # Dots close to each other: Pillow leaves seams between the segments of a wide bent line.
    for x, y in [(x * scale, y * scale) for x, y in (*upper, *lower)]:
        pen.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill="white")
    pen.ellipse([value * scale for value in (6.1, 6.1, 9.9, 9.9)], fill="white")
    return image.resize((size, size), Image.Resampling.LANCZOS)


def write(folder: Path) -> None:
    """Write the icon as Windows, macOS and Linux want it."""
    folder.mkdir(parents=True, exist_ok=True)
    largest = draw(SIZES[-1])
    largest.save(folder / "watchdesk.png", optimize=True)
    others = [draw(size) for size in SIZES[:-1]]
    largest.save(folder / "watchdesk.ico", sizes=[(size, size) for size in SIZES], append_images=others)
    largest.save(folder / "watchdesk.icns")
