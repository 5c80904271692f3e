"""The lab's own certificate authority: made anew for each process, its key never on a disk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from labkit.brokers.places import new_folder

# Wide on purpose: lab time and real time are years apart at times, and the key ends with the process anyway.
FROM, TO = datetime(2020, 1, 1), datetime(2100, 1, 1)


class Authority:
    """Issues certificates for names; `file` is what a client trusts it by."""

    def __init__(self, name: str = "labkit's own authority") -> None:
        self.name = name
        self._key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(name, name, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self.certificate = builder.add_extension(identifier, critical=False).sign(self._key, hashes.SHA256())

    @cached_property
    def file(self) -> Path:
        """Its certificate as a PEM file: what an application is given as its CA."""
        path = new_folder("authority") / "ca.pem"
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return path

    def issue(self, hosts: Sequence[str], folder: Path) -> ServerCertificate:
        """Issue a certificate for these host names, and write it with its key into a folder."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(hosts[0], self.name, key.public_key())
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(names, critical=False).add_extension(identifier, critical=False)
        return ServerCertificate(key, builder.sign(self._key, hashes.SHA256()), self, folder)

    def truststore(self, folder: Path, password: str) -> Path:
        """Its certificate as Java reads it."""
        trusted = pkcs12.PKCS12Certificate(self.certificate, b"labkit")
        protection = _protection(password)
        path = folder / "trusted.p12"
        path.write_bytes(pkcs12.serialize_java_truststore([trusted], protection))
        return path


class ServerCertificate:
    """A server's key and certificate, written where its broker reads them."""

    def __init__(
        self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate, by: Authority, folder: Path
    ) -> None:
        self._key, self._certificate, self._by, self._folder = key, certificate, by, folder

    def keystore(self, password: str) -> Path:
        """Both in one file for Java."""
        path = self._folder / "server.p12"
        protection = _protection(password)
        bag = pkcs12.serialize_key_and_certificates(b"server", self._key, self._certificate, None, protection)
        path.write_bytes(bag)
        return path

    def pem(self) -> tuple[Path, Path]:
        """The certificate and its key as two PEM files; the key can be read by this user alone."""
        certificate, key = self._folder / "server.pem", self._folder / "server-key.pem"
        certificate.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))
        key.touch(mode=0o600)
        key.write_bytes(
            self._key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return certificate, key


@cache
def authority() -> Authority:
    """The one that all brokers of this process have their certificates from."""
    return Authority()


def random_password() -> str:
    """A password that Amazon MQ's rules allow, different at every call."""
    return secrets.token_urlsafe(24)


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder(_named(issuer), _named(subject), key, x509.random_serial_number())
    return builder.not_valid_before(FROM).not_valid_after(TO)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _protection(password: str) -> serialization.KeySerializationEncryption:
    return (
        serialization.PrivateFormat.PKCS12.encryption_builder()
        .kdf_rounds(10_000)
        .key_cert_algorithm(pkcs12.PBES.PBESv2SHA256AndAES256CBC)
        .hmac_hash(hashes.SHA256())
        .build(password.encode())
    )
