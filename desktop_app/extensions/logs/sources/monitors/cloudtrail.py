"""AWS CloudTrail: records one a line, or all of a file in one object. Amazon's names stay, since rules use them.

Source: AWS CloudTrail User Guide, "CloudTrail record contents".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from desktop_app.core.model import LogSource
from desktop_app.core.text import text
from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.cutting import LEVEL, MESSAGE, PROGRAM, TIME, Told
from desktop_app.extensions.logs.sources.json_objects import read_objects
from desktop_app.extensions.logs.sources.objects import ObjectLines, also, flat

_ECS = {
    "sourceIPAddress": "source.address", "userAgent": "user_agent.original", "awsRegion": "cloud.region",
    "recipientAccountId": "cloud.account.id", "eventName": "event.action", "errorCode": "error.code",
    "errorMessage": "error.message", "eventID": "event.id", "userIdentity.userName": "user.name",
    "userIdentity.arn": "user.id",
}  # fmt: skip
_OPENING = re.compile(r'\s*\{\s*"Records"\s*:\s*\[')
_REACH = 200


class CloudTrail(ObjectLines):
    """A call of AWS a record."""

    id = "cloudtrail"
    title = text("AWS CloudTrail")
    log_source = LogSource("aws", "", "cloudtrail")
    program = "cloudtrail"
    sure = 0.99

    def say(self, found: Mapping[str, Any]) -> Told | None:
        """A record names who called what where; an error code says that it failed."""
        if not {"eventSource", "eventName", "eventTime"} <= found.keys():
            return None
        fields = flat(found)
        failed = "errorCode" in fields or fields.get("responseElements.ConsoleLogin") == "Failure"
        return {
            **also(fields, _ECS), TIME: fields.get("eventTime"), PROGRAM: fields.get("eventSource"),
            MESSAGE: fields.get("eventName"), LEVEL: "warning" if failed else "info",
            "event.outcome": "failure" if failed else "success",
        }  # fmt: skip

    def opened(self, text: str) -> str:
        """Take away what opens the list of all records."""
        found = _OPENING.match(text, 0, _REACH)
        return text[found.end() :] if found else text

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into its records, also where one object holds them all."""
        return read_objects(_Opened(stream), reading)  # type: ignore[arg-type] # read is all it takes


class _Opened:
    """A stream in which blanks stand for what opens the list of records, so that every place keeps its number."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._begun = False

    def read(self, size: int) -> bytes:
        part = self._stream.read(size)
        if not self._begun:
            self._begun = True
            if found := _OPENING.match(part[:_REACH].decode("latin-1")):
                part = b" " * found.end() + part[found.end() :]
        return part


CLOUDTRAIL = CloudTrail()
FORMATS = (CLOUDTRAIL,)
