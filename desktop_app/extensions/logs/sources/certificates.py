"""The certificate of the syslog listener: a self-made one where the person has none."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import os
import socket
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.errors import SourceUnreadable, system_says
from desktop_app.core.text import text

# cryptography brings a second OpenSSL (9 MB in every process of the program): only where a certificate is made.
if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

YEARS = 10
CERTIFICATE = "syslog.pem"
KEY = "syslog.key"


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """Return certificate and key of this desk, made where they are not there yet; only this account reads the key."""
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not (certificate.is_file() and key.is_file()):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = ec.generate_private_key(ec.SECP256R1())
        _write(key, made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))  # fmt: skip
        _write(certificate, _signed(made).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    host = socket.gethostname()[:64] or "watchdesk"
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    names: list[x509.GeneralName] = [x509.DNSName(one) for one in dict.fromkeys((host, "localhost")) if one.isascii()]
    names += [x509.IPAddress(ipaddress.ip_address(one)) for one in ("127.0.0.1", "::1")]
    today = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))  # clocks of a site differ
        .not_valid_after(today + dt.timedelta(days=365 * YEARS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)


def fingerprint(certificate: Path) -> str:
    """Return the SHA-256 of a certificate in PEM form, as other programs show it: ``3F:A1:...``."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.read_text("ascii"))).digest().hex(":").upper()


def context_of(certificate: Path, key: Path, clients: Path | None = None) -> ssl.SSLContext:
    """Return how connections are secured; with ``clients``, only senders with a certificate of that authority connect.

    Raises SourceUnreadable where a file is no certificate, no key, or they do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")  # never ask at a terminal
        if clients is not None:
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    except (OSError, ValueError) as error:
        raise SourceUnreadable(
            text("The certificate of the syslog listener cannot be used."),
            why=system_says(error),
            fix=text("Choose a certificate and its key in PEM form, without a passphrase."),
        ) from error
    return context
