"""The application that serves the pages of one desk."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import Flask
from jinja2 import StrictUndefined

from desktop_app.core.desk import Desk
from desktop_app.core.paths import resource
from desktop_app.web import about, context, decisions, errors, frame, inbox, jobs, overview, report, settings, stream

if TYPE_CHECKING:
    from desktop_app.web.security import Gate

LARGEST_FORM = 4 * 1024 * 1024  # uploads have a route of their own that lifts this


def create_app(desk: Desk, gate: Gate | None = None) -> Flask:
    """Make the application. Without a gate nothing is protected: only for tests of pages."""
    app = Flask(
        "desktop_app.web",
        static_folder=str(resource("ui", "static")),
        static_url_path="/static",
        template_folder=str(resource("ui", "templates")),
    )
    app.extensions["watchdesk"] = desk
    app.config |= {
        "SECRET_KEY": secrets.token_bytes(32),  # sessions end with the program; nothing is kept in them
        "VERSION": about.version(),
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "SESSION_COOKIE_NAME": "watchdesk_page",
        "SESSION_COOKIE_SAMESITE": "Strict",
    }
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (context, frame, errors):
        part.install(app)
    if gate is not None:
        from desktop_app.web.security import protect

        protect(app, gate)
    _register(app, desk)
    return app


def _register(app: Flask, desk: Desk) -> None:
    for room in (overview, inbox, decisions, jobs, settings, about, report, stream):
        app.register_blueprint(room.blueprint)
    for extension in desk.extensions:
        if extension.blueprint is not None:
            made = extension.blueprint()
            app.register_blueprint(made, url_prefix=made.url_prefix or f"/{extension.id}")
