"""Exceptions of a rule: added and lifted on its page."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.errors import UsageError
from desktop_app.core.rules import exceptions
from desktop_app.core.rules.exceptions import Wanted
from desktop_app.extensions.logs.forms import end_of_day
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.views import detections
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.web import context, notices
from desktop_app.web.decisions import came_from


@blueprint.post("/rules/<rule_id>/exceptions")
def add_exception(rule_id: str) -> ResponseReturnValue:
    """Let a rule pass over what the form names."""
    try:
        decision = exceptions.add(context.db(), rule_id, _wanted(), context.now())
    except UsageError as error:
        return detections.rule_page(rule_id, error, _given())
    notices.decided(decision)
    return redirect(url_for("logs.rule", rule_id=rule_id, _anchor="exceptions"), 303)


def _wanted() -> Wanted:
    pairs = zip(request.form.getlist("field"), request.form.getlist("values"), strict=False)
    read = [(name.strip(), tuple(filter(None, (one.strip() for one in values.splitlines())))) for name, values in pairs]
    fields = tuple((name, values) for name, values in read if name or values)
    return Wanted(
        fields,
        request.form.get("reason", "").strip(),
        end_of_day(request.form.get("expires", "").strip(), context.zone()),
    )


def _given() -> dict[str, str]:
    given = {name: request.form.get(name, "") for name in ("reason", "expires")}
    for name in ("field", "values"):
        given |= {f"{name}{number}": value for number, value in enumerate(request.form.getlist(name)[:3])}
    return given


@blueprint.post("/rules/exceptions/<int:exception_id>/end")
def end_exception(exception_id: int) -> ResponseReturnValue:
    """Lift an exception."""
    decision = exceptions.end(context.db(), exception_id)
    applying.after(context.db(), decision)
    notices.decided(decision)
    return redirect(came_from(), 303)
