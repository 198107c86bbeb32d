from __future__ import annotations

import pytest

from desktop_app.core.model import LogSource
from desktop_app.core.sigma.target import Target, by_programs, channels_of, having, service_of


def test_an_empty_word_covers_every_log_source_and_a_word_only_its_own() -> None:
    assert Target().covers(LogSource("linux", "", "auth"))
    assert Target(LogSource("linux")).covers(LogSource("linux", "", "auth"))
    assert not Target(LogSource("linux", "", "sudo")).covers(LogSource("linux", "", "auth"))


@pytest.mark.parametrize(("service", "holds"), [("security", True), ("", True), ("system", False), ("sysmon", False)])
def test_a_channel_lies_in_its_own_log_source_and_in_one_that_names_none(service: str, *, holds: bool) -> None:
    assert service_of(("security",), LogSource("windows", "", service)) is holds


def test_words_of_windows_services_lead_to_channels() -> None:
    assert channels_of("sysmon") == ("microsoft-windows-sysmon/operational",)
    assert channels_of("nothing of that name") == ()


def test_conditions_of_a_target_are_trees_over_columns() -> None:
    assert having("a", "b") == ["&", [["a", "a", "ex", None, False], ["a", "b", "ex", None, False]]]
    assert by_programs("cron") == ["a", "process.name", "eq", "cron", False]
