from __future__ import annotations

import csv
import io

import orjson
import pytest
from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.errors import StoreError
from desktop_app.core.text import text
from desktop_app.web.app import create_app
from tests.extensions.logs.views.conftest import make_desk


def test_the_first_rows_are_drawn_without_scripts(pages: FlaskClient) -> None:
    page = pages.get("/logs/?q=script").text
    assert '<div class="ev-row" role="row">' in page
    assert "<mark>script</mark>" in page
    assert "11-20 15:31:00.000" in page


def test_no_log_line_becomes_markup(pages: FlaskClient) -> None:
    page = pages.get("/logs/").text
    assert "<script>alert" not in page
    assert "\\u003cscript\\u003ealert(1)" in page


def test_the_older_events_can_be_reached_without_scripts(pages: FlaskClient) -> None:
    page = pages.get("/logs/?limit=10").text
    assert "<noscript>" in page
    assert "after=" in page


def test_an_empty_desk_says_why_and_offers_what_to_do(folder_of_nothing: FlaskClient) -> None:
    page = folder_of_nothing.get("/logs/").text
    assert "No logs yet" in page
    assert "data-import" in page
    assert "search-form" not in page


@pytest.fixture
def folder_of_nothing(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return create_app(make_desk(tmp_path_factory.mktemp("nothing"))).test_client()


def test_a_query_with_wrong_grammar_is_told_under_its_field(pages: FlaskClient) -> None:
    answer = pages.get("/logs/?q=(ssh")
    assert answer.status_code == 400
    assert "never closed" in answer.text
    assert 'value="(ssh"' in answer.text


def test_chips_and_range_of_the_address_are_shown(pages: FlaskClient) -> None:
    page = pages.get('/logs/?f=-user.name:"alice"&from=-24h').text
    assert "not user.name <b>alice</b>" in page
    assert '<span id="range-name">Last 24 hours</span>' in page


def test_chinese_is_chosen_by_the_reader(pages: FlaskClient) -> None:
    assert '<html lang="en"' in pages.get("/logs/").text


def test_a_result_is_exported_whole_as_csv(pages: FlaskClient) -> None:
    answer = pages.get("/logs/export?format=csv&q=root")
    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert len(rows) == 40
    assert rows[0]["source.ip"] == "10.20.4.17"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="watchdesk-events-20261120-160000.csv"'


def test_a_result_is_exported_as_json_one_event_a_line(pages: FlaskClient) -> None:
    lines = pages.get("/logs/export?format=json&q=GET").get_data().splitlines()
    assert [orjson.loads(line)["fields"]["http.response.status_code"] for line in lines] == ["500", "200"]


def test_an_export_of_an_unknown_format_or_a_wrong_query_is_refused(pages: FlaskClient) -> None:
    assert pages.get("/logs/export?format=xls").status_code == 400
    assert pages.get("/logs/export?q=(a").status_code == 400


def test_an_export_that_fails_on_its_way_does_not_look_complete(
    read_desk: Desk, pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(db: object, search: object, kind: str, stream: io.BufferedWriter) -> int:
        stream.write(b"time,id\n")
        raise StoreError(text("The disk is full."))

    monkeypatch.setattr(read_desk.events, "export", break_off)
    with pytest.raises(StoreError):
        pages.get("/logs/export?format=csv").get_data()


def test_a_reader_that_goes_away_ends_the_export(pages: FlaskClient) -> None:
    answer = pages.get("/logs/export?format=json", buffered=False)
    assert next(answer.iter_encoded())
    answer.close()


def test_an_export_with_pseudonyms_says_so_and_names_nobody(pages: FlaskClient) -> None:
    assert "redact=1" in pages.get("/logs/").text
    answer = pages.get("/logs/export?q=Failed&format=json&redact=1")
    assert "-pseudonyms.jsonl" in answer.headers["Content-Disposition"]
    *events, note = [orjson.loads(line) for line in answer.data.splitlines()]
    assert len(events) == 40
    assert "pseudonyms" in note["note"]
    plain = orjson.loads(pages.get("/logs/export?q=Failed&format=json").data.splitlines()[0])
    for secret in (plain["host"], plain["fields"]["source.ip"]):
        assert secret.encode() not in answer.data
    written = pages.get("/logs/export?q=Failed&format=csv&redact=1").data.decode("utf-8-sig").splitlines()
    assert (len(written), "pseudonyms" in written[-1]) == (42, True)
