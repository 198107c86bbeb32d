from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.core import notify
from desktop_app.core.alerts import terms
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.model import Micros, Severity, micros
from desktop_app.core.notify import Digest, Fresh

FRESH = Fresh(1, Severity.HIGH, 0, False, "r-1", "watchdesk", ("attack.t1110.001", "attack.credential-access"),
              "DB-01", "logs")  # fmt: skip


def at(hour: int, minute: int = 0, day: int = 22, month: int = 11) -> Micros:
    return micros(dt.datetime(2026, month, day, hour, minute, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("which", "picked"),
    [
        (Which(), True),
        (Which(rules=("r-1", "r-2")), True),
        (Which(rules=("r-2",)), False),
        (Which(tags=("attack.t1110*",)), True),
        (Which(tags=("attack.t1059*",)), False),
        (Which(packs=("watchdesk",), assets=("db-*",)), True),
        (Which(assets=("web-*", "db-0?")), True),
        (Which(assets=("web-*",)), False),
        (Which(extensions=("hosts",)), False),
        (Which(extensions=("logs",), tags=("attack.credential-access",)), True),
        (Which(tags=("attack.credential-access",), assets=("web-*",)), False),
    ],
)
def test_every_list_that_names_something_must_hold_the_finding(which: Which, *, picked: bool) -> None:
    assert which.picks(FRESH) is picked


def test_terms_come_back_as_they_were_stored() -> None:
    which = Which(2, ("a",), ("b",), ("c",), ("d",), ("e",), own_imports=True)
    timing = Timing("day", 15, "06:30", "22:00", "06:00", 5)
    assert Which.from_json(which.to_json()) == which
    assert Timing.from_json(timing.to_json()) == timing
    assert Which.from_json({}) == Which()
    assert Timing.from_json({"of_later": 1}) == Timing()


@pytest.mark.parametrize(
    ("timing", "zone", "since", "expected"),
    [
        (Timing("minutes", 15), "UTC", at(9, 1), at(9, 15)),
        (Timing("minutes", 15), "UTC", at(9, 15), at(9, 30)),
        (Timing("hour"), "UTC", at(9, 59), at(10)),
        (Timing("hour"), "UTC", at(23, 30), at(0, day=23)),
        (Timing("minutes", 700), "UTC", at(23, 50), at(0, day=23)),
        (Timing("day", time="08:00"), "UTC", at(7), at(8)),
        (Timing("day", time="08:00"), "UTC", at(8), at(8, day=23)),
        (Timing("day", time="08:00"), "Asia/Shanghai", at(1), at(0, day=23)),
        # Berlin turns its clocks back in the night to 25 October.
        (Timing("day", time="08:00"), "Europe/Berlin", at(7, day=24, month=10), at(7, day=25, month=10)),
    ],
)
def test_a_digest_goes_out_at_fixed_times_of_the_site(
    timing: Timing, zone: str, since: Micros, expected: Micros
) -> None:
    digest = timing.digest(zone)
    assert digest is not None
    assert digest.after(since) == expected


def test_at_once_has_no_digest() -> None:
    assert Timing().digest("UTC") is None


def test_a_channel_is_patient_and_told_in_words() -> None:
    made = terms.policy(Which(3), Timing("hour", quiet_from="22:00", quiet_until="06:00"), "UTC", 8)
    assert made.patience == 0
    assert made.threshold is Severity.MEDIUM
    assert made.digest == Digest(60, 8 * 60, "UTC")
    assert made.quiet == notify.Quiet(1320, 360, "UTC")
    told = [str(one.told()) for one in (Timing(), Timing("minutes", 15), Timing("hour"), Timing("day"))]
    assert told == ["at once", "every 15 minutes", "every hour", "every day at 08:00"]
