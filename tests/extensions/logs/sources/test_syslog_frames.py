from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources.syslog_frames import Frames

MESSAGES = st.lists(st.binary(min_size=1, max_size=40).map(lambda one: b"<13>" + one.replace(b"\n", b"")), max_size=8)
CUTS = st.lists(st.integers(1, 12), min_size=1)


def fed(frames: Frames, data: bytes, cuts: list[int]) -> list[bytes]:
    """Feed data in pieces of these sizes, over and over."""
    found, at, turn = [], 0, 0
    while at < len(data):
        size = cuts[turn % len(cuts)]
        found += frames.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    return found + frames.end()


def kept(messages: list[bytes]) -> list[bytes]:
    return [one.rstrip(b"\r\n\0") for one in messages]


@given(MESSAGES, CUTS)
def test_counted_messages_are_the_same_however_they_arrive(messages: list[bytes], cuts: list[int]) -> None:
    data = b"".join(b"%d %b" % (len(one), one) for one in messages)
    assert fed(Frames(), data, cuts) == kept(messages)


@given(MESSAGES, CUTS)
def test_lines_are_the_same_however_they_arrive(messages: list[bytes], cuts: list[int]) -> None:
    assert fed(Frames(), b"".join(one + b"\n" for one in messages), cuts) == kept(messages)


def test_a_counted_message_may_hold_line_feeds() -> None:
    assert Frames().feed(b"11 <34>one\ntwo8 <34>next") == [b"<34>one\ntwo", b"<34>next"]


def test_a_line_that_begins_with_a_number_is_no_count() -> None:
    assert Frames().feed(b"2026-11-22T10:00:00Z host app: hello\n") == [b"2026-11-22T10:00:00Z host app: hello"]
    assert Frames().feed(b"17 people\n12345678901\n") == [b"17 people", b"12345678901"]


def test_the_last_line_needs_no_end() -> None:
    frames = Frames()
    assert frames.feed(b"<13>one\n<13>tw") == [b"<13>one"]
    assert frames.pending == 6
    assert frames.end() == [b"<13>tw"]


def test_a_message_beyond_the_limit_is_cut_and_costs_the_next_one_nothing() -> None:
    lines = Frames(limit=10)
    assert fed(lines, b"<13>" + b"x" * 50 + b"\n<13>next\n", [7]) == [b"<13>xxxxxx", b"<13>next"]
    assert lines.cut == 1
    counted = Frames(limit=10)
    assert fed(counted, b"54 <13>" + b"x" * 50 + b"8 <13>next", [7]) == [b"<13>xxxxxx", b"<13>next"]
    assert counted.cut == 1


def test_memory_stays_bounded_by_the_limit() -> None:
    frames = Frames(limit=100)
    for _ in range(1000):
        frames.feed(b"x" * 50)
    assert frames.pending <= 101


def test_a_count_that_is_none_breaks_the_connection() -> None:
    frames = Frames()
    assert frames.feed(b"8 <34>nextnonsense and more") == [b"<34>next"]
    assert frames.broken


def test_what_ends_a_message_besides_its_frame_is_left_out() -> None:
    assert Frames().feed(b"<13>one\r\n\r\n<13>two\0\n") == [b"<13>one", b"<13>two"]
