"""Certificates of participants (docs/registration.md), with python3-cryptography; the address blocks of RFC 3779 by
hand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timezone
from typing import Iterator

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_ADDRESS_BLOCKS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.7")
_ADDRESS_BITS = 128
_SIGNATURE_LENGTH = 64


class NotAParticipant(Exception):
    """The octets are no participant's certificate."""


@dataclass(frozen=True)
class Participant:
    """What a certificate says, and the certificate."""

    name: str
    role: str
    ranges: list[tuple[int, int]]
    certificate: x509.Certificate
    hash: bytes

    def covers(self, address: int) -> bool:
        """True if the address is in one of the ranges."""
        return any(first <= address <= last for first, last in self.ranges)

    def is_valid_at(self, unix_ns: int) -> bool:
        """Both ends are inside; certificates count seconds."""
        begin = self.certificate.not_valid_before.replace(tzinfo=timezone.utc).timestamp()
        end = self.certificate.not_valid_after.replace(tzinfo=timezone.utc).timestamp()
        return begin <= unix_ns // 10**9 <= end

    def is_issued_by(self, authority: x509.Certificate) -> bool:
        """True if the authority's key signed the certificate, which names it."""
        if self.certificate.issuer != authority.subject:
            return False
        key = authority.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        try:
            key.verify(self.certificate.signature, self.certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256()))
            return True
        except InvalidSignature:
            return False

    def has_signed(self, label: bytes, octets: bytes, signature: bytes) -> bool:
        """True if the signature, r || s, is of label || 0x00 || octets."""
        if len(signature) != _SIGNATURE_LENGTH:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
        key = self.certificate.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        try:
            key.verify(utils.encode_dss_signature(r, s), label + b"\0" + octets, ec.ECDSA(hashes.SHA256()))
            return True
        except InvalidSignature:
            return False


def read_participant(der: bytes) -> Participant:
    """Reads a certificate; NotAParticipant if it is something else."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key = certificate.public_key()
        extensions = certificate.extensions
        [name] = [str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        [uri] = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension) as error:
        raise NotAParticipant(str(error)) from error
    roles = {f"urn:pdm6:{role}:{name}": role for role in ("endpoint", "analyzer")}
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise NotAParticipant("the key is not on P-256")
    if not isinstance(uri, x509.UniformResourceIdentifier) or uri.value not in roles:
        raise NotAParticipant("no role")
    if not usage.digital_signature or ExtendedKeyUsageOID.CLIENT_AUTH not in purposes:
        raise NotAParticipant("the key may not sign, or not authenticate")
    blocks = [extension.value.value for extension in extensions if extension.oid == _ADDRESS_BLOCKS]
    return Participant(
        name, roles[uri.value], list(_ranges(blocks[0])) if blocks else [], certificate, hashlib.sha256(der).digest())


def _elements(octets: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and values of DER elements; lengths of up to three octets."""
    while octets:
        tag, length, start = octets[0], octets[1], 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(octets[2:start], "big")
        yield tag, octets[start:start + length]
        octets = octets[start + length:]


def _ranges(extension: bytes) -> Iterator[tuple[int, int]]:
    """First and last addresses of the IPv6 blocks (RFC 3779, section 2.2.3)."""
    [(_, families)] = _elements(extension)
    for _, family in _elements(families):
        (_, identifier), (_, blocks) = _elements(family)
        if identifier != b"\0\2":
            continue
        for tag, block in _elements(blocks):
            if tag == 0x03:
                yield _address(block, 0), _address(block, 1)
            else:
                (_, first), (_, last) = _elements(block)
                yield _address(first, 0), _address(last, 1)


def _address(bits: bytes, rest: int) -> int:
    """The address that begins with the bits of a BIT STRING and goes on with zeros or ones."""
    length = 8 * (len(bits) - 1) - bits[0]
    missing = _ADDRESS_BITS - length
    head = int.from_bytes(bits[1:], "big") >> bits[0]
    return head << missing | ((1 << missing) - 1 if rest else 0)
