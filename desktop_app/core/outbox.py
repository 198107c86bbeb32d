"""The outbox: what is to be told of findings, kept until it is delivered, and the courier that takes it out.

A row is one finding for one channel. It waits until the channel may speak; then everything that waits goes out as one
message. A delivery that fails is tried again, ever more seldom, as long as the channel's patience lasts.

Rows are claimed for a message before it is sent and marked after it, so a crash between the two repeats that one
message, under the same key, and nothing is sent while the disk can take no note of it.
"""

from __future__ import annotations

import hashlib
import logging
import socket
import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from desktop_app.core import moved, notify, settings
from desktop_app.core.database import Connection, rows, value, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import unexpected
from desktop_app.core.model import Micros, Severity
from desktop_app.core.notify import Channel, Fresh, Item, Policy, Remote, Undelivered
from desktop_app.core.origins import WATCHED
from desktop_app.core.rules.texts import finding_texts
from desktop_app.core.rules.words import Language
from desktop_app.core.text import Text

LOOK_SECONDS = 2.0
LOOK_BACK = 600 * notify.SECOND  # a landing that takes long may reopen "earlier" than one that was quicker
KEPT = 30 * 86_400 * notify.SECOND
PAUSE_KEY = "notify_paused_until"
IMPORT_PATIENCE = 10 * notify.SECOND
_BEING_READ = f"""SELECT 1 FROM imports i JOIN jobs j ON j.id = i.job_id WHERE i.state = 'reading'
    AND {WATCHED} IS NULL AND j.state IN ('queued', 'running') LIMIT 1"""

log = logging.getLogger(__name__)


def fresh(db: Connection) -> list[Fresh]:
    """Return the findings that are new since the cursor, or new again; a desk's first look finds nothing new."""
    cursor = rows(db, "SELECT finding_id, reopened FROM outbox_cursor")
    if not cursor:
        return []
    found = rows(
        db,
        f"SELECT f.id, f.severity, coalesce(f.reopened, 0) AS since, (SELECT {WATCHED} IS NULL FROM contributions c"
        " JOIN segments s ON s.id = c.segment_id JOIN imports i ON i.id = s.import_id WHERE c.finding_id = f.id"
        " ORDER BY s.id DESC LIMIT 1) AS attended, f.rule_id, f.extension, a.name AS asset, r.pack, r.tags"
        " FROM findings f JOIN assets a ON a.id = f.asset_id LEFT JOIN rules r ON r.id = f.rule_id"
        " WHERE f.status = 'new'"
        " AND (f.id > ? OR f.reopened > ?) ORDER BY f.id",
        [cursor[0]["finding_id"], cursor[0]["reopened"] - LOOK_BACK],
    )
    return [_fresh(one) for one in found]


def _fresh(row: Mapping[str, Any]) -> Fresh:
    return Fresh(
        row["id"], Severity(row["severity"]), row["since"], bool(row["attended"]), rule=row["rule_id"],
        pack=row["pack"] or "", tags=tuple(map(str, orjson.loads(row["tags"] or "[]"))), asset=row["asset"],
        extension=row["extension"],
    )  # fmt: skip


def collect(db: Connection, policies: Mapping[str, Policy], at: Micros) -> int:
    """Put what is new into the outbox and remember how far was looked; returns how many rows were added."""
    found = fresh(db)
    high = rows(db, "SELECT coalesce(max(id), 0) AS id, coalesce(max(reopened), 0) AS reopened FROM findings")[0]
    cursor = rows(db, "SELECT finding_id, reopened FROM outbox_cursor")
    moved = not cursor or (cursor[0]["finding_id"], cursor[0]["reopened"]) != (high["id"], high["reopened"])
    wanted = [
        (channel, one.finding_id, one.since, at, at, int(one.attended))
        for channel, policy in policies.items()
        for one in found
        if notify.wanted(policy, one)
    ]
    if not moved and not wanted:
        return 0
    with writing(db):
        before = db.conn.total_changes
        db.conn.executemany(
            "INSERT OR IGNORE INTO outbox (channel, finding_id, since, created, due, attended)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            wanted,
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
        "SELECT o.id, o.attempts, o.finding_id, o.created, o.batch, o.attended, f.status, f.severity, f.rule_id,"
        " f.extension, f.count, f.first_seen, f.last_seen, a.name AS asset, r.body,"
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
    return Item(
        row["finding_id"], Severity(row["severity"]), title, row["asset"], row["rule_id"], row["extension"],
        row["count"], row["first_seen"], row["last_seen"],
    )  # fmt: skip


def settle(db: Connection, ids: Sequence[int], state: str, at: Micros, told: Undelivered | Text | None = None) -> None:
    """Write what became of rows: sent (with what is to be noted), dropped, failed, or waiting for another attempt."""
    error = told if isinstance(told, Undelivered) else Undelivered(told) if told is not None else None
    noted = orjson.dumps(error.to_json()).decode() if error else None
    failed = isinstance(told, Undelivered)
    with writing(db):
        db.conn.executemany(
            "UPDATE outbox SET state = ?, sent = CASE ? WHEN 'sent' THEN ? END, error = ?, batch = NULL,"
            " attempts = attempts + ? WHERE id = ?",
            [(state, state, at, noted, failed, one) for one in ids],
        )
        db.execute("DELETE FROM outbox WHERE state <> 'waiting' AND created < ?", (at - KEPT,))


def claim(db: Connection, ids: Sequence[int]) -> None:
    """Say that rows are about to be sent as one message, named after the first."""
    with writing(db):
        db.conn.executemany("UPDATE outbox SET batch = ? WHERE id = ?", [(min(ids), one) for one in ids])


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


@dataclass
class Lane:
    """One channel's way out. ``unmarked``: rows that were sent while the database could not be written, and when."""

    channel: Channel
    policy: Policy
    unmarked: dict[int, Micros] = field(default_factory=dict)


def deliver(db: Connection, lane: Lane, at: Micros) -> None:
    """Take out what waits for one channel, as one message; what was decided meanwhile is no longer told."""
    _mark(db, lane)
    due = _ready(db, waiting(db, lane.channel.id, at), at)
    if not due:
        return
    start = _earliest(db, lane, due, at)
    if start > at:
        postpone(db, [row["id"] for row in due], start)
        return
    standing = [row for row in due if row["status"] == "new"]
    stale = [row["id"] for row in due if row["status"] != "new"]
    if stale:
        settle(db, stale, "dropped", at)
    if standing:
        _send(db, lane, standing, at)


def _mark(db: Connection, lane: Lane) -> None:
    """Mark what was sent while the disk was full; until then nothing else is sent: it could not be marked."""
    for row_id, sent in list(lane.unmarked.items()):
        settle(db, [row_id], "sent", sent)
        del lane.unmarked[row_id]


def _ready(db: Connection, due: Sequence[dict[str, Any]], at: Micros) -> Sequence[dict[str, Any]]:
    """Return what a message may be made of: one that a crash cut off goes first and alone; an import is waited for."""
    cut_off = [row for row in due if row["batch"] is not None]
    if cut_off:
        return [row for row in cut_off if row["batch"] == cut_off[0]["batch"]]
    attended = [row["id"] for row in due if row["attended"]]
    if attended and rows(db, _BEING_READ):
        postpone(db, attended, at + IMPORT_PATIENCE)
        return [row for row in due if not row["attended"]]
    return due


def _earliest(db: Connection, lane: Lane, due: Sequence[Mapping[str, Any]], at: Micros) -> Micros:
    policy, channel = lane.policy, lane.channel.id
    latest = "SELECT DISTINCT sent FROM outbox WHERE channel = ? AND sent IS NOT NULL ORDER BY sent DESC LIMIT ?"
    hourly = [row["sent"] for row in rows(db, latest, [channel, policy.per_hour])] if policy.per_hour else []
    since = min(row["created"] for row in due)
    start = notify.earliest(policy, at, last_sent(db, channel), waited_since=since, hourly=hourly)
    # What is new does not knock at a door that has just been found closed.
    held = "SELECT max(due) FROM outbox WHERE state = 'waiting' AND channel = ? AND attempts > 0 AND due > ?"
    return max(start, int(value(db, held, [channel, at]) or 0))


def _send(db: Connection, lane: Lane, standing: Sequence[Mapping[str, Any]], at: Micros) -> None:
    ids = [row["id"] for row in standing]
    claim(db, ids)
    items = [item(row, lane.channel.language) for row in standing]
    message = notify.compose(items, lane.policy.named, _key(lane.channel.id, standing))
    try:
        note = lane.channel.deliver(message)
    except Exception as error:  # noqa: BLE001 - the boundary of a channel: mail servers and desktops fail in every way
        failure = error if isinstance(error, Undelivered) else Undelivered(unexpected(error).what)
        log.warning("Nothing could be told by %s: %s", lane.channel.id, failure)
        _failed(db, lane.policy, standing, at, failure)
        return
    try:
        settle(db, ids, "sent", at, note)
    except sqlite3.Error:
        lane.unmarked.update(dict.fromkeys(ids, at))
        raise


def _failed(
    db: Connection, policy: Policy, standing: Sequence[Mapping[str, Any]], at: Micros, failure: Undelivered
) -> None:
    ids = [row["id"] for row in standing]
    attempts = max(int(row["attempts"]) for row in standing) + 1
    over = bool(policy.patience) and (not failure.again or attempts >= policy.patience)
    settle(db, ids, "failed" if over else "waiting", at, failure)
    if not over:
        postpone(db, ids, at + notify.retry_after(attempts))


def _key(channel: str, standing: Sequence[Mapping[str, Any]]) -> str:
    """Name a message by what it was first made of, so that a repeat is known by whoever looks."""
    first = min(standing, key=lambda row: int(row["batch"] or row["id"]))
    named = f"{socket.gethostname()}|{channel}|{first['batch'] or first['id']}|{first['created']}"
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:32]


def none(_db: Connection) -> Sequence[Remote]:
    """Return no remote channels."""
    return ()


class Courier:
    """Looks for what is new and takes it out, in a thread of the desk that is open; what is remote, in one thread each.

    ``remote`` is asked at every look, as a person may change these channels at any time.
    """

    def __init__(
        self, desk: Desk, channels: Sequence[Channel], remote: Callable[[Connection], Sequence[Remote]] = none
    ) -> None:
        self._desk = desk
        self._channels = channels
        self._remote = remote
        self._lanes: dict[str, Lane] = {}
        self._under_way: dict[str, tuple[Remote, threading.Thread]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="courier", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; what waits is told by the next run."""
        self._stop.set()
        self._thread.join()
        self.stop_lanes()

    def stop_lanes(self) -> None:
        """Break off what is under way; it is told again later."""
        for channel, _ in self._under_way.values():
            channel.abort()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is under way."""
        for _, thread in list(self._under_way.values()):
            thread.join()

    def turn(self, db: Connection) -> None:
        """Look once."""
        at = self._desk.clock()
        values = settings.current(db, self._desk.settings)
        remote = () if moved.held(db) else self._remote(db)
        lanes = [lane for one in (*self._channels, *remote) if (lane := self._lane(db, one, values)) is not None]
        collect(db, {lane.channel.id: lane.policy for lane in lanes}, at)
        away = {one.id: one for one in remote}
        for lane in lanes:
            if lane.channel.id in away:
                self._send_off(db, lane, away[lane.channel.id], at)
            else:
                deliver(db, lane, at)

    def _lane(self, db: Connection, channel: Channel, values: Mapping[str, settings.Value]) -> Lane | None:
        policy = channel.policy(values)
        if policy is None:
            return None
        if channel.pausable:
            policy = replace(policy, paused_until=paused_until(db))
        before = self._lanes.get(channel.id)
        self._lanes[channel.id] = lane = Lane(channel, policy, before.unmarked if before else {})
        return lane

    def _send_off(self, db: Connection, lane: Lane, channel: Remote, at: Micros) -> None:
        """Deliver in a thread, so that a server that hangs holds up nobody else."""
        before = self._under_way.get(channel.id)
        if (before is not None and before[1].is_alive()) or not (lane.unmarked or waiting(db, channel.id, at)):
            return
        thread = threading.Thread(target=self._carry, args=(lane, at), name=f"courier-{channel.id}", daemon=True)
        self._under_way[channel.id] = (channel, thread)
        thread.start()

    def _carry(self, lane: Lane, at: Micros) -> None:
        try:
            with self._desk.connection() as db:
                deliver(db, lane, at)
        except (sqlite3.Error, OSError):
            log.warning("The outbox could not be kept", exc_info=True)

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
