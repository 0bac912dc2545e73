"""Why octets are not interpreted."""

from __future__ import annotations


class Refused(Exception):
    """Octets from outside that must not be interpreted; the message says why."""


class Malformed(Refused):
    """Lengths or checks that do not agree with the format."""


class UnknownVersion(Refused):
    """A version that is not 2."""
