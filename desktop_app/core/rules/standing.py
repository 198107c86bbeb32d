"""The texts of a rule by itself: where no event fills the values that they quote, plain words stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from desktop_app.core.rules.texts import Texts, finding_texts
from desktop_app.core.rules.words import Language
from desktop_app.core.text import Text, text

_QUOTED = re.compile(r"\{([\w.@-]+)(\|[^{}]*)?\}")
_ACCOUNT, _ADDRESS, _COMPUTER = text("the account"), text("the address"), text("this computer")
_PROGRAM, _GROUP, _SOMETHING = text("the program"), text("the group"), text("what the event names")
_SEVERAL, _COMMAND, _FILE = text("several"), text("the command"), text("the file")
STANDING_FOR: dict[str, Text] = {
    **dict.fromkeys(("user.name", "user.effective.name", "user.id", "TargetUserName", "SubjectUserName", "MemberName",
                     "MemberSid", "user"), _ACCOUNT),
    **dict.fromkeys(("source.ip", "IpAddress", "ip", "SourceAddress"), _ADDRESS),
    **dict.fromkeys(("Computer", "host", "host.name", "WorkstationName"), _COMPUTER),
    **dict.fromkeys(("process.name", "process.target.name", "source", "user_agent.original"), _PROGRAM),
    **dict.fromkeys(("count", "n", "distinct", "values", "http.response.body.bytes"), _SEVERAL),
    **dict.fromkeys(("windows_failed_logon", "ssh_failed_password"), _SEVERAL),
    **dict.fromkeys(("ImagePath", "ServiceFileName", "Path"), _FILE),
    "AuditPolicyChanges": text("parts of the audit policy"),
    "group.name": _GROUP,
    "process.command_line": _COMMAND,
    "url.original": text("the page"),
    "ServiceName": text("the service"),
    "TaskName": text("the task"),
    "ThreatName": text("the threat"),
    "device.id": text("the disk"),
    "DeviceName": text("the device"),
    "DriveName": text("the drive"),
}  # fmt: skip
# Chinese sets a value apart by spaces, as its neighbours are of another script; plain words are not.
_APART = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_COUNTED = re.compile("多个(?=[个次])")
_BEGIN = re.compile(r"(?:^|(?<=[.!?] ))(?:the|this|what|several)\b")


def plain_words(body: str) -> dict[str, Text]:
    """Return for every value that a rule's texts quote the words that stand for it where no match fills it."""
    quoted = _QUOTED.findall(body)
    return {name: STANDING_FOR.get(name, _SOMETHING) for name, own in quoted if name in STANDING_FOR or not own}


def standing_texts(body: str, language: Language, say: Callable[[Text], str]) -> Texts:
    """Return a rule's texts with plain words for values; ``say`` puts those in the reader's language."""
    words = {name: say(one) for name, one in plain_words(body).items()}
    return capital(finding_texts(body, words, language))


def capital(texts: Texts) -> Texts:
    """Begin sentences with a capital letter where plain words were put at their beginning."""
    return replace(
        texts,
        title=begun(texts.title),
        why=begun(texts.why),
        how=begun(texts.how),
        check=begun(texts.check),
        false_alarms=begun(texts.false_alarms),
        todo=tuple((begun(step), begun(detail)) for step, detail in texts.todo),
    )


def begun(said: str) -> str:
    """Let plain words stand as if they had been written there: capital letters in English, no gaps in Chinese."""
    return _COUNTED.sub("多", _APART.sub("", _BEGIN.sub(lambda at: at[0].capitalize(), said)))
