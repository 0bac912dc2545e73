#!/usr/bin/python3
"""STAMP session-sender and session-reflector, from RFC 8762 alone (standard library only).

    stamp.py reflect PORT [--address ::] [--key-file F] [--stateful] [--ptp]
    stamp.py send HOST PORT [--count N] [--interval S] [--key-file F] [--stateful] [--ptp]

The reflector says "listening" and answers until it is killed. The sender checks every field of every
reply, prints one JSON object with its counts and times in nanoseconds, and ends with 0 if every
request was answered and nothing was wrong, else with 1. The key file holds hexadecimal digits.
"""

import argparse
import hashlib
import hmac
import json
import socket
import struct
import sys
import time
from dataclasses import dataclass

NTP_OFFSET = 2_208_988_800  # seconds from 1900-01-01 to 1970-01-01
NS = 1_000_000_000
HMAC_SIZE = 16
IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT = 51, 52  # the socket module of Python 3.11 has both, on Linux

# RFC 8762 sections 4.2.1, 4.2.2, 4.3.1, 4.3.2; "x" octets must be zero.
SENDER = {False: struct.Struct(">I 8s H 30x"), True: struct.Struct(">I 12x 8s H 70x")}
REFLECTOR = {
    False: struct.Struct(">I 8s H 2x 8s I 8s H 2x B 3x"),
    True: struct.Struct(">I 12x 8s H 6x 8s 8x I 12x 8s H 6x B 15x"),
}
SIZE = {False: 44, True: 112}


@dataclass
class Clock:
    """How instants are written: NTP (Z = 0) or PTP (Z = 1)."""

    ptp: bool

    def write(self, unix_ns: int) -> bytes:
        seconds, ns = divmod(unix_ns, NS)
        if self.ptp:
            return struct.pack(">II", seconds & 0xFFFFFFFF, ns)
        return struct.pack(">II", (seconds + NTP_OFFSET) & 0xFFFFFFFF, (ns << 32) // NS)

    @staticmethod
    def read(octets: bytes, estimate: int) -> int:
        seconds, rest = struct.unpack(">II", octets)
        if estimate & 0x4000:
            return seconds * NS + rest
        return (seconds - NTP_OFFSET) * NS + ((rest * NS) >> 32)

    @property
    def estimate(self) -> int:
        """Not synchronized by anything that this program knows of; the multiplier is never zero."""
        return (0x4000 if self.ptp else 0) | 1


def sign(key: bytes | None, packet: bytes) -> bytes:
    """Appends the HMAC of an authenticated packet."""
    return packet if key is None else packet + hmac.digest(key, packet, hashlib.sha256)[:HMAC_SIZE]


def is_genuine(key: bytes | None, packet: bytes) -> bool:
    size = SIZE[key is not None]
    if len(packet) < size:
        return False
    body = packet[: size - HMAC_SIZE]
    return key is None or hmac.compare_digest(sign(key, body), packet[:size])


def parse(layout: struct.Struct, packet: bytes) -> tuple:
    return layout.unpack(packet[: layout.size])


def zeros_are_zero(layout: struct.Struct, packet: bytes) -> bool:
    """Packing what was unpacked gives the same octets only if every must-be-zero octet is zero."""
    return layout.pack(*parse(layout, packet)) == packet[: layout.size]


def receive(sock: socket.socket) -> tuple[bytes, int, tuple]:
    packet, control, _, peer = sock.recvmsg(9000, socket.CMSG_SPACE(4))
    hop_limit = next(
        (struct.unpack("i", data[:4])[0] for level, kind, data in control
         if level == socket.IPPROTO_IPV6 and kind == IPV6_HOPLIMIT), 255)
    return packet, hop_limit, peer


def open_socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)
    return sock


def reflect(arguments: argparse.Namespace, key: bytes | None) -> int:
    clock = Clock(arguments.ptp)
    sock = open_socket()
    sock.bind((arguments.address, arguments.port))
    print("listening", flush=True)
    numbers: dict[tuple, int] = {}
    while True:
        packet, hop_limit, peer = receive(sock)
        received = time.time_ns()
        if not is_genuine(key, packet):
            continue
        sequence, sent, estimate = parse(SENDER[key is not None], packet)
        number = sequence
        if arguments.stateful:
            number = numbers.get(peer, 0)
            numbers[peer] = number + 1
        reply = REFLECTOR[key is not None].pack(
            number, clock.write(time.time_ns()), clock.estimate, clock.write(received), sequence, sent,
            estimate, hop_limit)
        reply = sign(key, reply)
        sock.sendto(reply + packet[len(reply):], peer)


class Sender:
    """Sends requests one after the other and holds every reply against its request."""

    def __init__(self, arguments: argparse.Namespace, key: bytes | None):
        self.arguments, self.key, self.clock = arguments, key, Clock(arguments.ptp)
        self.authenticated = key is not None
        self.faults: list[str] = []
        self.round_trips: list[int] = []
        self.sock = open_socket()
        self.sock.connect((arguments.host, arguments.port))
        self.sock.settimeout(2)

    def run(self) -> int:
        for sequence in range(self.arguments.count):
            try:
                self.ask(sequence)
            except TimeoutError:
                self.faults.append(f"request {sequence} was not answered")
            time.sleep(self.arguments.interval)
        print(json.dumps({"answered": len(self.round_trips), "faults": self.faults, "roundTripsNs": self.round_trips}))
        return 0 if not self.faults and len(self.round_trips) == self.arguments.count else 1

    def ask(self, sequence: int) -> None:
        sent_at = time.time_ns()
        fields = (sequence, self.clock.write(sent_at), self.clock.estimate)
        request = sign(self.key, SENDER[self.authenticated].pack(*fields))
        self.sock.send(request)
        packet, _, _ = receive(self.sock)
        received_at = time.time_ns()
        layout = REFLECTOR[self.authenticated]
        if len(packet) != len(request) or not is_genuine(self.key, packet):
            self.faults.append(f"the reply to {sequence} has another length or a wrong HMAC")
            return
        number, sent, estimate, received, *echoed, hop_limit = parse(layout, packet)
        there, back = Clock.read(received, estimate), Clock.read(sent, estimate)
        self.expect(zeros_are_zero(layout, packet), sequence, "octets that must be zero are not")
        self.expect(tuple(echoed) == fields, sequence, "the sender's fields came back changed")
        self.expect(number == sequence, sequence, f"the reply's number is {number}")  # stateful too: nothing is lost here
        self.expect(estimate & 0xFF != 0, sequence, "the multiplier of the error estimate is zero")
        self.expect(1 <= hop_limit <= 255, sequence, f"the sender's TTL is {hop_limit}")
        # One clock on both hosts. A reflector may write down when it expects its reply to leave.
        self.expect(sent_at - 1000 <= there <= back <= received_at + 1_000_000, sequence, "the instants are out of order")
        self.round_trips.append(received_at - sent_at - (back - there))

    def expect(self, holds: bool, sequence: int, fault: str) -> None:
        if not holds:
            self.faults.append(f"reply to {sequence}: {fault}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    roles = parser.add_subparsers(dest="role", required=True)
    for role in ("reflect", "send"):
        sub = roles.add_parser(role)
        if role == "send":
            sub.add_argument("host")
        sub.add_argument("port", type=int)
        sub.add_argument("--address", default="::")
        sub.add_argument("--key-file")
        sub.add_argument("--stateful", action="store_true")
        sub.add_argument("--ptp", action="store_true")
        sub.add_argument("--count", type=int, default=10)
        sub.add_argument("--interval", type=float, default=0.01)
    arguments = parser.parse_args()
    key = None
    if arguments.key_file:
        with open(arguments.key_file, encoding="ascii") as file:
            key = bytes.fromhex(file.read())
    if arguments.role == "reflect":
        return reflect(arguments, key)
    return Sender(arguments, key).run()


if __name__ == "__main__":
    sys.exit(main())
