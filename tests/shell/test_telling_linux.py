"""Against a real session bus with a made-up notification service on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from desktop_app.shell import telling_linux
from desktop_app.shell.telling_linux import Bus

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-daemon") is None, reason="needs a D-Bus daemon"
)


class Service:
    """Takes messages as a desktop does, and clicks on them."""

    def __init__(self) -> None:
        from jeepney import message_bus
        from jeepney.io.blocking import open_dbus_connection

        self.taken: list[tuple[Any, ...]] = []
        self._connection = open_dbus_connection("SESSION")
        self._connection.send_and_get_reply(message_bus.RequestName(telling_linux.NAME))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal

        place = DBusAddress("/org/freedesktop/Notifications", telling_linux.NAME, telling_linux.NAME)
        while True:
            call = self._connection.receive()
            if call.header.message_type is not MessageType.method_call:
                continue
            if call.header.fields[HeaderFields.member] == "End":
                return
            self.taken.append(call.body)
            number = len(self.taken)
            self._connection.send(new_method_return(call, "u", (number,)))
            self._connection.send(new_signal(place, "ActionInvoked", "us", (number, "default")))

    def end(self) -> None:
        from jeepney import DBusAddress, new_method_call
        from jeepney.io.blocking import open_dbus_connection

        place = DBusAddress("/", telling_linux.NAME, telling_linux.NAME)
        with open_dbus_connection("SESSION") as other:
            other.send(new_method_call(place, "End"))
        self._thread.join()
        self._connection.close()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session bus of this test alone."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert daemon.stdout is not None
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", daemon.stdout.readline().strip())
    yield
    daemon.terminate()
    daemon.wait()
    daemon.stdout.close()


@pytest.mark.usefixtures("session")
def test_a_message_reaches_the_desktop_and_its_click_comes_back() -> None:
    service, bus, clicked = Service(), Bus(), threading.Event()
    bus.show("38 failed sign-ins", "OPC <b>GW</b> & co", urgent=True, clicked=clicked.set)
    assert clicked.wait(60)
    name, _replaces, _icon, headline, body, actions, hints, _expires = service.taken[0]
    assert (name, headline) == ("Watchdesk", "38 failed sign-ins")
    assert body == "OPC &lt;b&gt;GW&lt;/b&gt; &amp; co"
    assert actions == ["default", "38 failed sign-ins"]
    assert hints["urgency"] == ("y", 2)
    bus.show("Again", "", urgent=False, clicked=lambda: None)
    assert len(service.taken) == 2
    bus.close()
    service.end()


@pytest.mark.usefixtures("session")
def test_a_desktop_without_a_notification_service_is_told() -> None:
    bus = Bus()
    with pytest.raises(OSError, match=r"org\.freedesktop\.Notifications"):
        bus.show("x", "y", urgent=False, clicked=lambda: None)
    bus.close()


def test_without_a_session_bus_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(OSError, match="no session bus"):
        Bus().show("x", "y", urgent=False, clicked=lambda: None)
