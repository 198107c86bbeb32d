from __future__ import annotations

import sys

import pytest

from desktop_app.shell import toolkit

ORIGIN = "http://127.0.0.1:5000"


@pytest.mark.parametrize("address", [f"{ORIGIN}/", f"{ORIGIN}/logs/?q=a", f"blob:{ORIGIN}/0f", ORIGIN])
def test_our_pages_are_ours(address: str) -> None:
    assert toolkit.is_ours(address, ORIGIN)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:5001/",
        "http://127.0.0.1:50000/",
        "https://127.0.0.1:5000/",
        "http://127.0.0.1:5000@evil.example/",
        "http://evil.example/127.0.0.1:5000",
        "http://localhost:5000/",
        "file:///etc/passwd",
        "data:text/html,x",
        "about:blank",
        "javascript:alert(1)",
        "blob:http://evil.example/0f",
        "http://[broken",
        "",
    ],
)
def test_nothing_else_is(address: str) -> None:
    assert not toolkit.is_ours(address, ORIGIN)


@pytest.mark.parametrize(("system", "name"), [("win32", "Windows"), ("darwin", "Mac"), ("linux", "Qt")])
def test_each_system_has_its_toolkit(monkeypatch: pytest.MonkeyPatch, system: str, name: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.delenv("PYWEBVIEW_GUI", raising=False)
    assert type(toolkit.of_this_system()).__name__ == name


def test_a_linux_can_be_told_to_use_gtk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PYWEBVIEW_GUI", "gtk")
    assert type(toolkit.of_this_system()).__name__ == "Gtk"
