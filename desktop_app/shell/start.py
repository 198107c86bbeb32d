"""Start and end of a desk: lock, log, server, jobs, then the window, a browser, or an address."""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType

import psutil
from flask import Flask

from desktop_app.core import settings
from desktop_app.core.alerts.carriers import remote
from desktop_app.core.desk import Desk
from desktop_app.core.outbox import Courier
from desktop_app.core.paths import data_folder
from desktop_app.shell import autostart, browser, display, instance, logfile, telling
from desktop_app.shell.background import Acts, Keeper, is_on, menu
from desktop_app.shell.bridge import Bridge
from desktop_app.shell.faults import FaultWatch
from desktop_app.shell.server import Server, bind
from desktop_app.shell.telling import Desktop, Teller
from desktop_app.shell.window import DeskWindow, Look, Manner, system_languages
from desktop_app.shell.work import Work, Worker
from desktop_app.web import i18n
from desktop_app.web.gate import Gate
from desktop_app.web.hall import Hall
from desktop_app.web.lock import page_lock

PAGE_PATIENCE_SECONDS = 10.0
CHILD_PATIENCE_SECONDS = 0.5  # workers have had their time before; what is left belongs to the web engine

log = logging.getLogger(__name__)


def _application(desk: Desk, gate: Gate) -> Flask:
    from desktop_app.web.app import create_app

    return create_app(desk, gate)


def _runner(desk: Desk) -> Worker:
    from desktop_app.core.jobs import Runner as JobRunner

    return JobRunner(desk)


def _listening(desk: Desk) -> Worker:
    from desktop_app.core.listening import Listening

    return Listening(desk)


@dataclass(frozen=True)
class Parts:
    """What a desk is put together from; tests put in other parts."""

    application: Callable[[Desk, Gate], Flask] = _application
    runner: Callable[[Desk], Worker] = _runner
    listening: Callable[[Desk], Worker] = _listening
    teller: Callable[[], Teller] = telling.of_this_system
    patience: float = PAGE_PATIENCE_SECONDS


@dataclass
class Running:
    """A desk that answers."""

    desk: Desk
    parts: Parts
    gate: Gate
    ending: threading.Event = field(default_factory=threading.Event)
    signals: queue.SimpleQueue[int] = field(default_factory=queue.SimpleQueue)
    window: DeskWindow | None = None
    hall: Hall | None = None
    hidden: bool = False

    def __post_init__(self) -> None:
        self.bridge = Bridge(self.gate, self.end)

    def application(self) -> Flask:
        """Make the application anew, of a desk that remembers nothing."""
        self.desk = replace(self.desk)
        app = self.parts.application(self.desk, self.gate)
        self.bridge.install(app)
        return app

    def runner(self) -> Worker:
        """Make what runs the queued jobs."""
        return self.parts.runner(self.desk)

    def listening(self) -> Worker:
        """Make what listens for live sources; after the runner, which puts right what a crash left."""
        return self.parts.listening(self.desk)

    def courier(self) -> Worker:
        """Make what tells of new findings."""
        return Courier(self.desk, [self.channel()], remote(self.desk, lambda language: i18n.translator(language).say))

    def channel(self) -> Desktop:
        """Make the channel of the person in front of this desktop."""
        return Desktop(self.parts.teller(), _look(self.desk).language, self.go_to, self._locked)

    def keeper(self) -> Worker:
        """Make what starts the desk at sign-in, where that is wanted."""
        explicit = self.desk.folder != data_folder()
        return Keeper(self.desk, autostart.of_this_system(), autostart.command(self.desk.folder.root, explicit))

    def _locked(self) -> bool:
        with self.desk.connection() as db:
            return self.hall is None or page_lock(self.hall.app).locked(db)

    def lock(self) -> None:
        """Lock the pages."""
        if self.hall is not None:
            page_lock(self.hall.app).shut()

    def go_to(self, path: str) -> None:
        """Show a page of the desk: in its window, else in the person's browser, where the inbox is a click away."""
        if self.window is not None:
            self.window.go_to(path)
        else:
            browser.show(self.gate.start_address("browser"))

    def manner(self) -> Manner:
        """Say how the window behaves."""
        acts = Acts(lambda: self.go_to(""), self.lock, self.end)
        stays = is_on(self.desk, settings.KEEP_WATCHING)
        return Manner(self.hidden, lambda: is_on(self.desk, settings.KEEP_WATCHING),
                      menu(self.desk, acts) if stays or self.hidden else ())  # fmt: skip

    def end(self) -> None:
        """End the desk, from any thread; never from a signal handler, which would wait for what it interrupts."""
        self.ending.set()
        if self.window is not None:
            self.window.close()

    def on_signal(self, number: int, _frame: FrameType | None) -> None:
        """Pass a signal on to the thread that ends the desk: here the main thread may hold any lock, so that of end."""
        self.signals.put(number)  # the one way to another thread that never waits

    def end_when_asked(self) -> None:
        """Wait for signals and end the desk at each; 0 is the last."""
        while number := self.signals.get():
            log.info("Asked to end by %s", signal.Signals(number).name)
            self.end()

    def wait(self) -> None:
        """Wait for the end. In slices: on Windows a wait without end cannot be interrupted by Ctrl+C."""
        while not self.ending.wait(1):
            pass


def open_desk(desk: Desk, arguments: Sequence[str] = (), *, parts: Parts | None = None, hidden: bool = False) -> int:
    """Open the desk in a window and return the exit code when it is closed; ``arguments`` are paths to look at.

    A desk that is open on this folder gets the arguments and comes forward instead. Without a usable display, or when
    no page shows in time, the default browser opens or the address is printed. Raises WatchdeskError where the desk
    cannot start; the folder must have been prepared.
    """
    paths = [str(Path(argument).absolute()) for argument in arguments]
    return _run(desk, 0, paths, _show_window, parts or Parts(), hidden=hidden)


def serve(desk: Desk, port: int = 0, *, parts: Parts | None = None) -> int:
    """Serve the desk without a window until SIGTERM or SIGINT; prints a start address once.

    Raises WatchdeskError where the desk cannot start, so when the port is taken.
    """
    return _run(desk, port, [], _print_address, parts or Parts())


def _run(
    desk: Desk, port: int, paths: list[str], show: Callable[[Running], None], parts: Parts, *, hidden: bool = False
) -> int:
    desk.folder.create()
    window = show is _show_window and not hidden
    taken = instance.take_or_hand_over(desk.folder, paths, window=window)
    if not isinstance(taken, instance.DeskLock):
        if hidden:
            return 0
        _tell_open_already(taken, window=window)
        return 0
    with ExitStack() as stack:
        stack.callback(taken.release)
        _watch(desk, stack)
        running = stack.enter_context(_answering(desk, port, parts))
        running.bridge.arrive(paths)
        running.hidden = hidden
        show(running)
        log.info("Ending")
    return 0


def _tell_open_already(answer: dict[str, object], *, window: bool) -> None:
    address = answer.get("address")
    if isinstance(address, str):
        (browser.show if window else browser.say)(address)


def _watch(desk: Desk, stack: ExitStack) -> None:
    """Open the log and watch for faults; what the run before left is mentioned."""
    handler = logfile.begin(desk.folder)
    stack.callback(logfile.end, handler)
    faults = FaultWatch(desk.folder)
    for note in faults.begin():
        log.warning("The last run ended by a fault; a note was kept: %s", note.name)
    stack.callback(faults.end)


@contextmanager
def _answering(desk: Desk, port: int, parts: Parts) -> Iterator[Running]:
    """Serve the desk, be found by later starts and run its jobs, while the block lasts."""
    with ExitStack() as stack:
        stack.callback(end_children)
        instance.withdraw(desk.folder)  # of a run that had no time for it
        taken = bind(port)
        gate = Gate(taken.getsockname()[1])
        running = Running(desk, parts, gate)
        stack.enter_context(_ended_by_signals(running))  # from here on there is something to end in good order
        work = Work(desk.folder, [running.runner, running.listening, running.courier, running.keeper])
        hall = running.hall = Hall(running.application, work.rest)
        server = Server(hall, taken)
        server.start()
        stack.callback(server.stop)
        stack.callback(hall.close)  # else a server thread waits for each open stream's next failed write
        instance.publish(desk.folder, gate)
        stack.callback(instance.withdraw, desk.folder)
        instance.ask(instance.Address(gate.port, gate.key), "GET", "/health")
        log.info("Answering on port %d", gate.port)
        work.start()
        stack.callback(work.stop)
        yield running


def end_children() -> None:
    """End what this process started and what is still there; nothing of ours outlives the desk."""
    children = psutil.Process().children(recursive=True)
    for child in children:
        _ask_to_end(child)
    _gone, alive = psutil.wait_procs(children, timeout=CHILD_PATIENCE_SECONDS)
    for child in alive:
        child.kill()


def _ask_to_end(child: psutil.Process) -> None:
    try:
        child.terminate()
    except psutil.NoSuchProcess:
        return


@contextmanager
def _ended_by_signals(running: Running) -> Iterator[None]:
    """Let SIGTERM, SIGINT and a closed terminal end the desk in good order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    threading.Thread(target=running.end_when_asked, name="signals", daemon=True).start()
    before = {number: signal.signal(number, running.on_signal) for number in _signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        running.signals.put(0)


def _signals() -> list[signal.Signals]:
    names = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
    return [getattr(signal, name) for name in names if hasattr(signal, name)]


def _print_address(running: Running) -> None:
    browser.say(running.gate.start_address("browser"))
    running.wait()


def _show_window(running: Running) -> None:
    """Show the window until it is closed; without one, a browser or the address until the desk is ended."""
    mark = running.desk.folder.cache / "window-opening"
    if mark.exists():
        log.warning("The last window never showed a page; the browser is used this time")
    elif not running.ending.is_set() and display.usable():
        mark.write_text(str(os.getpid()), encoding="ascii")
        shown = _window_until_closed(running)
        mark.unlink(missing_ok=True)
        if shown:
            return
    mark.unlink(missing_ok=True)
    if not running.ending.is_set():
        if not running.hidden:
            browser.show(running.gate.start_address("browser"))
        running.wait()


def _window_until_closed(running: Running) -> bool:
    """Show the window; False when it could not show a page and the person needs another way in."""
    window = DeskWindow(
        running.desk.folder, running.gate.start_address("window"), _look(running.desk), running.manner()
    )
    running.window = running.bridge.face = window
    failed = threading.Event()
    watcher = threading.Thread(target=_watch_page, args=(running, window, failed), name="page-watch", daemon=True)
    watcher.start()
    try:
        window.run(lambda: _take_signals_back(running))
    except Exception:  # the toolkit's boundary: whatever it cannot do, the page can still be shown by a browser
        log.exception("The window could not be opened")
        failed.set()
    running.window = running.bridge.face = None
    return not failed.is_set()


def _watch_page(running: Running, window: DeskWindow, failed: threading.Event) -> None:
    """Close a window that shows no page in time."""
    page = running.bridge.page_shown.wait(running.parts.patience) and window.loaded.wait(running.parts.patience)
    (running.desk.folder.cache / "window-opening").unlink(missing_ok=True)
    if not page and not running.ending.is_set():
        log.warning("No page was shown in time; the browser is used instead")
        failed.set()
        window.close()


def _take_signals_back(running: Running) -> None:
    """Put our handlers in place again: pywebview's Qt part sets one of its own when its loop begins."""
    for number in _signals():
        signal.signal(number, running.on_signal)


def _look(desk: Desk) -> Look:
    with desk.connection() as db:
        language = str(settings.get(db, settings.LANGUAGE))
        theme = str(settings.get(db, settings.THEME))
    return Look(i18n.choose(language, system_languages()), dark=theme == "dark")
