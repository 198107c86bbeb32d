"""Alerts to a syslog server: a CEF line a finding over UDP (RFC 5426), TCP (RFC 6587, octets counted) or TLS.

Syslog acknowledges nothing. Over TCP and TLS the server's close is waited for, which tells a reset connection from a
taken message; over UDP nothing tells that.
"""

from __future__ import annotations

import socket
import ssl

from desktop_app.core.alerts import cef
from desktop_app.core.alerts.network import STEP_SECONDS, Line, tls_context, told
from desktop_app.core.alerts.wording import Parcel, Shown

CLOSE_SECONDS = 3.0
LONGEST_DATAGRAM = 8192


def lines(parcel: Parcel) -> list[bytes]:
    """Return the messages, the gravest first."""
    return [cef.framed(item, parcel.at, cef.own_name()) for item in parcel.message.items]


def counted(message: bytes) -> bytes:
    """Put a message's length before it, so that nothing inside can end it."""
    return b"%d %s" % (len(message), message)


def preview(parcel: Parcel) -> Shown:
    """Return what would leave."""
    config = parcel.config
    shown = "\n".join(one.decode() for one in lines(parcel))
    return Shown(f"{config['host']}:{config['port']} ({config['transport'].upper()})", shown)


def send(parcel: Parcel, line: Line) -> None:
    """Send the lines. Raises Undelivered."""
    host, port = parcel.config["host"], int(parcel.config["port"])
    try:
        if parcel.config["transport"] == "udp":
            _datagrams(lines(parcel), host, port)
        else:
            tls = tls_context(parcel.config.get("ca", "")) if parcel.config["transport"] == "tls" else None
            _stream(b"".join(counted(one) for one in lines(parcel)), line.connect(host, port, tls))
    except OSError as error:
        raise told(error, host, port, line) from error


def _datagrams(messages: list[bytes], host: str, port: int) -> None:
    family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as sender:
        sender.settimeout(STEP_SECONDS)
        for message in messages:
            cut = message[:LONGEST_DATAGRAM].decode("utf-8", "ignore").encode()
            sender.sendto(cut, place)


def _stream(content: bytes, connection: socket.socket) -> None:
    connection.sendall(content)
    connection.settimeout(CLOSE_SECONDS)
    try:
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
        else:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(4096):
                pass
    except (TimeoutError, ssl.SSLError):
        return  # a server that goes on listening, or ends TLS in its own way, has taken what it read
