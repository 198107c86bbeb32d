"""The secrets of channels: in the system's keyring, in the environment, or asked for at each start; nowhere else.

A channel's row names its secret and never holds it: ``keyring:…``, ``env:NAME`` or ``asked:…``. What is stored under a
name never changes, so undoing a change of a channel brings the earlier secret back.
"""

from __future__ import annotations

import os
import re
import secrets as random
import threading
from collections.abc import Mapping, Sequence

import orjson

from desktop_app.core.database import Connection, rows, writing
from desktop_app.core.errors import WatchdeskError
from desktop_app.core.model import Micros
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import text

SERVICE = "watchdesk"
LONGEST = 1200  # characters: what the smallest of the three systems' stores takes
FORGOTTEN_AFTER: Micros = 30 * 86_400 * 1_000_000
ENVIRONMENT = re.compile(r"WATCHDESK_[A-Z0-9_]{1,80}")

_guard = threading.Lock()
_asked: dict[str, Mapping[str, str]] = {}  # for the life of the program


class NotKept(WatchdeskError):
    """A secret cannot be stored here."""


def keyring_usable() -> bool:
    """Say whether this system has a keyring that protects what it holds."""
    from keyring import get_keyring

    chosen = get_keyring()
    # The backends that keep plain files have a low priority or come with keyrings.alt; neither protects anything.
    return chosen.priority >= 1 and not type(chosen).__module__.startswith("keyrings.alt")


def keep(db: Connection, values: Mapping[str, str], at: Micros) -> str:
    """Store values in the keyring and return their name. Raises NotKept."""
    if not keyring_usable():
        raise NotKept(
            text("This system has no keyring, so the secret was not stored."),
            fix=text("Name an environment variable instead, or let Watchdesk ask at each start."),
        )
    held = orjson.dumps(dict(values)).decode()
    if len(held) > LONGEST:
        raise NotKept(text("The secret is too long for the keyring."))
    ref = f"keyring:{random.token_hex(12)}"
    with writing(db):  # first the name: what is stored under no name could never be deleted
        db.execute("INSERT INTO alert_secrets (ref, created) VALUES (?, ?)", (ref, at))
    _put(ref, held)
    return ref


def _put(ref: str, held: str) -> None:
    from keyring import set_password
    from keyring.errors import KeyringError

    try:
        set_password(SERVICE, ref, held)
    except (KeyringError, OSError) as error:
        raise NotKept(
            text("The keyring of this system did not take the secret."), fix=text("Unlock it, then save again.")
        ) from error


def ask(values: Mapping[str, str]) -> str:
    """Hold values until the program ends and return their name."""
    ref = f"asked:{random.token_hex(12)}"
    answer(ref, values)
    return ref


def answer(ref: str, values: Mapping[str, str]) -> None:
    """Hold what a person typed for a name that asks at each start."""
    with _guard:
        _asked[ref] = dict(values)


def read(ref: str, names: Sequence[str]) -> dict[str, str]:
    """Return the secret values of these names, the first being the one that counts. Raises Undelivered without it."""
    kind, _, name = ref.partition(":")
    if kind == "keyring":
        found = _from_keyring(ref)
    elif kind == "env":
        found = {one: os.environ.get(variable(name, one, names), "") for one in names}
    else:
        with _guard:
            found = dict(_asked.get(ref, {}))
    if names and not found.get(names[0]):
        raise missing(ref)
    return found


def variable(base: str, name: str, names: Sequence[str]) -> str:
    """Return the environment variable of a value: the base for the first, the base and its name for others."""
    return base if name == names[0] else f"{base}_{name.upper()}"


def missing(ref: str) -> Undelivered:
    """Say that a secret is not there, by where it should be."""
    kind, _, name = ref.partition(":")
    if kind == "env":
        return Undelivered(
            text("The environment variable %(name)s is empty.", name=name),
            fix=text("Set it, then start Watchdesk again."),
        )
    if kind == "asked":
        return Undelivered(
            text("The channel waits for its secret since the start."), fix=text("Open it and type the secret.")
        )
    return Undelivered(
        text("The keyring of this machine does not hold the secret."), fix=text("Open the channel and type it again.")
    )


def _from_keyring(ref: str) -> dict[str, str]:
    from keyring import get_password
    from keyring.errors import KeyringError

    try:
        held = get_password(SERVICE, ref)
    except (KeyringError, OSError) as error:
        raise Undelivered(
            text("The keyring of this system cannot be read."), fix=text("Unlock it; nothing was lost.")
        ) from error
    return {str(name): str(one) for name, one in orjson.loads(held).items()} if held else {}


def sweep(db: Connection, at: Micros) -> None:
    """Delete from the keyring what no channel has used for a month; until then an undo finds it."""
    used = {row["secret"] for row in rows(db, "SELECT secret FROM alert_channels")}
    known = rows(db, "SELECT ref, orphaned FROM alert_secrets")
    orphaned = [(at, one["ref"]) for one in known if one["ref"] not in used and one["orphaned"] is None]
    adopted = [(None, one["ref"]) for one in known if one["ref"] in used and one["orphaned"] is not None]
    if orphaned or adopted:
        with writing(db):
            db.conn.executemany("UPDATE alert_secrets SET orphaned = ? WHERE ref = ?", [*orphaned, *adopted])
    for one in known:
        if one["ref"] not in used and one["orphaned"] is not None and at - one["orphaned"] > FORGOTTEN_AFTER:
            _delete(one["ref"])
            with writing(db):
                db.execute("DELETE FROM alert_secrets WHERE ref = ?", (one["ref"],))


def _delete(ref: str) -> None:
    from keyring import delete_password
    from keyring.errors import KeyringError

    try:
        delete_password(SERVICE, ref)
    except (KeyringError, OSError):
        return  # it is gone already, or this machine never had it
