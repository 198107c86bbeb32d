from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from desktop_app.core import audit, saved_views, undo
from desktop_app.core.alerts import channels
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.web.bringing import additions, settings_file
from desktop_app.web.bringing.settings_file import Plan

RELAY = {"host": "mail.example.org", "port": "587", "security": "starttls", "user": "desk",
         "sender": "desk@example.org", "to": "a@example.org, b@example.org", "ca": ""}  # fmt: skip
MAIL = AlertChannel(
    "mail", "Night shift", RELAY, Which(3, rules=("ssh*",), extensions=("logs",), own_imports=True),
    Timing("day", time="06:30", quiet_from="22:00", quiet_until="06:00", per_hour=5), "zh", "keyring:abc", enabled=True,
)  # fmt: skip
ROBOT = AlertChannel("wecom", "Group", {"ca": ""}, secret="env:WATCHDESK_ROBOT", enabled=True)


def planned(desk: Desk, db: Connection, **more: Any) -> Plan:
    found = settings_file.read(orjson.dumps({"watchdesk": "settings", "format": 1, "settings": {}, **more}))
    assert found is not None
    return settings_file.plan(desk, db, Path("settings.json"), found)


def exported(desk: Desk, db: Connection) -> dict[str, Any]:
    """Fill a desk, write its file, and empty it again."""
    channels.add(db, MAIL, 1)
    channels.add(db, ROBOT, 1)
    saved_views.save(db, "Waiting", "/findings/?sev=high")
    content = settings_file.export(desk, db)
    for _ in range(3):
        undo.undo(desk, db)
    found = settings_file.read(content)
    assert found is not None
    return dict(found)


def test_views_and_channels_come_back_as_they_left_but_switched_off_and_without_a_secret(
    desk: Desk, db: Connection
) -> None:
    found = exported(desk, db)
    plan = settings_file.plan(desk, db, Path("settings.json"), found)
    assert [(one.key, str(one.told)) for one in plan.additions] == [
        ("view:Waiting", "Saved view: /findings/?sev=high"),
        ("channel:Night shift", "Alert channel: Mail; switched off, without its secret"),
        ("channel:Group", "Alert channel: WeCom robot; switched off, without its secret"),
    ]
    assert (plan.left, plan.changes) == ((), ())
    settings_file.take(desk, db, plan, plan.keys)
    back = {one.name: one for one in channels.listing(db)}
    assert [(one.enabled, one.secret) for one in back.values()] == [(False, ""), (False, "")]
    assert [back["Night shift"].config, back["Night shift"].which, back["Night shift"].timing] == [
        RELAY, MAIL.which, MAIL.timing,
    ]  # fmt: skip
    assert [(one.name, one.url) for one in saved_views.listing(db)] == [("Waiting", "/findings/?sev=high")]


def test_no_secret_and_no_name_of_one_is_in_the_file(desk: Desk, db: Connection) -> None:
    hidden = AlertChannel("webhook", "Hook", {"url": "https://example.org/s3cret", "ca": ""}, secret="keyring:abc")
    channels.add(db, hidden, 1)
    content = settings_file.export(desk, db)
    assert b'"Hook"' in content
    assert not any(one in content for one in (b"s3cret", b"keyring", b"abc"))


def test_one_undo_takes_settings_views_and_channels_back(desk: Desk, db: Connection) -> None:
    found = exported(desk, db)
    found["settings"] = {"theme": "dark"}
    plan = settings_file.plan(desk, db, Path("settings.json"), found)
    done = settings_file.take(desk, db, plan, plan.keys)
    assert done is not None
    assert str(audit.entries(db)[0].action) == "Took settings from settings.json"
    later = saved_views.rename(db, saved_views.listing(db)[0].id, "Later")
    with pytest.raises(UsageError, match="A later decision builds on it"):
        undo.undo(desk, db, done.undo_id)
    undo.undo(desk, db, later.undo_id)
    undo.undo(desk, db, done.undo_id)
    assert (saved_views.listing(db), channels.listing(db)) == ([], [])
    assert settings_file.plan(desk, db, Path("settings.json"), found).digest == plan.digest


def test_only_what_is_wanted_is_added(desk: Desk, db: Connection) -> None:
    plan = settings_file.plan(desk, db, Path("settings.json"), exported(desk, db))
    settings_file.take(desk, db, plan, {"channel:Group"})
    assert ([one.name for one in channels.listing(db)], saved_views.listing(db)) == (["Group"], [])
    assert settings_file.take(desk, db, plan, {"nothing"}) is None


def test_what_is_here_under_the_name_stays_as_it_is(desk: Desk, db: Connection) -> None:
    saved_views.save(db, "waiting", "/cases/")
    saved_views.save(db, "Same", "/jobs/")
    plan = planned(
        desk, db, views=[{"name": "Waiting", "url": "/findings/"}, {"name": "Same", "url": "/jobs/"},
                         {"name": "New", "url": "/"}, {"name": "NEW", "url": "/"}],
    )  # fmt: skip
    assert [one.name for one in plan.additions] == ["New"]
    assert [name for name, _ in plan.left] == ["Waiting", "NEW"]
    assert {str(why) for _, why in plan.left} == {"There is one of that name already, which stays as it is."}


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a b", "", 7,
            "//", "/x?" + "y" * 5000, "/x\n"],
)  # fmt: skip
def test_a_view_that_leads_away_is_left(desk: Desk, db: Connection, url: object) -> None:
    plan = planned(desk, db, views=[{"name": "Bad", "url": url}])
    assert plan.additions == ()
    assert [str(why) for _, why in plan.left] == ["Its address leads to no page of a desk."]


@pytest.mark.parametrize(
    ("channel", "why"),
    [
        ({"kind": "pigeon"}, "This desk knows no such kind of channel."),
        ({"kind": ["mail"]}, "This desk knows no such kind of channel."),
        ({"kind": "syslog"}, "Server: This is needed."),
        ({"kind": "syslog", "config": {"host": "x", "port": "99999", "transport": "tcp"}},
         "Port: Enter a number from 1 to 65535."),
        ({"kind": "mail", "config": {**RELAY, "security": "plain"}},
         "Encryption: A password is never sent unencrypted: choose STARTTLS or TLS."),
        ({"kind": "wecom", "config": {"ca": "/no/such/file.pem"}},
         "Certificate file of your own authority: There is no such file: /no/such/file.pem"),
        ({"kind": "wecom", "timing": {"how": "day", "time": "25:99"}}, "Enter a time of day such as 22:00."),
    ],
)  # fmt: skip
def test_a_channel_that_no_form_would_take_is_left(
    desk: Desk, db: Connection, channel: dict[str, Any], why: str
) -> None:
    plan = planned(desk, db, channels=[{"name": "Bad", **channel}])
    assert (plan.additions, [str(one) for _, one in plan.left]) == ((), [why])


def test_a_secret_in_the_file_is_not_taken_and_nothing_is_switched_on(desk: Desk, db: Connection) -> None:
    bad = {"name": "Robot", "kind": "wecom", "enabled": True, "secret": "env:PATH", "id": 7,
           "config": {"url": "https://example.org/s3cret", "ca": "", "more": "x"}}  # fmt: skip
    plan = planned(desk, db, channels=[bad])
    [one] = [addition.made for addition in plan.additions]
    assert one == AlertChannel("wecom", "Robot", {"ca": ""})


@pytest.mark.parametrize("listed", [None, 7, "x", {}, [7, None, {}, {"name": 7}, {"name": " "}]])
def test_what_is_no_list_of_named_things_adds_nothing(desk: Desk, db: Connection, listed: object) -> None:
    plan = planned(desk, db, views=listed, channels=listed)
    assert (plan.additions, plan.left, plan.acts) == ((), (), False)


@pytest.mark.parametrize("part", [None, [], "x", {"severity": [3], "rules": "abc", "how": {}, "minutes": True}])
def test_terms_that_are_none_are_the_usual_ones(desk: Desk, db: Connection, part: object) -> None:
    plan = planned(desk, db, channels=[{"name": "Robot", "kind": "wecom", "which": part, "timing": part}])
    assert [one.made for one in plan.additions] == [AlertChannel("wecom", "Robot", {"ca": ""})]


def test_beyond_the_limit_nothing_is_taken(desk: Desk, db: Connection) -> None:
    views = [{"name": f"View {number}", "url": "/"} for number in range(saved_views.MOST + 1)]
    plan = planned(desk, db, settings={"theme": "dark"}, views=views)
    with pytest.raises(UsageError, match="No more views can be saved"):
        settings_file.take(desk, db, plan, plan.keys)
    assert saved_views.listing(db) == []
    assert planned(desk, db, settings={"theme": "dark"}).changes


def test_each_addition_is_held_as_the_file_holds_it(db: Connection) -> None:
    channels.add(db, ROBOT, 1)
    assert additions.held(db) == {
        "views": [],
        "channels": [{"name": "Group", "kind": "wecom", "language": "en", "config": {"ca": ""},
                      "which": Which().to_json(), "timing": Timing().to_json()}],
    }  # fmt: skip
