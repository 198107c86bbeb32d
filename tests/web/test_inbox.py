from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from desktop_app.core import findings
from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.judging import claims
from desktop_app.core.model import Severity, Status, Verdict, micros
from desktop_app.web.inbox import DRAWN, read_end
from tests.web import sample

SHANGHAI = ZoneInfo("Asia/Shanghai")
PART = {"HX-Request": "true"}


def row(db: Connection, finding_id: int) -> findings.FindingRow:
    found = findings.finding(db, finding_id)
    assert found is not None
    return found.row


# --- reading ---------------------------------------------------------------------------------------------------------


def test_an_empty_desk_says_that_nothing_was_read_and_leads_to_the_doors(client: FlaskClient) -> None:
    page = client.get("/findings/").text
    assert "Nothing was read yet." in page
    assert "Nothing waits for you." not in page
    assert '<a class="btn pri" href="/"' in page


def test_the_page_shows_the_list_and_the_first_finding(client: FlaskClient, made: dict[str, int]) -> None:
    page = client.get("/findings/").text
    assert page.count('<li class="f') == len(made)
    assert "<h1>38 failed sign-ins, then a success</h1>" in page
    for heading in ("Why it matters", "What we saw", "What to do", "Why it fired"):
        assert heading in page


def test_htmx_gets_the_part_that_it_asks_for(client: FlaskClient, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    detail = client.get(f"/findings/?id={chosen}", headers={**PART, "HX-Target": "detail"}).text
    assert "The security log was cleared" in detail
    assert "<html" not in detail
    assert '<li class="f' not in detail
    rows = client.get("/findings/?q=disk", headers={**PART, "HX-Target": "rows"}).text
    assert rows.count('<li class="f') == 2
    assert "<h1>" not in rows


def test_filters_narrow_the_list(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    assert client.get("/findings/?sev=medium&sev=low").text.count('<li class="f') == 3
    assert client.get("/findings/?asset=HMI-07").text.count('<li class="f') == 2
    assert client.get("/findings/?rule=disk").text.count('<li class="f') == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/findings/", "Nothing waits for you."),
        ("/findings/?view=confirmed", "No findings here."),
        ("/findings/?q=nonsense", "No finding matches this filter."),
    ],
)
def test_an_empty_list_says_why_and_offers_one_action(
    client: FlaskClient, db: Connection, address: str, said: str
) -> None:
    with writing(db):
        db["imports"].insert({"label": "x", "state": "done", "created": 0})
    page = client.get(address).text
    assert said in page
    assert "No finding is open." in page
    assert "Choose one in the list." not in page


def test_the_address_of_a_finding_leads_to_the_view_that_holds_it(
    client: FlaskClient, desk: Desk, made: dict[str, int]
) -> None:
    sample.decide_some(desk, made)
    chosen = made["foreign/HMI-07"]
    assert client.get(f"/findings/{chosen}").location == f"/findings/?view=suppressed&id={chosen}"


@pytest.mark.parametrize("address", ["/findings/4711", "/findings/?id=4711"])
def test_a_finding_that_is_gone_is_told_as_such(client: FlaskClient, made: dict[str, int], address: str) -> None:
    assert made
    answer = client.get(address)
    assert answer.status_code == 404
    assert "There is no finding WD-4711." in answer.text


def test_what_was_read_from_a_log_is_never_taken_as_html(client: FlaskClient, desk: Desk) -> None:
    evil = sample.Made("disk", Severity.HIGH, "<img src=x>", (), {}, ("<script>alert(1)</script>",), 1, 0)
    with desk.connection() as db, writing(db):
        sample._rules(db)
        sample._segment(db)
        claims.apply(db, sample._claim(evil), "logs", sample.NOW)
    page = client.get("/findings/").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_long_list_is_cut_and_says_so(client: FlaskClient, desk: Desk, made: dict[str, int]) -> None:
    sample.many(desk, 10)
    page = client.get("/findings/?limit=4").text
    assert f"4 of {len(made) + 10} shown" in page
    assert "limit=20" in page


# --- deciding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "became"),
    [
        ("confirm", (Status.IN_PROGRESS, Verdict.TRUE_POSITIVE)),
        ("resolve", (Status.RESOLVED, None)),
        ("false_positive", (Status.RESOLVED, Verdict.FALSE_POSITIVE)),
        ("benign", (Status.RESOLVED, Verdict.BENIGN)),
        ("duplicate", (Status.RESOLVED, Verdict.DUPLICATE)),
        ("archive", (Status.ARCHIVED, None)),
    ],
)
def test_each_button_decides(
    client: FlaskClient, db: Connection, made: dict[str, int], action: str, became: tuple[Status, Verdict | None]
) -> None:
    chosen = made["cleared/ENG-WS-04"]
    answer = client.post("/findings/act", data={"id": chosen, "action": action})
    assert answer.status_code == 303
    assert (row(db, chosen).status, row(db, chosen).verdict) == became


def test_after_a_decision_the_next_finding_is_shown_with_the_way_back(
    client: FlaskClient, made: dict[str, int]
) -> None:
    answer = client.post("/findings/act", data={"id": made["cleared/ENG-WS-04"], "action": "confirm"})
    assert answer.location == f"/findings/?id={made['disk/HIST-01']}"
    page = client.get(answer.location).text
    assert "<h1>Disk sdb reports errors</h1>" in page
    assert "Confirmed “The security log was cleared”" in page
    assert 'action="/findings/undo"' in page


def test_htmx_gets_the_next_finding_and_all_that_changed(client: FlaskClient, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    answer = client.post("/findings/act", data={"id": chosen, "action": "confirm"}, headers=PART)
    assert answer.headers["HX-Push-Url"] == f"/findings/?id={made['disk/HIST-01']}"
    assert answer.headers["HX-Trigger"] == "watchdesk:decided"
    for part in ('id="rows" hx-swap-oob', 'id="notices" hx-swap-oob', 'id="tabs"', 'id="badge-triage"'):
        assert part in answer.text
    assert f'data-id="{chosen}"' not in answer.text
    assert "<html" not in answer.text


def test_a_decision_acts_on_all_that_are_selected(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    chosen = [made["disk/HIST-01"], made["disk/HMI-07"]]
    answer = client.post("/findings/act", data={"id": made["guess/OPC-GW-02"], "ids": chosen, "action": "resolve"})
    assert {row(db, one).status for one in chosen} == {Status.RESOLVED}
    assert row(db, made["guess/OPC-GW-02"]).status is Status.NEW
    assert "Resolved 2 findings" in client.get(answer.location).text


def test_deciding_the_last_finding_leaves_an_empty_inbox(client: FlaskClient, made: dict[str, int]) -> None:
    answer = client.post("/findings/act", data={"ids": list(made.values()), "action": "archive"}, headers=PART)
    assert "Nothing waits for you." in answer.text
    assert "No finding is open." in answer.text


def test_undo_brings_the_finding_back_and_opens_it(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    client.post("/findings/act", data={"id": chosen, "action": "confirm"})
    undo_id = db.execute("SELECT MAX(id) FROM undo").fetchone()[0]
    answer = client.post("/findings/undo", data={"undo_id": undo_id, "finding": chosen}, headers=PART)
    assert row(db, chosen).status is Status.NEW
    assert "<h1>The security log was cleared</h1>" in answer.text
    assert "Undone: Confirmed 1 finding" in answer.text


def test_the_newest_decision_is_taken_back_in_place_and_its_finding_opened(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    chosen = made["cleared/ENG-WS-04"]
    client.post("/findings/act", data={"id": chosen, "action": "confirm"})
    answer = client.post("/findings/undo", data={"latest": "1", "view": "all"}, headers=PART)
    assert row(db, chosen).status is Status.NEW
    assert "<h1>The security log was cleared</h1>" in answer.text
    assert answer.headers["HX-Push-Url"] == f"/findings/?view=all&id={chosen}"


def test_with_nothing_to_take_back_the_view_stays_and_says_so(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    answer = client.post("/findings/undo", data={"latest": "1"}, headers=PART)
    assert answer.status_code == 200
    assert "There is nothing to undo." in answer.text


# --- what the page shows already --------------------------------------------------------------------------------------


def shown(page: str) -> str:
    """Return what a page says of the lines that it shows."""
    return ",".join(f"{number}:{mark}" for number, mark in re.findall(r'data-id="(\d+)" data-mark="(\w+)"', page))


def test_lines_that_the_page_shows_as_they_are_are_only_named(client: FlaskClient, made: dict[str, int]) -> None:
    told = {DRAWN: shown(client.get("/findings/").text)}
    chosen = made["cleared/ENG-WS-04"]
    answer = client.post("/findings/act", data={"id": chosen, "action": "confirm"}, headers={**PART, **told}).text
    assert '<li class="f' not in answer
    assert answer.count("data-kept=") == len(made) - 1
    back = client.post("/findings/undo", data={"latest": "1"}, headers={**PART, **told}).text
    assert back.count("data-kept=") == len(made)


def test_a_line_that_is_new_or_drawn_otherwise_is_sent_whole(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    told = {DRAWN: shown(client.get("/findings/?sev=medium").text)}
    with writing(db):
        db.execute("UPDATE findings SET count = count + 1 WHERE id = ?", [made["disk/HIST-01"]])
    rows = client.get("/findings/", headers={**PART, **told, "HX-Target": "rows"}).text
    assert rows.count("data-kept=") == 1
    assert f'data-id="{made["disk/HIST-01"]}"' in rows


@pytest.mark.parametrize("said", ["", "x:y", "1", ":", "1:", "²:a,9999999999999999999999:b"])
def test_a_page_that_says_nonsense_of_its_lines_gets_them_all(
    client: FlaskClient, made: dict[str, int], said: str
) -> None:
    rows = client.get("/findings/", headers={**PART, "HX-Target": "rows", DRAWN: said.encode().decode("latin-1")}).text
    assert rows.count('<li class="f') == len(made)


@pytest.mark.parametrize("data", [{"action": "explode", "id": "1"}, {"action": "confirm"}])
def test_a_form_that_names_nothing_known_is_refused(
    client: FlaskClient, made: dict[str, int], data: dict[str, str]
) -> None:
    assert made
    assert client.post("/findings/act", data=data).status_code == 400


def test_a_reopened_finding_waits_again(client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]) -> None:
    sample.decide_some(desk, made)
    chosen = made["foreign/HMI-07"]
    client.post("/findings/act", data={"id": chosen, "action": "reopen", "view": "suppressed"})
    assert row(db, chosen).status is Status.NEW


# --- suppressing -----------------------------------------------------------------------------------------------------


def test_suppressing_asks_for_reason_and_end(client: FlaskClient, made: dict[str, int]) -> None:
    page = client.get(f"/findings/suppress?id={made['disk/HMI-07']}").text
    assert "Suppress this finding" in page
    assert 'name="reason"' in page
    assert client.get("/findings/suppress?ids=1&ids=2", headers=PART).text.lstrip().startswith("<form")


def test_a_suppressed_finding_leaves_the_inbox_until_its_date(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    chosen = made["disk/HMI-07"]
    data = {"ids": chosen, "reason": "A known bad sector", "until": "30"}
    assert client.post("/findings/suppress", data=data).status_code == 303
    found = findings.finding(db, chosen)
    assert found is not None
    assert found.suppression is not None
    assert found.suppression.expires == desk.clock() + 30 * 86_400_000_000
    page = client.get(f"/findings/?view=suppressed&id={chosen}").text
    assert "A known bad sector" in page


def test_a_suppression_without_a_reason_comes_back_with_a_sentence(client: FlaskClient, made: dict[str, int]) -> None:
    data = {"ids": made["disk/HMI-07"], "reason": " ", "until": "never"}
    answer = client.post("/findings/suppress", data=data, headers=PART)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#dialog-body"
    assert "A suppression needs a reason." in answer.text


def test_a_suppression_ends_with_the_day_at_the_site() -> None:
    end = read_end("date", "2026-12-01", SHANGHAI, sample.NOW)
    assert end == micros(dt.datetime(2026, 12, 1, 15, 59, 59, tzinfo=dt.UTC))
    assert read_end("never", "", SHANGHAI, sample.NOW) is None


@pytest.mark.parametrize(("until", "date"), [("", ""), ("date", "soon"), ("31", "")])
def test_an_end_that_is_none_is_refused(until: str, date: str) -> None:
    with pytest.raises(UsageError):
        read_end(until, date, SHANGHAI, sample.NOW)


# --- working on one --------------------------------------------------------------------------------------------------


def test_a_note_stays_with_the_finding(client: FlaskClient, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    answer = client.post(f"/findings/{chosen}/note", data={"id": chosen, "text": "Asked <m.chen>"}, headers=PART)
    assert "Asked &lt;m.chen&gt;" in answer.text
    assert "Added a note to “The security log was cleared”" in answer.text


def test_an_empty_note_is_refused(client: FlaskClient, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    assert client.post(f"/findings/{chosen}/note", data={"text": " "}).status_code == 400


def test_a_step_that_was_ticked_stays_ticked(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    chosen = made["guess/OPC-GW-02"]
    assert client.post(f"/findings/{chosen}/step/1", data={"done": "1"}).status_code == 204
    found = findings.finding(db, chosen)
    assert found is not None
    assert dict(found.steps) == {1: True}
    client.post(f"/findings/{chosen}/step/1", data={})
    found = findings.finding(db, chosen)
    assert found is not None
    assert dict(found.steps) == {1: False}


def test_a_step_of_no_finding_is_refused(client: FlaskClient) -> None:
    assert client.post("/findings/99/step/0", data={"done": "1"}).status_code == 404


def test_an_opened_finding_is_read(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    chosen = made["cleared/ENG-WS-04"]
    assert f'data-unread="/findings/{chosen}/read"' in client.get(f"/findings/?id={chosen}").text
    assert client.post(f"/findings/{chosen}/read").status_code == 204
    assert row(db, chosen).read
    assert "data-unread" not in client.get(f"/findings/?id={chosen}").text


def test_all_of_a_view_is_decided_about_also_what_is_not_drawn(
    client: FlaskClient, db: Connection, desk: Desk, made: dict[str, int]
) -> None:
    sample.many(desk, 300)
    answer = client.post("/findings/act", data={"all": "?view=triage&sev=low", "action": "confirm"}, headers=PART)
    assert answer.status_code == 200
    assert findings.counts(db)["confirmed"] == 301
    assert findings.counts(db)["triage"] == 4


def test_findings_that_share_something_are_linked_and_a_view_of_their_own(
    client: FlaskClient, desk: Desk, db: Connection, made: dict[str, int]
) -> None:
    with writing(db):
        db.execute("INSERT INTO finding_entities VALUES ('address', '10.20.4.17', ?)", (made["cleared/ENG-WS-04"],))
    page = client.get("/findings/?id=1").text
    assert "Same address" in page
    assert 'href="/findings/?view=all&amp;entity=address:10.20.4.17"' in page
    linked = client.get("/findings/?view=all&entity=address:10.20.4.17").text
    assert linked.count('name="ids"') == 2
    assert "Same address <b>10.20.4.17</b>" in linked
    assert client.get("/findings/?view=all&entity=colour:red").text.count('name="ids"') == 5


def test_what_changed_since_the_last_look_is_marked_and_a_view_until_it_is_seen(
    client: FlaskClient, db: Connection, made: dict[str, int]
) -> None:
    assert "changed since" not in client.get("/findings/").text
    with writing(db):
        db.execute("UPDATE looks SET since = since - 1")
        db.execute("UPDATE findings SET created = created - 1, grown = created WHERE id = 2")
    page = client.get("/findings/").text
    assert "5 changed since" in page
    assert 'ch-new">New' in page
    assert 'ch-grown">Grew' in page
    assert "Changed since" in client.get("/findings/?view=all&changed=1").text
    answer = client.post("/findings/seen", data={"view": "all", "changed": "1"}, headers=PART)
    assert "Marked everything as seen" in answer.text
    assert answer.headers["HX-Push-Url"] == "/findings/?view=all"
    assert "changed since" not in client.get("/findings/").text
    client.post("/findings/undo", data={})
    assert "5 changed since" in client.get("/findings/").text


def test_a_case_narrows_the_list_and_is_named(client: FlaskClient, db: Connection, made: dict[str, int]) -> None:
    case_id, _ = cases.create(db, "Night shift", [1, 2])
    page = client.get(f"/findings/?view=all&case={case_id}").text
    assert page.count('name="ids"') == 2
    assert "Case <b>Night shift</b>" in page
