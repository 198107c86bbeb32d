from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from werkzeug.test import Client

from desktop_app.core.errors import WatchdeskError
from desktop_app.web import hall
from desktop_app.web.hall import Hall, StillBusy


class House:
    """A hall of small applications, with what happened in it."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.held = threading.Event()
        self.entered = threading.Event()
        self.hall = Hall(self.build, self.rest)

    def build(self) -> Flask:
        app = Flask("small")
        number = self.happened.count("built")
        self.happened.append("built")

        @app.get("/")
        def index() -> str:
            return f"application {number}"

        @app.get("/slow")
        def slow() -> Iterator[bytes]:  # type: ignore[misc]
            self.entered.set()
            self.held.wait()
            return iter([b"done"])

        @app.get("/exchange")
        def exchange() -> str:
            with hall.hall().alone():
                self.happened.append("alone")
                self.happened.append(f"others {Client(self.hall).get('/').status_code}")
            return "exchanged"

        return app

    @contextmanager
    def rest(self) -> Iterator[None]:
        self.happened.append("rests")
        yield
        self.happened.append("goes on")


@pytest.fixture
def house() -> House:
    return House()


def test_a_request_may_be_alone_and_everything_begins_anew_after_it(house: House) -> None:
    client = Client(house.hall)
    assert client.get("/", buffered=True).text == "application 0"
    assert client.get("/exchange", buffered=True).text == "exchanged"
    assert house.happened == ["built", "rests", "alone", "others 503", "goes on", "built"]
    assert client.get("/", buffered=True).text == "application 1"


def test_whoever_is_in_is_waited_for(house: House) -> None:
    slow = threading.Thread(target=lambda: Client(house.hall).get("/slow", buffered=True))
    slow.start()
    house.entered.wait()
    exchange = threading.Thread(target=lambda: Client(house.hall).get("/exchange", buffered=True))
    exchange.start()
    while Client(house.hall).get("/", buffered=True).status_code != 503:
        pass
    assert "rests" not in house.happened
    house.held.set()
    exchange.join()
    slow.join()
    assert "alone" in house.happened


def test_whoever_does_not_leave_in_time_is_not_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall, "PATIENCE_SECONDS", 0.01)
    slow = threading.Thread(target=lambda: Client(house.hall).get("/slow", buffered=True))
    slow.start()
    house.entered.wait()
    house.hall.app.testing = True
    with pytest.raises(StillBusy):
        Client(house.hall).get("/exchange", buffered=True)
    assert "rests" not in house.happened
    assert Client(house.hall).get("/", buffered=True).status_code == 200
    house.held.set()
    slow.join()


def test_a_fault_in_the_exchange_opens_the_doors_again(house: House) -> None:
    def fail() -> None:
        with house.hall.alone():
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert Client(house.hall).get("/", buffered=True).status_code == 200


def test_an_application_outside_of_a_hall_says_so() -> None:
    with Flask("alone").app_context(), pytest.raises(WatchdeskError, match="cannot be exchanged here"):
        hall.hall()
