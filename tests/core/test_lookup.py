from __future__ import annotations

import pytest

from desktop_app.core import triage
from desktop_app.core.lookup import find
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules.finder import RuleNames
from tests.web import sample


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("wd-3", [3]),
        ("hmi-07", [4, 5]),
        ("svc_historian", [1]),
        ("安全日志", [2]),
        ("disk hist", [3]),
        ("disk opc", []),
        ("100%", []),
        ("", []),
    ],
)
def test_a_finding_is_found_by_whatever_it_is_called(folder: DataFolder, asked: str, expected: list[int]) -> None:
    desk = sample.new_desk(folder)
    sample.fill(desk)
    with desk.connection() as db:
        assert [row.id for row in find(db, RuleNames(), asked, 5)] == expected


def test_what_waits_comes_before_what_was_decided(folder: DataFolder) -> None:
    desk = sample.new_desk(folder)
    sample.fill(desk)
    with desk.connection() as db:
        triage.archive(db, [3])
        assert [row.id for row in find(db, RuleNames(), "disk", 5)] == [4, 3]
        assert [row.id for row in find(db, RuleNames(), "disk", 1)] == [4]
