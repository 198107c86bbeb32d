"""Handbook: what every rule means, and guides for the person who has to act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop_app.core.extension import Command, Extension, Health, Hit, NavItem, Question
from desktop_app.core.paths import resource
from desktop_app.core.settings import HANDBOOK_FOLDER
from desktop_app.core.text import text
from desktop_app.core.version import VERSION
from desktop_app.extensions.handbook.migrations import handbook

if TYPE_CHECKING:
    import argparse

    from flask import Blueprint

    from desktop_app.core.database import Connection
    from desktop_app.core.desk import Desk
    from desktop_app.core.operations import Operation


def _blueprint() -> Blueprint:
    from desktop_app.extensions.handbook.views import blueprint

    return blueprint


def _health(desk: Desk) -> tuple[Health, ...]:
    from desktop_app.extensions.handbook.service import health

    return health(desk)


def _search(desk: Desk, db: Connection, question: Question) -> Sequence[Hit]:
    from desktop_app.extensions.handbook.service import search_palette

    return search_palette(desk, db, question)


def _operations() -> Sequence[Operation]:
    from desktop_app.extensions.handbook.views import OPERATIONS

    return OPERATIONS


def _configure(parser: argparse.ArgumentParser) -> None:
    from desktop_app.extensions.handbook import cli

    cli.configure(parser)


def _run(desk: Desk, arguments: argparse.Namespace) -> int:
    from desktop_app.extensions.handbook import cli

    return cli.run(desk, arguments)


extension = Extension(
    id="handbook",
    title=text("Handbook"),
    version=VERSION,
    navigation=(NavItem(text("Handbook"), "handbook.index", "handbook", 90),),
    blueprint=_blueprint,
    migrations=handbook,
    settings=(HANDBOOK_FOLDER,),
    commands=(Command("handbook", "read, search and export the handbook", _configure, _run),),
    handbook=resource("extensions", "handbook", "guides"),
    health=_health,
    search=_search,
    search_later="handbook.palette",
    operations=_operations,
)
