"""Settings: declared once with their limits, stored as text, read back typed."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
import zoneinfo
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.core.database import Connection, rows
from desktop_app.core.keeping import ages
from desktop_app.core.model import now
from desktop_app.core.text import Text, text

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: how it is named, explained and bounded. ``default`` has the type that ``get`` returns."""

    key: str
    kind: Literal["text", "int", "bool", "choice", "zone", "clock", "key", "ages"]
    label: Text
    help: Text
    default: Value
    choices: tuple[tuple[str, Text], ...] = ()
    minimum: int = 0
    maximum: int = 2**31


def machine_zone() -> str:
    """Return the IANA name of this machine's time zone, or a fixed offset such as ``UTC`` where it has no name."""
    named = os.environ.get("TZ", "").lstrip(":")
    candidates = [named] if named else []
    link = Path("/etc/localtime")
    if link.is_symlink():
        candidates.append(str(link.resolve()).partition("zoneinfo/")[2])
    timezone = Path("/etc/timezone")
    if timezone.is_file():
        candidates.append(timezone.read_text(encoding="ascii", errors="replace").strip())
    for name in candidates:
        if name and is_zone(name):
            return name
    return _zone_like(*(time.localtime(_noon(month)).tm_gmtoff for month in (1, 7)))


# Looked through before all others, so that a common zone is called by its common name.
_COMMON_ZONES = (
    "UTC", "Asia/Shanghai", "Asia/Tokyo", "Asia/Kolkata", "Asia/Singapore", "Europe/Berlin", "Europe/London",
    "Europe/Moscow", "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
    "America/Sao_Paulo", "Australia/Sydney", "Pacific/Auckland", "Africa/Johannesburg",
)  # fmt: skip


def _noon(month: int) -> float:
    this_year = dt.datetime.now(dt.UTC).year
    return dt.datetime(this_year, month, 1, 12, tzinfo=dt.UTC).timestamp()


def _zone_like(january: int, july: int) -> str:
    """Return a zone whose offsets (seconds) in winter and summer are this machine's, where the system names none.

    Windows calls its zones otherwise; the offsets of both seasons tell daylight saving and half hours.
    """
    for name in (*_COMMON_ZONES, *sorted(zoneinfo.available_timezones())):
        zone = zoneinfo.ZoneInfo(name)
        moments = [dt.datetime.fromtimestamp(_noon(month), zone).utcoffset() for month in (1, 7)]
        if moments == [dt.timedelta(seconds=january), dt.timedelta(seconds=july)]:
            return name
    return "UTC"


def is_zone(name: str) -> bool:
    """Say whether a name is a time zone that this machine knows."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


LANGUAGE = Setting(
    "language",
    "choice",
    text("Language"),
    text("Automatic follows the language of your system."),
    "auto",
    (("auto", text("Automatic")), ("en", text("English")), ("zh", text("简体中文"))),
)
THEME = Setting(
    "theme",
    "choice",
    text("Appearance"),
    text("Automatic follows your system."),
    "auto",
    (("auto", text("Automatic")), ("light", text("Light")), ("dark", text("Dark"))),
)
SITE_ZONE = Setting(
    "site_zone",
    "zone",
    text("Time zone of the site"),
    text("Times are shown in this zone, and log lines without a zone are taken to be in it."),
    machine_zone(),
)
KEYS = Setting(
    "keys",
    "bool",
    text("Single-key shortcuts"),
    text("Keys such as J, K and C act on findings. Switch them off if you use speech input."),
    default=True,
)
DESK = (LANGUAGE, THEME, SITE_ZONE)


def key_setting(name: str, default: str, label: Text) -> Setting:
    """Declare a single key; ``core.keys`` says what that means."""
    return Setting(f"key_{name}", "key", label, text("One character; leave it empty to switch this key off."), default)


# The single keys of the desk's own pages. An extension declares those of its pages among its settings.
SINGLE_KEYS = (
    key_setting("next", "j", text("Next line of a list")),
    key_setting("previous", "k", text("Previous line of a list")),
    key_setting("select", "x", text("Select the finding")),
    key_setting("confirm", "c", text("Confirm the finding")),
    key_setting("suppress", "s", text("Suppress the finding")),
    key_setting("case", "a", text("Add the finding to a case")),
    key_setting("note", "n", text("Write a note")),
    key_setting("undo", "z", text("Undo the last decision")),
    key_setting("search", "/", text("Go to the search field")),
    key_setting("go", "g", text("Go to a page: followed by its letter")),
    key_setting("help", "?", text("Show the shortcuts")),
)

NOTIFY = Setting(
    "notify",
    "bool",
    text("Tell me of new findings"),
    text("A message of your desktop; a click opens the finding."),
    default=True,
)
NOTIFY_SEVERITY = Setting(
    "notify_severity",
    "choice",
    text("From this severity on"),
    text("What is less severe waits in the inbox without a word."),
    "4",
    (
        ("5", text("Critical")),
        ("4", text("High")),
        ("3", text("Medium")),
        ("2", text("Low")),
        ("1", text("Informational")),
    ),
)
QUIET_FROM = Setting(
    "quiet_from",
    "clock",
    text("Quiet hours begin"),
    text("A time of the site such as 22:00. What is found in quiet hours is told in one message at their end."),
    "",
)
QUIET_UNTIL = Setting(
    "quiet_until", "clock", text("Quiet hours end"), text("A time of the site such as 06:00; empty for none."), ""
)
NOTIFY_OWN = Setting(
    "notify_own",
    "bool",
    text("Also tell what my own imports find"),
    text("You see the result of an import when it ends, so nothing more is said of it otherwise."),
    default=False,
)
NOTIFICATIONS = (NOTIFY, NOTIFY_SEVERITY, QUIET_FROM, QUIET_UNTIL, NOTIFY_OWN)

KEYS_TITLE = text("Keys")
LOCK_MINUTES = Setting(
    "lock_minutes",
    "int",
    text("Lock after minutes without anybody"),
    text("Only where a passphrase is set, which the page Passphrase does."),
    15,
    minimum=1,
    maximum=720,
)

KEEP_WATCHING = Setting(
    "keep_watching",
    "bool",
    text("Keep watching when the window is closed"),
    text(
        "Watchdesk goes on without its window. An icon in the tray shows it again or ends it; where the desktop has no"
        " tray, start Watchdesk again to see it, or run watchdesk serve instead."
    ),
    default=False,
)
START_AT_SIGN_IN = Setting(
    "start_at_sign_in",
    "bool",
    text("Start when I sign in"),
    text("Without a window, to keep watching. Switching it off removes all of it."),
    default=False,
)

RETENTION = (
    Setting(
        "retention_days", "int", text("Keep events for days"), text("0 keeps them for ever."), 0, maximum=ages.LONGEST
    ),
    Setting(
        "retention_sources", "ages", text("Days for single sources"),
        text("Names of live sources, imports or kinds of logs, as Firewall = 30, windows-any-security = 365; 0 is for"
             " ever."),
        "",
    ),
    Setting(
        "retention_megabytes", "int", text("Keep at most megabytes of events"),
        text("The oldest go first; 0 sets no limit."), 0, maximum=100_000_000,
    ),
    Setting(
        "retention_since", "choice", text("Age counts from"),
        text("An old log that you read today is old by its events, and young by its reading."), "event",
        (("event", text("the time of the event")), ("read", text("the time it was read"))),
    ),
    Setting(
        "retention_grace", "int", text("Days until what went is deleted"),
        text("Until then it can be brought back and takes up space; 0 deletes at once and for good."), 7, maximum=365,
    ),
)  # fmt: skip

# The core's settings as the page groups them.
GROUPS: tuple[tuple[Text, tuple[Setting, ...]], ...] = (
    (text("Desk"), DESK),
    (text("Notifications"), NOTIFICATIONS),
    (KEYS_TITLE, (KEYS, *SINGLE_KEYS)),
    (text("Retention of events"), RETENTION),
    (text("Passphrase"), (LOCK_MINUTES,)),
    (text("In the background"), (KEEP_WATCHING, START_AT_SIGN_IN)),
)
# Read by the core too, so that every page finds the site's guides; the handbook offers it among its settings.
HANDBOOK_FOLDER = Setting(
    "handbook_folder",
    "text",
    text("Folder of your own handbook pages"),
    text("Markdown files of the site, read in place. The folder handbook in the data folder is read as well."),
    "",
)
CORE = tuple(one for _, group in GROUPS for one in group)


def _typed(setting: Setting, stored: str) -> Value:
    if setting.kind == "int":
        return int(stored)
    if setting.kind == "bool":
        return stored == "1"
    return stored


def get(db: Connection, setting: Setting) -> Value:
    """Return the stored value, else the default."""
    found = rows(db, "SELECT value FROM settings WHERE key = ?", [setting.key])
    return _typed(setting, found[0]["value"]) if found else setting.default


def current(db: Connection, settings: Iterable[Setting]) -> dict[str, Value]:
    """Return the value of each setting by its key."""
    stored = {row["key"]: row["value"] for row in rows(db, "SELECT key, value FROM settings")}
    return {one.key: _typed(one, stored[one.key]) if one.key in stored else one.default for one in settings}


def problem(setting: Setting, value: str) -> Text | None:
    """Say what is wrong with a value as a form sends it, or None."""
    if setting.kind == "choice" and value not in dict(setting.choices):
        return text("Choose one of the offered values.")
    if setting.kind == "key" and (len(value) > 1 or not value.isprintable()):
        return text("Enter one character, or nothing to switch the key off.")
    if setting.kind == "zone" and not is_zone(value):
        return text("No time zone of that name is known. Examples: Asia/Shanghai, Europe/Berlin, UTC.")
    if setting.kind == "clock" and not re.fullmatch(r"(([01]?\d|2[0-3]):[0-5]\d)?", value, re.ASCII):
        return text("Enter a time of day such as 22:00, or nothing.")
    if setting.kind == "bool" and value not in {"0", "1"}:
        return text("Choose on or off.")
    further = {"int": _number_problem, "ages": _ages_problem}.get(setting.kind)
    return further(setting, value) if further else None


def _ages_problem(_setting: Setting, value: str) -> Text | None:
    try:
        ages.read(value)
    except ValueError as error:
        return text("Write a name and days, as Firewall = 30: %(part)s", part=str(error))
    return None


def _number_problem(setting: Setting, value: str) -> Text | None:
    if not (value.lstrip("-").isascii() and value.lstrip("-").isdigit()):
        return text("Enter a whole number.")
    if not setting.minimum <= int(value) <= setting.maximum:
        return text("Enter a number from %(low)s to %(high)s.", low=setting.minimum, high=setting.maximum)
    return None


def problems(settings: Iterable[Setting], values: Mapping[str, str]) -> dict[str, Text]:
    """Say what is wrong, by key; empty when all values may be stored."""
    checked = ((one.key, problem(one, values[one.key].strip())) for one in settings if one.key in values)
    return {key: found for key, found in checked if found is not None}


def store(db: Connection, values: Mapping[str, str]) -> None:
    """Write checked values; inside ``writing()``."""
    for key, value in values.items():
        db.execute(
            "INSERT INTO settings (key, value, changed) VALUES (?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed = excluded.changed",
            (key, value.strip(), now()),
        )
