from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_app.shell.geometry import MIN_HEIGHT, MIN_WIDTH, Place, Rectangle, fit, load, save

SCREEN = Rectangle(0, 0, 1920, 1080)
LEFT = Rectangle(-1280, 0, 1280, 1024)


def test_a_place_on_a_screen_stays_as_it_was() -> None:
    place = Place(1000, 700, 200, 100)
    assert fit(place, [SCREEN]) == place


def test_a_place_on_the_second_screen_stays_there() -> None:
    place = Place(1000, 700, -1200, 100)
    assert fit(place, [SCREEN, LEFT]) == place


@pytest.mark.parametrize(("x", "y"), [(5000, 100), (-1200, 100), (200, -500), (200, 1075), (1890, 100), (-950, 100)])
def test_a_window_that_could_not_be_taken_hold_of_is_put_where_the_system_likes(x: int, y: int) -> None:
    assert fit(Place(1000, 700, x, y), [SCREEN]) == Place(1000, 700, None, None)


def test_a_window_larger_than_the_screen_is_made_smaller() -> None:
    assert fit(Place(5000, 4000, 0, 0), [SCREEN]) == Place(1920, 1080, 0, 0)


def test_a_window_is_never_too_small_to_use() -> None:
    fitted = fit(Place(200, 1, 0, 0), [SCREEN])
    assert (fitted.width, fitted.height) == (MIN_WIDTH, MIN_HEIGHT)


def test_filling_the_screen_is_remembered() -> None:
    assert fit(Place(1000, 700, 0, 0, maximized=True), [SCREEN]).maximized


def test_without_a_known_screen_the_place_is_left_alone() -> None:
    assert fit(Place(10, 10, 9, 9), []) == Place(10, 10, 9, 9)


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    place = Place(1000, 700, -5, 100, maximized=True)
    save(tmp_path / "window.json", place)
    assert load(tmp_path / "window.json") == place
    assert [file.name for file in tmp_path.iterdir()] == ["window.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        json.dumps({"width": "wide"}).encode(),
        json.dumps({"width": -5, "height": 10}).encode(),
        json.dumps({"width": 1e9, "height": 10}).encode(),
        json.dumps({"width": 10**9, "height": 10}).encode(),
        json.dumps({"depth": 3}).encode(),
        json.dumps({"maximized": "yes"}).encode(),
        b"\xff\xfe",
    ],
)
def test_a_damaged_file_is_as_if_it_were_the_first_start(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "window.json").write_bytes(content)
    assert load(tmp_path / "window.json") == Place()


def test_a_missing_file_is_the_first_start(tmp_path: Path) -> None:
    assert load(tmp_path / "window.json") == Place()


def test_a_place_that_cannot_be_written_does_not_stop_the_end(tmp_path: Path) -> None:
    save(tmp_path / "gone" / "window.json", Place())
    assert not (tmp_path / "gone").exists()
