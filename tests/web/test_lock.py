from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from desktop_app.core import jobs, passphrase
from desktop_app.core.database import Connection, writing
from desktop_app.core.desk import Desk
from desktop_app.core.text import text
from desktop_app.web import lock
from desktop_app.web.lock import PageLock
from tests.web import sample

WORDS = "correct horse"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HTML = {"Accept": "text/html,application/xhtml+xml"}


class Clocks:
    """A clock of the wall and a steady one."""

    def __init__(self) -> None:
        self.wall = self.steady = 1000.0

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def locked(desk: Desk, app: Flask, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageLock]:
    """A desk with a passphrase, as it is after a start."""
    monkeypatch.setattr(passphrase, "hasher", lambda: CHEAP)
    with desk.connection() as db:
        passphrase.choose(db, "", WORDS, WORDS, desk.clock())
    made = PageLock(lambda: clocks.wall, lambda: clocks.steady)
    app.extensions[lock._KEPT] = made
    return made


def enter(client: FlaskClient, words: str = WORDS) -> int:
    return client.post("/lock/unlock", data={"passphrase": words}).status_code


def test_a_desk_without_a_passphrase_is_never_locked(client: FlaskClient) -> None:
    assert client.get("/", headers=HTML).status_code == 200
    assert client.get("/lock/").location == "/"
    assert b'form="lock"' not in client.get("/").data


def test_after_a_start_every_page_leads_to_the_lock(client: FlaskClient, locked: PageLock) -> None:
    for path in ("/", "/findings/?id=1", "/settings/", "/no-such-page"):
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, answer.location) == (303, "/lock/")


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/stream", {"Accept": "text/event-stream"}), ("/findings/", {"HX-Request": "true", **HTML}),
     ("/findings/", {"Accept": "*/*"}), ("/findings/", {"Sec-Fetch-Dest": "empty", **HTML}),
     ("/api/v1/findings", {"Accept": "application/json"})],
)  # fmt: skip
def test_scripts_are_refused_in_json_and_told_where_to_go(
    client: FlaskClient, locked: PageLock, path: str, headers: dict[str, str]
) -> None:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 401
    told = {"what": "Watchdesk is locked.", "fix": "Enter the passphrase on its page, then do it again."}
    assert answer.json == {"error": told, "locked": True}
    assert answer.headers[lock.HEADER] == "1"
    assert answer.headers["HX-Redirect"] == "/lock/"


def test_writes_are_refused_and_change_nothing(
    client: FlaskClient, desk: Desk, made: dict[str, int], locked: PageLock
) -> None:
    answer = client.post("/findings/confirm", data={"id": made["guess/OPC-GW-02"]}, headers=HTML)
    assert answer.status_code == 401
    assert sample.count(desk, "triage") == 5


def test_the_lock_tells_nothing_of_the_desk(client: FlaskClient, made: dict[str, int], locked: PageLock) -> None:
    client.get("/findings/?q=svc_historian", headers=HTML)
    page = client.get("/lock/").get_data(as_text=True)
    assert "<title>Watchdesk</title>" in page
    for word in ("OPC-GW-02", "svc_historian", "failed sign-ins", ">5<", "findings", "rules active"):
        assert word not in page
    assert "watchdesk passphrase --remove" in page


def test_unlocking_leads_back_to_where_the_lock_came_from(client: FlaskClient, locked: PageLock) -> None:
    client.get("/findings/?view=all", headers=HTML)
    answer = client.post("/lock/unlock", data={"passphrase": WORDS})
    assert answer.location == "/findings/?view=all"
    assert client.get("/findings/", headers=HTML).status_code == 200
    client.post("/lock/", headers={"Referer": "http://localhost/jobs/"})
    assert client.get("/lock/", headers={"Referer": "http://elsewhere/x"}).status_code == 200
    assert client.post("/lock/unlock", data={"passphrase": WORDS}).location == "/jobs/"


def test_wrong_words_are_refused_and_slowed(client: FlaskClient, locked: PageLock) -> None:
    for _ in range(3):
        assert enter(client, "wrong") == 403
    answer = client.post("/lock/unlock", data={"passphrase": WORDS})
    assert answer.status_code == 403
    assert "There were too many wrong tries. The next try is possible in 5 seconds." in answer.get_data(as_text=True)


def test_the_desk_locks_when_nobody_did_anything(client: FlaskClient, locked: PageLock, clocks: Clocks) -> None:
    enter(client)
    clocks.pass_by(14 * 60)
    assert client.post("/lock/alive").status_code == 204
    clocks.pass_by(14 * 60)
    assert client.get("/", headers=HTML).status_code == 200
    clocks.pass_by(2 * 60)
    assert client.get("/", headers=HTML).status_code == 303


def test_a_page_that_fetches_by_itself_keeps_nothing_open(
    client: FlaskClient, locked: PageLock, clocks: Clocks
) -> None:
    enter(client)
    clocks.pass_by(10 * 60)
    assert client.get("/jobs/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 200
    clocks.pass_by(10 * 60)
    assert client.get("/jobs/").status_code == 401


def test_a_page_that_a_person_opened_counts(client: FlaskClient, locked: PageLock, clocks: Clocks) -> None:
    enter(client)
    clocks.pass_by(10 * 60)
    client.get("/jobs/", headers={**HTML, "Sec-Fetch-User": "?1"})
    clocks.pass_by(10 * 60)
    assert client.get("/jobs/", headers=HTML).status_code == 200


@pytest.mark.parametrize("stopped", ["wall", "steady"])
def test_sleep_and_a_clock_that_was_put_back_do_not_keep_it_open(
    client: FlaskClient, locked: PageLock, clocks: Clocks, stopped: str
) -> None:
    enter(client)
    before = getattr(clocks, stopped)
    clocks.pass_by(16 * 60)
    setattr(clocks, stopped, before - 3600)
    assert client.get("/", headers=HTML).status_code == 303


def test_the_idle_time_is_a_setting(client: FlaskClient, locked: PageLock, clocks: Clocks, db: Connection) -> None:
    with writing(db):
        db.execute("INSERT INTO settings VALUES ('lock_minutes', '1', 0)")
    enter(client)
    clocks.pass_by(61)
    assert client.get("/", headers=HTML).status_code == 303


def test_locking_on_demand_needs_a_passphrase(client: FlaskClient) -> None:
    assert client.post("/lock/").status_code == 400


def test_jobs_are_queued_and_kept_while_it_is_locked(client: FlaskClient, locked: PageLock, desk: Desk) -> None:
    with desk.connection() as db, writing(db):
        job = jobs.enqueue(db, "logs.import", text("Import"), {})
    assert client.get("/", headers=HTML).status_code == 303
    with desk.connection() as db:
        assert jobs.job(db, job).state == "queued"


def test_an_open_stream_says_that_the_desk_was_locked_and_ends(client: FlaskClient, locked: PageLock) -> None:
    enter(client)
    open_stream = client.get("/stream").iter_encoded()
    assert b"retry" in next(open_stream)
    next(open_stream)
    locked.shut()
    rest = list(open_stream)
    assert rest[-1] == b"event: locked\ndata: 1\n\n"


def test_another_process_that_removes_the_passphrase_opens_the_desk(
    client: FlaskClient, locked: PageLock, db: Connection
) -> None:
    assert client.get("/", headers=HTML).status_code == 303
    passphrase.forget(db)
    assert client.get("/", headers=HTML).status_code == 200


def test_the_page_in_settings_sets_changes_and_removes_it(
    client: FlaskClient, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passphrase, "hasher", lambda: CHEAP)
    page = client.get("/lock/passphrase").get_data(as_text=True)
    assert "does not encrypt the disk" in page
    client.post("/lock/passphrase", data={"new": WORDS, "repeated": WORDS})
    assert client.get("/", headers=HTML).status_code == 200, "whoever sets it is not locked out"
    refused = client.post("/lock/passphrase", data={"old": "wrong", "new": "another one", "repeated": "another one"})
    assert refused.status_code == 422
    client.post("/lock/passphrase", data={"old": WORDS, "new": "another one", "repeated": "another one"})
    assert client.post("/lock/passphrase/remove", data={"old": WORDS}).status_code == 422
    client.post("/lock/passphrase/remove", data={"old": "another one"})
    assert not passphrase.is_set(db)


def test_the_gate_comes_first_and_the_key_of_the_account_is_let_through(desk: Desk) -> None:
    from desktop_app.web.app import create_app
    from desktop_app.web.gate import Gate
    from desktop_app.web.security import KEY_HEADER

    gate = Gate(1)
    app = create_app(desk, gate)
    with desk.connection() as db, writing(db):
        db.execute("INSERT INTO passphrase VALUES (1, 'x', 0, 0, 0)")
    client = app.test_client()
    base = {"Host": gate.host}
    assert client.get("/", headers=base | HTML).status_code == 403
    assert client.get("/health", headers=base | {KEY_HEADER: gate.key}).status_code == 200
    entered = gate.redeem(gate.start_address("browser").partition("token=")[2])
    assert entered is not None
    client.set_cookie(gate.cookie, entered[0], domain="127.0.0.1")
    assert client.get("/", headers=base | HTML).location == "/lock/"
