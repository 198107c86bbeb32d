"""The contract between the core and every extension: one frozen dataclass, no hook found by its name.

An extension's ``extension.py`` imports nothing heavy; whatever is heavy stands behind a function that imports it.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlite_utils import Migrations

from desktop_app.core.settings import Setting
from desktop_app.core.text import Text

if TYPE_CHECKING:
    from flask import Blueprint

    from desktop_app.core.database import Connection
    from desktop_app.core.desk import Desk
    from desktop_app.core.jobs import JobContext
    from desktop_app.core.operations import Operation

API_VERSION = 1


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation. ``icon`` names a symbol of ``ui/static/icons.svg``; ``order`` sorts."""

    label: Text
    endpoint: str
    icon: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of long work. ``run`` gets the context and the parameters and returns the result for the jobs table.

    ``resumes``: cut off by the end of the program, it goes on by itself at the next start.
    """

    id: str
    title: Text
    run: Callable[[JobContext, Mapping[str, Any]], Mapping[str, Any]]
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the command line: ``configure`` adds its words, ``run`` returns the exit code.

    ``opens``: whether it works on a desk; one that does not touches no data folder.
    """

    name: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Desk, argparse.Namespace], int]
    opens: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """One line of an extension's health: what it is, and what is wrong with it (None when nothing is)."""

    subject: Text
    trouble: Text | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a person can start from anywhere: an entry of the command palette.

    Without ``post`` it opens the page of ``endpoint``; with it, a form is sent there, carrying ``value`` (a name and
    what it is). ``words`` are further words that it is found by. An action that no room serves is not offered.
    ``sets``: its page holds settings, so that the search of the settings finds it too.
    """

    title: Text
    endpoint: str
    icon: str = "play"
    post: bool = False
    value: tuple[str, str] | None = None
    words: Text | None = None
    sets: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed into the command palette: folded as ``core.matching`` compares it, and as it was written.

    ``limit`` is how many answers of one group are shown.
    """

    words: str
    written: str
    language: Literal["en", "zh"]
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of the palette: a page named by ``endpoint`` and ``values``. ``score`` is that of ``core.matching``.

    A plain ``str`` is shown as it is (a name, a finding's title); a ``Text`` in the reader's language.
    """

    group: Text
    title: Text | str
    endpoint: str
    score: float
    values: Mapping[str, Any] = field(default_factory=dict)
    detail: Text | str = ""
    icon: str = "file"


# How a kind of decision is undone: takes the desk, the connection (inside ``writing()``) and what the journal stored as
# ``before``; returns the event files that may be deleted once the undo is committed.
WayBack = Callable[["Desk", "Connection", Mapping[str, Any]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class SlowWayBack:
    """What is undone by a ``job`` (a kind) where it is large: ``size`` says how many events it would take away."""

    job: str
    size: Callable[[Connection, Mapping[str, Any]], int]


@dataclass(frozen=True, slots=True)
class Listener:
    """What an extension does for as long as a desk is open, in a process of its own (``core.listening``).

    ``wanted`` says whether there is anything to listen for; ``run`` gets the desk and a function that waits so many
    seconds and returns True when it is time to end.
    """

    wanted: Callable[[Connection], bool]
    run: Callable[[Desk, Callable[[float], bool]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """Everything the core knows of an extension.

    ``scripts``: ES modules of its static folder that every page loads, such as what answers dropped files.
    ``own``: a room of the house itself (reports, backups), declared the same way for its jobs, settings and ways back;
    it has no folder under extensions and is not listed as one.
    ``search`` answers the command palette and must be quick (some milliseconds); what takes longer is drawn by the page
    of the endpoint ``search_later``, which is asked after it with ``q``, ``window`` and ``run``.
    ``unseen``: the endpoint of a fragment for the Overview: lines (``<li>``) that say what could not be seen.
    ``takes_rules``: the endpoint that shows what bringing in rules would change, of a form with ``path`` (a file, a
    folder or a zip) or ``version`` (an earlier content of a pack).
    ``rules_put_back``: told when an undo has put rules back: their ids, with the texts that they had until then. It
    returns the job that makes up for it, None where nothing is to be done.
    ``operations``: what it adds to the API; its paths begin with its id.
    ``handbook``: a folder of Markdown pages about what it finds; ``core/handbook`` reads it and answers by rule.
    """

    id: str
    title: Text
    version: str
    api: int = API_VERSION
    navigation: tuple[NavItem, ...] = ()
    blueprint: Callable[[], Blueprint] | None = None
    scripts: tuple[str, ...] = ()
    migrations: Migrations | None = None
    jobs: tuple[JobKind, ...] = ()
    settings: tuple[Setting, ...] = ()
    commands: tuple[Command, ...] = ()
    rules: Path | None = None
    handbook: Path | None = None
    health: Callable[[Desk], tuple[Health, ...]] | None = None
    ways_back: Mapping[str, WayBack] = field(default_factory=dict)
    slow_ways_back: Mapping[str, SlowWayBack] = field(default_factory=dict)
    rules_put_back: Callable[[Connection, Mapping[str, str]], int | None] | None = None
    own: bool = False
    actions: tuple[Action, ...] = ()
    search: Callable[[Desk, Connection, Question], Sequence[Hit]] | None = None
    search_later: str = ""
    unseen: str = ""
    takes_rules: str = ""
    operations: Callable[[], Sequence[Operation]] | None = None
    listener: Listener | None = None
