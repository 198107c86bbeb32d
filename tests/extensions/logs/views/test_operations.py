"""Logs over the API: the same answers as the pages and the commands give."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient

from desktop_app.core.desk import Desk
from desktop_app.core.jobs import run_to_end
from tests.web.api.conftest import full, gate, gated, reader, writer  # noqa: F401 - fixtures


def test_a_search_is_read_page_by_page(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    first = reader.get("/api/v1/logs/events?q=failed&limit=25").get_json()
    rest = reader.get(f"/api/v1/logs/events?q=failed&limit=25&after={first['older']}").get_json()
    times = [one["time"] for one in (*first["events"], *rest["events"])]
    assert (len(times), times) == (40, sorted(times, reverse=True))
    one = reader.get(f"/api/v1/logs/events/{first['events'][0]['id']}").get_json()
    assert (one["event"]["fields"]["source.ip"], one["file"]["name"]) == ("203.0.113.7", "auth.log")


def test_counts_agree_whichever_way_they_are_asked(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    assert reader.get("/api/v1/logs/count?f=source.ip:203.0.113.7").get_json()["count"] == 40
    bars = reader.get("/api/v1/logs/histogram?q=failed").get_json()["levels"]
    assert sum(sum(one) for one in bars.values()) == 40
    (top,) = reader.get("/api/v1/logs/facets?field=source.ip").get_json()["facets"]["source.ip"]
    assert top == {"value": "203.0.113.7", "count": 40}
    fields = reader.get("/api/v1/logs/fields").get_json()["fields"]
    assert {"name": "source.ip", "count": 40} in fields


def test_an_import_is_started_and_followed(full: Desk, writer: FlaskClient, tmp_path: Path) -> None:  # noqa: F811 - fixtures
    log = tmp_path / "more.log"
    log.write_text("2026-03-04T04:05:06Z gate-02 cron[1]: started\n", encoding="utf-8")
    job = writer.post("/api/v1/logs/imports", json={"paths": [str(log)]}).get_json()["job"]
    run_to_end(full, job)
    newest = writer.get("/api/v1/logs/imports").get_json()["imports"][0]
    assert (newest["label"], newest["events"], newest["state"]) == ("more.log", 1, "done")
    (file,) = writer.get(f"/api/v1/logs/imports/{newest['id']}").get_json()["files"]
    assert (file["format"], file["error"]) == ("syslog", [])
    missing = writer.post("/api/v1/logs/imports", json={"paths": [str(tmp_path / "nothing")]})
    assert missing.status_code == 400


def test_numbers_and_fields_are_answered_as_the_pages_do(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    made = reader.get("/api/v1/logs/aggregate?agg=count,+distinct+host+by+source.ip&q=failed").get_json()
    assert made["lines"] == [{"values": ["203.0.113.7"], "start": None, "numbers": [40, 1]}]
    assert (made["total"], made["question"]) == ([40, 1], "count, distinct host by source.ip")
    assert reader.get("/api/v1/logs/aggregate?agg=sum").status_code == 400
    field = reader.get("/api/v1/logs/field?name=source.ip&q=failed").get_json()
    assert (field["present"], field["top"]) == (40, [{"value": "203.0.113.7", "count": 40}])


def test_looks_at_a_whole_result_are_the_pages_own(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    kinds = reader.get("/api/v1/logs/templates?order=rare&limit=5").get_json()
    assert (kinds["templates"][0]["count"], kinds["others"], kinds["partial"]) == (40, 0, [])
    window = "from=2026-03-03T04:05:20Z&to=2026-03-03T04:05:40Z"
    odd = reader.get(f"/api/v1/logs/unusual?{window}").get_json()
    assert (odd["here"], odd["there"], odd["unusual"]) == (20, 20, [])
    assert reader.get("/api/v1/logs/unusual?against=nothing").status_code == 400


def test_an_event_is_given_with_its_neighbours(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    newest = reader.get("/api/v1/logs/events?limit=3").get_json()["events"]
    near = reader.get(f"/api/v1/logs/events/{newest[1]['id']}/around?limit=1").get_json()
    assert (near["newer"], near["event"], near["older"]) == ([newest[0]], newest[1], [newest[2]])
    assert reader.get("/api/v1/logs/events/7/around").status_code == 404


def test_events_can_be_asked_for_with_pseudonyms(reader: FlaskClient) -> None:  # noqa: F811 - a fixture
    told = reader.get("/api/v1/logs/events?q=failed&limit=2&redact=true")
    assert b"203.0.113.7" not in told.data
    assert b"gate-01" not in told.data
    again = reader.get("/api/v1/logs/events?q=failed&limit=2&redact=true").get_json()
    assert again == told.get_json()
