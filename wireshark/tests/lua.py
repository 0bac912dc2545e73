"""Runs the parts of the dissector that need nothing of Wireshark, in the Lua of tshark and in a newer one."""

from __future__ import annotations

import pathlib
import subprocess
import tempfile

from octets import capture

TESTS = pathlib.Path(__file__).resolve().parent
FOLDER = TESTS.parent
_CALCULATOR = TESTS / "calculator.lua"
INTERPRETERS = ("tshark", "lua5.4")


def ask(interpreter: str, questions: list[tuple[str, ...]]) -> list[str]:
    """Answers in the order of the questions."""
    with tempfile.TemporaryDirectory(prefix="pdm6-lua-") as folder:
        file = pathlib.Path(folder) / "questions"
        file.write_text("".join("\t".join(words) + "\n" for words in questions))
        if interpreter == "tshark":
            empty = pathlib.Path(folder) / "empty.pcap"
            empty.write_bytes(capture([]))
            command = ["tshark", "-X", f"lua_script:{_CALCULATOR}", "-X", f"lua_script1:{FOLDER}"]
            command += ["-X", f"lua_script1:{file}", "-r", str(empty)]
        else:
            command = [interpreter, str(_CALCULATOR), str(FOLDER), str(file)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    answers = [line[len("answer ") :] for line in run.stdout.splitlines() if line.startswith("answer ")]
    if run.returncode != 0 or len(answers) != len(questions):
        raise AssertionError(f"{interpreter} gave {len(answers)} answers to {len(questions)}: {run.stderr}")
    return answers
