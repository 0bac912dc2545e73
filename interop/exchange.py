#!/usr/bin/env python3
"""Runs this implementation and `pdm6 codec` against each other, over every carriage and suite.

Usage: exchange.py --pdm6 CMD [--cases 10000] [--seed N] [--show 5] [--only WORD]

Prints a line for each carriage, suite and direction, and a total. A difference prints the line that
went in and both answers. Exit code: 0 no difference, 1 differences, 2 pdm6 could not be run.
"""

from __future__ import annotations

import argparse
import json
import random
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from cases import (
    GROUPS,
    PAIR_SECRET,
    RAW_KEY,
    Group,
    Object,
    expected_answer,
    random_object,
)
from decoding import Line, decode_line
from encoding import KeyFiles, encode
from hostile import hostile_line, hostile_object, legacy_option
from members import MemberError, parse_object, read_flow, write_flow
from packets import FlowKey

REFUSED = "(refused)"
_UNINTERPRETED = ("malformed", "unknown-version")


class PeerError(Exception):
    """pdm6 could not be run, or did not answer each line."""


class Peer:
    """`pdm6 codec`, run for one batch of lines at a time while Python does its own part."""

    def __init__(self, command: str, directory: Path, secrets: dict[str, bytes]) -> None:
        self._command = shlex.split(command)
        self._files: dict[str, list[str]] = {"": []}
        for name, option in ((PAIR_SECRET, "--pair-secret-file"), (RAW_KEY, "--key-file")):
            path = directory / f"{option[2:]}.hex"
            path.touch(mode=0o600)
            path.write_text(secrets[name].hex() + "\n", "ascii")
            self._files[name] = [option, str(path)]
        self._pool = ThreadPoolExecutor(1)

    def ask(
        self, verb: str, secret: str, lines: Sequence[str], *options: str
    ) -> Future[list[str]]:
        command = [*self._command, "codec", verb, *self._files[secret], *options]
        return self._pool.submit(self._run, command, lines)

    def _run(self, command: list[str], lines: Sequence[str]) -> list[str]:
        text = "".join(line + "\n" for line in lines)
        try:
            done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        except OSError as error:
            raise PeerError(f"{command[0]}: {error}") from error
        answers = done.stdout.split("\n")[:-1]
        if done.returncode not in (0, 1) or len(answers) != len(lines):
            raise PeerError(
                f"{shlex.join(command)}: {len(answers)} answers to {len(lines)} lines, exit code "
                f"{done.returncode}: {done.stderr.strip()[:500]}"
            )
        return answers


class Tally:
    """Counts cases and differences, and prints the first few of each direction."""

    def __init__(self, show: int) -> None:
        self.cases = 0
        self.differences = 0
        self._show = show

    def compare(
        self,
        group: str,
        direction: str,
        lines: Sequence[str],
        own: Sequence[Any],
        theirs: Sequence[Any],
    ) -> None:
        different = [trio for trio in zip(lines, own, theirs, strict=True) if trio[1] != trio[2]]
        print(f"{group:<32} {direction:<34} {len(lines):>7} cases {len(different):>6} differences")
        for line, python, pdm6 in different[: self._show]:
            print(f"  in      {line}\n  python  {_readable(python)}\n  pdm6    {_readable(pdm6)}")
        sys.stdout.flush()
        self.cases += len(lines)
        self.differences += len(different)


class Exchange:
    """All directions of one group."""

    def __init__(self, peer: Peer, secrets: dict[str, bytes], tally: Tally, cases: int) -> None:
        self._peer = peer
        self._secrets = secrets
        self._tally = tally
        self._cases = cases

    def run(self, group: Group, source: random.Random) -> None:
        keys = self._keys(group.secret)
        objects = [random_object(group, source) for _ in range(self._cases)]
        lines = [json.dumps(item) for item in objects]
        asked = self._peer.ask("encode", group.secret, lines)
        octets = [encode(item, keys) for item in objects]
        expected = [comparable(expected_answer(item, group)) for item in objects]

        own_hex = [own.hex() for own in octets]
        own_lines = [_decode_line(*pair) for pair in zip(objects, own_hex, strict=True)]
        to_decode = self._peer.ask("decode", group.secret, own_lines)
        encoded = asked.result()
        their_lines = [_decode_line(*pair) for pair in zip(objects, encoded, strict=True)]
        python = [comparable(decode_line(line, Line(), keys)) for line in their_lines]
        self._tally.compare(str(group), "pdm6 encodes, python decodes", lines, python, expected)
        pdm6 = [comparable_text(answer) for answer in to_decode.result()]
        self._tally.compare(str(group), "python encodes, pdm6 decodes", own_lines, expected, pdm6)
        self._tally.compare(str(group), "both encode, same octets", lines, own_hex, encoded)

        self._both_encode(group, [hostile_object(item, source) for item in objects], keys)
        hostile = [
            hostile_line(group, item, own, keys, source)
            for item, own in zip(objects, octets, strict=True)
        ]
        self._both_decode(str(group), group.secret, hostile)

    def run_options(self, group: Group, source: random.Random) -> None:
        """Bare hex, while `--carriage`, `--flow` and `--suite` tell the rest."""
        objects = [random_object(group, source) for _ in range(self._cases)]
        options = ["--carriage", group.carriage]
        if "flow" in objects[0]:
            options += ["--flow", json.dumps(objects[0]["flow"])]
        if group.suite:
            options += ["--suite", str(group.suite)]
        for item in objects:
            item |= {name: objects[0][name] for name in ("flow",) if name in item}
        keys = self._keys(group.secret)
        lines = [encode(item, keys).hex() for item in objects]
        asked = self._peer.ask("decode", group.secret, lines, *options)
        expected = [comparable(expected_answer(item, group)) for item in objects]
        for answer in expected:
            answer.pop("udpLength", None)
        pdm6 = [comparable_text(answer) for answer in asked.result()]
        self._tally.compare(str(group), "pdm6 decodes bare hex", lines, expected, pdm6)

    def run_legacy(self, source: random.Random) -> None:
        lines = [legacy_option(source).hex() for _ in range(self._cases)]
        self._both_decode("destopt-v2-legacy", "", lines)

    def run_fresh_nonces(self, group: Group, source: random.Random) -> None:
        """Frames whose nonce pdm6 chooses: Python opens them, and no nonce comes twice."""
        objects = [random_object(group, source) for _ in range(self._cases)]
        for item in objects:
            del item["nonce"]
        lines = [json.dumps(item) for item in objects]
        encoded = self._peer.ask("encode", group.secret, lines).result()
        keys = self._keys(group.secret)
        answers = [
            decode_line(_decode_line(item, hexa), Line(), keys)
            for item, hexa in zip(objects, encoded, strict=True)
        ]
        nonces = [answer.pop("nonce", None) for answer in answers]
        python = [comparable(answer) for answer in answers]
        expected = [comparable(expected_answer(item, group)) for item in objects]
        self._tally.compare(str(group), "pdm6 chooses nonce, python opens", lines, python, expected)
        repeated = len(nonces) - len(set(nonces))
        self._tally.compare(str(group), "nonces used again", ["all"], [0], [repeated])

    def _both_encode(self, group: Group, lines: Sequence[str], keys: KeyFiles) -> None:
        asked = self._peer.ask("encode", group.secret, lines)
        own = [_encode_or_refuse(line, keys) for line in lines]
        theirs = [REFUSED if '"error"' in answer else answer for answer in asked.result()]
        # Without its nonce a sealed frame differs from run to run, and only its size can be equal.
        pairs = [
            (len(a), len(b)) if "udp-frame" in line and '"nonce"' not in line else (a, b)
            for line, a, b in zip(lines, own, theirs, strict=True)
        ]
        own, theirs = [str(a) for a, _ in pairs], [str(b) for _, b in pairs]
        self._tally.compare(str(group), "both encode wrong objects", lines, own, theirs)

    def _both_decode(self, name: str, secret: str, lines: Sequence[str]) -> None:
        asked = self._peer.ask("decode", secret, lines)
        keys = self._keys(secret)
        own = [comparable(decode_line(line, Line(), keys)) for line in lines]
        theirs = [comparable_text(answer) for answer in asked.result()]
        self._tally.compare(name, "both decode hostile octets", lines, own, theirs)

    def _keys(self, secret: str) -> KeyFiles:
        held = {secret: self._secrets[secret]} if secret else {}
        return KeyFiles(held.get(PAIR_SECRET), held.get(RAW_KEY))


def comparable(answer: Mapping[str, Any]) -> Object:
    """An answer without what may differ: the sentence, and how a flow is written."""
    if answer.get("status") in _UNINTERPRETED:
        return {"status": answer["status"]}
    kept = {name: value for name, value in answer.items() if name != "error"}
    if "flow" in kept:
        kept["flow"] = read_flow(kept["flow"])
    return kept


def comparable_text(text: str) -> Any:
    """An answer of pdm6; the text itself if it is none."""
    try:
        return comparable(parse_object(text))
    except MemberError:
        return text


def _readable(answer: Any) -> str:
    if isinstance(answer, dict) and isinstance(answer.get("flow"), FlowKey):
        answer = answer | {"flow": write_flow(answer["flow"])}
    return answer if isinstance(answer, str) else json.dumps(answer)


def _encode_or_refuse(line: str, keys: KeyFiles) -> str:
    try:
        return encode(parse_object(line), keys).hex()
    except MemberError:
        return REFUSED


def _decode_line(document: Object, octets: str) -> str:
    """The line that asks to decode the octets of an object."""
    line: Object = {"hex": octets, "carriage": document["carriage"]}
    for name in ("flow", "suite", "udpLength"):
        if name in document:
            line[name] = document[name]
    return json.dumps(line)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="exchange.py", description=__doc__.partition("\n")[0])
    parser.add_argument("--pdm6", required=True, help="the command, run as CMD codec ...")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    parser.add_argument("--show", type=int, default=5, help="differences printed for each line")
    parser.add_argument("--only", default="", help="groups whose name has this word")
    options = parser.parse_args(arguments)
    print(f"seed {options.seed}")
    source = random.Random(options.seed)
    secrets = {name: source.randbytes(32) for name in (PAIR_SECRET, RAW_KEY)}
    tally = Tally(options.show)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="pdm6-exchange-") as directory:
        peer = Peer(options.pdm6, Path(directory), secrets)
        exchange = Exchange(peer, secrets, tally, options.cases)
        parts: list[tuple[str, Callable[[], None]]] = []
        for group in GROUPS:
            parts.append((str(group), partial(exchange.run, group, source)))
            parts.append((str(group), partial(exchange.run_options, group, source)))
            if group.secret and group.carriage == "udp-frame":
                parts.append((str(group), partial(exchange.run_fresh_nonces, group, source)))
        parts.append(("destopt-v2-legacy", partial(exchange.run_legacy, source)))
        try:
            for name, run in parts:
                if options.only in name:
                    run()
        except PeerError as error:
            print(f"exchange: {error}", file=sys.stderr)
            return 2
    elapsed = time.monotonic() - started
    print(f"{tally.cases} cases, {tally.differences} differences, {elapsed:.0f} s")
    return int(tally.differences > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
