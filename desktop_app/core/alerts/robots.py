"""Alerts to the group robots of WeCom, DingTalk and Feishu (Lark): plain text, signed where the robot asks for it.

Text and not Markdown: what a log holds must not become a link, an image or a mention in somebody's chat. Each of the
three answers with status 200 and tells in its JSON whether it took the message.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from desktop_app.core.alerts import posting, wording
from desktop_app.core.alerts.network import Line
from desktop_app.core.alerts.wording import Parcel, Shown
from desktop_app.core.model import Micros
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import Text, text

# The most bytes that each takes in a text; DingTalk and Feishu count the whole body, 20 kB.
MOST = {"wecom": 2000, "dingtalk": 15_000, "feishu": 15_000}
_TAKEN = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
_WORDS = {"wecom": "errmsg", "dingtalk": "errmsg", "feishu": "msg"}
# What is often wrong, by the code of the answer.
_HINTS: Mapping[tuple[str, int], Text] = {
    ("wecom", 93000): text("The robot was removed, or its address is not complete."),
    ("wecom", 45009): text("Too many messages: choose a digest, or fewer messages an hour."),
    ("dingtalk", 310000): text(
        "Check the security settings of the robot: the secret for signing, a keyword (choose Watchdesk), or the"
        " addresses it takes messages from."
    ),
    ("dingtalk", 300001): text("The robot was removed, or its address is not complete."),
    ("dingtalk", 130101): text("Too many messages: choose a digest, or fewer messages an hour."),
    ("feishu", 19021): text("Check the secret for signing, and the clock of this machine."),
    ("feishu", 19022): text("The robot does not take messages from the address of this site."),
    ("feishu", 19024): text("The robot asks for a keyword: choose Watchdesk."),
    ("feishu", 19001): text("The robot was removed, or its address is not complete."),
    ("feishu", 9499): text("Too many messages: choose a digest, or fewer messages an hour."),
}


def dingtalk_sign(at: Micros, secret: str) -> str:
    """Return the parameters that DingTalk's robot wants behind its address: milliseconds, HMAC-SHA256 in base64."""
    stamp = str(at // 1000)
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return urlencode({"timestamp": stamp, "sign": base64.b64encode(digest).decode()})


def feishu_sign(at: Micros, secret: str) -> dict[str, str]:
    """Return the fields that Feishu's robot wants: seconds, and HMAC-SHA256 of nothing under seconds and secret."""
    stamp = str(at // 1_000_000)
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def words(parcel: Parcel, kind: str) -> str:
    """Return the text: no more bytes than the robot takes, no tag that could mention somebody."""
    # Feishu reads <at ...> in a text; a full-width sign looks alike and means nothing.
    said = f"Watchdesk · {wording.clean(parcel.site, 60)}\n{wording.plain(parcel)}".replace("<", "＜")  # noqa: RUF001
    encoded = said.encode()
    most = MOST[kind]
    return said if len(encoded) <= most else encoded[: most - 3].decode(errors="ignore") + "…"


def body(parcel: Parcel, kind: str) -> dict[str, Any]:
    """Return the body that a robot expects, without its signature."""
    said = words(parcel, kind)
    if kind == "feishu":
        return {"msg_type": "text", "content": {"text": said}}
    return {"msgtype": "text", "text": {"content": said}}


def preview(parcel: Parcel, kind: str) -> Shown:
    """Return what would leave."""
    url = parcel.secrets.get("url")
    target = posting.address(url).place if url else "…"
    return Shown(target, orjson.dumps(body(parcel, kind), option=orjson.OPT_INDENT_2).decode())


def send(parcel: Parcel, line: Line, kind: str) -> None:
    """Post the text and read from the answer whether it was taken. Raises Undelivered."""
    url, secret = parcel.secrets["url"], parcel.secrets.get("sign", "")
    held = body(parcel, kind)
    if secret and kind == "dingtalk":
        url += ("&" if "?" in url else "?") + dingtalk_sign(parcel.at, secret)
    if secret and kind == "feishu":
        held = {**feishu_sign(parcel.at, secret), **held}
    judge(parcel, kind, posting.post(parcel, line, url, orjson.dumps(held)))


def judge(parcel: Parcel, kind: str, answer: posting.Answer) -> None:
    """Read an answer; raises Undelivered unless it says that the message was taken."""
    place = posting.address(parcel.secrets["url"]).place
    if answer.status != 200:
        raise posting.refused(parcel, place, answer)
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        said = None
    code = said.get(_TAKEN[kind], said.get("StatusCode")) if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(code, int):
        raise Undelivered(
            text("%(place)s does not answer as a robot does.", place=place), fix=text("Copy its address once more.")
        )
    if code != 0:
        told = wording.redacted(str(said.get(_WORDS[kind], "")), parcel.secrets)
        raise Undelivered(
            text("The robot refuses the message: %(code)s %(words)s", code=code, words=told),
            fix=_HINTS.get((kind, code)),
        )
