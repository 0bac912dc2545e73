#!/usr/bin/env python3
"""JSON Lines to hex and back, with the arguments and answers of `pdm6 codec` (docs/codec.md).

Usage: codec.py encode [--pair-secret-file F] [--key-file F]
       codec.py decode [--pair-secret-file F] [--key-file F] [--carriage NAME] [--flow JSON]
                       [--suite 1|2]

Written from the protocol reference alone. Exit code: 0, 1 if a line could not be encoded, 2 if the
arguments or key files cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from decoding import CARRIAGES, Line, decode_line
from encoding import KeyFiles, encode
from keys import KEY_LENGTHS, SECRET_LENGTH
from members import MemberError, parse_hex, parse_object, read_flow


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MAX_LINE = 1 << 20
_TOO_LONG = "a line of more than 1,048,576 octets"


class UsageError(Exception):
    """Arguments or key files that cannot be used; the message says what to do."""


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    try:
        keys = KeyFiles(_read_secret(options.pair_secret_file), _read_secret(options.key_file))
        if options.verb == "encode":
            return _encode_lines(keys)
        flow = read_flow(parse_object(options.flow)) if options.flow else None
        _decode_lines(Line(options.carriage, flow, options.suite), keys)
    except (UsageError, MemberError, OSError) as error:
        print(f"codec: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="codec.py", description=__doc__.partition("\n")[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    encoder = verbs.add_parser("encode", help="objects in, hex out")
    decoder = verbs.add_parser("decode", help="hex or objects in, objects out")
    for verb in (encoder, decoder):
        verb.add_argument("--pair-secret-file", type=Path)
        verb.add_argument("--key-file", type=Path)
    decoder.add_argument("--carriage", choices=CARRIAGES)
    decoder.add_argument("--flow")
    decoder.add_argument("--suite", type=int, choices=sorted(KEY_LENGTHS), default=2)
    return parser


def _read_secret(path: Path | None) -> bytes | None:
    """64 hexadecimal digits in a file that only its owner can read."""
    if path is None:
        return None
    if path.stat().st_mode & 0o077:
        raise UsageError(f"{path}: others may read it; chmod 600")
    secret = parse_hex(path.read_text("ascii").strip())
    if secret is None or len(secret) != SECRET_LENGTH:
        raise UsageError(f"{path}: 64 hexadecimal digits expected")
    return secret


def _encode_lines(keys: KeyFiles) -> int:
    failed = False
    for text in _lines():
        try:
            print(encode(parse_object(text), keys).hex())
        except MemberError as error:
            failed = True
            _print_json({"error": str(error)})
    return int(failed)


def _decode_lines(defaults: Line, keys: KeyFiles) -> None:
    for text in _lines():
        _print_json(decode_line(text, defaults, keys))


def _lines() -> Iterator[str]:
    """Lines without the white space around them; one that is too long is no object and no hex."""
    for number, octets in enumerate(sys.stdin.buffer):
        if number == 0:
            octets = octets.removeprefix(_BYTE_ORDER_MARK)
        line = octets.rstrip(b"\n")
        is_too_long = len(line) > _MAX_LINE
        yield _TOO_LONG if is_too_long else line.decode("utf-8", "replace").strip(" \t\r")


def _print_json(document: dict[str, Any]) -> None:
    print(json.dumps(document, separators=(",", ":")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
