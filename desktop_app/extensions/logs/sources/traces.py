"""Formats of lines after which others may stand that belong to them: stack traces, statements over several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from desktop_app.extensions.logs.model import Reading, RecordBatch
from desktop_app.extensions.logs.sources.cutting import PatternLines, Told
from desktop_app.extensions.logs.sources.joining import follows, read_joined

_ERROR = re.compile(r"(?!(?:Exception|Error)$)[A-Za-z_][\w.$]*", re.ASCII).fullmatch  # the bare words name none
_LONGEST_BEGINNING = 2048  # characters in which it shows whether a line begins a record


class JoinedLines(PatternLines):
    """A line that the format reads begins a record; all that cannot be read goes on with it."""

    def collect(self, stream: BinaryIO, reading: Reading) -> Iterator[RecordBatch]:
        """Cut the stream into records of one or more lines."""
        return read_joined(stream, reading, self.begins)

    def begins(self, line: str) -> bool:
        """Say whether a record begins with a line."""
        return self.cut(line[:_LONGEST_BEGINNING]) is not None

    def belongs(self, line: str) -> bool:
        """Lines of a trace say nothing against a format."""
        return follows(line)

    def refine(self, told: Told) -> Told | None:
        """Name the error that a trace tells of."""
        return with_error(told)


def with_error(told: Told) -> Told:
    """Keep the trace below a message as ECS has it: its text, and the last error that it names."""
    message, newline, trace = (told.get("@message") or "").partition("\n")
    if not newline:
        return told
    lines = [line for line in trace.split("\n") if line and line[0] not in " \t"]
    name = next((kind for line in reversed(lines) if (kind := error_name(line))), None) or error_name(message)
    return {**told, "error.stack_trace": trace, "error.type": name}


def error_name(line: str) -> str | None:
    """``Caused by: java.io.IOException: closed`` names java.io.IOException."""
    words = (word.rstrip(":") for word in line.split(" "))
    return next((word for word in words if word.endswith(("Exception", "Error")) and _ERROR(word)), None)
