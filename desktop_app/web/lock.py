"""The passphrase lock of the pages: who is let through while it is locked, when it locks by itself, and its own page.

Locked is the whole desk, not one page of it: pages, API, event stream and the bridge to the window. Jobs go on, and
another process of the same account is let in by its key as before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import passphrase, settings
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.text import Text, text
from desktop_app.web import i18n, notices
from desktop_app.web.context import db, language, render_text, values
from desktop_app.web.context import now as present

blueprint = Blueprint("lock", __name__, url_prefix="/lock")

HEADER = "X-Watchdesk-Locked"
OPEN = frozenset({"static", "start", "health", "lock.page", "lock.unlock", "lock.lock"})
_KEPT = "watchdesk.lock"
_AFTER = "after_lock"
LOCKED = text("Watchdesk is locked.")
ASK = text("Enter the passphrase on its page, then do it again.")


class PageLock:
    """Whether the pages are locked. Locked at the start; afterwards by a person, or when nobody did anything."""

    def __init__(self, clock: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        self._clocks = (clock, steady)
        self._guard = threading.Lock()
        self._open = False
        self._last = self._read()

    def _read(self) -> tuple[float, ...]:
        return tuple(clock() for clock in self._clocks)

    def locked(self, connection: Connection) -> bool:
        """Say whether the pages are locked now; looked up each time, as another process may remove the passphrase."""
        if not passphrase.is_set(connection):
            return False
        minutes = int(settings.get(connection, settings.LOCK_MINUTES))
        with self._guard:
            # A steady clock stands still while the machine sleeps, the other one can be put back: the longer counts.
            idle = max(now - last for now, last in zip(self._read(), self._last, strict=True))
            self._open = self._open and idle < minutes * 60
            return not self._open

    def touch(self) -> None:
        """Note that a person is there."""
        with self._guard:
            self._last = self._read()

    def open(self) -> None:
        """Unlock."""
        with self._guard:
            self._open, self._last = True, self._read()

    def shut(self) -> None:
        """Lock."""
        with self._guard:
            self._open = False


def page_lock(app: Flask | None = None) -> PageLock:
    """Return the lock of an application (of the present one)."""
    return cast("PageLock", (app or current_app).extensions[_KEPT])


def install(app: Flask) -> None:
    """Put the lock before everything that the gate let in."""
    app.extensions[_KEPT] = PageLock()
    app.before_request(_guard)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint in OPEN or g.get("by_key", False):
        return None
    lock = page_lock()
    if lock.locked(db()):
        return _refused()
    if _by_hand():
        lock.touch()
    return None


def _by_hand() -> bool:
    """Say whether a person did this: pages fetch by themselves too, and must not keep the desk open."""
    return request.headers.get("Sec-Fetch-User") == "?1" or request.endpoint == "lock.alive"


def _refused() -> ResponseReturnValue:
    """Send a page to the lock; tell a script so in JSON and in a header."""
    # By name: "*/*" of a script takes pages too, and Chromium likes signed exchanges even better.
    page = request.method in {"GET", "HEAD"} and "text/html" in {name for name, _ in request.accept_mimetypes}
    if page and "HX-Request" not in request.headers and request.headers.get("Sec-Fetch-Dest", "document") == "document":
        session[_AFTER] = request.full_path.rstrip("?")
        return redirect(url_for("lock.page"), 303)
    answer = jsonify(error={"what": render_text(LOCKED), "fix": render_text(ASK)}, locked=True)
    answer.status_code = 401
    answer.headers[HEADER] = "1"
    answer.headers["HX-Redirect"] = url_for("lock.page")
    return answer


# --- the page that asks ----------------------------------------------------------------------------------------------


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Ask for the passphrase; nothing of the desk is told here, neither a title nor a count."""
    _remember_page()
    if not page_lock().locked(db()):
        return redirect(_after(), 303)
    return _asked(None)


def _asked(refused: passphrase.Refused | None) -> ResponseReturnValue:
    shown = render_template(
        "lock/index.html", lang=i18n.TAGS[language()], theme=values()["theme"], refused=refused,
    )  # fmt: skip
    return shown, 200 if refused is None else 403


def _remember_page() -> None:
    """Keep the page that a script left for this one, so that unlocking leads back; in the session, not the address."""
    came = urlsplit(request.referrer or "")
    if came.netloc == request.host and not came.path.startswith((blueprint.url_prefix or "", "/start")):
        session[_AFTER] = came.path + (f"?{came.query}" if came.query else "")


def _after() -> str:
    kept = str(session.pop(_AFTER, ""))
    ours = kept.startswith("/") and not kept.startswith(("//", "/\\"))
    return kept if ours else url_for("overview.index")


@blueprint.post("/unlock")
def unlock() -> ResponseReturnValue:
    """Unlock, and go back to where the lock came from."""
    try:
        passphrase.check(db(), request.form.get("passphrase", "")[: passphrase.LONGEST], present())
    except passphrase.Refused as error:
        return _asked(error)
    page_lock().open()
    return redirect(_after(), 303)


@blueprint.post("/")
def lock() -> ResponseReturnValue:
    """Lock now."""
    if not passphrase.is_set(db()):
        raise UsageError(
            text("There is no passphrase to lock with."), fix=text("Choose one in Settings, on the page Passphrase.")
        )
    _remember_page()
    page_lock().shut()
    return redirect(url_for("lock.page"), 303)


@blueprint.post("/alive")
def alive() -> ResponseReturnValue:
    """Hear from a page that a person is there; the guard has noted it."""
    return "", 204


# --- the page in Settings --------------------------------------------------------------------------------------------


@blueprint.get("/passphrase")
def manage() -> str:
    """Show what the lock does, and the forms that set, change and remove the passphrase."""
    return _manage(None)


def _manage(problem: UsageError | passphrase.Refused | None) -> str:
    minutes = values()["lock_minutes"]
    return render_template("lock/manage.html", given=passphrase.is_set(db()), minutes=minutes, problem=problem)


def _decided(act: Callable[[], None], done: Text) -> ResponseReturnValue:
    try:
        act()
    except (UsageError, passphrase.Refused) as error:
        return _manage(error), 422
    page_lock().open()
    notices.say(done)
    return redirect(url_for("lock.manage"), 303)


@blueprint.post("/passphrase")
def choose() -> ResponseReturnValue:
    """Set or change the passphrase."""
    old, new, repeated = (request.form.get(name, "") for name in ("old", "new", "repeated"))
    return _decided(lambda: passphrase.choose(db(), old, new, repeated, present()), text("The passphrase is set."))


@blueprint.post("/passphrase/remove")
def remove() -> ResponseReturnValue:
    """Remove the passphrase."""
    old = request.form.get("old", "")
    return _decided(lambda: passphrase.remove(db(), old, present()), text("The passphrase is removed."))
