"""Windows event channels: the service name that Sigma gives each, and the level of an event.

A channel that no word of Sigma's names gets a short name made of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.channels import CHANNELS, MICROSOFT

_TWINS = {"defender", "ldap", "servicebus-client"}  # a second word for the same channels
_SERVICES = {channel: word for word, channels in CHANNELS.items() if word not in _TWINS for channel in channels}
_MORE = {f"{MICROSOFT}dns-client/operational": "dns-client"}

_LEVELS = {"1": "critical", "2": "error", "3": "warning", "5": "debug"}
_AUDIT_FAILURE = 0x10_0000_0000_0000
MAX_SERVICE = 60


@lru_cache(maxsize=1024)
def service(channel: str | None) -> str:
    """Return Sigma's name of the service behind a channel; ``other`` where the event names no channel."""
    name = (channel or "").strip().lower()
    known = _SERVICES.get(name) or _MORE.get(name)
    if known:
        return known
    slug = re.sub(r"[^a-z0-9]+", "-", name.removeprefix(MICROSOFT).removesuffix("/operational")).strip("-")
    return slug[:MAX_SERVICE] or "other"


def log_source(channel: str | None) -> LogSource:
    """Return where events of a channel are kept: windows//<service>."""
    return LogSource("windows", "", service(channel))


@lru_cache(maxsize=1024)
def level(number: str | None, keywords: str | None) -> str:
    """Return one of LEVELS. A failed audit (a refused sign-in) is a warning: Windows itself gives it no level."""
    known = _LEVELS.get(number or "")
    if known:
        return known
    try:
        bits = int(keywords or "0", 16)
    except ValueError:
        return "info"
    return "warning" if bits & _AUDIT_FAILURE else "info"
