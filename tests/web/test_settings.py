from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from desktop_app.core import settings
from desktop_app.core.database import Connection
from desktop_app.web.settings import save, stored_form, zones


def test_every_setting_has_a_labelled_field_with_its_help(client: FlaskClient) -> None:
    page = client.get("/settings/").text
    for one in settings.CORE:
        assert f'for="set-{one.key}"' in page
        assert f'id="help-{one.key}"' in page


def test_a_saved_setting_acts_at_once_and_can_be_undone(client: FlaskClient, db: Connection) -> None:
    answer = client.post("/settings/", data={"language": "zh"})
    assert answer.status_code == 303
    page = client.get("/settings/").text
    assert '<html lang="zh-CN"' in page
    assert "data-undo" in page
    undo_id = db.execute("SELECT MAX(id) FROM undo").fetchone()[0]
    client.post("/undo", data={"undo_id": undo_id, "next": "/settings/"})
    assert settings.get(db, settings.LANGUAGE) == "auto"


def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_saved(client: FlaskClient, db: Connection) -> None:
    answer = client.post("/settings/", data={"theme": "dark", "site_zone": "Mars/Olympus"})
    assert answer.status_code == 422
    assert 'id="wrong-site_zone"' in answer.text
    assert 'value="Mars/Olympus"' in answer.text
    assert settings.get(db, settings.THEME) == "auto"


def test_a_box_that_is_not_ticked_means_off(client: FlaskClient, db: Connection) -> None:
    client.post("/settings/", data={"keys": "0"})
    assert settings.get(db, settings.KEYS) is False
    client.post("/settings/", data={"keys": ["0", "1"]})
    assert settings.get(db, settings.KEYS) is True


def test_saving_what_stands_changes_nothing_and_leaves_no_undo(client: FlaskClient, db: Connection) -> None:
    assert save(db, settings.CORE, stored_form(settings.current(db, settings.CORE))) is None
    client.post("/settings/", data={"theme": "auto"})
    assert "Nothing was changed." in client.get("/settings/").text


@pytest.mark.parametrize("name", ["Asia/Shanghai", "Europe/Berlin", "UTC"])
def test_zones_are_offered_by_name(name: str) -> None:
    assert name in zones()


def shown(page: str) -> list[str]:
    return [part.partition('"')[0] for part in page.split('<label for="set-')[1:]]


@pytest.mark.parametrize("words", ["zone site", "时区", "site_zone", "ＺＯＮＥ"])
def test_a_setting_is_found_by_name_explanation_or_key_in_either_language(client: FlaskClient, words: str) -> None:
    assert shown(client.get("/settings/", query_string={"q": words}).text) == ["site_zone"]


def test_a_search_that_finds_nothing_says_so(client: FlaskClient) -> None:
    page = client.get("/settings/?q=qqqq").text
    assert shown(page) == []
    assert '<p class="dim" id="no-setting" role="status">' in page


def test_a_key_that_was_changed_is_shown_wherever_it_acts(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    assert client.post("/settings/", data={"key_confirm": "V"}).status_code == 303
    page = client.get("/findings/").text
    assert 'data-keymap="{&#34;c&#34;: &#34;v&#34;}"' in page
    assert "Confirm<kbd>V</kbd>" in page
    assert "<kbd>C</kbd>" not in page.replace("<kbd>G</kbd> <kbd>C</kbd>", "")


def test_a_key_that_is_off_is_shown_nowhere(client: FlaskClient, made: dict[str, int]) -> None:
    assert made
    client.post("/settings/", data={"key_confirm": "", "key_help": ""})
    page = client.get("/findings/").text
    assert "<kbd>C</kbd>" not in page.replace("<kbd>G</kbd> <kbd>C</kbd>", "")
    assert "for shortcuts" not in page
    assert "Next and previous finding" in page


def test_a_key_that_is_taken_is_refused_beside_its_field(client: FlaskClient, db: Connection) -> None:
    answer = client.post("/settings/", data={"key_note": "c"})
    assert answer.status_code == 422
    assert "This key is taken: Confirm the finding." in answer.text
    assert db.execute("SELECT COUNT(*) FROM settings WHERE key LIKE 'key_%'").fetchone()[0] == 0


def test_a_setting_saved_from_elsewhere_leads_back_there(client: FlaskClient) -> None:
    answer = client.post("/settings/", data={"theme": "dark", "next": "/findings/?q=disk"})
    assert answer.headers["Location"] == "/findings/?q=disk"
