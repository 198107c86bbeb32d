"""``watchdesk search``: rows, numbers and looks at a whole result, by the code that answers the pages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from desktop_app.core import redaction
from desktop_app.core.cli import DONE, show, some, whole_number
from desktop_app.core.database import Connection
from desktop_app.core.desk import Desk
from desktop_app.core.events.answers.tables import Line, statistics_json, table_json
from desktop_app.core.events.search import Search
from desktop_app.core.events.terms import questions
from desktop_app.core.model import Micros, stamp
from desktop_app.core.settings import SITE_ZONE, get
from desktop_app.extensions.logs.forms import read_time
from desktop_app.extensions.logs.service import looking

AROUND = 10  # events on either side
_LONGEST = 1000  # characters of a message where no fields were asked for
_ONE_LINE = str.maketrans("\r\n\t", "   ")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the words of the command."""
    parser.add_argument("query", help='words, "phrases", field:value, -not, or, wildcards, field:>=5, ip:10.0.0.0/8')
    told = (
        "2026-01-31T14:00, the beginning of 2026-01-31, 14:00 of today or -2h; in the site's zone where it names none"
    )
    parser.add_argument("--from", dest="start", metavar="T", default="", help=told)
    parser.add_argument("--to", dest="end", metavar="T", default="")
    parser.add_argument("--limit", type=whole_number, default=100, metavar="N")
    parser.add_argument("--count", action="store_true", help="only say how many")
    parser.add_argument("--fields", metavar="a,b", help="show only these fields")
    parser.add_argument("--agg", metavar="WORDS", help="numbers instead of rows: count by source.ip every 1h")
    parser.add_argument("--histogram", type=some, metavar="N", help="counts by level in at most N spans")
    parser.add_argument("--redact", action="store_true", help="names, hosts, addresses and paths become pseudonyms")
    parser.add_argument("--statistics", metavar="FIELD", help="what one field holds")
    parser.add_argument("--templates", nargs="?", const="count", choices=looking.ORDERS, help="the kinds of messages")
    parser.add_argument(
        "--unusual",
        nargs="?",
        const="before",
        choices=looking.AGAINST,
        help="what is more or less frequent than before, or than in the rest",
    )
    parser.add_argument("--around", type=whole_number, metavar="ID", help="what stands before and after an event")


def _span(desk: Desk, db: Connection, arguments: argparse.Namespace) -> tuple[Micros | None, Micros | None]:
    zone, at = ZoneInfo(str(get(db, SITE_ZONE))), desk.clock()
    return read_time(arguments.start, zone, at), read_time(arguments.end, zone, at)


def run(desk: Desk, arguments: argparse.Namespace) -> int:
    """Answer what was asked of a search."""
    with desk.connection() as db:
        search = Search(arguments.query, (), *_span(desk, db, arguments))
        if arguments.count:
            count = desk.events.count(db, search)
            show(arguments, {"count": count}, [f"{count:,}"])
        elif arguments.agg is not None:
            _show_table(desk, db, search, arguments)
        elif arguments.histogram:
            _show_histogram(desk, db, search, arguments)
        elif not _show_look(desk, db, search, arguments):
            _show_rows(arguments, _redacted(desk, db, arguments, _rows(desk, db, search, arguments.limit)))
    return DONE


def _show_look(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> bool:
    """Show a look at the whole result, where one is asked for."""
    if arguments.statistics:
        _show_statistics(desk, db, search, arguments)
    elif arguments.templates:
        _show_templates(desk, db, search, arguments)
    elif arguments.unusual:
        _show_unusual(desk, db, search, arguments)
    elif arguments.around is not None:
        near = looking.around_id(desk, db, arguments.around, min(arguments.limit, AROUND) or AROUND, search)
        _show_rows(arguments, _redacted(desk, db, arguments, [*near.newer, near.event, *near.older]))
    else:
        return False
    return True


def _show_statistics(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> None:
    found = desk.events.statistics(db, search, arguments.statistics, limit=arguments.limit)
    lines = [f"{found.field}: in {found.present:,} of {found.events:,} events, {found.distinct:,} distinct values"]
    if found.numbers:
        lines.append(f"{found.numbers:,} numbers: {found.least:g} to {found.most:g}, on average {found.mean:g}")
    lines += [f"{count:>10,}  {value}" for value, count in found.top]
    show(arguments, statistics_json(found), lines)


def _show_templates(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> None:
    told = looking.templates_json(desk.events.templates(db, search), arguments.templates)
    told["templates"] = told["templates"][: arguments.limit]
    lines = [f"{one['count']:>10,}  since {one['since']}  {one['template']}" for one in told["templates"]]
    if told["others"]:
        lines.append(f"{told['others']:>10,}  of kinds too rare to be kept apart")
    show(arguments, told, lines)


def _show_unusual(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> None:
    told = looking.unusual_json(looking.unusual(desk, db, search, arguments.unusual))
    lines = [f"{told['here']:,} events from {told['start']} to {told['end']}, against {told['there']:,}"]
    if not told["here"] or not told["there"]:
        lines = ["There is nothing to compare here: no event fits, or every one does."]
        if arguments.unusual == "before":
            lines = ["There is nothing to compare here. Name a time with --from and --to, or ask for --unusual rest."]
    lines += [f"{one['score']:+8.1f}  {one['here']:,} here, {one['there']:,} otherwise  {one['field'] or 'message'}: "
              f"{one['value']}" for one in told["unusual"][: arguments.limit]]  # fmt: skip
    show(arguments, told, lines)


def _redacted(
    desk: Desk, db: Connection, arguments: argparse.Namespace, found: Iterable[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Return rows as they are to be shown; pseudonyms are by a key of this one answer."""
    if not arguments.redact:
        return list(found)
    made = redaction.redactor(desk.events, db, redaction.new_key())
    print(redaction.NOTE, file=sys.stderr)  # noqa: T201 - what is printed must stay one JSON value
    return [{name: one for name, one in made.record(row).items() if name != "file"} for row in found]


def _rows(desk: Desk, db: Connection, search: Search, limit: int) -> Iterator[dict[str, Any]]:
    after = None
    while limit > 0:
        page = desk.events.page(db, search, after=after, limit=min(limit, 1000))
        yield from page.rows
        limit -= len(page.rows)
        after = page.older_key
        if after is None or not page.rows:
            return


def _show_histogram(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> None:
    found = desk.events.histogram(db, search, buckets=arguments.histogram)
    value = {"start": stamp(found.start), "step": found.step / 1_000_000, "levels": found.levels}
    spans = max((len(one) for one in found.levels.values()), default=0)
    sums = [sum(one[index] for one in found.levels.values()) for index in range(spans)]
    lines = [f"{stamp((found.start or 0) + index * found.step)}  {count:,}" for index, count in enumerate(sums)]
    show(arguments, value, lines)


def _show_table(desk: Desk, db: Connection, search: Search, arguments: argparse.Namespace) -> None:
    found = desk.events.table(db, search, questions.parse(arguments.agg))
    lines = [
        "\t".join("" if one is None else str(one) for one in _cells(line)) for line in found.lines or (found.whole,)
    ]
    show(arguments, table_json(found), lines)


def _cells(line: Line) -> Iterator[object]:
    if line.start is not None:
        yield stamp(line.start)
    yield from line.values
    yield from line.numbers


def _said(message: str) -> str:
    return message.translate(_ONE_LINE) if len(message) <= _LONGEST else f"{message[:_LONGEST].translate(_ONE_LINE)}…"


def _show_rows(arguments: argparse.Namespace, found: Sequence[Mapping[str, Any]]) -> None:
    shown = [dict(row) | {"time": stamp(row["time"])} for row in found]
    if arguments.fields:
        names = [name.strip() for name in arguments.fields.split(",")]
        shown = [{name: row.get(name, row.get("fields", {}).get(name)) for name in names} for row in shown]
        lines = [
            "\t".join("" if one is None else str(one).translate(_ONE_LINE) for one in row.values()) for row in shown
        ]
    else:
        lines = [f"{row['time']}  {row['host'] or '-'}  {row['source'] or '-'}  {_said(row['message'])}"
                 for row in shown]  # fmt: skip
    show(arguments, shown, lines)
