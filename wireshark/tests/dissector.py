"""Runs tshark with the dissector over packets and gives back what it shows."""

from __future__ import annotations

import json
import pathlib
import subprocess
import tempfile

from lua import FOLDER
from octets import ETHERNET, capture, ethernet

SCRIPT = FOLDER / "pdm6.lua"
QUIET = "Running as user"  # what tshark says to root


class Packet(dict[str, list[str]]):
    """Every field of one packet by name, in the order of the tree."""

    def only(self, name: str) -> str:
        values = self.get(name, [])
        if len(values) != 1:
            raise AssertionError(f"{name} is there {len(values)} times in {sorted(self.named('pdm'))}")
        return values[0]

    def named(self, *parts: str) -> dict[str, list[str]]:
        return {name: values for name, values in self.items() if any(part in name for part in parts)}


def tshark(arguments: list[str], octets: bytes, preferences: dict[str, object]) -> str:
    """What tshark prints about a capture file; a word on its error output is a failure."""
    with tempfile.NamedTemporaryFile(prefix="pdm6-", suffix=".pcap") as file:
        file.write(octets)
        file.flush()
        command = ["tshark", "-n", "-X", f"lua_script:{SCRIPT}", "-r", file.name]
        for name, value in preferences.items():
            command += ["-o", f"{name}:{value}"]
        run = subprocess.run(command + arguments, capture_output=True, text=True, timeout=600, check=False)
    errors = [line for line in run.stderr.splitlines() if not line.startswith(QUIET)]
    if run.returncode != 0 or errors or "Lua Error" in run.stdout:
        shown = [line for line in run.stdout.splitlines() if "Lua Error" in line]
        raise AssertionError(f"tshark: {run.returncode} {errors} {shown[:5]}")
    return run.stdout


def _flatten(layers: list, fields: Packet) -> Packet:
    """JSON objects came as lists of pairs, because names repeat."""
    for name, value in layers:
        if isinstance(value, list):
            _flatten(value, fields)
        else:
            fields.setdefault(name, []).append(value)
    return fields


def dissect(
    packets: list[bytes],
    arguments: list[str] | None = None,
    keys: str | None = None,
    snap_length: int = 65535,
    **preferences: object,
) -> list[Packet]:
    """The fields of each IPv6 packet. `keys` is the text of a key file; preferences are those of pdm6."""
    given = {f"pdm6.{name}": value for name, value in preferences.items()}
    with tempfile.TemporaryDirectory(prefix="pdm6-keys-") as folder:
        if keys is not None:
            file = pathlib.Path(folder) / "keys"
            file.write_text(keys)
            given["pdm6.key_file"] = file
        octets = capture([ethernet(packet) for packet in packets], ETHERNET, snap_length)
        text = tshark(["-T", "json", *(arguments or [])], octets, given)
    shown = json.loads(text, object_pairs_hook=list)
    found = [_flatten(dict(dict(entry)["_source"])["layers"], Packet()) for entry in shown]
    if len(found) != len(packets):
        raise AssertionError(f"tshark shows {len(found)} of {len(packets)} packets")
    return found


def dissect_one(packet: bytes, *arguments: object, **named: object) -> Packet:
    return dissect([packet], *arguments, **named)[0]
