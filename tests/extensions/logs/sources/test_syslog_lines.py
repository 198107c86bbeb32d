from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.syslog_lines import (
    SHAPES,
    WIDTH,
    careful,
    fastest,
    is_plausible,
    program_name,
    structured,
)

BSD = "May  4 06:55:46 gate sshd[24]: hello"
ISO = "2026-05-04T06:55:46+0200 gate sshd[24]: hello"
NEW = "<34>1 2026-05-04T06:55:46Z gate su 9 ID - hello"


@pytest.mark.parametrize(("line", "shape"), [(BSD, 0), (ISO, 1), (f"<1>{BSD}", 2), (f"<1>{ISO}", 3), (NEW, 4)])
def test_each_shape_reads_its_own_lines(line: str, shape: int) -> None:
    assert fastest([line] * 3) is SHAPES[shape]
    assert [one.match(line) is not None for one in SHAPES].index(True) == shape


def test_every_line_gives_a_row_of_the_same_width() -> None:
    assert {len(careful(line)) for line in (BSD, ISO, NEW, f"<5>{BSD}", "", "x", "May  4 06:55:46 ")} == {WIDTH}


def test_the_parts_of_a_line_stand_in_their_places() -> None:
    assert careful(BSD) == (None, "May  4 06:55:46", "gate", "sshd", "24", None, None, "hello")
    assert careful(NEW) == ("34", "2026-05-04T06:55:46Z", "gate", "su", "9", "ID", None, "hello")


def test_a_time_with_a_year_or_one_digit_for_the_day_is_made_regular() -> None:
    assert careful("May 4 2024 06:55:46 gate a: b")[1] == "2024-05-04 06:55:46"
    assert careful("May 4 06:55:46 gate a: b")[1] == "May  4 06:55:46"


def test_a_level_where_the_host_should_stand_is_not_plausible() -> None:
    assert is_plausible(careful(BSD))
    assert not is_plausible(careful("May  4 06:55:46 ERROR main: failed"))
    assert not is_plausible(careful("May  4 06:55:46 gate no program"))


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("sshd(pam_unix)", "sshd"),
        ("/usr/sbin/cron", "cron"),
        ("postfix/smtpd", "postfix/smtpd"),
        ("(x)", "(x)"),
        (None, None),
    ],
)
def test_programs_have_one_name(tag: str | None, name: str | None) -> None:
    assert program_name(tag) == name


def test_structured_data_is_one_column_a_parameter() -> None:
    columns = structured([None, '[a@1 x="1"][b y="2" z=""]', '[a@1 x="3"]'])
    assert columns["log.syslog.structured_data.a@1.x"] == [None, "1", "3"]
    assert columns["log.syslog.structured_data.b.z"] == [None, "", None]


def test_structured_data_cannot_add_columns_without_end() -> None:
    data = "".join(f'[e{at} x="1"]' for at in range(1000))
    assert len(structured([data])) == 200
