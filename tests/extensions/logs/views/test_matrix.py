from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient


def test_each_technique_leads_to_its_rules_and_to_what_was_found(pages: FlaskClient) -> None:
    page = pages.get("/logs/attack").text
    assert '<a class="name" data-cell href="/logs/detections?tag=attack.t1110">' in page
    assert '<a class="seen" href="/logs/detections?tag=attack.t1110&amp;state=fired">' in page
    assert "1 finding" in page


@pytest.mark.parametrize(("show", "more"), [("seen", "covered"), ("covered", "all")])
def test_gaps_are_shown_when_they_are_asked_for(pages: FlaskClient, show: str, more: str) -> None:
    few, many = (len(re.findall("data-cell", pages.get(f"/logs/attack?show={one}").text)) for one in (show, more))
    assert 0 < few < many


def test_every_tactic_is_named_and_leads_to_its_rules(pages: FlaskClient) -> None:
    page = pages.get("/logs/attack?show=nonsense").text
    assert page.count('class="tactic"') == 15
    assert "/logs/detections?tag=attack.defense-impairment" in page


def test_the_matrix_speaks_the_readers_language_and_says_where_it_does_not(pages: FlaskClient) -> None:
    page = pages.get("/logs/attack?show=all").text
    assert "<span>Rogue Domain Controller</span>" in page
    assert '<span lang="en">' not in page
