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
    """One sentence, the decision that it can take back, and the finding that this was about (0 for none)."""

    sentence: str
    kind: str
    undo_id: int = 0
    finding: int = 0


def say(sentence: Text, kind: Kind = "done") -> None:
    """Say a sentence on the next page."""
    flash((render_text(sentence), 0, 0), kind)


def decided(decision: Decision, sentence: Text | None = None, finding: int = 0) -> None:
    """Say what was decided (in the decision's own words, or better ones), with the way back."""
    flash((render_text(sentence or decision.summary), decision.undo_id, finding), "done")


def waiting() -> list[Notice]:
    """Return the sentences that wait, and forget them."""
    found = get_flashed_messages(with_categories=True)
    return [Notice(str(sentence), kind, int(undo_id), int(finding)) for kind, (sentence, undo_id, finding) in found]
