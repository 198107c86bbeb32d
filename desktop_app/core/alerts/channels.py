"""The channels that a person made, each with its terms; kept, changed, switched and removed with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from desktop_app.core import undo
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.errors import UsageError, error_parts
from desktop_app.core.model import Micros, stamp
from desktop_app.core.rules.words import Language
from desktop_app.core.text import Text, text
from desktop_app.core.undo import Decision

MOST = 50
LONGEST_NAME = 80
_TABLE = "alert_channels"


@dataclass(frozen=True, slots=True)
class AlertChannel:
    """A channel as it is decided. ``config`` holds no secret; ``secret`` names it (``core.alerts.secrets``)."""

    kind: str
    name: str
    config: Mapping[str, str]
    which: Which = field(default_factory=Which)
    timing: Timing = field(default_factory=Timing)
    language: Language = "en"
    secret: str = ""
    enabled: bool = False
    id: int = 0

    @property
    def outbox(self) -> str:
        """What the outbox calls it."""
        return f"alert:{self.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel does: what waits and since when, when it is tried next, what went wrong or is to be noted."""

    waiting: int
    oldest: Micros | None
    next: Micros | None
    attempts: int
    last_sent: Micros | None
    problem: tuple[Text, ...]
    note: tuple[Text, ...]

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed."""
        return bool(self.problem)


def listing(db: Connection) -> list[AlertChannel]:
    """Return the channels in the order they were made."""
    return [_read(row) for row in rows(db, f"SELECT * FROM {_TABLE} ORDER BY id")]


def channel(db: Connection, channel_id: int) -> AlertChannel | None:
    """Return one channel, or None."""
    found = rows(db, f"SELECT * FROM {_TABLE} WHERE id = ?", [channel_id])
    return _read(found[0]) if found else None


def _read(row: Mapping[str, Any]) -> AlertChannel:
    return AlertChannel(
        id=row["id"], kind=row["kind"], name=row["name"], enabled=bool(row["enabled"]), language=row["language"],
        config=orjson.loads(row["config"]), which=Which.from_json(orjson.loads(row["which"])),
        timing=Timing.from_json(orjson.loads(row["timing"])), secret=row["secret"],
    )  # fmt: skip


def standing(db: Connection, one: AlertChannel) -> Standing:
    """Return how a channel does."""
    waits = rows(
        db,
        "SELECT count(*) AS waiting, min(created) AS oldest, min(due) AS next, coalesce(max(attempts), 0) AS attempts"
        " FROM outbox WHERE channel = ? AND state = 'waiting'",
        [one.outbox],
    )[0]
    failed = "SELECT error FROM outbox WHERE channel = ? AND state = 'waiting' AND attempts > 0 ORDER BY id LIMIT 1"
    sent = "SELECT error FROM outbox WHERE channel = ? AND state = 'sent' ORDER BY sent DESC, id LIMIT 1"
    return Standing(
        **waits,
        last_sent=value(db, "SELECT max(sent) FROM outbox WHERE channel = ?", [one.outbox]),
        problem=_sentences(value(db, failed, [one.outbox])),
        note=_sentences(value(db, sent, [one.outbox])),
    )


def _sentences(stored: str | None) -> tuple[Text, ...]:
    return error_parts(orjson.loads(stored)) if stored else ()


def open_and_failing(db: Connection) -> tuple[int, int]:
    """Return how many channels are switched on, and how many of those failed at their last attempt."""
    found = rows(
        db,
        "SELECT count(*) AS enabled, coalesce(sum(EXISTS (SELECT 1 FROM outbox o WHERE o.channel = 'alert:' || c.id"
        f" AND o.state = 'waiting' AND o.attempts > 0)), 0) AS failing FROM {_TABLE} c WHERE c.enabled",
    )[0]
    return found["enabled"], found["failing"]


def told(one: AlertChannel, stands: Standing, say: Callable[[Text], str]) -> dict[str, Any]:
    """Return what programs are told of a channel."""
    return {
        "id": one.id, "name": one.name, "kind": one.kind, "enabled": one.enabled, "severity": one.which.severity,
        "when": one.timing.how, "waiting": stands.waiting, "attempts": stands.attempts,
        "last_sent": stamp(stands.last_sent), "next": stamp(stands.next),
        "problem": [say(part) for part in stands.problem],
    }  # fmt: skip


# --- decisions -------------------------------------------------------------------------------------------------------


def add(db: Connection, one: AlertChannel, at: Micros) -> tuple[int, Decision]:
    """Make a channel and return its number with the decision."""
    with writing(db):
        made = put(db, one, at)
        said = text("Made the alert channel “%(name)s”", name=made["name"])
        return made["id"], _record(db, said, made["id"], [], [made])


def put(db: Connection, one: AlertChannel, at: Micros) -> dict[str, Any]:
    """Add a channel and return what the journal keeps of it; inside ``writing()``."""
    name = _free_name(db, one.name)
    if value(db, f"SELECT count(*) FROM {_TABLE}") >= MOST:
        raise UsageError(text("No more channels can be made."), fix=text("Remove one that is no longer used."))
    columns = {**_columns(one), "name": name, "created": at}
    marks = ", ".join("?" * len(columns))
    cursor = db.execute(f"INSERT INTO {_TABLE} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))
    return {"id": int(cursor.lastrowid or 0), "name": name}


def change(db: Connection, one: AlertChannel) -> Decision:
    """Store a channel as it now is; what waits goes out under the new terms."""
    with writing(db):
        before = _existing(db, one.id)
        columns = {**_columns(one), "name": _free_name(db, one.name, but=one.id)}
        named = ", ".join(f"{name} = ?" for name in columns)
        db.execute(f"UPDATE {_TABLE} SET {named} WHERE id = ?", (*columns.values(), one.id))
        _due_now(db, one.outbox)
        return _record(
            db, text("Changed the alert channel “%(name)s”", name=columns["name"]), one.id, [before], [before]
        )


def switch(db: Connection, channel_id: int, *, on: bool) -> Decision:
    """Switch a channel on or off; what waits for one that is off stays in the outbox."""
    with writing(db):
        before = _existing(db, channel_id)
        db.execute(f"UPDATE {_TABLE} SET enabled = ? WHERE id = ?", (int(on), channel_id))
        said = (
            text("Switched the alert channel “%(name)s” on", name=before["name"])
            if on
            else text("Switched the alert channel “%(name)s” off", name=before["name"])
        )
        return _record(db, said, channel_id, [before], [before])


def remove(db: Connection, channel_id: int) -> Decision:
    """Remove a channel. Its secret stays in the keyring for a month, for an undo."""
    with writing(db):
        before = _existing(db, channel_id)
        db.execute(f"DELETE FROM {_TABLE} WHERE id = ?", (channel_id,))
        return _record(db, text("Removed the alert channel “%(name)s”", name=before["name"]), channel_id, [before], [])


def retry(db: Connection, channel_id: int) -> None:
    """Let a channel try again now."""
    with writing(db):
        _due_now(db, f"alert:{channel_id}")


def _due_now(db: Connection, outbox: str) -> None:
    db.execute("UPDATE outbox SET due = created WHERE channel = ? AND state = 'waiting'", (outbox,))


def _columns(one: AlertChannel) -> dict[str, Any]:
    parts = {"config": dict(one.config), "which": one.which.to_json(), "timing": one.timing.to_json()}
    return {
        "kind": one.kind, "enabled": int(one.enabled), "language": one.language, "secret": one.secret,
        **{name: orjson.dumps(part).decode() for name, part in parts.items()},
    }  # fmt: skip


def _free_name(db: Connection, name: str, but: int = 0) -> str:
    written = " ".join(name.split())
    if not written:
        raise UsageError(text("The channel has no name."), fix=text("Write who or what it tells."))
    if len(written) > LONGEST_NAME:
        raise UsageError(text("The name is too long."), fix=text("Use at most %(most)s characters.", most=LONGEST_NAME))
    if any(one.name.casefold() == written.casefold() and one.id != but for one in listing(db)):
        raise UsageError(
            text("There is a channel of that name: %(name)s", name=written), fix=text("Choose another name.")
        )
    return written


def _existing(db: Connection, channel_id: int) -> dict[str, Any]:
    found = rows(db, f"SELECT * FROM {_TABLE} WHERE id = ?", [channel_id])
    if not found:
        raise UsageError(text("There is no such channel."), why=text("It may have been removed."))
    return found[0]


def _record(
    db: Connection, said: Text, channel_id: int, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
) -> Decision:
    return undo.record_rows(db, said, [(_TABLE, list(before), list(after))], [f"alert-channel:{channel_id}"])


def forget_removed(db: Connection, before: Micros) -> None:
    """Drop what waited for channels that are gone, older than a moment; until then an undo finds it."""
    gone = (
        "channel LIKE 'alert:%' AND created < ?"
        f" AND NOT EXISTS (SELECT 1 FROM {_TABLE} c WHERE channel = 'alert:' || c.id)"
    )
    if value(db, f"SELECT 1 FROM outbox WHERE {gone} LIMIT 1", [before]):
        with writing(db):
            db.execute(f"DELETE FROM outbox WHERE {gone}", (before,))
