from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs, undo
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.model import now
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs import service
from desktop_app.extensions.logs.service import applying
from desktop_app.extensions.logs.views.detections import Applied
from tests.core.rules.writing import correlation_of, folder_with, id_of, yaml_of
from tests.extensions.logs.importing import bring_in, guesses, run

RULE = """title: A rule from elsewhere
id: 11111111-2222-3333-4444-555555555555
level: high
description: It looks for a word.
logsource: {product: linux, service: auth}
detection: {words: ['root'], condition: words}
falsepositives: [Administrators]
"""


def guessing(client: FlaskClient) -> str:
    found = re.search(r'/logs/rules/([0-9a-f-]{36})">SSH password guessing<', client.get("/logs/detections").text)
    assert found is not None
    return found[1]


def test_rules_that_fired_stand_first_with_their_matches(pages: FlaskClient) -> None:
    states = re.findall(r'<span class="verdict st-(\w+)"', pages.get("/logs/detections").text)
    assert states[0] == "fired"
    assert "fired" not in states[states.count("fired") :]


def test_a_rule_that_cannot_fire_says_why(pages: FlaskClient) -> None:
    page = pages.get("/logs/detections?state=blocked").text
    assert "No log of this kind has been read: windows / security." in page
    assert "st-fired" not in page


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("q=ssh+guessing", "SSH password guessing", "Windows event log cleared"),
        ("level=high&q=cleared", "Windows event log cleared", "SSH password"),
        ("q=attack.t1110", "SSH password guessing", "Disk errors"),
    ],
)
def test_rules_are_searched_and_filtered(pages: FlaskClient, query: str, shown: str, hidden: str) -> None:
    page = pages.get(f"/logs/detections?{query}").text
    assert shown in page
    assert hidden not in page


def test_no_rule_fitting_says_so_and_leads_back(pages: FlaskClient) -> None:
    assert "No rule fits" in pages.get("/logs/detections?q=nonsense").text


def test_a_rule_has_a_page_that_explains_it(pages: FlaskClient) -> None:
    page = pages.get(f"/logs/rules/{guessing(pages)}").text
    for heading in ("What it means", "When it fires", "What to do", "When it is a false alarm", "The rule itself"):
        assert heading in page
    assert "the address" in page
    assert "[source.ip]" not in page
    assert "/findings/" in page


def test_a_rule_that_is_gone_is_told(pages: FlaskClient) -> None:
    assert pages.get("/logs/rules/nothing").status_code == 404


def test_a_rule_is_switched_off_and_on_again(client: FlaskClient) -> None:
    rule_id = guessing(client)
    off = client.post("/logs/rules/switch", data={"id": rule_id, "on": "0"}, follow_redirects=False)
    assert off.status_code == 303
    assert "st-disabled" in client.get(f"/logs/rules/{rule_id}").text
    client.post("/logs/rules/switch", data={"id": rule_id, "on": "1"})
    assert "st-fired" in client.get(f"/logs/rules/{rule_id}").text


def test_switching_nothing_is_told(client: FlaskClient) -> None:
    assert client.post("/logs/rules/switch", data={"on": "0"}).status_code == 400


def test_the_rules_are_applied_to_stored_events_by_a_job(client: FlaskClient, own_desk: Desk) -> None:
    assert client.post("/logs/detect").status_code == 303
    with own_desk.connection() as db:
        assert jobs.listing(db)[0].kind == "logs.detect"


def test_the_page_of_no_rule_of_ours_shows_a_bare_field_or_says_not_given(pages: FlaskClient, read_desk: Desk) -> None:
    with read_desk.connection() as db:
        ours = catalogue.listing(db, pack=catalogue.OURS)
    for rule in ours:
        told = pages.get(f"/logs/rules/{rule.id}").text.split("The rule itself")[0]
        assert not re.search(r"\[[a-z][\w.]+\]|not given|…</p>", told), rule.id


def test_rules_that_were_there_before_the_events_have_been_applied() -> None:
    assert not Applied(last=0, oldest=20, hunted={}).misses("one", 10)
    assert Applied(last=5, oldest=7, hunted={}).misses("one", 10)
    assert not Applied(last=11, oldest=7, hunted={}).misses("one", 10)
    assert not Applied(last=0, oldest=0, hunted={}).misses("one", 10)


def test_a_rule_that_was_hunted_with_alone_misses_nothing_either() -> None:
    applied = Applied(last=5, oldest=7, hunted={"one": 11})
    assert not applied.misses("one", 10)
    assert applied.misses("another", 10)


def test_a_rule_that_was_never_applied_is_not_called_quiet(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(RULE, encoding="utf-8")
    with own_desk.connection() as db:
        service.import_rules(db, tmp_path / "one.yml")
        applying.start_detect(db)
    address = "/logs/detections?state=waiting"
    assert "Not applied yet" in client.get(address).text
    assert "No rule fits" not in client.get(address).text
    with own_desk.connection() as db, writing(db):
        db.execute("UPDATE jobs SET state = 'done', started = ? WHERE kind = 'logs.detect'", (now() + 1,))
    assert "No rule fits" in client.get(address).text
    assert "Imported rules were not applied" not in client.get("/logs/detections").text


def test_a_rule_that_correlations_count_says_why_it_has_no_findings(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    with own_desk.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1), b=correlation_of(2, "rule_1")))
        with writing(db):
            db.execute(
                "INSERT INTO correlation_blocks (rule_id, base_id, segment_id, tallies, first, last, fired)"
                " SELECT ?, ?, MIN(id), 1, 0, 0, x'' FROM segments",
                (id_of(2), id_of(1)),
            )
    page = client.get(f"/logs/rules/{id_of(1)}").text
    assert "Its matches are counted by Correlation 2 and make no findings of their own." in page


def switch(client: FlaskClient, query: dict[str, str], count: int, on: str = "0") -> int:
    return client.post("/logs/rules/switch-listed", data={**query, "count": str(count), "on": on}).status_code


def test_all_listed_rules_are_switched_at_once_and_one_undo_takes_it_back(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        wanted = [one.id for one in catalogue.listing(db) if one.level == "low"]
    page = client.get("/logs/detections?level=low").text
    assert f"Of the rules in this list {len(wanted)} are on and 0 are off." in page
    assert switch(client, {"level": "low"}, len(wanted)) == 303
    with own_desk.connection() as db:
        off = {one.id for one in catalogue.listing(db) if not one.enabled}
        assert off == set(wanted)
        undo.undo(own_desk, db)
        assert all(one.enabled for one in catalogue.listing(db))


def test_a_list_that_changed_since_it_was_counted_is_not_switched(client: FlaskClient, own_desk: Desk) -> None:
    assert switch(client, {"level": "low"}, 100_000) == 400
    with own_desk.connection() as db:
        assert all(one.enabled for one in catalogue.listing(db))


@pytest.mark.parametrize(
    ("query", "found"),
    [("tag=attack.t1110", True), ("tag=attack.t1111", False), ("tag=attack.t11", False), ("status=nothing", False),
     ("path=linux", False)],
)  # fmt: skip
def test_rules_are_listed_by_tag_maturity_and_folder(pages: FlaskClient, query: str, *, found: bool) -> None:
    assert ("SSH password guessing" in pages.get(f"/logs/detections?{query}").text) is found


def test_a_rule_names_its_techniques(pages: FlaskClient) -> None:
    page = pages.get(f"/logs/rules/{guessing(pages)}").text
    assert "/logs/detections?tag=attack.t1110" in page
    assert "Password guessing" in page


def rule_over_events(desk: Desk, place: Path) -> str:
    """Bring some events in and return a rule that can be applied to them."""
    log = place / "auth.log"
    log.write_text(guesses(3), encoding="utf-8")
    bring_in(desk, [log])
    with desk.connection() as db:
        return next(one.id for one in catalogue.listing(db) if one.state == "ready")


def test_rules_that_are_switched_on_are_applied_at_once_and_both_pages_say_so(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    some = rule_over_events(own_desk, tmp_path)
    with own_desk.connection() as db:
        catalogue.disable(db, [some])
    client.post("/logs/rules/switch", data={"id": [some], "on": "1"})
    with own_desk.connection() as db:
        [job] = jobs.active(db)
    assert job.params == {"rules": [some]}
    for page in ("/logs/detections", f"/logs/rules/{some}"):
        assert "The rules are being applied to the stored events." in client.get(page).text
    assert client.get("/logs/detections", headers={"HX-Request": "true"}).status_code == 204  # nothing new to draw
    assert run(own_desk, job.id).state == "done"
    assert "are being applied" not in client.get(f"/logs/rules/{some}").text
    assert client.get("/logs/detections", headers={"HX-Request": "true"}).status_code == 200


def test_one_rule_is_applied_alone_where_its_page_asks_for_it(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    some = rule_over_events(own_desk, tmp_path)
    for data, params in (({"rule": some}, {"rules": [some]}), ({"rule": "none"}, {}), ({}, {})):
        answer = client.post("/logs/detect", data=data)
        with own_desk.connection() as db:
            job_id = int(answer.location.rpartition("/")[2])
            assert jobs.job(db, job_id).params == params
        run(own_desk, job_id)
