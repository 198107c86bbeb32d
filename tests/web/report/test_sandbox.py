from __future__ import annotations

from typing import Any

import pytest

from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.web.report import render, sandbox
from desktop_app.web.report.render import Own
from desktop_app.web.report.template import TemplateFault
from tests.web.report.conftest import built


@pytest.fixture
def told(desk: Desk, db: Connection, made: dict[str, int]) -> dict[str, Any]:
    assert made
    return built(desk, db, language="zh")


def fault(told: dict[str, Any], source: str, seconds: float = 60) -> str:
    with pytest.raises(TemplateFault) as found:
        sandbox.page(told, Own({"report.html": source}), seconds)
    return str(found.value)


def test_a_good_template_is_drawn_as_in_this_process(told: dict[str, Any]) -> None:
    own = Own({"report.html": "<p>{{ report.total|number }} {{ _('Findings') }}</p>"}, "p{color:teal}")
    assert sandbox.page(told, own) == render.page(told, own)


def test_a_fault_of_grammar_is_told_with_its_line(told: dict[str, Any]) -> None:
    assert fault(told, "one\ntwo {% if %}").startswith("The template report.html has a fault in line 2. The template")


def test_a_name_that_is_not_there_is_told_with_its_line(told: dict[str, Any]) -> None:
    said = fault(told, "one\n\n{{ report.nothing.at.all }}")
    assert said.startswith("The template report.html has a fault in line 3.")
    assert "nothing" in said


def test_reaching_out_of_the_sandbox_is_a_fault(told: dict[str, Any]) -> None:
    assert "unsafe" in fault(told, "{{ ''.__class__.__mro__ }}")


def test_a_template_that_includes_itself_ends(told: dict[str, Any]) -> None:
    assert "includes itself" in fault(told, "{% include 'report.html' %}")


def test_a_template_that_takes_all_memory_ends_alone(told: dict[str, Any]) -> None:
    assert "more memory than a report may" in fault(told, "{% set x = 'x' * 4000000000 %}{{ x|length }}")


def test_a_template_that_writes_without_end_is_cut(told: dict[str, Any]) -> None:
    assert "more than any report is long" in fault(told, "{% for a in range(99999) %}{{ 'x' * 1000 }}{% endfor %}")


def test_a_loop_without_end_is_stopped(told: dict[str, Any]) -> None:
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    assert "not done after 1 seconds" in fault(told, loops, 1)


def test_what_ends_without_a_word_is_told_as_memory() -> None:
    assert "more memory" in str(sandbox._told(b""))
