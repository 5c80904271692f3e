"""Receipt handles as AWS shows them: long texts that tell nothing and cannot be made up."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from functools import lru_cache
from struct import pack, unpack

from labkit.rules import Receipt
from labkit.rules.chance import digest

START = "AQEB"
PROOF = 48
KEPT = 10_000


@lru_cache(maxsize=KEPT)
def handle(owner: tuple[object, ...], receipt: Receipt) -> str:
    """Return the receipt handle of one delivery of the queue that `owner` names."""
    content = pack(">QQ", receipt.number, receipt.receive)
    proof = digest(*owner, receipt.number, receipt.receive, size=PROOF)
    return START + b64encode(_mix(content, proof) + proof).decode()


@lru_cache(maxsize=KEPT)
def receipt(owner: tuple[object, ...], text: str) -> Receipt | None:
    """Return the delivery that a receipt handle of this queue stands for; None for any other text."""
    try:
        data = b64decode(text.removeprefix(START), validate=True)
    except (Error, ValueError):
        return None
    if not text.startswith(START) or len(data) != 16 + PROOF:
        return None
    content, proof = data[:16], data[16:]
    number, receive = unpack(">QQ", _mix(content, proof))
    genuine = digest(*owner, number, receive, size=PROOF) == proof
    return Receipt(number, receive) if genuine else None


def looks_real(text: str) -> bool:
    """Whether a text has the form of a receipt handle, of whichever queue."""
    return text.startswith(START) and len(text) == len(START) + 4 * ((16 + PROOF + 2) // 3)


def _mix(content: bytes, proof: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(content, proof, strict=False))
