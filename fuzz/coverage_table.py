"""Prints the branch coverage of every decoder from Cobertura files, and fails below 95 %.

    coverage_table.py FILE...

One file for each test process. A file says how many branches of a line were taken, not which: of several files the
largest number counts, so the true figure is never lower than the one printed.
"""

import fnmatch
import re
import sys
import xml.etree.ElementTree as ElementTree

LEAST_PERCENT = 95

# What reads octets or text from outside, and what it is made of. Every pattern must match something.
DECODERS = [
    "Pdm6.Wire.*",
    "Pdm6.Security.Announcement",
    "Pdm6.Security.*JsonConverter*",
    "Pdm6.Security.HexIdentifier",
    "Pdm6.Security.EpochTimetable",
    "Pdm6.Security.OptionOpener",
    "Pdm6.Security.PairOpener",
    "Pdm6.Security.Options.OptionKey",
    "Pdm6.Security.FrameOpener",
    "Pdm6.Security.FrameNumber",
    "Pdm6.Security.Frames.FrameKey",
    "Pdm6.Security.ReplayWindow",
    "Pdm6.Security.ShortAesGcm",
    "Pdm6.Security.AesKeySchedule",
    "Pdm6.Security.GhashKey",
    "Pdm6.Security.Nonce",
    "Pdm6.Security.Native.AcceleratedGcm",
    "Pdm6.Security.Native.AesNi",
    "Pdm6.Security.Native.OptionGcm",
    "Pdm6.Security.Identity.AddressBlocks",
    "Pdm6.Security.Identity.AddressRange",
    "Pdm6.Security.Identity.AuthorityCertificate",
    "Pdm6.Security.Identity.CertificateFields",
    "Pdm6.Security.Identity.EllipticKey",
    "Pdm6.Security.Identity.Fingerprint",
    "Pdm6.Security.Identity.ParticipantCertificate",
    "Pdm6.Security.Identity.ParticipantName",
    "Pdm6.Security.Identity.ParticipantProfile",
    "Pdm6.Security.Identity.ParticipantRequest",
    "Pdm6.Security.Announcements.*Gate",
    "Pdm6.Security.Announcements.BodyJson",
    "Pdm6.Security.Announcements.EnvelopeTimes",
    "Pdm6.Security.Announcements.Grant",
    "Pdm6.Security.Announcements.KeyBundle",
    "Pdm6.Security.Announcements.Sealed*",
    "Pdm6.Security.Announcements.SignedEnvelope",
    "Pdm6.Export.ObservationBatch",
    "Pdm6.Codec.LineDecoder",
    "Pdm6.Codec.LineEncoder",
    "Pdm6.Codec.FrameDecoder",
    "Pdm6.Codec.OptionDecoder",
    "Pdm6.Codec.CarriageGuess",
    "Pdm6.Codec.Objects.*",
    "Pdm6.Codec.Lines.LineSplitter",
    "Pdm6.Capture.CaptureReader",
    "Pdm6.Capture.PcapFormat",
    "Pdm6.Capture.PcapngFormat",
    "Pdm6.Capture.LinkLayer",
    "Pdm6.Capture.BlockSource",
    "Pdm6.Capture.Fields",
    "Pdm6.Capture.TimestampUnit",
    "Pdm6.Capture.Analysis.AnnouncementDocuments",
    "Pdm6.Capture.Analysis.Spotter",
    "Pdm6.Capture.Decryption.PacketDecryptor",
    "Pdm6.Capture.Decryption.FrameEdit",
    "Pdm6.Capture.Decryption.ClearForms",
    "Pdm6.Capture.Anonymization.PacketAnonymizer",
    "Pdm6.Registration.Radius.Packets.*",
    "Pdm6.Registration.Radius.AnswerReader",
    "Pdm6.Registration.Radius.Disconnect.Disconnect[!L]*",
]

# Branches that no run on one machine can take, and why.
CANNOT_BE_TAKEN = {
    "Pdm6.Capture.Decryption.PacketDecryptor": (2, "a frame that was spotted can be read, and a raw key serves every frame"),
    "Pdm6.Security.Native.AcceleratedGcm": (1, "a processor has the instructions or has not"),
}


def branches(line):
    """Branches taken and branches there are, of one line."""
    counted = re.search(r"\((\d+)/(\d+)\)", line.get("condition-coverage", ""))
    return (int(counted[1]), int(counted[2])) if counted else (0, 0)


def decoder_of(name):
    """The class a class belongs to: closures and iterators are part of theirs."""
    return re.sub(r"\.<.*", "", name)


def most_taken(paths):
    """For each class and line: branches taken, branches there are."""
    most = {}
    for path in paths:
        for cls in ElementTree.parse(path).getroot().iter("class"):
            lines = most.setdefault(cls.get("name"), {})
            for line in cls.find("lines"):
                lines[line.get("number")] = max(lines.get(line.get("number"), (0, 0)), branches(line))
    return most


def table(paths):
    """Rows of the decoders, and the patterns that match none."""
    found = {}
    matched = set()
    for cls, lines in most_taken(paths).items():
        name = decoder_of(cls)
        patterns = [pattern for pattern in DECODERS if fnmatch.fnmatchcase(name, pattern)]
        matched.update(patterns)
        if not patterns:
            continue
        row = found.setdefault(name, [0, 0, []])
        for number, (taken, there) in lines.items():
            row[0] += taken
            row[1] += there
            if taken < there:
                row[2].append(number)
    return found, [pattern for pattern in DECODERS if pattern not in matched]


def main():
    found, missing = table(sys.argv[1:])
    low = []
    for name, (taken, there, lines) in sorted(found.items()):
        if not there:
            continue
        excused, reason = CANNOT_BE_TAKEN.get(name, (0, ""))
        percent = 100 * taken / (there - excused)
        if percent < LEAST_PERCENT:
            low.append(name)
        print(f"{name:<48} {taken:>4} of {there:>4} branches {percent:6.1f} %" + (f"  lines {', '.join(lines)}" if lines else "")
              + (f" ({reason})" if excused else ""))
    taken, there = (sum(row[i] for row in found.values()) for i in (0, 1))
    print(f"{'all decoders':<48} {taken:>4} of {there:>4} branches {100 * taken / there:6.1f} %")
    for pattern in missing:
        print(f"no class is called {pattern}: it was renamed, or its tests did not run")
    for name in low:
        print(f"{name} is below {LEAST_PERCENT} %")
    return 1 if low or missing else 0


if __name__ == "__main__":
    sys.exit(main())
