"""What this site adds to imported rules: values of placeholders, and processing pipelines."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import jobs, undo
from desktop_app.core.errors import UsageError, WatchdeskError
from desktop_app.core.jobs import Job
from desktop_app.core.rules import site
from desktop_app.core.text import text
from desktop_app.extensions.logs.forms import read_import
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.service.rules import PIPELINE_JOB, Act, start_pipeline
from desktop_app.extensions.logs.views.room import blueprint
from desktop_app.extensions.logs.views.rules_import import chosen_source
from desktop_app.web import context, notices
from desktop_app.web.errors import NotFound

DECISIONS = 20
SHOWN_RULES = 20
SHOWN_RENAMES = 200


@blueprint.get("/rules/site")
def rules_site() -> ResponseReturnValue:
    """The placeholders that rules wait for, the pipelines, and what was decided about both."""
    return _page()


def _page(error: WatchdeskError | None = None, name: str = "", given: str = "") -> ResponseReturnValue:
    """Draw the page; ``error`` is what was wrong with the values ``given`` for ``name``, or with a pipeline."""
    db = context.db()
    known = site.placeholders(db)
    drawn = render_template(
        "logs/rules_site.html",
        placeholders=sorted(known, key=lambda one: (bool(one.values), one.name)),
        pipelines=site.pipelines(db),
        past=undo.about(db, ("placeholder", "pipeline"), DECISIONS),
        job=_job(),
        error=error,
        name=name,
        given=given,
        shown_rules=SHOWN_RULES,
        shown_renames=SHOWN_RENAMES,
    )
    return drawn, 200 if error is None else 400


def _job() -> Job | None:
    """Return the job that the address names, else the one that is about to change a pipeline."""
    named = request.args.get("job", type=int)
    if named is None:
        return next((one for one in jobs.active(context.db()) if one.kind == PIPELINE_JOB), None)
    found = jobs.job(context.db(), named)
    if found.kind != PIPELINE_JOB:
        raise NotFound(text("There is no job %(number)s.", number=named))
    return found


@blueprint.post("/rules/values")
def set_values() -> ResponseReturnValue:
    """Say what a placeholder stands for, one value a line."""
    name, given = request.form.get("name", ""), request.form.get("values", "")
    try:
        decision = site.set_values(context.db(), name, given.splitlines())
    except UsageError as error:
        return _page(error, name.strip().strip("%"), given)
    applying.after(context.db(), decision)
    notices.decided(decision)
    return redirect(url_for("logs.rules_site"), 303)


@blueprint.post("/rules/pipelines")
def bring_pipeline() -> ResponseReturnValue:
    """Bring a pipeline in; what is wrong with the file is told with its line before anything is queued."""
    form, problems = read_import(request.form, ())
    try:
        if "path" in problems:
            raise UsageError(problems["path"])
        path = chosen_source(form.paths, form.upload)
        name, _, _ = site.look(path)
    except WatchdeskError as error:
        return _page(error)
    return _started("import", name, path=str(path), upload=form.upload)


@blueprint.post("/rules/pipelines/change")
def change_pipeline() -> ResponseReturnValue:
    """Switch a pipeline on or off, or remove it."""
    acts: dict[str, Act] = {"on": "on", "off": "off", "remove": "remove"}
    act, name = acts.get(request.form.get("act", "")), request.form.get("name", "")
    if act is None or name not in {one.name for one in site.pipelines(context.db())}:
        raise NotFound(text("There is no pipeline %(name)s.", name=name[:200]))
    return _started(act, name)


def _started(act: Act, name: str, **given: str | None) -> ResponseReturnValue:
    started = start_pipeline(context.db(), act, name, **given)
    return redirect(url_for("logs.rules_site", job=started), 303)
