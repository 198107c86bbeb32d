from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from desktop_app.core import findings
from desktop_app.core.desk import Desk
from desktop_app.extensions.logs.service import applying
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.test_rules_editor import written

FORM = {"field": ["source.ip", "", ""], "values": ["10.20.4.17\n", "", ""], "reason": "Our <b>scanner</b>"}


def found_by(desk: Desk, rule_id: str) -> int:
    """Apply the rules to the stored events and count what the rule finds."""
    with desk.connection() as db:
        job_id = applying.start_detect(db)
    run(desk, job_id)
    with desk.connection() as db:
        return sum(row.count for row in findings.listing(db, findings.Filter(view="all", rule=rule_id), 10))


def test_an_exception_is_added_applied_shown_and_lifted(client: FlaskClient, own_desk: Desk) -> None:
    rule_id = written(client)
    assert found_by(own_desk, rule_id) == 40
    assert client.post(f"/logs/rules/{rule_id}/exceptions", data=FORM).status_code == 303
    page = client.get(f"/logs/rules/{rule_id}").text
    assert "Our &lt;b&gt;scanner&lt;/b&gt;" in page
    assert "source.ip: 10.20.4.17" in page
    assert found_by(own_desk, rule_id) == 0
    end = re.search(r"/logs/rules/exceptions/\d+/end", page)
    assert end is not None
    assert client.post(end[0]).status_code == 303
    assert found_by(own_desk, rule_id) == 40


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": ""}, "An exception needs a reason."),
        ({"expires": "soon"}, "This is no day: soon"),
        ({"expires": "2020-01-01"}, "lies in the past"),
        ({"field": ["a b"]}, "This is no name of a field"),
    ],
)
def test_what_is_wrong_is_told_beside_the_form_and_nothing_typed_is_lost(
    client: FlaskClient, change: dict[str, str | list[str]], said: str
) -> None:
    rule_id = written(client)
    answer = client.post(f"/logs/rules/{rule_id}/exceptions", data=FORM | change)
    assert answer.status_code == 400
    assert said in answer.text
    assert "10.20.4.17" in answer.text
    assert '<details open id="exception-new">' in answer.text


def test_rules_with_exceptions_are_counted_and_listed_alone(client: FlaskClient) -> None:
    assert "With exceptions" not in client.get("/logs/detections").text
    rule_id = written(client)
    client.post(f"/logs/rules/{rule_id}/exceptions", data=FORM)
    assert "With exceptions <b>1</b>" in client.get("/logs/detections").text
    page = client.get("/logs/detections?excepted=1").text
    assert f'href="/logs/rules/{rule_id}#exceptions">1 exception<' in page
    assert page.count('class="verdict st-') == 1
