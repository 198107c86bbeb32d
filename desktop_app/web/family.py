"""The family that Watchdesk belongs to: the published work it descends from, and what of it lives here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desktop_app.core.text import Text, text


@dataclass(frozen=True, slots=True)
class Relative:
    """A work of the family. ``rooms`` are the extensions that carry it on; none means the program as a whole."""

    series: Text
    name: Text
    here: Text
    rooms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Address:
    """Where the author publishes; opened in the system's browser, and only when clicked."""

    label: Text
    url: str


AUTHOR: tuple[Address, ...] = (
    Address(text("GitHub: zrf-rocket"), "https://github.com/zrf-rocket"),
    Address(text("Gitee: SteveRocket"), "https://gitee.com/SteveRocket"),
)
CHANNEL = text("WeChat account: CTO Plus")

_RELATIVES: tuple[Relative, ...] = (
    Relative(
        text("Products"),
        text("SIEM: host monitoring, log collection and alert management"),
        text("Logs"),
        frozenset({"logs"}),
    ),
    Relative(
        text("Code"),
        text("Python web frameworks (PythonFramework; Flask)"),
        text("the ground Watchdesk stands on"),
    ),
    Relative(
        text("Code"),
        text("Coding cookbook in Python and Go (CookBook)"),
        text("Handbook"),
        frozenset({"handbook"}),
    ),
    Relative(
        text("Guidelines"),
        text("Coding guide (DevGuide), secure-coding guide (SecGuide)"),
        text("Handbook"),
        frozenset({"handbook"}),
    ),
    Relative(text("Articles"), text("Articulate v1.0; v2.0 to come"), text("About")),
)


def relatives(extensions: Iterable[str]) -> list[Relative]:
    """Return the works that this version contains something of; a room that is not built is not promised."""
    present = set(extensions)
    return [one for one in _RELATIVES if not one.rooms or one.rooms & present]
