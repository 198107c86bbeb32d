"""The channels of alerts over the API: how they do; nothing of their secrets."""

from __future__ import annotations

from desktop_app.core.alerts import channels
from desktop_app.core.alerts.carriers import SEND
from desktop_app.core.alerts.terms import HOWS
from desktop_app.core.operations import (
    BOOLEAN,
    TIME,
    Call,
    Operation,
    any_string,
    array,
    integer,
    maybe,
    one_of,
    record,
)
from desktop_app.web.api.shapes import COUNT

CHANNEL = record(
    id=COUNT, name=any_string(), kind=one_of(*SEND), enabled=BOOLEAN, severity=integer(1, 5), when=one_of(*HOWS),
    waiting=COUNT, attempts=COUNT, last_sent=maybe(TIME), next=maybe(TIME), problem=array(any_string()),
)  # fmt: skip


def _alerts(call: Call) -> object:
    listed = channels.listing(call.db)
    return {"channels": [channels.told(one, channels.standing(call.db, one), call.say) for one in listed]}


OPERATIONS = (
    Operation(
        "listAlerts", "GET", "/alerts", "The channels of alerts and how they do.", record(channels=array(CHANNEL)),
        _alerts,
    ),
)  # fmt: skip
