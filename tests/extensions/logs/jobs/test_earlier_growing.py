"""Every kind of log that grows, cut at any byte: its beginning and then the whole bring what the whole brings."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.core import findings, triage, undo
from desktop_app.core.desk import Desk
from desktop_app.core.model import Verdict
from desktop_app.extensions.logs import store
from tests.extensions.logs.importing import bring_in, count, guesses, state_of

MODIFIED = 1_795_200_000
WORDS = st.text(alphabet='ab中é"\\,;{}[]: \U0001f600', max_size=12)
Rows = list[str]


def stamp(at: int) -> str:
    return f"2026-11-20T14:{at // 60:02}:{at % 60:02}+08:00"


def csv_rows(words: Rows) -> str:
    def quoted(word: str) -> str:
        return '"' + word.replace('"', '""').replace(";", "\n") + '"'

    rows = [f"{stamp(at)},gw-{at},{quoted(word)}\n" for at, word in enumerate(words)]
    return "".join(["time,host,message\n", *rows])


def objects(words: Rows) -> list[dict[str, Any]]:
    return [{"time": stamp(at), "host": f"gw-{at}", "message": word, "n": {"at": at}} for at, word in enumerate(words)]


def json_lines(words: Rows) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects(words))


def json_array(words: Rows) -> str:
    return json.dumps(objects(words), ensure_ascii=False)


def json_indented(words: Rows) -> str:
    return "".join(json.dumps(one, ensure_ascii=False, indent=1) + "\n" for one in objects(words))


def windows(words: Rows) -> str:
    events = [
        {"EventTime": stamp(at), "Hostname": "W", "EventID": 4625, "Channel": "Security", "RecordNumber": at, "x": word}
        for at, word in enumerate(words)
    ]
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events)


def journal(words: Rows) -> str:
    entries = [
        {"__CURSOR": f"s={at}", "__REALTIME_TIMESTAMP": str(1_795_190_000_000_000 + at), "_HOSTNAME": "g",
         "SYSLOG_IDENTIFIER": "sshd", "MESSAGE": word, "PRIORITY": "3"}
        for at, word in enumerate(words)
    ]  # fmt: skip
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in entries)


def syslog(words: Rows) -> str:
    return "".join(f"Nov 20 14:00:{at:02} gw app[7]: {word}\n" for at, word in enumerate(words))


def access(words: Rows) -> str:
    return "".join(
        f'10.0.0.{at} - - [20/Nov/2026:14:00:{at:02} +0800] "GET /{word.replace(chr(34), "")} HTTP/1.1" 200 5 "-" "-"\n'
        for at, word in enumerate(words)
    )


def web_error(words: Rows) -> str:
    return "".join(f"2026/11/20 14:00:{at:02} [error] 7#7: *{at} {word}\n" for at, word in enumerate(words))


def plain(words: Rows) -> str:
    return "no time yet\n" + "".join(f"2026-11-20 14:00:{at:02} ERROR {word}\n" for at, word in enumerate(words))


MAKERS: dict[str, tuple[str, Callable[[Rows], str]]] = {
    one.__name__: (format_id, one)
    for format_id, one in (
        ("csv", csv_rows), ("json", json_lines), ("json", json_array), ("json", json_indented), ("winjson", windows),
        ("journal", journal), ("syslog", syslog), ("access", access), ("weberror", web_error), ("plain", plain),
    )
}  # fmt: skip


def events(desk: Desk) -> list[tuple[Any, ...]]:
    return sorted((one[1:] for one in state_of(desk)["events"]), key=repr)


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (MODIFIED, MODIFIED))
    return path


def undo_all(desk: Desk) -> None:
    with desk.connection() as db:
        while undo.latest(db):
            undo.undo(desk, db)


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Path]:
    """Folders, each used once."""
    return (tmp_path / f"place-{number}" for number in itertools.count())


def check(desk: Desk, places: Iterator[Path], data: bytes, cut: int) -> None:
    bring_in(desk, [write(next(places) / "app.log", data)])
    at_once = events(desk)
    undo_all(desk)
    path = write(next(places) / "app.log", data[:cut])
    bring_in(desk, [path])
    head = state_of(desk)
    write(path, data)
    bring_in(desk, [path])
    both = state_of(desk)
    assert events(desk) == at_once
    with desk.connection() as db:
        assert sum(one.events for one in store.import_rows(db)[:2]) == len(at_once)
    assert bring_in(desk, [path])["events"] == 0
    assert state_of(desk) == both
    if both != head:
        with desk.connection() as db:
            undo.undo(desk, db)
    assert state_of(desk) == head
    undo_all(desk)
    assert count(desk) == 0


@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    words=st.lists(WORDS, min_size=1, max_size=6),
    written=st.tuples(st.sampled_from(["utf-8", "utf-8", "utf-16", "gb18030"]), st.floats(0, 1)),
)
def test_a_beginning_and_then_the_whole_bring_what_the_whole_brings(
    desk: Desk, places: Iterator[Path], kind: str, words: Rows, written: tuple[str, float]
) -> None:
    encoding, share = written
    data = MAKERS[kind][1](words).encode(encoding)
    check(desk, places, data, max(1, int(len(data) * share)))


def notes(desk: Desk) -> list[str]:
    with desk.connection() as db:
        import_id = store.import_rows(db)[0].id
        return [str(one) for file in store.files(db, import_id) for one in file.notes]


LINES = [f"{one}\n" for one in csv_rows(["up", "down", "up; down", "full", "empty"]).splitlines()]


@pytest.mark.parametrize("torn", [("", ""), ('2026-11-20T14:05:00+08:00,gw,"in two\nli', 'nes"\n')])
def test_a_grown_table_brings_only_its_tail_and_keeps_its_columns(
    desk: Desk, tmp_path: Path, torn: tuple[str, str]
) -> None:
    begun, ended = torn
    path = write(tmp_path / "app.csv", ("".join(LINES[:3]) + begun).encode())
    bring_in(desk, [path])
    write(path, "".join([*LINES[:3], begun, ended, *LINES[3:]]).encode())
    assert bring_in(desk, [path])["events"] == 3 + bool(begun)
    assert (count(desk), count(desk, "host:gw-4")) == (5 + bool(begun), 1)
    assert "Only what was added since the last import was read." in notes(desk)


def test_a_table_whose_header_changed_is_another_table(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "app.csv", "".join(LINES).encode())
    bring_in(desk, [path])
    write(path, ("time,message,pump,host\n" + f"{stamp(9)},stopped,P-101,gw\n" * 2).encode())
    bring_in(desk, [path])
    assert count(desk, "pump:P-101") == 2
    assert count(desk) == 7


def test_rotated_compressed_and_archived_copies_of_a_table_bring_only_its_tail(desk: Desk, tmp_path: Path) -> None:
    bring_in(desk, [write(tmp_path / "app.csv", "".join(LINES[:2]).encode())])
    rotated = write(tmp_path / "old" / "app.csv.1", "".join(LINES[:3]).encode())
    assert bring_in(desk, [rotated])["events"] == 1
    packed = write(tmp_path / "old" / "app.csv.2.gz", gzip.compress("".join(LINES[:5]).encode()))
    assert bring_in(desk, [packed])["events"] == 1
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        member = tarfile.TarInfo("logs/app.csv")
        content = "".join(LINES).encode()
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    assert bring_in(desk, [write(tmp_path / "logs.tar.gz", archive.getvalue())])["events"] == 2
    assert count(desk) == 5


@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_that_is_written_anew_with_more_in_it_brings_only_that(
    desk: Desk, tmp_path: Path, indent: int | None
) -> None:
    words = ["up", "down", "full"]
    path = write(tmp_path / "app.json", json.dumps(objects(words[:2]), indent=indent).encode())
    bring_in(desk, [path])
    write(path, json.dumps(objects(words), indent=indent).encode())
    assert bring_in(desk, [path])["events"] == 1
    assert bring_in(desk, [path])["events"] == 0
    assert count(desk) == 3


def test_a_log_that_only_later_shows_what_it_is_replaces_what_it_was_taken_for(desk: Desk, tmp_path: Path) -> None:
    whole = "# pump station 4\n# log of the day\n" + guesses(9)
    path = write(tmp_path / "app.log", "".join(whole.splitlines(keepends=True)[:3]).encode())
    assert bring_in(desk, [path])["files"][0]["format"] == "plain"
    write(path, whole.encode())
    result = bring_in(desk, [path])
    assert (result["files"][0]["format"], result["events"], count(desk)) == ("syslog", 11, 11)
    assert notes(desk)[-1].startswith("All of it was read again")
    with desk.connection() as db:
        assert store.import_row(db, 1).events == 0
        undo.undo(desk, db)
        assert store.import_row(db, 1).events == count(desk) == 3


def test_a_format_that_a_person_named_is_kept_when_the_log_grows(desk: Desk, tmp_path: Path) -> None:
    path = write(tmp_path / "app.log", guesses(3).encode())
    bring_in(desk, [path], format_id="plain")
    for number in (5, 9):
        write(path, guesses(number).encode())
        assert bring_in(desk, [path])["files"][0]["format"] == "plain"
    assert count(desk) == 9


def closed_finding(desk: Desk) -> int:
    with desk.connection() as db:
        (row,) = findings.listing(db, findings.Filter("all"))
        triage.resolve(db, [row.id], Verdict.BENIGN)
    return row.id


@pytest.mark.parametrize(("number", "status"), [(40, "resolved"), (60, "new")])
def test_a_log_that_is_read_again_as_a_whole_reopens_only_what_counts_more(
    desk: Desk, tmp_path: Path, number: int, status: str
) -> None:
    # One byte that is no text in the whole log changes what all of it is read as.
    path = write(tmp_path / "auth.log", guesses(40).encode())
    bring_in(desk, [path])
    closed = closed_finding(desk)
    strange = "2026-11-20T16:00:00+08:00 opc-gw cron[1]: Größe\n".encode("latin-1")
    write(path, guesses(40).encode() + strange + guesses(60).encode()[len(guesses(40)) :][: (number - 40) * 500])
    assert bring_in(desk, [path])["events"] == number + 1
    with desk.connection() as db:
        found = findings.finding(db, closed)
        assert found is not None
        assert (found.row.status, found.row.count, found.row.events_removed) == (status, number, False)
        undo.undo(desk, db)
        again = findings.finding(db, closed)
        assert again is not None
        assert (again.row.status, again.row.verdict, again.row.count) == ("resolved", "benign", 40)
