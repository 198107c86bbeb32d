from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.databases.servers import MONGO_TEXT, POSTGRES, POSTGRES_CSV, REDIS, zoned
from tests.extensions.logs.sources.reading import events, lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_postgresql_with_a_prefix_that_names_who_is_connected() -> None:
    first, second, third, fourth = events(POSTGRES, lines(*SAMPLES["postgresql"]))
    assert (first["time"], first["process.pid"], first["level"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_000, "4242", "info")
    assert (second["user.name"], second["postgresql.database"], second["level"]) == ("anna", "shop", "error")
    assert (third["message"], third["level"]) == ("select *\n\tfrom x;", "info")
    assert (fourth["user.name"], fourth["event.outcome"], fourth["level"]) == ("eve", "failure", "critical")


def test_the_default_prefix_of_old_versions_has_no_process() -> None:
    assert one(POSTGRES, "2026-05-04 06:07:08 UTC ERROR:  it broke")["message"] == "it broke"


def test_csvlog_has_statements_over_several_lines() -> None:
    first, second = events(POSTGRES_CSV, lines(*SAMPLES["postgresqlcsv"]))
    assert (first["user.name"], first["source.ip"], first["source.port"]) == ("anna", "192.0.2.7", "51234")
    assert (first["message"], first["postgresql.query"]) == ('relation "x" does not exist', "select *\n  from x")
    assert (first["error.code"], second["message"]) == ("42P01", "checkpoint starting: time")


@pytest.mark.parametrize(
    ("time", "kept"),
    [
        ("2026-05-04 06:07:08 UTC", "2026-05-04 06:07:08 UTC"),
        ("2026-05-04 06:07:08 +02", "2026-05-04 06:07:08 +02"),
        ("2026-05-04 06:07:08 CST", "2026-05-04 06:07:08"),
        ("2026-05-04 06:07:08", "2026-05-04 06:07:08"),
    ],
)
def test_a_short_name_of_a_zone_that_has_several_meanings_is_left_out(time: str, kept: str) -> None:
    assert zoned(time) == kept


def test_redis_says_what_it_is_by_a_letter_and_how_bad_by_a_sign() -> None:
    event = one(REDIS, SAMPLES["redis"][1])
    assert (event["level"], event["redis.role"], event["process.pid"]) == ("warning", "master", "4242")
    assert event["time"] == utc(2026, 5, 4, 6, 7, 9) + 123_000


def test_mongodb_in_text() -> None:
    event = one(MONGO_TEXT, SAMPLES["mongodbtext"][1])
    assert (event["level"], event["log.logger"], event["process.thread.name"]) == ("error", "STORAGE", "initandlisten")
