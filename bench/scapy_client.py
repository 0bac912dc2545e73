#!/usr/bin/python3
"""The client of the hackathon report, rebuilt with Scapy to be compared with: one udp-frame after the
other, AES-256-GCM by the package cryptography, each sent and answered through Scapy's own sockets.

    scapy_client.py ADDRESS PORT KEY_FILE COUNT OCTETS

Prints one JSON object: round trips, processor seconds and elapsed seconds of the loop alone.
"""

import json
import os
import socket
import struct
import sys
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from scapy.all import UDP, IPv6, Raw, conf, sr1

HEADER = struct.Struct(">BBHIQ")
TLV = struct.Struct(">HH")
ENCRYPTED, REQUEST = 1, 2
RTT, PADDING = 1, 8
OVERHEAD = 48


def seal(key: AESGCM, sender: bytes, sequence: int, round_trip_ns: int, octets: int) -> bytes:
    header = HEADER.pack(2, ENCRYPTED | REQUEST, 0, sequence, time.time_ns() // 1000)
    tlvs = TLV.pack(RTT, 8) + struct.pack(">Q", round_trip_ns)
    padding = octets - OVERHEAD - len(tlvs) - TLV.size
    tlvs += TLV.pack(PADDING, padding) + bytes(padding)
    nonce = sender + struct.pack(">I", sequence)
    return header + nonce + struct.pack(">I", len(tlvs)) + key.encrypt(nonce, tlvs, header)


def open_reply(key: AESGCM, frame: bytes, sequence: int) -> None:
    _, _, _, answered, _ = HEADER.unpack(frame[:16])
    key.decrypt(frame[16:28], frame[32:], frame[:16])
    if answered != sequence:
        raise ValueError(f"asked {sequence}, answered {answered}")


def main() -> int:
    address, port, key_file, count, octets = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    conf.verb = 0
    with open(key_file, encoding="ascii") as file:
        key = AESGCM(bytes.fromhex(file.read()))
    # Scapy reads from the wire; without a socket the kernel would tell the reflector that nobody listens.
    holder = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    holder.bind(("::", 0))
    packet = IPv6(dst=address) / UDP(sport=holder.getsockname()[1], dport=port)
    sender, round_trip, answered = os.urandom(8), 0, 0
    started, used = time.monotonic(), time.process_time()
    for sequence in range(count):
        sent = time.monotonic_ns()
        reply = sr1(packet / Raw(seal(key, sender, sequence, round_trip, octets)), timeout=2)
        if reply is None:
            continue
        round_trip = time.monotonic_ns() - sent
        open_reply(key, bytes(reply[UDP].payload), sequence)
        answered += 1
    print(json.dumps({
        "roundTrips": answered, "asked": count,
        "processorSeconds": time.process_time() - used, "seconds": time.monotonic() - started}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
