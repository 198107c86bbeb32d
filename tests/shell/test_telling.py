from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.core import notify, settings
from desktop_app.core.model import Severity
from desktop_app.core.notify import Item, Undelivered
from desktop_app.core.settings import Value
from desktop_app.shell import telling
from desktop_app.shell.telling import Desktop


class Shown:
    """A desktop that keeps what it showed."""

    def __init__(self, failure: OSError | None = None) -> None:
        self.said: list[tuple[str, str, bool]] = []
        self.clicked: Callable[[], None] = lambda: None
        self._failure = failure

    def show(self, headline: str, body: str, *, urgent: bool, clicked: Callable[[], None]) -> None:
        if self._failure:
            raise self._failure
        self.said.append((headline, body, urgent))
        self.clicked = clicked

    def close(self) -> None:
        pass


def values(**changed: Value) -> dict[str, Value]:
    return {one.key: one.default for one in settings.CORE} | {"site_zone": "UTC"} | changed


def message(*numbers: int, severity: Severity = Severity.HIGH) -> notify.Message:
    return notify.compose([Item(number, severity, f"Finding {number}", "web01") for number in numbers])


def test_a_finding_is_shown_and_a_click_opens_it() -> None:
    shown, opened = Shown(), list[str]()
    Desktop(shown, "en", opened.append, lambda: False).deliver(message(7))
    assert shown.said == [("Finding 7", "web01", False)]
    shown.clicked()
    assert opened == ["/findings/?id=7"]


def test_a_critical_finding_is_urgent_and_many_are_one_message() -> None:
    shown = Shown()
    Desktop(shown, "zh", lambda _path: None, lambda: False).deliver(message(1, 2, severity=Severity.CRITICAL))
    [(headline, body, urgent)] = shown.said
    assert urgent
    assert "2" in headline
    assert body.count("web01") == 2


def test_a_locked_desk_says_nothing_of_what_it_holds() -> None:
    shown = Shown()
    Desktop(shown, "en", lambda _path: None, lambda: True).deliver(message(7))
    assert shown.said == [("Something new waits on the desk.", "Unlock Watchdesk to see it.", False)]


def test_a_desktop_that_takes_no_messages_is_tried_again() -> None:
    channel = Desktop(Shown(OSError("there is no session bus")), "en", lambda _path: None, lambda: False)
    with pytest.raises(Undelivered, match="no session bus") as failed:
        channel.deliver(message(7))
    assert failed.value.again


def test_the_settings_make_its_policy() -> None:
    channel = Desktop(Shown(), "en", lambda _path: None, lambda: False)
    assert channel.policy(values(notify=False)) is None
    made = channel.policy(values(notify_severity="3", quiet_from="22:00", quiet_until="06:00", notify_own=True))
    assert made == notify.Policy(Severity.MEDIUM, notify.Quiet(1320, 360, "UTC"), own_imports=True)


def test_this_system_has_a_way() -> None:
    way = telling.of_this_system()
    way.close()
    assert callable(way.show)
