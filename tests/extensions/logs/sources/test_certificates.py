from __future__ import annotations

import os
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from desktop_app.core.errors import SourceUnreadable
from desktop_app.extensions.logs.sources.certificates import context_of, fingerprint, own_certificate


def test_a_certificate_is_made_once_and_only_this_account_reads_its_key(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path / "listening")
    content = certificate.read_bytes()
    assert own_certificate(tmp_path / "listening") == (certificate, key)
    assert certificate.read_bytes() == content
    if os.name == "posix":
        assert key.stat().st_mode & 0o077 == 0


def test_the_certificate_speaks_for_this_computer(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    assert context_of(certificate, key).minimum_version == ssl.TLSVersion.TLSv1_2
    trusting = ssl.create_default_context(cafile=certificate)
    assert trusting.cert_store_stats()["x509"] == 1


def test_senders_need_a_certificate_where_an_authority_is_named(tmp_path: Path) -> None:
    certificate, key = own_certificate(tmp_path)
    assert context_of(certificate, key, certificate).verify_mode == ssl.CERT_REQUIRED


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing", encoding="ascii")
    with pytest.raises(SourceUnreadable, match="cannot be used"):
        context_of(wrong, wrong)


def test_a_fingerprint_is_told_as_other_programs_show_it(tmp_path: Path) -> None:
    certificate, _ = own_certificate(tmp_path)
    other = x509.load_pem_x509_certificate(certificate.read_bytes()).fingerprint(hashes.SHA256())
    assert fingerprint(certificate) == ":".join(f"{byte:02X}" for byte in other)
