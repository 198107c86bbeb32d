"""Install the .deb on a bare Debian, use it as an ordinary account, start it from its menu entry, remove it.

``python3 build/try_deb.py [FILE]``: as root on a Debian with mmdebstrap and Xvfb. The bare system is made in a
temporary folder from this machine's own package sources and is entered by chroot. Needs only the standard library.
"""

from __future__ import annotations

import argparse
import configparser
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from smoke import FAILURES, PATIENCE, Failed, need, sample, screen  # type: ignore[import-not-found] # beside this file, as smoke.py is run

DIST = Path(__file__).resolve().parent.parent / "dist"
ACCOUNT = 1000
CHROOT = "/usr/sbin/chroot"  # an ordinary PATH does not lead there
SOCKETS = Path(tempfile.gettempdir(), ".X11-unix")  # where X servers listen
# What the removal of any package may leave: the books of dpkg and apt themselves, and caches of the desktop.
BOOKS = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "tmp/", "run/", "proc/", "sys/", "dev/", "home/")


def sources() -> str:
    """Return this machine's own sources of Debian packages, as apt writes them."""
    folder = Path("/etc/apt/sources.list.d")
    found = [Path("/etc/apt/sources.list"), *sorted(folder.glob("debian*.*"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in found if path.is_file())


def release() -> str:
    """Return the name of this machine's release."""
    fields = (line.partition("=") for line in Path("/etc/os-release").read_text(encoding="utf-8").splitlines())
    return {name: value.strip('"') for name, _, value in fields}["VERSION_CODENAME"]


class Bare:
    """A bare Debian in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # Its clock may be ahead of the archive's lists where the sources are a snapshot.
        late = ["--aptopt=Acquire::Check-Valid-Until false", "--aptopt=Acquire::Check-Date false"]
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=apt", *late, release(), str(root), "-"],
            input=sources(), text=True, check=True,
        )  # fmt: skip

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Give it processes and devices while the block lasts."""
        mounts = [("-t", "proc", "proc"), ("--bind", "/dev", "dev"), ("-t", "tmpfs", "dev/shm")]
        done = []
        try:
            for kind, what, place in mounts:
                source = what if kind == "--bind" else "none"
                words = ["--bind", source] if kind == "--bind" else [kind, what, source]
                subprocess.run(["mount", *words, str(self.root / place)], check=True)
                done.append(place)
            yield
        finally:
            for place in reversed(done):
                subprocess.run(["umount", "-l", str(self.root / place)], check=False)

    def apt(self, *words: str) -> None:
        """Run apt-get inside; complaints are shown when it fails."""
        command = [CHROOT, str(self.root), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        need(done.returncode == 0, f"apt-get {' '.join(words)} failed: {(done.stdout + done.stderr)[-1500:]}")

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """Start a program inside as the ordinary account, with almost no environment."""
        settled = {"HOME": "/home/operator", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **env}
        account = f"--userspec={ACCOUNT}:{ACCOUNT}"
        return subprocess.Popen([CHROOT, account, str(self.root), *words], env=settled, text=True, cwd="/",
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip

    def ask(self, *words: str) -> str:
        """Run a command inside to its end and return what it said."""
        process = self.start(*words)
        out, complaints = process.communicate(timeout=PATIENCE)
        need(process.returncode == 0, f"{' '.join(words)} ended with {process.returncode}: {complaints[-800:]}")
        return out

    def files(self) -> set[str]:
        """Return every file and folder that a package may have brought."""
        found = set()
        for place, folders, names in os.walk(self.root):
            inside = Path(place).relative_to(self.root)
            folders[:] = [name for name in folders if not f"{(inside / name).as_posix()}/".startswith(BOOKS)]
            found |= {(inside / name).as_posix() for name in (*folders, *names)}
        return found


def may_mount() -> bool:
    """Say whether this account may mount, which a bare system needs to be given its processes and devices."""
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(["mount", "-t", "tmpfs", "none", place], capture_output=True, check=False)
        if done.returncode == 0:
            subprocess.run(["umount", place], check=True)
        return done.returncode == 0


def use(bare: Bare) -> None:
    """Read a log by the command line and see what is found."""
    home = bare.root / "home/operator"
    home.mkdir(parents=True)
    (home / "auth.log").write_text(sample(), encoding="utf-8")
    for path in (home, home / "auth.log"):
        os.chown(path, ACCOUNT, ACCOUNT)
    done = json.loads(bare.ask("watchdesk", "import", "/home/operator/auth.log", "--json"))
    need(done["events"] == FAILURES + 1, f"{FAILURES + 1} lines were given, the import says {done}")
    found = json.loads(bare.ask("watchdesk", "findings", "--json"))
    need(found, "no rule found anything in a log full of refused passwords")
    print(f"  {done['events']} events, {len(found)} findings: {found[0]['title']}")


def from_menu(bare: Bare) -> None:
    """Start what the menu entry says, on a screen, until a page shows; end it as a session does."""
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(bare.root / "usr/share/applications/watchdesk.desktop", encoding="utf-8")
    words = [word for word in entry["Desktop Entry"]["Exec"].split() if not word.startswith("%")]
    opening = bare.root / "home/operator/.local/share/watchdesk/cache/window-opening"
    with screen() as display:
        sockets = bare.root / "tmp/.X11-unix"
        sockets.mkdir(exist_ok=True)
        subprocess.run(["mount", "--bind", str(SOCKETS), str(sockets)], check=True)
        try:
            process = bare.start(*words, DISPLAY=display)
            seconds = _until_page(process, opening)
            process.send_signal(signal.SIGTERM)
            complaints = process.communicate(timeout=PATIENCE)[1]
            need(process.returncode == 0, f"SIGTERM ended the desk with {process.returncode}: {complaints[-800:]}")
        finally:
            subprocess.run(["umount", "-l", str(sockets)], check=False)
    said = (opening.parent.parent / "logs/watchdesk.log").read_text(encoding="utf-8")
    need("browser is used" not in said and "could not be opened" not in said, f"no window showed a page:\n{said}")
    print(f"  the menu entry showed a page after {seconds:.1f} s, in the host's WebKitGTK")


def _until_page(process: subprocess.Popen[str], opening: Path) -> float:
    """Wait until the mark of a window that opens has come and gone; return the seconds."""
    begun = time.monotonic()
    seen = False
    while not seen or opening.exists():
        seen = seen or opening.exists()
        if process.poll() is not None or time.monotonic() - begun > PATIENCE:
            process.kill()
            raise Failed(f"no page came: {process.communicate()[1][-800:]}")
        time.sleep(0.01)
    return time.monotonic() - begun


def check(package: Path) -> None:
    """Go through everything."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-deb-") as temporary:
        bare = Bare(Path(temporary, "debian"))
        with bare.entered():
            bare.apt("update")
            bare.apt("install", "--no-install-recommends", *_what_it_depends_on(package))
            before = bare.files()
            shutil.copyfile(package, bare.root / "watchdesk.deb")
            bare.apt("install", "--no-install-recommends", "/watchdesk.deb")
            (bare.root / "watchdesk.deb").unlink()
            brought = bare.files() - before
            print(f"installed: {len(brought)} files and folders")
            use(bare)
            from_menu(bare)
            bare.apt("purge", "watchdesk")
            left = sorted(bare.files() - before)
            need(not left, f"removing it left {len(left)} behind: {left[:10]}")
            need((bare.root / "home/operator/.local/share/watchdesk/watchdesk.db").is_file(), "the desk's data is gone")
            print("removed: nothing is left behind but the desk's data")


def _what_it_depends_on(package: Path) -> list[str]:
    """Return the names that the package depends on, so that what they bring is told from what it brings."""
    field = subprocess.run(["dpkg-deb", "-f", str(package), "Depends"], capture_output=True, text=True, check=True)
    return sorted({part.split()[0] for part in field.stdout.strip().split(", ")})


def main() -> None:
    """Try the package."""
    parser = argparse.ArgumentParser(description="Try the .deb on a bare Debian.")
    parser.add_argument("package", nargs="?", type=Path, help="the file; else the one in dist")
    given = parser.parse_args().package
    made = sorted(DIST.glob("watchdesk_*.deb"))
    if not may_mount():
        print("skipped: this machine lets nobody mount, so no bare Debian can be entered")
        return
    try:
        need(given or made, "no .deb in dist: run python3 build package --deb first")
        check(given or made[-1])
    except Failed as error:
        raise SystemExit(f"The .deb does not work: {error}") from None
    print("The .deb works.")


if __name__ == "__main__":
    main()
