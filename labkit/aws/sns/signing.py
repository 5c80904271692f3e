"""The signature of what SNS sends: one made-up key pair for all labs, so that the same message is signed the same."""

from __future__ import annotations

from base64 import b64encode
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from labkit.rules.chance import digest

SHA1_WITH_RSA, SHA256_WITH_RSA = "1", "2"
HASHES = {SHA1_WITH_RSA: hashes.SHA1, SHA256_WITH_RSA: hashes.SHA256}


@cache
def _key() -> Any:
    # It guards nothing: whoever has labkit has it. A key of its own for each lab would change every signature.
    return load_pem_private_key(files(__package__).joinpath("signing_key.pem").read_bytes(), None)


@cache
def certificate() -> bytes:
    """The certificate that a subscriber verifies signatures with, in PEM."""
    return files(__package__).joinpath("signing_certificate.pem").read_bytes()


@cache
def certificate_name() -> str:
    """The name of its file in an address, of the form that SNS's have."""
    return f"SimpleNotificationService-{digest(certificate()).hex()}.pem"


@lru_cache(maxsize=256)
def signature(text: str, version: str) -> str:
    """Sign a text as the topic's SignatureVersion says: 1 for SHA-1, 2 for SHA-256, both with RSA; in base64.

    All subscribers of one message get one signature, which is computed once.
    """
    return b64encode(_key().sign(text.encode(), padding.PKCS1v15(), HASHES[version]())).decode()
