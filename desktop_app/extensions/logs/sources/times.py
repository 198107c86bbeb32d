"""Times as they stand in log lines, read a column at a time.

A column of stamps becomes int64 codes: microseconds, with a flag added where the zone (LOCAL) or the year and the
zone (YEARLESS) is missing; everything below VALID is no time. ``resolve`` turns codes into UTC. Stamps repeat, so each
reader keeps dictionaries of days, of times of day and of what follows, and parses each of these once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from desktop_app.core.model import Times
from desktop_app.core.text import ntext
from desktop_app.extensions.logs.model import Reading
from desktop_app.extensions.logs.sources.years import with_years
from desktop_app.extensions.logs.sources.zones import to_utc

SECOND = 1_000_000
DAY = 86_400 * SECOND
LOCAL = 1 << 60
YEARLESS = 1 << 61
INVALID = -(1 << 62)
VALID = -(1 << 59)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
MONTHS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905 - reads better
}

_SECOND_OF_DAY = re.compile(r"([01]?\d|2[0-3]):([0-5]\d):([0-5]\d|60)", re.ASCII)
_MINUTE_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_SECOND_OF_MINUTE = re.compile(r":([0-5]\d|60)", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})[-/.](\d\d)[-/.](\d\d)[Tt _-]", re.ASCII)
_CLF_DAY = re.compile(r"(\d\d)/([A-Za-z]{3})/(\d{4}):", re.ASCII)
_YEARLESS_DAY = re.compile(r"([A-Za-z]{3}) ([ 0-3]\d) ", re.ASCII)
_REST = re.compile(r"(?:[.,:](\d{1,9}))?\s?(Z|z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?", re.ASCII)


def day_micros(year: int, month: int, day: int) -> int:
    """Return midnight in microseconds since 1970, INVALID for a day that does not exist."""
    try:
        return (dt.date(year, month, day).toordinal() - _EPOCH_DAY) * DAY
    except ValueError:
        return INVALID


def clock_micros(clock: str) -> int:
    """Return ``15:16:01`` in microseconds, INVALID where it is no time of day. A leap second is the next second."""
    found = _SECOND_OF_DAY.fullmatch(clock)
    if found is None:
        return INVALID
    hour, minute, second = map(int, found.groups())
    return (hour * 3600 + minute * 60 + second) * SECOND


def fraction_micros(digits: str | None) -> int:
    """Return the digits after the point as microseconds; finer ones are dropped."""
    return int(digits[:6].ljust(6, "0")) if digits else 0


def offset_micros(zone: str) -> int:
    """Return ``+02:00``, ``+0200``, ``+02``, ``Z``, ``UTC`` as microseconds east of UTC."""
    if zone[0] not in "+-":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[3:].lstrip(":") or 0)
    return (-minutes if zone[0] == "-" else minutes) * 60 * SECOND


class Cache(dict[str, int]):
    """Reads each distinct stamp once; never raises."""

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, stamp: str) -> int:
        """Read a stamp that was not seen before."""
        value = self[stamp] = self._read(stamp)
        return value


def read_rest(rest: str) -> int:
    """Read what follows the seconds: a fraction and a zone, both optional. LOCAL is added where no zone stands."""
    found = _REST.fullmatch(rest)
    if found is None:
        return INVALID
    digits, zone = found.groups()
    return fraction_micros(digits) + (LOCAL if zone is None else -offset_micros(zone))


def _iso_day(day: str) -> int:
    found = _ISO_DAY.fullmatch(day)
    return day_micros(*map(int, found.groups())) if found else INVALID


def _minute(clock: str) -> int:
    found = _MINUTE_OF_DAY.fullmatch(clock)
    return (int(found[1]) * 60 + int(found[2])) * 60 * SECOND if found else INVALID


def _second(seconds: str) -> int:
    """``:01``; a leap second is the next second."""
    found = _SECOND_OF_MINUTE.fullmatch(seconds)
    return int(found[1]) * SECOND if found else INVALID


def _column(stamps: Iterable[str | None], read: Callable[[str], int]) -> Times:
    """Read a column in which the same stamp often stands several times in a row."""
    codes: list[int] = []
    before, code = None, INVALID
    for stamp in stamps:
        if stamp is not before and stamp != before:
            before = stamp
            # Several INVALID parts of one stamp add up to less than int64 can hold.
            code = max(read(stamp), INVALID) if stamp else INVALID
        codes.append(code)
    return np.array(codes, np.int64)


def iso_codes(stamps: Iterable[str | None]) -> Times:
    """Read ``2024-05-01T12:00:00``, also with a space, slashes or points, then a fraction and a zone, both optional."""
    day, minute, second, rest = Cache(_iso_day), Cache(_minute), Cache(_second), Cache(read_rest)
    return _column(stamps, lambda at: day[at[:11]] + minute[at[11:16]] + second[at[16:19]] + rest[at[19:]])


def _clf_day(day: str) -> int:
    found = _CLF_DAY.fullmatch(day)
    return day_micros(int(found[3]), MONTHS.get(found[2].lower(), 0), int(found[1])) if found else INVALID


def clf_codes(stamps: Iterable[str | None]) -> Times:
    """Read ``10/Oct/2000:13:55:36 -0700`` of Apache and nginx."""
    day, minute, second, rest = Cache(_clf_day), Cache(_minute), Cache(_second), Cache(read_rest)
    return _column(stamps, lambda at: day[at[:12]] + minute[at[12:17]] + second[at[17:20]] + rest[at[20:]])


def _yearless_day(day: str) -> int:
    found = _YEARLESS_DAY.fullmatch(day)
    return day_micros(2000, MONTHS.get(found[1].lower(), 0), int(found[2])) if found else INVALID


def _yearless_rest(rest: str) -> int:
    code = read_rest(rest)
    return code - LOCAL + YEARLESS if code >= LOCAL else INVALID


def yearless_codes(stamps: Iterable[str | None]) -> Times:
    """Read ``Jun 14 15:16:01`` of RFC 3164, perhaps with a fraction; ``resolve`` finds the year."""
    day, minute, second, rest = Cache(_yearless_day), Cache(_minute), Cache(_second), Cache(_yearless_rest)
    return _column(stamps, lambda at: day[at[:7]] + minute[at[7:12]] + second[at[12:15]] + rest[at[15:]])


_EPOCH_SCALES = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3))


def epoch_micros(value: float) -> int:
    """Return seconds, milli-, micro- or nanoseconds since 1970 as microseconds; the size tells which."""
    if not 1e8 <= value < 1e20:  # before 1973 it is some other number
        return INVALID
    scale = next(scale for limit, scale in _EPOCH_SCALES if value < limit)
    if isinstance(value, int):
        return int(value * int(scale)) if scale >= 1 else value // 1000
    return round(value * scale)


def resolve(column: Times, ordinal: npt.NDArray[np.int64], reading: Reading) -> Times:
    """Turn codes into microseconds UTC, in the order of the file.

    Missing years follow from the file's modification time and from where a year turns; missing zones are
    ``reading.zone``; a line without a time takes that of the line before it, or of the next one at the beginning; one
    that was sent to us by itself came when it came.
    """
    result = column.copy()
    yearless = result >= YEARLESS - LOCAL // 2
    if yearless.any():
        found = with_years(result[yearless] - YEARLESS, ordinal[yearless], reading)
        result[yearless] = found + LOCAL
    local = result >= LOCAL // 2
    if local.any():
        result[local] = to_utc(result[local] - LOCAL, ordinal[local], reading)
        reading.zone_assumed = True
    return _filled(result, ordinal, reading)


def _filled(times: Times, ordinal: npt.NDArray[np.int64], reading: Reading) -> Times:
    """Give lines without a time one; the last time is remembered with its line for the next batch."""
    known = times > VALID
    if not len(times):
        return times
    if not known.all():
        times = _fill(times, known, int(ordinal[0]), reading)
    reading.state["last"] = [int(ordinal[-1]), int(times[-1])]
    return times


_ENOUGH = 1_000  # lines without any time: the file tells none. Where there are fewer, the next ones may


def _fill(times: Times, known: npt.NDArray[np.bool_], first: int, reading: Reading) -> Times:
    if reading.arriving:
        return np.where(known, times, reading.reference).astype(np.int64)
    said = reading.state.get("last")
    if isinstance(said, list) and said[0] < first:
        before = int(said[1])
    elif known.any():
        before = int(times[known][0])
    else:
        before = reading.reference
        reading.vague = reading.vague or len(times) < _ENOUGH
        reading.note(
            ntext(
                "%(num)s line carries no time: it stands at the file's modification time.",
                "%(num)s lines carry no time: they stand at the file's modification time.",
                num=len(times),
            )
        )
    position = np.where(known, np.arange(1, len(times) + 1), 0)
    return np.concatenate(([before], times))[np.maximum.accumulate(position)].astype(np.int64)
