"""The one thing that a page may call through pywebview, told with events as its script sends them."""

from __future__ import annotations

import logging
import queue
from pathlib import Path
from typing import Any

import pytest

from desktop_app.shell.drops import Native, names, only_drops, take


def drop(*dropped: str) -> dict[str, Any]:
    return {"type": "drop", "dataTransfer": {"files": [{"name": name} for name in dropped]}}


def native(*paths: str) -> dict[str, Any]:
    return {"num_listeners": 1, "paths": [(path.rpartition("/")[2], path) for path in paths]}


def test_the_full_paths_of_the_dropped_names_are_taken() -> None:
    held = native("/var/log/auth.log", "/home/a/logs")
    assert take(held, drop("auth.log", "logs")) == ["/var/log/auth.log", "/home/a/logs"]
    assert held["paths"] == []


def test_a_name_that_the_window_system_did_not_give_brings_nothing() -> None:
    assert take(native("/var/log/auth.log"), drop("shadow")) == []


def test_a_path_that_the_page_makes_up_is_not_taken() -> None:
    event = drop("shadow")
    event["dataTransfer"]["files"][0]["pywebviewFullPath"] = "/etc/shadow"
    assert take(native(), event) == []


def test_what_an_earlier_drop_left_is_forgotten() -> None:
    held = native("/old/a.log", "/new/b.log")
    assert take(held, drop("b.log")) == ["/new/b.log"]
    assert take(held, drop("a.log")) == []


def test_names_in_percent_signs_are_read_as_the_window_system_means_them(tmp_path: Path) -> None:
    plain = tmp_path / "100%25.log"
    plain.write_text("x", encoding="utf-8")
    assert take(native(str(plain)), drop("100%25.log")) == [str(plain)]
    assert take(native(f"{tmp_path}/a%20b.log"), drop("a b.log")) == [f"{tmp_path}/a b.log"]


@pytest.mark.parametrize(
    "event",
    [
        None,
        5,
        "drop",
        [],
        {},
        {"type": "click"},
        {"type": "drop"},
        {"type": "drop", "dataTransfer": 5},
        {"type": "drop", "dataTransfer": {}},
        {"type": "drop", "dataTransfer": {"files": {"0": 1}}},
        {"type": "drop", "dataTransfer": {"files": [None, 5, {"name": 3}, {}]}},
    ],
)
def test_an_event_of_another_shape_names_nothing(event: object) -> None:
    assert names(event) == []


def call(held: Native, name: str, param: object) -> list[list[str]]:
    brought: queue.Queue[list[str]] = queue.Queue()
    only_drops(held, brought.put)(object(), name, param, "id")
    if name == "pywebviewEventHandler" and take_would_bring(param):
        return [brought.get(timeout=60)]
    assert brought.empty()
    return []


def take_would_bring(param: object) -> bool:
    return isinstance(param, dict) and bool(names(param.get("event")))


def test_a_drop_goes_through() -> None:
    held = native("/var/log/auth.log")
    assert call(held, "pywebviewEventHandler", {"event": drop("auth.log")}) == [["/var/log/auth.log"]]


@pytest.mark.parametrize(
    "name",
    [
        "open_files",
        "__class__.__base__.__subclasses__",
        "open_files.__globals__.update",
        "pywebviewMoveWindow",
        "pywebviewStateUpdate",
        "pywebviewAsyncCallback",
        "pywebviewEventHandler",
        "",
    ],
)
def test_nothing_else_does(name: str, caplog: pytest.LogCaptureFixture) -> None:
    held = native("/var/log/auth.log")
    with caplog.at_level(logging.WARNING):
        assert call(held, name, {"event": {"type": "click"}}) == []
    assert held["paths"], "a path waits for its own drop"
    assert "may not call" in caplog.text


@pytest.mark.parametrize("param", [None, 5, "x", [], {"event": None}])
def test_a_call_of_another_shape_does_nothing(param: object) -> None:
    assert call(native("/a"), "pywebviewEventHandler", param) == []
