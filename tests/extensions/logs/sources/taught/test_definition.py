"""Taught formats as files: written, read again, and refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from desktop_app.core.errors import SourceUnreadable, UsageError
from desktop_app.core.model import LogSource
from desktop_app.extensions.logs.sources.taught.definition import Definition, Table, read, read_file, slug

LINES = Definition("boiler", "Boiler control", "%{@timestamp} %{message}", None, "iso", LogSource(service="boiler"))
TABLE = Definition("scales", "Waage 秤", table=Table(";", True, ("Zeit", "Wert"), ("@timestamp", "")))


@pytest.mark.parametrize("one", [LINES, TABLE], ids=["lines", "table"])
def test_a_format_reads_back_as_it_was_written(one: Definition) -> None:
    assert read(one.written().encode()) == one


def told(**changed: Any) -> bytes:
    return orjson.dumps(orjson.loads(LINES.written()) | changed)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"not json", "not JSON"),
        (b"{}", "does not say that it is one"),
        (told(version=2), "later version"),
        (told(id="../x"), "small letters"),
        (told(title=" "), "empty"),
        (told(title=3), "title is missing"),
        (told(pattern=None), "pattern is missing"),
        (told(time="never"), "No way of writing times"),
        (told(log_source={"service": "../x"}), "log source"),
        (told(log_source=[1]), "log_source is missing"),
        (told(pattern="%{message}"), "has no time"),
        (told(table={"delimiter": "x", "header": False, "names": [], "columns": ["@timestamp", "a"]}), "separated"),
        (
            told(table={"delimiter": ",", "header": False, "names": [], "columns": ["a", "A", "@timestamp"]}),
            "same name",
        ),
        (
            told(table={"delimiter": ",", "header": True, "names": ["a"], "columns": ["a", "@timestamp"]}),
            "as many names",
        ),
        (told(table={"delimiter": ",", "header": False, "names": [], "columns": ["@timestamp"]}), "2 to"),
        (told(table={"delimiter": ",", "header": False, "names": [], "columns": ["@timestamp", "<b>"]}), "no name of"),
        (told(table={"delimiter": ",", "header": False, "names": [], "columns": [1, 2]}), "wrong kind"),
        (told(table=[]), "wrong kind"),
        (b" " * 70_000, "64 KB"),
    ],
)
def test_what_is_no_format_is_refused_in_one_sentence(content: bytes, why: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(content)
    assert why in " ".join(str(part) for part in raised.value.parts())


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        read_file(tmp_path / "nothing.json")


@pytest.mark.parametrize(("title", "made"), [("Boiler control!", "boiler-control"), ("锅炉", "format-950589")])
def test_an_id_is_made_of_a_name_in_any_script(title: str, made: str) -> None:
    assert slug(title).startswith(made[:10])
    assert read(Definition(slug(title), title, "%{@timestamp} %{message}").written().encode()).title == title
