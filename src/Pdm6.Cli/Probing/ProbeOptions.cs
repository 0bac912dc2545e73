using System.CommandLine;
using System.Globalization;
using Pdm6.Probe;
using Pdm6.Probe.Stamp;

namespace Pdm6.Cli.Probing;

/// <summary>Options that prober and reflector share.</summary>
internal static class ProbeOptions
{
    internal static Option<string> Protocol()
    {
        Option<string> option = new("--protocol") { Description = "How to speak: udp-frame or stamp (RFC 8762).", DefaultValueFactory = _ => "udp-frame" };
        option.AcceptOnlyFromAmong("udp-frame", "stamp");
        return option;
    }

    internal static Option<string?> Identity() => new("--identity")
    {
        HelpName = "DIRECTORY",
        Description = "Instead of a key file: the directory that 'pdm6 enroll' made. Keys come and go with the registrar's help.",
    };

    /// <summary>udp-frame needs a key or an identity; STAMP takes no identity.</summary>
    internal static void CheckKeys(ProbeProtocol protocol, string? keyFile, string? identity)
    {
        if (keyFile is not null && identity is not null)
            throw new WrongUseException("--key-file and --identity are two ways to the same: give one.");
        if (protocol == ProbeProtocol.Stamp && identity is not null)
            throw new WrongUseException("STAMP knows no registrar: give --key-file, or nothing.");
        if (protocol == ProbeProtocol.UdpFrame && keyFile is null && identity is null)
            throw new WrongUseException(
                "A key is needed: give --key-file FILE ('pdm6 key create' makes one), or --identity DIRECTORY ('pdm6 enroll' makes one).");
    }

    internal static ProbeProtocol ProtocolOf(string name) => name == "stamp" ? ProbeProtocol.Stamp : ProbeProtocol.UdpFrame;

    internal static Option<string> Timestamps()
    {
        Option<string> option = new("--timestamps") { Description = "STAMP: how to write instants, ntp or ptp.", DefaultValueFactory = _ => "ntp" };
        option.AcceptOnlyFromAmong("ntp", "ptp");
        return option;
    }

    internal static StampTimestampFormat TimestampFormatOf(string name) => name == "ptp" ? StampTimestampFormat.Ptp : StampTimestampFormat.Ntp;

    /// <summary>A flow label in decimal or, behind 0x, in hexadecimal; null is the system's choice.</summary>
    internal static uint FlowLabelOf(string? text)
    {
        const uint most = (1 << 20) - 1;
        bool isHex = text?.StartsWith("0x", StringComparison.OrdinalIgnoreCase) is true;
        ReadOnlySpan<char> digits = isHex ? text.AsSpan(2) : text;
        NumberStyles style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        uint label = 0;
        return text is null || (uint.TryParse(digits, style, CultureInfo.InvariantCulture, out label) && label <= most)
            ? label
            : throw new WrongUseException($"--flow-label is a number from 0 to {most}, or from 0x0 to 0x{most:x}.");
    }

    internal static Option<double?> ClockError() => new("--clock-error")
    {
        HelpName = "MICROSECONDS",
        Description = "This host's clock is at most so many microseconds off; the kernel is asked unless told.",
    };

    internal static TimeSpan? ClockErrorOf(double? microseconds)
    {
        if (microseconds is not { } value)
            return null;
        return value is >= 0 and <= 1e9
            ? TimeSpan.FromMicroseconds(value)
            : throw new WrongUseException("--clock-error is a number of microseconds, not below 0.");
    }
}
