"""Live sources: made, changed, paused and removed by people; every decision can be undone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from desktop_app.core import undo
from desktop_app.core.database import Connection, writing
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Hit, Question
from desktop_app.core.matching import Name
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision
from desktop_app.extensions.logs.sources import feeds
from desktop_app.extensions.logs.store import live

SOURCES = text("Live sources")
USUAL: Mapping[str, Mapping[str, Any]] = {
    "syslog": {"udp": True, "tcp": True, "tls": False, "bind": "127.0.0.1", "port": feeds.PORT,
               "tls_port": feeds.TLS_PORT, "allow": []},
    "follow": {"path": "", "start": "beginning"},
    "drop": {"path": "", "after": "leave"},
    "journald": {},
    "winevent": {},
}  # fmt: skip


def problems(
    db: Connection, kind: str, name: str, config: Mapping[str, Any], besides: int | None = None
) -> feeds.Problems:
    """Return what is wrong with a source, by the word it is wrong in."""
    found = feeds.problems(kind, name, config)
    if "name" not in found and live.is_taken(db, kind, name, besides):
        found["name"] = text("Another source of this kind has that name.")
    other = _same_place(db, kind, config, besides)
    if "path" not in found and other is not None:
        found["path"] = text(
            "The source %(name)s reads this path already, and each line would be read twice. Change that source, or"
            " choose another path.",
            name=other,
        )
    return found


def _same_place(db: Connection, kind: str, config: Mapping[str, Any], besides: int | None) -> str | None:
    """Return the name of the source that reads the same path, however it is written or linked."""
    path = str(config.get("path", ""))
    if not path:
        return None
    others = (one for one in live.sources(db) if one.kind == kind and one.id != besides)
    return next((one.name for one in others if _place(str(one.config.get("path", ""))) == _place(path)), None)


def _place(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _refuse(found: feeds.Problems) -> None:
    for word, problem in found.items():
        raise UsageError(text("%(word)s: %(problem)s", word=word, problem=problem))


def add(db: Connection, kind: str, name: str, config: Mapping[str, Any]) -> tuple[int, Decision]:
    """Add a source and begin to listen; what ``config`` does not say is as usual. UsageError where it is wrong."""
    if kind not in USUAL:
        raise UsageError(text("There is no kind of source %(kind)s.", kind=kind),
                         fix=text("The kinds are: %(known)s.", known=", ".join(USUAL)))  # fmt: skip
    name, config = name.strip(), {**USUAL[kind], **config}
    _refuse(problems(db, kind, name, config))
    with writing(db):
        source_id = live.add(db, kind, name, config)
        change: undo.Change = ("sources", [], [{"id": source_id}])
        return source_id, _record(db, source_id, text("Added the live source %(name)s", name=name), change)


def change(db: Connection, source_id: int, name: str, config: Mapping[str, Any]) -> Decision:
    """Change how a source is configured; it listens anew with that."""
    standing = live.source(db, source_id)
    name, config = name.strip(), {**standing.config, **config}
    _refuse(problems(db, standing.kind, name, config, source_id))
    return _change(db, source_id, name, config, text("Changed the live source %(name)s", name=name))


def pause(db: Connection, source_id: int) -> Decision:
    """Stop listening to a source until it is resumed."""
    one = live.source(db, source_id)
    said = text("Paused the live source %(name)s", name=one.name)
    return _change(db, source_id, one.name, {**one.config, "paused": True}, said)


def resume(db: Connection, source_id: int) -> Decision:
    """Listen to a paused source again."""
    one = live.source(db, source_id)
    said = text("Resumed the live source %(name)s", name=one.name)
    return _change(db, source_id, one.name, {**one.config, "paused": False}, said)


def remove(db: Connection, source_id: int) -> Decision:
    """Forget a source; its events stay."""
    one = live.source(db, source_id)
    with writing(db):
        change: undo.Change = ("sources", live.decided(db, source_id, cursor=True), [])
        live.remove(db, source_id)
        return _record(db, source_id, text("Removed the live source %(name)s", name=one.name), change)


def search_palette(db: Connection, question: Question) -> list[Hit]:
    """Return the live sources whose names answer the command palette."""
    scored = [(Name.of(one.name).score(question.words), one) for one in live.sources(db)]
    return [
        Hit(SOURCES, one.name, "logs.sources", score, {"live": one.id}, feeds.TITLES[one.kind], "logs")
        for score, one in sorted((one for one in scored if one[0]), key=lambda one: -one[0])[: question.limit]
    ]


def _change(db: Connection, source_id: int, name: str, config: Mapping[str, Any], said: Text) -> Decision:
    with writing(db):
        before = live.decided(db, source_id)
        live.change(db, source_id, name, config)
        return _record(db, source_id, said, ("sources", before, live.decided(db, source_id)))


def _record(db: Connection, source_id: int, said: Text, change: undo.Change) -> Decision:
    return undo.record_rows(db, said, [change], [f"source:{source_id}"])
