"""What stands between the port and the pages: gate, exact Host and Origin, CSRF, limits and response headers."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import TypeVar, cast

from flask import Flask, Request, Response, current_app, g, redirect, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from desktop_app.core import tokens
from desktop_app.web import context, mime, refusal
from desktop_app.web.gate import Gate, Kind, same
from desktop_app.web.refusal import Refusal

BODY_LIMIT = 2 * 1024**2
UPLOAD_LIMIT = 4 * 1024**3
UPLOAD_PARTS = 100_000
KEY_HEADER = "X-Watchdesk-Key"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: under that policy a browser sends "Origin: null" with every form, and Origin must match exactly.
    # Nothing is told to other hosts either way.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), serial=(), hid=(), midi=()",
}
# A page that another site's link led to carries no SameSite=Strict cookie; the page's own refresh does.
ENTER = Markup(
    '<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">'
    "<title>Watchdesk</title></head><body></body></html>\n"
)

View = TypeVar("View", bound=Callable[..., object])


def takes_uploads(view: View) -> View:
    """Mark a view that takes files: its body may be as large as UPLOAD_LIMIT instead of BODY_LIMIT."""
    view.takes_uploads = True  # type: ignore[attr-defined]  # a mark on the function itself, read by _limit_body
    return view


def takes_key(view: View) -> View:
    """Mark a view that another process of this person may call with the key instead of a cookie."""
    view.takes_key = True  # type: ignore[attr-defined]  # a mark on the function itself, read by _refused
    return view


def session_kind() -> Kind | None:
    """Return what this request comes from: the window, a browser, or None for the key (and without a gate)."""
    return cast("Kind | None", g.get("session_kind"))


def protect(app: Flask, gate: Gate | None) -> None:
    """Put an application behind the gate. Without one (tests of pages) only headers, types and limits apply."""
    app.config.update(
        SECRET_KEY=secrets.token_bytes(32),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_ENABLED=gate is not None,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
    )
    if gate is not None:
        app.config["SESSION_COOKIE_NAME"] = gate.form_cookie
        app.before_request(partial(_guard, gate))
        app.add_url_rule("/start", "start", lambda: _start(gate))
    app.before_request(_limit_body)
    csrf = CSRFProtect(app)
    app.before_request(partial(_check_csrf, csrf))
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # _check_csrf does it, after the gate and not for the key
    app.add_url_rule("/health", "health", takes_key(_health))
    app.register_error_handler(CSRFError, lambda _error: refusal.page(refusal.NO_CSRF))
    app.register_error_handler(RequestEntityTooLarge, lambda _error: refusal.page(refusal.TOO_LARGE))
    app.after_request(_harden)


def _guard(gate: Gate) -> Response | None:
    refused = _refused(gate, request)
    return None if refused is None else refusal.page(refused)


def _refused(gate: Gate, asked: Request) -> Refusal | None:
    """Say why a request is refused, or let it in and note in ``g`` who it is."""
    if not same(asked.environ.get("HTTP_HOST", ""), gate.host):
        return refusal.WRONG_HOST
    if _is_foreign(gate, asked):
        return refusal.FOREIGN
    if asked.endpoint == "start":
        return None
    return _refused_visitor(gate, asked)


def _refused_visitor(gate: Gate, asked: Request) -> Refusal | None:
    """Look at what a request carries: a token, the key, or the cookie of a page."""
    if refusal.to_program() and "Authorization" in asked.headers:
        return _refused_token(asked)
    if KEY_HEADER in asked.headers:
        g.by_key = gate.is_key(asked.headers[KEY_HEADER]) and _marked("takes_key")
        return None if g.by_key else refusal.NO_SESSION
    g.session_kind = gate.session(asked.cookies.get(gate.cookie))
    missing = refusal.NO_WAY_IN if refusal.to_program() else refusal.NO_SESSION
    return missing if g.session_kind is None else None


def _refused_token(asked: Request) -> Refusal | None:
    """Let the holder of a standing token in; what it may do is noted in ``g``."""
    kind, _, secret = asked.headers["Authorization"].partition(" ")
    token = tokens.check(context.db(), secret.strip(), context.now()) if kind.lower() == "bearer" else None
    if token is None:
        return refusal.NO_TOKEN
    g.by_token, g.may_write = True, token.writes
    return None


def _is_foreign(gate: Gate, asked: Request) -> bool:
    origin = asked.headers.get("Origin")
    site = asked.headers.get("Sec-Fetch-Site")
    if origin is not None and not same(origin, gate.origin):
        return True
    if asked.method not in SAFE_METHODS:
        # Old engines send no Sec-Fetch-Site; all send Origin with a write. The key's holder sends neither.
        # So does a program that holds a token, which no page of another site can have sent along.
        silent = origin is None and site is None
        known = KEY_HEADER in asked.headers or (refusal.to_program() and "Authorization" in asked.headers)
        return site not in {None, "same-origin"} or (silent and not known)
    # Other ports of this machine are "same-site" and get our cookie sent along: they are foreign too.
    return asked.endpoint != "start" and site not in {None, "same-origin", "none"}


def _marked(mark: str) -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, mark, False))


def _limit_body() -> Response | None:
    limit = BODY_LIMIT
    if _marked("takes_uploads"):
        limit = UPLOAD_LIMIT
        request.max_content_length = UPLOAD_LIMIT
        request.max_form_parts = UPLOAD_PARTS
    return refusal.page(refusal.TOO_LARGE) if (request.content_length or 0) > limit else None


def _check_csrf(csrf: CSRFProtect) -> None:
    if current_app.config["WTF_CSRF_ENABLED"] and not (g.get("by_key", False) or g.get("by_token", False)):
        csrf.protect(apply_exemptions=True)


def _start(gate: Gate) -> BaseResponse:
    """Turn the token of the address into a cookie; a page that is in already just goes on."""
    # HEAD is what previews of links send; it must not use the token up.
    entered = gate.redeem(request.args.get("token", "")) if request.method == "GET" else None
    if entered is None and gate.session(request.cookies.get(gate.cookie)) is None:
        return refusal.page(refusal.USED_TOKEN)
    from_elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    answer: BaseResponse = Response(ENTER) if from_elsewhere else redirect("/", 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    if entered is not None:
        session, kind = entered
        answer.set_cookie(gate.cookie, session, httponly=True, samesite="Strict", path="/")
        if kind == "window":  # no secret: tells the page's script that native dialogs are there
            answer.set_cookie("watchdesk-window", "1", samesite="Strict", path="/")
    return answer


def _health() -> Response:
    return Response('"ok"', content_type="application/json")


def _harden(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", CSP)
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if request.endpoint is not None and request.endpoint.rpartition(".")[2] == "static" and answer.status_code == 200:
        answer.headers["Content-Type"] = mime.content_type(request.path)
    else:
        answer.headers["Cache-Control"] = "no-store"
    return answer


class Redacted(logging.Filter):
    """Takes start tokens out of whatever is about to be logged, by us or by a library."""

    _token = re.compile(r"(token=)[\w-]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; every record passes."""
        message = record.getMessage()
        cleaned = self._token.sub(r"\1…", message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True
