from __future__ import annotations

import subprocess
import sys

from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import DataFolder

_HOLD = """
import sys, time
from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import data_folder
lock = FolderLock.take(data_folder(sys.argv[1]))
print("held" if lock else "refused", flush=True)
time.sleep(60)
"""


def _holder(folder: DataFolder) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", _HOLD, str(folder.root)], stdout=subprocess.PIPE, text=True)


def test_only_one_process_holds_the_folder(folder: DataFolder) -> None:
    with _holder(folder) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        assert FolderLock.take(folder) is None
        other.kill()


def test_the_lock_is_free_again_however_its_holder_ended(folder: DataFolder) -> None:
    with _holder(folder) as other:
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    lock = FolderLock.take(folder)
    assert lock is not None
    lock.release()
