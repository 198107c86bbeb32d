from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path

import numpy as np

from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.syslog import AUTH, SYSLOG, SYSLOG_FORMAT
from tests.extensions.logs.sources.reading import NOW, lines, one, read, row, utc

FAILED = "May  4 06:55:46 gate sshd[24200]: Failed password for root from 192.0.2.1 port 38926 ssh2"
CRON = "May  4 06:56:00 gate CRON[7]: (root) CMD (true)"


def test_a_line_of_sshd_is_an_event_of_the_authentication_log() -> None:
    (batch,), reading = read(SYSLOG_FORMAT, lines(FAILED))
    event = row(batch, 0)
    assert batch.log_source == AUTH
    assert (event["host"], event["source"], event["process.pid"]) == ("gate", "sshd", "24200")
    assert event["message"] == "Failed password for root from 192.0.2.1 port 38926 ssh2"
    assert (event["event.action"], event["event.outcome"]) == ("ssh_login", "failure")
    assert event["time"] == utc(2026, 5, 4, 6, 55, 46)
    assert reading.zone_assumed
    assert batch.zone_assumed


def test_lines_of_both_logs_are_kept_apart_and_keep_their_numbers() -> None:
    batches, _ = read(SYSLOG_FORMAT, lines(FAILED, CRON, FAILED))
    numbers = {batch.log_source: batch.ordinal.tolist() for batch in batches}
    assert numbers == {AUTH: [1, 3], SYSLOG: [2]}


def test_a_priority_gives_facility_and_level() -> None:
    event = one(SYSLOG_FORMAT, f"<38>{FAILED}")
    assert (event["log.syslog.facility.name"], event["level"]) == ("auth", "info")
    assert one(SYSLOG_FORMAT, f"<11>{CRON}")["level"] == "error"


def test_a_priority_that_does_not_exist_is_no_level() -> None:
    assert one(SYSLOG_FORMAT, f"<999>{CRON}")["level"] is None


def test_rfc_5424_gives_message_id_and_structured_data() -> None:
    event = one(
        SYSLOG_FORMAT,
        "<165>1 2026-05-04T05:14:15.000003-07:00 pump.example evntslog 8710 ID47 "
        '[x@1 iut="3" say="a \\"b\\]\\""][y z="1"] hi',
    )
    assert event["time"] == utc(2026, 5, 4, 12, 14, 15) + 3
    assert (event["host"], event["source"], event["process.pid"]) == ("pump.example", "evntslog", "8710")
    assert event["log.syslog.msgid"] == "ID47"
    assert event["log.syslog.structured_data.x@1.iut"] == "3"
    assert event["log.syslog.structured_data.x@1.say"] == 'a "b]"'
    assert event["log.syslog.structured_data.y.z"] == "1"
    assert event["message"] == "hi"


def test_rfc_5424_with_nothing_but_dashes_is_read() -> None:
    event = one(SYSLOG_FORMAT, "<34>1 - - - - - -")
    assert (event["host"], event["source"], event["time"], event["level"]) == (None, None, NOW, "critical")


def test_iso_times_carry_their_zone() -> None:
    (batch,), reading = read(SYSLOG_FORMAT, lines("2026-05-04T06:55:46.123456+02:00 gate su[1]: + /dev/pts/0 a:root"))
    assert int(batch.time[0]) == utc(2026, 5, 4, 4, 55, 46) + 123456
    assert not reading.zone_assumed


def test_the_zone_of_the_reading_is_taken_where_none_stands() -> None:
    event = one(SYSLOG_FORMAT, FAILED, zone=zoneinfo.ZoneInfo("Asia/Shanghai"))
    assert event["time"] == utc(2026, 5, 3, 22, 55, 46)


def test_programs_with_spaces_and_modules_are_read() -> None:
    assert one(SYSLOG_FORMAT, "May  4 09:00:55 mac Big Editor[14]: error 5")["source"] == "Big Editor"
    assert one(SYSLOG_FORMAT, "May  4 09:00:55 gate sshd(pam_unix)[19]: check pass; user unknown")["source"] == "sshd"
    assert one(SYSLOG_FORMAT, "May  4 09:00:55 gate /usr/sbin/cron[9]: hello")["source"] == "cron"


def test_a_line_without_a_program_keeps_its_message() -> None:
    event = one(SYSLOG_FORMAT, "May  4 09:00:55 gate something happened here")
    assert (event["host"], event["source"], event["message"]) == ("gate", None, "something happened here")


def test_a_repeated_line_has_no_host() -> None:
    event = one(SYSLOG_FORMAT, "May  4 09:00:55 --- last message repeated 4 times ---")
    assert (event["host"], event["event.repeated"]) == (None, "4")


def test_a_year_in_the_time_is_used() -> None:
    assert one(SYSLOG_FORMAT, "May  4 2019 09:00:55 fw %ASA-6: up")["time"] == utc(2019, 5, 4, 9, 0, 55)


def test_an_odd_line_stands_at_the_time_of_the_line_before_and_is_counted() -> None:
    batches, reading = read(SYSLOG_FORMAT, lines(CRON, "\tat java.lang.Thread", FAILED))
    syslog = next(batch for batch in batches if batch.log_source == SYSLOG)
    assert syslog.time[0] == syslog.time[1]
    assert syslog.message[1] is None
    assert reading.unparsed == 1


def test_one_bad_line_costs_no_other() -> None:
    batches, reading = read(SYSLOG_FORMAT, lines(FAILED, "May 99 99:99:99 gate x: y", "\x00\x01\x02", FAILED))
    assert sum(len(batch) for batch in batches) == 4
    assert sum(batch.fields.get("source.ip", ()).count("192.0.2.1") for batch in batches) == 2
    assert reading.unparsed == 2


def test_lines_from_the_store_are_normalised_again_in_another_zone() -> None:
    written = [f"Dec 31 23:59:0{second} gate a[1]: x" for second in range(9)] + ["Jan  1 00:00:00 gate a[1]: y"]
    batches, reading = read(SYSLOG_FORMAT, lines(*written))
    before = np.concatenate([batch.time for batch in batches])
    again = Reading("test.log", zone=dt.timezone(dt.timedelta(hours=8)), reference=NOW, state=dict(reading.state))
    parts = [RecordBatch([line], np.array([at], np.int64), 0) for at, line in enumerate(written, 1)]
    after = np.concatenate([batch.time for part in parts for batch in SYSLOG_FORMAT.normalize(part, again)])
    assert (before - after).tolist() == [8 * 3600 * 1_000_000] * 10
    assert int(before[-1]) == utc(2026, 1, 1)


def test_syslog_is_recognised_and_logs_of_programs_are_not() -> None:
    assert SYSLOG_FORMAT.sniff(sample("x", lines(FAILED, CRON))) > 0.9
    assert SYSLOG_FORMAT.sniff(sample("x", lines("2026-05-04T06:55:46Z INFO main: started"))) == 0
    assert SYSLOG_FORMAT.sniff(sample("x", lines("2026-05-04 06:55:46,123 INFO [main] app: started"))) == 0
    assert SYSLOG_FORMAT.sniff(sample("x", lines("May the 4th be with you"))) == 0


def test_public_system_logs_are_read_to_the_last_line(data_dir: Path) -> None:
    for name in ("Linux", "OpenSSH", "Mac"):
        batches, reading = read(SYSLOG_FORMAT, (data_dir / "loghub" / f"{name}_2k.log").read_bytes())
        assert sum(len(batch) for batch in batches) == 2000
        assert reading.unparsed == 0
