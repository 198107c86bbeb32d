from __future__ import annotations

from collections.abc import Iterable, Iterator
from re import _constants, _parser  # type: ignore[attr-defined]  # what an expression is made of
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.spans import Coded, Spans
from desktop_app.extensions.logs.sources.auth import extract, is_auth
from desktop_app.extensions.logs.sources.auth_patterns import AUTH_PROGRAMS, TABLES
from desktop_app.extensions.logs.sources.auth_spans import auth_rows, extracted
from desktop_app.extensions.logs.sources.columns import present

MESSAGES = (
    "Failed password for root from 192.0.2.1 port 1 ssh2",
    "Failed password for invalid user u17 from 192.0.2.217 port 40022 ssh2",
    "Failed password for invalid user from 192.0.2.1 from gate7.example.com port 22 ssh2",
    "Accepted publickey for bob from 2001:db8::7 port 4022 ssh2: ED25519 SHA256:4xyz",
    "Connection closed by 192.0.2.14 port 4022 [preauth]",
    "pam_unix(sshd:auth): authentication failure; uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=u8",
    "pam_unix(a:b): session opened for user x",
    "PAM 2 more authentication failures; rhost=h",
    "message repeated 2 times: [ Failed password for root from 192.0.2.1 port 1 ssh2]",
    "last message repeated 3 times",
    "error: maximum authentication attempts exceeded for root from 192.0.2.9 port 22 ssh2 [preauth]",
    "debug1: 7",
    "debug4: 7",
    "EXT4-fs error (device sda1): block 17",
    "EXT5-fs error (device sda1): block 17",
    "[12.5] app[17]: segfault at 0",
    "  ada : TTY=pts/1 ; PWD=/home/ada ; USER=root ; COMMAND=/bin/ls 4",
    "Failed password for 重庆 from 192.0.2.1 port 1 ssh2",
    "Failed password for " + "x" * 5000 + " from 192.0.2.1 port 1 ssh2",
    "7 pump",
    "",
)
PROGRAMS = ("sshd", "pump", "sudo", "kernel", None)
SIGNS = "0149 :;.[]()='\tAé"


def assert_told_the_same(said: Iterable[tuple[str | None, str]]) -> None:
    programs, messages = zip(*said, strict=True)
    names = list(dict.fromkeys(programs))
    coded = Coded(names, np.array([names.index(one) for one in programs], np.int32))
    found, wanted = extracted(coded, Spans.of(messages)), extract(programs, messages)
    assert list(found.level) == list(wanted.level)
    kept = {name: list(column) for name, column in present(wanted.fields).items()}
    assert {name: list(column) for name, column in found.fields.items()} == kept


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PROGRAMS), st.sampled_from(MESSAGES)), min_size=1))
def test_what_programs_say_is_found_as_line_by_line(said: list[tuple[str | None, str]]) -> None:
    assert_told_the_same(said)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(PROGRAMS), st.sampled_from(MESSAGES), st.integers(0, 90), st.text(SIGNS, max_size=3),
    st.integers(0, 4),
)  # fmt: skip
def test_a_message_changed_anywhere_is_told_as_line_by_line(
    program: str | None, message: str, at: int, put: str, cut: int
) -> None:
    assert_told_the_same([(program, message), (program, message[:at] + put + message[at + cut :]), (program, message)])


def test_a_program_without_a_name_is_no_other_program() -> None:
    coded = Coded(["sshd", "pump"], np.array([0, -1, 1], np.int32))
    found = extracted(coded, Spans.of([MESSAGES[0]] * 3))
    assert list(found.fields["user.name"]) == ["root", None, None]
    missing = extracted(coded, Spans.of([None, MESSAGES[6], None]))
    assert list(missing.fields["user.name"]) == [None, "x", None]


def test_lines_of_the_authentication_log_are_told_as_one_by_one() -> None:
    said = [(program, message) for program in PROGRAMS for message in ("pam_x", "PAM y", "PAMx", "pump")]
    coded = Coded(PROGRAMS, np.array([PROGRAMS.index(one) for one, _ in said], np.int32))
    found = auth_rows(coded, Spans.of([one for _, one in said]), AUTH_PROGRAMS)
    assert found.tolist() == [is_auth(*one) for one in said]


def expressions() -> list[str]:
    patterns = {id(one): one for table in TABLES.values() for several in table.values() for one in several}
    return [one.match.__self__.pattern for one in patterns.values()]  # type: ignore[attr-defined]  # a bound method


@pytest.mark.parametrize("expression", expressions())
def test_no_expression_tells_one_digit_from_another_unless_behind_a_letter(expression: str) -> None:
    assert list(told_apart(_parser.parse(expression))) == []


def test_an_expression_that_tells_digits_apart_is_noticed() -> None:
    for bad in ("pts/1", "x[1-4]", "[^7]", r"(\d)x\1", "a(?:4|b)"):
        assert list(told_apart(_parser.parse(bad))), bad
    assert not list(told_apart(_parser.parse(r"EXT4-fs \d{2}[\w.0-9]{0,64}")))


def told_apart(parsed: Any) -> Iterator[str]:
    """Yield what in an expression a digit of its own makes a difference to."""
    before = ""
    for kind, inside in parsed:
        if kind in {_constants.LITERAL, _constants.NOT_LITERAL}:
            if chr(inside).isdigit() and not (kind is _constants.LITERAL and before.isascii() and before.isalpha()):
                yield chr(inside)
        elif kind is _constants.IN:
            yield from in_class(inside)
        elif kind in {_constants.GROUPREF, _constants.GROUPREF_EXISTS}:
            yield "reference"
        else:
            yield from (found for part in parts(inside) for found in told_apart(part))
        before = chr(inside) if kind is _constants.LITERAL else ""


def in_class(members: Any) -> Iterator[str]:
    ranges = [(inside, inside) if kind is _constants.LITERAL else inside
              for kind, inside in members if kind in {_constants.LITERAL, _constants.RANGE}]  # fmt: skip
    digits = {digit for digit in "0123456789" for low, high in ranges if low <= ord(digit) <= high}
    if len(digits) not in {0, 10}:
        yield "".join(sorted(digits))


def parts(inside: Any) -> Iterator[Any]:
    """Yield the expressions within one; other things (numbers, flags) are none."""
    if isinstance(inside, _parser.SubPattern):
        yield inside
    elif isinstance(inside, list | tuple):
        for one in inside:
            yield from parts(one)
