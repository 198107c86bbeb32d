"""Starts the desk program of these tests, reads what it says, and ends it."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

PATIENCE = 120.0  # only how long a hang is waited for
THE_END = "the end"
SMALL = "tests.shell.desk_program"  # the program with a few small pages
ROOT = Path(__file__).parents[2]


class Program:
    """A running desk program and what it has said."""

    def __init__(
        self, folder: Path, how: str, *paths: str, env: Mapping[str, str | None] | None = None, module: str = SMALL
    ) -> None:
        settled = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        command = [sys.executable, "-m", module, str(folder), how, *paths]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={name: value for name, value in settled.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self.complaints: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._readers = [threading.Thread(target=self._read), threading.Thread(target=self._read_complaints)]
        for reader in self._readers:
            reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.strip())
        self._lines.put(THE_END)

    def _read_complaints(self) -> None:
        assert self.process.stderr is not None
        self.complaints.extend(self.process.stderr)

    def line(self, start: str) -> str:
        """Wait for a line that begins so; return it."""
        for line in self.said:
            if line.startswith(start):
                return line
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = THE_END
            self.said.append(line)
            if line.startswith(start):
                return line
            if line == THE_END:
                raise AssertionError(f"never said {start!r}; said {self.said}, complained {''.join(self.complaints)}")

    def seen(self, name: str) -> Any:
        """Wait until the page has reported something; return its value."""
        return json.loads(self.line(f'seen {{"{name}"').removeprefix("seen "))[name]

    def address(self) -> str:
        return self.line("http://127.0.0.1:")

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait(self) -> int:
        """Wait for the end and for the last line; return the exit code."""
        code = self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        while not self._lines.empty():
            self.said.append(self._lines.get())
        return code

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.wait()

    def clear(self) -> None:
        """Leave nothing behind, whatever the test came to."""
        if self.process.poll() is None:
            for child in self.children():
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
            self.process.kill()
        self.wait()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()


@contextmanager
def program(
    folder: Path, how: str, *paths: str, env: Mapping[str, str | None] | None = None, module: str = SMALL
) -> Iterator[Program]:
    started = Program(folder, how, *paths, env=env, module=module)
    try:
        yield started
    finally:
        started.clear()


NO_DISPLAY: Mapping[str, str | None] = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": None}


@contextmanager
def display(request: pytest.FixtureRequest, size: str = "1400x900x24") -> Iterator[str]:
    """An X server of our own while the block lasts; its name."""
    if shutil.which("Xvfb") is None or shutil.which("import") is None:
        if request.config.getoption("--require-browser"):
            pytest.fail("Xvfb or ImageMagick is absent, and --require-browser is set")
        pytest.skip("Xvfb or ImageMagick is absent")
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield f":{server.stdout.readline().strip()}"
    finally:
        server.terminate()
        server.wait(PATIENCE)
        server.stdout.close()


class ClientMessage(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 24),
    )


def press_close(display_name: str, window: int) -> None:
    """Ask a window to close as a window manager does; there is none here, and xdotool can only destroy windows."""
    x = ctypes.CDLL("libX11.so.6")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
    x.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x.XOpenDisplay(display_name.encode())
    message = ClientMessage(type=33, window=window, format=32)
    message.message_type = x.XInternAtom(connection, b"WM_PROTOCOLS", 0)
    message.data[0] = x.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
    x.XSendEvent(connection, window, 0, 0, ctypes.byref(message))
    x.XCloseDisplay(connection)
