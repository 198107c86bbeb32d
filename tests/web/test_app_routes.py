"""Every address of the application, whoever added it: refused without the way in, our mark, or while it is locked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from desktop_app.bundled import EXTENSIONS, load
from desktop_app.core import passphrase, tokens
from desktop_app.core.desk import Desk
from desktop_app.core.model import now
from desktop_app.core.paths import DataFolder
from desktop_app.web import lock
from desktop_app.web.app import create_app
from desktop_app.web.gate import Gate
from desktop_app.web.security import KEY_HEADER

STAND_INS = {"IntegerConverter": 1, "UnicodeConverter": "x", "PathConverter": "x"}


class Route(NamedTuple):
    endpoint: str
    method: str
    path: str

    @property
    def writes(self) -> bool:
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    @property
    def of_api(self) -> bool:
        return self.path.startswith("/api/")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An empty desk with all that is shipped."""
    made = Desk(DataFolder(Path(tmp_path_factory.mktemp("routes"))), EXTENSIONS, load=load)
    made.prepare()
    return made


@pytest.fixture
def gate() -> Gate:
    return Gate(5000)


@pytest.fixture
def app(desk: Desk, gate: Gate) -> Flask:
    made = create_app(desk, gate)
    made.config["SERVER_NAME"] = gate.host
    return made


@pytest.fixture
def routes(app: Flask) -> list[Route]:
    return sorted(_routes(app))


def _routes(app: Flask) -> Iterator[Route]:
    adapter = app.url_map.bind("127.0.0.1")
    for rule in app.url_map.iter_rules():
        values = {name: STAND_INS[type(made).__name__] for name, made in rule._converters.items()}
        for method in rule.methods or ():
            if (rule.endpoint, method) != ("start", "OPTIONS"):  # tells its methods, and looks at a token of its own
                yield Route(rule.endpoint, method, adapter.build(rule.endpoint, values, method=method))


def entered(app: Flask, gate: Gate) -> FlaskClient:
    """A browser that was let in."""
    client = app.test_client()
    assert client.get(gate.start_address("browser")).status_code == 303
    return client


def asked(client: FlaskClient, gate: Gate, route: Route, headers: dict[str, str] | None = None) -> TestResponse:
    """Ask as our own page does."""
    own = {"Origin": gate.origin, "Sec-Fetch-Site": "same-origin"} if route.writes else {}
    return client.open(route.path, method=route.method, headers={**own, **(headers or {})})


def test_there_is_much_to_ask_for(routes: list[Route]) -> None:
    assert len(routes) > 200
    assert {one.method for one in routes} == {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"}


def test_nothing_is_answered_to_who_was_not_let_in(app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = app.test_client()
    told = {one: asked(client, gate, one).status_code for one in routes}
    assert {one: status for one, status in told.items() if status != (401 if one.of_api else 403)} == {}


def test_the_key_of_the_account_opens_only_what_is_marked_for_it(app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = app.test_client()
    wanted = {name for name, view in app.view_functions.items() if getattr(view, "takes_key", False)}
    others = [one for one in routes if one.endpoint not in wanted]
    told = {one: asked(client, gate, one, {KEY_HEADER: gate.key}).status_code for one in others}
    assert {one: status for one, status in told.items() if status != 403} == {}
    assert len(wanted) < 6


def test_a_token_of_the_api_opens_no_page(desk: Desk, app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = app.test_client()
    with desk.connection() as db:
        headers = {"Authorization": f"Bearer {tokens.make(db, 'a program', now(), writes=True)}"}
    told = {one: asked(client, gate, one, headers).status_code for one in routes if not one.of_api}
    assert {one: status for one, status in told.items() if status != 403} == {}


def test_a_token_that_reads_writes_nowhere(desk: Desk, app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = app.test_client()
    with desk.connection() as db:
        headers = {"Authorization": f"Bearer {tokens.make(db, 'a reader', now(), writes=False)}"}
    told = {one: asked(client, gate, one, headers).status_code for one in routes if one.of_api and one.writes}
    assert {one: status for one, status in told.items() if status != 403} == {}
    assert told


def test_no_write_passes_without_the_mark_of_our_forms(app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = entered(app, gate)
    told = {one: asked(client, gate, one).status_code for one in routes if one.writes}
    assert {one: status for one, status in told.items() if status != 400} == {}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_nothing_is_answered_to_another_page(app: Flask, gate: Gate, routes: list[Route], site: str) -> None:
    client = entered(app, gate)
    headers = {"Sec-Fetch-Site": site}
    told = {one: asked(client, gate, one, headers).status_code for one in routes if one.endpoint != "start"}
    assert {one: status for one, status in told.items() if status != 403} == {}


def test_a_locked_desk_answers_nothing_but_its_lock(desk: Desk, app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = entered(app, gate)
    app.config["WTF_CSRF_ENABLED"] = False  # what the lock refuses must not depend on the form's mark
    with desk.connection() as db:
        passphrase.choose(db, "", "correct horse", "correct horse", now())
        headers = {"Authorization": f"Bearer {tokens.make(db, 'a program at night', now(), writes=True)}"}
    shut = [one for one in routes if one.endpoint not in lock.OPEN]
    pages = {one: asked(client, gate, one) for one in shut}
    programs = {one: asked(app.test_client(), gate, one, headers) for one in shut if one.of_api}
    with desk.connection() as db:
        passphrase.forget(db)
    assert [one for one, answer in {**pages, **programs}.items() if lock.HEADER not in answer.headers] == []
    assert {answer.status_code for answer in (*pages.values(), *programs.values())} == {401}


def test_every_page_of_an_empty_desk_is_drawn(app: Flask, gate: Gate, routes: list[Route]) -> None:
    client = entered(app, gate)
    read = [one for one in routes if one.method == "GET" and not one.endpoint.startswith("stream")]
    told = {one: asked(client, gate, one).status_code for one in read}
    assert {one: status for one, status in told.items() if status >= 500} == {}
