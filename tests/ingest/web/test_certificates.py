"""A site over TLS is asked for by its name, at the address that was checked, and must prove that it is that name."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest
from site_server import Page, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = Page(body="<html><body>县医院合并。</body></html>".encode())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A key and a certificate that signs itself, for one name."""
    pytest.importorskip("cryptography", reason="makes the certificate")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "site.test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "site.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def names():
    """The names that clients asked for in their greeting."""
    return []


@pytest.fixture
def secure_site(certificate, names):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    with serving(context) as site:
        site.pages["/a"] = ARTICLE
        yield site


def test_a_site_that_proves_its_name_is_read(secure_site, fetch, certificate, names, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    report = fetch(f"https://site.test:{secure_site.port}/a")

    assert ([page.fate for page in report.pages], report.problems) == (["new"], ())
    assert set(names) == {"site.test"}
    assert secure_site.asked[-1].headers["host"] == f"site.test:{secure_site.port}"


def test_a_site_that_proves_another_name_is_not_read(secure_site, fetch, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    report = fetch(f"https://other.test:{secure_site.port}/a")

    assert [problem.error.code for problem in report.problems] == ["tls"]
    assert "other.test" in str(report.problems[0].error)


def test_a_site_whose_certificate_nobody_vouches_for_is_not_read(secure_site, fetch, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)

    report = fetch(f"https://site.test:{secure_site.port}/a")

    assert [problem.error.code for problem in report.problems] == ["tls"]
    assert secure_site.asked == []
