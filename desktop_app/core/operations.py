"""Operations: what a program may ask of a desk, each described once for the server, its checks and its document.

Schemas are JSON Schema 2020-12 as OpenAPI 3.1 uses it, of which ``schema_check`` knows what the functions here make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from desktop_app.core.database import Connection
    from desktop_app.core.desk import Desk
    from desktop_app.core.text import Text

Schema = Mapping[str, Any]
LARGEST = 2**53 - 1  # what every reader of JSON takes for the whole number that it is
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in the address: in the path where the path names it, else in the query. An array may stand repeated."""

    name: str
    schema: Schema
    description: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One request: its checked values and body, and how to say a sentence to whoever asks."""

    desk: Desk
    db: Connection
    values: Mapping[str, Any]
    body: Mapping[str, Any]
    say: Callable[[Text], str]
    language: Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that may be asked. ``path`` is below ``/api/v1``; ``{name}`` in it is a parameter.

    ``run`` returns what ``answer`` describes; a ``POST``, ``PATCH`` or ``DELETE`` needs a token that may write.
    """

    id: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    summary: str
    answer: Schema
    run: Callable[[Call], object]
    parameters: Sequence[Parameter] = ()
    body: Schema | None = None

    @property
    def writes(self) -> bool:
        """Whether it changes the desk."""
        return self.method != "GET"

    @property
    def tag(self) -> str:
        """What it is listed under: the first word of its path."""
        return self.path.split("/")[1]


# --- schemas ---------------------------------------------------------------------------------------------------------

BOOLEAN: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time", "minLength": 10, "maxLength": 40}


def string(least: int = 0, most: int = LONGEST) -> Schema:
    """A text of so many characters."""
    return {"type": "string", "minLength": least, "maxLength": most}


def any_string() -> Schema:
    """A text of ours, however long."""
    return {"type": "string"}


def integer(least: int = 0, most: int = LARGEST) -> Schema:
    """A whole number."""
    return {"type": "integer", "minimum": least, "maximum": most}


def number() -> Schema:
    """Any number."""
    return {"type": "number"}


def one_of(*values: str) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": list(values)}


def array(items: Schema, most: int | None = None, least: int = 0) -> Schema:
    """A list."""
    ends = {"maxItems": most} if most is not None else {}
    return {"type": "array", "items": items, **({"minItems": least} if least else {}), **ends}


def maybe(schema: Schema) -> Schema:
    """The same or null."""
    return {**schema, "type": [schema["type"], "null"]}


def record(optional: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """An object with these properties and no others."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def mapping(values: Schema) -> Schema:
    """An object of whatever names with values of one kind."""
    return {"type": "object", "additionalProperties": values}
