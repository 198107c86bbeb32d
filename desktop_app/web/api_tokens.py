"""The page where tokens of the API are made and revoked."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import tokens
from desktop_app.core.errors import UsageError
from desktop_app.core.text import text
from desktop_app.web import notices
from desktop_app.web.api.document import BASE
from desktop_app.web.context import db, now

blueprint = Blueprint("api_tokens", __name__, url_prefix="/settings/api")


@blueprint.get("/")
def index() -> str:
    """Show the tokens and the form that makes one."""
    return _page()


def _page(secret: str = "", problem: UsageError | None = None) -> str:
    address = request.host_url.rstrip("/") + BASE
    return render_template(
        "settings/api.html", tokens=tokens.listing(db()), secret=secret, problem=problem, address=address
    )


@blueprint.post("/")
def make() -> ResponseReturnValue:
    """Make a token; its page shows the secret this once."""
    try:
        secret = tokens.make(db(), request.form.get("name", ""), now(), writes="writes" in request.form)
    except UsageError as error:
        return _page(problem=error), 422
    # Not after a redirect: the secret must stand in no address and in no session.
    return _page(secret)


@blueprint.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """Revoke a token."""
    tokens.revoke(db(), token_id, now())
    notices.say(text("The token is revoked."))
    return redirect(url_for("api_tokens.index"), 303)
