from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources import access_spans
from desktop_app.extensions.logs.sources.access import ACCESS
from desktop_app.extensions.logs.sources.spanning import cut_lines
from tests.extensions.logs.sources.reading import assert_same_either_way, lines

COMBINED = (
    '203.0.113.7 - alice [10/Oct/2025:13:55:36 -0700] "GET /shop?id=1 HTTP/1.1" 404 2326 '
    '"https://example.com/start" "Mozilla/5.0 (X11; Linux x86_64)"'
)
COMMON = '203.0.113.8 - - [10/Oct/2025:13:55:37 +0000] "POST /login HTTP/1.0" 200 -'
STRICT = (
    COMBINED,
    COMMON,
    COMBINED.replace('"https://example.com/start"', '"-"'),
    COMBINED + " 0.004 upstream",
    COMMON.replace("203.0.113.8", "2001:db8::7"),
    COMMON.replace("203.0.113.8", "pc7.example.com"),
)
ODD = (
    COMBINED.replace("GET /shop?id=1 HTTP/1.1", "-"),
    COMBINED.replace("start", 'st\\"art'),
    COMBINED.replace("alice", "al ice"),
    COMBINED.replace("X11", "重庆"),
    f"shop.example.com:443 {COMBINED}",
    COMBINED[:60],
    COMMON + ' "',
    COMMON.replace("200 -", "200"),
    COMMON.replace("200 -", "20 5"),
    COMMON.replace("/login", "/" + "x" * 3000),
    COMMON.replace("10/Oct", "40/Oct"),
    "",
    "x",
    "\t\x0b\x1b[31m",
)
SIGNS = '"[]- /:\\.0Aé\t'


@pytest.mark.parametrize("line", STRICT)
def test_strict_lines_are_cut_at_once(line: str) -> None:
    found = cut_lines(lines(line), "utf-8")
    assert found is not None
    assert access_spans.cut(found).fine.tolist() == [True]


def test_strict_and_odd_lines_give_the_same_events_either_way() -> None:
    assert_same_either_way(ACCESS, lines(*STRICT * 6, *ODD, *STRICT))
    assert_same_either_way(ACCESS, lines(*STRICT) + COMMON.encode())
    assert_same_either_way(ACCESS, "\r\n".join(STRICT).encode())


def test_lines_with_a_virtual_host_give_the_same_events_either_way() -> None:
    assert_same_either_way(ACCESS, lines(*(f"shop.example.com:443 {line}" for line in STRICT)))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(STRICT), st.integers(0, 200), st.text(SIGNS, max_size=3), st.integers(0, 5))
def test_a_line_changed_anywhere_gives_the_same_event_either_way(line: str, at: int, put: str, cut: int) -> None:
    changed = line[:at] + put + line[at + cut :]
    assert_same_either_way(ACCESS, lines(*STRICT, changed.replace("\n", ""), *STRICT[:2]))


@pytest.mark.parametrize("end", range(0, len(COMBINED), 7))
def test_a_file_that_ends_anywhere_gives_the_same_events_either_way(end: int) -> None:
    assert_same_either_way(ACCESS, lines(*STRICT) + COMBINED[:end].encode())
