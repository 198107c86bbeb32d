"""Messages of the desktop: the channel of the person in front of it, and what each system needs to show one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Protocol

from desktop_app.core import notify, settings
from desktop_app.core.errors import system_says
from desktop_app.core.model import Severity
from desktop_app.core.notify import Message, Policy, Undelivered
from desktop_app.core.settings import Value
from desktop_app.core.text import Text, text
from desktop_app.web import i18n

LOCKED = text("Something new waits on the desk.")
LOCKED_BODY = text("Unlock Watchdesk to see it.")


class Teller(Protocol):
    """Shows one message. ``clicked`` is what a click on the newest message leads to, called in any thread."""

    def show(self, headline: str, body: str, *, urgent: bool, clicked: Callable[[], None]) -> None:
        """Show a message. Raises OSError where the desktop takes none."""

    def close(self) -> None:
        """Let go of the desktop."""


def of_this_system() -> Teller:
    """Return the way of this system."""
    if sys.platform == "win32":
        from desktop_app.shell.telling_windows import Balloons

        return Balloons()
    if sys.platform == "darwin":
        from desktop_app.shell.telling_mac import Notifier

        return Notifier()
    from desktop_app.shell.telling_linux import Bus

    return Bus()


class Desktop:
    """The channel: named findings while the desk is open, no word of them while it is locked."""

    id = "desktop"
    pausable = True

    def __init__(
        self, teller: Teller, language: i18n.Language, opened: Callable[[str], None], locked: Callable[[], bool]
    ) -> None:
        self.language: i18n.Language = language
        self._teller = teller
        self._opened = opened
        self._locked = locked

    def policy(self, values: Mapping[str, Value]) -> Policy | None:
        """Read the settings of notifications."""
        if not values[settings.NOTIFY.key]:
            return None
        zone = str(values[settings.SITE_ZONE.key])
        return Policy(
            threshold=Severity(int(values[settings.NOTIFY_SEVERITY.key])),
            quiet=notify.quiet(str(values[settings.QUIET_FROM.key]), str(values[settings.QUIET_UNTIL.key]), zone),
            own_imports=bool(values[settings.NOTIFY_OWN.key]),
        )

    def deliver(self, message: Message) -> None:
        """Show it; a click opens the finding, or the inbox for more than one."""
        secret = self._locked()
        headline = LOCKED if secret else message.headline
        lines: tuple[Text, ...] = (LOCKED_BODY,) if secret else message.lines
        say = i18n.translator(self.language).say
        try:
            self._teller.show(
                say(headline), "\n".join(say(line) for line in lines), urgent=message.severity >= Severity.CRITICAL,
                clicked=lambda: self._opened(message.path),
            )  # fmt: skip
        except OSError as error:
            raise Undelivered(text("The desktop takes no messages."), why=system_says(error)) from error
