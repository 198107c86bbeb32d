"""The command ``watchdesk handbook``: list, search, show, export."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from desktop_app.core.cli import DONE, shared_words, show
from desktop_app.core.desk import Desk
from desktop_app.core.errors import UsageError, unwritable
from desktop_app.core.handbook.library import Entry, rule_name
from desktop_app.core.rules import catalogue
from desktop_app.core.rules.catalogue import RuleRow
from desktop_app.core.rules.references import named
from desktop_app.core.text import text
from desktop_app.extensions.handbook.model import Hit
from desktop_app.extensions.handbook.service import Handbook
from desktop_app.web.i18n import translator

_UNFIT = re.compile(r"[^\w.-]+")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the words of the command."""
    _language(parser, default="en")
    actions = parser.add_subparsers(dest="action", metavar="ACTION")
    find = actions.add_parser("search", parents=[shared_words()], help="find pages by their words")
    find.add_argument("words", nargs="+", metavar="WORDS")
    one = actions.add_parser("show", parents=[shared_words()], help="print a guide or a rule's page as Markdown")
    one.add_argument("id", metavar="ID", help="the id of a guide, or the id or name of a rule")
    out = actions.add_parser(
        "export", parents=[shared_words()], help="write guides and the pages of our rules as Markdown files"
    )
    out.add_argument("folder", metavar="FOLDER")
    for action in (find, one, out):
        _language(action, default=argparse.SUPPRESS)  # said after the action too; unsaid it leaves what stood before


def _language(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--language", choices=("en", "zh"), default=default, help="the language of the pages")


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Run it; without an action the guides are listed."""
    with desk.connection() as db:
        book = Handbook(desk, db, arguments.language)
        actions = {"search": _search, "show": _show, "export": _export, None: _list}
        return actions[arguments.action](book, arguments)


def _list(book: Handbook, arguments: argparse.Namespace) -> int:
    entries = list(book.library.entries.values())
    value = [{"id": one.page.id, "title": one.page.title, "section": one.page.section} for one in entries]
    show(arguments, value, [f"{one.page.id:24} {one.page.title}" for one in entries])
    return DONE


def _search(book: Handbook, arguments: argparse.Namespace) -> int:
    hits, _ = book.search(" ".join(arguments.words))
    value = [{"id": _id(one), "kind": one.key.partition("/")[0], "title": "".join(one.title),
              "snippet": "".join(one.snippet)} for one in hits]  # fmt: skip
    show(arguments, value, [f"{_id(one):38} {''.join(one.title)}" for one in hits])
    return DONE


def _id(hit: Hit) -> str:
    return hit.key.partition("/")[2]


def _show(book: Handbook, arguments: argparse.Namespace) -> int:
    wanted = arguments.id.lower()
    entry = book.library.entries.get(wanted)
    found = None if entry else catalogue.rule(book.db, book.names.get(wanted, wanted))
    if entry is None and found is None:
        raise UsageError(
            text("The handbook has no page %(id)s.", id=arguments.id),
            fix=text("watchdesk handbook lists the guides; watchdesk rules list the rules."),
        )
    body = guide_markdown(entry) if entry else rule_markdown(book, found) if found else ""
    show(arguments, {"id": wanted, "markdown": body}, body.splitlines())
    return DONE


def guide_markdown(entry: Entry) -> str:
    """Return a guide, with what extends it, as Markdown."""
    bodies = [f"# {entry.page.title}", *(page.body.strip() for page in entry.pages)]
    return "\n\n".join(bodies) + "\n"


def rule_markdown(book: Handbook, rule: RuleRow) -> str:
    """Return a rule's page as Markdown, with the chapters that continue it."""
    say = translator(book.language).say
    texts = book.texts(rule, say)
    steps = "\n".join(f"{number}. {step}\n   {more}" for number, (step, more) in enumerate(texts.todo, 1))
    named_parts = (
        (text("What it means"), texts.why),
        (text("How it comes about"), texts.how),
        (text("When it fires"), texts.condition),
        (text("How to check it"), texts.check),
        (text("What to do"), steps),
        (text("When it is a false alarm"), texts.false_alarms),
        (text("References"), "\n".join(f"- {named(one).name}" for one in texts.references)),
    )
    told = [f"## {say(title)}\n\n{words}" for title, words in named_parts if words]
    chapters = [page.body.strip() for page in book.library.chapters(rule)]
    return "\n\n".join([f"# {texts.name or rule.title}", *told, *chapters]) + "\n"


def _export(book: Handbook, arguments: argparse.Namespace) -> int:
    folder = Path(arguments.folder)
    rules = [one for rule_id in book.names.values() if (one := catalogue.rule(book.db, rule_id)) is not None]
    files = {f"guides/{one.page.id}.md": guide_markdown(one) for one in book.library.entries.values()}
    files |= {f"rules/{_UNFIT.sub('-', rule_name(one.body) or one.id)}.md": rule_markdown(book, one) for one in rules}
    _write(folder, files)
    show(arguments, {"folder": str(folder), "files": len(files)}, [f"{len(files)} files, {folder}"])
    return DONE


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        for name, body in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(body, encoding="utf-8")
    except OSError as error:
        raise unwritable(folder, error) from error
