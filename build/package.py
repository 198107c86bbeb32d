"""Make ``dist/watchdesk`` (one file) and ``dist/watchdesk-folder``: run by ``python3 build package``."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not ./build, where PyInstaller would work by default: that folder is ours.
WORK = ROOT / ".work" / "pyinstaller"
DIST = ROOT / "dist"
LIMIT_MB = 230
SUFFIX = ".exe" if sys.platform == "win32" else ""


def freeze(*, clean: bool) -> Path:
    """Run PyInstaller and return the folder with its results."""
    from build import icons

    icons.write(WORK / "icons")
    made = WORK / "made"
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR",
               "--workpath", str(WORK / "work"), "--distpath", str(made), *(["--clean"] if clean else []),
               str(ROOT / "app.spec")]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)
    return made


def strip_interpreter(folder: Path) -> None:
    """Take the debugging symbols from the interpreter; libraries of wheels can break when stripped and are left."""
    ours = [*folder.glob("_internal/libpython*.so*"), *folder.glob("_internal/python3*/lib-dynload/*.so")]
    subprocess.run(["strip", "--strip-unneeded", *(str(path) for path in ours if not path.is_symlink())], check=True)


def megabytes(path: Path) -> float:
    """Return the size of a file or folder in units of 1,000,000 bytes; a link counts nothing."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file() and not one.is_symlink()]
    return sum(one.stat().st_size for one in files) / 1e6


def main() -> None:
    """Freeze, pack, measure."""
    parser = argparse.ArgumentParser(prog="python3 build package")
    parser.add_argument("--best", action="store_true", help="pack as small as possible; takes minutes longer")
    parser.add_argument("--clean", action="store_true", help="analyse everything anew")
    options = parser.parse_args()
    from build import payload

    made = freeze(clean=options.clean)
    folder, one = DIST / "watchdesk-folder", DIST / f"watchdesk{SUFFIX}"
    shutil.rmtree(folder, ignore_errors=True)
    DIST.mkdir(exist_ok=True)
    (made / "watchdesk-folder").rename(folder)
    if sys.platform == "linux":
        strip_interpreter(folder)
    launcher = made / f"watchdesk-launcher{SUFFIX}"
    level = payload.BEST_LEVEL if options.best else payload.LEVEL
    payload.write(launcher, launcher.with_suffix(".pkg"), folder, f"watchdesk{SUFFIX}", one, level=level)
    size = megabytes(one)
    print(f"{one.relative_to(ROOT)}: {size:.0f} MB; {folder.relative_to(ROOT)}: {megabytes(folder):.0f} MB")
    if size > LIMIT_MB:
        raise SystemExit(f"The one file is larger than {LIMIT_MB} MB.")


if __name__ == "__main__":
    main()
