"""Who sealed it: Ed25519 signatures. The private key is apart from the secret that signs sessions."""

import hashlib
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class SealKey:
    """A private key. seed: 32 bytes in hex. public: what checks its signatures, in hex; id: the name of that."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        self.public = self._key.public_key().public_bytes_raw().hex()
        self.id = key_id(self.public)

    def sign(self, day: date, seal: str) -> str:
        """The signature of a day's seal, in hex."""
        return self._key.sign(_message(day, seal)).hex()

    def sign_manifest(self, manifest: str) -> str:
        """The signature of an archive's manifest, in hex."""
        return self._key.sign(_manifest(manifest)).hex()


def key_id(public: str) -> str:
    """The name of a public key: the beginning of its SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def is_signed(day: date, seal: str, signature: str, public: str) -> bool:
    """Whether the holder of that key signed that seal of that day."""
    return _is_signed(_message(day, seal), signature, public)


def is_signed_manifest(manifest: str, signature: str, public: str) -> bool:
    """Whether the holder of that key signed that manifest."""
    return _is_signed(_manifest(manifest), signature, public)


def _is_signed(message: bytes, signature: str, public: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _message(day: date, seal: str) -> bytes:
    return f"prepaid-desk seal {day.isoformat()} {seal}".encode()


def _manifest(manifest: str) -> bytes:
    return f"prepaid-desk archive {manifest}".encode()
