"""Signed announcements, grants and key bundles, from docs/registration.md alone: verified, judged, opened."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import json
from typing import Any

from cryptography import x509

from certificates import NotAParticipant, Participant, read_participant
from hpke_base import P256, PrivateKey, open_base, read_hpke_keys

__all__ = ["judge", "open_envelope", "open_sealed", "read_hpke_keys", "sealing_info"]

ACCEPTED = "accepted"
_LABELS = {
    "announcement": b"pdm6 v1 announcement",
    "grant": b"pdm6 v1 grant",
    "key-bundle": b"pdm6 v1 key bundle",
}
_BASE_SECRET, _PAIR_SECRET = 0, 1
_SECOND = 10**9
_LARGEST_SKEW = 300 * _SECOND
_LONGEST_LIFE = 48 * 3600 * _SECOND
_EPOCHS = 4096


class Malformed(Exception):
    """A body that is not what its envelope should hold."""


def judge(
        kind: str, envelope: dict[str, str], authority: x509.Certificate, now: int | None,
        last_sequence: int | None = None) -> str:
    """What a gate says; without a now, as for captures."""
    certificate, body, signature = (base64.b64decode(envelope[part]) for part in ("certificate", "body", "signature"))
    try:
        sender = read_participant(certificate)
    except NotAParticipant:
        return "unreadable-certificate"
    if not sender.is_issued_by(authority):
        return "foreign-certificate"
    if not sender.has_signed(_LABELS[kind], body, signature):
        return "bad-signature"
    try:
        document = _read(kind, body)
    except (Malformed, ValueError, KeyError):
        return "malformed"
    if kind != "key-bundle" and sender.role != "endpoint":
        return "wrong-role"
    return _judge_times_and_addresses(kind, document, sender, now, last_sequence)


def open_sealed(kind: str, envelope: dict[str, str], key: PrivateKey) -> bytes | None:
    """The secret that an envelope's body has for a key; None if there is none, or it does not open."""
    body = json.loads(base64.b64decode(envelope["body"]))
    octets = base64.b64decode(body[kind])
    certificate = base64.b64decode(envelope["certificate"])
    key_id = hashlib.sha256(key.public).hexdigest()
    for item in body["sealed"] if kind == "announcement" else [body["sealed"]]:
        if item["keyId"] == key_id:
            info = sealing_info(kind, json.loads(octets)["contextId"], certificate, key.public)
            return open_base(
                key, item["kem"], item["kdf"], item["aead"], base64.b64decode(item["enc"]), info,
                hashlib.sha256(octets).digest(), base64.b64decode(item["ciphertext"]))
    return None


def sealing_info(kind: str, context_id: str, certificate: bytes, public_key: bytes) -> bytes:
    """HPKE's info: what a sealed secret is bound to, besides the document."""
    number = _BASE_SECRET if kind == "announcement" else _PAIR_SECRET
    return (b"pdm6 v1 hpke" + bytes([number]) + bytes.fromhex(context_id)
            + hashlib.sha256(certificate).digest() + hashlib.sha256(public_key).digest())


def open_envelope(envelope: dict[str, str], keys: list[PrivateKey]) -> tuple[dict[str, Any], bytes | None]:
    """The announcement of an envelope, and its base secret if one of the keys opens it. It is not verified here."""
    announcement = json.loads(base64.b64decode(json.loads(base64.b64decode(envelope["body"]))["announcement"]))
    secrets = (open_sealed("announcement", envelope, key) for key in keys)
    return announcement, next((secret for secret in secrets if secret is not None), None)


def _judge_times_and_addresses(
        kind: str, document: dict[str, Any], sender: Participant, now: int | None, last_sequence: int | None) -> str:
    issued = document["issuedAtUnixNs"]
    if now is not None and issued - now > _LARGEST_SKEW + document.get("clockErrorBoundNs", 0):
        return "from-the-future"
    if not sender.is_valid_at(issued):
        return "certificate-not-valid-then"
    if kind == "announcement" and document["notAfterUnixNs"] - issued > _LONGEST_LIFE:
        return "lives-too-long"
    end = issued + _LONGEST_LIFE + 1 if kind == "grant" else document["notAfterUnixNs"]
    sources = {"announcement": document.get("addresses"), "grant": [document.get("source")]}.get(kind, [])
    if not all(sender.covers(int(ipaddress.IPv6Address(address))) for address in sources):
        return "address-outside-prefixes"
    if now is not None and end <= now:
        return "expired"
    if now is not None and last_sequence is not None and document["sequence"] <= last_sequence:
        return "stale-sequence"
    return ACCEPTED


def _read(kind: str, body: bytes) -> dict[str, Any]:
    """The document inside a body."""
    outer = json.loads(body)
    if kind == "key-bundle":
        _check_bundle(outer)
        return outer
    document = json.loads(base64.b64decode(outer[kind]))
    if document["formatVersion"] != 1:
        raise Malformed("format version")
    if kind == "announcement":
        _check_hosts(document["addresses"])
        if [item["keyId"] for item in outer["sealed"]] != document.get("recipients", []):
            raise Malformed("the sealed items are not those of the recipients")
    else:
        _check_hosts([document["source"], document["destination"]])
        if not document["firstEpochIndex"] <= document["lastEpochIndex"] < _EPOCHS:
            raise Malformed("epochs")
        if outer["sealed"]["keyId"] != document["recipient"]:
            raise Malformed("the sealed item is not the recipient's")
    return document


def _check_hosts(addresses: list[str]) -> None:
    for address in map(ipaddress.IPv6Address, addresses):
        if address.is_multicast or address.is_unspecified:
            raise Malformed(f"{address} is no host's")


def _check_bundle(bundle: dict[str, Any]) -> None:
    if bundle["formatVersion"] != 1 or not bundle["keys"] or not bundle["suites"]:
        raise Malformed("a bundle has keys and suites")
    for key in bundle["keys"]:
        octets = base64.b64decode(key["publicKey"])
        if hashlib.sha256(octets).hexdigest() != key["keyId"]:
            raise Malformed("the identifier is not that of the key")
        if key["kem"] == P256:
            PrivateKey(P256, bytes(31) + b"\1").agree(octets)  # ValueError if it is not on the curve
