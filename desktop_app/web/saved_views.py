"""Saved views: kept under a name, shown in the navigation with how much each holds, ordered, renamed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from desktop_app.core import findings, saved_views
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Hit, Question
from desktop_app.core.matching import Name
from desktop_app.core.saved_views import SavedView
from desktop_app.core.text import text
from desktop_app.web import asked, notices
from desktop_app.web.context import db, now
from desktop_app.web.errors import NotFound

blueprint = Blueprint("views", __name__, url_prefix="/views")

TITLE = text("Saved views")
LONGEST_URL = 4000
COUNTED = 20  # views whose numbers are kept current; further ones are still there, without a number
# What an address carries beside its filters: the line that happens to be open.
_PASSING = frozenset({"id", "event"})


def _found(connection: Connection, query: MultiDict[str, str]) -> int:
    return findings.total(connection, asked.read(query).resolved(connection, now()))


def _cases(connection: Connection, query: MultiDict[str, str]) -> int:
    still_open, closed = cases.counts(connection)
    return closed if query.get("state") == "closed" else still_open


# Pages whose number is cheap to know, by endpoint. Counting events is not: it may have to read every segment.
COUNTS: Mapping[str, Callable[[Connection, MultiDict[str, str]], int]] = {"inbox.index": _found, "cases.index": _cases}


def page_of(url: str) -> str | None:
    """Return the endpoint of a page of ours that an address leads to, or None."""
    try:
        parts = urlsplit(url)
        if parts.scheme or parts.netloc or not parts.path.startswith("/") or len(url) > LONGEST_URL:
            return None
        endpoint, _ = current_app.url_map.bind("localhost").match(parts.path, "GET")
    except (HTTPException, RequestRedirect, ValueError):
        return None
    return None if endpoint == "static" or endpoint.endswith(".static") else str(endpoint)


def kept(url: str) -> str:
    """Return what is kept of an address: its path and its filters, not the line that happens to be open."""
    parts = urlsplit(url)
    query = urlencode([pair for pair in parse_qsl(parts.query) if pair[0] not in _PASSING])
    return parts.path + (f"?{query}" if query else "")


def counts(connection: Connection, views: list[SavedView]) -> Iterator[tuple[SavedView, int | None]]:
    """Yield each view with how much it holds; None where that is not cheap to know."""
    for place, one in enumerate(views):
        count = COUNTS.get(page_of(one.url) or "") if place < COUNTED else None
        query = MultiDict(parse_qsl(urlsplit(one.url).query))
        yield one, count(connection, query) if count is not None else None


def search(connection: Connection, question: Question) -> Iterator[Hit]:
    """Yield the views that answer the command palette."""
    for one in saved_views.listing(connection):
        if score := Name.of(one.name).score(question.words):
            yield Hit(TITLE, one.name, "views.show", score, {"view_id": one.id}, icon="star")


@blueprint.get("/")
def index() -> str:
    """Show the saved views, to order, rename and delete them."""
    return render_template("views/index.html", views=list(counts(db(), saved_views.listing(db()))))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """Ask for the name of a view."""
    return _form(request.args.get("url", ""), "", None)


@blueprint.post("/")
def save() -> ResponseReturnValue:
    """Save a view and show it."""
    url, name = request.form.get("url", ""), request.form.get("name", "")
    if page_of(url) is None:
        raise UsageError(text("This address is no page of this desk."), fix=text("Open the page, then save its view."))
    try:
        notices.decided(saved_views.save(db(), name, kept(url)))
    except UsageError as error:
        return _form(url, name, error), 422
    return redirect(kept(url), 303)


def _form(url: str, name: str, error: UsageError | None) -> str:
    return render_template("views/new.html", url=kept(url) if page_of(url) else "", name=name, error=error)


@blueprint.get("/<int:view_id>")
def show(view_id: int) -> ResponseReturnValue:
    """Go to the page that a view stands for."""
    found = saved_views.view(db(), view_id)
    if found is None:
        raise NotFound(text("There is no such view."), why=text("It may have been deleted."))
    # A restored desk may have been written by anybody: its views lead to pages of ours alone, too.
    return redirect(found.url if page_of(found.url) else url_for("views.index"))


@blueprint.post("/<int:view_id>/rename")
def rename(view_id: int) -> ResponseReturnValue:
    """Call a view otherwise."""
    try:
        notices.decided(saved_views.rename(db(), view_id, request.form.get("name", "")))
    except UsageError as error:
        notices.refused(error)
    return redirect(url_for("views.index"), 303)


@blueprint.post("/<int:view_id>/move")
def move(view_id: int) -> ResponseReturnValue:
    """Move a view by one place."""
    step = -1 if request.form.get("step") == "up" else 1
    notices.decided(saved_views.move(db(), view_id, step))
    return redirect(url_for("views.index"), 303)


@blueprint.post("/<int:view_id>/delete")
def delete(view_id: int) -> ResponseReturnValue:
    """Delete a view."""
    notices.decided(saved_views.remove(db(), view_id))
    return redirect(url_for("views.index"), 303)
