from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.model import micros
from desktop_app.web.report_pages import read
from tests.web import sample

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_report_is_made_shown_and_handed_out(client: FlaskClient, desk: Desk, made: dict[str, int]) -> None:
    assert made
    form = {"period": "0", "sev": ["critical", "high"], "view": ["triage"]}
    assert client.post("/report/", data=form).status_code == 303
    page = client.get("/report/").text
    assert "2 findings" in page
    assert str(desk.folder.reports) in page
    with client.get("/report/1") as shown:
        assert "38 failed sign-ins, then a success" in shown.text
        assert "style-src 'sha256-" in shown.headers["Content-Security-Policy"]
    with client.get("/report/1/file") as handed:
        assert "attachment" in handed.headers["Content-Disposition"]


def test_a_report_of_no_view_is_refused_beside_the_form(client: FlaskClient) -> None:
    answer = client.post("/report/", data={"period": "7", "sev": "low"})
    assert answer.status_code == 422
    assert "Choose at least one view." in answer.text


def test_a_report_whose_file_is_gone_is_told_as_such(client: FlaskClient, desk: Desk, made: dict[str, int]) -> None:
    assert made
    client.post("/report/", data={"period": "0", "view": "all"})
    for one in desk.folder.reports.glob("*.html"):
        one.unlink()
    answer = client.get("/report/1")
    assert answer.status_code == 404
    assert "There is no report of that number." in answer.text


def test_days_are_those_of_the_site_and_the_last_one_belongs_to_the_period() -> None:
    wanted = read({"period": "days", "from": "2026-11-20", "to": "2026-11-21"}, [], ["triage"], SHANGHAI, sample.NOW)
    assert wanted.start == micros(dt.datetime(2026, 11, 19, 16, tzinfo=dt.UTC))
    assert wanted.end == micros(dt.datetime(2026, 11, 21, 16, tzinfo=dt.UTC))


def test_all_names_no_finding_twice() -> None:
    assert read({"period": "0"}, [], ["triage", "all"], SHANGHAI, sample.NOW).views == ("all",)


@pytest.mark.parametrize(
    "form",
    [
        {"period": "12345"},
        {"period": "days", "from": "yesterday"},
        {"period": "days", "from": "2026-11-22", "to": "2026-11-20"},
        {"period": "days", "to": "9999-12-31"},
    ],
)
def test_a_period_that_is_none_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        read(form, [], ["triage"], SHANGHAI, sample.NOW)
