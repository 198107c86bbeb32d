"""Sentences about what was just done: they wait in the session until the next page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import orjson
from flask import flash, get_flashed_messages

from desktop_app.core.errors import WatchdeskError
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.web.context import render_text

Kind = Literal["done", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, the decision that it can take back, and the finding that this was about (0 for none)."""

    sentence: str
    kind: str
    undo_id: int = 0
    finding: int = 0


def say(sentence: Text, kind: Kind = "done") -> None:
    """Say a sentence on the next page."""
    _flash(Notice(render_text(sentence), kind))


def refused(error: WatchdeskError) -> None:
    """Say on the next page why something was not done."""
    _flash(Notice(" ".join(render_text(part) for part in error.parts()), "error"))


def decided(decision: Decision | None, sentence: Text | None = None, finding: int = 0) -> None:
    """Say what was decided (in the decision's own words, or better ones) with the way back; None changed nothing."""
    if decision is None:
        say(text("Nothing was changed."))
    else:
        _flash(Notice(render_text(sentence or decision.summary), "done", decision.undo_id, finding))


def _flash(notice: Notice) -> None:
    flash(orjson.dumps(notice).decode())


def waiting() -> list[Notice]:
    """Return the sentences that wait, and forget them."""
    return [Notice(**orjson.loads(str(message))) for message in get_flashed_messages()]
