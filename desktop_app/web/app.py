"""The application that serves the pages of one desk."""

from __future__ import annotations

from flask import Flask
from jinja2 import StrictUndefined

from desktop_app.core.desk import Desk
from desktop_app.core.paths import resource
from desktop_app.core.version import VERSION
from desktop_app.web import (
    about,
    alerts,
    api_tokens,
    backup,
    cases,
    context,
    decisions,
    door,
    errors,
    frame,
    inbox,
    jobs,
    lock,
    noise,
    overview,
    palette,
    retention,
    saved_views,
    settings,
    stream,
    suppressions,
)
from desktop_app.web.api import serve as api
from desktop_app.web.gate import Gate
from desktop_app.web.report import pages as report_pages
from desktop_app.web.security import protect

ROOMS = (
    overview, inbox, cases, suppressions, noise, decisions, jobs, settings, about, report_pages, stream, palette,
    saved_views, lock, backup, retention, api_tokens, door, alerts,
)  # fmt: skip


def create_app(desk: Desk, gate: Gate | None = None) -> Flask:
    """Make the application. Without a gate nothing is protected: only for tests of pages."""
    app = Flask(
        "desktop_app.web",
        static_folder=str(resource("ui", "static")),
        static_url_path="/static",
        template_folder=str(resource("ui", "templates")),
    )
    app.extensions["watchdesk"] = desk
    app.config["VERSION"] = VERSION
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (context, frame, errors):
        part.install(app)
    protect(app, gate)
    lock.install(app)
    _register(app, desk)
    return app


def _register(app: Flask, desk: Desk) -> None:
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(api.blueprint(desk))
    for extension in desk.extensions:
        if extension.blueprint is not None:
            made = extension.blueprint()
            app.register_blueprint(made, url_prefix=made.url_prefix or f"/{extension.id}")
