"""What was brought, told by its content: pages of the handbook, a template of reports, or saved settings."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from desktop_app.core.bringing import filing, opened
from desktop_app.core.bringing.filing import Filing
from desktop_app.core.bringing.opened import Opened
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError
from desktop_app.core.extension import Extension
from desktop_app.core.handbook import pages
from desktop_app.core.handbook.pages import Page, PageBroken, parse_page, shipped
from desktop_app.core.paths import DataFolder
from desktop_app.core.rules import packs
from desktop_app.core.text import Text, ntext, text
from desktop_app.core.undo import Decision
from desktop_app.web.bringing import settings_file
from desktop_app.web.report import template, trial

HANDBOOK = "handbook"
# The first bytes of the pictures that a page may show; those of WebP have a length in between.
_PICTURES = {".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".gif": b"GIF8",
             ".webp": b"RIFF"}  # fmt: skip
_WANTED = frozenset({".md", ".html", ".css", ".txt", ".json", *_PICTURES})

Kind = Literal["pages", "template"]


@dataclass(frozen=True, slots=True)
class Files:
    """Files for a folder of the desk, what is said of some of them, and what is left out with its reason.

    ``fault``: why a template cannot be used; then nothing of it is taken.
    """

    kind: Kind
    path: Path
    filing: Filing
    titles: Mapping[str, str]
    notes: Mapping[str, Text]
    left: tuple[tuple[str, Text], ...]
    fault: tuple[Text, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 of what is shown."""
        return self.filing.digest


Brought = Files | settings_file.Plan


def path_of(words: str) -> Path:
    """Return the path that a person wrote; NotTaken where nothing is there that can be looked at."""
    try:
        path = Path(words).expanduser()
        path.stat()
    except (OSError, RuntimeError, ValueError) as error:  # no such home folder; a name that no system allows
        said = (error.strerror if isinstance(error, OSError) else "") or str(error)
        raise opened.refused(Path(words), text("It cannot be read: %(detail)s", detail=said[:200])) from error
    return path


def holds_rules(path: Path) -> bool:
    """Say whether it is for the room that takes rules."""
    return packs.holds_rules(path)


def examine(desk: Desk, db: Connection, path: Path) -> Brought:
    """Say what was brought and what it would change; NotTaken where it is refused, UsageError where it is unknown."""
    found = opened.open_path(path, _WANTED)
    saved = None if found.whole else settings_file.read(next(iter(found.files.values()), b""))
    if saved is not None:
        return settings_file.plan(desk, db, path, saved)
    if _is_template(found):
        return _template(desk, db, found)
    if any(name.lower().endswith(".md") for name in found.files):
        return _pages(desk, found)
    raise UsageError(
        text("There is nothing in %(path)s that this desk knows.", path=str(path)),
        why=text(
            "It takes Sigma rules (.yml), handbook pages (.md), a template of reports, saved settings, and new versions"
            " of Watchdesk; files, folders and zip archives."
        ),
    )


def check_shown(brought: Brought, digest: str | None) -> None:
    """Refuse to take what is not what was shown; ``digest`` is of that."""
    if brought.digest != digest:
        raise UsageError(
            text("Nothing was taken: it is not what you saw any more."),
            why=text("The file or the desk was changed meanwhile."),
            fix=text("Look at it again."),
        )


def take(desk: Desk, db: Connection, brought: Brought, wanted: frozenset[str] | None = None) -> Decision | None:
    """Take what was shown, of settings those that are wanted (None: all); None where nothing changes."""
    if isinstance(brought, settings_file.Plan):
        return settings_file.take(desk, db, brought, brought.keys if wanted is None else wanted)
    if brought.fault:
        what, *rest = brought.fault
        raise UsageError(what, why=rest[0] if rest else None)
    return filing.take(desk, db, brought.filing, _summary(brought))


def _summary(brought: Files) -> Text:
    name = brought.path.name
    if brought.kind == "template":
        return text("Took a template of reports from %(name)s", name=name)
    number = sum(one.what != "unchanged" for one in brought.filing.changes)
    return ntext(
        "Took %(num)s file into the handbook from %(name)s", "Took %(num)s files into the handbook from %(name)s",
        num=number, name=name,
    )  # fmt: skip


# --- a template of reports -------------------------------------------------------------------------------------------


def _is_template(found: Opened) -> bool:
    no_pages = not any(name.lower().endswith(".md") for name in found.names)
    return no_pages and any(name in template.files() for name in found.files)


def _template(desk: Desk, db: Connection, found: Opened) -> Files:
    """Plan a template: a folder or archive takes the place of the whole, one file that of its namesake."""
    known = {name: content for name, content in found.files.items() if name in template.files()}
    left = tuple((name, text("No file of a template is called that.")) for name in found.names if name not in known)
    standing = [name for name in template.files() if _plain(template.place(desk.folder) / name)]
    gone = [name for name in standing if name not in known] if found.whole else []
    planned = filing.plan(desk.folder, template.NAME, known, gone)
    whole = ({} if found.whole else _standing(desk.folder, standing)) | known
    return Files("template", found.path, planned, {}, {}, left, _fault(desk, db, whole))


def _plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _standing(folder: DataFolder, names: list[str]) -> dict[str, bytes]:
    return {name: (template.place(folder) / name).read_bytes() for name in names}


def _fault(desk: Desk, db: Connection, files: Mapping[str, bytes]) -> tuple[Text, ...]:
    """Draw a report with it, aside: a template that cannot be used is better known before it is taken."""
    with tempfile.TemporaryDirectory(prefix="watchdesk-template-", ignore_cleanup_errors=True) as place:
        for name, content in files.items():
            (Path(place) / name).write_bytes(content)
        return trial.fault_in(desk, db, Path(place))


# --- pages of the handbook -------------------------------------------------------------------------------------------


def _pages(desk: Desk, found: Opened) -> Files:
    taken: dict[str, bytes] = {}
    titles: dict[str, str] = {}
    notes: dict[str, Text] = {}
    left: list[tuple[str, Text]] = []
    for name in found.names:
        made = _page(name, found.files[name]) if name in found.files else text("It is neither a page nor a picture.")
        if isinstance(made, Text):
            left.append((name, made))
            continue
        taken[name] = found.files[name]
        if made is not None:
            titles[name] = made.title
            said = _note(desk.extensions, made)
            notes |= {} if said is None else {name: said}
    return Files("pages", found.path, filing.plan(desk.folder, HANDBOOK, taken), titles, notes, tuple(left))


def _page(name: str, content: bytes) -> Page | Text | None:
    """Return a page, None for a picture that a page may show, or why the file is not taken."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _PICTURES:
        right = content.startswith(_PICTURES[ending]) and (ending != ".webp" or content[8:12] == b"WEBP")
        return None if right else text("It is no picture of that kind.")
    if ending != ".md":
        return text("It is neither a page nor a picture.")
    if len(content) > pages.MAX_BYTES:
        return text("It has %(size)s bytes; a page may have %(limit)s.", size=len(content), limit=pages.MAX_BYTES)
    try:
        return parse_page(content.decode("utf-8-sig"), Path(HANDBOOK), name, "site")
    except UnicodeDecodeError:
        return text("It is not UTF-8 text.")
    except PageBroken as broken:
        return broken.reason


def _note(extensions: tuple[Extension, ...], page: Page) -> Text | None:
    """Say where a page goes among those that Watchdesk brings."""
    if page.chapter:
        return text("Stands below the rule %(rule)s.", rule=page.chapter)
    ours = (one for room in extensions if room.handbook is not None for one in shipped(room.handbook).pages)
    same = next((one for one in ours if one.id == page.id and not one.chapter), None)
    if same is None:
        return None
    if page.extends:
        return text("Stands below our page “%(title)s”.", title=same.title)
    return text("Takes the place of our page “%(title)s”.", title=same.title)
