"""Whole directories: a true summary agrees, and every single false number is found."""

import copy
import io
import tempfile
import unittest
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import interop_path  # noqa: F401
import recount
from synthetic_laboratory import Laboratory

MS = 1_000_000


def distribution(*milliseconds: int) -> dict[str, int]:
    """What a few samples are summed up as: the median, and twice the largest."""
    ordered = sorted(milliseconds) or [0]
    median = ordered[(len(ordered) - 1) // 2]
    largest = ordered[-1] * MS
    return {"samples": len(milliseconds), "p50": median * MS, "p90": largest, "p99": largest}


def group(name: str, **members: Any) -> dict[str, Any]:
    empty = {"selected": 0, "sealed": 0, "leftAlone": {}, "lost": 0}
    nothing = {"roundTripNs": distribution(), "serverDelayNs": distribution()}
    return {"name": name} | empty | nothing | members


def play() -> tuple[Laboratory, dict[str, Any]]:
    """One run in which everything happens, and what a true summary says of it."""
    lab = Laboratory()
    lab.path_mtu = 1280

    # Before there are keys: one query and its answer without options. A third is too long.
    lab.deliver(lab.dns(lab.client, 0, 3999, sealed=False), 20_000)
    lab.deliver(lab.dns(lab.server, 21_000, 3999, sealed=False), 41_000)
    lab.deliver(lab.dns(lab.client, 50_000, 3998, octets=1200, sealed=False), 70_000)

    # Three one-query flows; one answer is tampered with, one query lost. The first is doubled.
    query = lab.dns(lab.client, 100_000, 4000)
    lab.deliver(query, 120_000)
    lab.deliver(query, 121_000)
    lab.deliver(lab.dns(lab.server, 122_000, 4000), 142_000)
    lab.dns(lab.client, 150_000, 4001)
    lab.deliver(lab.dns(lab.client, 160_000, 4002), 180_000)
    lab.deliver_tampered(lab.dns(lab.server, 181_000, 4002), 201_000)

    # A download whose answer is a super-packet that arrives in 15 pieces.
    lab.deliver(lab.http(lab.client, 300_000, 5000, 100), 320_000)
    burst = lab.http(lab.server, 370_000, 5000, 20_000)
    lab.deliver_segments(burst, 390_000, 1380)
    lab.deliver(lab.http(lab.client, 390_100, 5000, 0), 410_100)

    # A ping, and one segment that is too long for an option.
    lab.deliver(lab.ping(lab.client, 500_000, 7), 520_000)
    lab.deliver(lab.ping(lab.server, 522_000, 7), 542_000)
    lab.deliver(lab.http(lab.client, 600_000, 5000, 1300, sealed=False), 620_000)

    summary = {
        "groups": [
            group(
                "dns",
                selected=8,
                sealed=5,
                leftAlone={"no-key": 2, "mtu": 1},
                lost=2,
                roundTripNs=distribution(40),
                serverDelayNs=distribution(2),
            ),
            group(
                "http",
                selected=4,
                sealed=3,
                leftAlone={"mtu": 1},
                roundTripNs=distribution(40, 40),
                serverDelayNs=distribution(50),
            ),
            group(
                "icmp",
                selected=2,
                sealed=2,
                roundTripNs=distribution(40),
                serverDelayNs=distribution(2),
            ),
        ],
        "wire": {"sealed": 10, "clear": 0},
        "opened": 23,
        "authenticationFailed": 1,
        "applicationErrors": 0,
    }
    return lab, summary


def numbers(value: Any) -> Iterator[tuple[Any, Any]]:
    """(container, key) of every number inside."""
    items = enumerate(value) if isinstance(value, list) else value.items()
    for key, member in items:
        if isinstance(member, (dict, list)):
            yield from numbers(member)
        elif isinstance(member, int):
            yield value, key


class DirectoryTestCase(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)


class RecountTest(DirectoryTestCase):
    def run_recount(
        self, lab: Laboratory, summary: dict[str, Any], exponent: int = 9
    ) -> tuple[int, str]:
        lab.write(self.directory, summary, exponent)
        output = io.StringIO()
        with redirect_stdout(output):
            code = recount.main([str(self.directory)])
        return code, output.getvalue()

    def assert_difference(
        self, change: Callable[[dict[str, Any]], None], line: str
    ) -> None:
        lab, summary = play()
        change(summary)
        code, output = self.run_recount(lab, summary)
        self.assertEqual(1, code, output)
        self.assertRegex(output, rf"(?m)^{line} .* DIFFERENT$")

    def test_true_summary_agrees(self) -> None:
        for exponent in (9, 6):
            code, output = self.run_recount(*play(), exponent)
            self.assertEqual(0, code, output)
            self.assertRegex(output, r"All \d+ numbers agree\.")

    def test_every_changed_number_is_found(self) -> None:
        lab, true_summary = play()
        places = len(list(numbers(true_summary)))
        self.assertGreater(places, 40)
        for place in range(places):
            summary = copy.deepcopy(true_summary)
            container, key = list(numbers(summary))[place]
            if key == "applicationErrors":
                continue
            container[key] += 3 + container[key] // 10
            code, output = self.run_recount(lab, summary)
            self.assertEqual(1, code, f"{key} in {container}\n{output}")

    def test_reason_under_another_name_is_found(self) -> None:
        def change(summary: dict[str, Any]) -> None:
            summary["groups"][0]["leftAlone"] = {"no-key": 2, "no-room": 1}

        self.assert_difference(change, "dns leftAlone no-room")

    def test_missing_and_unknown_groups_are_found(self) -> None:
        def change(summary: dict[str, Any]) -> None:
            summary["groups"][0]["name"] = "DNS"

        self.assert_difference(change, "dns selected")
        self.assert_difference(change, "groups that no rule names")

    def test_reason_that_captures_cannot_show_is_not_compared(self) -> None:
        lab, summary = play()
        lab.deliver(lab.ping(lab.client, 700_000, 8), 720_000)
        lab.send(lab.server, 722_000, 58, (129 << 8, 8), b"\x81" + bytes(15), sealed=False)
        icmp = summary["groups"][2]
        icmp |= {"selected": 4, "sealed": 3, "leftAlone": {"flow-busy": 1}}
        summary["wire"]["sealed"] += 1
        summary["opened"] += 1
        code, output = self.run_recount(lab, summary)
        self.assertEqual(0, code, output)
        self.assertRegex(output, r"icmp leftAlone flow-busy .* not compared")

    def test_clear_option_on_the_wire_is_counted(self) -> None:
        lab, summary = play()
        frame = bytearray(lab.router[-3][1])
        option = frame.index(b"\x1e\x26")
        frame[option : option + 2] = b"\x1e\x16"
        lab.router.append((lab.router[-1][0], bytes(frame)))
        code, output = self.run_recount(lab, summary)
        self.assertEqual(1, code, output)
        self.assertRegex(output, r"(?m)^wire clear +0 +1 +DIFFERENT$")

    def test_number_used_for_two_packets_is_found(self) -> None:
        for service, port in (("http", 5000), ("dns", 4000)):
            lab, summary = play()
            for state in lab.client.flows.values():
                state.next_number = lab.first_number
            getattr(lab, service)(lab.client, 800_000, port, 10)
            code, output = self.run_recount(lab, summary)
            self.assertEqual(1, code, output)
            self.assertRegex(output, r"must be 0: numbers used for two packets +0 +1 +DIFFERENT")

    def test_very_same_datagram_twice_is_no_super_packet(self) -> None:
        lab, summary = play()
        query = next(frame for _, frame in lab.client.frames if b"\x1e\x26" in frame)
        lab.client.frames.append((lab.client.frames[-1][0], query))
        _, output = self.run_recount(lab, summary)
        self.assertRegex(output, r"must be 0: numbers used for two packets +0 +1 +DIFFERENT")

    def test_option_outside_its_epoch_is_found(self) -> None:
        lab, summary = play()
        lab.client.frames = [(time + 70 * 10**9, frame) for time, frame in lab.client.frames]
        _, output = self.run_recount(lab, summary)
        self.assertRegex(output, r"must be 0: options outside their epoch +0 +6 +DIFFERENT")

    def test_super_packet_cut_up_at_its_sender_counts_once(self) -> None:
        lab, summary = play()
        (place,) = [i for i, (_, frame) in enumerate(lab.server.frames) if len(frame) > 10_000]
        leaves_at = lab.server.frames[place][0]
        pieces = [
            (leaves_at, frame)
            for time, frame in lab.client.frames
            if time == leaves_at + 20 * MS and b"\x1e\x26" in frame
        ]
        self.assertEqual(15, len(pieces))
        lab.server.frames[place : place + 1] = pieces
        code, output = self.run_recount(lab, summary)
        self.assertEqual(0, code, output)


class BadInputTest(DirectoryTestCase):
    def assert_refused(self, pattern: str) -> None:
        errors = io.StringIO()
        with redirect_stderr(errors), redirect_stdout(io.StringIO()):
            self.assertEqual(2, recount.main([str(self.directory)]))
        self.assertRegex(errors.getvalue(), rf"^recount: .*{pattern}.*\n$")

    def test_empty_directory_is_refused(self) -> None:
        self.assert_refused("summary.json")

    def test_key_of_wrong_length_is_refused(self) -> None:
        lab, summary = play()
        lab.write(self.directory, summary)
        (self.directory / "lab.key").write_text("00" * 31)
        self.assert_refused("64 hexadecimal digits")

    def test_missing_capture_is_refused(self) -> None:
        lab, summary = play()
        lab.write(self.directory, summary)
        (self.directory / "server.pcapng").unlink()
        self.assert_refused("server.pcapng")

    def test_announcement_without_timetable_is_refused(self) -> None:
        lab, summary = play()
        lab.write(self.directory, summary)
        (self.directory / "announcements.json").write_text('[{"contextId": "00"}]')
        self.assert_refused("KeyError")

    def test_wrong_usage_is_refused(self) -> None:
        with redirect_stderr(io.StringIO()):
            self.assertEqual(2, recount.main([]))


if __name__ == "__main__":
    unittest.main()
