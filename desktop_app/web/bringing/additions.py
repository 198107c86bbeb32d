"""What a file of settings holds beside them: saved views and alert channels, which are only ever added.

No secret leaves with a channel, and none comes: a channel that is brought is switched off until a person opens it and
types its secret. What this desk has under a name stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from desktop_app.core import saved_views, undo
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.kinds import KINDS, LONGEST_VALUE, Kind
from desktop_app.core.alerts.terms import LISTS, Timing
from desktop_app.core.database import Connection
from desktop_app.core.model import Micros
from desktop_app.core.text import Text, text
from desktop_app.web import alert_form

MOST = 500  # of each kind that are looked at
LONGEST_URL = 4000
# The path and the filters of a page of ours: no other server (//…), nothing that a browser would read as one (/\…).
_ADDRESS = re.compile(r"/(?!/)[A-Za-z0-9_./~%-]*(?:\?[!-\[\]-~]*)?")
_TIMES = tuple(Timing().to_json())
Left = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Addition:
    """A view (its address) or a channel that this desk does not have yet."""

    name: str
    made: str | AlertChannel

    @property
    def key(self) -> str:
        """What it is chosen by."""
        return f"{'view' if isinstance(self.made, str) else 'channel'}:{self.name}"

    @property
    def told(self) -> Text:
        """Say what would be added."""
        if isinstance(self.made, str):
            return text("Saved view: %(address)s", address=self.made)
        return text("Alert channel: %(kind)s; switched off, without its secret", kind=KINDS[self.made.kind].title)


def held(db: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the views and channels of this desk as the file holds them."""
    views = [{"name": one.name, "url": one.url} for one in saved_views.listing(db)]
    return {"views": views, "channels": [_told(one) for one in channels.listing(db) if one.kind in KINDS]}


def _told(one: AlertChannel) -> dict[str, Any]:
    config = {name: one.config.get(name, "") for name in _open_fields(KINDS[one.kind])}
    return {"name": one.name, "kind": one.kind, "language": one.language, "config": config,
            "which": one.which.to_json(), "timing": one.timing.to_json()}  # fmt: skip


def _open_fields(kind: Kind) -> list[str]:
    return [one.key for one in kind.fields if one.kind != "secret"]


def plan(db: Connection, found: Mapping[str, Any]) -> tuple[tuple[Addition, ...], list[Left]]:
    """Return what would be added, and of what would not be, why; what is here as it is in the file is neither."""
    mine = held(db)
    seen = {f"{kind}:{one['name'].casefold()}" for kind, ones in mine.items() for one in ones}
    additions: list[Addition] = []
    left: list[Left] = []
    for kind, one in _named(found):
        name = " ".join(one["name"].split())[: saved_views.LONGEST_NAME]
        made = _view(one) if kind == "views" else _channel(one)
        if isinstance(made, Text):
            left.append((name, made))
        elif f"{kind}:{name.casefold()}" not in seen:
            seen.add(f"{kind}:{name.casefold()}")
            additions.append(Addition(name, made))
        elif (made if isinstance(made, str) else _told(made)) not in [_content(other) for other in mine[kind]]:
            left.append((name, text("There is one of that name already, which stays as it is.")))
    return tuple(additions), left


def _content(one: Mapping[str, Any]) -> Any:
    return one.get("url", one)


def _named(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in ("views", "channels"):
        listed = found.get(kind)
        for one in listed[:MOST] if isinstance(listed, list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str) and one["name"].strip():
                yield kind, one


def _view(one: Mapping[str, Any]) -> str | Text:
    url = one.get("url")
    if not isinstance(url, str) or len(url) > LONGEST_URL or not _ADDRESS.fullmatch(url):
        return text("Its address leads to no page of a desk.")
    return url


def _channel(one: Mapping[str, Any]) -> AlertChannel | Text:
    """Read a channel by the form that makes one, so that nothing comes by file that a person could not make."""
    kind = KINDS.get(str(one.get("kind")))
    if kind is None:
        return text("This desk knows no such kind of channel.")
    filled = alert_form.read(MultiDict(_words(kind, one)), kind, None)
    secret = kind.secrets(filled.channel.config)
    for key, why in filled.wrong.items():
        if key not in secret:
            label = next((field.label for field in kind.fields if field.key == key), None)
            return why if label is None else text("%(field)s: %(wrong)s", field=label, wrong=why)
    return replace(filled.channel, name=" ".join(one["name"].split())[: channels.LONGEST_NAME])


def _words(kind: Kind, one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a form would send; what is no word is left out."""
    config, which, timing = (_part(one, name) for name in ("config", "which", "timing"))
    yield "keep", "asked"
    if one.get("language") == "zh":
        yield "language", "zh"
    yield from _written(config, _open_fields(kind)).items()
    yield from (_written(Timing().to_json(), _TIMES) | _written(timing, _TIMES)).items()
    yield from _written(which, ("severity",)).items()
    if which.get("own_imports") is True:
        yield "own_imports", "1"
    for name in LISTS:
        listed = which.get(name)
        names = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
        yield from ((name, each) for each in (names if name == "extensions" else ["\n".join(names)]))


def _part(one: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = one.get(name)
    return part if isinstance(part, dict) else {}


def _written(part: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    known = {name: part[name] for name in names if isinstance(part.get(name), (str, int))}
    return {name: str(value)[: LONGEST_VALUE + 1] for name, value in known.items() if not isinstance(value, bool)}


def put(db: Connection, wanted: Sequence[Addition], at: Micros) -> tuple[list[undo.Change], list[str]]:
    """Add them and return what the journal keeps and is about; inside ``writing()``. UsageError beyond the limits."""
    views = [saved_views.put(db, one.name, one.made) for one in wanted if isinstance(one.made, str)]
    made = [channels.put(db, one.made, at) for one in wanted if isinstance(one.made, AlertChannel)]
    subjects = [*(f"view:{row['id']}" for row in views), *(f"alert-channel:{row['id']}" for row in made)]
    return [("saved_views", [], views), ("alert_channels", [], made)], subjects
