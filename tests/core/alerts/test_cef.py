from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.core.alerts import cef
from desktop_app.core.model import Severity
from tests.core.alerts.conftest import NOW, item

# As a reader of CEF takes a line apart: pipes and equals signs that no backslash stands before.
_PIPE = re.compile(r"((?:\\.|[^|\\])*)\|")


def header_fields(line: str) -> list[str]:
    """Return the seven fields of the header, unescaped, and the extension."""
    fields, rest = [], line
    for _ in range(7):
        found = _PIPE.match(rest)
        assert found is not None
        fields.append(re.sub(r"\\(.)", r"\1", found[1]))
        rest = rest[found.end() :]
    return [*fields, rest]


def test_a_finding_is_one_line_of_cef() -> None:
    assert cef.event(item(count=3, first_seen=1_000_000, last_seen=2_000_000)).partition("|r-1|")[2] == (
        "38 failed sign-ins, then a success|8|externalId=WD-7 cat=logs start=1000 end=2000 cnt=3 dhost=web01"
        " cs1Label=rule cs1=r-1"
    )


@pytest.mark.parametrize(
    ("words", "escaped"),
    [("a|b", "a\\|b"), ("a\\b", "a\\\\b"), ("a=b", "a=b"), ("a\nb", "a b"), ("a\r\nb", "a b"), ("\\|", "\\\\\\|")],
)
def test_a_field_of_the_header_is_escaped_exactly(words: str, escaped: str) -> None:
    assert cef.header(words) == escaped


@pytest.mark.parametrize(
    ("words", "escaped"),
    [("a|b", "a|b"), ("a\\b", "a\\\\b"), ("a=b", "a\\=b"), ("a\nb", "a\\nb"), ("a\r\nb", "a\\nb"), ("\\=", "\\\\\\=")],
)
def test_a_value_of_the_extension_is_escaped_exactly(words: str, escaped: str) -> None:
    assert cef.value(words) == escaped


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_log_holds_the_line_stays_one_with_seven_fields(title: str, asset: str, rule: str) -> None:
    line = cef.event(item(title=title, asset=asset, rule=rule))
    assert len(line.splitlines()) == 1
    *fields, extension = header_fields(line)
    assert fields[:3] == ["CEF:0", "Watchdesk", "Watchdesk"]
    assert fields[6] == "8"
    assert len(re.findall(r"(?:^| )\w+(?<!\\)=", extension)) <= 8


@pytest.mark.parametrize(
    ("severity", "priority", "number"), [(5, 130, 10), (4, 131, 8), (3, 132, 5), (2, 133, 3), (1, 134, 1)]
)
def test_severities_are_those_of_syslog_and_cef(severity: int, priority: int, number: int) -> None:
    framed = cef.framed(item(severity=Severity(severity)), NOW, "desk").decode()
    assert re.match(
        rf"<{priority}>1 \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{{3}}Z desk watchdesk - finding - CEF:0\|", framed
    )
    assert f"|{number}|externalId" in framed


def test_the_name_of_the_machine_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "werk 3 süd\n")
    assert cef.own_name() == "werk3sd"
    monkeypatch.setattr("socket.gethostname", lambda: "值班台")
    assert cef.own_name() == "-"
