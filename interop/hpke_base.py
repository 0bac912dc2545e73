"""Opening HPKE messages in base mode (RFC 9180), with python3-cryptography."""

from __future__ import annotations

import base64
import re
import struct
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

P256, X25519 = 0x0010, 0x0020
_HASHES: dict[int, hashes.HashAlgorithm] = {1: hashes.SHA256(), 2: hashes.SHA384(), 3: hashes.SHA512()}
_AEADS = {1: (AESGCM, 16), 2: (AESGCM, 32), 3: (ChaCha20Poly1305, 32)}
_NONCE_LENGTH = 12
_BASE_MODE = b"\0"


@dataclass(frozen=True)
class PrivateKey:
    """A private key of a KEM: the number of the KEM, and the octets."""

    kem: int
    octets: bytes

    @property
    def public(self) -> bytes:
        """The public key, as HPKE serializes it."""
        if self.kem == X25519:
            return x25519.X25519PrivateKey.from_private_bytes(self.octets).public_key().public_bytes(
                Encoding.Raw, PublicFormat.Raw)
        return self._scalar().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def agree(self, public: bytes) -> bytes:
        """Diffie and Hellman; ValueError if the octets are no public key."""
        if self.kem == X25519:
            return x25519.X25519PrivateKey.from_private_bytes(self.octets).exchange(
                x25519.X25519PublicKey.from_public_bytes(public))
        return self._scalar().exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))

    def _scalar(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(self.octets, "big"), ec.SECP256R1())


def read_hpke_keys(path: Path) -> list[PrivateKey]:
    """The keys of a file of blocks "PDM6 HPKE PRIVATE KEY": KEM u16 || private key."""
    blocks = re.findall(
        "-----BEGIN PDM6 HPKE PRIVATE KEY-----(.*?)-----END PDM6 HPKE PRIVATE KEY-----", path.read_text(), re.DOTALL)
    return [PrivateKey(int.from_bytes(octets[:2], "big"), octets[2:]) for octets in map(base64.b64decode, blocks)]


def _extract(algorithm: hashes.HashAlgorithm, suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    """LabeledExtract (RFC 9180, section 4)."""
    mac = hmac.HMAC(salt or bytes(algorithm.digest_size), algorithm)
    mac.update(b"HPKE-v1" + suite + label + secret)
    return mac.finalize()


def _expand(
        algorithm: hashes.HashAlgorithm, suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand (RFC 9180, section 4)."""
    labelled = struct.pack(">H", length) + b"HPKE-v1" + suite + label + info
    return HKDFExpand(algorithm, length, labelled).derive(secret)


def shared_secret(key: PrivateKey, enc: bytes) -> bytes:
    """Decap of DHKEM with HKDF-SHA256 (RFC 9180, section 4.1)."""
    suite = b"KEM" + struct.pack(">H", key.kem)
    extracted = _extract(_HASHES[1], suite, b"", b"eae_prk", key.agree(enc))
    return _expand(_HASHES[1], suite, extracted, b"shared_secret", enc + key.public, 32)


def key_and_nonce(secret: bytes, kem: int, kdf: int, aead: int, info: bytes) -> tuple[bytes, bytes]:
    """KeySchedule in base mode (RFC 9180, section 5.1): the key and the base nonce."""
    algorithm, suite = _HASHES[kdf], b"HPKE" + struct.pack(">HHH", kem, kdf, aead)
    context = (_BASE_MODE + _extract(algorithm, suite, b"", b"psk_id_hash", b"")
               + _extract(algorithm, suite, b"", b"info_hash", info))
    scheduled = _extract(algorithm, suite, secret, b"secret", b"")
    return (_expand(algorithm, suite, scheduled, b"key", context, _AEADS[aead][1]),
            _expand(algorithm, suite, scheduled, b"base_nonce", context, _NONCE_LENGTH))


def open_base(
        key: PrivateKey, kem: int, kdf: int, aead: int, enc: bytes, info: bytes, aad: bytes,
        ciphertext: bytes) -> bytes | None:
    """The first message of a context; None if it does not open."""
    if kem != key.kem or kdf not in _HASHES or aead not in _AEADS:
        return None
    try:
        secret = shared_secret(key, enc)
    except ValueError:
        return None
    octets, nonce = key_and_nonce(secret, kem, kdf, aead, info)
    try:
        return _AEADS[aead][0](octets).decrypt(nonce, ciphertext, aad)
    except InvalidTag:
        return None
