from __future__ import annotations

import threading
from collections.abc import Iterator

import orjson
from flask import Flask

from desktop_app.core import triage
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.web import stream
from tests.web import sample


def told(app: Flask) -> Iterator[bytes]:
    """The body of the stream, as it comes."""
    return iter(app.test_client().get("/stream", buffered=False).response)  # type: ignore[arg-type] # chunks are bytes


def test_the_stream_begins_with_jobs_and_counts(app: Flask, desk: Desk, made: dict[str, int]) -> None:
    job_id = sample.running_job(desk)
    body = told(app)
    next(body)
    events = {}
    for _ in range(2):
        name, data = next(body).decode().strip().split("\n")
        events[name.removeprefix("event: ")] = orjson.loads(data.removeprefix("data: "))
    stream.close_all(app)
    assert events["jobs"]["running"]["url"] == f"/jobs/{job_id}"
    assert events["counts"]["triage"] == {"value": len(made), "shown": str(len(made))}
    assert events["counts"]["jobs"]["value"] == 1


def test_only_what_changed_is_told_again(app: Flask, db: Connection, made: dict[str, int]) -> None:
    body = told(app)
    for _ in range(3):
        next(body)
    triage.confirm(db, [made["cleared/ENG-WS-04"]])
    assert next(body).startswith(b"event: counts\n")
    stream.close_all(app)


def test_the_stream_ends_when_the_program_closes(app: Flask) -> None:
    body = told(app)
    next(body)
    stream.close_all(app)
    assert list(body) == []


def test_the_stream_ends_when_the_page_is_gone() -> None:
    body = stream.messages(lambda: {"a": 1}, lambda: 1, lambda: True, threading.Event())
    assert list(body) == [b"retry: 1000\n\n"]


def test_nothing_is_asked_again_while_nothing_changed() -> None:
    asked: list[int] = []
    stop = threading.Event()

    def look() -> dict[str, int]:
        asked.append(1)
        return {"a": 1}

    rounds = iter(range(5))
    body = stream.messages(look, lambda: "same", lambda: next(rounds, None) is None, stop)
    stop.wait = lambda _seconds=None: False  # type: ignore[method-assign,assignment] # the rounds pass at once
    assert list(body) == [b"retry: 1000\n\n", b"event: a\ndata: 1\n\n"]
    assert asked == [1]
