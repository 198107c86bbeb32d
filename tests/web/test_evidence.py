from __future__ import annotations

from dataclasses import replace

from desktop_app.core.findings import FindingRow
from desktop_app.core.model import Evidence, Severity, Status
from desktop_app.web.evidence import LONGEST_LINE, line, lines, marked, wanted

PLAIN = Evidence(1, 0, "web-1", "sshd", "Failed  password\tfor root", {}, "00")
ROW = FindingRow(
    id=1, extension="logs", rule_id="r", rule_version="1", severity=Severity.HIGH, status=Status.NEW, verdict=None,
    asset="web-1", count=1, first_seen=0, last_seen=0, group=(), values={}, read=False, touched=False,
    events_removed=False, reopened=None,
)  # fmt: skip


def copies(count: int, **fields: str) -> list[Evidence]:
    return [replace(PLAIN, event_id=index, time=index, fields=fields) for index in range(count)]


def test_text_is_shown_as_it_was_read_on_one_line() -> None:
    assert line(PLAIN) == "Failed password for root"


def test_a_structured_record_is_told_by_its_telling_fields_first() -> None:
    fields = {"Zone": "x", "IpAddress": "10.0.0.1", "EventID": "4625", "TargetUserName": "root"}
    assert line(replace(PLAIN, raw='{"EventID": 4625}', fields=fields)) == "4625  root  10.0.0.1  Zone=x"


def test_what_made_the_rule_fire_comes_first_and_what_every_event_carries_not_at_all() -> None:
    fields = {"Channel": "Security", "TargetUserName": "root", "EventID": "1116", "Threat": "Sample"}
    assert line(replace(PLAIN, raw="{}", fields=fields), ["Sample"]) == "1116  Sample  root"


def test_a_nought_that_the_rule_quotes_does_not_stand_first() -> None:
    fields = {"EventID": "4688", "LogonId": "0", "TargetUserName": "root", "MemberName": "-"}
    assert line(replace(PLAIN, raw="{}", fields=fields), ["0"]) == "4688  root  LogonId=0"


def test_the_time_and_the_host_in_front_of_a_line_are_not_said_twice() -> None:
    raw = "2026-11-22T02:54:23.732371+00:00 web-1 sshd[48264]: Failed password for root"
    assert line(replace(PLAIN, raw=raw)) == "sshd[48264]: Failed password for root"
    assert line(replace(PLAIN, raw=raw, host=None)) == "web-1 sshd[48264]: Failed password for root"


def test_a_line_of_nothing_but_a_time_is_shown_whole() -> None:
    assert line(replace(PLAIN, raw="2026-11-22 02:54:23")) == "2026-11-22 02:54:23"


def test_a_json_record_begins_with_its_own_sentence() -> None:
    raw = '{"msg": "disk full", "code": 28}'
    assert line(replace(PLAIN, raw=raw, fields={"code": "28"})) == "disk full  code=28"


def test_a_structured_record_without_fields_is_shown_as_it_is() -> None:
    assert line(replace(PLAIN, raw='{"a":  1}')) == '{"a": 1}'


def test_a_line_of_a_megabyte_is_cut_for_the_list() -> None:
    assert len(line(replace(PLAIN, raw="x" * 1_000_000))) == LONGEST_LINE + 1


def test_values_are_marked_wherever_they_stand_whatever_their_case() -> None:
    assert marked("Root and root", ["ROOT"]) == (("Root", True), (" and ", False), ("root", True))


def test_the_longest_value_wins() -> None:
    assert ("10.0.0.17", True) in marked("from 10.0.0.17", ["10.0.0.1", "10.0.0.17"])


def test_values_are_no_patterns() -> None:
    assert marked("a.c abc", ["a.c"]) == (("a.c", True), (" abc", False))


def test_short_values_are_not_marked_all_over_the_line() -> None:
    assert marked("1 of 11", ["1", ""]) == (("1 of 11", False),)


def test_few_records_are_shown_without_a_gap() -> None:
    told = lines(copies(3), 3, [])
    assert (len(told.first), told.hidden, len(told.last)) == (3, 0, 0)


def test_of_many_records_the_first_and_the_last_are_shown_and_the_rest_counted() -> None:
    told = lines(copies(20), 500, [])
    assert [one.copy.event_id for one in (*told.first, *told.last)] == [0, 1, 2, 18, 19]
    assert told.hidden == 495


def test_a_record_of_another_kind_than_the_first_stands_out() -> None:
    told = lines([*copies(2, EventID="4625"), *copies(1, EventID="4624")], 3, [])
    assert [one.hit for one in told.first] == [False, False, True]


def test_nothing_is_shown_where_no_copy_was_kept() -> None:
    assert lines([], 0, []).first == ()


def test_what_the_rule_groups_by_and_quotes_is_marked_and_nothing_else() -> None:
    row = replace(ROW, group=(("user", "svc"),), values={"ip": "10.0.0.1", "noise": "zzz", "host": "web-1", "bit": "0"})
    assert wanted(row, "Guessed from 10.0.0.1 on web-1") == ["svc", "10.0.0.1"]
