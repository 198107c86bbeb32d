from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from desktop_app.core.paths import DataFolder
from desktop_app.shell import instance
from desktop_app.shell.bridge import Bridge
from desktop_app.web.gate import Gate
from tests.web.raw import Visitor, pages, serving


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    def make(gate: Gate) -> Flask:
        app = pages(gate)
        Bridge(gate, lambda: None).install(app)
        return app

    with serving(make) as made:
        yield made


def test_one_lock_a_folder(folder: DataFolder) -> None:
    first = instance.DeskLock.take(folder)
    assert first is not None
    assert instance.DeskLock.take(folder) is None
    first.release()
    again = instance.DeskLock.take(folder)
    assert again is not None
    again.release()


def test_the_address_is_found_until_it_is_withdrawn(folder: DataFolder) -> None:
    gate = Gate(4711)
    instance.publish(folder, gate)
    assert instance.published(folder) == instance.Address(4711, gate.key)
    assert instance.address_file(folder).stat().st_mode & 0o777 == 0o600
    instance.withdraw(folder)
    assert instance.published(folder) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"5", b'{"port": "x", "key": 1}', b"\xff"])
def test_a_damaged_address_is_none(folder: DataFolder, content: bytes) -> None:
    instance.address_file(folder).write_bytes(content)
    assert instance.published(folder) is None


def test_the_health_of_a_running_desk_can_be_asked(visitor: Visitor) -> None:
    address = instance.Address(visitor.gate.port, visitor.gate.key)
    assert instance.ask(address, "GET", "/health") == "ok"


def test_a_desk_with_another_key_does_not_answer(visitor: Visitor) -> None:
    with pytest.raises(ValueError, match="403"):
        instance.ask(instance.Address(visitor.gate.port, "made-up"), "GET", "/health")


def test_arguments_reach_the_desk_that_holds_the_lock(folder: DataFolder, visitor: Visitor) -> None:
    held = instance.DeskLock.take(folder)
    assert held is not None
    instance.publish(folder, visitor.gate)
    answer = instance.take_or_hand_over(folder, ["/a"], window=False)
    assert isinstance(answer, dict)
    assert answer["shown"] is False
    held.release()


def test_an_address_nobody_answers_on_is_no_desk(folder: DataFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    instance.publish(folder, Gate(port))
    assert instance.hand_over(folder, [], window=True) is None


def test_something_else_on_the_port_is_no_desk(folder: DataFolder) -> None:
    def chatter(server: socket.socket) -> None:
        wire, _ = server.accept()
        with wire:
            wire.recv(65536)
            wire.sendall(b"220 something else\r\n")

    with socket.create_server(("127.0.0.1", 0)) as other:
        thread = threading.Thread(target=chatter, args=(other,))
        thread.start()
        instance.publish(folder, Gate(other.getsockname()[1]))
        assert instance.hand_over(folder, ["/a"], window=True) is None
        thread.join()


def test_a_desk_that_ends_meanwhile_is_followed(folder: DataFolder) -> None:
    held = instance.DeskLock.take(folder)
    assert held is not None
    threading.Timer(0.3, held.release).start()
    taken = instance.take_or_hand_over(folder, [], window=True)
    assert isinstance(taken, instance.DeskLock)
    taken.release()
