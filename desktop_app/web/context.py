"""What a page is drawn with: the desk, one connection a request, the reader's language, and how values are said."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from flask_babel import Babel, get_locale
from markupsafe import Markup, escape

from desktop_app.core import settings
from desktop_app.core.database import Connection, connect
from desktop_app.core.desk import Desk
from desktop_app.core.model import Micros, Severity
from desktop_app.core.paths import resource
from desktop_app.core.text import Text, text
from desktop_app.web import i18n, times
from desktop_app.web.icons import icon

# Severity -> the class of the stylesheet and the word that always stands beside the colour.
SEVERITIES: dict[int, tuple[str, Text]] = {
    Severity.CRITICAL: ("crit", text("Critical")),
    Severity.HIGH: ("high", text("High")),
    Severity.MEDIUM: ("med", text("Medium")),
    Severity.LOW: ("low", text("Low")),
    Severity.INFORMATIONAL: ("info", text("Informational")),
}


def desk() -> Desk:
    """Return the desk that this application shows."""
    return cast("Desk", current_app.extensions["watchdesk"])


def db() -> Connection:
    """Return the connection of this request; it is closed when the request ends."""
    if "db" not in g:
        g.db = connect(desk().folder)
    return cast("Connection", g.db)


def values() -> dict[str, settings.Value]:
    """Return the settings, read once a request."""
    if "settings" not in g:
        g.settings = settings.current(db(), desk().settings)
    return cast("dict[str, settings.Value]", g.settings)


def language() -> i18n.Language:
    """Return the language of this reader."""
    if "language" not in g:
        g.language = i18n.choose(str(values()["language"]), request.accept_languages.values())
    return cast("i18n.Language", g.language)


def zone() -> ZoneInfo:
    """Return the time zone of the site."""
    return ZoneInfo(str(values()["site_zone"]))


def now() -> Micros:
    """Return the desk's present; tests fix it."""
    return desk().clock()


def render_text(sentence: Text) -> str:
    """Return a sentence in the reader's language."""
    return i18n.translator(language()).say(sentence)


def number(value: int) -> str:
    """Return a count with its thousands apart, as both languages write it."""
    return f"{value:,}"


def size(value: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    amount = float(value)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:,.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:,.1f} {unit}"


def clock(time: Micros | None) -> Markup:
    """Return a moment in site time as a ``<time>`` element whose title tells the offset."""
    if time is None:
        return Markup("&ndash;")
    shown = render_text(times.clock(time, zone(), now()))
    return _time(time, shown)


def ago(time: Micros | None) -> Markup:
    """Return how long ago a moment was, as a ``<time>`` element."""
    return Markup("&ndash;") if time is None else _time(time, render_text(times.ago(time, now())))


def age(time: Micros) -> Markup:
    """Return how old something is, briefly, as a ``<time>`` element."""
    return _time(time, render_text(times.age(time, now())))


def _time(time: Micros, shown: str) -> Markup:
    full = f"{times.stamp(time, zone())} {times.offset(time, zone())}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(times.iso(time, zone()), full, shown)


def severity(value: int) -> str:
    """Return the word of a severity."""
    return render_text(SEVERITIES[value][1])


def _close(_error: BaseException | None) -> None:
    held = g.pop("db", None)
    if held is not None:
        held.conn.close()


def _locale() -> str:
    return i18n.LOCALES[language()]


def install(app: Flask) -> None:
    """Teach the templates of an application languages, times and icons."""
    Babel(app, default_translation_directories=str(resource("ui", "translations")), locale_selector=_locale)
    app.teardown_appcontext(_close)
    app.jinja_env.filters |= {
        "say": render_text,
        "clock": clock,
        "ago": ago,
        "age": age,
        "fine": lambda time: times.fine(time, zone()),
        "span": lambda length: render_text(times.span(length)),
        "number": number,
        "size": size,
        "severity": severity,
        "sevclass": lambda value: SEVERITIES[value][0],
    }
    app.jinja_env.globals |= {"icon": icon, "SEVERITIES": SEVERITIES}


__all__ = ["db", "desk", "escape", "get_locale", "install", "language", "now", "number", "render_text", "zone"]
