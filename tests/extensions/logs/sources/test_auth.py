from __future__ import annotations

import pytest

from desktop_app.extensions.logs.sources.auth import extract, is_auth, patterns_for


def said(program: str, message: str) -> dict[str, str]:
    found = extract([program], [message])
    return {name: column[0] for name, column in found.fields.items() if column[0] is not None}


def test_columns_are_as_long_as_the_messages() -> None:
    found = extract(["sshd", "cron", None], ["Failed password for bob from 192.0.2.1 port 5 ssh2", "", "x"])
    assert {len(column) for column in found.fields.values()} == {3}
    assert found.fields["user.name"] == ["bob", None, None]


def test_a_repeated_line_says_what_it_repeats_and_how_often() -> None:
    found = said("sshd", "message repeated 5 times: [ Failed password for root from 192.0.2.1 port 5 ssh2]")
    assert (found["event.repeated"], found["event.action"], found["source.ip"]) == ("5", "ssh_login", "192.0.2.1")


def test_a_line_that_only_counts_is_a_repetition() -> None:
    assert said("kernel", "last message repeated 3 times")["event.action"] == "message_repeated"


def test_how_often_is_kept_whether_a_line_or_a_program_says_it() -> None:
    messages = ["PAM 2 more authentication failures; rhost=h", "message repeated 5 times: [ x]"]
    assert extract(["sshd", "sshd"], messages).fields["event.repeated"] == ["2", "5"]


@pytest.mark.parametrize(
    ("message", "level"),
    [
        ("error: no key", "error"),
        ("fatal: no memory", "critical"),
        ("debug1: hello", "debug"),
        ("hello", None),
    ],
)
def test_the_first_word_of_a_message_is_its_level(message: str, level: str | None) -> None:
    assert extract(["sshd"], [message]).level == [level]


def test_names_and_addresses_of_peers_are_kept_apart() -> None:
    found = extract(
        ["sshd", "sshd"],
        [
            f"pam_unix(sshd:auth): authentication failure; uid=0 rhost={host}  user=root"
            for host in ("192.0.2.1", "pc.test")
        ],
    )
    assert found.fields["source.ip"] == ["192.0.2.1", None]
    assert found.fields["source.domain"] == [None, "pc.test"]


def test_a_very_long_message_is_read_only_at_its_beginning() -> None:
    assert said("sshd", "Failed password for " + "x" * 100_000 + " from 192.0.2.1 port 5 ssh2") == {}


@pytest.mark.parametrize(
    ("program", "message", "auth"),
    [
        ("sshd", "", True),
        ("su", "", True),
        ("cron", "job", False),
        ("myapp", "pam_unix(x:auth): y", True),
        (None, "", False),
    ],
)
def test_programs_that_sign_people_in_belong_to_the_authentication_log(
    program: str, message: str, *, auth: bool
) -> None:
    assert is_auth(program, message) is auth


def test_a_program_that_is_not_known_has_only_what_pam_says() -> None:
    assert patterns_for("myapp", "Failed") == ()
    assert patterns_for("myapp", "pam_unix(x:auth):")
