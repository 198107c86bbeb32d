"""The sample data of programs."""

from __future__ import annotations

import json
import random

from desktop_app.extensions.logs.sources.demo_story import ATTACKER, SCANNER, Story
from desktop_app.extensions.logs.sources.demo_web import access, historian


def story() -> Story:
    return Story(1_767_323_045_678_901, random.Random(1))


def test_two_scans_stand_out_of_the_usual_requests() -> None:
    lines = [line for _, line in access(story())]
    assert sum(line.startswith((ATTACKER, SCANNER)) for line in lines) == 500
    for mark in ("UNION%20SELECT", "etc/passwd", "jndi:ldap", "sqlmap", "Nikto"):
        assert any(mark in line for line in lines), mark


def test_the_historian_has_a_burst_of_errors() -> None:
    levels = [json.loads(line)["level"] for _, line in historian(story())]
    assert levels.count("error") == 420
    assert levels.count("info") > 7000
