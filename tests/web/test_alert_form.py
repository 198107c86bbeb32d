from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from desktop_app.core.alerts import secrets
from desktop_app.core.alerts.channels import AlertChannel
from desktop_app.core.alerts.kinds import KINDS
from desktop_app.core.alerts.terms import Timing, Which
from desktop_app.core.database import Connection
from desktop_app.web import alert_form
from tests.core.alerts.conftest import NOW, Held, held, no_keyring

__all__ = ["held", "no_keyring"]

DINGTALK = KINDS["dingtalk"]
URL = "https://oapi.example.org/robot/send?access_token=1"


def filled(before: AlertChannel | None = None, **words: str) -> alert_form.Filled:
    return alert_form.read(MultiDict({"name": "Ops", "keep": "asked", **words}), DINGTALK, before)


def test_terms_are_read_from_their_fields() -> None:
    form = MultiDict([("url", URL), ("severity", "2"), ("assets", "web*, db-01，\n db-02 "), ("extensions", "logs"),
                      ("extensions", "hosts"), ("own_imports", "1"), ("how", "day"), ("time", "06:30"),
                      ("quiet_from", "22:00"), ("quiet_until", "6:00"), ("per_hour", "0"),
                      ("language", "zh")])  # fmt: skip
    read = alert_form.read(form, DINGTALK, None)
    assert read.wrong == {}
    assert read.channel.which == Which(
        2, assets=("web*", "db-01", "db-02"), extensions=("logs", "hosts"), own_imports=True
    )
    assert read.channel.timing == Timing("day", 30, "06:30", "22:00", "6:00", 0)
    assert read.channel.language == "zh"


def test_words_that_no_form_sends_are_put_right() -> None:
    read = filled(url=URL, severity="9", how="never", keep="pocket", minutes="9" * 30)
    assert read.channel.which.severity == 4
    assert read.channel.timing.how == "once"
    assert read.keep == "keyring"
    assert set(read.wrong) == {"minutes"}


def test_the_chief_secret_typed_anew_replaces_all() -> None:
    ref = secrets.ask({"url": URL, "sign": "SEC1"})
    before = AlertChannel("dingtalk", "Ops", {"ca": ""}, secret=ref)
    assert filled(before).held == {"url": URL, "sign": "SEC1"}
    assert filled(before, sign="SEC2").held == {"url": URL, "sign": "SEC2"}
    assert filled(before, url=URL + "2").held == {"url": URL + "2"}


def test_where_a_secret_is_kept_is_told_back(held: Held, db: Connection) -> None:
    assert alert_form.keep_of(alert_form.blank(DINGTALK, "zh")) == ("keyring", "")
    assert alert_form.keep_of(AlertChannel("dingtalk", "", {}, secret="env:WATCHDESK_X")) == ("env", "WATCHDESK_X")
    assert alert_form.keep_of(AlertChannel("dingtalk", "", {}, secret="asked:1")) == ("asked", "")
    read = filled(url=URL, keep="keyring")
    assert secrets.read(alert_form.keep_secret(db, read, NOW), ("url", "sign")) == {"url": URL}


@pytest.mark.usefixtures("no_keyring")
def test_without_a_keyring_the_environment_is_offered() -> None:
    assert alert_form.keep_of(alert_form.blank(DINGTALK, "en")) == ("env", "")


def test_a_secret_that_is_asked_for_keeps_its_name_when_it_is_typed_again(db: Connection) -> None:
    ref = secrets.ask({"url": URL})
    before = AlertChannel("dingtalk", "Ops", {"ca": ""}, secret=ref)
    assert alert_form.keep_secret(db, filled(before, url=URL + "2"), NOW) == ref
    assert secrets.read(ref, ("url",)) == {"url": URL + "2"}
    assert alert_form.keep_secret(db, filled(before), NOW) == ref


def test_a_channel_without_secrets_names_none(db: Connection) -> None:
    read = alert_form.read(MultiDict({"host": "log", "port": "514", "transport": "tcp"}), KINDS["syslog"], None)
    assert read.wrong == {}
    assert alert_form.keep_secret(db, read, NOW) == ""


def test_secrets_are_not_shown_by_accident() -> None:
    assert URL not in repr(filled(url=URL))
