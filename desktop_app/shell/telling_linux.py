"""Linux: org.freedesktop.Notifications on the session bus, as every desktop offers it."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jeepney.io.threading import DBusConnection

PLACE = {"bus_name": "org.freedesktop.Notifications", "object_path": "/org/freedesktop/Notifications"}
NAME = "org.freedesktop.Notifications"
SHOWN_MILLISECONDS = -1  # as long as the desktop likes
PATIENCE_SECONDS = 5.0

log = logging.getLogger(__name__)


class Bus:
    """Talks to the session bus; connects at the first message, and again where the connection was lost."""

    def __init__(self) -> None:
        self._connection: DBusConnection | None = None
        self._clicked: dict[int, Callable[[], None]] = {}
        self._replies: dict[int, Any] = {}
        self._early: set[int] = set()
        self._answered = threading.Condition()

    def show(self, headline: str, body: str, *, urgent: bool, clicked: Callable[[], None]) -> None:
        """Show a message; what the body holds is plain text, whatever a server may make of markup."""
        from jeepney import DBusAddress, new_method_call

        words = (
            "Watchdesk", 0, "", headline, _plain(body), ["default", headline],
            {"urgency": ("y", 2 if urgent else 1), "desktop-entry": ("s", "watchdesk")}, SHOWN_MILLISECONDS,
        )  # fmt: skip
        call = new_method_call(DBusAddress(interface=NAME, **PLACE), "Notify", "susssasa{sv}i", words)
        number = self._ask(call)[0]
        with self._answered:
            self._clicked = {number: clicked}  # the newest; older ones lead nowhere better
            early = number in self._early
            self._early.clear()
        if early:
            clicked()

    def _ask(self, call: Any) -> Any:
        from jeepney import MessageType

        connection = self._connected()
        serial = next(connection.outgoing_serial)
        with self._answered:
            connection.send(call, serial=serial)
            if not self._answered.wait_for(lambda: serial in self._replies, PATIENCE_SECONDS):
                raise OSError("the desktop does not answer")
            answer = self._replies.pop(serial)
        if answer.header.message_type is MessageType.error:
            raise OSError(str(answer.body[0] if answer.body else answer.header.fields))
        return answer.body

    def _connected(self) -> DBusConnection:
        from jeepney import HeaderFields, MatchRule, message_bus
        from jeepney.io.threading import open_dbus_connection

        if self._connection is None:
            if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
                raise OSError("there is no session bus")
            self._connection = open_dbus_connection("SESSION")
            rule = MatchRule(type="signal", interface=NAME, path=PLACE["object_path"], member="ActionInvoked")
            self._connection.send(message_bus.AddMatch(rule))
            threading.Thread(target=self._listen, args=(self._connection, HeaderFields), daemon=True).start()
        return self._connection

    def _listen(self, connection: DBusConnection, fields: Any) -> None:
        try:
            while True:
                self._heard(connection.receive(), fields)
        except Exception:  # noqa: BLE001 - the boundary of a thread: the bus went away, or was closed by us
            log.info("The session bus is gone")
            self._connection = None

    def _heard(self, message: Any, fields: Any) -> None:
        told = message.header.fields
        if told.get(fields.member) == "ActionInvoked":
            number = message.body[0]
            with self._answered:
                clicked = self._clicked.pop(number, None)
                # A click may come before the answer that says which message it was.
                self._early |= {number} if clicked is None else set()
            if clicked is not None:
                clicked()
        elif fields.reply_serial in told:
            with self._answered:
                self._replies[told[fields.reply_serial]] = message
                self._answered.notify_all()

    def close(self) -> None:
        """Close the connection; its thread ends with it."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _plain(body: str) -> str:
    """Return text that servers which read markup show as it is: names of hosts and rules come from logs."""
    return body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
