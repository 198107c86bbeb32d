"""The outbox: what is to be told of findings, kept until it is delivered, and the courier that takes it out.

A row is one finding for one channel. It waits until the channel may speak; then everything that waits goes out as one
message. A delivery that fails is tried again, ever more seldom, and given up after MOST_ATTEMPTS.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from desktop_app.core import notify, settings
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import unexpected
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Channel, Fresh, Item, Policy, Undelivered
from desktop_app.core.rules.texts import finding_texts
from desktop_app.core.rules.words import Language

LOOK_SECONDS = 2.0
LOOK_BACK = 600 * notify.SECOND  # a landing that takes long may reopen "earlier" than one that was quicker
KEPT = 30 * 86_400 * notify.SECOND
PAUSE_KEY = "notify_paused_until"

log = logging.getLogger(__name__)


def fresh(db: Connection) -> list[Fresh]:
    """Return the findings that are new since the cursor, or new again; a desk's first look finds nothing new."""
    cursor = rows(db, "SELECT finding_id, reopened FROM outbox_cursor")
    if not cursor:
        return []
    found = rows(
        db,
        "SELECT f.id, f.severity, coalesce(f.reopened, 0) AS since, (SELECT i.source_id IS NULL FROM contributions c"
        " JOIN segments s ON s.id = c.segment_id JOIN imports i ON i.id = s.import_id WHERE c.finding_id = f.id"
        " ORDER BY s.id DESC LIMIT 1) AS attended FROM findings f WHERE f.status = 'new'"
        " AND (f.id > ? OR f.reopened > ?) ORDER BY f.id",
        [cursor[0]["finding_id"], cursor[0]["reopened"] - LOOK_BACK],
    )
    return [Fresh(one["id"], Severity(one["severity"]), one["since"], bool(one["attended"])) for one in found]


def collect(db: Connection, policies: Mapping[str, Policy], at: Micros) -> int:
    """Put what is new into the outbox and remember how far was looked; returns how many rows were added."""
    found = fresh(db)
    high = rows(db, "SELECT coalesce(max(id), 0) AS id, coalesce(max(reopened), 0) AS reopened FROM findings")[0]
    cursor = rows(db, "SELECT finding_id, reopened FROM outbox_cursor")
    moved = not cursor or (cursor[0]["finding_id"], cursor[0]["reopened"]) != (high["id"], high["reopened"])
    wanted = [
        (channel, one.finding_id, one.since, at, at)
        for channel, policy in policies.items()
        for one in found
        if notify.wanted(policy, one)
    ]
    if not moved and not wanted:
        return 0
    with writing(db):
        before = db.conn.total_changes
        db.conn.executemany(
            "INSERT OR IGNORE INTO outbox (channel, finding_id, since, created, due) VALUES (?, ?, ?, ?, ?)", wanted
        )
        added = db.conn.total_changes - before
        db.execute(
            "INSERT INTO outbox_cursor (id, finding_id, reopened) VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET"
            " finding_id = max(finding_id, excluded.finding_id), reopened = max(reopened, excluded.reopened)",
            (high["id"], high["reopened"]),
        )
    return added


def waiting(db: Connection, channel: str, at: Micros) -> list[dict[str, Any]]:
    """Return the rows of a channel whose time has come, with what is known of their findings (None: it has gone)."""
    return rows(
        db,
        "SELECT o.id, o.attempts, o.finding_id, f.status, f.severity, f.rule_id, a.name AS asset, r.body,"
        ' f."values" AS quoted FROM outbox o LEFT JOIN findings f ON f.id = o.finding_id'
        " LEFT JOIN assets a ON a.id = f.asset_id LEFT JOIN rules r ON r.id = f.rule_id"
        " WHERE o.state = 'waiting' AND o.channel = ? AND o.due <= ? ORDER BY o.id",
        [channel, at],
    )


def last_sent(db: Connection, channel: str) -> Micros:
    """Return when a channel last told something, 0 when never."""
    return int(value(db, "SELECT max(sent) FROM outbox WHERE channel = ?", [channel]) or 0)


def item(row: Mapping[str, Any], language: Language) -> Item:
    """Name a finding in a language."""
    title = finding_texts(row["body"] or "", orjson.loads(row["quoted"]), language).title or row["rule_id"]
    return Item(row["finding_id"], Severity(row["severity"]), title, row["asset"])


def settle(db: Connection, ids: Sequence[int], state: str, at: Micros, error: Undelivered | None = None) -> None:
    """Write what became of rows: sent, dropped, failed, or waiting for another attempt."""
    told = orjson.dumps(error.to_json()).decode() if error else None
    with writing(db):
        db.conn.executemany(
            "UPDATE outbox SET state = ?, sent = CASE ? WHEN 'sent' THEN ? END, error = ?,"
            " attempts = attempts + (? IS NOT NULL) WHERE id = ?",
            [(state, state, at, told, told, one) for one in ids],
        )
        db.execute("DELETE FROM outbox WHERE state <> 'waiting' AND created < ?", (at - KEPT,))


def postpone(db: Connection, ids: Sequence[int], until: Micros) -> None:
    """Let rows wait until a moment."""
    with writing(db):
        db.conn.executemany("UPDATE outbox SET due = ? WHERE id = ?", [(until, one) for one in ids])


def pause(db: Connection, until: Micros) -> None:
    """Let channels that can be paused wait until a moment; 0 ends the pause, and what waited goes out."""
    with writing(db):
        settings.store(db, {PAUSE_KEY: str(until)})
        db.execute("UPDATE outbox SET due = created WHERE state = 'waiting' AND attempts = 0")


def paused_until(db: Connection) -> Micros:
    """Return until when nothing is told, 0 where nothing was paused."""
    return int(value(db, "SELECT value FROM settings WHERE key = ?", [PAUSE_KEY]) or 0)


def deliver(db: Connection, channel: Channel, policy: Policy, at: Micros) -> None:
    """Take out what waits for one channel, as one message; what was decided meanwhile is no longer told."""
    due = waiting(db, channel.id, at)
    if not due:
        return
    start = notify.earliest(policy, at, last_sent(db, channel.id))
    if start > at:
        postpone(db, [row["id"] for row in due], start)
        return
    standing = [row for row in due if row["status"] == "new"]
    stale = [row["id"] for row in due if row["status"] != "new"]
    if stale:
        settle(db, stale, "dropped", at)
    if standing:
        _send(db, channel, standing, at)


def _send(db: Connection, channel: Channel, standing: Sequence[Mapping[str, Any]], at: Micros) -> None:
    ids = [row["id"] for row in standing]
    try:
        channel.deliver(notify.compose([item(row, channel.language) for row in standing]))
    except Exception as error:  # noqa: BLE001 - the boundary of a channel: mail servers and desktops fail in every way
        failure = error if isinstance(error, Undelivered) else Undelivered(unexpected(error).what)
        log.warning("Nothing could be told by %s: %s", channel.id, failure)
        attempts = max(int(row["attempts"]) for row in standing) + 1
        over = not failure.again or attempts >= notify.MOST_ATTEMPTS
        settle(db, ids, "failed" if over else "waiting", at, failure)
        if not over:
            postpone(db, ids, at + notify.retry_after(attempts))
    else:
        settle(db, ids, "sent", at)


class Courier:
    """Looks for what is new and takes it out, in a thread of the desk that is open."""

    def __init__(self, desk: Desk, channels: Sequence[Channel]) -> None:
        self._desk = desk
        self._channels = channels
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; what waits is told by the next run."""
        self._stop.set()
        self._thread.join()

    def turn(self, db: Connection) -> None:
        """Look once."""
        at = self._desk.clock()
        values = settings.current(db, self._desk.settings)
        paused = paused_until(db)
        policies = {
            one.id: replace(made, paused_until=paused) if one.pausable else made
            for one in self._channels
            if (made := one.policy(values)) is not None
        }
        collect(db, policies, at)
        for channel in self._channels:
            if channel.id in policies:
                deliver(db, channel, policies[channel.id], at)

    def _loop(self) -> None:
        seen: object = None
        while not self._stop.wait(LOOK_SECONDS):
            try:
                seen = self._look(seen)
            except (sqlite3.Error, OSError):
                # The database is busy, or the stick that holds it was pulled out: the next look is soon.
                log.warning("The courier could not look", exc_info=True)

    def _look(self, seen: object) -> object:
        with self._desk.connection() as db:
            # A connection for each look: a folder that was swapped or plugged in again is met as it is now.
            mark = rows(db, "SELECT max(id) AS newest, sum(reopened) AS reopened FROM findings")
            ripe = "SELECT 1 FROM outbox WHERE state = 'waiting' AND due <= ? LIMIT 1"
            if mark != seen or rows(db, ripe, [self._desk.clock()]):
                self.turn(db)
        return mark
