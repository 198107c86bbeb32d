"""The frame around every page: navigation with its counts, and the status bar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app, request, url_for

from desktop_app.core import findings, jobs, keys, moved, passphrase
from desktop_app.core import saved_views as saved
from desktop_app.core.alerts import channels
from desktop_app.core.extension import Extension, NavItem
from desktop_app.core.jobs import Job
from desktop_app.core.text import Text, ntext, text
from desktop_app.web import context, figures, i18n, notices, saved_views


@dataclass(frozen=True, slots=True)
class Badge:
    """The count beside an entry; ``hot`` is drawn in the colour of what is urgent."""

    name: str
    count: int
    hot: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the navigation as it is drawn. ``go`` is the letter that follows G; ``end`` puts it at the bottom."""

    label: str
    url: str
    icon: str
    current: bool
    go: str = ""
    end: bool = False
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The job that the status bar shows. ``percent`` is None while its size is not known."""

    id: int
    title: str
    url: str
    percent: int | None
    shown: str


# Letters after G; an extension gets the first letter of its id that is still free.
_FIRST = (
    ("overview.index", text("Overview"), "overview", "o"),
    ("inbox.index", text("Findings"), "findings", "f"),
    ("cases.index", text("Cases"), "case", "c"),
)
_LAST = (
    ("jobs.index", text("Jobs"), "jobs", "j"),
    ("settings.index", text("Settings"), "settings", "s"),
    ("about.index", text("About"), "about", "a"),
)

# Pages that are reached through another entry.
_ROOMS = {
    "lock": "settings", "alerts": "settings", "backup": "settings", "retention": "settings", "door": "settings",
    "suppressions": "inbox", "noise": "inbox",
}  # fmt: skip


def running(active: list[Job], language: i18n.Language) -> Running | None:
    """Return what the status bar says of the jobs that wait or run: the first one, and how many more there are."""
    if not active:
        return None
    say = i18n.translator(language).say
    job = next((one for one in active if one.state == "running"), active[0])
    percent = job.percent if job.total else None
    shown = "" if percent is None else f"{percent}%"
    if len(active) > 1:
        more = say(ntext("and 1 more", "and %(num)s more", num=len(active) - 1))
        shown = f"{shown} {more}".strip()
    return Running(job.id, say(job.title), url_for("jobs.detail", job_id=job.id), percent, shown)


def items(extensions: Iterable[Extension]) -> tuple[NavItem, ...]:
    """Return every page of the navigation, in its order."""
    middle = tuple(sorted((item for one in extensions for item in one.navigation), key=_order))
    first, last = ([NavItem(label, endpoint, icon) for endpoint, label, icon, _ in some] for some in (_FIRST, _LAST))
    return (*first, *middle, *last)


def _letters(items: tuple[NavItem, ...]) -> dict[str, str]:
    taken = {letter for *_, letter in (*_FIRST, *_LAST)}
    letters = {}
    for item in items:
        name = item.endpoint.partition(".")[0]
        letters[item.endpoint] = next((one for one in name if one not in taken), "")
        taken.add(letters[item.endpoint])
    return letters


class Frame:
    """What base.html draws around a page. Nothing is read before it is needed, so partial answers pay nothing."""

    @property
    def lang(self) -> str:
        """The language of the page, for ``<html lang>``."""
        return i18n.TAGS[context.language()]

    @property
    def theme(self) -> str:
        """``light``, ``dark`` or ``auto`` (resolved in the browser)."""
        return str(context.values()["theme"])

    @property
    def keys(self) -> bool:
        """Whether single-key shortcuts act."""
        return bool(context.values()["keys"])

    @cached_property
    def held(self) -> moved.Held | None:
        """What the desk holds back because it is on another machine."""
        return moved.held(context.db())

    @cached_property
    def keymap(self) -> dict[str, str]:
        """The single keys that a person changed: what they were made as, and what acts now (nothing: switched off)."""
        return keys.keymap(context.desk().settings, context.values())

    def key(self, name: str) -> str:
        """Return a key as it is shown, by what it was made as; nothing when it is switched off."""
        return self.keymap.get(name.lower(), name).upper() if self.keys else ""

    @property
    def off(self) -> list[str]:
        """The single keys that are switched off, by what they were made as."""
        return [made for made, now in self.keymap.items() if not now]

    @property
    def scripts(self) -> list[str]:
        """The modules that extensions load on every page."""
        return [name for one in context.desk().extensions for name in one.scripts]

    @property
    def later(self) -> str:
        """Where the command palette asks for what takes longer: the addresses, parted by spaces."""
        named = (one.search_later for one in context.desk().extensions)
        return " ".join(url_for(one) for one in named if one in current_app.view_functions)

    @property
    def can_quit(self) -> bool:
        """Whether the page must offer the end of the program: a browser's window ends nothing when it is closed."""
        stays = bool(context.values()["keep_watching"])
        return "shell" in current_app.blueprints and (stays or request.cookies.get("watchdesk-window") != "1")

    @property
    def portable(self) -> str:
        """Where a desk lies that is carried along, empty for one that stays."""
        folder = context.desk().folder
        return str(folder.root) if folder.portable else ""

    @cached_property
    def lockable(self) -> bool:
        """Whether there is a passphrase to lock with."""
        return passphrase.is_set(context.db())

    @property
    def version(self) -> str:
        """The version of the program."""
        return str(current_app.config["VERSION"])

    @cached_property
    def alerts(self) -> tuple[int, int]:
        """How many alert channels are switched on, and how many of those fail."""
        return channels.open_and_failing(context.db())

    @cached_property
    def notices(self) -> list[notices.Notice]:
        """The sentences that wait to be said."""
        return notices.waiting()

    @cached_property
    def active(self) -> list[Job]:
        """The jobs that wait or run."""
        return jobs.active(context.db())

    @cached_property
    def running(self) -> Running | None:
        """The job that the status bar shows."""
        return running(self.active, context.language())

    @cached_property
    def rules(self) -> str:
        """How many rules are on."""
        return context.render_text(active_rules(figures.rules(context.db())[0]))

    @cached_property
    def nav(self) -> list[Entry]:
        """The entries of the navigation: only pages that this version contains."""
        items = tuple(sorted((item for one in context.desk().extensions for item in one.navigation), key=_order))
        letters = _letters(items)
        middle = [_entry(item.endpoint, item.label, item.icon, letters[item.endpoint]) for item in items]
        first = [_entry(*one, badge=self._badge(one[0])) for one in _FIRST]
        last = [_entry(*one, badge=self._badge(one[0]), end=True) for one in _LAST]
        return [*first, *middle, *last]

    @cached_property
    def views(self) -> list[Entry]:
        """The saved views, below the pages."""
        here = saved_views.kept(request.full_path)
        counted = saved_views.counts(context.db(), saved.listing(context.db()))
        return [
            Entry(
                one.name,
                one.url,
                "star",
                one.url == here,
                badge=None if count is None else Badge(view_badge(one.id), count),
            )
            for one, count in counted
        ]

    @cached_property
    def triage(self) -> Badge:
        """How many findings wait."""
        return Badge("triage", findings.counts(context.db())["triage"], hot=True)

    def _badge(self, endpoint: str) -> Badge | None:
        if endpoint == "inbox.index":
            return self.triage
        return Badge("jobs", len(self.active)) if endpoint == "jobs.index" else None


def view_badge(view_id: int) -> str:
    """Return what the count beside a saved view is called."""
    return f"view-{view_id}"


def active_rules(count: int) -> Text:
    """Say how many rules are on."""
    return ntext("1 rule active", "%(shown)s rules active", num=count, shown=context.number(count))


def _order(item: NavItem) -> tuple[int, str]:
    return item.order, item.endpoint


def _entry(endpoint: str, label: Text, icon: str, go: str, *, badge: Badge | None = None, end: bool = False) -> Entry:
    current = _ROOMS.get(request.blueprint or "", request.blueprint) == endpoint.partition(".")[0]
    return Entry(context.render_text(label), url_for(endpoint), icon, current, go, end, badge)


def install(app: Flask) -> None:
    """Give every template the frame."""
    app.context_processor(lambda: {"frame": Frame()})
