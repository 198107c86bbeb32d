"""The form of an alert channel: request words to a channel and its secrets, or what is wrong beside each field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from desktop_app.core import notify
from desktop_app.core.alerts import secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.kinds import Kind, problems
from desktop_app.core.alerts.terms import HOWS, LISTS, How, Timing, Which
from desktop_app.core.database import Connection
from desktop_app.core.model import Micros
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import Text, text

KEEPS: Mapping[str, Text] = {
    "keyring": text("in the keyring of this system"),
    "env": text("in an environment variable"),
    "asked": text("nowhere: asked for after each start"),
}
MOST_NAMES = 50
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was sent. ``held``: the secrets that would be used; ``typed``: those of this request."""

    kind: Kind
    channel: AlertChannel
    held: Mapping[str, str] = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)
    keep: str
    env: str
    wrong: Mapping[str, Text]


def blank(kind: Kind, language: str) -> AlertChannel:
    """Return a channel that nothing was said of yet."""
    config = {one.key: one.default for one in kind.fields if one.kind != "secret"}
    return AlertChannel(kind.id, "", config, language="zh" if language == "zh" else "en")


def read(form: MultiDict[str, str], kind: Kind, before: AlertChannel | None) -> Filled:
    """Read a form; ``before`` is the channel that it changes."""
    base = before or blank(kind, "en")
    config = {one.key: form.get(one.key, "").strip() for one in kind.fields if one.kind != "secret"}
    wrong: dict[str, Text] = {}
    channel = replace(
        base, name=form.get("name", ""), config=config, which=_which(form), timing=_timing(form, wrong),
        language="zh" if form.get("language") == "zh" else "en",
    )  # fmt: skip
    keep, env = form.get("keep", "keyring"), form.get("env", "").strip()
    typed = {one.key: value for one in kind.fields if one.kind == "secret" and (value := form.get(one.key, "").strip())}
    held = _held(kind, channel, typed, keep, env)
    wrong |= problems(kind, config, held)
    if keep == "env":
        # What is not set yet may be set at the next start.
        wrong = {key: one for key, one in wrong.items() if key not in kind.secrets(config)}
        if kind.secrets(config) and not secrets.ENVIRONMENT.fullmatch(env):
            wrong["env"] = text("The name begins with WATCHDESK_ and goes on with capital letters, digits and _.")
    return Filled(kind, channel, held, typed, keep if keep in KEEPS else "keyring", env, wrong)


def _held(kind: Kind, channel: AlertChannel, typed: Mapping[str, str], keep: str, env: str) -> Mapping[str, str]:
    """Return the secrets: what was typed; whoever types the chief one anew, replaces all."""
    names = kind.secrets(channel.config)
    if not names or typed.get(names[0]):
        return typed
    ref = f"env:{env}" if keep == "env" else channel.secret
    return {**stored(ref, names), **typed}


def stored(ref: str, names: tuple[str, ...]) -> Mapping[str, str]:
    """Return the secrets behind a name, none where they cannot be had."""
    try:
        return secrets.read(ref, names) if ref else {}
    except Undelivered:
        return {}


def keep_secret(db: Connection, filled: Filled, at: Micros) -> str:
    """Put the secrets where the form says and return their name. Raises NotKept."""
    before, names = filled.channel.secret, filled.kind.secrets(filled.channel.config)
    if not names:
        return ""
    if filled.keep == "env":
        return f"env:{filled.env}"
    if before.startswith(f"{filled.keep}:") and not filled.typed:
        return before
    if filled.keep == "keyring":
        return secrets.keep(db, filled.held, at)
    if before.startswith("asked:"):
        secrets.answer(before, filled.held)
        return before
    return secrets.ask(filled.held)


def keep_of(channel: AlertChannel) -> tuple[str, str]:
    """Return where a channel keeps its secret, and the variable's name where it is one."""
    kind, _, name = channel.secret.partition(":")
    if kind not in KEEPS:
        return ("keyring" if secrets.keyring_usable() else "env"), ""
    return kind, name if kind == "env" else ""


def _names(words: str) -> tuple[str, ...]:
    found = (" ".join(one.split())[:LONGEST_NAME] for one in re.split(r"[,\uff0c;\n]", words))
    return tuple(one for one in found if one)[:MOST_NAMES]


def _which(form: MultiDict[str, str]) -> Which:
    lists = {name: _names(form.get(name, "")) for name in LISTS if name != "extensions"}
    severity = form.get("severity", "")
    return Which(
        int(severity) if severity in {"1", "2", "3", "4", "5"} else 4, own_imports="own_imports" in form,
        extensions=tuple(form.getlist("extensions")[:MOST_NAMES]), **lists,
    )  # fmt: skip


def _timing(form: MultiDict[str, str], wrong: dict[str, Text]) -> Timing:
    how: How = next((one for one in HOWS if one == form.get("how")), "once")
    times = {name: form.get(name, "").strip() for name in ("time", "quiet_from", "quiet_until")}
    for name, value in times.items():
        if notify.minutes(value) is None and (value or (name == "time" and how == "day")):
            wrong[name] = text("Enter a time of day such as 22:00.")
    minutes = _number(form.get("minutes", "30"), 5, 720)
    per_hour = _number(form.get("per_hour", "20"), 0, 1000)
    if minutes is None:
        wrong["minutes"] = text("Enter a number from %(low)s to %(high)s.", low=5, high=720)
    if per_hour is None:
        wrong["per_hour"] = text("Enter a number from %(low)s to %(high)s.", low=0, high=1000)
    return Timing(how, 30 if minutes is None else minutes, per_hour=20 if per_hour is None else per_hour, **times)


def _number(words: str, low: int, high: int) -> int | None:
    """Read a whole number between two others, None for anything else."""
    words = words.strip()
    return int(words) if words.isascii() and words.isdigit() and len(words) < 9 and low <= int(words) <= high else None
