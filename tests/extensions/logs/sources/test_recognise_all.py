"""Every format beside every other: each is recognised as itself, and none of them takes the lines of another."""

from __future__ import annotations

import pytest

from desktop_app.extensions.logs.model import Format
from desktop_app.extensions.logs.sources.decode import sample
from desktop_app.extensions.logs.sources.recognise import FORMATS, recognise
from tests.extensions.logs.sources.reading import lines
from tests.extensions.logs.sources.sampling import SAMPLES

OF_OTHER_KINDS = {"evtx", "winjson", "macos", "csv", "plain"}  # told elsewhere: binary, objects, tables, the rest


def test_every_format_has_sample_lines() -> None:
    assert {one.id for one in FORMATS} - SAMPLES.keys() - OF_OTHER_KINDS == set()


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("times", [1, 40])
def test_samples_are_recognised_as_what_they_are(name: str, times: int) -> None:
    assert recognise(sample("x.log", lines(*SAMPLES[name] * times)))[0].id == name


@pytest.mark.parametrize("format_", FORMATS, ids=lambda one: one.id)
def test_no_other_format_comes_near(format_: Format) -> None:
    near = {}
    for name, written in SAMPLES.items():
        found = sample("x.log", lines(*written * 5))
        own = next(one for one in FORMATS if one.id == name).sniff(found)
        if name != format_.id and format_.sniff(found) >= own:
            near[name] = own
    assert near == {}


@pytest.mark.parametrize("line", ["", "hello", "2026-05-04 06:07:08 hello", "a=1", "key: value", "[x] y", "1 2 3 4"])
def test_lines_of_no_known_format_stay_plain(line: str) -> None:
    assert recognise(sample("x.log", lines(*[line] * 9)))[0].id == "plain"
