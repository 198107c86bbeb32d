from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from desktop_app.core.paths import DataFolder
from desktop_app.shell import logfile
from desktop_app.web.gate import Gate


@pytest.fixture(autouse=True)
def levels() -> Iterator[None]:
    before = logging.getLogger().level
    yield
    logging.getLogger().setLevel(before)


def test_what_is_logged_stands_in_the_file_without_its_tokens(folder: DataFolder) -> None:
    address = Gate(1).start_address("browser")
    handler = logfile.begin(folder)
    logging.getLogger("some.library").warning("opened %s", address)
    logfile.end(handler)
    written = logfile.path(folder).read_text(encoding="utf-8")
    assert "WARNING some.library: opened http://127.0.0.1:1/start?token=…" in written
    assert address.partition("token=")[2] not in written


def test_libraries_are_heard_only_when_something_broke(folder: DataFolder) -> None:
    handler = logfile.begin(folder)
    logging.getLogger("waitress").warning("daily life")
    logging.getLogger("waitress.queue").error("something broke")
    logging.getLogger("desktop_app.shell").debug("too much to say")
    logfile.end(handler)
    written = logfile.path(folder).read_text(encoding="utf-8")
    assert "something broke" in written
    assert "daily life" not in written
    assert "too much" not in written


def test_after_the_end_nothing_more_is_written(folder: DataFolder) -> None:
    handler = logfile.begin(folder)
    logging.getLogger("x").warning("before")
    logfile.end(handler)
    logging.getLogger("x").warning("after")
    assert "after" not in logfile.path(folder).read_text(encoding="utf-8")
    assert handler not in logging.getLogger().handlers


def test_the_file_is_turned_over_and_old_ones_go(folder: DataFolder) -> None:
    handler = logfile.begin(folder)
    for number in range(8):
        logging.getLogger("x").warning("%d %s", number, "y" * logfile.MAX_BYTES)
    logfile.end(handler)
    assert len(list(folder.logs.glob("watchdesk.log*"))) == logfile.KEPT + 1
