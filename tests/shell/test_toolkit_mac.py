"""The logic of the macOS part against stand-ins; the real one has not been tried."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Self

import pytest

from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit_mac import Mac

ORIGIN = "http://127.0.0.1:5000"


class Loaded:
    def __iadd__(self, listener: Any) -> Self:
        self.listener = listener
        return self


class Window:
    width, height, x, y = 900, 600, 5, 6

    def __init__(self, address: str | None) -> None:
        self.address = address
        self.visited: list[str] = []
        self.events = SimpleNamespace(loaded=Loaded())

    def get_current_url(self) -> str | None:
        return self.address

    def load_url(self, address: str) -> None:
        self.visited.append(address)


@pytest.mark.parametrize(
    ("address", "visited"), [("http://evil.example/", [f"{ORIGIN}/"]), (f"{ORIGIN}/logs/", []), (None, [])]
)
def test_a_page_that_left_is_brought_back(address: str | None, visited: list[str]) -> None:
    window = Window(address)
    Mac().attach(window, ORIGIN)
    window.events.loaded.listener()
    assert window.visited == visited


def test_the_place_is_the_windows_own() -> None:
    assert Mac().place(Window(None)) == Place(900, 600, 5, 6)
