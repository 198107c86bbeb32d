"""What stands before the application: it counts who is in, and lets one be alone with the desk's files.

A restore exchanges the files that every page reads. So nobody is let in meanwhile, the work of the desk rests, and a
new application that remembers nothing of the old desk takes the place of the present one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, cast

from flask import Flask, current_app
from werkzeug.wsgi import ClosingIterator

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.text import text
from desktop_app.web.stream import close_all

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE_SECONDS = 20.0
_KEPT = "watchdesk.hall"
# Nothing of the desk can be read now, so neither can the reader's language.
AWAY = (
    "<!doctype html><html><head><meta charset=utf-8><meta http-equiv=refresh content=2><title>Watchdesk</title></head>"
    "<body><p>Watchdesk exchanges the desk. / Watchdesk 正在更换工作台。</p></body></html>\n"
).encode()
AWAY_HEADERS = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"), ("Retry-After", "2")]


class StillBusy(WatchdeskError):
    """Somebody is at work who cannot be waited for."""


class Hall:
    """Serves the application that ``build`` makes; ``rest`` stops the work of the desk while its block lasts."""

    def __init__(self, build: Callable[[], Flask], rest: Callable[[], AbstractContextManager[None]]) -> None:
        self._build = build
        self._rest = rest
        self._changed = threading.Condition()
        self._inside = 0
        self._shut = False
        self.app = self._made()

    def _made(self) -> Flask:
        app = self._build()
        app.extensions[_KEPT] = self
        return app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        with self._changed:
            if self._shut:
                start_response("503 Service Unavailable", AWAY_HEADERS)
                return [AWAY]
            self._inside += 1
        try:
            return ClosingIterator(self.app(environ, start_response), self._left)
        except BaseException:
            self._left()
            raise

    def _left(self) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """End the open streams."""
        close_all(self.app)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only request while the block lasts, with the work of the desk at rest; afterwards all begins anew.

        Raises StillBusy where other requests do not end in time; then nothing was stopped.
        """
        with self._changed:
            if self._shut:
                raise _busy()
            self._shut = True
        try:
            self.close()
            with self._changed:
                if not self._changed.wait_for(lambda: self._inside <= 1, PATIENCE_SECONDS):
                    raise _busy()
            with self._rest():
                yield
        finally:
            self.app = self._made()
            with self._changed:
                self._shut = False


def _busy() -> StillBusy:
    return StillBusy(
        text("Other pages are still at work on this desk."),
        fix=text("Close other windows of Watchdesk, wait for exports to end, then try again. Nothing was changed."),
    )


def hall() -> Hall:
    """Return the hall of the present application. Raises WatchdeskError where it is served by something else."""
    found: Any = current_app.extensions.get(_KEPT)
    if found is None:
        raise WatchdeskError(
            text("The desk cannot be exchanged here."), fix=text("Close Watchdesk and run watchdesk restore FILE.")
        )
    return cast("Hall", found)
