"""A desk that is killed between sending an alert and marking it: ``python -m tests.core.alerts.killed FOLDER TIME``."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from desktop_app.core import outbox
from desktop_app.core.alerts.carriers import remote
from desktop_app.core.desk import Desk
from desktop_app.core.paths import DataFolder


def main() -> None:
    """Deliver once, and die instead of marking it."""
    settle = outbox.settle

    def die(db: Any, ids: Any, state: str, *rest: Any) -> None:
        if state == "sent":
            os.kill(os.getpid(), signal.SIGKILL)
        settle(db, ids, state, *rest)

    outbox.settle = die
    desk = Desk(DataFolder(Path(sys.argv[1])), (), clock=lambda: int(sys.argv[2]))
    courier = outbox.Courier(desk, [], remote(desk, lambda _language: str))
    with desk.connection() as db:
        courier.turn(db)
        courier.settle()


if __name__ == "__main__":
    main()
