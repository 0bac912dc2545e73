"""Lines that a codec must refuse or read with care: changed octets, wrong objects, no objects."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import aead
import frames
import surplus
from cases import Group, Object, number, random_flow
from decoding import CARRIAGES
from encoding import KeyFiles
from surplus import END_OF_LIST, EXPERIMENT, NO_OPERATION

_NO_OBJECTS = ("", "{", "[]", "null", "1", '"1e16"', "{}", "zz", "1e1", "1e 16", "0x1e", "{'a':1}")
_WRONG_VALUES: tuple[Any, ...] = (
    None, True, -1, 1.5, 2**16, 2**32, 2**64, "", "1", "g0", "0", [], {}, [1], {"a": 1},
)  # fmt: skip
_LENGTH_OFFSETS = {"destopt": (1,), "udp-opt": (3, 4), "udp-fra": (1, 28, 30, 31, 18, 19)}


def hostile_line(
    group: Group, document: Object, octets: bytes, keys: KeyFiles, source: random.Random
) -> str:
    """One line for decode, made from an object of the group and its octets."""
    kind = source.randrange(20)
    if kind == 0:
        return source.choice(_NO_OBJECTS)
    changed = _change(group, octets, keys, source).hex()
    line: Object = {"hex": changed}
    for name in ("flow", "suite", "udpLength"):
        if name in document and source.random() < 0.9:
            line[name] = document[name]
    if source.random() < 0.8:
        line["carriage"] = group.carriage
    if kind == 1:
        line["flow"] = random_flow(source)
    elif kind == 2:
        line["suite"] = source.choice((1, 2, 0, 3))
    elif kind == 3:
        line["udpLength"] = source.choice((0, 7, 8, 9, 65535, 65536))
    elif kind == 4:
        line["carriage"] = source.choice((*CARRIAGES, "pdm"))
    elif kind == 5:
        line[source.choice(("hex", "flow", "suite", "udpLength", "carriage", "more"))] = (
            source.choice(_WRONG_VALUES)
        )
    elif kind == 6:
        return changed
    return json.dumps(line)


def hostile_object(document: Object, source: random.Random) -> str:
    """One line for encode, made from an object that can be encoded."""
    if source.random() < 0.05:
        return source.choice(_NO_OBJECTS)
    wrong = copy.deepcopy(document)
    for _ in range(source.choice((1, 1, 1, 2))):
        target = _any_object(wrong, source)
        name = source.choice((*target, "more"))
        kind = source.randrange(4)
        if kind == 0:
            target.pop(name, None)
        elif kind == 1:
            target[name] = copy.deepcopy(source.choice(_WRONG_VALUES))
        elif kind == 2 and type(target.get(name)) is int:
            target[name] = target[name] + source.choice((-1, 1, 2**8, 2**16, 2**32, -(2**64)))
        elif kind == 3 and isinstance(target.get(name), str):
            target[name] = source.choice((target[name] + "0", target[name][1:], " " + target[name]))
    return json.dumps(wrong)


def legacy_option(source: random.Random) -> bytes:
    """An option of drafts 11 to 14, or something close to one."""
    length = source.choice((10, 22, 22, 34, 34, 38, 38, source.randrange(50)))
    size = length if source.random() < 0.9 else source.randrange(60)
    version = 2 if source.random() < 0.9 else source.randrange(16)
    body = bytes([version << 4 | source.randrange(16)]) + source.randbytes(59)
    return bytes([0x0F, length]) + body[:size]


def _any_object(document: Object, source: random.Random) -> Object:
    """The object itself, or one inside it."""
    inside = [value for value in document.values() if isinstance(value, dict)]
    tlvs = document.get("tlvs")
    inside += [tlv for tlv in tlvs if isinstance(tlv, dict)] if isinstance(tlvs, list) else []
    return source.choice(inside) if inside and source.random() < 0.4 else document


def _change(group: Group, octets: bytes, keys: KeyFiles, source: random.Random) -> bytes:
    if group.carriage.startswith("udp-option") and source.random() < 0.5:
        return _surplus_area(octets, source)
    if group.carriage == "udp-frame" and source.random() < 0.4:
        return _frame_with_wrong_tlvs(octets, keys, source)
    changed = bytearray(octets)
    for _ in range(source.choice((0, 1, 1, 1, 2, 4))):
        _change_once(group, changed, source)
    if group.carriage.startswith("udp-option") and source.random() < 0.5:
        return _with_right_checksum(bytes(changed), source)
    return bytes(changed)


def _change_once(group: Group, octets: bytearray, source: random.Random) -> None:
    place = source.randrange(len(octets)) if octets else 0
    kind = source.randrange(7)
    if kind == 0 or not octets:
        octets[place:place] = source.randbytes(source.choice((1, 2, 8)))
    elif kind == 1:
        octets[place] ^= 1 << source.randrange(8)
    elif kind == 2:
        octets[place] = number(source, 8)
    elif kind == 3:
        del octets[place:]
    elif kind == 4:
        octets += source.randbytes(source.choice((1, 2, 4, 16)))
    elif kind == 5:
        del octets[place : place + source.choice((1, 2))]
    else:
        place = source.choice(_LENGTH_OFFSETS[group.carriage[:7]])
        if place < len(octets):
            octets[place] = source.choice((10, 22, 26, 34, 38, 42, number(source, 8)))


def _with_right_checksum(area: bytes, source: random.Random) -> bytes:
    start = source.randrange(2) if area[:1] != b"\x00" else 1
    return surplus.build_area(area[start + 2 :], has_pad=bool(start))


def _surplus_area(area: bytes, source: random.Random) -> bytes:
    """Other options around the PDM option, some impossible, under a right checksum."""
    start = 3 if area[:1] == b"\x00" and area[3:4] == bytes([EXPERIMENT]) else 2
    pieces = [area[start:]]
    for _ in range(source.randrange(4)):
        pieces.insert(source.randrange(len(pieces) + 1), _other_option(area[start:], source))
    has_pad = source.choice((start == 3, start == 3, source.random() < 0.5))
    changed = surplus.build_area(b"".join(pieces), has_pad)
    return b"\x01" + changed[1:] if has_pad and source.random() < 0.1 else changed


def _other_option(pdm: bytes, source: random.Random) -> bytes:
    kind = source.choice((2, 3, 4, 5, 6, 7, 8, 9, EXPERIMENT, 128, 192, 254, source.randrange(256)))
    length = source.choice((0, 1, 2, 3, 4, 5, 6, 10, 12, 26, 42, 254, 255))
    extended = source.choice((0, 4, 254, 255, 256, 300))
    return source.choice(
        (
            bytes([NO_OPERATION]) * source.choice((1, 2, 7, 8)),
            bytes([END_OF_LIST]) + source.choice((b"", bytes(5), source.randbytes(3))),
            bytes([kind, length]) + source.randbytes(max(0, length - 2)),
            bytes([kind, length]),
            bytes([kind, 255]) + extended.to_bytes(2, "big") + bytes(max(0, extended - 4)),
            bytes([EXPERIMENT, 6]) + source.choice((b"\x50\x4d", b"\x50\x4e")) + bytes(2),
            bytes([kind]),
            pdm,
            pdm[:2] + source.randbytes(2) + pdm[4:],
        )
    )


def _frame_with_wrong_tlvs(octets: bytes, keys: KeyFiles, source: random.Random) -> bytes:
    """TLVs that lie about their lengths, rightly sealed where frames of the group are sealed."""
    header = frames.Frame.parse(octets).header
    tlvs = bytearray()
    for _ in range(source.randrange(4)):
        kind, value = source.choice((1, 3, 4, 7, 8, 100, 9)), source.randbytes(source.randrange(20))
        tlvs += frames.build_tlvs([frames.Tlv(kind, value)])
    if source.random() < 0.5:
        tlvs += source.randbytes(source.randrange(1, 8))
    elif tlvs:
        tlvs[source.randrange(len(tlvs))] = number(source, 8)
    suite = source.choice((1, 2))
    key = keys.frame_key(header, suite) or source.randbytes(32)
    if not header.flags & frames.ENCRYPTED:
        return frames.build_clear(header, bytes(tlvs))
    return frames.build_sealed(header, bytes(tlvs), key, source.randbytes(aead.NONCE_LENGTH))
