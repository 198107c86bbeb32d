"""The pages of cases: the list, one case with its findings, tasks, notes and timeline, and adding findings to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core import findings
from desktop_app.core.cases import case_tasks, cases
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.text import ntext, text
from desktop_app.core.undo import Decision
from desktop_app.web import asked, case_view, inbox, notices
from desktop_app.web.context import db, desk, language
from desktop_app.web.errors import NotFound
from desktop_app.web.inbox_view import Inbox

blueprint = Blueprint("cases", __name__, url_prefix="/cases")

TITLE = text("Cases")

_ACTS: Mapping[str, Callable[[Connection, int], Decision]] = {
    "close": cases.close,
    "reopen": cases.reopen,
    "rename": lambda db, case_id: cases.rename(db, case_id, request.form.get("name", "")),
    "note": lambda db, case_id: cases.note(db, case_id, request.form.get("text", "")),
    "task": lambda db, case_id: case_tasks.add(db, case_id, request.form.get("text", "")),
}
_TASK_ACTS: Mapping[str, Callable[[Connection, int], Decision]] = {
    "done": lambda db, task_id: case_tasks.tick(db, task_id, done=True),
    "open": lambda db, task_id: case_tasks.tick(db, task_id, done=False),
    "up": lambda db, task_id: case_tasks.move(db, task_id, -1),
    "down": lambda db, task_id: case_tasks.move(db, task_id, 1),
    "remove": case_tasks.remove,
}


@blueprint.get("/")
def index() -> str:
    """List the open cases, or the closed ones."""
    closed = request.args.get("state") == "closed"
    return render_template(
        "cases/index.html", cases=cases.listing(db(), closed=closed), counts=cases.counts(db()), closed=closed
    )


@blueprint.post("/")
def create() -> ResponseReturnValue:
    """Open a case without findings."""
    case_id, decision = cases.create(db(), request.form.get("name", ""))
    notices.decided(decision)
    return redirect(url_for("cases.detail", case_id=case_id), 303)


@blueprint.get("/<int:case_id>")
def detail(case_id: int) -> str:
    """Show one case."""
    shown = case_view.show(db(), language(), case_id, request.args.get("show", ""))
    if shown is None:
        raise NotFound(text("There is no such case."), why=text("The decision that opened it may have been undone."))
    return render_template(
        "cases/detail.html", shown=shown, case=shown.case, parts=case_view.PARTS,
        timeline_url=f"/logs/timeline?case={case_id}",
    )  # fmt: skip


@blueprint.post("/<int:case_id>")
def act(case_id: int) -> ResponseReturnValue:
    """Close, reopen or rename a case, add a note or a task to it."""
    notices.decided(_known(_ACTS)(db(), case_id))
    return redirect(url_for("cases.detail", case_id=case_id, _anchor=request.form.get("at")), 303)


@blueprint.post("/<int:case_id>/tasks/<int:task_id>")
def act_on_task(case_id: int, task_id: int) -> ResponseReturnValue:
    """Tick, move or remove a task."""
    notices.decided(_known(_TASK_ACTS)(db(), task_id))
    return redirect(url_for("cases.detail", case_id=case_id, _anchor="tasks"), 303)


def _known(acts: Mapping[str, Callable[[Connection, int], Decision]]) -> Callable[[Connection, int], Decision]:
    found = acts.get(request.form.get("action", ""))
    if found is None:
        raise UsageError(text("This button is not known here."), fix=text("Reload the page."))
    return found


@blueprint.get("/choose")
def choose() -> str:
    """Ask which case the selected findings belong to: one that is open, or a new one."""
    return _choose({}, inbox.chosen_ids())


@blueprint.post("/add")
def add() -> ResponseReturnValue:
    """Put the selected findings into a case and show the inbox as it is then."""
    before, ids = inbox.shown_before(), inbox.chosen_ids()
    try:
        decision = _added(ids)
    except UsageError as error:
        answer = make_response(_choose(request.form, ids, error), 422)
        answer.headers["HX-Retarget"] = "#dialog-body"
        return answer
    notices.decided(decision, finding=ids[0])
    return inbox.onward(before, before.after(ids) or ids[0])


def _added(ids: Sequence[int]) -> Decision:
    chosen = request.form.get("case", "new")
    if chosen.isascii() and chosen.isdigit():
        return cases.add(db(), int(chosen), ids)
    return cases.create(db(), request.form.get("name", ""), ids)[1]


def _choose(values: Mapping[str, str], ids: Sequence[int], error: UsageError | None = None) -> str:
    template = "cases/choose_form.html" if "HX-Request" in request.headers else "cases/choose.html"
    view = Inbox(desk(), db(), language(), asked.read(request.values))
    titles = [view.sentences.title(row) for row in findings.some(db(), ids)] if len(ids) == 1 else []
    return render_template(
        template, values=values, ids=ids, error=error, asked=view.asked, suggested=titles[0] if titles else "",
        heading=ntext("Add this finding to a case", "Add %(num)s findings to a case", num=len(ids)),
        cases=cases.listing(db()), whole=request.values.get("all", ""),
    )  # fmt: skip
