"""Samples: paired and closing round trips, server delays, and the wrong ones that must not be."""

import tempfile
import unittest
from pathlib import Path

import interop_path  # noqa: F401
from evidence import Evidence
from flows import FlowTable, RoundTrip, ServerDelay, serial_difference
from synthetic_laboratory import START_NS, InFlight, Laboratory

# Encoding a delta of up to a minute truncates by less than this.
TRUNCATION_NS = 1_000_000


class FlowTestCase(unittest.TestCase):
    def table(self, laboratory: Laboratory) -> FlowTable:
        with tempfile.TemporaryDirectory() as directory:
            return FlowTable(Evidence(laboratory.write(Path(directory))).hosts)

    def round_trips(self, laboratory: Laboratory) -> list[RoundTrip]:
        return list(self.table(laboratory).round_trips())

    def server_delays(self, laboratory: Laboratory) -> list[ServerDelay]:
        return list(self.table(laboratory).server_delays())

    def assert_milliseconds(
        self, expected: list[int], samples: list[RoundTrip] | list[ServerDelay]
    ) -> None:
        found = sorted(sample.value_ns for sample in samples)
        self.assertEqual(len(expected), len(found), found)
        for milliseconds, value_ns in zip(sorted(expected), found, strict=True):
            self.assertAlmostEqual(milliseconds * 10**6, value_ns, delta=TRUNCATION_NS)


class RoundTripTest(FlowTestCase):
    def test_query_alone_gives_one_closing_sample(self) -> None:
        lab = Laboratory()
        query = lab.dns(lab.client, 0, 4000)
        lab.exchange(query, 20_000, 25_000, 46_000)
        (sample,) = self.round_trips(lab)
        self.assertIsNone(sample.reporter)
        self.assert_milliseconds([41], [sample])

    def test_second_query_of_a_flow_reports_the_first(self) -> None:
        lab = Laboratory()
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 25_000, 46_000)
        lab.exchange(lab.dns(lab.client, 100_000, 4000), 130_000, 131_000, 160_000)
        samples = self.round_trips(lab)
        # Two round trips of the client; one of the server, whose "answer" took the client 54 ms.
        self.assert_milliseconds([41, 59, 51], samples)
        self.assertEqual(1, sum(sample.reporter is None for sample in samples))

    def test_lost_answer_gives_no_sample(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.dns(lab.client, 0, 4000), 20_000)
        lab.dns(lab.server, 21_000, 4000)
        self.assert_milliseconds([], self.round_trips(lab))

    def test_answer_to_an_earlier_query_closes_nothing(self) -> None:
        lab = Laboratory()
        first = lab.dns(lab.client, 0, 4000)
        lab.dns(lab.client, 5_000, 4000)
        lab.exchange(first, 20_000, 21_000, 40_000)
        self.assert_milliseconds([], self.round_trips(lab))

    def test_later_number_that_arrived_forbids_closing(self) -> None:
        lab = Laboratory()
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 21_000, 40_000)
        # The next packet reports the exchange; the one after it only says that nothing is new.
        lab.deliver(lab.dns(lab.client, 50_000, 4000), 70_000)
        lab.deliver(lab.dns(lab.client, 60_000, 4000), 80_000)
        samples = self.round_trips(lab)
        # The other sample is the server's: sent at 21, last named at 80, the client took 20.
        self.assert_milliseconds([39, 39], samples)
        (clients,) = (sample for sample in samples if sample.flow.source_port == 4000)
        self.assertIsNotNone(clients.reporter)

    def test_answer_to_another_number_gives_no_sample(self) -> None:
        lab = Laboratory()
        first = lab.dns(lab.client, 0, 4000)
        lab.dns(lab.client, 5_000, 4000)
        lab.exchange(first, 20_000, 21_000, 40_000)
        lab.deliver(lab.dns(lab.client, 50_000, 4000), 70_000)
        # A paired it would be 35 - 1; only the server's own closing sample is right.
        (sample,) = self.round_trips(lab)
        self.assertEqual(53, sample.flow.source_port)

    def test_answerer_that_claims_more_than_the_whole_gives_no_sample(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.dns(lab.client, 0, 4000), 20_000)
        (state,) = lab.server.flows.values()
        state.last_received_us = -50_000
        lab.deliver(lab.dns(lab.server, 21_000, 4000), 40_000)
        self.assert_milliseconds([], self.round_trips(lab))
        lab.deliver(lab.dns(lab.client, 50_000, 4000), 70_000)
        self.assertEqual([53], [sample.flow.source_port for sample in self.round_trips(lab)])

    def test_later_number_that_was_lost_leaves_closing(self) -> None:
        lab = Laboratory()
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 21_000, 40_000)
        lab.dns(lab.client, 50_000, 4000)
        (sample,) = self.round_trips(lab)
        self.assertIsNone(sample.reporter)
        self.assert_milliseconds([39], [sample])

    def test_last_answer_closes(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.http(lab.client, 0, 4000, 100), 20_000)
        for at_us in (21_000, 61_000):
            lab.deliver(lab.http(lab.server, at_us, 4000, 1000), at_us + 30_000)
        (sample,) = self.round_trips(lab)
        self.assertEqual(1001, sample.answer.number)
        self.assert_milliseconds([50], [sample])

    def test_late_duplicate_of_answer_moves_no_sample(self) -> None:
        lab = Laboratory()
        answer = lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 21_000, 40_000)
        lab.deliver(answer, 90_000)
        self.assert_milliseconds([39], self.round_trips(lab))

    def test_duplicated_query_gives_one_sample(self) -> None:
        lab = Laboratory()
        query = lab.dns(lab.client, 0, 4000)
        lab.deliver(query, 20_000)
        lab.deliver(query, 20_100)
        lab.deliver(lab.dns(lab.server, 21_000, 4000), 40_000)
        self.assert_milliseconds([39], self.round_trips(lab))

    def test_reordered_answer_behind_a_newer_is_not_accepted(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.http(lab.client, 0, 4000, 100), 20_000)
        older = lab.http(lab.server, 21_000, 4000, 1000)
        newer = lab.http(lab.server, 22_000, 4000, 1000)
        lab.deliver(newer, 41_000)
        lab.deliver(older, 80_000)
        (sample,) = self.round_trips(lab)
        self.assertEqual(newer.number, sample.answer.number)
        self.assert_milliseconds([39], [sample])

    def test_tampered_answer_gives_no_sample(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.dns(lab.client, 0, 4000), 20_000)
        lab.deliver_tampered(lab.dns(lab.server, 21_000, 4000), 40_000)
        self.assert_milliseconds([], self.round_trips(lab))

    def test_segments_of_a_super_packet_are_one_answer(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.http(lab.client, 0, 4000, 100), 20_000)
        burst = lab.http(lab.server, 30_000, 4000, 20_000)
        lab.deliver_segments(burst, 50_000, 1380)
        lab.deliver(lab.http(lab.client, 51_000, 4000, 0), 71_000)
        # The client's request (50 - 10), and the server's burst (41 - 1).
        self.assert_milliseconds([40, 40], self.round_trips(lab))

    def test_numbers_across_the_wrap_pair(self) -> None:
        lab = Laboratory(first_number=2**32 - 1)
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 21_000, 40_000)
        lab.exchange(lab.dns(lab.client, 50_000, 4000), 70_000, 71_000, 90_000)
        # Client: 39 paired, 39 closing. Server: sent at 21, heard at 70, the client took 10.
        self.assert_milliseconds([39, 39, 39], self.round_trips(lab))

    def test_pairing_goes_on_across_epochs(self) -> None:
        lab = Laboratory()
        change = 60_000_000
        first = lab.dns(lab.client, change - 50_000, 4000)
        lab.exchange(first, change - 30_000, change + 1_000, change + 21_000)
        second = lab.dns(lab.client, change + 50_000, 4000)
        lab.exchange(second, change + 70_000, change + 71_000, change + 91_000)
        self.assert_milliseconds([40, 40, 40], self.round_trips(lab))

    def test_new_series_has_its_own_closing_sample(self) -> None:
        lab = Laboratory()
        lab.exchange(lab.dns(lab.client, 0, 4000), 20_000, 21_000, 40_000)
        for agent in (lab.client, lab.server):
            agent.flows.clear()
        lab.first_number = 5_000_000
        lab.exchange(lab.dns(lab.client, 1_000_000, 4000), 1_025_000, 1_026_000, 1_050_000)
        self.assert_milliseconds([39, 49], self.round_trips(lab))

    def test_ping_pairs_request_with_reply(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.ping(lab.client, 0, 7), 20_000)
        lab.deliver(lab.ping(lab.server, 20_100, 7), 40_100)
        self.assert_milliseconds([40], self.round_trips(lab))


class ServerDelayTest(FlowTestCase):
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
