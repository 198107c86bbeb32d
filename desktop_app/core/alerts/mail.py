"""Alerts by mail: one message over the site's relay, plain text and simple HTML, nothing in it that is fetched."""

from __future__ import annotations

import email.policy
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from desktop_app.core.alerts import wording
from desktop_app.core.alerts.network import STEP_SECONDS, Line, tls_context, told
from desktop_app.core.alerts.wording import Parcel, Shown
from desktop_app.core.model import moment
from desktop_app.core.notify import Undelivered
from desktop_app.core.text import Text, text

READY = 220


class _Relay(smtplib.SMTP):
    """An SMTP client whose connection can be broken off."""

    def __init__(self, line: Line, tls: ssl.SSLContext | None) -> None:
        # Without a name of its own, smtplib would ask the name service, which takes its time without a network.
        super().__init__(local_hostname=_own_name(), timeout=STEP_SECONDS)
        self._line = line
        self._tls = tls

    def _get_socket(self, host: str, port: int, _timeout: float) -> socket.socket:
        self._host = host
        return self._line.connect(host, port, self._tls)


def _own_name() -> str:
    name = socket.gethostname()
    return name if name.isascii() and name.replace("-", "").replace(".", "").isalnum() else "localhost"


def recipients(config: Mapping[str, str]) -> list[str]:
    """Return the addresses that a channel writes to."""
    return config["to"].replace(",", " ").replace(";", " ").split()


def compose(parcel: Parcel) -> EmailMessage:
    """Return the mail. A repeat of a delivery whose fate is unknown has the same Message-ID."""
    mail = EmailMessage(policy=email.policy.SMTP)
    sender = parcel.config["sender"]
    mail["Subject"] = wording.subject(parcel)
    mail["From"] = Address("Watchdesk", addr_spec=sender)
    mail["To"] = ", ".join(recipients(parcel.config))
    mail["Date"] = format_datetime(moment(parcel.at))
    mail["Message-ID"] = f"<{parcel.message.key or parcel.at}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(wording.plain(parcel), cte="quoted-printable")
    mail.add_alternative(html(parcel), subtype="html", cte="quoted-printable")
    return mail


def html(parcel: Parcel) -> str:
    """Return the same alert as HTML without images, links or styles from elsewhere."""
    several = len(parcel.message.items) > 1 or parcel.message.more
    parts = [f"<p><b>{escape(wording.headline(parcel))}</b></p>"] if several else []
    parts.append("<ul>")
    parts += [
        f"<li><b>{escape(wording.title(parcel, item))}</b><br>{escape(wording.facts(parcel, item))}</li>"
        for item in parcel.message.items
    ]
    if parcel.message.more:
        parts.append(f"<li>{escape(wording.more(parcel))}</li>")
    parts += ["</ul>", f"<p><small>{escape(wording.closing(parcel))}</small></p>"]
    return "<!doctype html><meta charset=utf-8>" + "".join(parts)


def preview(parcel: Parcel) -> Shown:
    """Return what would leave."""
    config = parcel.config
    mail = f"{parcel.say(text('Recipients'))}: {', '.join(recipients(parcel.config))}\n{wording.subject(parcel)}\n\n"
    return Shown(f"{config['host']}:{config['port']}", mail + wording.plain(parcel))


def send(parcel: Parcel, line: Line) -> Text | None:
    """Hand the mail to the relay; returns which recipients it did not take. Raises Undelivered."""
    config = parcel.config
    host, port = config["host"], int(config["port"])
    try:
        refused = _hand_over(parcel, line, host, port)
    except (smtplib.SMTPException, OSError) as error:
        raise _told(error, parcel, line) from error
    if not refused:
        return None
    return text("The relay did not take it for %(names)s.", names=", ".join(sorted(refused)))


def _hand_over(parcel: Parcel, line: Line, host: str, port: int) -> Sequence[str]:
    security = parcel.config["security"]
    context = None if security == "plain" else tls_context(parcel.config.get("ca", ""))
    relay = _Relay(line, context if security == "tls" else None)
    try:
        code, words = relay.connect(host, port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, words)
        if security == "starttls":
            relay.starttls(context=context)
            line.hold(relay.sock)  # type: ignore[arg-type]  # a connection is there after starttls
        if parcel.config.get("user"):
            relay.login(parcel.config["user"], parcel.secrets.get("password", ""))
        refused = relay.send_message(compose(parcel), parcel.config["sender"], recipients(parcel.config))
        _say_goodbye(relay)
    finally:
        relay.close()
    return list(refused)


def _say_goodbye(relay: smtplib.SMTP) -> None:
    """End politely; the mail is taken already, so nothing that happens here is a failure."""
    try:
        relay.quit()
    except (smtplib.SMTPException, OSError):
        return


def _told(error: Exception, parcel: Parcel, line: Line) -> Undelivered:
    place = f"{parcel.config['host']}:{parcel.config['port']}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Undelivered(
            text("%(place)s refuses the name or the password.", place=place), why=_said(error, parcel),
            fix=text("Type the password again; some providers want one made for programs."),
        )  # fmt: skip
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Undelivered(
            text("%(place)s does not offer what was asked for: STARTTLS, or signing in.", place=place),
            fix=text("Check the kind of encryption; nothing was sent unencrypted."),
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return Undelivered(text("%(place)s takes mail for none of the recipients.", place=place))
    if isinstance(error, smtplib.SMTPResponseException):
        return Undelivered(text("%(place)s refuses the mail.", place=place), why=_said(error, parcel))
    if isinstance(error, smtplib.SMTPServerDisconnected):
        # smtplib hides behind it that nothing came in time.
        error = error.__context__ if isinstance(error.__context__, OSError) else ConnectionResetError()
    return told(error, parcel.config["host"], int(parcel.config["port"]), line)


def _said(error: smtplib.SMTPResponseException, parcel: Parcel) -> Text:
    words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
    said = f"{error.smtp_code} {words}"
    return text("It says: %(words)s", words=wording.redacted(said, parcel.secrets))
