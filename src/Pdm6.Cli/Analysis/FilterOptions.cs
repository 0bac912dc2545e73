using System.CommandLine;
using System.Globalization;
using Pdm6.Capture.Analysis;
using Pdm6.Wire;

namespace Pdm6.Cli.Analysis;

/// <summary>The options that choose packets by time and flow.</summary>
internal sealed class FilterOptions
{
    private readonly Option<string?> _from = new("--from") { Description = "Only what was captured from then on (2026-11-21T10:00:00Z, or Unix seconds)." };
    private readonly Option<string?> _to = new("--to") { Description = "Only what was captured before." };
    private readonly Option<string?> _network = new("--address") { Description = "Only flows with an end in this network or at this address." };
    private readonly Option<ushort?> _port = new("--port") { Description = "Only flows with an end at this port." };
    private readonly Option<string?> _protocol = new("--protocol") { Description = "Only this protocol: udp, tcp, icmpv6, or a number." };

    internal void AddTo(Command verb)
    {
        verb.Add(_from);
        verb.Add(_to);
        verb.Add(_network);
        verb.Add(_port);
        verb.Add(_protocol);
    }

    internal FlowFilter Read(ParseResult parsed) => new(
        Time(parsed.GetValue(_from), "--from"), Time(parsed.GetValue(_to), "--to"), Network(parsed.GetValue(_network)),
        parsed.GetValue(_port), Protocol(parsed.GetValue(_protocol)));

    private static ulong? Time(string? text, string option)
    {
        if (text is null)
            return null;
        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            && seconds < ulong.MaxValue / 1_000_000_000)
            return (ulong)(seconds * 1_000_000_000);
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset instant)
            && instant >= DateTimeOffset.UnixEpoch)
            return (ulong)(instant - DateTimeOffset.UnixEpoch).Ticks * 100;
        throw new WrongUseException($"{option} is a time like 2026-11-21T10:00:00Z, or Unix seconds.");
    }

    private static Ipv6Prefix? Network(string? text) => text switch
    {
        null => null,
        _ when Ipv6Prefix.TryParse(text, out Ipv6Prefix network) => network,
        _ => throw new WrongUseException("--address is an IPv6 address, or a network with nothing set behind its length, like 2001:db8::/32."),
    };

    private static byte? Protocol(string? text) => text switch
    {
        null => null,
        "tcp" => NextHeader.Tcp,
        "udp" => NextHeader.Udp,
        "icmpv6" => NextHeader.Icmpv6,
        "sctp" => NextHeader.Sctp,
        "dccp" => NextHeader.Dccp,
        "udplite" => NextHeader.UdpLite,
        _ when byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out byte number) => number,
        _ => throw new WrongUseException("--protocol is udp, tcp, icmpv6, sctp, dccp, udplite or a number."),
    };
}
