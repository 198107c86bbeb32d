from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateError
from jinja2.exceptions import SecurityError

from desktop_app.core.cases import cases
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.web.report import render
from desktop_app.web.report.choice import SECTIONS, Choice
from desktop_app.web.report.render import Own
from tests.web.report.conftest import built


def test_a_report_is_one_file_that_asks_nothing_of_any_other(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = render.page(built(desk, db))
    assert "<script" not in told
    assert not re.search(r'(src|href)="(?!#)', told)
    assert "@import" not in told
    assert "url(" not in told
    assert not re.search(r"<[^>]+\sstyle=", told)


def test_every_link_leads_somewhere(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    cases.create(db, "One", [made["guess/OPC-GW-02"]])
    told = render.page(built(desk, db))
    assert set(re.findall(r'href="#([^"]+)"', told)) <= set(re.findall(r'id="([^"]+)"', told))


def test_every_section_that_is_asked_for_stands_there(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    cases.create(db, "One", [made["guess/OPC-GW-02"]])
    whole = built(desk, db)
    for section in SECTIONS:
        one = render.page(whole | {"sections": [section]})
        assert re.findall(r'<(?:section|header)[^>]*id="(\w+)"', one) == [section]


def test_an_empty_report_calls_nothing_clean(desk: Desk, db: Connection) -> None:
    told = render.page(built(desk, db))
    assert "No rule found anything in what was read. This says nothing about what was not read." in told


def test_what_was_read_from_a_log_is_never_taken_as_html(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    with writing(db):
        db.execute("UPDATE assets SET name = '<img src=x>' WHERE name = 'OPC-GW-02'")
    told = render.page(built(desk, db))
    assert "<img" not in told
    assert "&lt;img src=x&gt;" in told


def test_the_policy_allows_exactly_the_style_that_the_report_carries(desk: Desk, db: Connection) -> None:
    told = render.page(built(desk, db))
    inside = re.search(r"<style>(.*?)</style>", told, re.DOTALL)
    assert inside is not None
    allowed = b64encode(sha256(inside[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{allowed}'" in render.policy_of(told.encode())
    assert re.findall(r'Security-Policy" content="([^"]+)"', told) == [
        render.policy_of(told.encode()).replace("'", "&#39;")
    ]
    assert "unsafe" not in render.policy_of(told.encode())


@given(st.text())
def test_no_name_of_a_site_ends_the_style(name: str) -> None:
    quoted = render._quoted(name)
    assert not set("<>{}\n\r;\"'") & set(quoted[1:-1])


def test_findings_left_out_are_counted_honestly(desk: Desk, db: Connection, made: dict[str, int]) -> None:
    assert made
    told = render.page(built(desk, db, Choice(period="0", statuses=(), most=2)))
    assert "2 of 5 findings are told below, the most severe first; the others are counted only." in told
    assert told.count("<article") == 2


def test_sentences_stand_apart_as_their_language_writes_them(desk: Desk, db: Connection) -> None:
    english, chinese = (
        render.page(built(desk, db) | {"language": tag, "summary": ["A.", "B。"]}) for tag in ("en", "zh-CN")
    )
    assert "A. B。" in english
    assert "A.B。" in chinese


def test_a_site_may_change_order_words_style_and_logo(desk: Desk, db: Connection) -> None:
    own = Own({"report.html": "{% include 'summary.html' %}{% include 'cover.html' %}"}, "h1{color:teal}",
              "Confidential & internal", "data:image/png;base64,AAAA")  # fmt: skip
    told = render.page(built(desk, db), own)
    assert told.index('id="summary"') < told.index('id="cover"')
    assert "h1{color:teal}</style>" in told
    assert "Confidential &amp; internal" in told
    assert 'src="data:image/png;base64,AAAA"' in told


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ report.__class__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ self._TemplateReference__context }}",
        "{{ '{0.__class__}'.format(report) }}",
        "{{ (report|attr('__class__')).mro() }}",
        "{{ _.__globals__ }}",
        "{{ report.update({}) }}",
        "{% include '../../base.html' %}",
        "{% include '/etc/passwd' %}",
        "{{ range(10**9)|list }}",
    ],
)
def test_a_template_has_no_way_out(desk: Desk, db: Connection, hostile: str) -> None:
    with pytest.raises((TemplateError, SecurityError, OverflowError)):
        render.page(built(desk, db), Own({"report.html": hostile}))


def test_a_template_cannot_take_the_frame_of_the_page(desk: Desk, db: Connection) -> None:
    told = render.page(built(desk, db), Own({"page.html": "mine", "report.html": "<script>alert(1)</script>"}))
    assert told.startswith("<!doctype html>")
    assert "default-src" in told.partition("<script>")[0]


def test_a_template_that_never_ends_is_cut(desk: Desk, db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "LARGEST_BODY", 10_000)
    with pytest.raises(render.TooLarge):
        render.page(built(desk, db), Own({"report.html": "{% for _ in range(99999) %}{{ 'x' * 99 }}{% endfor %}"}))


def test_a_site_is_told_where_it_stands_wrong(desk: Desk, db: Connection) -> None:
    with pytest.raises(TemplateError) as fault:
        render.check("en", Own({"cover.html": "\n\n{% if %}"}), built(desk, db))
    assert (getattr(fault.value, "name", ""), getattr(fault.value, "lineno", 0)) == ("cover.html", 3)
