"""The pages of suppressions."""

from __future__ import annotations

import re
from html import unescape

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from desktop_app.core import findings, suppression, triage
from desktop_app.core.database import Connection
from desktop_app.core.errors import UsageError
from desktop_app.core.model import now
from desktop_app.core.scopes import Same, Scope
from desktop_app.web import suppressions
from tests.web import sample

USER = orjson.dumps(["TargetUserName", "svc_historian"]).decode()


def boxes(page: str) -> dict[str, bool]:
    """Return the boxes of the form by what they send, and whether they are ticked."""
    found = re.findall(r'type="checkbox" name="\w+" value="([^"]*)"( checked)?', page)
    return {unescape(value): bool(ticked) for value, ticked in found}


def test_the_form_offers_what_all_events_share_and_ticks_what_the_finding_is_about(
    client: FlaskClient, made: dict[str, int]
) -> None:
    page = client.get("/suppressions/new?id=1").text
    assert boxes(page) == {"guess": True, USER: True, '["IpAddress","10.20.4.17"]': True}
    assert "39 events" in page
    assert "1 finding that waits to be triaged is hidden at once." in page
    plain = client.get(f"/suppressions/new?id={made['cleared/ENG-WS-04']}").text
    assert boxes(plain)["ENG-WS-04"]
    assert boxes(plain)['["EventID","1102"]'] is False


def test_the_preview_follows_what_is_ticked(client: FlaskClient, made: dict[str, int]) -> None:
    both = client.get("/suppressions/preview?rule=disk&days=7").text
    assert "2 findings" in both
    assert "5 events" in both
    one = client.get("/suppressions/preview?rule=disk&asset=hmi-07&days=7").text
    assert "1 finding<" in one
    assert "HMI-07" in one
    assert "Nothing that waits" in client.get("/suppressions/preview?rule=gone").text
    assert "would hide everything" in client.get("/suppressions/preview").text


def test_saving_hides_and_says_so(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    sent = {"id": 1, "rule": "guess", "field": USER, "reason": "A test of ours", "until": "7"}
    answer = client.post("/suppressions/new", data=sent, follow_redirects=True)
    assert "Wrote a suppression that hides 1 finding" in answer.text
    assert findings.counts(db)["suppressed"] == 1
    page = client.get("/suppressions/").text
    assert "A test of ours" in page
    assert "TargetUserName <b>svc_historian</b>" in page


def test_what_is_wrong_is_said_and_what_was_ticked_stays(client: FlaskClient, made: dict[str, int]) -> None:
    sent = {"id": 1, "field": USER, "reason": " ", "until": "7"}
    answer = client.post("/suppressions/new", data=sent)
    assert answer.status_code == 422
    assert "A suppression needs a reason." in answer.text
    assert boxes(answer.text) == {"guess": False, USER: True, '["IpAddress","10.20.4.17"]': False}


def test_a_suppression_is_extended_and_lifted(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    suppression.save(db, Scope("disk"), "Being replaced", None)
    client.post("/suppressions/1/extend", data={"until": "30"})
    assert suppression.listing(db, now())[0].expires == sample.NOW + 30 * suppression.DAY
    assert "2 findings came back" in client.post("/suppressions/1/lift", follow_redirects=True).text
    assert "Being replaced" in client.get("/suppressions/?state=ended").text
    assert client.post("/suppressions/1/lift").status_code == 400


def test_that_of_a_single_finding_is_extended_and_lifted_too(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    triage.suppress(db, [1], "Known", None)
    assert "Only this finding, WD-1" in client.get("/suppressions/").text
    client.post("/suppressions/of-finding/1/extend", data={"until": "7"})
    assert suppression.listing(db, now())[0].expires == sample.NOW + 7 * suppression.DAY
    client.post("/suppressions/of-finding/1/lift")
    assert findings.counts(db)["suppressed"] == 0


def test_without_suppressions_the_page_says_what_one_is(client: FlaskClient) -> None:
    assert "Nothing is suppressed." in client.get("/suppressions/").text
    assert "No suppression has ended yet." in client.get("/suppressions/?state=ended").text


def test_a_finding_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/suppressions/new?id=9").status_code == 404


@pytest.mark.parametrize("sent", ["", "{", "[1]", '"ab"x', "5"])
def test_a_field_that_no_form_of_ours_sends_is_refused(sent: str) -> None:
    with pytest.raises(UsageError, match="not known"):
        suppressions.read_scope(MultiDict([("field", sent)]))


def test_what_every_event_carries_is_not_offered_unless_the_finding_is_about_it(
    db: Connection, made: dict[str, int]
) -> None:
    found = findings.finding(db, 1)
    assert found is not None
    offered = suppressions.offer(
        found.row, Same(None, {"Channel": "Security", "IpAddress": "10.20.4.17", "LogonType": "3"})
    )
    assert [(one.name, one.chosen) for one in offered] == [("IpAddress", True), ("LogonType", False)]


def test_a_long_list_is_cut_says_so_and_leads_on(
    client: FlaskClient, db: Connection, made: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suppressions, "PAGE", 2)
    triage.suppress(db, list(made.values())[:3], "A planned test", None)
    page = client.get("/suppressions/").text
    assert "2 of 3 shown" in page
    assert page.count("A planned test</td>") == 2
    assert 'href="/suppressions/?limit=10"' in page
    assert client.get("/suppressions/?limit=10").text.count("A planned test</td>") == 3
