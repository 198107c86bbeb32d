"""The kinds of channels: what each asks for in its form, what is a secret of it, and how to get a robot's address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop_app.core.alerts import mail, posting
from desktop_app.core.errors import UsageError
from desktop_app.core.text import Text, text

FieldKind = Literal["text", "port", "choice", "secret", "path"]
LONGEST_VALUE = 500
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,250}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One value that a kind asks for. ``optional``: it may stay empty."""

    key: str
    kind: FieldKind
    label: Text
    help: Text | None = None
    default: str = ""
    choices: tuple[tuple[str, Text], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of channel; ``steps`` say how to get what it asks for."""

    id: str
    title: Text
    about: Text
    fields: tuple[Field, ...]
    steps: tuple[Text, ...] = ()

    def secrets(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of the secrets that a channel of this kind has, the one it cannot do without first."""
        if self.id == "mail" and not config.get("user"):
            return ()
        return tuple(one.key for one in self.fields if one.kind == "secret")


CA = Field(
    "ca",
    "path",
    text("Certificate file of your own authority"),
    text(
        "A PEM file on this machine, where the server's certificate is signed by the site itself. Empty: the system's"
        " authorities."
    ),
    optional=True,
)
SIGN = Field(
    "sign",
    "secret",
    text("Secret for signing"),
    text("Only where signing was chosen; it begins with SEC at DingTalk."),
    optional=True,
)
MAIL = Kind(
    "mail",
    text("Mail"),
    text("One mail over the relay of the site, plain text and simple HTML."),
    (
        Field("host", "text", text("Server"), text("The name of the mail relay, such as mail.example.org.")),
        Field("port", "port", text("Port"), text("587 for STARTTLS, 465 for TLS, 25 without encryption."), "587"),
        Field(
            "security",
            "choice",
            text("Encryption"),
            text("The server's certificate is always checked."),
            "starttls",
            (("starttls", text("STARTTLS")), ("tls", text("TLS from the start")), ("plain", text("None"))),
        ),
        Field("user", "text", text("Name to sign in with"), text("Empty where the relay wants none."), optional=True),
        Field(
            "password", "secret", text("Password"), text("Some providers want one made for programs."), optional=True
        ),
        Field("sender", "text", text("Sender"), text("The address that the mail comes from.")),
        Field("to", "text", text("Recipients"), text("One address, or several parted by commas.")),
        CA,
    ),
)
WEBHOOK = Kind(
    "webhook",
    text("Webhook"),
    text("One JSON document a message, by POST, to a server of yours."),
    (
        Field(
            "url", "secret", text("Address"), text("https://… or http://…; it is kept as a secret, as many hold one.")
        ),
        Field(
            "header",
            "secret",
            text("Authorization header"),
            text("Its value, such as Bearer …, where the server wants one."),
            optional=True,
        ),
        CA,
    ),
)
_ROBOT_URL = text("Webhook address of the robot")
WECOM = Kind(
    "wecom",
    text("WeCom robot"),
    text("A plain text in a group of WeCom."),
    (
        Field(
            "url", "secret", _ROBOT_URL, text("It begins with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=")
        ),
        CA,
    ),
    (
        text("In WeCom, open the group, then its menu at the top right, then Group robots."),
        text("Add a robot, give it a name such as Watchdesk."),
        text("Copy its webhook address and paste it here. Whoever has it can write to the group, so it is a secret."),
    ),
)
DINGTALK = Kind(
    "dingtalk",
    text("DingTalk robot"),
    text("A plain text in a group of DingTalk, signed where the robot wants it."),
    (
        Field("url", "secret", _ROBOT_URL, text("It begins with https://oapi.dingtalk.com/robot/send?access_token=")),
        SIGN,
        CA,
    ),
    (
        text("In DingTalk, open the group's settings, then Robots, then Add robot, then Custom."),
        text("Under security choose signing and copy the secret (SEC…), or choose the keyword Watchdesk."),
        text("Copy the webhook address and paste it here, and the secret below it."),
    ),
)
FEISHU = Kind(
    "feishu",
    text("Feishu or Lark robot"),
    text("A plain text in a group of Feishu or Lark, signed where the robot wants it."),
    (
        Field(
            "url",
            "secret",
            _ROBOT_URL,
            text("It begins with https://open.feishu.cn/open-apis/bot/v2/hook/, or with open.larksuite.com."),
        ),
        SIGN,
        CA,
    ),
    (
        text("In Feishu, open the group's settings, then Bots, then Add bot, then Custom bot."),
        text("Copy the webhook address and paste it here."),
        text("Under security choose the signature and copy its secret below; or choose the keyword Watchdesk."),
    ),
)
SYSLOG = Kind(
    "syslog",
    text("Syslog, CEF"),
    text("One CEF line a finding, in a frame of RFC 5424, to a log collector."),
    (
        Field("host", "text", text("Server"), text("The name or address of the collector.")),
        Field("port", "port", text("Port"), text("514 for UDP and TCP, 6514 for TLS."), "514"),
        Field(
            "transport",
            "choice",
            text("Transport"),
            text("UDP tells nobody when a line is lost."),
            "tcp",
            (("tcp", text("TCP")), ("tls", text("TLS")), ("udp", text("UDP"))),
        ),
        CA,
    ),
)
KINDS: Mapping[str, Kind] = {one.id: one for one in (MAIL, WECOM, DINGTALK, FEISHU, WEBHOOK, SYSLOG)}


def problems(kind: Kind, config: Mapping[str, str], held: Mapping[str, str]) -> dict[str, Text]:
    """Say what is wrong with the values of a form, by field; ``held`` are the secrets."""
    checked = ((one, (held if one.kind == "secret" else config).get(one.key, "")) for one in kind.fields)
    found = {one.key: wrong for one, value in checked if (wrong := _problem(one, value)) is not None}
    if kind.id == "mail":
        found |= {key: wrong for key, wrong in _of_mail(config, held).items() if key not in found}
    return found


def _problem(field: Field, value: str) -> Text | None:
    if not value:
        return None if field.optional else text("This is needed.")
    if len(value) > LONGEST_VALUE or not value.isprintable():
        return text("This is too long, or holds characters that cannot be seen.")
    if field.kind == "port" and not (value.isascii() and value.isdigit() and 0 < int(value) < 1 << 16):
        return text("Enter a number from %(low)s to %(high)s.", low=1, high=65535)
    if field.kind == "choice" and value not in dict(field.choices):
        return text("Choose one of the offered values.")
    if field.kind == "path" and not Path(value).is_file():
        return text("There is no such file: %(path)s", path=value)
    return _of_key(field.key, value)


def _of_key(key: str, value: str) -> Text | None:
    if key == "host" and not _HOST.fullmatch(value):
        return text("Enter the name of a server, without https:// and without a port.")
    if key == "sender" and not _ADDRESS.fullmatch(value):
        return text("Enter one mail address.")
    if key == "to" and not all(_ADDRESS.fullmatch(one) for one in mail.recipients({"to": value}) or [""]):
        return text("Enter mail addresses, parted by commas.")
    if key == "header" and not value.isascii():
        return text("A header holds plain letters, digits and signs only.")
    if key == "url":
        try:
            posting.address(value)
        except UsageError as error:
            return error.fix
    return None


def _of_mail(config: Mapping[str, str], held: Mapping[str, str]) -> dict[str, Text]:
    if config.get("user") and config.get("security") == "plain":
        return {"security": text("A password is never sent unencrypted: choose STARTTLS or TLS.")}
    if config.get("user") and not held.get("password"):
        return {"password": text("This is needed.")}
    return {}
