from __future__ import annotations

from desktop_app.extensions.logs.sources.databases.mysql import MARIA_AUDIT, MYSQL_ERROR, MYSQL_GENERAL, MYSQL_SLOW
from tests.extensions.logs.sources.reading import events, lines, one, utc
from tests.extensions.logs.sources.sampling import SAMPLES


def test_errors_in_the_ways_of_new_and_old_versions() -> None:
    first, second, third, fourth = events(MYSQL_ERROR, lines(*SAMPLES["mysqlerror"]))
    assert (first["event.code"], first["log.logger"], first["level"]) == ("MY-010116", "Server", "info")
    assert (second["user.name"], second["source.ip"], second["event.outcome"]) == ("anna", "192.0.2.7", "failure")
    assert (third["time"], fourth["time"]) == (utc(2026, 5, 4, 6, 7, 10), utc(2026, 5, 4, 6, 7, 11))
    assert fourth["level"] == "error"


def test_statements_of_the_general_log_go_on_over_lines() -> None:
    found = events(MYSQL_GENERAL, lines(*SAMPLES["mysqlgeneral"]))
    _, connect, query, refused = found
    assert (connect["event.action"], connect["user.name"], connect["source.ip"]) == ("connect", "anna", "192.0.2.7")
    assert query["message"] == "SELECT *\n  FROM orders"
    assert (refused["user.name"], refused["event.outcome"], refused["level"]) == ("eve", "failure", "warning")


def test_a_slow_statement_says_how_long_it_took() -> None:
    first, second = events(MYSQL_SLOW, lines(*SAMPLES["mysqlslow"]))
    assert (first["time"], first["ordinal"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_456, 1)
    assert (first["user.name"], first["source.ip"], first["event.duration"]) == ("anna", "192.0.2.7", "2500000000")
    assert "SELECT * FROM orders;" in str(first["message"])
    assert (second["time"], second["source.domain"], second["ordinal"]) == (utc(2026, 5, 4, 6, 7, 9), "localhost", 7)


def test_the_audit_log_tells_success_from_failure() -> None:
    event = one(MARIA_AUDIT, SAMPLES["mysqlaudit"][0])
    assert (event["message"], event["event.outcome"], event["host"]) == ("SELECT a, b FROM t", "success", "db1")
    event = one(MARIA_AUDIT, SAMPLES["mysqlaudit"][1])
    assert (event["event.action"], event["event.outcome"], event["error.code"]) == ("failed_connect", "failure", "1045")
