from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.plain import PLAIN
from tests.extensions.logs.sources.reading import NOW, lines, one, read, row, utc


def test_a_line_is_kept_as_it_is_and_its_time_is_found() -> None:
    event = one(PLAIN, "2026-05-04 06:07:08,123 ERROR [main] pump: stopped")
    assert (event["time"], event["level"], event["message"]) == (utc(2026, 5, 4, 6, 7, 8) + 123_000, "error", None)
    assert event["source"] == "test.log"


def test_that_no_format_was_recognised_is_said() -> None:
    _, reading = read(PLAIN, lines("hello"))
    assert "No known format was recognised" in str(reading.notes[0])


def test_a_trace_stands_at_the_time_of_its_first_line_and_has_no_level_of_its_own() -> None:
    (batch,), _ = read(
        PLAIN,
        lines("2026-05-04 06:07:08 ERROR boom", "Traceback: INFO nothing", "  at x", "2026-05-04 06:07:09 INFO ok"),
    )
    assert batch.time.tolist() == [utc(2026, 5, 4, 6, 7, 8)] * 3 + [utc(2026, 5, 4, 6, 7, 9)]
    assert batch.level == ["error", None, None, "info"]


def test_lines_without_any_time_stand_at_the_modification_time_and_say_so() -> None:
    (batch,), reading = read(PLAIN, lines("WARN hello", "world"))
    assert batch.time.tolist() == [NOW, NOW]
    assert batch.level == ["warning", None]
    assert any("modification time" in str(note) for note in reading.notes)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("12:00 there was an error in the system", None),
        ("[error] it broke", "error"),
        ("level=warn msg=x", "warning"),
        ("Info  CBS    Loaded", "info"),
        ("ERRORS: none", None),
        ("<debug> x", "debug"),
        ("TRACE x", "debug"),
    ],
)
def test_a_level_is_a_word_where_levels_stand(line: str, level: str | None) -> None:
    assert one(PLAIN, line)["level"] == level


def test_android_lines_name_process_and_tag() -> None:
    event = one(PLAIN, "03-17 16:13:38.811  1702  2395 W WindowManager: printing")
    assert event["time"] == utc(2026, 3, 17, 16, 13, 38) + 811_000
    assert (event["process.pid"], event["process.thread.id"], event["process.name"]) == (
        "1702",
        "2395",
        "WindowManager",
    )
    assert event["level"] == "warning"


def test_the_source_is_the_name_of_the_file_alone() -> None:
    (batch,), _ = read(PLAIN, lines("x"), name="logs.zip/var/log/app.log")
    assert row(batch, 0)["source"] == "app.log"


def test_the_way_of_writing_times_is_settled_once() -> None:
    _, reading = read(PLAIN, lines("2026-05-04 06:07:08 x"))
    assert reading.state["stamp"] == "iso"
    (batch,), _ = read(PLAIN, lines("10/Oct/2025:13:55:36 x"), state={"stamp": "iso"})
    assert batch.time.tolist() == [NOW]


def test_any_text_is_accepted_after_everything_else_and_nothing_binary() -> None:
    assert 0 < PLAIN.sniff(sample("x", b"hello")) < 0.1
    assert PLAIN.sniff(sample("x", bytes(100))) == 0


_PUBLIC = "Android BGL HDFS HPC Hadoop HealthApp OpenStack Proxifier Spark Thunderbird Windows Zookeeper"


@pytest.mark.parametrize("name", _PUBLIC.split())
def test_public_logs_of_unknown_formats_get_their_times(name: str, data_dir: Path) -> None:
    batches, reading = read(PLAIN, (data_dir / "loghub" / f"{name}_2k.log").read_bytes())
    assert sum(map(len, batches)) == 2000
    assert reading.state["stamp"] is not None
    assert not any(NOW in batch.time for batch in batches)
    assert not any("no time" in str(note) for note in reading.notes)


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("2026-05-01 12:00:00 [错误] 泵站无响应", "error"),
        ("2026-05-01 12:00:00 警告：压力过高", "warning"),
        ("2026-05-01 12:00:00 【致命】 停机", "critical"),
        ("2026-05-01 12:00:00 调试 第一步", "debug"),
        ("2026-05-01 12:00:00 没有错误发生", None),
        ("2026-05-01 12:00:00 错误码 7", None),
    ],
)
def test_a_chinese_level_stands_alone_in_brackets_or_before_a_colon(line: str, level: str | None) -> None:
    assert one(PLAIN, line)["level"] == level
