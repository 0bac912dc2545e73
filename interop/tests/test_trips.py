"""Round trips: paired and closing ones, rests, and the wrong ones that must not be."""

import unittest

import interop_path  # noqa: F401
from flow_test_case import FlowTestCase
from synthetic_laboratory import Laboratory
from trips import RoundTrip, round_trips


class RoundTripTest(FlowTestCase):
    def round_trips(self, laboratory: Laboratory) -> list[RoundTrip]:
        return list(round_trips(self.table(laboratory)))

    def clients(self, laboratory: Laboratory) -> list[RoundTrip]:
        return [trip for trip in self.round_trips(laboratory) if trip.flow.destination_port == 53]

    def servers(self, laboratory: Laboratory) -> list[RoundTrip]:
        return [trip for trip in self.round_trips(laboratory) if trip.flow.source_port == 53]

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
        lab.exchange(lab.dns(lab.client, 130_000_000, 4000), 130_025_000, 130_026_000, 130_050_000)
        self.assert_milliseconds([39, 49], self.round_trips(lab))

    def test_ping_pairs_request_with_reply(self) -> None:
        lab = Laboratory()
        lab.deliver(lab.ping(lab.client, 0, 7), 20_000)
        lab.deliver(lab.ping(lab.server, 20_100, 7), 40_100)
        self.assert_milliseconds([40], self.round_trips(lab))

    def test_long_thinking_that_hides_the_round_trip_gives_no_sample(self) -> None:
        # The port is used again after 80 s, of which 16 bits tell no more than 2.3 ms: nothing can
        # be said of the server's round trip of 40 ms. The client's deltas are short.
        lab = Laboratory()
        self.query_at(lab, 0)
        self.query_at(lab, 80_000_000)
        self.assert_milliseconds([40, 40], self.clients(lab))
        self.assert_milliseconds([], self.servers(lab))

    def test_closing_after_long_thinking_has_only_one_rounded_delta(self) -> None:
        # After 50 s two deltas are off by 2.3 ms together, and one of them by 1.2 ms, which is less
        # than 1/32 of 40 ms. The second rest shows that not only the last exchange is closed.
        lab = Laboratory()
        for at_us in (0, 50_000_000, 100_000_000):
            self.query_at(lab, at_us)
        for trip in self.servers(lab):
            self.assertIsNone(trip.reporter)
            self.assertAlmostEqual(40_000_000, trip.value_ns, delta=2_000_000)
        self.assertEqual(2, len(self.servers(lab)))

    def test_exchange_before_a_rest_counts_though_its_report_was_lost(self) -> None:
        for rest_us, expected in ((1_900_000, [40]), (2_100_000, [40, 40])):
            lab = Laboratory()
            self.query_at(lab, 0)
            lab.dns(lab.client, rest_us - 500_000, 4000)
            self.query_at(lab, 41_000 + rest_us)
            self.assert_milliseconds(expected, self.clients(lab))

    def test_exchange_before_a_rest_is_not_taken_twice(self) -> None:
        lab = Laboratory()
        self.query_at(lab, 0)
        self.query_at(lab, 3_000_000)
        self.assert_milliseconds([40, 40], self.clients(lab))
        self.assertEqual([None, None], [trip.reporter for trip in self.clients(lab)])

    def query_at(self, lab: Laboratory, at_us: int) -> None:
        """A query and its answer: 20 ms there, 1 ms at the server, 20 ms back."""
        query = lab.dns(lab.client, at_us, 4000)
        lab.exchange(query, at_us + 20_000, at_us + 21_000, at_us + 41_000)


if __name__ == "__main__":
    unittest.main()
