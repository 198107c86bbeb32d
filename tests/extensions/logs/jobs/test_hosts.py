from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.core import undo
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.extensions.logs import service
from tests.extensions.logs.importing import bring_in, count, run

LINE = '10.0.0.7 - - [20/Nov/2026:14:00:0{} +0800] "GET /wp-login.php HTTP/1.1" 404 5 "-" "-"\n'


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text("".join(LINE.format(at) for at in range(4)), encoding="utf-8")
    return path


def test_lines_that_name_no_host_have_the_one_that_was_said(desk: Desk, log: Path) -> None:
    bring_in(desk, [log], host="web01")
    assert count(desk, "host:web01") == 4


def test_lines_that_name_a_host_keep_it(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "auth.log"
    path.write_text("2026-11-20T14:00:00+08:00 gw cron[1]: done\n", encoding="utf-8")
    bring_in(desk, [path], host="web01")
    assert (count(desk, "host:gw"), count(desk, "host:web01")) == (1, 0)


def test_the_host_stays_with_a_log_that_grows(desk: Desk, log: Path) -> None:
    bring_in(desk, [log], host="web01")
    with log.open("a", encoding="utf-8") as file:
        file.write(LINE.format(5))
    assert bring_in(desk, [log])["events"] == 1
    assert count(desk, "host:web01") == 5


def test_the_host_outlives_a_change_of_the_time_zone(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("2026-11-20 14:00:00 started\n2026-11-20 14:00:01 stopped\n", encoding="utf-8")
    bring_in(desk, [path], host="hist01")
    with desk.connection() as db:
        run(desk, service.change_zone(db, 1, "UTC"))
        assert count(desk, "host:hist01") == 2
        undo.undo(desk, db)
    assert count(desk, "host:hist01") == 2


def test_what_is_no_name_is_refused(desk: Desk, log: Path) -> None:
    with desk.connection() as db, pytest.raises(UsageError, match="named by one word"):
        service.start_import(db, [str(log)], host="two words")
