"""What the logs could not show: rules without what they need, guessed zones, logs closed to this account."""

from __future__ import annotations

from collections import Counter

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from desktop_app.core.jobs import job as read_job
from desktop_app.core.text import Text, ntext
from desktop_app.extensions.logs import store
from desktop_app.extensions.logs.service import LOOK_JOB
from desktop_app.extensions.logs.views.imports import hidden_of
from desktop_app.extensions.logs.views.room import blueprint, kept_verdicts
from desktop_app.web import context


@blueprint.get("/unseen")
def unseen() -> ResponseReturnValue:
    """Lines for the Overview, each with the page that tells more."""
    return render_template("logs/_unseen.html", lines=[*_rules(), *_files(), *_this_computer()])


def _rules() -> list[tuple[Text, str]]:
    states = Counter(one.state for one in kept_verdicts().all(context.db()).values())
    said = {
        "blocked": ntext(
            "1 rule could not fire: nothing that was read holds what it needs",
            "%(shown)s rules could not fire: nothing that was read holds what they need",
            num=states["blocked"], shown=context.number(states["blocked"]),
        ),
        "asking": ntext(
            "1 rule waits for values that only this site knows",
            "%(shown)s rules wait for values that only this site knows",
            num=states["asking"], shown=context.number(states["asking"]),
        ),
        "unsupported": ntext(
            "1 rule asks for what Watchdesk does not know yet",
            "%(shown)s rules ask for what Watchdesk does not know yet",
            num=states["unsupported"], shown=context.number(states["unsupported"]),
        ),
        "broken": ntext(
            "1 rule is broken", "%(shown)s rules are broken",
            num=states["broken"], shown=context.number(states["broken"]),
        ),
    }  # fmt: skip
    return [(said[state], url_for("logs.detections", state=state)) for state in said if states[state]]


def _files() -> list[tuple[Text, str]]:
    count = store.guessed_zones(context.db())
    said = ntext(
        "1 file told no time zone: that of the site was taken",
        "%(shown)s files told no time zone: that of the site was taken",
        num=count,
        shown=context.number(count),
    )
    return [(said, url_for("logs.sources"))] if count else []


def _this_computer() -> list[tuple[Text, str]]:
    """What the newest look at this computer found that this account may not read."""
    looked = store.newest_of(context.db(), LOOK_JOB)
    hidden = hidden_of(read_job(context.db(), looked[1])) if looked else []
    said = ntext(
        "1 log of this computer is closed to your account",
        "%(num)s logs of this computer are closed to your account",
        num=len(hidden),
    )
    return [(said, url_for("logs.sources", id=looked[0]))] if looked and hidden else []
