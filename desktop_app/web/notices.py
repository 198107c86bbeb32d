"""Sentences about what was just done: they wait in the session until the next page is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import flash, get_flashed_messages

from desktop_app.core.text import Text
from desktop_app.core.undo import Decision
from desktop_app.web.context import render_text

Kind = Literal["done", "error"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and the decision that it can take back (0 for none)."""

    sentence: str
    kind: str
    undo_id: int = 0


def say(sentence: Text, kind: Kind = "done") -> None:
    """Say a sentence on the next page."""
    flash((render_text(sentence), 0), kind)


def decided(decision: Decision) -> None:
    """Say what was decided, with the way back."""
    flash((render_text(decision.summary), decision.undo_id), "done")


def waiting() -> list[Notice]:
    """Return the sentences that wait, and forget them."""
    found = get_flashed_messages(with_categories=True)
    return [Notice(str(message[0]), kind, int(message[1])) for kind, message in found]
