from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import pytest

from build import bench_data

SHAPES = {
    "access": r'\S+ - \S+ \[\d\d/\w{3}/\d{4}(:\d\d){3} \+0000\] "(GET|POST|HEAD) \S+ HTTP/1\.1" \d{3} \d+( "[^"]+"){2}',
    "auth": r"\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \S+\[\d+\]: .+",
    "syslog": r"\w{3} [ \d]\d \d\d:\d\d:\d\d \S+ \S+\[\d+\]: .+",
}


@pytest.mark.parametrize("kind", SHAPES)
def test_lines_have_the_shape_of_their_kind(kind: str) -> None:
    assert all(re.fullmatch(SHAPES[kind], line) for line in bench_data.lines(kind, 500))


def test_json_lines_are_json() -> None:
    assert all(json.loads(line)["message"] for line in bench_data.lines("json", 200))


@pytest.mark.parametrize("kind", bench_data.KINDS)
def test_the_same_count_gives_the_same_lines_in_order_of_time(kind: str) -> None:
    made, again = bench_data.batch(kind, 300), bench_data.batch(kind, 300)
    assert list(made.raw) == list(again.raw)
    assert made.time.tolist() == sorted(made.time)
    assert {len(column) for column in [made.source, made.host, made.level, made.message, *made.fields.values()]} == {
        300
    }


def test_a_mix_has_as_many_events_as_asked_for() -> None:
    assert sum(len(made) for made in bench_data.mixed(2_000)) == 2_000


def test_a_written_file_is_as_large_as_said(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    assert bench_data.write("access", 100, path) == path.stat().st_size
    assert path.read_text(encoding="utf-8").splitlines() == list(islice(bench_data.lines("access", 100), 100))
