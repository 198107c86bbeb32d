"""The logic of the Windows part against stand-ins; the real one has not been tried."""

from __future__ import annotations

from enum import IntEnum
from types import SimpleNamespace
from typing import Any, Self

import pytest

from desktop_app.shell.geometry import Place
from desktop_app.shell.toolkit_windows import DENY, Windows, hook

ORIGIN = "http://127.0.0.1:5000"


class Signal:
    def __init__(self) -> None:
        self.listeners: list[Any] = []

    def __iadd__(self, listener: Any) -> Self:
        self.listeners.append(listener)
        return self

    def fire(self, **said: Any) -> SimpleNamespace:
        args = SimpleNamespace(**said)
        for listener in self.listeners:
            listener(None, args)
        return args


class Permission(IntEnum):
    DEFAULT = 0
    ALLOW = 1
    DENY = 2


@pytest.fixture
def core() -> SimpleNamespace:
    made = SimpleNamespace(NavigationStarting=Signal(), NewWindowRequested=Signal(), PermissionRequested=Signal())
    hook(made, ORIGIN)
    return made


def test_leaving_is_cancelled_and_staying_is_not(core: SimpleNamespace) -> None:
    assert core.NavigationStarting.fire(Uri="http://evil.example/", Cancel=False).Cancel is True
    assert core.NavigationStarting.fire(Uri=f"{ORIGIN}/logs/", Cancel=False).Cancel is False


def test_no_window_is_opened(core: SimpleNamespace) -> None:
    assert core.NewWindowRequested.fire(Handled=False).Handled is True


def test_every_permission_is_denied(core: SimpleNamespace) -> None:
    assert core.PermissionRequested.fire(State=Permission.DEFAULT).State == DENY == Permission.DENY


def test_a_maximized_window_is_remembered_by_its_normal_size() -> None:
    normal = SimpleNamespace(Width=900, Height=600, X=5, Y=6)
    form = SimpleNamespace(RestoreBounds=normal, Bounds=SimpleNamespace(), WindowState="Maximized")
    assert Windows().place(SimpleNamespace(native=form)) == Place(900, 600, 5, 6, maximized=True)
