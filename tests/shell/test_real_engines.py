"""The real application in the two engines of Linux: Qt's, which we bring, and WebKitGTK, which the host has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.full_desk import full_desk
from tests.shell.running import display, program
from tests.shell.test_toolkit_gtk import screen as gtk_screen
from tests.shell.test_window import picture

pytestmark = pytest.mark.window
PAGES = ("/", "/logs/", "/handbook/", "/settings/", "/about/activity", "/report/", "/report/preview", "/findings/")
DEEDS = ("rows", "chart", "swap", "stream", "palette")
__all__ = ["gtk_screen"]


@pytest.fixture
def qt_screen(request: pytest.FixtureRequest) -> Iterator[dict[str, str | None]]:
    with display(request) as name:
        yield {"DISPLAY": name, "WAYLAND_DISPLAY": None, "BROWSER": "true"}


@pytest.mark.parametrize("engine", ["qt", "gtk"])
def test_the_whole_desk_is_drawn_and_works(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    screen = request.getfixturevalue(f"{engine}_screen")
    full_desk(tmp_path / "desk")
    with program(tmp_path / "desk", "walk", env=screen, module="tests.shell.real_program") as desk:
        for path in PAGES:
            told = desk.seen(path)
            assert told["css"] == "grid", path
            assert told["heading"], path
            assert told["drawn"] > 100, path
        assert {deed: desk.seen(deed) for deed in DEEDS} == dict.fromkeys(DEEDS, True)
        while sum(picture(screen, tmp_path / "screen.png").crop((60, 60, 1340, 700)).histogram()[:100]) < 3000:
            time.sleep(0.2)  # until text is drawn; a window that stays blank runs into the limit of a hanging test
        assert desk.end() == 0
        assert [line for line in desk.said if "fault" in line or "violation" in line] == []
