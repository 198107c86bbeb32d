from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import jobs
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue, site
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import run

WAITING = yaml_of(1).replace("user.name", "user.name|expand").replace(": x", ": '%admins%'")
RENAME = "name: Ours\ntransformations:\n- type: field_name_mapping\n  mapping: {user.name: account}\n- type: invented\n"
PAGE = "/logs/rules/site"


@pytest.fixture
def waiting(own_desk: Desk, tmp_path: Path) -> Desk:
    """A desk with an imported rule that waits for its values."""
    with own_desk.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "mine", a=WAITING))
    return own_desk


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yml"
    path.write_text(RENAME, encoding="utf-8")
    return path


def state(desk: Desk) -> str:
    with desk.connection() as db:
        found = catalogue.rule(db, id_of(1))
    assert found is not None
    return found.state


def done(client: FlaskClient, desk: Desk, address: str, **data: str) -> str:
    """Queue a change of pipelines, let it run and return what the page says then."""
    answer = client.post(address, data=data)
    assert answer.status_code == 303, answer.text
    with desk.connection() as db:
        newest = jobs.listing(db)[0].id
    assert run(desk, newest).state == "done"
    return client.get(answer.location).text


def test_rules_that_wait_are_told_where_rules_are_listed_with_the_way_to_help(
    client: FlaskClient, waiting: Desk
) -> None:
    page = client.get("/logs/detections").text
    assert "1 rule waits for values that only this site knows." in page
    assert f'href="{PAGE}"' in page
    assert state(waiting) == "unsupported"
    assert "Waits for values <b>1</b>" in page
    told = '<a href="/logs/detections?state=asking">1 rule waits for values that only this site knows</a>'
    assert told in client.get("/logs/unseen").text


def test_a_placeholder_is_listed_with_its_rules_given_values_and_taken_back(client: FlaskClient, waiting: Desk) -> None:
    page = client.get(PAGE).text
    assert "%admins%" in page
    assert "1 rule asks for it" in page
    assert f"/logs/rules/{id_of(1)}" in page
    answer = client.post("/logs/rules/values", data={"name": "admins", "values": "root\r\nadm*\r\n"})
    assert answer.location == PAGE
    page = client.get(PAGE).text
    assert ">root\nadm*</textarea>" in page
    assert "Values of %admins% changed" in page
    assert state(waiting) == "ready"
    assert "waits for values" not in client.get("/logs/detections").text
    with waiting.connection() as db:
        undo_id = db.execute("SELECT MAX(id) FROM undo").fetchone()[0]
    client.post("/undo", data={"undo_id": undo_id, "next": PAGE})
    assert state(waiting) == "unsupported"


def test_values_that_cannot_be_are_told_beside_the_form_that_keeps_them(client: FlaskClient, waiting: Desk) -> None:
    answer = client.post("/logs/rules/values", data={"name": "two words", "values": "a\nb"})
    assert answer.status_code == 400
    assert "A placeholder is one word, such as admins." in answer.text
    assert ">a\nb</textarea>" in answer.text
    answer = client.post("/logs/rules/values", data={"name": "admins", "values": "x" * 1001})
    assert answer.text.count("A placeholder takes at most") == 1
    client.post("/logs/rules/values", data={"name": "admins", "values": ""})
    assert "Nothing was changed." in client.get(PAGE).text
    assert state(waiting) == "unsupported"


def test_a_pipeline_is_brought_in_says_what_it_renames_and_what_is_left_out_by_line(
    client: FlaskClient, own_desk: Desk, pipeline: Path
) -> None:
    page = done(client, own_desk, "/logs/rules/pipelines", path=str(pipeline))
    assert "user.name → account" in page
    assert "Line 5 is left out (invented): no transformation of this name is known" in page
    assert "Brought in the pipeline ours" in page


def test_a_pipeline_is_switched_off_on_and_removed(client: FlaskClient, own_desk: Desk, pipeline: Path) -> None:
    done(client, own_desk, "/logs/rules/pipelines", path=str(pipeline))
    for act, enabled in (("off", [False]), ("on", [True]), ("remove", [])):
        done(client, own_desk, "/logs/rules/pipelines/change", name="ours", act=act)
        with own_desk.connection() as db:
            assert [one.enabled for one in site.pipelines(db)] == enabled
    assert client.post("/logs/rules/pipelines/change", data={"name": "ours", "act": "on"}).status_code == 404
    assert client.post("/logs/rules/pipelines/change", data={"name": "ours", "act": "?"}).status_code == 404


def test_what_is_no_pipeline_is_told_with_its_line_and_nothing_is_queued(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "bad.yml").write_text("name: x\ntransformations:\n- type: replace_string\n", encoding="utf-8")
    for path, told in ((tmp_path / "bad.yml", "Line 3 is no valid transformation"), (tmp_path / "no.yml", "Check"),
                       ("", "Choose a file or a folder")):  # fmt: skip
        answer = client.post("/logs/rules/pipelines", data={"path": str(path)})
        assert answer.status_code == 400
        assert told in answer.text
    with own_desk.connection() as db:
        assert [one.kind for one in jobs.active(db)] == []


def test_while_the_job_waits_the_page_asks_again_and_offers_to_stop_it(
    client: FlaskClient, own_desk: Desk, pipeline: Path
) -> None:
    address = client.post("/logs/rules/pipelines", data={"path": str(pipeline)}).location
    page = client.get(address).text
    assert "load delay:600ms" in page
    with own_desk.connection() as db:
        [job] = jobs.active(db)
    answer = client.post(f"/jobs/{job.id}/cancel", data={"next": address})
    assert answer.location == address
    assert "Nothing was stored." in client.get(address).text


def test_only_jobs_of_pipelines_are_shown(client: FlaskClient, own_desk: Desk) -> None:
    with own_desk.connection() as db:
        other = jobs.listing(db)[0].id
    assert client.get(f"{PAGE}?job={other}").status_code == 404


def test_the_page_is_found_by_the_search_of_the_settings_and_by_the_palette(pages: FlaskClient) -> None:
    assert f'href="{PAGE}"' in pages.get("/settings/?q=placeholder").text
    assert f'href="{PAGE}"' not in pages.get("/settings/?q=theme").text


def test_the_settings_lead_to_the_live_sources_too(pages: FlaskClient) -> None:
    assert 'href="/logs/sources"' in pages.get("/settings/?q=live+sources").text
    assert 'href="/logs/sources/live/new"' in pages.get("/settings/?q=syslog").text
    assert PAGE in pages.get("/palette/answers?q=placeholder").text
