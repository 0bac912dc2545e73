#!/usr/bin/env python3
"""Key derivation and nonces of the protocol reference, section 6, written a second time.

Nothing but the standard library. Writes vectors/pdm6_derivation.json, which the C# tests read;
with --check it only tells whether that file is what it would write.
"""

import ipaddress
import json
import pathlib
import sys

from keys import KEY_LENGTHS, build_nonce, hkdf_expand, hkdf_extract, pair_secret, session_key
from packets import ICMPV6, TCP, UDP, FlowKey

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "pdm6_derivation.json"


def derive(case):
    """Adds the outputs to a case."""
    source = ipaddress.IPv6Address(case["source"]).packed
    destination = ipaddress.IPv6Address(case["destination"]).packed
    ports = case["sourcePort"], case["destinationPort"]
    flow = FlowKey(source, destination, case["protocol"], *ports)
    base_secret = hkdf_extract(bytes.fromhex(case["incarnationId"]), bytes.fromhex(case["keyFile"]))
    pair = pair_secret(base_secret, source, destination)
    key, base_nonce = session_key(pair, case["suite"], case["epoch"])
    nonce = build_nonce(base_nonce, flow, case["carriage"], case["epoch"], case["psntp"])
    return case | {
        "baseSecret": base_secret.hex(),
        "pairSecret": pair.hex(),
        "key": key.hex(),
        "baseNonce": base_nonce.hex(),
        "nonce": nonce.hex(),
    }


def pseudorandom(label, size):
    """Inputs that look random and are the same in every run."""
    return hkdf_expand(hkdf_extract(b"pdm6 derivation vectors", label.encode()), b"", size)


def cases():
    edges = [
        # source, destination, epoch, protocol, carriage, source port, destination port, psntp
        ("2001:db8::1", "2001:db8::2", 0, UDP, 0, 40000, 53, 0),
        ("2001:db8::2", "2001:db8::1", 0, UDP, 0, 53, 40000, 0),
        ("2001:db8::1", "2001:db8::2", 4095, UDP, 1, 65535, 65535, 0xFFFFFFFF),
        ("fe80::1", "fe80::2", 1, ICMPV6, 0, 128 << 8, 0xBEEF, 1),
        ("fe80::2", "fe80::1", 1, ICMPV6, 0, 129 << 8, 0xBEEF, 1),
        ("::1", "::2", 2048, TCP, 0, 0, 0, 0x80000000),
        ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", 255, 255, 0, 256, 1, 0x01020304),
    ]
    for suite in KEY_LENGTHS:
        for number, edge in enumerate(edges):
            yield suite, f"edge {number} suite {suite}", edge
        for number in range(12):
            label = f"random {number} suite {suite}"
            octets = pseudorandom(label + " flow", 43)
            source_port, destination_port = octets[35:37], octets[37:39]
            yield suite, label, (
                str(ipaddress.IPv6Address(octets[:16])),
                str(ipaddress.IPv6Address(octets[16:32])),
                int.from_bytes(octets[32:34], "big") % 4096,
                octets[34],
                number % 2,
                int.from_bytes(source_port, "big"),
                int.from_bytes(destination_port, "big"),
                int.from_bytes(octets[39:43], "big"),
            )


def vectors():
    fields = ("source", "destination", "epoch", "protocol", "carriage")
    fields += ("sourcePort", "destinationPort", "psntp")
    for suite, label, values in cases():
        yield derive(
            {
                "comment": label,
                "keyFile": pseudorandom(label + " key file", 32).hex(),
                "incarnationId": pseudorandom(label + " incarnation", 16).hex(),
                "suite": suite,
            }
            | dict(zip(fields, values))
        )


def main(arguments):
    document = {"origin": "interop/derivation.py", "cases": list(vectors())}
    text = json.dumps(document, indent=1) + "\n"
    if arguments == ["--check"]:
        if VECTORS.read_text() != text:
            sys.exit(f"{VECTORS} is not what this script writes.")
    elif not arguments:
        VECTORS.write_text(text)
    else:
        sys.exit("usage: derivation.py [--check]")


if __name__ == "__main__":
    main(sys.argv[1:])
