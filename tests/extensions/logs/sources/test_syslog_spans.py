from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.extensions.logs.sources import syslog_spans
from desktop_app.extensions.logs.sources.spanning import cut_lines
from desktop_app.extensions.logs.sources.syslog import SYSLOG_FORMAT
from tests.extensions.logs.sources.reading import assert_same_either_way, lines

BSD = (
    "Mar  1 00:00:01 gate sshd[4711]: Failed password for root from 203.0.113.9 port 4022 ssh2",
    "Mar  1 00:00:02 gate pump: pressure 17 ok",
    "Mar 11 00:00:03 gate /usr/sbin/cron[9]: (root) CMD (true)",
    "Mar 11 00:00:03 gate kernel:[12.5] usb 1-1: New USB device found",
    "Mar 11 00:00:04 gate pump[10]: ",
    "Mar 11 00:00:04 gate pump[10]:",
    "Dec 31 23:59:59 gäte su(pam_unix)[10]: error: session opened for user root by (uid=0)",
)
ISO = tuple(f"2026-03-{day:02d}T00:00:01.123456+01:00 {line[16:]}" for day, line in enumerate(BSD, 1))
ODD = (
    "Mar  1 00:00:05 gate last message repeated 3 times",
    "<34>Mar  1 00:00:05 gate su: BAD SU root to mallory",
    '<165>1 2026-03-11T22:14:15.003Z gate app 8710 ID47 [a@1 b="c"] said',
    "Foo  1 00:00:05 gate su: what",
    "Feb 30 00:00:05 gate su: what",
    "Mar  1 00:00:05 gate com.apple.xpc.launchd[1] (com.apple.x): what",
    "Mar  1 00:00:05 gate two words: what",
    "Mar  1 00:00:05 gate pump[x]: what",
    "Mar  1 00:00:05  gate pump: what",
    "Mar  1 00:00:05 gate püm: what",
    "2026-03-01T00:00:01 gate pump: no zone",
    "2026-03-01 00:00:01+00:00 gate pump: what",
    "Mar  1 00:00:05",
    "\t",
    "nothing of the kind",
)  # fmt: skip
SIGNS = "[]: \t<>019Aé"


@pytest.mark.parametrize(("written", "numeric"), [(BSD, False), (ISO, True)])
def test_strict_lines_are_cut_at_once(written: tuple[str, ...], *, numeric: bool) -> None:
    found = cut_lines(lines(*written), "utf-8")
    assert found is not None
    assert syslog_spans.cut(found, numeric=numeric).fine.all()


@pytest.mark.parametrize("written", [BSD, ISO])
def test_strict_and_odd_lines_give_the_same_events_either_way(written: tuple[str, ...]) -> None:
    assert_same_either_way(SYSLOG_FORMAT, lines(*written * 8, *ODD, *written))
    assert_same_either_way(SYSLOG_FORMAT, lines(*written, written[1]) + written[0].encode())
    assert_same_either_way(SYSLOG_FORMAT, lines(*(one for one in written if "pump" in one)))
    assert_same_either_way(SYSLOG_FORMAT, lines(*(one for one in written if "ssh" in one)))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([BSD, ISO]), st.integers(0, 6), st.integers(0, 70), st.text(SIGNS, max_size=3), st.integers(0, 5)
)
def test_a_line_changed_anywhere_gives_the_same_event_either_way(
    written: tuple[str, ...], which: int, at: int, put: str, cut: int
) -> None:
    line = written[which]
    assert_same_either_way(SYSLOG_FORMAT, lines(*written, line[:at] + put + line[at + cut :], *written))


@pytest.mark.parametrize("name", ["Linux", "OpenSSH", "Mac", "Thunderbird"])
def test_real_logs_give_the_same_events_either_way(name: str, data_dir: Path) -> None:
    assert_same_either_way(SYSLOG_FORMAT, (data_dir / "loghub" / f"{name}_2k.log").read_bytes())
