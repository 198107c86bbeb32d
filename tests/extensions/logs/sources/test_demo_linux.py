"""The sample data of the Linux machines."""

from __future__ import annotations

import random

from desktop_app.extensions.logs.sources.demo_linux import auth, historian_syslog, web_syslog
from desktop_app.extensions.logs.sources.demo_story import ATTACKER, Story

STORY = (1_767_323_045_678_901, 1)


def text(tell: object) -> str:
    now, seed = STORY
    lines = sorted(tell(Story(now, random.Random(seed))))  # type: ignore[operator]
    return "\n".join(line for _, line in lines)


def test_many_wrong_passwords_are_followed_by_the_right_one() -> None:
    lines = [line for line in text(auth).splitlines() if ATTACKER in line and "assword for" in line]
    assert len(lines) == 241
    assert all("Failed password" in line for line in lines[:-1])
    assert "Accepted password for deploy" in lines[-1]


def test_the_intruder_makes_an_account_and_gives_it_rights() -> None:
    told = text(auth)
    assert told.index("Accepted password for deploy") < told.index("new user: name=svc-sync")
    assert told.index("new user: name=svc-sync") < told.index("add 'svc-sync' to group 'sudo'")


def test_the_historian_runs_out_of_disk() -> None:
    assert text(historian_syslog).count("No space left on device") == 9


def test_the_general_log_knows_of_the_new_job() -> None:
    assert "CMD (/tmp/.cache/sync.sh" in text(web_syslog)
