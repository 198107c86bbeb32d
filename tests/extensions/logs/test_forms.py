from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from desktop_app.core.errors import UsageError
from desktop_app.core.model import micros
from desktop_app.extensions.logs import forms
from desktop_app.extensions.logs.forms import Filter, combined, read_filter, read_import, read_search, read_time

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = micros(dt.datetime(2026, 11, 22, 6, 37, tzinfo=dt.UTC))  # 14:37 in Shanghai
HOUR = 3_600_000_000


def utc(*parts: int) -> int:
    return micros(dt.datetime(*parts, tzinfo=dt.UTC))  # type: ignore[misc, arg-type] # year to second


def search(**values: str | list[str]) -> forms.SearchForm:
    return read_search(MultiDict(values), SHANGHAI, NOW)


@given(
    field=st.from_regex(r"[A-Za-z_][A-Za-z0-9_.]{0,20}", fullmatch=True),
    value=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    excluded=st.booleans(),
)
def test_a_chip_survives_its_way_through_the_address(field: str, value: str, excluded: bool) -> None:  # noqa: FBT001 - hypothesis fills it
    if field.lower() in {"time", "ingested"}:
        return
    chip = Filter(field, value, excluded)
    assert read_filter(chip.term) == chip


@pytest.mark.parametrize("excluded", [True, False])
def test_any_value_is_a_chip_too(excluded: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert read_filter(Filter("user.name", None, excluded).term) == Filter("user.name", None, excluded)


def test_a_term_that_says_more_than_a_field_and_a_value_is_no_chip() -> None:
    assert read_filter("host:a or host:b") is None
    assert read_filter("status:>=500") is None


def test_two_values_wanted_of_one_field_mean_either_of_them() -> None:
    assert combined(['host:"A"', '-level:"debug"', 'host:"B"']) == ('-level:"debug"', '(host:"A" or host:"B")')


def test_values_left_out_are_all_left_out() -> None:
    assert combined(['-host:"A"', '-host:"B"']) == ('-host:"A"', '-host:"B"')


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("-24h", NOW - 24 * HOUR),
        ("-7d", NOW - 168 * HOUR),
        ("14:00", utc(2026, 11, 22, 6)),
        ("9:30", utc(2026, 11, 22, 1, 30)),
        ("2026-11-20", utc(2026, 11, 19, 16)),
        ("2026-11-20 08:00", utc(2026, 11, 20)),
        ("2026-11-20T08:00:00Z", utc(2026, 11, 20, 8)),
        ("2026-11-20T08:00:00.000+02:00", utc(2026, 11, 20, 6)),
    ],
)
def test_times_are_read_in_the_zone_of_the_site_unless_they_name_another(written: str, meant: int) -> None:
    assert read_time(written, SHANGHAI, NOW) == meant


def test_a_date_as_an_end_includes_its_day() -> None:
    assert read_time("2026-11-20", SHANGHAI, NOW, end=True) == utc(2026, 11, 20, 16)


@pytest.mark.parametrize("written", ["yesterday", "2026-13-01", "25:99", "-9999999h", "2026-11-20T08:00+99:00"])
def test_what_is_no_time_is_told_with_an_example(written: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_time(written, SHANGHAI, NOW)
    assert written in str(caught.value)
    assert "2026-01-31 14:00" in str(caught.value)


def test_no_time_at_all_is_no_bound() -> None:
    assert read_time("  ", SHANGHAI, NOW) is None


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(UsageError, match="ends before it begins"):
        search(**{"from": "14:00", "to": "13:00"})


def test_a_filter_with_wrong_grammar_is_named() -> None:
    with pytest.raises(UsageError, match="host:"):
        search(f=['host:"a'])


def test_a_search_past_all_reason_is_refused() -> None:
    with pytest.raises(UsageError, match="too long"):
        search(q="x" * 5000)


def test_the_search_for_a_facet_leaves_out_its_own_chips() -> None:
    form = search(q="failed", f=['host:"A"', '-level:"debug"'])
    assert form.search(without="host").filters == ('-level:"debug"',)
    assert set(form.search().filters) == {'host:"A"', '-level:"debug"'}


def test_the_address_of_a_search_is_written_as_it_was_read() -> None:
    form = search(q="a", f=['host:"A"'], **{"from": "-1h"})
    assert form.arguments() == [("q", "a"), ("f", 'host:"A"'), ("from", "-1h")]


def test_a_place_in_the_result_is_written_as_it_is_read() -> None:
    assert forms.read_key(forms.write_key((5, 7))) == (5, 7)
    assert forms.read_key(None) is None
    assert forms.write_key(None) is None
    with pytest.raises(UsageError):
        forms.read_key("5.x")


def imported(**values: str) -> tuple[forms.ImportForm, dict[str, str]]:
    form, problems = read_import(MultiDict(values), ["syslog"])
    return form, {name: str(one) for name, one in problems.items()}


def test_paths_are_taken_line_by_line_without_quotes() -> None:
    form, problems = imported(path='/var/log/a b.log\n"/srv/logs"\n\n/srv/logs', format="syslog", zone="Europe/Berlin")
    assert problems == {}
    assert [str(one) for one in form.paths] == ["/var/log/a b.log", "/srv/logs"]
    assert (form.format, form.zone, form.upload) == ("syslog", "Europe/Berlin", None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "path"),
        ({"path": "relative/log"}, "path"),
        ({"path": "/a\0b"}, "path"),
        ({"path": "\n".join(f"/{number}" for number in range(1001))}, "path"),
        ({"upload": "../../etc"}, "path"),
        ({"upload": "0" * 32, "path": "/var/log"}, "path"),
        ({"path": "/var/log", "format": "nonsense"}, "format"),
        ({"path": "/var/log", "zone": "Mars/Base"}, "zone"),
    ],
)
def test_what_cannot_be_imported_is_told_beside_its_field(values: dict[str, str], field: str) -> None:
    _, problems = imported(**values)
    assert list(problems) == [field]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("auth.log", "auth.log"),
        ("logs/2026/auth.log", "logs/2026/auth.log"),
        ("../../../etc/passwd", "etc/passwd"),
        ("C:\\Windows\\x.evtx", "C_/Windows/x.evtx"),
        ("/etc/passwd", "etc/passwd"),
        ("a\0b\n.log", "a_b_.log"),
        (" .. ", "upload"),
        ("", "upload"),
        ("/".join("abcdefghijkl"), "e/f/g/h/i/j/k/l"),
    ],
)
def test_an_uploaded_file_stays_below_its_folder(sent: str, kept: str) -> None:
    assert forms.upload_place(sent).as_posix() == kept


@given(st.text(max_size=400))
def test_no_name_leads_an_upload_out_of_its_folder(sent: str) -> None:
    place = forms.upload_place(sent)
    assert not place.is_absolute()
    assert ".." not in place.parts
    assert all(part and len(part) <= 120 for part in place.parts)


def test_the_list_of_rules_ignores_what_it_does_not_know() -> None:
    form = forms.read_rules({"q": " ssh ", "state": "melted", "level": "high", "page": "x"})
    assert (form.query, form.state, form.level, form.page) == ("ssh", "", "high", 1)
    assert form.arguments(state="fired") == {"q": "ssh", "state": "fired", "level": "high"}
