"""What decisions look like."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from desktop_app.core.text import text
from desktop_app.core.undo import Decision
from desktop_app.web.api import shapes


def test_a_decision_that_changed_nothing_has_nothing_to_undo() -> None:
    call = cast("Any", SimpleNamespace(say=str))
    assert shapes.decision(None, call) == {"undo_id": None, "summary": ""}
    assert shapes.decision(Decision(3, text("Saved")), call) == {"undo_id": 3, "summary": "Saved"}
