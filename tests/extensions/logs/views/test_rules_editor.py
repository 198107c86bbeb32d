from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core import jobs, settings
from desktop_app.core.database import writing
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.web.icons import icon
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.test_detections import RULE, guessing

OWN = RULE.replace("id: 11111111-2222-3333-4444-555555555555\n", "")
HTMX = {"HX-Request": "true"}


def written(client: FlaskClient, body: str = OWN) -> str:
    """Save a new rule and return its id."""
    answer = client.post("/logs/rules/write", data={"body": body})
    assert answer.status_code == 303, answer.text
    return str(answer.location.rpartition("/")[2])


def test_a_new_rule_begins_with_one_that_can_run(pages: FlaskClient) -> None:
    page = pages.get("/logs/rules/new").text
    assert "The rule can run." in page
    assert "When it fires" in page


def test_a_copy_leaves_the_id_out_and_says_what_it_was_made_from(pages: FlaskClient) -> None:
    rule_id = guessing(pages)
    page = pages.get(f"/logs/rules/new?copy={rule_id}").text
    assert f"- id: {rule_id}\n      type: derived" in page
    assert pages.get(f"/logs/rules/{rule_id}/edit").location.endswith(f"/logs/rules/new?copy={rule_id}")
    assert pages.get("/logs/rules/nothing/edit").status_code == 404


def test_the_check_says_line_and_column_and_escapes_what_was_written(pages: FlaskClient) -> None:
    told = pages.post("/logs/rules/check", data={"body": "title: <script>\nlevel: [\n"}).text
    assert 'data-line="3" data-column="1" data-bad="1"' in told
    told = pages.post("/logs/rules/check", data={"body": OWN.replace("words: ['root']", "words: ['<script>']")}).text
    assert "&lt;script&gt;" in told
    assert "<script>" not in told


def test_a_long_text_is_said_to_be_long_and_is_checked_whole_when_it_is_saved(pages: FlaskClient) -> None:
    told = pages.post("/logs/rules/check", data={"body": OWN + "# long\n" * 10_000}).text
    assert "is not checked while it is written" in told
    assert str(icon("about")) in told
    assert "The rule can run." not in told
    broken = OWN.replace("condition:", "conditions:") + "# long\n" * 10_000
    assert pages.post("/logs/rules/write", data={"body": broken}).status_code == 400
    written(pages, OWN + "# long\n" * 10_000)


def tried(client: FlaskClient, desk: Desk, body: str = OWN) -> str:
    """Queue a trial, let it run and return the address of what it found."""
    answer = client.post("/logs/rules/try", data={"body": body}, headers=HTMX)
    assert answer.status_code == 303, answer.text
    job_id = int(answer.location.rpartition("/")[2])
    assert run(desk, job_id).state == "done"
    return answer.location


def test_a_rule_is_tried_on_stored_events_without_being_saved(client: FlaskClient, own_desk: Desk) -> None:
    told = client.get(tried(client, own_desk), headers=HTMX).text
    assert "40 matches" in told
    assert "in all 42 events" in told
    assert "It matches more than a tenth of what was tried." not in told
    assert told.count("/logs/event/") == 20
    with own_desk.connection() as db:
        assert catalogue.SITE not in {pack["name"] for pack in catalogue.packs(db)}


def test_without_scripts_a_trial_is_a_whole_page_that_keeps_the_text(client: FlaskClient, own_desk: Desk) -> None:
    page = client.get(tried(client, own_desk)).text
    assert "40 matches" in page
    assert "A rule from elsewhere" in page


def test_a_trial_shows_how_far_it_is_and_can_be_stopped(client: FlaskClient, own_desk: Desk) -> None:
    address = client.post("/logs/rules/try", data={"body": OWN}).location
    job_id = address.rpartition("/")[2]
    page = client.get(address, headers=HTMX).text
    assert "Waiting for its turn" in page
    assert f'hx-post="/jobs/{job_id}/cancel"' in page
    assert client.post(f"/jobs/{job_id}/cancel", data={"next": address}).location == address
    assert "Stopped before it began." in client.get(address, headers=HTMX).text
    with own_desk.connection() as db:
        other = jobs.listing(db)[-1].id
    assert client.get(f"/logs/rules/try/{other}").status_code == 404


def test_what_cannot_be_read_cannot_be_tried_or_saved(client: FlaskClient) -> None:
    assert "cannot be tried yet" in client.post("/logs/rules/try", data={"body": "title: ["}, headers=HTMX).text
    answer = client.post("/logs/rules/write", data={"body": "title: ["})
    assert answer.status_code == 400
    assert "cannot be saved yet" in answer.text
    assert ">title: [</textarea>" in answer.text


def test_a_rule_is_written_changed_compared_taken_back_and_removed(client: FlaskClient, own_desk: Desk) -> None:
    rule_id = written(client)
    page = client.get(f"/logs/rules/{rule_id}").text
    assert "The rules are being applied to the stored events." in page  # nobody has to ask for it
    assert "Hunt back over stored events" not in page
    body = catalogue_body(own_desk, rule_id)
    changed = body.replace("['root']", "['toor']")
    assert client.post(f"/logs/rules/{rule_id}/save", data={"body": changed}).status_code == 303
    page = client.get(f"/logs/rules/{rule_id}").text
    assert "What it was before" in page
    assert "toor" in page
    version = re.search(r"/logs/rules/versions/(\d+)", page)
    assert version is not None
    assert client.post(version[0]).status_code == 303
    assert catalogue_body(own_desk, rule_id) == body
    assert client.post(f"/logs/rules/{rule_id}/remove").status_code == 303
    assert client.get(f"/logs/rules/{rule_id}").status_code == 404


def catalogue_body(desk: Desk, rule_id: str) -> str:
    with desk.connection() as db:
        found = catalogue.rule(db, rule_id)
    assert found is not None
    return found.body


def test_only_an_imported_rule_is_called_imported(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    rule_id = written(client)
    with own_desk.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "p", a=yaml_of(1)))
        with writing(db):
            settings.store(db, {"language": "zh"})
    assert 'class="hint sec"' in client.get(f"/logs/rules/{id_of(1)}").text
    assert 'class="hint sec"' not in client.get(f"/logs/rules/{rule_id}").text


def test_saving_the_same_text_changes_nothing(client: FlaskClient, own_desk: Desk) -> None:
    rule_id = written(client)
    client.post(f"/logs/rules/{rule_id}/save", data={"body": catalogue_body(own_desk, rule_id)})
    assert "Nothing was changed." in client.get(f"/logs/rules/{rule_id}").text
    assert "What it was before" not in client.get(f"/logs/rules/{rule_id}").text
