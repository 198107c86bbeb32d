"""The blueprint of the logs pages; every module of this folder adds its routes to it."""

from __future__ import annotations

from functools import cached_property
from typing import cast

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from desktop_app.core.database import value
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.views.running import Running
from desktop_app.extensions.logs.views.verdicts import KeptVerdicts
from desktop_app.web import context

blueprint = Blueprint("logs", __name__, url_prefix="/logs")

_RUNNING, _VERDICTS = "logs.running", "logs.verdicts"


@blueprint.record
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions |= {_RUNNING: Running(), _VERDICTS: KeptVerdicts()}


def running() -> Running:
    """Return which searches this application answers at the moment."""
    return cast("Running", current_app.extensions[_RUNNING])


def kept_verdicts() -> KeptVerdicts:
    """Return what this application knows of the rules' verdicts."""
    return cast("KeptVerdicts", current_app.extensions[_VERDICTS])


class TabCounts:
    """The numbers beside the tabs, read only when a page with tabs is drawn."""

    @cached_property
    def detections(self) -> int:
        """How many rules are switched on."""
        return sum(pack["enabled"] for pack in catalogue.packs(context.db()))

    @cached_property
    def sources(self) -> int:
        """How many imports stand."""
        return int(value(context.db(), "SELECT COUNT(*) FROM imports WHERE state IN ('reading', 'done')"))


@blueprint.context_processor
def tab_counts() -> dict[str, TabCounts]:
    """Give the numbers beside the tabs to every page of the logs."""
    return {"tab_counts": TabCounts()}
