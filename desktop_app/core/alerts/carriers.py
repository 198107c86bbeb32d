"""From a stored channel to a delivery: what the courier is handed, and what a form's test and preview use as well."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from desktop_app.core import notify, settings
from desktop_app.core.alerts import channels, mail, posting, robots, secrets, syslog, terms
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.kinds import KINDS
from desktop_app.core.alerts.network import Line
from desktop_app.core.alerts.wording import Parcel, Shown
from desktop_app.core.database import Connection, value
from desktop_app.core.desk import Desk
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Item, Message, Policy, Remote, Undelivered
from desktop_app.core.rules.words import Language
from desktop_app.core.text import Text, text

Speak = Callable[[Language], Callable[[Text], str]]

SEND: Mapping[str, Callable[[Parcel, Line], Text | None]] = {
    "mail": mail.send, "webhook": posting.send, "syslog": syslog.send,
    **{kind: partial(robots.send, kind=kind) for kind in ("wecom", "dingtalk", "feishu")},
}  # fmt: skip
PREVIEW: Mapping[str, Callable[[Parcel], Shown]] = {
    "mail": mail.preview, "webhook": posting.preview, "syslog": syslog.preview,
    **{kind: partial(robots.preview, kind=kind) for kind in ("wecom", "dingtalk", "feishu")},
}  # fmt: skip
# Findings that one message names: a log collector wants every one of them, a chat only the gravest.
NAMED = {"mail": 50, "webhook": 500, "wecom": 8, "dingtalk": 20, "feishu": 20, "syslog": sys.maxsize}
SITE_KEY = "report_site"


def site_of(db: Connection) -> str:
    """Return what the site is called in reports, else the name of this machine."""
    return str(value(db, "SELECT value FROM settings WHERE key = ?", [SITE_KEY]) or "") or socket.gethostname()


def example(say: Callable[[Text], str], at: Micros) -> Message:
    """Return a made-up alert that says so."""
    minute = 60 * notify.SECOND
    found = Item(
        0, Severity.HIGH, say(text("A test of the alert channel; nothing was found")), "example-host",
        "watchdesk-test", "test", 1, at - minute, at,
    )  # fmt: skip
    return notify.compose([found])


def parcel(
    desk: Desk, db: Connection, one: AlertChannel, held: Mapping[str, str], say: Callable[[Text], str]
) -> Parcel:
    """Return a test alert for a channel as a form has it."""
    at = desk.clock()
    zone = str(settings.get(db, settings.SITE_ZONE))
    return Parcel(one.config, held, example(say, at), one.name, site_of(db), zone, at, say)


def preview(kind: str, made: Parcel) -> Shown:
    """Return what would leave."""
    return PREVIEW[kind](made)


def send(kind: str, made: Parcel, line: Line | None = None) -> Text | None:
    """Deliver. Whatever goes wrong is told as Undelivered, in words that hold no secret."""
    with line or Line() as held:
        try:
            return SEND[kind](made, held)
        except Undelivered:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary of a channel: servers fail in every way
            # Its own words may repeat an address or a password.
            raise Undelivered(text("Nothing could be sent: %(name)s", name=type(error).__name__)) from None


class Carrier:
    """A channel as the courier knows it, for one look."""

    pausable = False

    def __init__(self, one: AlertChannel, made: Parcel) -> None:
        self.id = one.outbox
        self.language: Language = one.language
        self._one = one
        self._parcel = made
        self._guard = threading.Lock()
        self._line: Line | None = None
        self._aborted = False

    def policy(self, values: Mapping[str, settings.Value]) -> Policy | None:
        """Return the channel's terms; None while it is switched off."""
        zone = str(values[settings.SITE_ZONE.key])
        one = self._one
        return terms.policy(one.which, one.timing, zone, NAMED[one.kind]) if one.enabled else None

    def deliver(self, message: Message) -> Text | None:
        """Send it; the secret is read now and not kept."""
        held = secrets.read(self._one.secret, KINDS[self._one.kind].secrets(self._one.config))
        with self._guard:
            line = self._line = Line()
            if self._aborted:
                line.abort()
        return send(self._one.kind, replace(self._parcel, message=message, secrets=held), line)

    def abort(self) -> None:
        """Break off a delivery that is under way."""
        with self._guard:
            self._aborted = True
            if self._line is not None:
                self._line.abort()


def remote(desk: Desk, speak: Speak) -> Callable[[Connection], Sequence[Remote]]:
    """Return how the courier learns of the channels that stand now."""
    swept = 0

    def look(db: Connection) -> Sequence[Remote]:
        nonlocal swept
        at = desk.clock()
        if at - swept > notify.HOUR:
            secrets.sweep(db, at)
            channels.forget_removed(db, at - secrets.FORGOTTEN_AFTER)
            swept = at
        return [Carrier(one, parcel(desk, db, one, {}, speak(one.language))) for one in channels.listing(db)]

    return look
