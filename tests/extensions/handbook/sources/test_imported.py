"""The words of an imported rule."""

from __future__ import annotations

from desktop_app.extensions.handbook.sources.imported import MOST, about

RULE = """title: A rule
id: 1111
description: |
  It looks for
  two things.
author: Somebody
references:
  - https://example.org/a
  - https://example.org/b
detection:
  selection:
    Image|endswith: rundll32.exe
falsepositives: [Unlikely]
"""


def test_the_description_stands_first_and_who_wrote_it_is_left_out() -> None:
    said = about(RULE)
    assert said.startswith("It looks for two things.")
    assert "rundll32.exe" in said
    assert "Unlikely" in said
    assert "Somebody" not in said
    assert "example.org" not in said


def test_a_text_that_is_no_rule_is_bounded() -> None:
    assert len(about("x" * 100_000)) == MOST
    assert about("") == ""
