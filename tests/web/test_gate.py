from __future__ import annotations

import pytest

from desktop_app.web.gate import MAX_TOKENS, Gate, Secrets, same


def token(gate: Gate) -> str:
    return gate.start_address("browser").partition("token=")[2]


def test_a_token_becomes_a_session_once() -> None:
    gate = Gate(1)
    made = token(gate)
    entered = gate.redeem(made)
    assert entered is not None
    assert gate.session(entered[0]) == "browser"
    assert gate.redeem(made) is None


@pytest.mark.parametrize("made_up", ["", "x", "\udc80", "0" * 10_000])
def test_what_was_never_handed_out_opens_nothing(made_up: str) -> None:
    gate = Gate(1)
    assert gate.redeem(made_up) is None
    assert gate.session(made_up) is None
    assert not gate.is_key(made_up)


def test_a_session_is_no_token_and_a_token_no_session() -> None:
    gate = Gate(1)
    made = token(gate)
    assert gate.session(made) is None
    entered = gate.redeem(made)
    assert entered is not None
    assert gate.redeem(entered[0]) is None


def test_a_token_of_another_start_opens_nothing() -> None:
    assert Gate(1).redeem(token(Gate(1))) is None


def test_the_kind_of_page_is_remembered() -> None:
    gate = Gate(1)
    entered = gate.redeem(gate.start_address("window").partition("token=")[2])
    assert entered is not None
    assert entered[1] == gate.session(entered[0]) == "window"


def test_two_ports_use_two_cookies() -> None:
    assert Gate(1).cookie != Gate(2).cookie
    assert Gate(1).form_cookie != Gate(2).form_cookie


def test_the_oldest_secrets_go_first() -> None:
    held = Secrets(MAX_TOKENS)
    first = held.make("browser")
    later = [held.make("browser") for _ in range(MAX_TOKENS)]
    assert held.kind(first) is None
    assert all(held.kind(one) == "browser" for one in later)


def test_only_the_key_is_the_key() -> None:
    gate = Gate(1)
    assert gate.is_key(gate.key)
    assert not gate.is_key(gate.key + "x")
    assert not gate.is_key(None)


def test_texts_compare_as_texts() -> None:
    assert same("a", "a")
    assert not same("a", "b")
    assert not same("\udcff", "a")
