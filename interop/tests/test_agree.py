"""Options against captures: what agrees, what is off, and by how much."""

import io
import tempfile
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import interop_path  # noqa: F401
import agree
from ledger import quantile
from synthetic_laboratory import START_NS, Laboratory


def conversation(exchanges: int = 40) -> Laboratory:
    lab = Laboratory()
    for start_us in range(0, exchanges * 100_000, 100_000):
        query = lab.dns(lab.client, start_us, 4000)
        lab.exchange(query, start_us + 20_000, start_us + 25_000, start_us + 45_000)
    return lab


class AgreeTest(unittest.TestCase):
    def run_agree(self, lab: Laboratory) -> tuple[int, str]:
        with tempfile.TemporaryDirectory() as directory:
            lab.write(Path(directory))
            output = io.StringIO()
            with redirect_stdout(output):
                code = agree.main([directory])
        return code, output.getvalue()

    def test_true_times_agree(self) -> None:
        code, output = self.run_agree(conversation())
        self.assertEqual(0, code, output)
        # 39 of the client's 40 exchanges are reported by the next; the server's 39 likewise.
        self.assertRegex(output, r"round trip, paired +78 +100.00 %")
        self.assertRegex(output, r"server delay +40 +100.00 %")
        self.assertRegex(output, r"round trip, closing +1 +100.00 %")

    def test_capture_that_is_off_differs(self) -> None:
        lab = conversation()
        # Every answer seems to leave the server 150 us late.
        lab.server.frames = [
            (time + 150_000 * ((time - START_NS) // 1000 % 100_000 == 25_000), frame)
            for time, frame in lab.server.frames
        ]
        code, output = self.run_agree(lab)
        self.assertEqual(1, code, output)
        self.assertRegex(output, r"server delay +40 +0.00 % +150\.\d us")

    def test_one_in_twenty_may_be_off(self) -> None:
        for off, expected in ((2, 0), (3, 1)):
            lab = conversation()
            answers = [
                place
                for place, (time, _) in enumerate(lab.server.frames)
                if (time - START_NS) // 1000 % 100_000 == 25_000
            ]
            # Late departures of the last answers: each spoils one server delay of forty.
            for place in answers[-off:]:
                time, frame = lab.server.frames[place]
                lab.server.frames[place] = (time + 200_000, frame)
            code, output = self.run_agree(lab)
            self.assertEqual(expected, code, output)

    def test_no_samples_do_not_agree(self) -> None:
        lab = Laboratory()
        lab.dns(lab.client, 0, 4000)
        code, _ = self.run_agree(lab)
        self.assertEqual(1, code)

    def test_empty_directory_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as directory, redirect_stderr(io.StringIO()):
            self.assertEqual(2, agree.main([directory]))


class QuantileTest(unittest.TestCase):
    def test_quantile_is_the_nearest_rank(self) -> None:
        hundred = list(range(1, 101))
        self.assertEqual([50, 90, 99], [quantile(hundred, p) for p in (50, 90, 99)])
        self.assertEqual([2, 4, 4], [quantile([1, 2, 3, 4], p) for p in (50, 90, 99)])
        self.assertEqual(7, quantile([7], 50))


if __name__ == "__main__":
    unittest.main()
