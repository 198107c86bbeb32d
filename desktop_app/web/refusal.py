"""Plain pages for requests that are refused; they hold nothing of the desk and touch no database."""

from __future__ import annotations

from dataclasses import dataclass

import orjson
from flask import Response, request
from markupsafe import Markup

from desktop_app.core.text import Text, text
from desktop_app.web import i18n

PAGE = Markup(
    '<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">'
    "<title>Watchdesk</title></head><body><main><h1>{what}</h1><p>{why}</p><p>{fix}</p></main></body></html>\n"
)
API = "/api/"
OPEN_AGAIN = text("Start Watchdesk again: it opens its page, or prints a new address.")
RELOAD = text("Reload the page, then do it again.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    what: Text
    why: Text
    fix: Text


NO_SESSION = Refusal(
    403,
    text("This page belongs to a Watchdesk that you did not open here."),
    text("Each start hands its address to one browser only, once."),
    OPEN_AGAIN,
)
NO_TOKEN = Refusal(
    401,
    text("This token opens nothing."),
    text("It was revoked, or belongs to another desk."),
    text("Make one in Settings, on the page API, and send it as: Authorization: Bearer TOKEN"),
)
NO_WAY_IN = Refusal(401, text("This needs a token."), text("Nothing let the request in."), NO_TOKEN.fix)
USED_TOKEN = Refusal(
    403,
    text("This start address has been used."),
    text("It works once, so that nobody who reads it later gets in."),
    OPEN_AGAIN,
)
WRONG_HOST = Refusal(
    403,
    text("Watchdesk does not answer under this name."),
    text("The request names another host than the one Watchdesk listens on."),
    OPEN_AGAIN,
)
FOREIGN = Refusal(
    403,
    text("This request came from another page."),
    text("Only the pages of Watchdesk itself may use it."),
    OPEN_AGAIN,
)
NO_CSRF = Refusal(
    400,
    text("This form is no longer valid."),
    text("It was drawn by an earlier start of Watchdesk, or its mark is missing."),
    RELOAD,
)
TOO_LARGE = Refusal(
    413,
    text("This is too large to be sent to Watchdesk."),
    text("Pages take up to 2 MB, uploads up to 4 GB."),
    text("Import large files by dropping them on the window, by their path, or with the command line."),
)


def to_program() -> bool:
    """Say whether a program asks: it is answered in JSON, errors too."""
    return request.path.startswith(API)


def page(refusal: Refusal) -> Response:
    """Return the page of a refusal in the language the browser asks for, or the same as JSON."""
    translator = i18n.translator(i18n.choose("auto", request.accept_languages.values()))
    if to_program():
        told = {name: translator.say(getattr(refusal, name)) for name in ("what", "why", "fix")}
        return Response(orjson.dumps({"error": told}), refusal.status, content_type="application/json")
    shown = PAGE.format(
        tag=i18n.TAGS[translator.language],
        what=translator.say(refusal.what),
        why=translator.say(refusal.why),
        fix=translator.say(refusal.fix),
    )
    return Response(shown, refusal.status, content_type="text/html; charset=utf-8")
