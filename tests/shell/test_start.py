"""The desk as a process, without a screen."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import stat
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from desktop_app.core.paths import DataFolder
from desktop_app.shell import instance
from tests.shell.running import NO_DISPLAY, Program, program

DEAD = {**NO_DISPLAY, "DISPLAY": ":2147"}


def fetch(address: str, cookie: str = "") -> tuple[int, str, str]:
    parts = urlsplit(address)
    wire = http.client.HTTPConnection(parts.netloc, timeout=30)
    wire.request("GET", f"{parts.path}?{parts.query}", headers={"Cookie": cookie} if cookie else {})
    answer = wire.getresponse()
    found = answer.status, answer.headers.get("Set-Cookie", "").partition(";")[0], answer.read().decode()
    wire.close()
    return found


def log_of(folder: Path) -> str:
    return (folder / "logs" / "watchdesk.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("env", [NO_DISPLAY, DEAD], ids=["no display", "dead display"])
def test_without_a_display_the_address_is_printed_and_works_once(tmp_path: Path, env: dict[str, str | None]) -> None:
    with program(tmp_path / "desk", "open", env=env) as desk:
        address = desk.address()
        status, cookie, _ = fetch(address)
        assert status == 303
        assert fetch(address)[0] == 403
        assert "The desk" in fetch(address.partition("/start")[0] + "/", cookie)[2]
        assert desk.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_server_cleanly_with_its_children(tmp_path: Path, number: int) -> None:
    with program(tmp_path / "desk", "serve:worker", env=NO_DISPLAY) as desk:
        port = urlsplit(desk.address()).port
        child = psutil.Process(int(desk.line("child ").split()[1]))
        assert desk.end(number) == 0
        assert "runner stopped" in desk.said
        assert not child.is_running()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))
    assert not (tmp_path / "desk" / "desk.json").exists()


def test_a_signal_that_comes_as_the_desk_begins_to_wait_ends_it_too(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "serve:untimely", env=NO_DISPLAY) as desk:
        desk.address()
        assert desk.wait() == 0
        assert desk.complaints == []
    assert "Asked to end by SIGTERM" in log_of(tmp_path / "desk")


def test_the_server_prints_its_address_once_and_nothing_of_it_reaches_the_log(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        address = desk.address()
        fetch(address)
        fetch(address)
        assert desk.end() == 0
        assert [line for line in desk.said if "token" in line] == [address]
        assert desk.complaints == []
    token = address.partition("token=")[2]
    assert token not in log_of(tmp_path / "desk")
    assert "Answering on port" in log_of(tmp_path / "desk")


def test_a_port_in_use_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with program(tmp_path / "desk", "serve", env={**NO_DISPLAY, "PORT": port}) as desk:
            assert f"Port {port} cannot be used." in desk.line("refused:")
            assert desk.wait() == 3
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        assert desk.address()
        assert desk.end() == 0


def test_a_port_that_is_asked_for_is_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with program(tmp_path / "desk", "serve", env={**NO_DISPLAY, "PORT": str(port)}) as desk:
        assert urlsplit(desk.address()).port == port
        assert desk.end() == 0


def test_a_second_start_hands_its_arguments_over_and_ends_with_success(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "open", env=NO_DISPLAY) as first:
        _, cookie, _ = fetch(first.address())
        with program(tmp_path / "desk", "open", str(tmp_path / "auth.log"), "näme 日志", env=NO_DISPLAY) as second:
            fresh = second.address()
            assert second.wait() == 0
            assert "runner started" not in second.said
        assert fresh != first.address()
        assert fetch(fresh)[0] == 303
        expected = [str(tmp_path / "auth.log"), str(Path.cwd() / "näme 日志")]
        assert arrivals(first, cookie) == expected
        assert arrivals(first, cookie) == []
        assert first.end() == 0


def arrivals(desk: Program, cookie: str) -> object:
    """Fetch what arrived as the page does."""
    parts = urlsplit(desk.address())
    wire = http.client.HTTPConnection(parts.netloc, timeout=30)
    wire.request("GET", "/", headers={"Cookie": cookie})
    page = wire.getresponse()
    mark = page.read().decode().partition('name="csrf-token" content="')[2].partition('"')[0]
    form = page.headers["Set-Cookie"].partition(";")[0]
    headers = {"Cookie": f"{cookie}; {form}", "Origin": f"http://{parts.netloc}", "X-CSRFToken": mark}
    wire.request("POST", "/shell/arrivals", headers=headers)
    found = json.loads(wire.getresponse().read())["paths"]
    wire.close()
    return found


def test_the_arguments_of_the_first_start_arrive_too(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "open", str(tmp_path / "a.log"), env=NO_DISPLAY) as desk:
        _, cookie, _ = fetch(desk.address())
        assert arrivals(desk, cookie) == [str(tmp_path / "a.log")]
        assert desk.end() == 0


def test_two_folders_are_two_desks(tmp_path: Path) -> None:
    with (
        program(tmp_path / "a", "serve", env=NO_DISPLAY) as one,
        program(tmp_path / "b", "serve", env=NO_DISPLAY) as two,
    ):
        assert urlsplit(one.address()).port != urlsplit(two.address()).port
        assert one.end() == 0
        assert two.end() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_only_the_owner_can_read_the_key(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        desk.address()
        file = instance.address_file(DataFolder(tmp_path / "desk"))
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert desk.end() == 0


def test_after_a_hard_end_the_next_start_opens_as_usual(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        desk.address()
        desk.process.kill()
        desk.wait()
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        assert desk.address()
        assert desk.end() == 0


def test_a_fault_below_python_is_mentioned_by_the_next_start(tmp_path: Path) -> None:
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        desk.address()
        assert desk.end(signal.SIGSEGV) != 0
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        desk.address()
        assert desk.end() == 0
    (note,) = (tmp_path / "desk" / "logs").glob("crash-*.txt")
    assert "Segmentation fault" in note.read_text(encoding="utf-8")
    assert note.name in log_of(tmp_path / "desk")


def test_jobs_wait_for_a_command_that_holds_them(tmp_path: Path) -> None:
    from desktop_app.core.locks import FolderLock

    command = FolderLock.take(DataFolder(tmp_path / "desk"))
    assert command is not None
    with program(tmp_path / "desk", "serve", env=NO_DISPLAY) as desk:
        fetch(desk.address())
        assert "runner started" not in desk.said
        command.release()
        assert desk.line("runner started")
        assert desk.end() == 0


def test_a_desk_that_holds_the_folder_but_hangs_is_told_in_a_sentence(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "desk").create()
    held = instance.DeskLock.take(folder)
    assert held is not None
    with pytest.raises(instance.NotAnswering, match="already open"):
        instance.take_or_hand_over(folder, [], window=True, patience=0)
    held.release()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a shell script")
def test_where_no_page_shows_in_time_the_default_browser_is_opened(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from tests.shell.running import display

    opened = tmp_path / "opened"
    os.mkfifo(opened)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', encoding="utf-8")
    browser.chmod(0o700)
    with display(request) as name:
        env = {"DISPLAY": name, "WAYLAND_DISPLAY": None, "BROWSER": str(browser)}
        with program(tmp_path / "desk", "open:broken", env=env) as desk:
            address = opened.read_text(encoding="utf-8").strip()
            assert fetch(address)[0] == 303
            assert desk.end() == 0
    assert address.partition("token=")[2] not in log_of(tmp_path / "desk")


@pytest.mark.window
def test_a_window_that_took_the_program_down_is_not_tried_at_the_next_start(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from tests.shell.running import display

    folder = DataFolder(tmp_path / "desk").create()
    (folder.cache / "window-opening").write_text("1", encoding="ascii")
    with display(request) as name:
        env = {"DISPLAY": name, "WAYLAND_DISPLAY": None, "BROWSER": "true"}
        with program(folder.root, "open", env=env) as desk:
            desk.line("runner started")
            assert desk.end() == 0
    assert "never showed a page" in log_of(folder.root)
    assert not (folder.cache / "window-opening").exists()
