from __future__ import annotations

import pytest

from desktop_app.core.locks import FolderLock
from desktop_app.core.paths import DataFolder
from desktop_app.shell import restoring
from desktop_app.shell.instance import DeskLock


def test_a_folder_that_nobody_uses_is_had_alone(folder: DataFolder) -> None:
    with restoring.alone(folder):
        assert DeskLock.take(folder) is None
        assert FolderLock.take(folder) is None
    for lock in (DeskLock.take(folder), FolderLock.take(folder)):
        assert lock is not None
        lock.release()


@pytest.mark.parametrize("kind", [DeskLock, FolderLock])
def test_beside_an_open_desk_or_a_command_it_is_refused(folder: DataFolder, kind: type[DeskLock | FolderLock]) -> None:
    held = kind.take(folder)
    assert held is not None
    with pytest.raises(restoring.InUse, match="This desk is in use"), restoring.alone(folder):
        pass
    held.release()
    with restoring.alone(folder):
        pass
