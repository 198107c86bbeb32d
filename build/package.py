"""Make ``dist/watchdesk`` (one file) and ``dist/watchdesk-folder``: run by ``python3 build package``."""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
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


def sign(path: Path, command: str) -> None:
    """Run the site's own signing command on a file, as its last argument; nothing is signed without one.

    Such as ``gpg --batch --yes --detach-sign`` or a call of signtool: which keys are used is its affair alone.
    """
    if command:
        subprocess.run([*shlex.split(command), str(path)], check=True)


def checksums(folder: Path) -> Path:
    """Write ``SHA256SUMS`` for every file that can be handed on, in the form that ``sha256sum -c`` reads."""
    listed = folder / "SHA256SUMS"
    lines = []
    for path in sorted(one for one in folder.iterdir() if one.is_file() and one != listed):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    listed.write_text("".join(lines), encoding="utf-8")
    return listed


def hand_over() -> None:
    """Sign what was made, then write and sign the list of digests."""
    command = os.environ.get("WATCHDESK_SIGN", "")
    for path in [*DIST.glob("*.deb"), *DIST.glob("*.exe"), *DIST.glob("*.dmg"), *DIST.glob("watchdesk")]:
        if path.is_file():
            sign(path, command)
    sign(checksums(DIST), command)


def main() -> None:
    """Freeze, pack, measure."""
    parser = argparse.ArgumentParser(prog="python3 build package")
    parser.add_argument("--best", action="store_true", help="pack as small as possible; takes minutes longer")
    parser.add_argument("--clean", action="store_true", help="analyse everything anew")
    parser.add_argument("--deb", action="store_true", help="also the .deb, which uses the host's Python and WebKitGTK")
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
    if options.deb:
        from build import deb

        made_deb = deb.make()
        print(f"{made_deb.relative_to(ROOT)}: {megabytes(made_deb):.0f} MB")
    hand_over()
    if size > LIMIT_MB:
        raise SystemExit(f"The one file is larger than {LIMIT_MB} MB.")


if __name__ == "__main__":
    main()
