"""What pages may ask of the shell, over the real server."""

from __future__ import annotations

import json
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from desktop_app.shell.bridge import Bridge, is_web_address
from desktop_app.web.gate import Gate
from desktop_app.web.security import KEY_HEADER
from tests.web.raw import Answer, Visitor, pages, serving


class Face:
    def __init__(self) -> None:
        self.forward = 0
        self.open = threading.Event()
        self.open.set()

    def pick_files(self) -> list[str]:
        self.open.wait(60)
        return ["/a.log", "/b.log"]

    def pick_folder(self) -> list[str]:
        return ["/logs"]

    def come_forward(self) -> None:
        self.forward += 1


class Stage:
    """The bridge, a face and a visitor."""

    bridge: Bridge
    visitor: Visitor

    def __init__(self) -> None:
        self.face = Face()
        self.ended = threading.Event()

    def make(self, gate: Gate) -> Flask:
        app = pages(gate)
        self.bridge = Bridge(gate, self.ended.set)
        self.bridge.install(app)
        self.bridge.face = self.face
        return app

    def post(self, path: str, body: object = None, kind: str = "window") -> Answer:
        headers = {**self.visitor.writer(kind), "Content-Type": "application/json"}
        return self.visitor.ask("POST", f"/shell/{path}", headers, json.dumps(body).encode())

    def hand_over(self, body: object, key: str | None = None) -> Answer:
        headers = {KEY_HEADER: key or self.visitor.gate.key, "Content-Type": "application/json"}
        return self.visitor.ask("POST", "/shell/hand-over", headers, json.dumps(body).encode())


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    with serving(made.make) as visitor:
        made.visitor = visitor
        yield made


def read(answer: Answer) -> Any:
    assert answer.status == 200
    return json.loads(answer.body)


def test_the_page_in_the_window_gets_the_dialogs(stage: Stage) -> None:
    assert read(stage.post("files")) == {"paths": ["/a.log", "/b.log"]}
    assert read(stage.post("folder")) == {"paths": ["/logs"]}


@pytest.mark.parametrize("what", ["files", "folder", "external"])
def test_a_browser_does_not(stage: Stage, what: str) -> None:
    assert stage.post(what, {"url": "https://example.org/"}, kind="browser").status == 409


def test_without_a_window_there_are_none(stage: Stage) -> None:
    stage.bridge.face = None
    assert stage.post("files").status == 409


def test_a_second_dialog_has_to_wait_for_the_first(stage: Stage) -> None:
    stage.face.open.clear()
    first: list[Answer] = []
    asking = threading.Thread(target=lambda: first.append(stage.post("files")))
    asking.start()
    while not stage.bridge._dialog.locked():
        assert asking.is_alive()
    assert stage.post("folder").status == 409
    stage.face.open.set()
    asking.join()
    assert read(first[0])["paths"]


@pytest.mark.parametrize("path", ["files", "folder", "external", "arrivals", "quit", "hand-over"])
def test_no_route_answers_without_the_mark_of_our_page(stage: Stage, path: str) -> None:
    headers = stage.visitor.writer("window")
    del headers["X-CSRFToken"]
    assert stage.visitor.ask("POST", f"/shell/{path}", headers).status == 400
    assert stage.visitor.ask("POST", f"/shell/{path}").status == 403
    assert not stage.ended.is_set()


@pytest.mark.parametrize("path", ["files", "folder", "external", "arrivals", "quit", "hand-over"])
def test_no_route_answers_a_plain_link(stage: Stage, path: str) -> None:
    assert stage.visitor.ask("GET", f"/shell/{path}", stage.visitor.enter("window")).status == 405


def test_a_web_address_is_opened_outside(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def note(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", note)
    assert read(stage.post("external", {"url": "https://example.org/a?b=c"})) == {"opened": True}
    assert stage.post("external", {"url": "file:///etc/passwd"}).status == 400
    assert stage.post("external", {"url": ["https://example.org"]}).status == 400
    assert stage.post("external", "https://example.org").status == 400
    assert opened == ["https://example.org/a?b=c"]


@pytest.mark.parametrize("address", ["http://example.org", "https://example.org:8443/x?y#z", "http://[::1]:80/"])
def test_web_addresses(address: str) -> None:
    assert is_web_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "data:text/html,x",
        "ssh://host",
        "//example.org",
        "https://",
        "https:///x",
        "https://user@example.org/",
        "https://example.org@evil.example/",
        "https://example.org\\@evil.example/",
        "https://example.org/ --flag",
        "--version",
        "https://example.org/\nx",
        "https://example.org:port/",
        "https://[broken/",
        "https://example.org/" + "x" * 5000,
    ],
)
def test_what_is_no_web_address(address: str) -> None:
    assert not is_web_address(address)


def test_arrivals_are_fetched_once(stage: Stage) -> None:
    stage.bridge.arrive(["/a", "/b"])
    assert read(stage.post("arrivals", kind="browser")) == {"paths": ["/a", "/b"]}
    assert read(stage.post("arrivals")) == {"paths": []}


def test_quit_answers_first_and_ends_then(stage: Stage) -> None:
    assert read(stage.post("quit", kind="browser")) == {"ending": True}
    assert stage.ended.wait(60)


def test_a_second_start_brings_the_window_forward(stage: Stage) -> None:
    assert read(stage.hand_over({"paths": ["/x"], "window": True})) == {"shown": True, "address": None}
    assert stage.face.forward == 1
    assert read(stage.post("arrivals")) == {"paths": ["/x"]}


def test_a_second_start_without_a_window_gets_an_address_that_works_once(stage: Stage) -> None:
    stage.bridge.face = None
    address = read(stage.hand_over({"paths": [], "window": True}))["address"]
    path = address.removeprefix(stage.visitor.gate.origin)
    assert stage.visitor.ask("GET", path).status == 303
    assert stage.visitor.ask("GET", path).status == 403


@pytest.mark.parametrize("body", [None, [], "x", {}, {"paths": 5}, {"paths": [5, None]}])
def test_a_hand_over_of_another_shape_brings_nothing(stage: Stage, body: object) -> None:
    assert read(stage.hand_over(body))["address"]
    assert stage.bridge._arrived == []


def test_a_hand_over_needs_the_key(stage: Stage) -> None:
    assert stage.hand_over({"paths": ["/x"]}, key="made-up").status == 403
    headers = {**stage.visitor.writer("window"), "Content-Type": "application/json"}
    assert stage.visitor.ask("POST", "/shell/hand-over", headers, b"{}").status == 403
    assert stage.bridge._arrived == []


def test_a_hand_over_by_a_page_of_another_site_is_refused(stage: Stage) -> None:
    headers = {KEY_HEADER: stage.visitor.gate.key, "Origin": "http://evil.example"}
    assert stage.visitor.ask("POST", "/shell/hand-over", headers).status == 403


def test_a_page_counts_as_shown_when_the_window_got_one(stage: Stage) -> None:
    stage.visitor.ask("GET", "/", stage.visitor.enter("browser"))
    stage.visitor.ask("GET", "/nowhere", stage.visitor.enter("window"))
    assert not stage.bridge.page_shown.is_set()
    stage.visitor.ask("GET", "/", stage.visitor.enter("window"))
    assert stage.bridge.page_shown.is_set()
