"""Every request that is not our own page's is refused; spoken by hand to a real server."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from desktop_app.web import security
from desktop_app.web.gate import Gate
from tests.web.raw import Visitor, pages, serving


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    with serving() as made:
        yield made


@pytest.mark.parametrize(
    "path",
    ["/", "/csrf", "/health", "/nowhere", "/static/app.js", "/favicon.ico", "/shell/hand-over", "/%2e%2e/", "//"],
)
def test_nothing_is_shown_without_the_cookie(visitor: Visitor, path: str) -> None:
    answer = visitor.ask("GET", path)
    assert answer.status == 403
    assert "the desk" not in answer.body
    assert answer.cookies == ()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND"])
def test_no_method_passes_without_the_cookie(visitor: Visitor, method: str) -> None:
    assert visitor.ask(method, "/write", {"Origin": visitor.gate.origin}).status == 403


@pytest.mark.parametrize("cookie", ["", "0" * 43, '"\\377"', "a" * 5000])
def test_a_made_up_cookie_is_refused(visitor: Visitor, cookie: str) -> None:
    assert visitor.ask("GET", "/", {"Cookie": f"{visitor.gate.cookie}={cookie}"}).status == 403


def test_the_page_is_shown_with_the_cookie(visitor: Visitor) -> None:
    answer = visitor.ask("GET", "/", visitor.enter())
    assert (answer.status, answer.body) == (200, "the desk")


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "127.0.0.1", "127.0.0.1:1", "evil.example:{port}", "127.0.0.1:{port}.evil.example", ""]
)
def test_another_host_is_refused_even_with_the_cookie(visitor: Visitor, host: str) -> None:
    port = visitor.gate.host.partition(":")[2]
    assert visitor.ask("GET", "/", {**visitor.enter(), "Host": host.format(port=port)}).status == 403


def test_a_request_without_a_host_is_refused(visitor: Visitor) -> None:
    cookie = visitor.enter()["Cookie"]
    assert visitor.raw(f"GET / HTTP/1.0\r\nCookie: {cookie}\r\n\r\n".encode()).status == 403


def test_two_hosts_are_refused(visitor: Visitor) -> None:
    cookie, host = visitor.enter()["Cookie"], visitor.gate.host
    asked = f"GET / HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    assert visitor.raw(asked.encode()).status in {400, 403}


@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://localhost:{port}", "https://{host}", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_origin_is_refused(visitor: Visitor, method: str, origin: str) -> None:
    host = visitor.gate.host
    headers = visitor.writer() | {"Origin": origin.format(host=host, port=host.partition(":")[2])}
    assert visitor.ask(method, "/write" if method == "POST" else "/", headers).status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_another_site_or_port_asks_for_is_refused(visitor: Visitor, method: str, site: str) -> None:
    headers = visitor.writer() | {"Sec-Fetch-Site": site}
    assert visitor.ask(method, "/write" if method == "POST" else "/", headers).status == 403


def test_an_address_typed_by_the_person_is_answered(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/", {**visitor.enter(), "Sec-Fetch-Site": "none"}).status == 200


def test_our_own_write_passes(visitor: Visitor) -> None:
    assert visitor.ask("POST", "/write", visitor.writer(), b"x" * 10).body == "wrote 10"


def test_a_write_of_an_old_engine_passes_by_its_origin(visitor: Visitor) -> None:
    headers = visitor.writer()
    del headers["Sec-Fetch-Site"]
    assert visitor.ask("POST", "/write", headers).status == 200


def test_a_write_that_tells_nothing_of_where_it_comes_from_is_refused(visitor: Visitor) -> None:
    headers = visitor.writer()
    del headers["Sec-Fetch-Site"], headers["Origin"]
    assert visitor.ask("POST", "/write", headers).status == 403


@pytest.mark.parametrize("mark", [None, "", "made-up"])
def test_a_write_without_the_mark_of_our_form_is_refused(visitor: Visitor, mark: str | None) -> None:
    headers = visitor.writer()
    del headers["X-CSRFToken"]
    if mark is not None:
        headers["X-CSRFToken"] = mark
    assert visitor.ask("POST", "/write", headers).status == 400


def test_the_mark_of_another_visitor_is_refused(visitor: Visitor) -> None:
    headers = visitor.writer() | {"X-CSRFToken": visitor.writer()["X-CSRFToken"]}
    assert visitor.ask("POST", "/write", headers).status == 400


def test_a_start_token_works_once(visitor: Visitor) -> None:
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    first, second = visitor.ask("GET", path), visitor.ask("GET", path)
    assert (first.status, first.headers["Location"]) == (303, "/")
    assert (second.status, second.cookies) == (403, ())


def test_a_preview_of_the_start_address_does_not_use_it_up(visitor: Visitor) -> None:
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    visitor.ask("HEAD", path)
    assert visitor.ask("GET", path).status == 303


def test_a_page_that_is_in_may_follow_its_used_address_again(visitor: Visitor) -> None:
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    cookie = visitor.ask("GET", path).cookies[0].partition(";")[0]
    assert visitor.ask("GET", path, {"Cookie": cookie}).status == 303


def test_a_start_address_clicked_in_another_page_refreshes_by_itself(visitor: Visitor) -> None:
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    answer = visitor.ask("GET", path, {"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 200
    assert 'http-equiv="refresh"' in answer.body
    assert answer.cookies


def test_the_start_address_needs_the_right_host_too(visitor: Visitor) -> None:
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    assert visitor.ask("GET", path, {"Host": "evil.example"}).status == 403
    assert visitor.ask("GET", path).status == 303


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(visitor: Visitor) -> None:
    path = visitor.gate.start_address("window").removeprefix(visitor.gate.origin)
    session, hint = visitor.ask("GET", path).cookies
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(session.split("; "))
    assert hint.startswith("watchdesk-window=1;")


def test_a_browser_is_not_told_that_it_has_native_dialogs(visitor: Visitor) -> None:
    assert "watchdesk-window" not in visitor.enter()["Cookie"]


def test_the_key_opens_the_health_page_and_no_other(visitor: Visitor) -> None:
    key = {security.KEY_HEADER: visitor.gate.key}
    assert visitor.ask("GET", "/health", key).body == '"ok"'
    assert visitor.ask("GET", "/", key).status == 403
    assert visitor.ask("POST", "/write", key).status == 403


def test_a_wrong_key_is_refused(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/health", {security.KEY_HEADER: "made-up"}).status == 403


def test_the_cookie_opens_the_health_page(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/health", visitor.enter()).status == 200


@pytest.mark.parametrize("let_in", [True, False])
def test_every_answer_carries_the_headers(visitor: Visitor, let_in: bool) -> None:  # noqa: FBT001 - a parameter of the test
    headers = visitor.ask("GET", "/", visitor.enter() if let_in else {}).headers
    assert headers["Content-Security-Policy"] == security.CSP
    assert {name: headers[name] for name in security.HEADERS} == security.HEADERS
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers
    assert not [name for name in headers if name.lower().startswith("access-control")]


def test_the_policy_allows_nothing_inline_and_no_eval() -> None:
    assert "unsafe" not in security.CSP
    assert "frame-ancestors 'none'" in security.CSP


def test_a_missing_page_carries_the_headers_too(visitor: Visitor) -> None:
    answer = visitor.ask("GET", "/nowhere", visitor.enter())
    assert answer.status == 404
    assert answer.headers["Content-Security-Policy"] == security.CSP


def test_a_body_that_is_too_large_is_refused_with_a_sentence(visitor: Visitor) -> None:
    answer = visitor.ask("POST", "/write", visitor.writer(), b"x" * (security.BODY_LIMIT + 1))
    assert answer.status == 413
    assert "too large" in answer.body


def test_a_view_that_takes_uploads_takes_more(visitor: Visitor) -> None:
    size = security.BODY_LIMIT + 1
    assert visitor.ask("POST", "/upload", visitor.writer(), b"x" * size).body == f"took {size}"


def test_static_files_get_their_type_from_our_own_table(tmp_path: object) -> None:
    def make(gate: Gate) -> Flask:
        app = Flask("files", static_folder=str(tmp_path), static_url_path="/static")
        security.protect(app, gate)
        return app

    for name in ("a.js", "a.css", "a.strange"):
        (tmp_path / name).write_text("x")  # type: ignore[operator]  # tmp_path is a Path
    with serving(make) as other:
        cookie = other.enter()
        types = [other.ask("GET", f"/static/{name}", cookie).headers["Content-Type"] for name in ("a.js", "a.css")]
        assert types == ["text/javascript; charset=utf-8", "text/css; charset=utf-8"]
        assert other.ask("GET", "/static/a.strange", cookie).headers["Content-Type"] == "application/octet-stream"
        assert other.ask("GET", "/static/../secret", cookie).status == 404


def test_without_a_gate_only_the_headers_remain() -> None:
    client = pages(None).test_client()
    assert client.get("/").headers["Content-Security-Policy"] == security.CSP
    assert client.post("/write").status_code == 200


def test_a_token_never_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(security.Redacted())
    gate = Gate(1)
    address = gate.start_address("browser")
    logging.getLogger("library.one").info("served %s", address)
    logging.getLogger("library.two").debug("Loading URL: " + address)  # noqa: G003 - as a library would write it
    assert caplog.text.count("token=…") == 2
    assert address.partition("token=")[2] not in caplog.text


def test_a_whole_visit_leaves_no_secret_in_the_log(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(security.Redacted())
    path = visitor.gate.start_address("browser").removeprefix(visitor.gate.origin)
    visitor.ask("GET", path)
    visitor.ask("GET", path)
    visitor.ask("GET", path, {"Host": "evil.example"})
    visitor.raw(f"GET {path} HTTP/1.1\r\nBroken\r\n\r\n".encode())
    assert path.partition("token=")[2] not in caplog.text
    assert visitor.gate.key not in caplog.text
