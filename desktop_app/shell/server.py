"""The web server: waitress on the loopback address, on a port that is ours before the application exists."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress
from typing import Any

from flask import Flask
from waitress import create_server
from waitress.wasyncore import close_all

from desktop_app.core.errors import WatchdeskError, system_says
from desktop_app.core.text import text
from desktop_app.web.gate import ADDRESS
from desktop_app.web.hall import Hall
from desktop_app.web.security import UPLOAD_LIMIT

# Each window's event stream holds a thread for as long as the window is open.
THREADS = 16
SHUTDOWN_SECONDS = 0.5  # for a request in the middle of its work; an event stream never ends by itself


class PortTaken(WatchdeskError):
    """The port that was asked for cannot be had."""


def bind(port: int) -> socket.socket:
    """Take a port of the loopback address, any free one for 0. The socket does not listen yet."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":
        # Without this, Windows lets a second program bind the same port and take our visitors.
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    elif port:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((ADDRESS, port))
    except OSError as error:
        taken.close()
        raise PortTaken(
            text("Port %(port)s cannot be used.", port=port),
            why=system_says(error),
            fix=text("Choose another one with --port, or leave it away: a free port is found."),
        ) from error
    return taken


class Server:
    """Answers requests from start() until stop()."""

    def __init__(self, app: Flask | Hall, taken: socket.socket) -> None:
        self._channels: dict[int, Any] = {}
        self._server: Any = create_server(
            app,
            map=self._channels,
            sockets=[taken],
            threads=THREADS,
            ident=None,
            expose_tracebacks=False,
            asyncore_use_poll=True,
            max_request_body_size=UPLOAD_LIMIT,
        )
        self._thread = threading.Thread(target=self._run, name="server", daemon=True)
        self._stopping = False

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port and every connection; streams are cut, their threads are not waited for."""
        self._stopping = True
        # A request that ends just now wakes the loop by itself; it may have closed its trigger already.
        with suppress(OSError):
            self._server.pull_trigger()
        self._thread.join(SHUTDOWN_SECONDS * 10)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=SHUTDOWN_SECONDS)

    def _run(self) -> None:
        while not self._stopping:
            self._server.asyncore.loop(timeout=1, map=self._channels, use_poll=True, count=1)
        # Closing alone would leave the files open that wait to be sent.
        for channel in list(self._server.active_channels.values()):
            channel.handle_close()
        close_all(self._channels)
