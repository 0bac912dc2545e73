"""Server delays, and the wrong ones that must not be; serial arithmetic."""

import unittest

import interop_path  # noqa: F401
from flow_test_case import FlowTestCase
from flows import ServerDelay, serial_difference
from synthetic_laboratory import START_NS, InFlight, Laboratory


class ServerDelayTest(FlowTestCase):
    def server_delays(self, laboratory: Laboratory) -> list[ServerDelay]:
        return list(self.table(laboratory).server_delays())

    def handshake(self, lab: Laboratory) -> InFlight:
        """A TCP handshake up to the request, which leaves at 41 ms and arrives at 61 ms."""
        lab.deliver(lab.http(lab.client, 0, 4000, 0), 20_000)
        lab.deliver(lab.http(lab.server, 20_100, 4000, 0), 40_000)
        lab.deliver(lab.http(lab.client, 40_500, 4000, 0), 60_500)
        request = lab.http(lab.client, 41_000, 4000, 100)
        lab.deliver(request, 61_000)
        return request

    def test_acknowledgement_does_not_blur_the_delay(self) -> None:
        lab = Laboratory()
        self.handshake(lab)
        lab.deliver(lab.http(lab.server, 61_100, 4000, 0), 81_000)
        for at_us in (111_000, 111_500):
            lab.deliver(lab.http(lab.server, at_us, 4000, 1000), at_us + 20_000)
        (sample,) = self.server_delays(lab)
        self.assertEqual(80, sample.flow.source_port)
        self.assert_milliseconds([50], [sample])

    def test_data_after_an_acknowledgement_is_no_answer(self) -> None:
        lab = Laboratory()
        self.handshake(lab)
        lab.deliver(lab.http(lab.server, 111_000, 4000, 1000), 131_000)
        lab.deliver(lab.http(lab.client, 131_100, 4000, 0), 151_100)
        lab.deliver(lab.http(lab.server, 152_000, 4000, 1000), 172_000)
        self.assert_milliseconds([50], self.server_delays(lab))

    def test_late_duplicate_of_request_keeps_the_first_arrival(self) -> None:
        lab = Laboratory()
        query = lab.dns(lab.client, 0, 4000)
        lab.exchange(query, 20_000, 25_000, 46_000)
        lab.deliver(query, 90_000)
        (sample,) = self.server_delays(lab)
        first_ns = START_NS + 20_000_000
        self.assertEqual(first_ns, sample.request.arrival and sample.request.arrival.time_ns)

    def test_lost_request_gives_no_delay(self) -> None:
        lab = Laboratory()
        lab.dns(lab.client, 0, 4000)
        lab.deliver(lab.dns(lab.server, 20_000, 4000), 40_000)
        self.assert_milliseconds([], self.server_delays(lab))

    def test_duplicated_response_counts_once(self) -> None:
        lab = Laboratory()
        answer = lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 25_000, 46_000)
        lab.deliver(answer, 47_000)
        self.assert_milliseconds([5], self.server_delays(lab))

    def test_clients_next_request_is_no_server_delay(self) -> None:
        lab = Laboratory()
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 25_000, 46_000)
        lab.exchange(lab.dns(lab.client, 900_000, 4000), 920_000, 923_000, 943_000)
        self.assert_milliseconds([5, 3], self.server_delays(lab))

    def test_side_that_had_received_something_first_is_the_server(self) -> None:
        lab = Laboratory()
        lab.dns(lab.client, 0, 4000)
        lab.deliver(lab.dns(lab.server, 1_000, 4000), 21_000)
        lab.exchange(lab.dns(lab.client, 30_000, 4000), 50_000, 57_000, 77_000)
        samples = self.server_delays(lab)
        self.assert_milliseconds([9], samples)
        self.assertEqual(4000, samples[0].flow.source_port)

    def test_two_sides_that_began_let_the_lower_port_decide(self) -> None:
        lab = Laboratory()
        query = lab.dns(lab.client, 0, 4000)
        lab.deliver(lab.dns(lab.server, 1_000, 4000), 21_000)
        lab.exchange(query, 22_000, 25_000, 45_000)
        lab.deliver(lab.dns(lab.client, 60_000, 4000), 80_000)
        samples = self.server_delays(lab)
        self.assert_milliseconds([3], samples)
        self.assertEqual(53, samples[0].flow.source_port)

    def test_ping_counts_replies_only(self) -> None:
        lab = Laboratory()
        for start_us in (0, 1_000_000):
            lab.deliver(lab.ping(lab.client, start_us, 7), start_us + 20_000)
            lab.deliver(lab.ping(lab.server, start_us + 22_000, 7), start_us + 42_000)
        samples = self.server_delays(lab)
        self.assert_milliseconds([2, 2], samples)
        self.assertEqual({129 << 8}, {sample.flow.source_port for sample in samples})


class SerialDifferenceTest(unittest.TestCase):
    def test_difference_goes_the_short_way_round(self) -> None:
        self.assertEqual(2, serial_difference(1, 2**32 - 1))
        self.assertEqual(-2, serial_difference(2**32 - 1, 1))
        self.assertEqual(-(2**31), serial_difference(2**31, 0))


if __name__ == "__main__":
    unittest.main()
