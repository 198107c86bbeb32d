from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from desktop_app.core import findings, jobs
from desktop_app.core.desk import Desk
from desktop_app.core.rules import catalogue
from desktop_app.extensions.logs.service import applying
from tests.core.rules.writing import folder_with, id_of, yaml_of
from tests.extensions.logs.importing import run
from tests.extensions.logs.views.conftest import JSON
from tests.extensions.logs.views.test_detections import RULE


def newest(desk: Desk) -> int:
    with desk.connection() as db:
        return jobs.listing(db)[0].id


def previewed(client: FlaskClient, desk: Desk, **data: str) -> str:
    """Choose rules, let the job read them, and return the address of what it found."""
    answer = client.post("/logs/rules/import", data=data)
    assert answer.status_code == 303, answer.text
    assert run(desk, newest(desk)).state == "done"
    return answer.location


def brought_in(client: FlaskClient, desk: Desk, address: str) -> str:
    answer = client.post(address)
    ended = run(desk, int(answer.location.rpartition("/")[2]))
    assert ended.state == "done", [str(one) for one in ended.error]
    return client.get(answer.location).text


def test_nothing_is_stored_before_a_person_has_seen_what_would_change(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.zip"
    with zipfile.ZipFile(pack, "w") as archive:
        archive.writestr("one.yml", RULE)
        archive.writestr("two.yml", "title: [")
    address = previewed(client, own_desk, path=str(pack))
    page = client.get(address).text
    assert "What the import of pack would change" in page
    assert "A rule from elsewhere" in page
    assert "two.yml" in client.get(f"{address}?what=broken").text
    assert client.get("/logs/rules/11111111-2222-3333-4444-555555555555").status_code == 404
    done = brought_in(client, own_desk, address)
    assert "2 new, 0 changed, 0 unchanged, 0 gone" in done
    shown = client.get("/logs/rules/11111111-2222-3333-4444-555555555555").text
    assert "It looks for a word." in shown
    assert "Administrators" in shown


def test_while_the_job_waits_the_page_asks_again(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post("/logs/rules/import", data={"path": str(folder_with(tmp_path / "p", a=yaml_of(1)))})
    page = client.get(answer.location).text
    assert 'hx-trigger="load delay:600ms"' in page
    assert "Waiting for its turn" in page


def test_a_change_is_shown_line_by_line(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    brought_in(client, own_desk, previewed(client, own_desk, path=str(folder_with(tmp_path / "p", a=yaml_of(1)))))
    changed = folder_with(tmp_path / "p", a=yaml_of(1, value="<b>other</b>"))
    page = client.get(previewed(client, own_desk, path=str(changed))).text
    assert "<del>    user.name: x</del>" in page
    assert "<ins>    user.name: &lt;b&gt;other&lt;/b&gt;</ins>" in page


def test_an_import_offers_its_undo_and_is_applied_to_the_stored_events(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    done = brought_in(
        client, own_desk, previewed(client, own_desk, path=str(folder_with(tmp_path / "p", a=yaml_of(1))))
    )
    assert "The rules are being applied to the stored events." in done
    assert 'name="undo_id"' in done
    with own_desk.connection() as db:
        assert jobs.listing(db)[0].kind == "logs.detect"


def test_the_same_rules_again_change_nothing(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    pack = str(folder_with(tmp_path / "p", a=yaml_of(1)))
    brought_in(client, own_desk, previewed(client, own_desk, path=pack))
    address = previewed(client, own_desk, path=pack)
    assert "All of these rules are here already" in client.get(address).text
    assert client.post(address).location.endswith("/logs/detections")


def test_a_preview_that_is_gone_says_so(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    address = previewed(client, own_desk, path=str(folder_with(tmp_path / "p", a=yaml_of(1))))
    for one in own_desk.folder.temporary.glob("rules-*"):
        one.unlink()
    assert "This preview is not kept any more." in client.get(address).text


def test_uploaded_rules_are_known_by_the_name_of_their_file(client: FlaskClient, own_desk: Desk) -> None:
    sent = client.post("/logs/upload?name=mine.yml", data=RULE.encode(), headers=JSON).json
    assert sent is not None
    address = previewed(client, own_desk, upload=sent["upload"])
    assert "mine imported" in brought_in(client, own_desk, address)
    with own_desk.connection() as db:
        assert "mine" in {pack["name"] for pack in catalogue.packs(db)}


def test_a_file_without_rules_fails_with_a_sentence(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    answer = client.post("/logs/rules/import", data={"path": str(folder_with(tmp_path / "empty"))})
    assert run(own_desk, newest(own_desk)).state == "failed"
    assert "There are no rules in" in client.get(answer.location).text


def test_other_jobs_are_none_of_these(client: FlaskClient) -> None:
    assert client.get("/logs/rules/import/1").status_code == 404


@pytest.mark.parametrize("path", ["", "/no/such/place", "relative"])
def test_rules_that_are_not_there_are_told_in_the_dialog(client: FlaskClient, path: str) -> None:
    answer = client.post("/logs/rules/import", data={"path": path})
    assert answer.status_code == 400
    assert 'id="rules-menu" open' in answer.text


def test_two_places_at_once_are_refused(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.post("/logs/rules/import", data={"path": f"{tmp_path}\n{tmp_path / 'b'}"})
    assert "one file, folder or zip at a time" in answer.text


def test_an_earlier_content_of_a_pack_is_previewed_and_brought_back(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    with own_desk.connection() as db:
        for value in ("one", "two"):
            catalogue.import_rules(db, folder_with(tmp_path / "mine", a=yaml_of(1, value=value)))
        oldest = db.execute("SELECT min(id) FROM pack_versions").fetchone()[0]
    address = previewed(client, own_desk, version=str(oldest))
    assert "Changed <b>1</b>" in client.get(address).text
    assert "0 new, 1 changed" in brought_in(client, own_desk, address)
    with own_desk.connection() as db:
        found = catalogue.rule(db, id_of(1))
    assert found is not None
    assert "one" in found.body
    assert client.post("/logs/rules/import", data={"version": "999"}).status_code == 400


def test_the_door_hands_rules_on_to_their_preview(client: FlaskClient, own_desk: Desk, tmp_path: Path) -> None:
    pack = folder_with(tmp_path / "mine", a=yaml_of(1))
    handed = client.post("/door/", data={"path": str(pack)})
    assert handed.status_code == 307
    page = client.post(handed.location, data={"path": str(pack)}, follow_redirects=True).text
    assert "Read the rules of mine" in page
    assert run(own_desk, newest(own_desk)).state == "done"


def test_a_finding_of_an_imported_rule_says_what_matched_when_it_is_a_false_alarm_and_what_to_do(
    client: FlaskClient, own_desk: Desk, tmp_path: Path
) -> None:
    with own_desk.connection() as db:
        catalogue.import_rules(db, folder_with(tmp_path / "mine", a=RULE))
        assert run(own_desk, applying.start_detect(db)).state == "done"
        found = findings.listing(db, findings.Filter(view="all", rule="11111111-2222-3333-4444-555555555555"), 1)
    page = client.get(f"/findings/?view=all&id={found[0].id}").text
    for said in ("the event contains", "<mark>root</mark>", "Administrators", "These help with any finding:"):
        assert said in page
