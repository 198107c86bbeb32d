"""Names, hosts and addresses as pseudonyms, so that an export can be given to somebody else.

A pseudonym is the kind of the thing and ten digits of a keyed digest (HMAC-SHA256): the same value has the same one in
every field and in free text, in any case of letters, for as long as the key lives. The key is never written anywhere.

What is found: values of fields that hold accounts, hosts, domains and paths, wherever they stand afterwards; and by
their shape mail addresses, IP and MAC addresses, paths, and the hosts of URLs. Accounts that every system has (root,
SYSTEM), plain numbers and addresses of the machine itself (127.0.0.1) name nobody and stay.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ahocorasick_rs

from desktop_app.core.database import Connection, rows
from desktop_app.core.events.terms.scope import Search
from desktop_app.core.text import text

if TYPE_CHECKING:
    from desktop_app.core.events.search import EventStore

Piece = tuple[str, bool]  # text, and whether it is a pseudonym
DIGITS = 10
MOST = 1_000_000  # values of a field
ANYWHERE = 4  # characters; a shorter name is replaced where it stands as a word of its own

# Fields by what they hold; compared without regard to case.
USERS = frozenset({
    "user", "user.name", "user.full_name", "user.email", "user.target.name", "user.effective.name", "user.changes.name",
    "targetusername", "subjectusername", "accountname", "samaccountname", "targetoutboundusername", "username",
    "sourceuser", "destinationuser", "suser", "duser", "parentuser", "membername", "clientusername", "source.user.name",
    "destination.user.name", "related.user", "process.user.name", "group.name", "targetsid.name",
})  # fmt: skip
HOSTS = frozenset({
    "host", "host.name", "host.hostname", "computer", "computername", "workstation", "workstationname", "hostname",
    "agent.hostname", "agent.name", "observer.name", "observer.hostname", "client.domain", "server.domain",
    "source.domain", "destination.domain", "url.domain", "dns.question.name", "queryname", "sourcehostname",
    "destinationhostname", "targetservername", "targetdomainname", "subjectdomainname", "user.domain", "remotehost",
    "shost", "dhost", "dvchost", "servername", "dns.answers.name", "related.hosts", "targetoutbounddomainname",
    "log.syslog.hostname", "clientname", "http.request.host",
})  # fmt: skip
PATHS = frozenset({
    "file.path", "file.target_path", "process.executable", "process.working_directory", "process.parent.executable",
    "image", "parentimage", "sourceimage", "targetimage", "imageloaded", "targetfilename", "currentdirectory",
    "log.file.path", "objectname", "relativetargetname", "newprocessname", "parentprocessname", "processname",
})  # fmt: skip
KINDS = {**dict.fromkeys(USERS, "user"), **dict.fromkeys(HOSTS, "host"), **dict.fromkeys(PATHS, "path")}
NOBODY = frozenset({
    "root", "admin", "administrator", "administrators", "system", "local system", "localsystem", "local service",
    "network service", "localservice", "networkservice", "anonymous logon", "anonymous", "guest", "nobody", "daemon",
    "bin", "sys", "sync", "mail", "news", "uucp", "proxy", "www-data", "backup", "list", "irc", "sshd", "nginx",
    "apache", "httpd", "mysql", "postgres", "redis", "mongodb", "systemd", "systemd-network", "systemd-resolve",
    "systemd-timesync", "messagebus", "syslog", "ntp", "chrony", "dbus", "user", "users", "host", "path", "addr",
    "unknown", "none", "null", "test", "default", "public", "info", "error", "warning", "debug", "local", "localhost",
    "nt authority", "builtin", "workgroup", "window manager", "font driver host", "iis apppool", "true", "false",
    "everyone", "invalid", "from", "port", "session", "service", "server", "client", "group", "kernel", "cron",
    "high", "medium", "low", "critical", "informational", "crit", "med",
})  # fmt: skip
_UNIX = r"(?<![\w:/.<])/(?:[\w.@+~%,=#-]+/)+[\w.@+~%,=#-]*"
_WINDOWS = r"(?<!\w)[A-Za-z]:\\(?:[^\\/:*?\"<>|\r\n]+\\)*[^\\/:*?\"<>|\s,;)\]]*"
_SHAPES = re.compile(
    # Begun only where such a run begins: a megabyte of letters must not be read from each of them on again.
    r"(?P<mail>(?<![\w.+%-])[\w.+%-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<scheme>\b[A-Za-z][A-Za-z0-9+.-]{1,20}://)(?P<login>[^\s/@\"'<>]*@)?(?P<web>\[[0-9A-Fa-f:.]+\]|[^\s/:?#\"'<>\[\])]+)"
    r"(?P<rest>(?::\d+)?(?:/[^\s\"'<>]*)?)"
    r"|(?P<mac>(?<![0-9A-Fa-f:.-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:-]))"
    r"|(?P<addr>(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)|(?<![0-9A-Fa-f])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)"
    rf"|(?P<path>{_WINDOWS}|\\\\[^\\\s\"'<>|]+\\[^\s\"'<>|]+|{_UNIX})"
)
NOTE = text(
    "Names, hosts, addresses and paths are pseudonyms: the same value has the same one throughout this file. The key"
    " was thrown away."
)


@lru_cache(maxsize=1)
def session_key() -> bytes:
    """Return the key of this run of the program, for answers that belong together; it is never written anywhere."""
    return secrets.token_bytes(32)


def new_key() -> bytes:
    """Return the key of one export."""
    return secrets.token_bytes(32)


class Redactor:
    """Replaces what names somebody by pseudonyms. ``known``: kind (user, host, path) and value of what is to go."""

    def __init__(self, known: Iterable[tuple[str, str]], key: bytes) -> None:
        self._key = key
        self._names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        for kind, value in known:
            for one in _parts(kind, value):
                (self._paths if kind == "path" else self._names).setdefault(fold(one), kind)
        long = [one for one in self._names if len(one) >= ANYWHERE]
        self._path_finder, self._name_finder = _finder(self._paths), _finder(long)
        short = sorted((one for one in self._names if len(one) < ANYWHERE), key=len, reverse=True)
        words = "|".join(map(re.escape, short))
        self._short = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE) if short else None

    def pseudonym(self, kind: str, value: str) -> str:
        """Return what stands for a value."""
        made = hmac.new(self._key, f"{kind}\0{fold(value)}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{kind}-{int.from_bytes(made.digest()[:8]) % 10**DIGITS:0{DIGITS}}"

    def text(self, value: str) -> str:
        """Return a text with pseudonyms in place of everything that is known or shaped to name somebody."""
        pieces = self._replaced([(value, False)], self._path_finder, self._paths)
        pieces = [piece for one in pieces for piece in ([one] if one[1] else self._shaped(one[0]))]
        pieces = self._replaced(pieces, self._name_finder, self._names)
        return "".join(one if done else self._words(one) for one, done in pieces)

    def value(self, value: Any) -> Any:
        """Return a plain value (of a document, of JSON) with every text in it redacted; keys stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.value(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.value(one) for one in value)
        return value

    def record(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return an event of the store redacted; id and times stay."""
        own = {name: None if row[name] is None else self.text(str(row[name])) for name in ("host", "source", "message",
                                                                                         "raw")}  # fmt: skip
        fields = {name: None if one is None else self.text(str(one)) for name, one in row["fields"].items()}
        return {**row, **own, "fields": fields}

    def _replaced(self, pieces: list[Piece], finder: Any, known: Mapping[str, str]) -> list[Piece]:
        if finder is None:
            return pieces
        return [part for one in pieces for part in ([one] if one[1] else self._known(one[0], finder, known))]

    def _known(self, value: str, finder: Any, known: Mapping[str, str]) -> Iterator[Piece]:
        folded, at = fold(value), 0
        for _, start, end in finder.find_matches_as_indexes(folded):
            yield value[at:start], False
            yield self.pseudonym(known[folded[start:end]], value[start:end]), True
            at = end
        yield value[at:], False

    def _words(self, value: str) -> str:
        """Replace short names where they stand as words of their own."""
        if self._short is None:
            return value
        return self._short.sub(lambda found: self.pseudonym(self._names.get(fold(found[0]), "user"), found[0]), value)

    def _shaped(self, value: str) -> Iterator[Piece]:
        at = 0
        for found in _SHAPES.finditer(value):
            made = list(self._made(found))
            if made:
                yield value[at : found.start()], False
                yield from made
                at = found.end()
        yield value[at:], False

    def _made(self, found: re.Match[str]) -> Iterator[Piece]:
        if found["web"]:
            yield from self._url(found)
        elif found["addr"]:
            yield from self._bare(found["addr"])
        elif found["mac"]:
            yield self.pseudonym("mac", found["mac"].replace("-", ":")), True
        elif found["mail"]:
            yield self.pseudonym("mail", found["mail"]), True
        else:
            yield self.pseudonym("path", found["path"]), True

    def _bare(self, written: str) -> Iterator[Piece]:
        """Look for an address in what has its letters; a colon before it or a full stop after it may not be its own."""
        for start in range(2 if written.startswith(":") else 1):
            for end in (len(written), len(written.rstrip(".")), len(written.rstrip(".:"))):
                if (address := _address(written[start:end], ours=True)) is not None:
                    if _address(address) is not None:  # else it is of the machine itself
                        yield written[:start], False
                        yield self.pseudonym("addr", address), True
                        yield written[end:], False
                    return

    def _url(self, found: re.Match[str]) -> Iterator[Piece]:
        """Keep the scheme and the port of a URL; a host that is an address is that address."""
        yield found["scheme"], True
        if found["login"]:
            yield f"{self.pseudonym('user', found['login'][:-1])}@", True
        host = found["web"].strip("[]")
        if fold(host) == "localhost":
            yield host, True
        elif (address := _address(host, ours=True)) is not None:
            yield self.pseudonym("addr", address), True
        else:
            yield self.pseudonym("host", host), True
        port, slash, path = found["rest"].partition("/")
        yield port + slash, True
        if path:
            yield self.pseudonym("path", path), True


def fold(value: str) -> str:
    """Return a text as names are compared: without case, each character in its place."""
    lower = value.lower()
    return lower if len(lower) == len(value) else "".join(low if len(low := one.lower()) == 1 else one for one in value)


def _parts(kind: str, value: str) -> Iterator[str]:
    """Return a value and what it is put together from: domain and account, names before a dot."""
    trimmed = value.strip().strip("$")
    for one in dict.fromkeys((trimmed, *(re.split(r"[\\/@]", trimmed) if kind == "user" else ()),
                              *(trimmed.split(".")[:1] if kind == "host" else ()))):  # fmt: skip
        named = len(one) > 1 and any(char.isalpha() for char in one) and fold(one) not in NOBODY
        if named and _address(one, ours=True) is None:
            yield one


def _finder(known: Iterable[str]) -> Any:
    words = list(known)
    if not words:
        return None
    return ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


@lru_cache(maxsize=100_000)
def _address(written: str, *, ours: bool = False) -> str | None:
    """Return an address in its one spelling; None for what is none, or (unless ``ours``) is of the machine itself."""
    try:
        made = ipaddress.ip_address(written)
    except ValueError:
        return None
    if (made.is_loopback or made.is_unspecified) and not ours:
        return None
    return str(made)


def known(store: EventStore, db: Connection) -> Iterator[tuple[str, str]]:
    """Yield what is known of a desk, kind and value: accounts, hosts and paths of all its events, and its assets."""
    there = [name for name, _ in store.fields(db, Search(), missing=[])]
    named = ["host", *(name for name in there if fold(name) in KINDS)]
    for name, held in store.facets(db, Search(), named, MOST, missing=[]).items():
        yield from ((KINDS[fold(name)], str(value)) for value, _ in held)
    for row in rows(db, "SELECT name FROM assets UNION SELECT alias FROM asset_aliases"):
        yield "host", row["name"]


def redactor(store: EventStore, db: Connection, key: bytes) -> Redactor:
    """Return what redacts with everything that is known of a desk."""
    return Redactor(known(store, db), key)
