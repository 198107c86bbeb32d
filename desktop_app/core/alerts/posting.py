"""Alerts by HTTP: one POST to an address that a person gave, over a checked connection, following no redirect."""

from __future__ import annotations

import http.client
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from desktop_app.core.alerts import wording
from desktop_app.core.alerts.network import Line, tls_context, told
from desktop_app.core.alerts.wording import Parcel, Shown
from desktop_app.core.errors import UsageError
from desktop_app.core.notify import Item, Undelivered
from desktop_app.core.text import Text, text
from desktop_app.core.version import VERSION

LONGEST_ANSWER = 64 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its parts; ``target`` is what the request line names and may hold a secret."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def place(self) -> str:
        """What may be shown of it."""
        return f"{self.host}:{self.port}"


def address(url: str) -> Address:
    """Read an address. Raises UsageError for everything but a plain http or https one."""
    wrong = UsageError(
        text("This is no address of a webhook."), fix=text("It begins with https:// or http:// and names a server.")
    )
    if not url.isascii() or not url.isprintable() or " " in url:
        raise wrong
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise wrong from None
    host = parts.hostname or ""
    if not _is_host(host) or parts.username is not None or parts.password is not None:
        raise wrong
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(parts.scheme, host, port, target)


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return False
        return True
    return bool(host) and all(one.isalnum() or one in "-._" for one in host)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes


def post(parcel: Parcel, line: Line, url: str, body: bytes, headers: Mapping[str, str] | None = None) -> Answer:
    """Send JSON and return the answer. Raises Undelivered where there is none, or a redirect."""
    place = address(url)
    tls = tls_context(parcel.config.get("ca", "")) if place.scheme == "https" else None
    connection = http.client.HTTPConnection(place.host, place.port)
    connection.default_port = PORTS[place.scheme]
    try:
        connection.sock = line.connect(place.host, place.port, tls)
        sent = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"Watchdesk/{VERSION}"}
        connection.request("POST", place.target, body, {**sent, **(headers or {})})
        response = connection.getresponse()
        answer = Answer(response.status, response.read(LONGEST_ANSWER))
        response.close()
        if line.broken:  # an answer that was cut off by us looks like a whole one
            raise TimeoutError
    except (http.client.HTTPException, OSError) as error:
        raise _told(error, place, line) from error
    finally:
        connection.close()
    if 300 <= answer.status < 400:
        raise Undelivered(
            text("%(place)s sends the alert elsewhere, and redirects are not followed.", place=place.place),
            fix=text("Enter the address that takes the alerts itself."),
        )
    return answer


def _told(error: Exception, place: Address, line: Line) -> Undelivered:
    if isinstance(error, http.client.HTTPException) and not line.expired:
        # Its words may repeat the address, which may hold a secret.
        return Undelivered(text("%(place)s broke the connection off.", place=place.place))
    return told(error, place.host, place.port, line)


def refused(parcel: Parcel, place: str, answer: Answer) -> Undelivered:
    """Say which status a server answered with, and in which words."""
    words = wording.redacted(answer.body[:2000].decode("utf-8", "replace"), parcel.secrets)
    why: Text | None = text("It says: %(words)s", words=words) if words else None
    return Undelivered(text("%(place)s answers with status %(status)s.", place=place, status=answer.status), why=why)


# --- the generic body ------------------------------------------------------------------------------------------------


def _finding(item: Item) -> dict[str, object]:
    return {
        "id": item.finding_id, "rule": wording.clean(item.rule), "severity": int(item.severity),
        "title": wording.clean(item.title), "asset": wording.clean(item.asset), "extension": item.extension,
        "count": item.count, "first_seen": wording.iso(item.first_seen), "last_seen": wording.iso(item.last_seen),
    }  # fmt: skip


def body(parcel: Parcel) -> bytes:
    """Return the alert as JSON: ``id`` is the same when it is sent again because nobody knows whether it arrived."""
    message = parcel.message
    held = {
        "schema": "watchdesk-alert", "schema_version": 1, "id": message.key, "site": wording.clean(parcel.site),
        "channel": wording.clean(parcel.name), "sent": wording.iso(parcel.at), "headline": wording.headline(parcel),
        "severity": int(message.severity), "total": len(message.items) + message.more, "more": message.more,
        "findings": [_finding(one) for one in message.items],
    }  # fmt: skip
    return orjson.dumps(held, option=orjson.OPT_INDENT_2)


def preview(parcel: Parcel) -> Shown:
    """Return what would leave."""
    return Shown(_place(parcel), body(parcel).decode())


def _place(parcel: Parcel) -> str:
    return address(parcel.secrets["url"]).place if parcel.secrets.get("url") else "…"


def send(parcel: Parcel, line: Line) -> None:
    """Post the alert; any status of 200 to 299 is an acknowledgement. Raises Undelivered."""
    header = parcel.secrets.get("header", "")
    answer = post(parcel, line, parcel.secrets["url"], body(parcel), {"Authorization": header} if header else None)
    if not 200 <= answer.status < 300:
        raise refused(parcel, _place(parcel), answer)
